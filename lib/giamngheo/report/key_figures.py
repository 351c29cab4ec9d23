"""The key figures of a report as its manifest keeps them, read back for lists of reports."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


class MalformedFiguresError(ValueError):
    """A key figure is not of its kind."""

    def __init__(self, name: str) -> None:
        super().__init__(f"số liệu chính {name!r} không đúng kiểu")


@dataclass(frozen=True)
class KeyFigures:
    """What report.record.record says of a report: texts "" and numbers None where unknown.

    unit, within: names with their levels. code: of the unit in the register. level: a code of the schema's list.
    reviewed: day of the review. Households are counts; rates are unrounded percentages; money is of the year, in whole
    đồng. warnings: how many the data gives, of a public edition too.
    """

    unit: str = ""
    code: str = ""
    level: str = ""
    within: str = ""
    marking: str = ""
    reviewed: dt.date | None = None
    households: int | None = None
    poor_households: int | None = None
    near_poor_households: int | None = None
    poor_rate_pct: float | None = None
    near_poor_rate_pct: float | None = None
    planned_vnd: int | None = None
    disbursed_vnd: int | None = None
    rate_pct: float | None = None
    warnings: int | None = None


def key_figures(kept: Mapping[str, Any]) -> KeyFigures:
    """Return the key figures from the record in a manifest. Raises MalformedFiguresError."""
    given = {field.name: _read(field.name, field.type, kept.get(field.name)) for field in fields(KeyFigures)}
    return KeyFigures(**{name: value for name, value in given.items() if value is not None})


def _read(name: str, kind: Any, value: Any) -> Any:
    if value is None:
        return None
    wanted: Any = (int, float) if kind == float | None else int if kind == int | None else str
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise MalformedFiguresError(name)
    if kind != dt.date | None:
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise MalformedFiguresError(name) from error
