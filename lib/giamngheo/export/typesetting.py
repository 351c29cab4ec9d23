"""Typst shut off from the machine: it reads no file, loads no package and knows our fonts only."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Literal, cast

import typst

from giamngheo.core.scratch import scratch_folder


@cache
def fonts() -> typst.Fonts:
    """Return Liberation Serif and, for signs it lacks, the fonts within Typst; none of the machine's."""
    with as_file(files("giamngheo.report") / "drawing" / "fonts") as folder:
        return typst.Fonts(include_system_fonts=False, font_paths=[folder])


_MEMORY = 10
"""Documents after which Typst forgets what it computed for one."""


def compiled(source: str, *, form: Literal["pdf", "png", "svg"], **options: Any) -> bytes:
    """Return what Typst makes of its code, in one page where it is an image. Raises typst.TypstError."""
    with _compiler(source) as compiler:
        return cast(bytes, compiler.compile(format=form, **options))


@contextmanager
def _compiler(source: str) -> Iterator[typst.Compiler]:
    """Provide a compiler whose files and packages are those of an empty folder.

    The folder of packages is no folder, so that none can be downloaded into it.
    """
    with scratch_folder("typst") as folder:
        root, nowhere = folder / "root", folder / "packages"
        root.mkdir()
        nowhere.touch()
        yield typst.Compiler(
            source.encode(),
            root=root,
            font_paths=fonts(),
            package_path=nowhere / "local",
            package_cache_path=nowhere / "cache",
        )


def forget() -> None:
    """Make Typst drop the 20 MB or so that it keeps of every document, by empty ones; it has no other way.

    A process that makes hundreds of reports would grow without them (github.com/messense/typst-py/issues/104).
    """
    for _ in range(_MEMORY):
        typst.Compiler(b"", font_paths=fonts()).compile(format="svg")
