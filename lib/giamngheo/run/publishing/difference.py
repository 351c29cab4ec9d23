"""What differs between two reports: inputs, cells of workbooks, numbers with where they come from, sentences."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from giamngheo.core.errors import shown
from giamngheo.core.foreign import few_parts
from giamngheo.core.paths import EXECUTED
from giamngheo.export.document import Document, document
from giamngheo.export.foreign.shown import Words
from giamngheo.report.elements import DataTable
from giamngheo.report.elements.markdown import Token, plain_text
from giamngheo.run.execution.normalise import NoNotebookError
from giamngheo.run.provenance.manifest import Manifest, files_as_made, read_manifest
from giamngheo.workbook.read.sheets import CellValues, cell_values

_Number = tuple[str, str, str]
"""Table, row and column."""

_NONE = "(không có)"

_MOST_TOLD = 8
"""Cells that a line names as the causes of a number."""

_MOST_IN_ORDER = 2_000
"""Sentences that are compared in their order; a report has some hundred."""

_CELLS = re.compile(r"'((?:[^']|''){1,62})'!([A-Z]{1,3})(\d{1,7})(?::[A-Z]{1,3}(\d{1,7}))?")
"""Cells of a formula that a report tells: 'Vốn giao'!G5, 'Vốn giao'!G5:G17."""


def differences(before: Path, after: Path, workbooks: tuple[Path, Path] | None = None) -> Iterator[str]:
    """Yield a line for each thing that differs between the reports in two folders.

    workbooks: those that they were made from, where both are there: the cells that differ are named, and with each
    number those of its cells that did. Raises NoManifestError, UnreadableError, OSError.
    """
    old, new = (read_manifest(folder) for folder in (before, after))
    yield from _of_recipes(old, new)
    changed = list(_changed_cells(*map(cell_values, workbooks))) if workbooks else []
    yield from (f"ô {place}: {typed} → {retyped}" for place, typed, retyped in changed)
    was, now = (document(_notebook(folder, kept)) for folder, kept in ((before, old), (after, new)))
    yield from _of_numbers(_numbers(was), _numbers(now), [place for place, _, _ in changed])
    yield from _of_sentences(_sentences(was), _sentences(now))


def _notebook(folder: Path, kept: Manifest) -> NotebookNode:
    """Return the notebook of the report in a folder. Raises ChangedReportError, NoNotebookError, UnreadableError."""
    try:
        notebook = nbformat.reads(few_parts(files_as_made(folder, kept, [EXECUTED])[EXECUTED]), as_version=4)
        nbformat.validate(notebook)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, nbformat.ValidationError) as error:
        raise NoNotebookError(folder / EXECUTED) from error
    return notebook


def _of_recipes(old: Manifest, new: Manifest) -> Iterator[str]:
    compared = (
        ("tệp đầu vào", old.recipe.inputs, new.recipe.inputs),
        ("tham số", old.recipe.parameters, new.recipe.parameters),
    )
    for words, before, after in compared:
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                how = "đã khác" if name in before and name in after else "mới có" if name in after else "không còn"
                yield f"{words} {shown(name)}: {how}"
    if old.recipe.software != new.recipe.software:
        yield "chương trình: đã khác"


def _changed_cells(before: CellValues, after: CellValues) -> Iterator[tuple[str, str, str]]:
    """Yield place, value before and value after of each cell that differs."""
    for sheet, address in (*before, *(place for place in after if place not in before)):
        was, now = before.get((sheet, address), ""), after.get((sheet, address), "")
        if was != now:
            quoted = sheet.replace("'", "''")
            yield f"'{quoted}'!{address}", was or _NONE, now or _NONE


def _numbers(made: Document) -> dict[_Number, tuple[str, str]]:
    """Return what each number of the tables shows and where it comes from."""
    found: dict[_Number, tuple[str, str]] = {}
    for part in (*made.parts, *made.annex):
        if isinstance(part, DataTable):
            found |= dict(_of_table(part))
    return found


def _of_table(table: DataTable) -> Iterator[tuple[_Number, tuple[str, str]]]:
    names = [column.name for column in table.columns if column.kind in ("code", "text")]
    for place, row in enumerate(table.frame.to_dict("records")):
        label = " ".join(str(row[name]) for name in names[:2] if row[name])
        for column in table.columns:
            if column.name not in names:
                origins = table.origins.get(column.name)
                key = (table.caption, label, " – ".join(column.header))
                yield key, (column.shown(row[column.name]), origins[place] if origins else "")


def _of_numbers(
    before: Mapping[_Number, tuple[str, str]], after: Mapping[_Number, tuple[str, str]], changed: Iterable[str]
) -> Iterator[str]:
    rows: dict[tuple[str, str], list[int]] = {}
    for sheet, column, row, _ in _CELLS.findall(" ".join(changed)):
        rows.setdefault((sheet, column), []).append(int(row))
    for key in (*before, *(key for key in after if key not in before)):
        (was, _), (now, origin) = before.get(key, (_NONE, "")), after.get(key, (_NONE, ""))
        if was != now:
            causes = list(_causes(origin, rows))
            because = (
                f"; do ô {', '.join(causes[:_MOST_TOLD])}{' …' * bool(causes[_MOST_TOLD:])}"
                if causes
                else f"; nguồn {origin}"
                if origin
                else ""
            )
            yield f"{', '.join(filter(None, key))}: {was} → {now}{because}"


def _causes(formula: str, changed: Mapping[tuple[str, str], list[int]]) -> Iterator[str]:
    """Yield the cells among those that changed which a formula names, each once. changed: rows by sheet and column."""
    found: dict[str, None] = {}
    for sheet, column, first, last in dict.fromkeys(_CELLS.findall(formula)):
        rows = (row for row in changed.get((sheet, column), ()) if int(first) <= row <= int(last or first))
        found |= {f"'{sheet}'!{column}{row}": None for row in rows}
        if len(found) > _MOST_TOLD:
            break
    yield from found


def _sentences(made: Document) -> list[str]:
    parts = (part for part in (*made.parts, *made.annex) if isinstance(part, Words))
    return [line for part in parts for token in part.tokens for line in _lines(token)]


def _lines(token: Token) -> Iterator[str]:
    """Yield the text of a token, each item of a list by itself."""
    lists = [child for child in token["children"] if child["type"] == "list"]
    if token["type"] != "list":
        yield plain_text(token | {"children": [child for child in token["children"] if child not in lists]})
        token = {"children": lists}
    for child in token["children"]:
        yield from _lines(child)


def _of_sentences(before: list[str], after: list[str]) -> Iterator[str]:
    """Yield the sentences that went and came; of very many without their order, which would take hours."""
    signs = {"-": "bỏ", "+": "thêm"}
    if max(len(before), len(after)) > _MOST_IN_ORDER:
        for sign, here, there in (("-", before, after), ("+", after, before)):
            yield from (f"{signs[sign]}: {line}" for line in (Counter(here) - Counter(there)).elements())
        if before != after and Counter(before) == Counter(after):
            yield "thứ tự các câu: đã khác"
        return
    for line in list(difflib.unified_diff(before, after, lineterm="", n=0))[2:]:
        if line[0] in signs:
            yield f"{signs[line[0]]}: {line[1:]}"
