"""An executed notebook as a document: its title and date, and what its cells say, in order."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nbformat import NotebookNode

from giamngheo.export.foreign.formulas import with_formulas
from giamngheo.export.foreign.images import checked_svg, linked_svg, require_drawable
from giamngheo.export.foreign.outputs import captioned, output_elements, printed
from giamngheo.export.foreign.prose import ordered, referred, titled, words_of
from giamngheo.export.foreign.shown import Shown, Words, missing, paragraphs, text_token
from giamngheo.export.refusals import BadImageError, FailedNotebookError, UnexecutedNotebookError
from giamngheo.report.elements import DataTable, Figure, Letterhead, Marking, Prose
from giamngheo.report.elements.bundle import METADATA_KEY
from giamngheo.report.elements.captions import full_caption, numbered, references
from giamngheo.report.elements.stored import BrokenElementError, Element, element_of
from giamngheo.report.markup import one_line

UNDATED = dt.date(1980, 1, 1)
"""Date of a document that tells none: the first day a zip archive knows."""

NOTE_TAG = "note"
"""Cells with this tag speak to whoever works in the notebook, not to the reader of the report."""

ANNEX_TAG = "annex"
"""Cells with this tag are for the office alone, not for those who are sent the report."""

ALLOWED_TO_FAIL, SKIPPED = "raises-exception", "skip-execution"
"""Tags of nbclient: cells whose errors are part of what they show, and cells that are never run."""

BROKEN = (
    "[Phần này mang dấu của giamngheo nhưng không còn nguyên vẹn, nên chỉ giữ phần chữ."
    " Hãy chạy lại tất cả các ô (Run All), lưu lại rồi xuất.]"
)
"""Stands before an output that bears our mark but is not what we write."""

_NUMBER, _WAITS = "giamngheo_cell", "giamngheo_waits"

_NO_TITLE = "Sổ tay"


@dataclass(frozen=True)
class Document:
    """A document to be written in some format. running_head: stands at the head and foot of every page.

    annex: what is for the office alone. note: what a page on screen says above it.
    """

    title: str
    author: str
    date: dt.date
    lang: str
    running_head: str
    parts: tuple[Shown, ...]
    annex: tuple[Shown, ...] = ()
    note: str = ""

    @property
    def tables(self) -> list[dict[str, Any]]:
        """Values of its tables, as data resources."""
        return [part.resource() for part in self.parts + self.annex if isinstance(part, DataTable)]


def marked(notebook: NotebookNode) -> NotebookNode:
    """Return a copy whose cells know their number and whether they wait to be run.

    Preprocessors of nbconvert leave cells out, and empty others so that they look as if they had never run.
    """
    cells = []
    for number, cell in enumerate(notebook.cells, 1):
        known = {_NUMBER: number, _WAITS: cell.cell_type == "code" and _waits(cell)}
        cells.append(NotebookNode(cell, metadata=NotebookNode(cell.metadata, **known)))
    return NotebookNode(notebook, cells=cells)


def document(notebook: NotebookNode) -> Document:
    """Return the document of an executed notebook: its text and outputs, no code.

    notebook: as it is, or as `marked` made it. Raises UnexecutedNotebookError, FailedNotebookError.
    """
    whole = notebook if all(_NUMBER in cell.metadata for cell in notebook.cells) else marked(notebook)
    _require_success(whole)
    cells = [cell for cell in whole.cells if NOTE_TAG not in _tags(cell)]
    counted = Counter[str]()
    sides = [[cell for cell in cells if (ANNEX_TAG in _tags(cell)) == is_annex] for is_annex in (False, True)]
    made = [list(_parts(side, counted)) for side in sides]
    marking = next((part.marking for part in made[0] if isinstance(part, Marking)), "")
    shown = _with_references(*([part for part in side if not isinstance(part, Marking)] for side in made))
    parts, annex = map(with_formulas, shown)
    head = next((part for part in parts if isinstance(part, Letterhead)), None)
    title, parts = (head.document_title, parts) if head else _with_title(parts)
    return Document(
        title=one_line(title),
        author=one_line(head.issuing_body) if head else "",
        date=head.date if head else UNDATED,
        lang=head.lang if head else "vi",
        running_head=one_line(head.marking if head else marking),
        parts=tuple(_in_order(parts)),
        annex=tuple(_in_order(annex)),
    )


def annex_of(made: Document) -> Document:
    """Return the annex of a document as one of its own, under its title."""
    title = f"Phụ lục: {made.title}"
    return replace(made, title=title, parts=(_title(title), *made.annex), annex=())


def _tags(cell: NotebookNode) -> list[str]:
    tags = cell.metadata.get("tags", [])
    return tags if isinstance(tags, list) else []


def _waits(cell: NotebookNode) -> bool:
    return bool(cell.source.strip()) and cell.execution_count is None and SKIPPED not in _tags(cell)


def _require_success(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error" and ALLOWED_TO_FAIL not in _tags(cell):
                raise FailedNotebookError(cell.metadata[_NUMBER], _said(output))
    waiting = [cell for cell in notebook.cells if cell.metadata[_WAITS] and cell.execution_count is None]
    if waiting:  # nbconvert --execute has run them since they were marked
        raise UnexecutedNotebookError([cell.metadata[_NUMBER] for cell in waiting])


def _said(error: NotebookNode) -> str:
    """Return what an error says: an error of ours is a sentence (core.errors), others have a kind."""
    if error.get("traceback") == [error.get("evalue")]:
        return one_line(error.evalue)
    return one_line(f"{error.get('ename', '')}: {error.get('evalue', '')}")


def _parts(cells: Iterable[NotebookNode], counted: Counter[str]) -> Iterator[Shown | Marking]:
    """Yield what cells say, the tables and figures of ours numbered one after the other; `counted` is counted on."""
    for cell in cells:
        if cell.cell_type == "markdown":
            yield from words_of(cell.source, cell.get("attachments"))
        shown = [(part, output) for output in cell.get("outputs", ()) for part in _shown(output)]
        parts = captioned([part for part, _ in shown], cell.metadata.get(METADATA_KEY))
        for part, (_, output) in zip(parts, shown, strict=True):
            element = numbered(part, counted) if isinstance(part, DataTable | Figure) else part
            is_own = METADATA_KEY in output.get("metadata", {})
            yield _checked(element) if is_own and isinstance(element, Figure) else element


def _shown(output: NotebookNode) -> Iterator[Shown | Marking]:
    if output.output_type == "stream":
        yield from printed(output.text) if output.name == "stdout" else ()
    elif output.output_type == "error":
        yield from printed(_said(output))
    elif "data" in output:
        yield from _output(output.data, output.get("metadata", {}))


def _with_references(*sides: list[Shown]) -> list[list[Shown]]:
    """Return the parts of both sides, whose text refers to tables and figures by their numbers."""
    known = references(part for parts in sides for part in parts if isinstance(part, DataTable | Figure))
    if not known:
        return [*sides]
    return [[referred(part, known) if isinstance(part, Words) else part for part in parts] for parts in sides]


def _output(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> Iterator[Shown | Marking]:
    if METADATA_KEY in metadata:
        try:
            element = element_of(data, metadata)
        except BrokenElementError:
            yield paragraphs(BROKEN, kind="emphasis")
        else:
            yield from _own(element)
            return
    yield from output_elements(data, metadata)


def _own(element: Element | None) -> Iterator[Shown | Marking]:
    """Yield an element of ours."""
    if isinstance(element, Prose):
        yield from words_of(element.markdown)
    elif element is not None:
        yield element


def _checked(element: Figure) -> Figure | Words:
    """Return a figure whose SVG is sound; in a notebook file it may be anybody's."""
    try:
        return replace(element, svg=checked_svg(element.svg, linked_svg))
    except BadImageError as error:
        return missing(full_caption(element) or element.alt, error)


def in_page_width(made: Document) -> Document:
    """Return a document whose tables are in parts no wider than a page."""
    parts = (part.pages() if isinstance(part, DataTable) else [part] for part in made.parts)
    return replace(made, parts=tuple(piece for pieces in parts for piece in pieces))


def with_drawable_figures(made: Document) -> Document:
    """Return a document in which words stand for the figures that Typst cannot draw."""
    return replace(made, parts=tuple(map(_drawable, made.parts)))


def _drawable(part: Shown) -> Shown:
    if isinstance(part, Figure):
        try:
            require_drawable(part.svg)
        except BadImageError as error:
            return missing(full_caption(part) or part.alt, error)
    return part


def _with_title(parts: list[Shown]) -> tuple[str, list[Shown]]:
    """Return the title of a notebook without a letterhead, which is its first heading, and its parts."""
    first = parts[0] if parts else None
    if isinstance(first, Words) and (found := titled(first)):
        return found[0], [found[1], *parts[1:]]
    return _NO_TITLE, [_title(_NO_TITLE), *parts]


def _title(text: str) -> Words:
    return Words(({"type": "title", "children": [text_token(text)]},))


def _in_order(parts: list[Shown]) -> Iterator[Shown]:
    """Yield parts whose headings never skip a level."""
    open_levels: list[int] = []
    for part in parts:
        yield ordered(part, open_levels) if isinstance(part, Words) else part
