"""A small workbook in which nothing is wrong, and what the checks say of it when something is changed."""

import copy
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from giamngheo.checks.consistency import findings
from giamngheo.core.finding import Finding, InvalidWorkbookError
from giamngheo.core.period import Period
from giamngheo.workbook.read.workbook import reading
from giamngheo.workbook.schema import Table, choices, table, tables

Records = dict[str, list[dict[str, Any]]]


def day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def stock(date: str, unit: str, households: int, poor: int, near_poor: int) -> dict[str, Any]:
    """A review in which every household has four persons and nobody's deprivations are out of bounds."""
    return {
        "date": day(date),
        "unit_code": unit,
        "households": households,
        "persons": 4 * households,
        "ethnic_minority_households": households,
        "poor_households": poor,
        "poor_persons": 4 * poor,
        "poor_ethnic_minority_households": poor,
        "near_poor_households": near_poor,
        "near_poor_persons": 4 * near_poor,
        "near_poor_ethnic_minority_households": near_poor,
        "poor_deprivations": 4 * poor,
        "near_poor_deprivations": near_poor,
    }


def flow(unit: str, *columns: int) -> dict[str, Any]:
    """A flow of 2022 with columns 1 to 9 in the order of the form."""
    names = ("opening", "left_to_other_class", "left_above", "other_decrease", "entered_from_other_class")
    names += ("fell_back", "new", "other_increase", "closing")
    counts = {f"{name}_households": count for name, count in zip(names, columns, strict=True)}
    exits = counts["left_to_other_class_households"] + counts["left_above_households"]
    return {"date": day("2022-12-31"), "unit_code": unit, "left_households": exits} | counts


def lacks(unit: str, households: int) -> dict[str, Any]:
    """Deprivations at the end of 2022, as many of each indicator."""
    names = [column.name for column in table("poor_lacks").columns if column.unit]
    return {"date": day("2022-12-31"), "unit_code": unit, **dict.fromkeys(names, households)}


def capital(project: str, source: str, amount: int) -> dict[str, Any]:
    row = {"date": day("2023-01-10"), "decision": "01/QĐ-UBND", "project_code": project, "source": source}
    return row | {"budget_level": "central", "fund_year": 2023, "planned_vnd": amount}


def paid(date: str, project: str, source: str, amount: int) -> dict[str, Any]:
    row = {"date": day(date), "project_code": project, "source": source}
    return row | {"fund_year": 2023, "disbursed_vnd": amount}


CLEAN: Records = {
    "form": [
        {
            "unit_code": "990",
            "parent_body": "UBND HUYỆN MẪU",
            "issuing_body": "PHÒNG MẪU",
            "author_name": "Phòng Mẫu",
            "number_symbol": "BC-M",
            "place": "Mẫu",
            "addressee": "UBND huyện Mẫu",
            "signatory_office": "TRƯỞNG PHÒNG",
        }
    ],
    "recipients": [{"position": 1, "text": "Lưu: VT"}],
    "units": [
        {"code": "990", "name": "Mẫu", "level": "district"},
        {"code": "991", "name": "Xã Một", "level": "commune", "parent_code": "990"},
        {"code": "992", "name": "Xã Hai", "level": "commune", "parent_code": "990"},
    ],
    "reviews": [
        stock("2021-12-31", "990", 300, 150, 60),
        stock("2021-12-31", "991", 100, 50, 20),
        stock("2021-12-31", "992", 200, 100, 40),
        stock("2022-12-31", "990", 300, 120, 66),
        stock("2022-12-31", "991", 100, 40, 22),
        stock("2022-12-31", "992", 200, 80, 44),
    ],
    "poor_flows": [
        flow("990", 150, 18, 12, 6, 3, 0, 3, 0, 120),
        flow("991", 50, 6, 4, 2, 1, 0, 1, 0, 40),
        flow("992", 100, 12, 8, 4, 2, 0, 2, 0, 80),
    ],
    "near_poor_flows": [
        flow("990", 60, 3, 15, 0, 18, 0, 6, 0, 66),
        flow("991", 20, 1, 5, 0, 6, 0, 2, 0, 22),
        flow("992", 40, 2, 10, 0, 12, 0, 4, 0, 44),
    ],
    "poor_lacks": [lacks("990", 36), lacks("991", 12), lacks("992", 24)],
    "near_poor_lacks": [lacks("990", 9), lacks("991", 3), lacks("992", 6)],
    "plans": [
        {
            "date": day("2023-01-15"),
            "year": 2023,
            "unit_code": "990",
            "expected_households": 300,
            "poor_reduction_households": 30,
            "near_poor_reduction_households": 6,
        }
    ],
    "capital": [
        capital("1.1", "investment", 1_000_000_000),
        capital("1.1", "recurrent", 100_000_000),
        capital("2", "recurrent", 500_000_000),
    ],
    "disbursements": [
        paid("2023-07-31", "1.1", "investment", 200_000_000),
        paid("2023-07-31", "1.1", "recurrent", 0),
        paid("2023-07-31", "2", "recurrent", 50_000_000),
        paid("2023-08-31", "1.1", "investment", 300_000_000),
        paid("2023-08-31", "1.1", "recurrent", 10_000_000),
        paid("2023-08-31", "2", "recurrent", 60_000_000),
    ],
    "documents": [
        {
            "role": "issued",
            "kind": "Công văn",
            "number": "765/UBND-LĐT&XH",
            "date": day("2023-04-18"),
            "issuer": "UBND huyện Mẫu",
            "subject": "điều chỉnh kế hoạch",
        }
    ],
    "activities": [{"text": "Phối hợp thẩm định."}],
    "tasks": [{"position": 1, "agency": "Phòng Mẫu", "text": "Tổng hợp số liệu."}],
    "solutions": [{"text": "Tuyên truyền."}],
    "next_steps": [{"text": "Đôn đốc giải ngân."}],
}


@pytest.fixture
def records() -> Records:
    return copy.deepcopy(CLEAN)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Records], Path]:
    """Writes records as a plain workbook of 2023."""

    def write(content: Records) -> Path:
        write_plainly(tmp_path / "2023.xlsx", content)
        return tmp_path / "2023.xlsx"

    return write


def write_plainly(path: Path, content: Records) -> None:
    """Write records as a workbook with headings in the first row and nothing else: what the reader needs."""
    book = openpyxl.Workbook(write_only=True)
    for entry in tables():
        sheet = book.create_sheet(entry.sheet)
        for row in _rows(entry, content.get(entry.name, [])):
            sheet.append(row)
    book.save(path)


def _rows(table: Table, content: list[dict[str, Any]]) -> list[list[Any]]:
    if table.layout == "record":
        return [[column.header, _shown(content[0], column.name, table)] for column in table.columns]
    header = [column.header for column in table.columns]
    return [header, *([_shown(record, column.name, table) for column in table.columns] for record in content)]


def _shown(record: dict[str, Any], name: str, table: Table) -> Any:
    value, column = record.get(name), table.column(name)
    return choices(column.choices).get(value, value) if column.kind == "choice" else value


@pytest.fixture
def said() -> Callable[..., list[Finding]]:
    """Everything that is found in a workbook, as of August 2023 unless told otherwise."""

    def find(path: Path, period: str | None = "2023-08") -> list[Finding]:
        try:
            found = reading(path, "mau", 2023)
        except InvalidWorkbookError as error:
            return list(error.findings)
        return findings(found.dataset, Period.parse(period) if period else None, broken=found.broken)

    return find
