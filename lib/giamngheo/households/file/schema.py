"""The one description of the household file.

Its columns and closed lists, as declared in households.toml.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

HouseholdKind = Literal["people", "code", "choice", "flag", "count", "money", "number", "date"]
Need = Literal["required", "one_of_income_score", "one_of_deprivations", "optional"]


@dataclass(frozen=True)
class HouseholdColumn:
    """One column of the household file."""

    name: str
    header: str
    kind: HouseholdKind
    need: Need
    meaning: str
    choices: str = ""
    law: str = ""


@cache
def household_columns() -> tuple[HouseholdColumn, ...]:
    """Every column of the household file, in the order of the documentation."""
    declared = _declaration()["columns"]
    return tuple(column for name, entry in declared.items() for column in _columns(name, entry))


@cache
def household_choices(name: str) -> Mapping[str, str]:
    """Codes of a closed list of the household file with their Vietnamese word."""
    return dict(_declaration()["choices"][name])


def deprivation_columns() -> tuple[str, ...]:
    """Names of the deprivation columns, in the order of the indicators of the standard."""
    return tuple(f"deprivation_{code}" for code in household_choices("indicator"))


def cause_columns() -> tuple[str, ...]:
    """Names of the columns of causes of poverty."""
    return tuple(f"cause_{code}" for code in household_choices("cause"))


@cache
def _declaration() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("households.toml").read_text("utf-8"))


def _columns(name: str, entry: Mapping[str, str]) -> Iterator[HouseholdColumn]:
    """One column, or one for each entry of the list named by `each`."""
    fields: dict[str, Any] = {key: value for key, value in entry.items() if key != "each"}
    if "each" not in entry:
        yield HouseholdColumn(name, **fields)
        return
    for code, label in household_choices(entry["each"]).items():
        worded = {key: value.format(code=code, label=label) for key, value in fields.items()}
        yield HouseholdColumn(f"{name}_{code}", **worded)
