"""Codes of the units that a form names, by the workbook's list of units and the register."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from giamngheo.core.text import accented, plain
from giamngheo.regulation import units as register
from giamngheo.regulation.lookup import NoRuleInForceError, UnknownRuleError, provision
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.forms.layout import declared, simple

LEFT_OUT = "-"
"""In place of a code: the rows of a name are not read."""

MOST_OFFERED = 5


@dataclass(frozen=True)
class Places:
    """Codes by the names of a form.

    unknown: what to say of the names that have none. left_out: names of no unit. missing: units of the workbook's list,
    beside several that the form names, that it does not name.
    """

    codes: Mapping[str, str]
    unknown: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Listed:
    code: str
    parent: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]


def places(names: Sequence[str], workbook: Dataset, day: dt.date, answers: Mapping[str, str]) -> Places:
    """Return the codes of the names of a form on a day; `answers` has those that the user gave, by name.

    A name that fits two units of the list is that of the one below the unit named before it, where there is just one.
    """
    listed = list(_listed(workbook, day))
    given = {simple(name): code for name, code in answers.items()}
    codes: dict[str, str] = {}
    unknown: dict[str, str] = {}
    left_out: list[str] = []
    totals: list[str] = []
    for name in dict.fromkeys(names):
        said = simple(name)
        if given.get(said) == LEFT_OUT or re.fullmatch(declared()["not_units"], said):
            left_out.append(name)
        elif said in given:
            codes[name] = given[said]
        elif re.fullmatch(declared()["totals"], said):
            totals.append(name)
        elif len(found := _below(_fitting(name, listed), codes.values())) == 1:
            codes[name] = found[0].code
        else:
            unknown[name] = _unknown(name, found, workbook, day)
    whole = _whole(codes.values(), listed)
    for name in totals:
        if whole:
            codes[name] = whole
        else:
            unknown[name] = f"chưa rõ {name!r} là số của đơn vị nào; ghi --unit {option(name)}"
    wrong = sorted(set(codes.values()) - {entry.code for entry in listed})
    unknown |= {code: f"trang 'Đơn vị' của {workbook.file} không có mã {code!r} ghi ở --unit" for code in wrong}
    codes = {name: code for name, code in codes.items() if code not in wrong}
    return Places(codes, unknown, tuple(left_out), tuple(_missing(set(codes.values()), listed)))


def _missing(codes: Collection[str], listed: Sequence[_Listed]) -> Iterator[str]:
    """Yield the units that a form does not name beside several of the same unit above."""
    named = Counter(entry.parent for entry in listed if entry.code in codes)
    for entry in listed:
        if entry.code not in codes and entry.parent and named[entry.parent] > 1:
            yield f"{entry.names[0]} ({entry.code})"


def _listed(workbook: Dataset, day: dt.date) -> Iterator[_Listed]:
    """Yield the units of the workbook that stand on a day, with every spelling of their names."""
    kinds = {entry["level"]: entry["kinds"] for entry in provision("units/levels", on=day).value}
    moment = pd.Timestamp(day)
    for row in workbook["units"].itertuples(index=False):
        if not (
            (pd.isna(row.valid_from) or row.valid_from <= moment) and (pd.isna(row.valid_to) or moment <= row.valid_to)
        ):
            continue
        of_level = kinds.get(row.level, {}) if row.level != "village" else dict.fromkeys(declared()["villages"], ())
        spelt = tuple(spelling for kind, short in of_level.items() for spelling in (kind, *short))
        yield _Listed(row.code, row.parent_code, (row.name, *_registered(row.code, day)), spelt)


def _registered(code: str, day: dt.date) -> tuple[str, ...]:
    try:
        return register.unit(code, on=day).names
    except (UnknownRuleError, NoRuleInForceError):
        return ()


def _fitting(name: str, listed: Sequence[_Listed]) -> list[_Listed]:
    """Return the units that a name may mean; where accents are typed and some have just these, only such."""
    fits = [entry for entry in listed if set(_readings(name, entry, plain)) & set(map(plain, entry.names))]
    exact = [entry for entry in fits if set(_readings(name, entry, accented)) & set(map(accented, entry.names))]
    return fits if name.isascii() else exact or fits


def _readings(name: str, entry: _Listed, folded: object) -> Iterator[str]:
    """Yield a name, folded, as it stands, and without each kind of the unit's level that it begins with."""
    fold = accented if folded is accented else plain
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", name)
    yield fold(" ".join(words))
    for kind in entry.kinds:
        count = len(kind.split())
        if words[count:] and plain(" ".join(words[:count])) == plain(kind):
            yield fold(" ".join(words[count:]))


def _below(found: Sequence[_Listed], named: Collection[str]) -> Sequence[_Listed]:
    """Return of several units those below the unit that was named last, where there are any."""
    if len({entry.code for entry in found}) <= 1:
        return found[:1]
    last = next(reversed(list(named)), "")
    return [entry for entry in found if last and entry.parent == last] or found


def _whole(codes: Collection[str], listed: Sequence[_Listed]) -> str:
    """Return the unit of which a total of the units of a form is: that above all others; "" where there is none."""
    parents = {entry.code: entry.parent for entry in listed}
    tops = [code for code in dict.fromkeys(codes) if parents.get(code) not in codes]
    if len(tops) == 1 and any(parents.get(code) == tops[0] for code in codes):
        return tops[0]
    above = {parents.get(code, "") for code in tops}
    only = above.pop() if len(above) == 1 else ""
    return only if only in parents else ""


def _unknown(name: str, found: Sequence[_Listed], workbook: Dataset, day: dt.date) -> str:
    """Return what to say of a name that is no unit of the workbook's list, or of several."""
    if found:
        offered = " hoặc ".join(option(name, f"{entry.code}") for entry in found[:MOST_OFFERED])
        return f"{name!r} có thể là {len(found)} đơn vị; ghi --unit {offered}"
    others = [_registered_as(unit, day) for unit in register.find(name, on=day)]
    known = f" (danh mục có {'; '.join(others[:MOST_OFFERED])})" if others else ""
    return (
        f"trang 'Đơn vị' của {workbook.file} không có {name!r}{known}; thêm đơn vị vào trang ấy, "
        f"hoặc ghi --unit {option(name)}, hoặc --unit {option(name, LEFT_OUT)} để bỏ qua"
    )


def _registered_as(unit: register.Unit, day: dt.date) -> str:
    above = f", {register.unit(unit.parent, on=day).full_name}" if unit.parent else ""
    return f"{unit.code} {unit.full_name}{above}"


def option(name: str, code: str = "MÃ") -> str:
    """Return what to type after --unit; signs that a shell obeys are left out, as they are where names are compared."""
    typed = " ".join(re.sub(r"[^\w%.,:;/()’-]+", " ", name).split())
    return f'"{typed}={code}"'
