"""Outputs that are no elements of ours (tables of pandas, images, printed text) as elements of a document."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nbconvert.filters import strip_ansi

from giamngheo.export.foreign.html import elements_of
from giamngheo.export.foreign.images import MIME_TYPES, image_svg
from giamngheo.export.foreign.prose import words_of
from giamngheo.export.foreign.shown import NO_ALT, Printed, Shown, Words, missing, paragraphs
from giamngheo.export.refusals import BadImageError
from giamngheo.report.elements import DataTable, Figure, Marking
from giamngheo.report.markup import one_line

_WIDGET = "application/vnd.jupyter.widget-view+json"

_NAMELESS = "<IPython.core.display."
"""How the text of an output begins that says nothing of what it shows."""

_RUNS = ("<script", "<iframe", "<canvas", "<video", "<audio", "<object", "<embed")


def printed(text: Any) -> Iterator[Printed]:
    """Yield printed text, if there is any."""
    shown = strip_ansi(_joined(text))
    if shown.strip():
        yield Printed(shown)


def output_elements(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> Iterator[Shown]:
    """Yield what an output shows, from the best of its formats that a document can hold; nothing of a widget."""
    html, plain = _joined(data.get("text/html")), _joined(data.get("text/plain"))
    if _WIDGET in data:
        return
    if found := elements_of(html):
        yield from found
    elif any(kind in data for kind in MIME_TYPES):
        yield _image(data, metadata)
    elif markdown := _joined(data.get("text/markdown")):
        yield from words_of(markdown)
    elif (formula := _joined(data.get("text/latex"))).startswith(("$", "\\begin{")):
        yield from words_of(formula)
    elif plain and not plain.startswith(_NAMELESS):
        yield from printed(plain)
    elif any(tag in html.lower() for tag in _RUNS) or not html:
        yield _unshown(data)


def captioned(parts: Sequence[Shown | Marking], about: Any) -> Iterator[Shown | Marking]:
    """Yield what a cell shows, its first figure, or table where it has no figure, with what the cell says of it.

    about: the cell's metadata `giamngheo`: caption, alt (of a figure), name (by which text refers to it).
    """
    told = {key: one_line(str(value)) for key, value in about.items()} if isinstance(about, Mapping) else {}
    told = {key: value for key, value in told.items() if key in ("caption", "alt", "name") and value}
    kinds = [kind for kind in (Figure, DataTable) if any(isinstance(part, kind) for part in parts)] if told else []
    for part in parts:
        if kinds and isinstance(part, kinds[0]):
            kinds = []
            part = _told(part, told)
        yield part


def _told(part: Figure | DataTable, told: Mapping[str, str]) -> Figure | DataTable:
    name, caption = told.get("name", part.name), told.get("caption", part.caption)
    if isinstance(part, DataTable):
        return replace(part, caption=caption, name=name, series="Bảng")
    alt = told.get("alt") or (caption if part.alt == NO_ALT and caption else part.alt)
    return replace(part, caption=caption, alt=alt, name=name)


def _image(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> Figure | Words:
    """Return the first image of an output that can be shown, or what stands in its place."""
    problem, alt = BadImageError(), ""
    for kind in MIME_TYPES:
        if kind not in data:
            continue
        about = metadata.get(kind)
        sizes = about if isinstance(about, Mapping) else {}
        alt = one_line(str(sizes.get("alt") or alt))
        try:
            return Figure(image_svg(kind, data[kind], sizes), alt or NO_ALT, "")
        except BadImageError as error:
            problem = problem if str(problem) else error
    return missing(alt, problem)


def _unshown(data: Mapping[str, Any]) -> Words:
    """Return what stands in the place of an output that only a browser shows."""
    kinds = ", ".join(sorted(one_line(kind) for kind in data if kind != "text/plain")) or "text/plain"
    return paragraphs(f"[Kết quả chỉ xem được trong sổ tay: {kinds}]", kind="emphasis")


def _joined(text: Any) -> str:
    """Return the text of a format, which a file may hold in lines; "" for what is none."""
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        return "".join(text)
    return text if isinstance(text, str) else ""
