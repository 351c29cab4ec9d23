"""Small workbooks, and hands to change what a file says as no library would."""

import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from giamngheo.workbook.schema import tables

DAY = dt.datetime(2022, 12, 31)  # noqa: DTZ001
FORM = {
    "unit_code": "617",
    "parent_body": "UBND",
    "issuing_body": "PHÒNG",
    "author_name": "Phòng",
    "number_symbol": "BC",
    "place": "Nơi",
    "addressee": "UBND",
    "signatory_office": "TRƯỞNG PHÒNG",
}
UNITS = [
    {"code": "617", "name": "Huyện", "level": "Huyện"},
    {"code": "991", "name": "Một", "level": "Xã", "parent_code": "617"},
    {"code": "992", "name": "Hai", "level": "Xã", "parent_code": "617"},
]
REVIEW = {"date": DAY, "unit_code": "617", "households": 10, "poor_households": 3, "near_poor_households": 1}
ROWS = {"units": UNITS, "reviews": [REVIEW | {"note": "ghi tay"}]}


@dataclass(frozen=True)
class Package:
    """A workbook file of which parts are rewritten as text."""

    path: Path

    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def put(self, **changes: bytes) -> None:
        with_changes = self.parts() | changes
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in with_changes.items():
                archive.writestr(name, content)

    def part_of(self, sheet: str) -> str:
        book = openpyxl.load_workbook(self.path, read_only=True)
        try:
            return f"xl/worksheets/sheet{book.sheetnames.index(sheet) + 1}.xml"
        finally:
            book.close()

    def sheet(self, title: str) -> str:
        return self.parts()[self.part_of(title)].decode()

    def change(self, part: str, *replacements: tuple[str, str]) -> None:
        """Replaces patterns in a part, each of which must be there."""
        text = self.parts()[part].decode()
        for pattern, words in replacements:
            text, count = re.subn(pattern, words, text, flags=re.DOTALL)
            assert count, (part, pattern)
        self.put(**{part: text.encode()})

    def change_sheet(self, title: str, *replacements: tuple[str, str]) -> None:
        self.change(self.part_of(title), *replacements)

    def cells(self, title: str, values: dict[str, object]) -> None:
        """Types values into cells, and formats of text where the value is one."""
        book = openpyxl.load_workbook(self.path)
        for reference, value in values.items():
            cell = book[title][reference]
            cell.value = value
            if isinstance(value, str) and not value.startswith("="):
                cell.number_format = "@"
        book.save(self.path)

    def formula(self, title: str, reference: str, text: str, result: object = "", kind: str = "") -> None:
        """Puts a formula with its stored result into a cell that is there."""
        stored = f"<v>{result}</v>" if result != "" else ""
        of_text = 't="str"' if isinstance(result, str) and result else ""
        cell = rf'<c r="{reference}"((?: s="[0-9]+")?)[^>]*?(?:/>|>.*?</c>)'
        self.change_sheet(title, (cell, rf'<c r="{reference}"\1 {of_text}><f{kind}>{text}</f>{stored}</c>'))


@pytest.fixture(scope="session")
def plain_workbook() -> bytes:
    """A workbook with every sheet and heading, and one row of the review of a district of two communes."""
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    book.create_sheet("Hướng dẫn").merge_cells("A1:C1")
    for table in tables():
        sheet = book.create_sheet(table.sheet)
        if table.layout == "record":
            for row, column in enumerate(table.columns, start=5):
                sheet.cell(row, 1, column.header)
                sheet.cell(row, 2, FORM.get(column.name))
        else:
            sheet.append([table.title])
            for index, column in enumerate(table.columns, start=1):
                sheet.cell(4, index, column.header)
            for row, record in enumerate(ROWS.get(table.name, ()), start=5):
                for index, column in enumerate(table.columns, start=1):
                    sheet.cell(row, index, record.get(column.name))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def package(plain_workbook: bytes, tmp_path: Path) -> Package:
    """That workbook as the one of 2023."""
    path = tmp_path / "2023.xlsx"
    path.write_bytes(plain_workbook)
    return Package(path)


@pytest.fixture
def opened_package() -> type[Package]:
    """Any other workbook as a package."""
    return Package
