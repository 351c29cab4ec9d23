"""Administrative units as they stand on a day; a code is used again, so a unit is a code on a day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from giamngheo.regulation.lookup import NoRuleInForceError, Rule, UnknownRuleError, in_force, load


@dataclass(frozen=True)
class Unit:
    """A unit from the day it begins.

    level: "province", "district", "commune". also: other spellings of the name. merges: codes, the day before,
    of the units it was made from. ends: its last day, None while it stands. complete: every unit below it is
    known here.
    """

    code: str
    name: str
    level: str
    begins: dt.date
    ends: dt.date | None = None
    parent: str = ""
    also: tuple[str, ...] = ()
    merges: tuple[str, ...] = ()
    complete: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling of the name, the unit's own first."""
        return (self.name, *self.also)


def unit(code: str, *, on: dt.date) -> Unit:
    """The unit of a code on a day.

    Raises UnknownRuleError for a code that never was, NoRuleInForceError for one that names no unit on that day.
    """
    name = f"units/{code}"
    if code not in _codes():
        raise UnknownRuleError(name)
    found = in_force(name, _codes()[code], on=on)
    if "merged_into" in found.value:
        into = ", ".join(found.value["merged_into"])
        raise NoRuleInForceError(name, on, f"từ ngày {found.begins:%d/%m/%Y} đã sáp nhập vào {into}")
    return _unit(code, found)


def children(code: str, *, on: dt.date) -> tuple[Unit, ...]:
    """The units whose parent is `code` on a day, by code; none where the file knows none."""
    return tuple(entry for entry in standing(on=on) if entry.parent == code)


def standing(*, on: dt.date) -> tuple[Unit, ...]:
    """Every unit known here that stands on a day, by code."""
    found = (_standing(code, on) for code in sorted(_codes()))
    return tuple(entry for entry in found if entry is not None)


def known(code: str) -> bool:
    """Whether the code names, or once named, a unit."""
    return code in _codes()


def _standing(code: str, on: dt.date) -> Unit | None:
    try:
        return unit(code, on=on)
    except NoRuleInForceError:
        return None


def _unit(code: str, found: Rule) -> Unit:
    later = [dt.date.fromisoformat(day) for day in _codes()[code]["from"]]
    after = [day for day in later if day > found.begins]
    value: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in found.value.items()}
    ends = min(after) - dt.timedelta(days=1) if after else None
    return Unit(code=code, begins=found.begins, ends=ends, **value)


@cache
def _codes() -> Mapping[str, Any]:
    return load("units")
