"""Groups of a survey by the names under which they are told: nothing in them was typed of one household.

What is typed where a people, an area or a code is meant may be an address or the name of somebody, in as many rows as
were filled in by mistake. A column that household files have is therefore read as theirs are.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from giamngheo.core.errors import WrongUseError
from giamngheo.core.message import quoted
from giamngheo.households.engine import Households, frame, workspace
from giamngheo.households.file.schema import (
    GUIDE,
    HouseholdColumn,
    HouseholdColumnsError,
    column_places,
    household_choices,
    household_columns,
    known_columns,
    refuse_legacy,
)
from giamngheo.households.file.typed import TEXT, Raw, typed_select
from giamngheo.households.measures.indicators import value_text
from giamngheo.regulation.peoples import OTHER

FEW = "(nhóm dưới 5 hộ)"
"""What is said of all groups of fewer than SMALLEST households: a value of one or two may be the name of somebody."""

UNREADABLE = "(không đọc được)"
"""What is said of values that do not fit their column of a household file."""

SMALLEST = 5

_IDENTITY, _PEOPLE = "household_id", "ethnic_group"

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,19}")
"""A code of a place or a part of a sample: one word, without accents."""


class GroupColumnError(WrongUseError):
    """The column of groups says who a household is, or holds texts of a household file that nobody reads."""

    def __init__(self, column: str) -> None:
        super().__init__(
            f"Cột {quoted(column)} không dùng làm cột nhóm: giá trị của nó có thể nêu tên hoặc chỉ ra một hộ; chọn cột"
            f" khác, của tệp hộ là một cột ghi trong {GUIDE} (trừ mã hộ)."
        )


@dataclass(frozen=True)
class Groups:
    """The name of each household's group, "" for a blank, and how many households have a people that is not listed."""

    names: pd.Series
    unlisted: int


def groups(path: Path, rows: pd.DataFrame, column: str) -> Groups:
    """Return the groups that a column of a survey makes.

    Peoples, by the heading of the column or by what most households have in it, go by the official list. Any other
    column of a household file is read as its kind; of another survey it is taken as typed. Raises GroupColumnError for
    identities and for columns of a household file that its description lacks, LegacyEncodingError.
    """
    header = [str(name) for name in rows]
    refuse_legacy(path, header, line=1)
    typed = rows[column].map(value_text)
    known = known_columns([column]).get(0, "")
    if known == _IDENTITY:
        raise GroupColumnError(column)
    peoples = _read(typed, _PEOPLE)
    if known == _PEOPLE or (not known and _are_mostly_listed(peoples)):
        return Groups(_pooled(peoples), int((peoples == OTHER).sum()))
    if not _is_household_file(path, header):
        return Groups(_pooled(typed), 0)
    if not known:
        raise GroupColumnError(column)
    return Groups(_pooled(_read(typed, known)), 0)


def _is_household_file(path: Path, header: Sequence[str]) -> bool:
    try:
        column_places(path, header)
    except HouseholdColumnsError:
        return False
    return True


def _are_mostly_listed(peoples: pd.Series) -> bool:
    told = peoples[peoples != ""]
    return bool((told != OTHER).sum() * 2 > len(told))


def _read(typed: pd.Series, name: str) -> pd.Series:
    """Return what a household file says with texts in one of its columns; "" for a blank."""
    values = pd.DataFrame({"value": [value for value in typed.unique() if value]}).astype("object")
    values["number"] = range(len(values))
    raw = {name: Raw("value", TEXT)}
    with workspace() as work:
        rows = Households(
            work, lambda names: typed_select(raw, "typed", "number", names=names), frozenset(raw), name, ()
        )
        read = frame(rows, f"select {name}::varchar as told from households order by place", typed=values)
    words = dict(zip(values["value"], _words(read["told"], _column(name)), strict=True))
    return typed.map({"": ""} | words)


def _words(told: pd.Series, column: HouseholdColumn) -> list[str]:
    """Return values by the words that are printed of them."""
    labels: Mapping[str, str] = household_choices(column.choices) if column.kind == "choice" else {}
    if column.kind == "code":
        return [code if isinstance(code, str) and _CODE.fullmatch(code) else UNREADABLE for code in told]
    return [labels.get(value, value) if isinstance(value, str) else UNREADABLE for value in told]


def _column(name: str) -> HouseholdColumn:
    return next(column for column in household_columns() if column.name == name)


def _pooled(names: pd.Series) -> pd.Series:
    """Return names of groups, one for all that have few households; a blank is no name."""
    return names.mask((names.map(names.value_counts()) < SMALLEST) & (names != ""), FEW)
