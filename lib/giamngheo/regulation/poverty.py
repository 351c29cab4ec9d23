"""The multidimensional poverty standard in force on a day, or a province's own."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from giamngheo.core.errors import GiamngheoError, UnreadableError
from giamngheo.regulation.file import read
from giamngheo.regulation.lookup import (
    BrokenRuleError,
    NoRuleInForceError,
    Provision,
    in_force,
    load,
    provision,
)


class OwnStandardError(GiamngheoError):
    """The file of a province's own standard cannot be used."""

    def __init__(self, path: Path, found: str) -> None:
        super().__init__(
            f"{path.name}: {found.rstrip('.')}; cần tệp TOML cùng dạng với regulation/poverty.toml, "
            "ví dụ [income_line.from.2023-01-01] với value, law, article, checked."
        )


_HIGHEST_LINE = 1_000_000_000
"""Đồng a person a month, or points; by more the queries of a household file do not count."""


@dataclass(frozen=True)
class Indicator:
    """One indicator of the standard: its code ("01"), dimension and name in Vietnamese.

    deprived: when a household is deprived of it; empty where the cut-off is not known. column: of a household file by
    the standard before, which tells of it.
    """

    code: str
    dimension: str
    name: str
    deprived: str = ""
    column: str = ""

    @property
    def earlier_column(self) -> str:
        """The column that tells of the indicator in a household file by the standard before."""
        return self.column or f"deprivation_{self.code}"


@dataclass(frozen=True)
class Standard:
    """A poverty standard: lines by area ("rural", "urban"), in đồng a person a month or in points.

    A household is low up to and with the line; low ones are poor from `deprivation_cutoff` of the
    deprivations on, near-poor below. `average_line_vnd` is empty where the law sets none;
    `score_line` is None where no score is known that stands for the income line, `deprivation_points` (what one
    deprivation adds to B2) where no scorecard is in force. `reference` is the law that sets the income line, then what
    else a province set, in Vietnamese.
    """

    income_line_vnd: Mapping[str, int]
    average_line_vnd: Mapping[str, int]
    deprivation_cutoff: int
    deprivation_points: int | None
    score_line: Mapping[str, int] | None
    reference: str


def poverty_standard(*, on: dt.date, own: Path | None = None) -> Standard:
    """Return the standard by which households are reviewed on a day.

    `own` is the file of a province that set a higher one: what it sets takes the place of the national value. The
    national score stands for the national income line, and for no other. Raises NoRuleInForceError, OwnStandardError.
    """
    line = provision("poverty/income_line", on=on)
    national = Standard(
        income_line_vnd=line.value,
        average_line_vnd=_known("average_line", on) or {},
        deprivation_cutoff=provision("poverty/deprivation_cutoff", on=on).value,
        deprivation_points=_known("deprivation_points", on),
        score_line=_known("score_line", on),
        reference=_reference(line),
    )
    return national if own is None else _overruled(national, own, on)


def next_standard(*, after: dt.date) -> tuple[dt.date, Standard] | None:
    """Return the first day after one from which another national income line holds, and its standard."""
    days = [day for day in map(dt.date.fromisoformat, load("poverty")["income_line"]["from"]) if day > after]
    return (min(days), poverty_standard(on=min(days))) if days else None


def indicators(*, on: dt.date) -> tuple[Indicator, ...]:
    """Return the indicators of the standard in force on a day, in official order."""
    return tuple(Indicator(**entry) for entry in provision("poverty/indicators", on=on).value)


def _known(name: str, on: dt.date) -> Any:
    """Return the value of a rule, None from the day on which it is not known."""
    try:
        return provision(f"poverty/{name}", on=on).value
    except NoRuleInForceError:
        return None


def _reference(found: Provision) -> str:
    law = load("laws")[found.law]
    return f"{law['kind']} {law['number']}"


def _overruled(national: Standard, path: Path, on: dt.date) -> Standard:
    rules = _own_rules(path, on)
    try:
        values: dict[str, Any] = {
            _FIELDS[name]: {area: _whole(found.value[area]) for area in national.income_line_vnd}
            for name, found in rules.items()
        }
    except (KeyError, TypeError, ValueError, OverflowError):
        raise OwnStandardError(path, "không đọc được") from None
    for field, areas in values.items():
        lines = getattr(national, field) or {}
        if any(number < lines.get(area, number) for area, number in areas.items()):
            day = f"ngày {on:%d/%m/%Y}"
            raise OwnStandardError(path, f"chuẩn {day} thấp hơn chuẩn quốc gia ({national.reference}), ghi khối mới")
    if values.get("income_line_vnd", national.income_line_vnd) != national.income_line_vnd:
        values.setdefault("score_line", None)
    of_income = rules["income_line"].law if "income_line" in rules else national.reference
    others = sorted({found.law for found in rules.values()} - {of_income})
    return replace(national, **values, reference="; ".join([of_income, *others]))


_FIELDS = {"income_line": "income_line_vnd", "average_line": "average_line_vnd", "score_line": "score_line"}
"""What a province may set, and the fields of a standard that have it."""


def _own_rules(path: Path, on: dt.date) -> dict[str, Provision]:
    """Return what a province set that is in force on a day, by name. Raises OwnStandardError."""
    try:
        entries = read(path, "tệp")
        if unknown := set(entries) - set(_FIELDS):
            raise OwnStandardError(path, f"có mục lạ {sorted(unknown)[0]!r}, chỉ ghi {', '.join(_FIELDS)}")
        return {name: in_force(name, entry, on=on) for name, entry in entries.items()}
    except BrokenRuleError as error:
        raise OwnStandardError(path, str(error)) from None
    except UnreadableError as error:
        raise OwnStandardError(path, f"không đọc được: {error.why}") from None
    except (KeyError, TypeError, ValueError, OverflowError):
        raise OwnStandardError(path, "không đọc được") from None


def _whole(typed: Any) -> int:
    """Return a line as it was typed. Raises ValueError for what is no whole number, or one that nobody earns."""
    if type(typed) is not int or typed > _HIGHEST_LINE:
        raise ValueError(typed)
    return typed
