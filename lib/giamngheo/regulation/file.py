"""A file of provisions that somebody else wrote."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from giamngheo.core.foreign import content
from giamngheo.regulation.lookup import BrokenRuleError, parsed

_LARGEST = 1_000_000
"""Bytes of a file that is read; the nation's own has 40,000."""

_MOST_DOTS = 100
"""Dots of a line: a key of many parts, "a.a.a.…", takes its square in memory."""


def read(path: Path, place: str) -> Mapping[str, Any]:
    """Return a file of provisions that somebody else wrote. place: what messages call it.

    Raises UnreadableError; BrokenRuleError for one that is no TOML of UTF-8, or would fill the memory.
    """
    try:
        written = content(path, _LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BrokenRuleError(place, "không phải chữ UTF-8; lưu lại bằng bảng mã UTF-8") from None
    for number, line in enumerate(written.splitlines(), 1):
        if line.count(".") > _MOST_DOTS:
            raise BrokenRuleError(place, f"dòng {number} có hơn {_MOST_DOTS} dấu chấm; tách thành nhiều dòng")
    return parsed(written, place)
