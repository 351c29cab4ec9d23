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
