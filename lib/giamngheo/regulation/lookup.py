"""A value that the law sets, as it stands on a day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from giamngheo.core.errors import GiamngheoError
from giamngheo.regulation.block import checked_blocks, parsed


class UnknownRuleError(GiamngheoError):
    """No file holds a rule of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Không có quy định {name!r} trong thư mục regulation.")


class NoRuleInForceError(GiamngheoError):
    """The rule is asked for a day on which it is not known."""

    def __init__(self, name: str, on: dt.date, reason: str) -> None:
        super().__init__(f"Quy định {name!r} không xác định được vào ngày {on:%d/%m/%Y}: {reason}.")


@dataclass(frozen=True)
class Rule:
    """One value from the day it begins: its unit, law and article, the day it was last checked.

    confidence: "read" in the act itself, or "reported" by another source.
    """

    value: Any
    unit: str
    begins: dt.date
    law: str
    article: str
    checked: dt.date
    confidence: str = "read"
    note: str = ""


def rule(name: str, *, on: dt.date) -> Rule:
    """The rule "file/name" as it stands on a day: the latest block that begins on or before it.

    Raises UnknownRuleError, and NoRuleInForceError before the first day and where a block says `unknown`.
    """
    return in_force(name, _entry(name), on=on)


def in_force(name: str, entry: Mapping[str, Any], *, on: dt.date) -> Rule:
    """The rule of an entry, with its `unit` and its blocks in `from`, as it stands on a day.

    Raises NoRuleInForceError before the first day and where a block says `unknown`, BrokenRuleError where the entry
    is not what a rule looks like.
    """
    blocks = checked_blocks(name, entry)
    begun = [day for day in blocks if day <= on]
    if not begun:
        raise NoRuleInForceError(name, on, f"quy định đầu tiên bắt đầu ngày {min(blocks):%d/%m/%Y}")
    block = blocks[max(begun)]
    if "unknown" in block:
        raise NoRuleInForceError(name, on, block["unknown"])
    return Rule(begins=max(begun), unit=entry.get("unit", ""), **block)


@cache
def load(name: str) -> Mapping[str, Any]:
    """Content of a file of the regulation folder; raises BrokenRuleError where it is not TOML."""
    return parsed(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"), f"{name}.toml")


def _entry(name: str) -> Mapping[str, Any]:
    file, _, key = name.partition("/")
    if not files(__package__).joinpath(f"{file}.toml").is_file():
        raise UnknownRuleError(name)
    entry: Mapping[str, Any] | None = load(file).get(key)
    if entry is None:
        raise UnknownRuleError(name)
    return entry
