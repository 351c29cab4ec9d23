"""Typst shut off from the machine: it reads no file, loads no package and knows our fonts only.

A process that draws one image imports this and no more.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Literal, cast

import typst

from giamngheo.core.isolation import forbid_core_files
from giamngheo.core.scratch import scratch_folder
from giamngheo.report.markup import typst_string

if sys.platform != "win32":
    import resource


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


_SECONDS = 30
"""Of the processor, for an image."""

_MOST_MEMORY = 4_000_000_000

_PAGE = '#set page(width: %s, height: %s, margin: 0pt)\n#image(bytes(%s), format: "svg", width: 100%%)'

UNREADABLE = 3
"""Exit status of `main` for an image that Typst cannot read."""


def image_page(svg: str, size: tuple[str, str], form: Literal["pdf", "png", "svg"]) -> bytes:
    """Return an image alone on a page of a width and height. Raises typst.TypstError where Typst cannot read it."""
    return compiled(_PAGE % (*size, typst_string(svg)), form=form)


def main() -> None:
    """Draw the SVG of standard input as a PDF and a Word file have it, as a process of its own, within bounds."""
    forbid_core_files()
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    svg = sys.stdin.buffer.read().decode()
    try:
        for form in ("pdf", "png"):
            image_page(svg, ("16cm", "23cm"), form)
    except typst.TypstError:
        sys.exit(UNREADABLE)
