"""Files that others wrote: read within bounds, so that none fills the memory, hangs or is taken for what it is not.

JSON is held against a schema of ours, by jsonschema only where its words are needed: it is slow to import and to ask.
"""

import errno
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import fastjsonschema

from giamngheo.core.errors import TooLargeError, UnreadableError

if TYPE_CHECKING:
    from jsonschema import ValidationError

LARGEST = 500_000_000
"""Bytes of a file that is read, but of household files: reports and workbooks have a hundredth."""

_BLOCK = 1 << 20

_MOST_IN_MEMORY = 1_000_000_000
_IN_MEMORY = {b"{": 200, b"[": 90, b",": 60}
"""Bytes that an object, a list and what stands beside another take in the memory: 40 times those of the text."""


_CHECKERS = ("isoduration", "rfc3986_validator", "rfc3987_syntax")
"""What jsonschema has for formats that no schema of a notebook and none of ours uses."""


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


def is_valid(told: Any, package: str, name: str, part: str = "") -> bool:
    """Return whether JSON is as a schema has it: a file of a package or, of its $defs, a part.

    It takes a tenth of the time of jsonschema: a list of the reports of the country reads forty thousand manifests.
    """
    try:
        _accepted(package, name, part)(told)
    except fastjsonschema.JsonSchemaException:
        return False
    return True


def fault(told: Any, package: str, name: str) -> "ValidationError | None":
    """Return what tells best why JSON is not as the schema of a file of a package has it, None where it is."""
    if is_valid(told, package, name):
        return None
    with without_format_checkers():
        from jsonschema import Draft202012Validator
        from jsonschema.exceptions import best_match
    return best_match(Draft202012Validator(_schema(package, name)).iter_errors(told))


@cache
def _accepted(package: str, name: str, part: str) -> Callable[[Any], Any]:
    """Return what raises fastjsonschema.JsonSchemaException where JSON is not as a schema has it."""
    schema = _schema(package, name)["$defs"][part] if part else _schema(package, name)
    return cast("Callable[[Any], Any]", fastjsonschema.compile(schema, use_default=False))


def _schema(package: str, name: str) -> Any:
    return json.loads(resources.files(package).joinpath(name).read_text("utf-8"))


@contextmanager
def without_format_checkers() -> Iterator[None]:
    """Let jsonschema be imported, as long as the block lasts, without its checkers of addresses and durations.

    That of internationalised addresses builds a grammar of RFC 3987 when it is imported: 1.0 s of the 1.4 s that
    `import papermill` takes, the others 0.05 s, for formats that no schema of a notebook and none of ours uses.
    jsonschema takes a failing import for "not installed".
    """
    hidden = [name for name in _CHECKERS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
