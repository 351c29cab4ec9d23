"""Every column of every table reads as it was written, by the template or by fill."""

import datetime as dt

import openpyxl
import pandas as pd
import pytest

from giamngheo.workbook.read.workbook import reading
from giamngheo.workbook.schema import Column, Table, choices, guide, tables
from giamngheo.workbook.write.fill import fill_workbook
from giamngheo.workbook.write.template import write_workbook

YEAR = 2026
OF_ROWS = [table for table in tables() if table.layout == "rows"]


def value(column: Column, number: int) -> object:
    """A value that fits a column, another one for each number."""
    if column.choices and column.kind == "choice":
        words = list(choices(column.choices))
        return words[number % len(words)]
    return {
        "text": f'=HYPERLINK("x") & {number}, "ngoặc", <b>, Đắk Hà',
        "code": f"0{number}",
        "date": dt.datetime(YEAR, 1 + number, 28),  # noqa: DTZ001
        "year": 2020 + number,
        "period": ("2024-08", "2024-Q3", "2024-H1", "2024-9M", "2024")[number % 5],
        "count": number,
        "money": 4_569_482_000 + number,
        "percent": 41.06 + number,
    }[column.kind]


def records(table: Table, count: int) -> list[dict[str, object]]:
    return [{column.name: value(column, number) for column in table.columns} for number in range(count)]


@pytest.mark.parametrize("filled", [False, True], ids=["written", "filled"])
def test_every_column_of_every_table_is_read_as_it_was_written(filled, tmp_path):
    path, count = tmp_path / "2024.xlsx", 7
    typed = {table.name: records(table, 1 if table.layout == "record" else count) for table in tables()}
    typed["units"] = [row | {"parent_code": "9"} for row in typed["units"]]  # none stands below itself
    if filled:
        write_workbook(path, {"form": typed["form"], "contents": ()}, year=YEAR)
        fill_workbook(path, {table.name: pd.DataFrame(typed[table.name]) for table in OF_ROWS})
    else:
        write_workbook(path, typed, year=YEAR)

    found = reading(path, "x", YEAR)

    assert found.findings == ()
    assert found.dataset.form == typed["form"][0]
    for table in OF_ROWS:
        read = found.dataset[table.name].drop(columns="row").to_dict("records")
        assert read == typed[table.name]


VISITS = Table(
    "visits",
    "Trang thử",
    "Các đợt kiểm tra",
    "",
    (Column("date", "Ngày đến", "date", ""), Column("result", "Kết luận", "text", "", required=True)),
    optional=True,
)
"""A table that was thought of after a workbook was made."""


def test_a_workbook_may_do_without_an_optional_sheet(package):
    found = reading(package.path, "x", YEAR, (*tables(), VISITS))
    assert found.findings == ()
    assert found.dataset["visits"].empty
    assert found.broken == {}


@pytest.mark.parametrize("title", ["Trang thừ", "Giám sát"], ids=["a like name", "its columns"])
def test_an_optional_sheet_under_another_name_is_an_error(title, package):
    book = openpyxl.load_workbook(package.path)
    sheet = book.create_sheet(title)
    sheet.append(["Ngày đến", "Kết luận"])
    book.save(package.path)
    found = reading(package.path, "x", YEAR, (*tables(), VISITS)).findings
    (finding,) = [finding for finding in found if finding.sheet == VISITS.sheet]
    assert (finding.code, finding.severity) == ("missing-sheet", "error")
    assert repr(title) in str(finding)


def test_a_copy_of_a_sheet_is_told_where_something_stands_in_it(package):
    book = openpyxl.load_workbook(package.path)
    book.copy_worksheet(book["Rà soát"]).title = "Rà soát (2)"
    book.copy_worksheet(book["Văn bản"]).title = "Văn bản (2)"
    book.save(package.path)
    found = [finding for finding in reading(package.path, "x", YEAR).findings if finding.code == "copied-sheet"]
    assert [(finding.severity, finding.sheet) for finding in found] == [("warning", "Rà soát (2)")]
    assert "trang 'Rà soát (2)' là bản sao, không được đọc; cần ghi mọi số liệu ở trang 'Rà soát'" in str(found[0])


def test_a_sheet_of_another_table_is_not_offered_for_one_that_is_missing(tmp_path):
    path = tmp_path / "2023.xlsx"
    write_workbook(path, {}, year=2023)
    book = openpyxl.load_workbook(path)
    assert "Hoạt động" in book.sheetnames, "whose name is like that of the sheet that is missing"
    assert "Huy động" not in book.sheetnames

    assert reading(path, "x", 2023, [table for table in tables() if table.name == "mobilised"]).findings == ()


def test_headings_and_messages_speak_of_the_contents_of_the_year_s_programme(tmp_path):
    """Those of the other programme are read as well: a workbook of before 2026 is carried on."""
    heads = {
        year: next(one for one in tables(year) if one.name == "capital").column("project_code") for year in (2025, 2026)
    }
    assert [heads[year].header for year in heads] == ["Mã dự án", "Mã nội dung"]
    assert heads[2026].meaning == "Hợp phần, nội dung, xem trang Danh mục"
    row = {"project_code": "1.1", "source": "investment", "budget_level": "central", "fund_year": 2025}
    for year in heads:
        write_workbook(tmp_path / "2026.xlsx", {"capital": [row | {"planned_vnd": 10**9}]}, year=year)
        found = reading(tmp_path / "2026.xlsx", "u", 2026)
        assert found.dataset["capital"]["project_code"].tolist() == ["1.1"]
    assert "mã nội dung" in guide("unit", 2026).steps[4]
    assert "mã dự án" in guide("unit", 2023).steps[4]
