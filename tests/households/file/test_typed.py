"""What is typed in a cell, and what is read of it: in text, and in the types that programs write to Parquet."""

import csv
import datetime as dt
import sys
import unicodedata

import duckdb
import pandas as pd
import pytest
from openpyxl import Workbook

from giamngheo.core.text import BACKWARDS
from giamngheo.households.engine import frame, households, workspace
from giamngheo.households.file.schema import UnreadableHouseholdFileError, household_columns
from giamngheo.households.file.typed import unreadable_bit

READ = {
    "unit_code": {
        "9000001": "9000001",
        "9000001.0": "9000001",
        "9.000001e6": "9000001",
        "9.000001E+06": "9000001",
        "'00123": "00123",
        "9000001\u00a0": "9000001",
        "\u200b9000001\t": "9000001",
        "9.0E+06": "9.0E+06",
        "1E5": "1E5",
    },
    "income_vnd": {
        "1600000": 1_600_000,
        "1600000.0": 1_600_000,
        "1.600.000": 1_600_000,
        "1,600,000.00": 1_600_000,
        "1 600 000": 1_600_000,
        "'1600000": 1_600_000,
        "950.0": 950,
        "-5": -5,
        "950.000": None,
        "1.600": None,
        "2.40E+06": None,
        "1600000.5": None,
        "1_600_000": None,
        "16\u202e00000": None,
        "1\n600\n000": None,
        "1 600\t000": None,
        "99999999999999999999": None,
    },
    "members": {"4": 4, "4.0": 4, " 4 ": 4, "4.000": None, "4e0": None, "bốn": None, "0x10": None},
    "b1_score": {"120.5": 120.5, "120,5": 120.5, "-3": -3, "1,250": None, "1.2E+02": None, "nan": None, "inf": None},
    "ethnic_minority": {
        "1": 1,
        "TRUE": 1,
        "x": 1,
        "X ": 1,
        "Có": 1,
        "1.0": 1,
        "0": 0,
        "không": 0,
        "FALSE": 0,
        "2": None,
    },
    "date": {
        "2022-12-31": dt.date(2022, 12, 31),
        "31/12/2022": dt.date(2022, 12, 31),
        "31.12.2022": dt.date(2022, 12, 31),
        "31/12/2022 0:00": dt.date(2022, 12, 31),
        "2022-12-31 00:00:00": dt.date(2022, 12, 31),
        "2022-12-30T17:00:00Z": dt.date(2022, 12, 31),
        "2022-12-31 06:00:00+07:00": dt.date(2022, 12, 31),
        "31/12/22": None,
        "22-12-31": None,
        "0022-12-31": None,
        "12/31/2022": None,
        "44926": None,
        "infinity": None,
        "290000-12-31": None,
    },
    "area": {"Nông\u00a0thôn": "rural", "THÀNH THỊ": "urban", "rural": "rural", "núi": None},
    "ethnic_group": {"xê-đăng": "Xơ Đăng", "Dân tộc Tày": "Tày", "Trần Thị Mật": "Khác", "\u00a0": None},
}


def read(path, column):
    with workspace() as work:
        found = frame(households(work, path), f"select {column} as value, unreadable from households order by place")
    return [
        (None if pd.isna(value) else value, unreadable == unreadable_bit(column))
        for value, unreadable in found.astype(object).itertuples(index=False)
    ]


def day(value):
    return value.date() if isinstance(value, dt.datetime) else value


@pytest.mark.parametrize("column", READ)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_each_way_to_type_a_value_is_read_or_told(column, kind, written, tmp_path):
    path = written(*({column: typed} for typed in READ[column]))
    if kind == "parquet":
        duckdb.sql(f"copy (from read_csv('{path}', all_varchar=true)) to '{tmp_path / 'h.parquet'}'")
        path = tmp_path / "h.parquet"
    fits = column in {"unit_code", "ethnic_group"}
    wanted = [(value, value is None and not fits) for value in READ[column].values()]
    assert [(day(value), told) for value, told in read(path, column)] == wanted


KINDS_UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}
UNSEEN = [sign for sign in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(sign) in KINDS_UNSEEN]
UNSEEN = sorted({*UNSEEN} - {*BACKWARDS})


@pytest.mark.parametrize("column", [column.name for column in household_columns() if column.kind == "code"])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_no_sign_that_is_not_seen_makes_another_code(column, kind, written, tmp_path):
    """Controls, formats and spaces of Unicode around a code are none of it; a text file has no byte of zeros."""
    signs = [sign for sign in UNSEEN if sign != "\0" or kind == "parquet"]
    typed = [cell for sign in signs for cell in (f"A1{sign}", f"{sign}A1", f"A1{sign}{sign}")]
    path = written(*({column: cell} for cell in typed if kind == "csv"), {column: "A1"}, quoting=csv.QUOTE_ALL)
    if kind == "parquet":
        table = pd.read_csv(path, dtype=str).drop(columns=column).merge(pd.DataFrame({column: typed}), how="cross")
        duckdb.from_df(table).to_parquet(str(path := tmp_path / "h.parquet"))
    found = read(path, column)
    assert len(found) >= len(typed)
    assert set(found) == {("A1", False)}


TYPED = {
    "float code": ("unit_code", "9000001.0::double", "9000001", False),
    "code of a fraction": ("unit_code", "9000001.5::double", None, True),
    "decimal code": ("unit_code", "9000001::decimal(12, 2)", "9000001", False),
    "moment here": ("date", "timestamptz '2022-12-31 00:00:00+07'", dt.date(2022, 12, 31), False),
    "moment in Greenwich": ("date", "timestamptz '2022-12-30 17:00:00+00'", dt.date(2022, 12, 31), False),
    "moment without a zone": ("date", "timestamp '2022-12-31 23:59:00'", dt.date(2022, 12, 31), False),
    "serial of Excel": ("date", "44926", None, True),
    "day of a far year": ("date", "date '290000-12-31'", None, True),
    "boolean": ("ethnic_minority", "true", 1, False),
    "float income": ("income_vnd", "1600000.0::double", 1_600_000, False),
    "part of a đồng": ("income_vnd", "1600000.5::double", None, True),
}


@pytest.mark.parametrize("case", TYPED)
@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_types_of_parquet_are_read_the_same_on_every_machine(case, zone, written, tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    column, value, wanted, told = TYPED[case]
    path = tmp_path / "h.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"copy (select * replace ({value} as {column}) from '{written({})}') to '{path}'")
    ((found, unreadable),) = read(path, column)
    assert (day(found), unreadable) == (wanted, told)


OF_NUMBERS = [column.name for column in household_columns() if column.kind in {"count", "money", "number"}]
OF_FLAGS = [column.name for column in household_columns() if column.kind == "flag"]
OF_WORDS = [column.name for column in household_columns() if column.name not in {*OF_NUMBERS, *OF_FLAGS}]


def logical_values(kind, column, written, folder, good):
    """Write a file with TRUE and FALSE in a column, as a program or, in CSV, as Excel writes them."""
    if kind == "csv":
        return written({column: "TRUE"}, {column: "FALSE"})
    path = folder / f"h.{kind}"
    if kind == "xlsx":
        book = Workbook()
        for row in (
            list(good | {column: column}),
            *(list((good | {column: value}).values()) for value in (True, False)),
        ):
            book.active.append(row)
        book.save(path)
        return path
    rows = written({column: ""})
    both = " union all ".join(f"select * replace ({value} as {column}) from '{rows}'" for value in ("true", "false"))
    duckdb.sql(f"copy ({both}) to '{path}'")
    return path


@pytest.mark.parametrize("column", [*OF_NUMBERS, *OF_WORDS])
@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_a_logical_value_is_no_number_word_or_day(kind, column, written, tmp_path, good):
    path = logical_values(kind, column, written, tmp_path, good)
    assert read(path, column) == [(None, True)] * 2


@pytest.mark.parametrize("column", OF_FLAGS)
@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_columns_of_0_or_1_take_logical_values(kind, column, written, tmp_path, good):
    path = logical_values(kind, column, written, tmp_path, good)
    assert read(path, column) == [(1, False), (0, False)]


@pytest.mark.parametrize(
    ("column", "number", "wanted"),
    [
        ("members", "3", [(3, False), (None, True)]),
        ("income_vnd", "3.0::double", [(3, False), (None, True)]),
        ("b1_score", "2.5::decimal(9, 2)", [(2.5, False), (None, True)]),
        ("ethnic_minority", "0", [(0, False), (1, False)]),
    ],
)
def test_a_logical_value_in_one_part_of_a_folder(column, number, wanted, written, tmp_path):
    """The engine gives the column of all parts the type of numbers, in which true would be 1."""
    rows, folder = written({column: ""}), tmp_path / "parts"
    folder.mkdir()
    for name, value in (("a", number), ("b", "true")):
        duckdb.sql(f"copy (select * replace ({value} as {column}) from '{rows}') to '{folder / name}.parquet'")
    assert read(folder, column) == wanted


@pytest.mark.parametrize("place", ["h.parquet", "."])
def test_an_encrypted_parquet_file_is_told_as_such(place, written, tmp_path):
    path = tmp_path / "parts" / "h.parquet"
    path.parent.mkdir()
    with duckdb.connect() as connection:
        connection.execute("set force_mbedtls_unsafe = 'true'")
        connection.execute("pragma add_parquet_key('key', '0123456789112345')")
        connection.execute(f"copy (from '{written({})}') to '{path}' (encryption_config {{footer_key: 'key'}})")
    with pytest.raises(UnreadableHouseholdFileError, match=r"^h\.parquet: .*có mật khẩu"):
        read(path.parent / place, "members")
