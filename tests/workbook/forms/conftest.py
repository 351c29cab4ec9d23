"""Small forms and a workbook, all made up: the district 990 with the communes 991 to 993."""

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.forms.tables import FormTable
from giamngheo.workbook.schema import tables

UNITS = [
    ("990", "Sao Mai", "district", ""),
    ("991", "Sao Mai", "commune", "990"),
    ("992", "Đắk Hoà", "commune", "990"),
    ("993", "Mỹ Lý", "commune", "990"),
]


@pytest.fixture
def workbook() -> Dataset:
    """The dataset of a workbook of 2023 that has units and nothing else."""
    frames = {entry.name: pd.DataFrame(columns=["row", *(c.name for c in entry.columns)]) for entry in tables()}
    units = pd.DataFrame(UNITS, columns=["code", "name", "level", "parent_code"])
    frames["units"] = units.assign(valid_from=pd.NaT, valid_to=pd.NaT, row=range(5, 5 + len(UNITS)))
    letters = {entry.name: {c.name: "F" for c in entry.columns} for entry in tables()}
    return Dataset("sao-mai", 2023, "2023.xlsx", frames, {"unit_code": "990"}, letters)


@pytest.fixture
def saved(tmp_path: Path):
    """Saves rows, and merged cells, as the sheet of an .xlsx file."""

    def save(name: str, rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "Biểu"
        for row in rows:
            sheet.append(list(row))
        for area in merged:
            sheet.merge_cells(area)
        book.save(tmp_path / name)
        return tmp_path / name

    return save


def table(*rows: Sequence[Any], merged: Sequence[tuple[int, int, int, int]] = ()) -> FormTable:
    return FormTable("bieu.xlsx", "Biểu", rows, merged)


@pytest.fixture
def made():
    """Makes a table of rows."""
    return table


REVIEW = (
    ("ỦY BAN NHÂN DÂN HUYỆN SAO MAI",),
    ("TỔNG HỢP KẾT QUẢ RÀ SOÁT CUỐI NĂM 2023",),
    ("(Kèm theo Báo cáo số 5/BC-UBND ngày 20/12/2022)",),
    ("TT", "Đơn vị", "Tổng số hộ dân cư", "Hộ nghèo", None, "Hộ cận nghèo", None),
    (None, None, None, "Số lượng", "Tỷ lệ (%)", "Số lượng", "Tỷ lệ (%)"),
    ("A", "B", "(1)", "(2)", "(3)=(2)/(1)", "(4)", "(5)"),
    ("1", "Huyện Sao Mai", 300, 30, 10, 20, 6.67),
    ("1.1", "TT. Sao Mai", 100, 5, 5, 5, 5),
    ("1.2", "Xã Đăk Hòa", 100, 10, 10, 10, 10),
    ("1.3", "Xã Mĩ Lí", 100, 15, 15, 5, 5),
    (None, "NGƯỜI LẬP BIỂU", None, None, "CHỦ TỊCH"),
)


@pytest.fixture
def review() -> FormTable:
    return table(*REVIEW, merged=[(4, 4, 5, 4), (6, 4, 7, 4), (1, 4, 1, 5), (2, 4, 2, 5), (3, 4, 3, 5)])


@pytest.fixture
def day() -> dt.date:
    return dt.date(2023, 12, 31)


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def _document(path: Path, paragraph: str, rows: Sequence[Sequence[tuple[str, str]]]) -> None:
    """Writes a Word document of a paragraph and a table, whose cells are texts with what is said of them."""
    cells = (
        "".join(f"<w:tc><w:tcPr>{said}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>" for text, said in row)
        for row in rows
    )
    table = "".join(f"<w:tr>{row}</w:tr>" for row in cells)
    types = f'<Override PartName="/word/document.xml" ContentType="{TYPE}"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r" Type="{DOCUMENT}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>{paragraph}</w:t></w:r></w:p>'
        f"<w:tbl><w:tblPr/><w:tblGrid/>{table}</w:tbl></w:body></w:document>",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.fixture
def document():
    """Writes a Word document of a paragraph and a table, whose cells are texts with what is said of them."""
    return _document
