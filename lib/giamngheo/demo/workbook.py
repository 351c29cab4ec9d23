"""A made-up district's workbooks: as the Dataset the reader would read, and as the file."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from giamngheo.core.archive import CORE, core_properties, unzipped, zipped
from giamngheo.demo.money import Money, capital_table, disbursement_table, money
from giamngheo.demo.places import District, content, districts, filled, folder_name, units
from giamngheo.demo.stocks import FLOW_TABLES, flow_table, people, plans, reviews
from giamngheo.regulation.programme import NATIONAL
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.grid import grid
from giamngheo.workbook.schema import Column, Table, tables
from giamngheo.workbook.write.save import put
from giamngheo.workbook.write.template import HEADER_ROW, content_records, of_year, workbook


def form(district: District, words: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of the form sheet."""
    written = {key: filled(text, unit=district.name, year=0) for key, text in words["form"].items()}
    return written | {"unit_code": district.code, "marking": content()["marking"]}


def texts(district: District, year: int, words: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return the tables of a year that hold texts; `words` are those of content.toml, or of its part for today."""
    said = {
        name: [filled(text, unit=district.name, year=year) for text in words["texts"][name]]
        for name in ("activities", "solutions", "next_steps")
    }
    recipients = words["recipients"]
    return {
        "recipients": pd.DataFrame({"position": range(1, len(recipients) + 1), "text": recipients}),
        "documents": pd.DataFrame(
            [_document(entry, district, year) for entry in words["documents"] if _is_of(entry, year)]
        ),
        "tasks": pd.DataFrame(_tasks(words), columns=["position", "agency", "text"]),
    } | {name: pd.DataFrame({"text": entries}) for name, entries in said.items()}


def _document(entry: dict[str, Any], district: District, year: int) -> dict[str, Any]:
    fixed = {key: entry[key] for key in ("role", "kind", "number")}
    words = {key: filled(entry[key], unit=district.name, year=year) for key in ("issuer", "subject")}
    return fixed | words | {"date": pd.Timestamp(entry.get("date") or _day(entry["day"], year))}


def _is_of(entry: Mapping[str, Any], year: int) -> bool:
    """Return whether a document is one of a year; some are of certain years only."""
    return year in entry.get("years", [year])


def _day(day: dict[str, Any], year: int) -> dt.date:
    return dt.date(year - day.get("before", False), day["month"], day["day"])


def _tasks(words: Mapping[str, Any]) -> list[tuple[int, str, str]]:
    return [
        (position, entry["agency"], text)
        for position, entry in enumerate(words["tasks"], start=1)
        for text in entry["texts"]
    ]


YEARS = 3


def datasets(district: District, years: int = YEARS) -> Iterator[Dataset]:
    """Yield the workbooks of a district, year by year.

    Each has the reviews of the two year ends before it and of its own months, the flows between them, the plan,
    the capital and the snapshots of its year.
    """
    who = people(district, years)
    stocks, flows = reviews(who), {name: flow_table(who, name, years) for name in FLOW_TABLES}
    for funds in money(district, years):
        frames = {"reviews": in_workbook(stocks, funds.year)} | _of_year(district, stocks, funds)
        frames |= {name: in_workbook(frame, funds.year) for name, frame in flows.items()}
        yield dataset(district, funds.year, frames)


def _of_year(district: District, stocks: pd.DataFrame, funds: Money) -> dict[str, pd.DataFrame]:
    return texts(district, funds.year, content()) | {
        "units": units(district),
        "plans": plans(district, stocks, funds.year),
        "capital": capital_table(funds),
        "disbursements": disbursement_table(funds),
    }


def in_workbook(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the rows of the year and of the two year ends before."""
    ends = [pd.Timestamp(year - back, 12, 31) for back in (2, 1)]
    return frame[frame["date"].isin(ends) | (frame["date"].dt.year == year)]


def dataset(
    district: District, year: int, frames: Mapping[str, pd.DataFrame], words: Mapping[str, Any] | None = None
) -> Dataset:
    """Return the Dataset of frames that have some of the columns of the schema; the others are blank."""
    rows = [table for table in tables() if table.layout == "rows"]
    frames = {
        "contents": pd.DataFrame(content_records(year, NATIONAL)),
        "mobilised": pd.DataFrame(),
        "works": pd.DataFrame(),
        **frames,
    }
    return Dataset(
        unit=folder_name(district.name),
        year=year,
        file=f"{year}.xlsx",
        tables={table.name: _typed(table, frames.get(table.name, pd.DataFrame())) for table in rows},
        form=dict.fromkeys((column.name for column in _record().columns), "") | form(district, words or content()),
        letters=dict.fromkeys((table.name for table in tables()), _NO_LETTERS)
        | {table.name: _letters(table) for table in of_year(tables(), year)},
    )


_NO_LETTERS: Mapping[str, str] = {}


def _record() -> Table:
    return next(table for table in tables() if table.layout == "record")


def _letters(table: Table) -> Mapping[str, str]:
    """Return where the reader finds the columns of a table that the template wrote."""
    headers = [column.header for column in table.columns]
    rows = [[header] for header in headers] if table.layout == "record" else [headers]
    above: list[list[str]] = [[]] * (HEADER_ROW if table.layout == "record" else HEADER_ROW - 1)
    return grid(table, above + rows).columns


_DTYPES = {"date": "datetime64[us]", "count": "Int64", "money": "Int64", "year": "Int64", "percent": "Float64"}


def _typed(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    first = HEADER_ROW + 1
    data: dict[str, Any] = {"row": pd.Series(range(first, first + len(frame)), dtype="int64")}
    plain = frame.reset_index(drop=True)
    return pd.DataFrame(data | {column.name: _column(column, plain) for column in table.columns})


def _column(column: Column, frame: pd.DataFrame) -> pd.Series:
    dtype = _DTYPES.get(column.kind, "str")
    blank = "" if dtype == "str" else None
    given = frame[column.name] if column.name in frame else pd.Series([blank] * len(frame))
    return given.astype(dtype)


def write(data: Dataset, folder: Path, *, replace: bool = False) -> Path:
    """Write a dataset as the workbook of its year to `folder`; return its path.

    replace: a file of that name. Raises NotWrittenError, ChangedMeanwhileError.
    """
    records = {name: _records(frame) for name, frame in data.tables.items()}
    path = folder / data.file
    records |= {_record().name: [dict(data.form)]}
    content = _timeless(workbook(records, tables(), year=data.year, kind="unit"), data)
    put({path: lambda file: file.write(content)}, was={} if replace else {path: None})
    return path


def _timeless(content: bytes, data: Dataset) -> bytes:
    """Return the file without the time of its writing."""
    day = dt.date(data.year, 1, 1)
    about = core_properties(title=data.form["marking"], author=data.form["issuing_body"], lang="vi", date=day)
    return zipped(unzipped(content) | {CORE: about})


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = frame.drop(columns="row").to_dict("records")
    return [{name: _plain(value) for name, value in row.items() if not pd.isna(value) and value != ""} for row in rows]


def _plain(value: Any) -> Any:
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def make_province(folder: Path, *, seed: int, count: int, replace: bool = False) -> Iterator[Path]:
    """Write the workbooks of `count` districts to `folder`/<district>/<year>.xlsx; the path of each as it is done.

    replace: as for `write`. Raises TooManyDistrictsError.
    """
    for district in districts(seed, count):
        for data in datasets(district):
            yield write(data, folder / data.unit, replace=replace)
