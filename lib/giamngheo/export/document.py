"""An executed notebook as a document: its title and date, and what its cells say, in order."""

import datetime as dt
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from nbformat import NotebookNode

from giamngheo.errors import GiamngheoError
from giamngheo.export.foreign import foreign_bundle, text_bundle
from giamngheo.report.elements import Prose
from giamngheo.report.elements.bundle import METADATA_KEY, MimeBundle, typst
from giamngheo.report.elements.figure import svg_of
from giamngheo.report.elements.table import RESOURCE
from giamngheo.report.markup import one_line, typst_string

UNDATED = "1980-01-01"
"""Date of a document that tells none: the first day a zip archive knows."""

NOTE_TAG = "note"
"""Cells with this tag speak to whoever works in the notebook, not to the reader of the report."""

_NO_TITLE = "Sổ tay"

_HEADING = re.compile(r"<h([2-6])>(.*?)</h\1>", re.DOTALL)

_FIRST_HEADING = re.compile(r"<h2>(.*?)</h2>\n", re.DOTALL)

_TAG = re.compile(r"<[^>]*>")


class UnexecutedNotebookError(GiamngheoError):
    """Some cells of the notebook did not run, so that its document would lack what they say."""

    def __init__(self, cells: list[int]) -> None:
        super().__init__(
            f"Sổ tay còn {len(cells)} ô mã chưa chạy (ô số {', '.join(map(str, cells))});"
            " hãy chạy tất cả các ô (Run All), lưu lại rồi xuất."
        )


class FailedNotebookError(GiamngheoError):
    """A cell of the notebook failed."""

    def __init__(self, cell: int, reason: str) -> None:
        super().__init__(f"Ô số {cell} của sổ tay bị lỗi: {reason}. Hãy sửa, chạy lại tất cả các ô rồi xuất.")


@dataclass(frozen=True)
class Part:
    """What one output or one cell of text says. svg: of a figure with its `alt` and `caption`.

    table: the values of a table as a data resource.
    """

    html: str
    typst: str
    svg: str = ""
    alt: str = ""
    caption: str = ""
    table: dict[str, Any] | None = None


@dataclass(frozen=True)
class Document:
    """A document to be written in some format. running_head: stands at the head and foot of every page."""

    title: str
    author: str
    date: dt.date
    lang: str
    running_head: str
    parts: tuple[Part, ...]


def document(notebook: NotebookNode) -> Document:
    """Document of an executed notebook: its text and outputs, no code.

    Raises UnexecutedNotebookError, FailedNotebookError.
    """
    _require_success(notebook)
    cells = [cell for cell in notebook.cells if NOTE_TAG not in cell.metadata.get("tags", ())]
    bundles = [found for cell in cells for found in _bundles(cell)]
    about: dict[str, Any] = {}
    for _, metadata in bundles:
        about |= metadata[METADATA_KEY]
    parts = [_part(data, metadata[METADATA_KEY]) for data, metadata in bundles if data["text/html"]]
    if "title" not in about:
        about["title"], parts = _with_title(parts)
    return Document(
        title=one_line(about["title"]),
        author=one_line(about.get("author", "")),
        date=dt.date.fromisoformat(about.get("date", UNDATED)),
        lang=about.get("lang", "vi"),
        running_head=one_line(about.get("running_head", "")),
        parts=_in_order(parts),
    )


def _require_success(notebook: NotebookNode) -> None:
    code = [(number, cell) for number, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"]
    for number, cell in code:
        for output in cell.outputs:
            if output.output_type == "error":
                raise FailedNotebookError(number, one_line(f"{output.ename}: {output.evalue}"))
    if waiting := [number for number, cell in code if cell.source.strip() and cell.execution_count is None]:
        raise UnexecutedNotebookError(waiting)


def _bundles(cell: NotebookNode) -> Iterator[MimeBundle]:
    """What a cell says, as bundles of ours."""
    if cell.cell_type == "markdown":
        yield Prose(cell.source)._repr_mimebundle_()
    for output in cell.get("outputs", ()):
        if METADATA_KEY in output.get("metadata", {}):
            yield output.data, output.metadata
        elif "data" in output:
            yield from foreign_bundle(output.data)
        elif output.output_type == "stream" and output.name == "stdout":
            yield text_bundle(output.text)


def _part(data: dict[str, Any], about: dict[str, Any]) -> Part:
    shown = data["text/html"]
    if "alt" in about and (svg := svg_of(shown)):
        words = {"alt": about["alt"], "caption": about["caption"]}
        return Part(html=shown, typst=typst("figure", svg=svg, **words), svg=svg, **words)
    return Part(html=shown, typst=data["text/typst"], table=data.get(RESOURCE))


def _with_title(parts: list[Part]) -> tuple[str, list[Part]]:
    """The title of a notebook without a letterhead, which is its first heading, and the parts under it."""
    if parts and (heading := _FIRST_HEADING.match(parts[0].html)):
        first = replace(
            parts[0],
            html=f"<h1>{heading[1]}</h1>\n{parts[0].html[heading.end() :]}",
            typst=parts[0].typst.replace("section(1, ", "document-title(", 1),
        )
        return html.unescape(_TAG.sub("", heading[1])), [first, *parts[1:]]
    return _NO_TITLE, [Part(f"<h1>{_NO_TITLE}</h1>", f"#document-title({typst_string(_NO_TITLE)})"), *parts]


def _in_order(parts: list[Part]) -> tuple[Part, ...]:
    """Parts whose headings never skip a level."""
    above = 1

    def heading(match: re.Match[str]) -> str:
        nonlocal above
        above = min(int(match[1]), above + 1)
        return f"<h{above}>{match[2]}</h{above}>"

    return tuple(replace(part, html=_HEADING.sub(heading, part.html)) for part in parts)
