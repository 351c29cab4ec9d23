"""Administrative units as they stand on a day; a code is used again, so a unit is a code on a day."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Any

from giamngheo.core.text import accented, plain
from giamngheo.regulation.lookup import NoRuleInForceError, UnknownRuleError, provision
from giamngheo.regulation.register import (
    State,
    all_states,
    states_before,
    states_below,
    states_named,
    states_of,
)

MERGER = dt.date(2025, 7, 1)
"""The day since which there are no districts: the one day of which the register knows what took in what."""


PARTLY = "một phần"
"""Stands before the codes that a unit went into where it was divided."""


@dataclass(frozen=True)
class Unit:
    """A unit as it is called on a day, from its first to its last day (None while it stands).

    level: "province", "district", "commune"; kind: "tỉnh", "xã", ... also: other spellings of the name.
    centre: degrees north and east, area_km2: both None where they are not known.
    """

    code: str
    name: str
    level: str
    kind: str
    begins: dt.date
    ends: dt.date | None = None
    parent: str = ""
    also: tuple[str, ...] = ()
    centre: tuple[float, float] | None = None
    area_km2: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling of the name, the unit's own first."""
        return (self.name, *self.also)

    @property
    def full_name(self) -> str:
        """The name with its kind before it: "xã Tu Mơ Rông", "Quận 1"."""
        return self.name if self.name.casefold().startswith(self.kind) else f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Part:
    """A unit that another was made from, or went into: its code there, and whether it is the whole unit that went."""

    code: str
    whole: bool


def unit(code: str, *, on: dt.date) -> Unit:
    """Return the unit of a code on a day.

    A unit whose first day is known only to lie between two lists is found on the days between, too.
    Raises UnknownRuleError for a code that never was, NoRuleInForceError for one that names no unit on that day.
    """
    return _unit(_state(code, on))


def why_not(code: str, *, on: dt.date) -> str:
    """Return why a code that once named a unit names none on a day; "" where it does, and where it never did."""
    try:
        _state(code, on)
    except UnknownRuleError:
        return ""
    except NoRuleInForceError as error:
        return error.reason
    return ""


def children(code: str, *, on: dt.date) -> tuple[Unit, ...]:
    """Return the units whose parent is `code` on a day, by code."""
    return tuple(map(_unit, _below(code, on)))


def complete(code: str, *, on: dt.date) -> bool:
    """Return whether the register has all units below one on a day: known, and the same in the lists around it."""
    if not known(code):
        return False
    days = _lists()
    lists = [max((day for day in days if day <= on), default=on), *[day for day in days if day > on][:1]]
    around = [{state.code for state in _below(code, day)} for day in lists]
    return all(codes == around[0] for codes in around) and any(state.stands(str(on)) for state in states_of(code))


def standing(*, on: dt.date) -> tuple[Unit, ...]:
    """Return every unit that stands on a day, by code."""
    return tuple(_unit(state) for state in all_states() if state.stands(str(on)))


def known(code: str) -> bool:
    """Return whether the code names, or once named, a unit."""
    return bool(states_of(code))


def find(name: str, *, on: dt.date) -> tuple[Unit, ...]:
    """Return the units of a name on a day, the highest first, then by code.

    The name may have accents or none, either place of the tone, i for y, the kind before it, and hyphens as that of
    a folder has: "Tu Mơ Rông", "xã tu mo rong", "tu-mo-rong". Where accents are typed and a name has just these, only
    such units are meant.
    """
    if on < min(_lists()):
        return ()
    levels = provision("units/levels", on=on).value
    keys = {plain(rest) for _, rest in _readings(name, levels)}
    called = {state for key in keys for state in states_named(key) if state.stands(str(on))}
    fits = _named(name, levels, called, plain)
    exact = () if name.isascii() else _named(name, levels, fits, accented)
    order = [entry["level"] for entry in levels]
    return tuple(map(_unit, sorted(exact or fits, key=lambda state: (order.index(state.level), state.code))))


def predecessors(code: str, *, on: dt.date) -> tuple[Part, ...] | None:
    """Return the units that the unit of a code on a day was made from; they stand on the eve of its first day.

    None: the register does not know them, as the unit began after its first day and before July 2025. Empty: the
    unit stood on the first day of the register, or took in no other on 1 July 2025.
    """
    found = unit(code, on=on)
    if found.begins == MERGER:
        return tuple(Part(state.code, whole=not state.divided) for state in states_before(code))
    return () if str(found.begins) == min(map(str, _lists())) else None


def merged_into(code: str, *, on: dt.date) -> tuple[Part, ...]:
    """Return the units that the unit of a code on a day itself went into, as successors; none of a district.

    A district without communes, as an island, is one that did.
    """
    last = _run(_state(code, on))[-1]
    return tuple(Part(successor, whole=not last.divided) for successor in last.went_into)


def successors(code: str, *, on: dt.date) -> tuple[Part, ...]:
    """Return the units that the unit of a code on a day went into on the day after its last; none while it stands.

    A district went where its communes went. Empty, too, where the register does not know what took the unit in.
    """
    last = _run(_state(code, on))[-1]
    return tuple(Part(successor, whole=whole) for successor, whole in _went(last))


def destinations(words: str) -> tuple[tuple[str, ...], bool]:
    """Return the codes that a unit went into, as a list of units says it, and whether the whole unit went into one.

    "23425" is whole; "một phần 00004, 00008" and several codes are a unit that was divided.
    """
    line = " ".join(words.split())
    partly = line.casefold().startswith(PARTLY)
    codes = tuple(re.findall(r"[^\s,;]+", line[len(PARTLY) :] if partly else line))
    return codes, len(codes) == 1 and not partly


def destination_words(codes: Sequence[str], *, whole: bool) -> str:
    """Return where a unit went as a list of units says it (destinations)."""
    return ", ".join(codes) if whole or not codes else f"{PARTLY} {', '.join(codes)}"


def _went(last: State) -> Sequence[tuple[str, bool]]:
    if last.successors or not last.ends:
        return [(code, not last.divided) for code in last.went_into]
    parts = [state for state in states_below(last.code) if state.ends == last.ends]
    into = sorted({code for state in parts for code in state.went_into})
    whole = len(into) == 1 and not any(state.divided for state in parts)
    return [(code, whole) for code in into]


def _lists() -> list[dt.date]:
    return list(provision("units/lists", on=MERGER).value)


def _below(code: str, on: dt.date) -> list[State]:
    return [state for state in states_below(code) if state.stands(str(on))]


def _state(code: str, on: dt.date) -> State:
    """Return the state of a code on a day, or the one that begins before the next list; raises as `unit` does."""
    states = states_of(code)
    if not states:
        raise UnknownRuleError(f"units/{code}")
    for state in states:
        if state.stands(str(on)):
            return state
    soon = {str(day) for day in [day for day in _lists() if day > on][:1]} if on >= min(_lists()) else set()
    for state in states:
        if state.begins in soon:
            return state
    raise NoRuleInForceError(f"units/{code}", on, _why_not(states, str(on)))


def _why_not(states: Sequence[State], day: str) -> str:
    ended = [state for state in states if state.ends and state.ends < day]
    if not ended:
        return f"đơn vị có từ ngày {dt.date.fromisoformat(states[0].begins):%d/%m/%Y}"
    last = dt.date.fromisoformat(ended[-1].ends)
    if into := ", ".join(code for code, _ in _went(ended[-1])):
        return f"từ ngày {last + dt.timedelta(days=1):%d/%m/%Y} đã sáp nhập vào {into}"
    return f"đơn vị chỉ có đến hết ngày {last:%d/%m/%Y}"


def _run(state: State) -> list[State]:
    """Return the states of the same unit, under its earlier and later names and kinds, in the order of their days."""
    states = states_of(state.code)
    at = states.index(state)
    earlier = list(takewhile(lambda other: other.goes_on, reversed(states[:at])))
    follow = [after for _, after in takewhile(lambda pair: pair[0].goes_on, pairwise(states[at:]))]
    return [*reversed(earlier), state, *follow]


def _unit(state: State) -> Unit:
    run = _run(state)
    last = run[-1].ends
    placed = state.latitude and state.longitude
    return Unit(
        code=state.code,
        name=state.name,
        level=state.level,
        kind=state.kind,
        begins=dt.date.fromisoformat(run[0].begins),
        ends=dt.date.fromisoformat(last) if last else None,
        parent=state.parent,
        also=state.names[1:],
        centre=(float(state.latitude), float(state.longitude)) if placed else None,
        area_km2=float(state.area_km2) if state.area_km2 else None,
    )


def _readings(name: str, levels: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yield the ways to read a name: all of it without a kind (""), and what stands behind each kind it begins with."""
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", name)
    yield "", " ".join(words)
    kinds = {kind: short for entry in levels for kind, short in entry["kinds"].items()}
    for kind, short in kinds.items():
        for spelling in (kind, *short):
            count = len(spelling.split())
            if words[count:] and plain(" ".join(words[:count])) == plain(spelling):
                yield kind, " ".join(words[count:])


def _named(name: str, levels: Iterable[Any], states: Iterable[State], folded: Callable[[str], str]) -> list[State]:
    """Return the states of a name, of the kind before it where there is one; `folded` says what is the same name."""
    wanted = {(kind, folded(rest)) for kind, rest in _readings(name, levels)}
    of_any, of_a_kind = {rest for kind, rest in wanted if not kind}, {rest for kind, rest in wanted if kind}
    fits = []
    for state in states:
        names = set(map(folded, state.names))
        if names & of_any or (names & of_a_kind and any((state.kind, rest) in wanted for rest in names)):
            fits.append(state)
    return fits
