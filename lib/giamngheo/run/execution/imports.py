"""Imports that cost more than they give."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_iri_grammar() -> Iterator[None]:
    """Let jsonschema be imported, as long as the block lasts, without its checker of internationalised addresses.

    The checker builds a grammar of RFC 3987 when it is imported: 1.0 s of the 1.4 s that `import papermill`
    takes, for a format that no notebook schema uses. jsonschema takes a failing import for "not installed".
    """
    name = "rfc3987_syntax"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
