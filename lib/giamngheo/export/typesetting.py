"""Typst shut off from the machine: it reads no file, loads no package and knows our fonts only.

Whether it can draw an image, and in bounded time: a short line of SVG can ask for hours.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Literal, cast

import typst

from giamngheo.core.isolation import forbid_core_files, isolated
from giamngheo.core.scratch import scratch_folder
from giamngheo.export.refusals import BadImageError
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


_SECONDS, _PATIENCE = 30, 300
"""Of the processor, and of the clock: on a machine that is busy an image is drawn as on any other."""

_MOST_MEMORY = 4_000_000_000

_PAGE = '#set page(width: %s, height: %s, margin: 0pt)\n#image(bytes(%s), format: "svg", width: 100%%)'

_BROKEN = 3
"""Exit status for an image that Typst cannot read."""


def require_drawable(svg: str) -> None:
    """Require that Typst can read it, so that it does not fail with the whole document around it.

    Raises BadImageError.
    """
    try:
        _drawn(svg, ("1cm", "1cm"), "svg")
    except typst.TypstError as error:
        raise BadImageError("tệp hình hỏng") from error


def require_drawn_soon(svg: str) -> None:
    """Require that a process of its own draws it as large as a page within bounds. Raises BadImageError."""
    command = isolated("from giamngheo.export.typesetting import main; main()")
    try:
        status = subprocess.run(command, input=svg.encode(), capture_output=True, timeout=_PATIENCE).returncode
    except subprocess.TimeoutExpired:
        status = None
    if status != 0:
        raise BadImageError("tệp hình hỏng" if status == _BROKEN else "vẽ quá lâu hoặc tốn quá nhiều bộ nhớ")


def main() -> None:
    """Draw the SVG of standard input as a PDF and a Word file have it."""
    forbid_core_files()
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    svg = sys.stdin.buffer.read().decode()
    try:
        _drawn(svg, ("16cm", "23cm"), "pdf")
        _drawn(svg, ("16cm", "23cm"), "png")
    except typst.TypstError:
        sys.exit(_BROKEN)


def _drawn(svg: str, size: tuple[str, str], form: Literal["pdf", "png", "svg"]) -> bytes:
    return compiled(_PAGE % (*size, typst_string(svg)), form=form)
