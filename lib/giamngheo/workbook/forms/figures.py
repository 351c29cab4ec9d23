"""What is read of forms: figures with the cells that they stand in, and what the user answered."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from giamngheo.workbook.forms.layout import Form
from giamngheo.workbook.forms.places import Places
from giamngheo.workbook.forms.tables import FormTable

NOTHING = {"-", "–", "—", "x", "…", "...", "/"}
"""What people type where nothing is known, or nothing is to be counted: it is read as a blank."""


Identity = tuple[tuple[str, Any], ...]
"""What a row of the workbook is of, beside its day: columns with their values, in the order of the key."""

Key = tuple[str, dt.date | None, Identity, str]
"""Table, day, identity and column of a cell of the workbook; no day: an allocation from the start of the year."""


@dataclass(frozen=True)
class Figure:
    """A figure of a form: its table, column, row and day in the workbook, and the cell it stands in, in words."""

    table: str
    column: str
    row: Identity
    day: dt.date | None
    value: int | float
    place: str

    @property
    def key(self) -> Key:
        """What two figures share that are the same cell of the workbook."""
        return self.table, self.day, self.row, self.column


@dataclass(frozen=True)
class Told:
    """What a form says of figures that stand elsewhere: a count once more, or the rate of two in per cent."""

    part: Key
    whole: Key | None
    value: Decimal
    place: str


@dataclass(frozen=True)
class Part:
    """What is read of one form; told: what is not written but compared; blanks: cells with a dash."""

    form: Form
    places: Places
    figures: tuple[Figure, ...] = ()
    told: tuple[Told, ...] = ()
    blanks: int = 0


@dataclass(frozen=True)
class Answers:
    """What the user says that forms do not: codes by names, the day of all figures, the year of the funds.

    Of what is allocated: the number and day of the decision, and the budget that pays, LEFT_OUT where none is written.
    """

    units: Mapping[str, str] = field(default_factory=dict)
    day: dt.date | None = None
    fund_year: int | None = None
    decision: tuple[str, dt.date | None] = ("", None)
    budget_level: str = ""


Said = tuple[list[str], list[str]]
"""Errors and doubts, to which what is found is added."""


def named_place(table: FormTable) -> str:
    """Return which table of which file it is, in words."""
    return f"{table.file}, trang {table.sheet!r}" if table.sheet else table.file
