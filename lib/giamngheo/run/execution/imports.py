"""Imports that cost more than they give."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_CHECKERS = ("isoduration", "rfc3986_validator", "rfc3987_syntax")


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
