"""The pandoc that reads and writes Word documents."""

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def pandoc() -> str:
    """Return the path of the pandoc that came with pypandoc, or else of one that is installed."""
    package = find_spec("pypandoc")
    for folder in package.submodule_search_locations or [] if package else []:
        bundled = Path(folder) / "files" / ("pandoc.exe" if os.name == "nt" else "pandoc")
        if bundled.exists():
            return str(bundled)
    return "pandoc"


def environment(folder: Path | None = None) -> dict[str, str]:
    """Return the environment of a program that heeds no settings of the user's: with a folder, it is its home.

    GHCRTS would make pandoc say other things than the document, or write them into a file.
    """
    names = ("HOME", "XDG_DATA_HOME", "TMPDIR", "TEMP", "TMP") if folder else ()
    kept = {name: value for name, value in os.environ.items() if name != "GHCRTS"}
    return kept | dict.fromkeys(names, str(folder))
