"""Rows put into a workbook that an officer already uses: only the cells that change are written."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from giamngheo.core.errors import GiamngheoError
from giamngheo.core.foreign import content
from giamngheo.regulation.own import own_catalogue
from giamngheo.workbook.change.book import all_formulas, book, calculate_anew, extend_tables, measured
from giamngheo.workbook.change.elements import Edit, edited
from giamngheo.workbook.change.formulas import Changed, Formula, named, on_its_own, outdated, without_result
from giamngheo.workbook.change.parts import Parts, changing, write
from giamngheo.workbook.change.rows import Look, written
from giamngheo.workbook.change.styles import put_styles, styles
from giamngheo.workbook.grid import grid
from giamngheo.workbook.read.marks import Area
from giamngheo.workbook.read.package import LARGEST_FILE
from giamngheo.workbook.read.sheets import Sheet, sheets
from giamngheo.workbook.read.structure import sheet_of
from giamngheo.workbook.schema import table, tables
from giamngheo.workbook.write.added_sheet import added_sheet
from giamngheo.workbook.write.placing import Filled, Placed, placed
from giamngheo.workbook.write.save import ChangedMeanwhileError, free_backup, put

_MOST_LISTED = 5
_MOST_TOLD = 20


class NotFilledError(GiamngheoError):
    """The rows have no place in the workbook; one line a problem."""

    def __init__(self, path: Path, problems: Sequence[str]) -> None:
        told = [f"{path.name}, {problem}" for problem in problems[:_MOST_TOLD]]
        more = [f"và {len(problems) - _MOST_TOLD} chỗ khác."] if len(problems) > _MOST_TOLD else []
        super().__init__("\n".join([*told, *more, "Chưa ghi gì vào sổ."]))


def fill_workbook(path: Path, frames: Mapping[str, pd.DataFrame], *, seen: bytes | None = None) -> tuple[Filled, ...]:
    """Write the rows of each table into the workbook at `path`; return what was done to each table.

    A row whose key (of the schema) stands in the sheet, as the reader reads it, is written over it, cell by cell; a
    new one goes below the last. Columns that a frame lacks, values that are NA and cells that say the same already
    stay as they are, and so does the whole file where nothing is new. A sheet that a workbook may do without is added.
    The workbook is replaced at once, when all is written; the old one stays beside it as .xlsx.bak, or .xlsx.bak2 and
    so on. seen: what it held as the frames were made, where they depend on it.

    Raises NotFilledError, where there is no room above what stands below a table or a row is not known by its key;
    NotChangedError, NotWrittenError; ChangedMeanwhileError where somebody saved it meanwhile.
    """
    saved, found, law = content(path, LARGEST_FILE), sheets(path), own_catalogue(path.parent.parent)
    if seen not in (None, saved):
        raise ChangedMeanwhileError(path)
    with changing(path, saved) as parts:
        formulas = all_formulas(parts, found)
        lacking = [table(name) for name in frames if sheet_of(table(name), found) is None]
        added = [added_sheet(parts, entry, frames[entry.name]) for entry in lacking if entry.optional]
        found, formulas = [*found, *added], formulas | {named(sheet.title): [] for sheet in added}
        plans = [
            placed(entry, sheet, frames[entry.name], formulas[named(sheet.title)], law=law)
            for entry in tables()
            if entry.name in frames and (sheet := sheet_of(entry, found)) is not None
        ]
        stale = _outdated(parts, formulas, plans)
        problems = [f"không có trang {table(name).sheet!r}" for name in frames if sheet_of(table(name), found) is None]
        problems += [line for plan in plans for line in plan.problems]
        if problems := [*problems, *_arrays(formulas, stale, plans, found)]:
            raise NotFilledError(path, problems)
        if any(plan.cells for plan in plans):
            _change(parts, found, plans, formulas=formulas, stale=stale)
            _save(path, saved, parts)
    done = [replace(plan.filled, overwritten=tuple(_overwritten(plan, formulas))) for plan in plans]
    return tuple(_with_outdated(done, stale, found))


def remarks(done: Sequence[Filled]) -> Iterator[str]:
    """Yield what an officer must know of formulas and columns, a sentence for each where there is something."""
    for filled in done:
        sheet = table(filled.table).sheet
        if filled.lost:
            yield f"trang {sheet!r}: không có cột {', '.join(map(repr, filled.lost))}, số của cột ấy không được ghi."
        if filled.overwritten:
            yield f"trang {sheet!r}: số được ghi thay cho công thức ở ô {_listed(filled.overwritten)}."
        if filled.outdated:
            yield (
                f"trang {sheet!r}: công thức ở ô {_listed(filled.outdated)} lấy số từ ô vừa ghi, chưa được tính lại; "
                "mở sổ bằng Excel, lưu lại rồi mới lập báo cáo."
            )


def _listed(cells: Sequence[str]) -> str:
    more = f" và {len(cells) - _MOST_LISTED} ô khác" if len(cells) > _MOST_LISTED else ""
    return ", ".join(cells[:_MOST_LISTED]) + more


def _save(path: Path, saved: bytes, parts: Parts) -> None:
    backup, before = free_backup(path), path.stat()
    made = {backup: lambda file: file.write(saved), path: lambda file: write(parts, file)}
    put(made, like=path, was={path: saved, backup: None})
    os.utime(backup, ns=(before.st_atime_ns, before.st_mtime_ns))


def _outdated(
    parts: Parts, formulas: Mapping[str, Sequence[Formula]], plans: Sequence[Placed]
) -> dict[str, list[Formula]]:
    """Return formulas that read what is to be written and are not written over themselves, by sheet."""
    changed, over = Changed(), set[tuple[str, int, int]]()
    for plan in plans:
        for row, values in plan.cells.items():
            for column in values:
                changed.add(named(plan.sheet.title), column, row)
                over.add((named(plan.sheet.title), row, column))
    if not over:
        return {}
    found = outdated(formulas, book(parts).names, changed)
    return {
        sheet: [formula for formula in entries if (sheet, formula.row, formula.column) not in over]
        for sheet, entries in found.items()
    }


def _arrays(
    formulas: Mapping[str, Sequence[Formula]],
    stale: Mapping[str, Sequence[Formula]],
    plans: Sequence[Placed],
    found: Sequence[Sheet],
) -> Iterator[str]:
    """Yield formulas that fill several cells and of which one cell would change, or all would be outdated."""
    cells = {named(plan.sheet.title): plan.cells for plan in plans}
    for sheet in found:
        title = named(sheet.title)
        old = {formula.reference for formula in stale.get(title, ())}
        for formula in formulas[title]:
            left, top, right, bottom = formula.area
            if (left, top) == (right, bottom):
                continue
            written_over = (
                column
                for row, values in cells.get(title, {}).items()
                for column in values
                if top <= row <= bottom and left <= column <= right
            )
            if formula.reference in old or any(written_over):
                yield (
                    f"trang {sheet.title!r}, ô {formula.reference}: công thức mảng của nhiều ô lấy số từ ô sẽ ghi; "
                    "cần thay bằng công thức từng ô hoặc giá trị"
                )


def _overwritten(plan: Placed, formulas: Mapping[str, Sequence[Formula]]) -> Iterator[str]:
    for formula in formulas[named(plan.sheet.title)]:
        if formula.column in plan.cells.get(formula.row, {}):
            yield formula.reference


def _with_outdated(
    done: Sequence[Filled], stale: Mapping[str, Sequence[Formula]], found: Sequence[Sheet]
) -> Iterator[Filled]:
    """Yield what was done, with the outdated formulas among the cells that the reader reads, of other tables too."""
    by_table = {entry.table: entry for entry in done}
    for declared in tables():
        sheet, filled = sheet_of(declared, found), by_table.get(declared.name)
        outdated_here: tuple[str, ...] = ()
        if sheet is not None and stale.get(named(sheet.title)):
            places = grid(declared, sheet.rows)
            read = {places.cell(name, line.row) for line in places.lines for name in places.columns}
            outdated_here = tuple(
                formula.reference for formula in stale[named(sheet.title)] if formula.reference in read
            )
        if filled is not None or outdated_here:
            yield replace(filled or Filled(declared.name, 0, 0), outdated=outdated_here)


def _change(
    parts: Parts,
    found: Sequence[Sheet],
    plans: Sequence[Placed],
    *,
    formulas: Mapping[str, Sequence[Formula]],
    stale: Mapping[str, Sequence[Formula]],
) -> None:
    """Change the parts: the sheets written into, those with outdated formulas, and what both need."""
    looks, about = styles(parts), book(parts)
    by_sheet = {named(plan.sheet.title): plan for plan in plans if plan.cells}
    for sheet in found:
        plan, edits = by_sheet.get(named(sheet.title)), list[Edit]()
        content = parts.content(sheet.part) if plan or stale.get(named(sheet.title)) else b""
        if plan is not None:
            edits += written(content, plan.cells, Look(looks, plan.like, about.epoch))
            edits += measured(content, _extent(plan))
            edits += _released(formulas[named(sheet.title)], plan)
            extend_tables(parts, sheet.part, plan.added)
        edits += [edit for formula in stale.get(named(sheet.title), ()) for edit in without_result(formula)]
        if edits:
            parts.changed[sheet.part] = edited(content, edits)
    put_styles(parts, looks)
    if any(formulas.values()):
        calculate_anew(parts)


def _extent(plan: Placed) -> Area:
    columns = [column for values in plan.cells.values() for column in values]
    return min(columns), min(plan.cells), max(columns), max(plan.cells)


def _released(formulas: Sequence[Formula], plan: Placed) -> Iterator[Edit]:
    """Yield edits that make formulas stand on their own whose group loses the one that the others are shifts of."""

    def goes(formula: Formula) -> bool:
        return formula.column in plan.cells.get(formula.row, {})

    lost = {formula.shared: formula for formula in formulas if formula.shared and formula.text and goes(formula)}
    for formula in formulas:
        if formula.shared in lost and not formula.text and not goes(formula):
            yield on_its_own(formula, lost[formula.shared])
