"""The table of all administrative units: each under every name, kind and parent that it had, with the days of them.

The file is one compressed text, a line a state, in the order of the codes. It is unpacked once and searched as it
stands; only the lines that are asked for are read, which takes milliseconds where reading all 15,000 takes fifty.
"""

import gzip
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class State(NamedTuple):
    """A unit under one name, kind and parent, as the columns of the file; days are ISO texts, which sort as days do.

    keys: every spelling of the name, folded, between bars. also: other spellings. ends: "" while it stands. goes_on:
    the next state is the same unit, only its name or kind is another. successors: codes of the units that it went
    into on the day after, between blanks; divided: not whole.
    """

    code: str
    level: str
    kind: str
    name: str
    also: str
    keys: str
    parent: str
    begins: str
    ends: str = ""
    goes_on: str = ""
    successors: str = ""
    divided: str = ""
    latitude: str = ""
    longitude: str = ""
    area_km2: str = ""

    def stands(self, day: str) -> bool:
        """Return whether it stands on a day."""
        return self.begins <= day and (not self.ends or day <= self.ends)

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling of the name, the unit's own first."""
        return (self.name, *filter(None, self.also.split("|")))

    @property
    def went_into(self) -> tuple[str, ...]:
        """Codes of the units that it went into, whole or divided."""
        return tuple(self.successors.split())


def states_of(code: str) -> tuple[State, ...]:
    """Return the states of a code, the earliest first; none of a code that never was."""
    lines = _lines()
    first, beyond = (bisect_left(lines, f"{code}{sign}".encode(), lo=1) for sign in (",", "-"))
    return tuple(state for state in map(_state, lines[first:beyond]) if state.code == code)


def states_below(code: str) -> tuple[State, ...]:
    """Return the states whose parent is a code, by code and day."""
    return tuple(state for state in _found(f",{code},2") if state.parent == code) if code else ()


def states_before(code: str) -> tuple[State, ...]:
    """Return the states that went into the unit of a code, whole or divided, by code."""
    return tuple(state for state in _found(f" {code} ") if code in state.went_into)


def states_named(key: str) -> tuple[State, ...]:
    """Return the states one of whose names, folded, is `key`, by code and day."""
    return tuple(_found(f"|{key}|")) if key else ()


def all_states() -> Iterator[State]:
    """Yield every state, by code and day."""
    return map(_state, _lines()[1:])


def _found(words: str) -> Iterator[State]:
    """Yield the states in whose line the words stand."""
    text, wanted = _text(), words.encode()
    place = text.find(wanted)
    while place >= 0:
        end = text.index(b"\n", place)
        yield _state(text[text.rfind(b"\n", 0, place) + 1 : end])
        place = text.find(wanted, end)


def _state(line: bytes) -> State:
    return State(*line.decode().split(","))


@cache  # 1.4 MB, for every look-up of a process
def _text() -> bytes:
    return gzip.decompress(files(__package__).joinpath("units.csv.gz").read_bytes())


@cache
def _lines() -> list[bytes]:
    return _text().splitlines()
