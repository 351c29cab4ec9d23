"""Letters that no font of a report has: those of a workbook by their cells, before a report stops at them."""

import re
from collections.abc import Iterable, Iterator

import typst
from defusedxml.ElementTree import fromstring

from giamngheo.core.finding import Finding, without_floods
from giamngheo.core.message import message, quoted
from giamngheo.export.typesetting import compiled, forget
from giamngheo.report.markup import typst_string
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.schema import Table, table, tables

PLAIN = " -~\u00a0-\u017fƠơƯư\u1ea0-\u1ef9\u2013\u2014\u2018-\u201e\u2022\u2026"
"""What every font has without a look at it, as in [] of a pattern: the letters of Vietnamese, the usual signs."""

ON_PAPER = ("form", "recipients", "units")
"""The tables of which the report on a household file prints texts."""

MOST_JUDGED = 500
"""Pieces of text that are set to see whether a font has them, 2 ms each."""

_ODD = re.compile(f"[{PLAIN}]?[^{PLAIN}\\s]+")
_TEXTS = {"{http://www.w3.org/2000/svg}text", "text"}
_WORDS = {"text", "code"}

_Cell = tuple[str, str, int, str]
"""Name of a table and a column, row, and what stands there."""


def unshown_letters(data: Dataset, names: Iterable[str] = ()) -> list[Finding]:
    """Return an error for each text with a letter that the fonts of the figures, or of the PDF, lack.

    names: of the tables whose texts are printed, all without.
    """
    wanted = set(names) or {entry.name for entry in tables()}
    odd = [cell for entry in tables() if entry.name in wanted for cell in _texts(data, entry) if _ODD.search(cell[3])]
    if not odd:
        return []
    lacking = set(_unset({piece for *_, text in odd for piece in _ODD.findall(text)}))
    found = []
    for cell in odd:
        if letters := _letters(cell, lacking):
            found.append(_finding(data, cell, letters))
    return list(without_floods(found))


def letters_without_font(svg: str) -> str:
    """Return the first letters in a drawing that Typst has no font for and leaves out, "" where there are none."""
    if not _ODD.search(svg) and "&#" not in svg:
        return ""
    said = "\n".join("".join(text.itertext()) for text in fromstring(svg).iter() if text.tag in _TEXTS)
    return next(iter(_unset(set(_ODD.findall(said)))), "")


def _texts(data: Dataset, entry: Table) -> Iterator[_Cell]:
    """Yield the texts of a table that a report prints."""
    columns = [column.name for column in entry.columns if column.kind in _WORDS and column.name != "note"]
    if entry.layout == "record":
        yield from ((entry.name, name, 0, data.form.get(name, "")) for name in columns)
        return
    for name in columns:
        rows = data[entry.name][["row", name]].itertuples(index=False)
        yield from ((entry.name, name, int(row), text) for row, text in rows)


def _letters(cell: _Cell, lacking: set[str]) -> str:
    """Return what of a text cannot be shown, "" where all can be."""
    name, column, _, text = cell
    if (name, column) == ("units", "name"):
        from giamngheo.report.drawing.letters import unknown_letter  # matplotlib takes half a second to load

        return unknown_letter(text) or ""
    return next((piece for piece in _ODD.findall(text) if piece in lacking), "")


def _finding(data: Dataset, cell: _Cell, letters: str) -> Finding:
    name, column, row, text = cell
    stands = message("{text} has the letter {letter}", text=quoted(text), letter=quoted(letters))
    expected = message("letters that the fonts of a report have")
    return Finding(
        "unknown-letter", "error", data.file, table(name).sheet, data.cell(name, column, row), stands, expected
    )


def _unset(pieces: set[str]) -> list[str]:
    """Return the pieces of text for which Typst has no font, among the first of very many."""
    found = sorted(pieces)[:MOST_JUDGED]
    if _is_set(found):
        return []
    lacking = [piece for piece in found if not _is_set([piece])]
    forget()
    return lacking


def _is_set(pieces: Iterable[str]) -> bool:
    """Return whether Typst has a font for every letter, upright, bold and slanted: a PDF/UA-1 is refused otherwise."""
    shown = "\n\n".join("#{0} #strong({0}) #emph({0})".format(typst_string(piece)) for piece in pieces)
    try:
        compiled(f'#set document(title: "-")\n{shown}', form="pdf", pdf_standards=["ua-1"])
    except typst.TypstError:
        return False
    return True
