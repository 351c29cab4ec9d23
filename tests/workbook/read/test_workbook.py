"""Every column of every table reads as it was written, by the template or by fill."""

import datetime as dt

import pandas as pd
import pytest

from giamngheo.workbook.read.workbook import reading
from giamngheo.workbook.schema import Column, Table, choices, tables
from giamngheo.workbook.write.fill import fill_workbook
from giamngheo.workbook.write.template import write_workbook

YEAR = 2024
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
    }[column.kind]


def records(table: Table, count: int) -> list[dict[str, object]]:
    return [{column.name: value(column, number) for column in table.columns} for number in range(count)]


@pytest.mark.parametrize("filled", [False, True], ids=["written", "filled"])
def test_every_column_of_every_table_is_read_as_it_was_written(filled, tmp_path):
    path, count = tmp_path / "2024.xlsx", 7
    typed = {table.name: records(table, 1 if table.layout == "record" else count) for table in tables()}
    if filled:
        write_workbook(path, {"form": typed["form"]}, year=YEAR)
        fill_workbook(path, {table.name: pd.DataFrame(typed[table.name]) for table in OF_ROWS})
    else:
        write_workbook(path, typed, year=YEAR)

    found = reading(path, "x", YEAR)

    assert found.findings == ()
    assert found.dataset.form == typed["form"][0]
    for table in OF_ROWS:
        read = found.dataset[table.name].drop(columns="row").to_dict("records")
        assert read == typed[table.name]
