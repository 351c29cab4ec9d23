"""The table of all administrative units: each under every name, kind and parent that it had, with the days of them."""

import csv
import datetime as dt
import lzma
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class State(NamedTuple):
    """A unit under one name, kind and parent, as the columns of the file; days are ISO texts, which sort as days do.

    also: other spellings of the name. ends: "" while it stands. goes_on: the next state is the same unit, only its
    name or kind is another. successors: codes of the units that it went into on the day after; divided: not whole.
    """

    code: str
    level: str
    kind: str
    name: str
    also: str
    parent: str
    begins: str
    ends: str
    goes_on: str
    successors: str
    divided: str
    latitude: str
    longitude: str
    area_km2: str

    def stands(self, day: str) -> bool:
        """Whether it stands on a day."""
        return self.begins <= day and (not self.ends or day <= self.ends)

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling of the name, the unit's own first."""
        return (self.name, *filter(None, self.also.split("|")))

    @property
    def went_into(self) -> tuple[str, ...]:
        """Codes of the units that it went into, whole or divided."""
        return tuple(self.successors.split())


class Register(NamedTuple):
    """The states by the code of the unit and by that of its parent, in the order of their codes and days."""

    of: Mapping[str, tuple[State, ...]]
    below: Mapping[str, tuple[State, ...]]
    predecessors: Mapping[str, tuple[State, ...]]


@cache
def register() -> Register:
    """Return the whole register, read once."""
    text = lzma.decompress(files(__package__).joinpath("units.csv.xz").read_bytes()).decode()
    _, *rows = csv.reader(text.splitlines())
    of: dict[str, tuple[State, ...]] = {}
    below: dict[str, list[State]] = {}
    predecessors: dict[str, list[State]] = {}
    for state in map(State._make, rows):
        of[state.code] = (*of.get(state.code, ()), state)
        below.setdefault(state.parent, []).append(state)
        for code in state.went_into:
            predecessors.setdefault(code, []).append(state)
    return Register(
        of, {code: tuple(v) for code, v in below.items()}, {code: tuple(v) for code, v in predecessors.items()}
    )


def eve(day: str) -> str:
    """Return the day before."""
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()
