"""Files that others wrote: read within bounds, so that none fills the memory, hangs or is taken for what it is not."""

import errno
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from giamngheo.core.errors import TooLargeError, UnreadableError

LARGEST = 500_000_000
"""Bytes of a file that is read, but of household files: reports and workbooks have a hundredth."""

_BLOCK = 1 << 20

_MOST_IN_MEMORY = 1_000_000_000
_IN_MEMORY = {b"{": 200, b"[": 90, b",": 60}
"""Bytes that an object, a list and what stands beside another take in the memory: 40 times those of the text."""


def digest(path: Path, most: int = LARGEST) -> str:
    """Return SHA-256 of a file's content, in hexadecimal. Raises UnreadableError, TooLargeError."""
    found = hashlib.sha256()
    for block in blocks(path, most):
        found.update(block)
    return found.hexdigest()


def content(path: Path, most: int = LARGEST) -> bytes:
    """Return the content of a file of at most so many bytes. Raises UnreadableError, TooLargeError."""
    return b"".join(blocks(path, most))


def blocks(path: Path, most: int = LARGEST) -> Iterator[bytes]:
    """Yield the content of a file in blocks, read through one open file. Raises UnreadableError, TooLargeError.

    A file of nothing but holes takes no room on a disk and has any size.
    """
    try:
        if path.exists() and not path.is_file():  # opening a pipe would wait for whoever writes into it
            raise OSError(errno.EINVAL, "không phải là tệp thường")
        with path.open("rb") as file:
            left = most - os.fstat(file.fileno()).st_size
            while left >= 0 and (block := file.read(_BLOCK)):
                yield block
                left = most - file.tell()
            if left < 0:
                raise TooLargeError(path, most)
    except OSError as error:
        raise UnreadableError(path, error) from error


def told_in_json(text: bytes) -> Any:
    """Return what a JSON text in UTF-8 says.

    Raises ValueError for one that is cut off, of which readers would differ (brackets without end, Infinity, NaN, a
    name that is there twice, half of a letter), or whose many parts would fill the memory.
    """
    try:
        told = json.loads(
            few_parts(text).decode("utf-8-sig"), parse_constant=_refuse_constant, object_pairs_hook=_each_once
        )
        if b"\\u" in text:  # the only way to write half of a letter
            json.dumps(told, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("too deep") from error
    return told


def few_parts(text: bytes) -> bytes:
    """Return a JSON text that can be read without filling the memory. Raises ValueError for any other."""
    if sum(text.count(sign) * size for sign, size in _IN_MEMORY.items()) > _MOST_IN_MEMORY:
        raise ValueError("too many parts")
    return text


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    if len(told := dict(pairs)) < len(pairs):
        raise ValueError("a name is there twice")
    return told


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)
