"""The validated tables of one unit and one year, and what was known of them on a day."""

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from giamngheo.core.finding import Finding
from giamngheo.core.period import Period
from giamngheo.regulation.programme import NATIONAL, Catalogue

pd.set_option("mode.string_storage", "python")  # pyarrow, if somebody installs it, cannot merge tables without rows


@dataclass(frozen=True, eq=False)
class Dataset:
    """Tables of one workbook.

    `tables` maps the names of schema.tables() to frames with the schema's columns and `row`, the Excel row;
    `form` maps the fields of the record sheet to their text; `file` is the workbook's name, `letters` the column
    letter of each table's columns, for messages, and `findings` what the reader has to say without refusing;
    `catalogue` has the programmes that the money may be of.
    """

    unit: str
    year: int
    file: str
    tables: Mapping[str, pd.DataFrame]
    form: Mapping[str, str]
    letters: Mapping[str, Mapping[str, str]]
    findings: tuple[Finding, ...] = ()
    catalogue: Catalogue = NATIONAL

    def __repr__(self) -> str:
        return f"<giamngheo workbook {self.unit}/{self.file}: {sum(map(len, self.tables.values()))} rows>"

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    @property
    def is_made_up(self) -> bool:
        """Whether its marking says that its figures are made up: so are its units, whose codes may be real ones."""
        return self.form.get("marking", "").casefold() == "số liệu giả lập"

    def records(self, table: str) -> list[dict[Hashable, Any]]:
        """Return the rows of a table as Python has them, made once."""
        if table not in self._records:
            self._records[table] = self.tables[table].to_dict("records")
        return self._records[table]

    @cached_property
    def _records(self) -> dict[str, list[dict[Hashable, Any]]]:
        return {}

    def cell(self, table: str, column: str, row: int) -> str:
        """Return the reference of a cell, "F12"; of the record sheet, whose row is 0, the cell of a field."""
        return f"{self.letters[table].get(column, 'A')}{row or ''}"


def last_day(dataset: Dataset) -> dt.date:
    """Return the last day of the year of a dataset or, where the unit that reports ends within it, its last."""
    units, last = dataset["units"], dt.date(dataset.year, 12, 31)
    ends = units.loc[units["code"] == dataset.form.get("unit_code", ""), "valid_to"]
    return last if ends.empty or ends.isna().any() else min(last, ends.max().date())


def as_of(dataset: Dataset, period: Period) -> Dataset:
    """Return the dataset with only the rows known at the period's cut-off.

    A row with a later date goes; a row without a date stays (it holds since the year began); a row meant for
    one period stays in that period only.
    """
    tables = {name: _known(frame, period.cutoff, str(period)) for name, frame in dataset.tables.items()}
    return replace(dataset, tables=tables)


def _known(frame: pd.DataFrame, cutoff: dt.date, period: str) -> pd.DataFrame:
    if frame.empty:
        return frame
    if "date" in frame:
        frame = _where(frame, ~(frame["date"].to_numpy() > np.datetime64(cutoff)))
    return _where(frame, frame["period"].isin(["", period]).to_numpy()) if "period" in frame else frame


def _where(frame: pd.DataFrame, known: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Return the rows that are known; the frame itself where all are, as most are."""
    return frame if known.all() else frame[known].reset_index(drop=True)
