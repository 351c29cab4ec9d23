"""A value that the law sets, as it stands on a day: read from TOML files that name its source."""

import datetime as dt
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from giamngheo.core.errors import GiamngheoError

_REQUIRED = ("value", "law", "article", "checked")
_OPTIONAL = ("confidence", "note")
_CONFIDENCES = ("read", "reported")

_LONGEST = 1000
"""Letters of a text that is printed."""


class BrokenRuleError(GiamngheoError):
    """A file of provisions cannot be used: where, and what to mend."""

    def __init__(self, place: str, trouble: str) -> None:
        super().__init__(f"{place}: {trouble}.")


def parsed(text: str, file: str) -> Mapping[str, Any]:
    """Return a TOML file of provisions, NFC-normalised. Raises BrokenRuleError, for a day given twice too."""
    try:
        return tomllib.loads(unicodedata.normalize("NFC", text))
    except tomllib.TOMLDecodeError as error:
        raise BrokenRuleError(file, f"không phải TOML đúng, hoặc một khối ghi hai lần ({error})") from None
    except (ValueError, RecursionError):  # numbers of thousands of digits, brackets in brackets
        raise BrokenRuleError(file, "không phải TOML đúng: có số quá dài hoặc dấu ngoặc lồng quá nhiều lớp") from None


def checked_blocks(name: str, entry: Any) -> Mapping[dt.date, Mapping[str, Any]]:
    """Return the blocks of a provision by the day they begin. Raises BrokenRuleError at the first that is none."""
    blocks = entry.get("from") if isinstance(entry, Mapping) else None
    if not isinstance(blocks, Mapping) or not blocks:
        raise BrokenRuleError(
            name, f"không có khối nào; cần ít nhất một khối dạng [{name.split('/')[-1]}.from.2022-01-01]"
        )
    return {_day(name, day): _block(f"{name}, khối {day}", block) for day, block in blocks.items()}


def _day(name: str, day: str) -> dt.date:
    try:
        begins = dt.date.fromisoformat(day)
    except ValueError:
        begins = None
    if begins is None or begins.isoformat() != day:  # another spelling would make two blocks of one day
        raise BrokenRuleError(name, f"khối {day!r} không phải là ngày; cần dạng 2022-01-01")
    return begins


def _block(place: str, block: Any) -> Mapping[str, Any]:
    if not isinstance(block, Mapping):
        raise BrokenRuleError(place, f"cần các mục {', '.join(_REQUIRED)}, hoặc unknown")
    for trouble in _troubles(block):
        raise BrokenRuleError(place, trouble)
    return block


def _troubles(block: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a block: it needs a value with its source, or `unknown` with the reason."""
    required, optional = (("unknown",), ()) if "unknown" in block else (_REQUIRED, _OPTIONAL)
    yield from (f"thiếu mục {key!r}" for key in required if key not in block)
    allowed = (*required, *optional)
    yield from (f"có mục lạ {key!r}; chỉ ghi {', '.join(allowed)}" for key in block if key not in allowed)
    for key in ("law", "article", "unknown"):
        if not _is_line(block.get(key, "")):
            yield f"mục {key!r} phải là chữ trên một dòng, không quá {_LONGEST} chữ, không có ký tự điều khiển"
    if not isinstance(block.get("note", ""), str):
        yield "mục 'note' phải là chữ"
    if type(block.get("checked", dt.date.min)) is not dt.date:
        yield "mục 'checked' phải là ngày, ví dụ 2026-11-23, không có dấu nháy"
    if block.get("confidence", "read") not in _CONFIDENCES:
        yield f"mục 'confidence' là {block['confidence']!r}; chỉ ghi {' hoặc '.join(_CONFIDENCES)}"


def _is_line(value: Any) -> bool:
    """Return whether a value is a text that reports and terminals print as it stands."""
    return isinstance(value, str) and value.isprintable() and len(value) <= _LONGEST


class UnknownRuleError(GiamngheoError):
    """No file holds a provision of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Không có quy định {name!r} trong thư mục regulation.")


class NoRuleInForceError(GiamngheoError):
    """The provision is asked for on a day on which it is not known."""

    def __init__(self, name: str, on: dt.date, reason: str) -> None:
        self.reason = reason
        super().__init__(f"Quy định {name!r} không xác định được vào ngày {on:%d/%m/%Y}: {reason}.")


@dataclass(frozen=True)
class Provision:
    """A value that the law sets, from the day it begins: its unit, law and article, the day it was last checked.

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


def provision(name: str, *, on: dt.date) -> Provision:
    """Return the provision "file/name" as it stands on a day: the latest block that begins on or before it.

    Raises UnknownRuleError, and NoRuleInForceError before the first day and where a block says `unknown`.
    """
    return in_force(name, _entry(name), on=on)


def in_force(name: str, entry: Mapping[str, Any], *, on: dt.date) -> Provision:
    """Return the provision of an entry, with its `unit` and its blocks in `from`, as it stands on a day.

    Raises NoRuleInForceError before the first day and where a block says `unknown`, BrokenRuleError where the entry
    is not what a provision looks like.
    """
    blocks = checked_blocks(name, entry)
    begun = [day for day in blocks if day <= on]
    if not begun:
        raise NoRuleInForceError(name, on, f"quy định đầu tiên bắt đầu ngày {min(blocks):%d/%m/%Y}")
    block = blocks[max(begun)]
    if "unknown" in block:
        raise NoRuleInForceError(name, on, block["unknown"])
    return Provision(begins=max(begun), unit=entry.get("unit", ""), **block)


@cache
def load(name: str) -> Mapping[str, Any]:
    """Return the content of a file of the regulation folder. Raises BrokenRuleError where it is not TOML."""
    return parsed(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"), f"{name}.toml")


def _entry(name: str) -> Mapping[str, Any]:
    file, _, key = name.partition("/")
    try:
        entry: Mapping[str, Any] = load(file)[key]
    except (FileNotFoundError, KeyError) as error:
        raise UnknownRuleError(name) from error
    return entry
