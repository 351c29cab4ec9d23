"""Formulas of a workbook, and those whose stored result no longer holds when cells have changed."""

import re
import unicodedata
from bisect import bisect_left, insort
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError
from openpyxl.utils import get_column_letter

from giamngheo.workbook.change.elements import Edit, Element, elements, text_of, with_attributes
from giamngheo.workbook.change.rows import CELL, column_numbers, row_number
from giamngheo.workbook.read.marks import Area, boundaries

MOST_JUDGED = 50_000
"""From so many formulas on all are taken to depend on what changed."""
MOST_ROUNDS = 50

_SHIFTING = {"OFFSET(", "INDIRECT("}
"""Functions that read cells which their formula does not name."""
_DEEPEST = 20
_RANGE = re.compile(
    r"\$?[A-Z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?[0-9]+:\$?[0-9]+"
)
_ABSOLUTE = re.compile(r"\$[A-Z]+\$[0-9]+(?::\$[A-Z]+\$[0-9]+)?|\$[A-Z]+:\$[A-Z]+|\$[0-9]+:\$[0-9]+")


@dataclass(frozen=True)
class Formula:
    """A formula with its cell and its result as they are written; text: with its equals sign.

    `text` is "" for a formula that is a shift of another one of the same `shared` number.
    """

    row: int
    column: int
    text: str
    cell: Element
    written: Element
    result: Element | None

    @property
    def reference(self) -> str:
        """The reference of the cell."""
        return f"{get_column_letter(self.column)}{self.row}"

    @property
    def shared(self) -> str:
        """Number of the group of formulas that are shifts of one, "" where it is in none."""
        return self.written.attributes.get("si", "") if self.written.attributes.get("t") == "shared" else ""

    @property
    def area(self) -> Area:
        """The cells that the formula fills."""
        if self.written.attributes.get("t") in {"array", "dataTable"} and "ref" in self.written.attributes:
            return boundaries(self.written.attributes["ref"])
        return self.column, self.row, self.column, self.row


def named(name: str) -> str:
    """Return the text by which two names of sheets or cells are the same to Excel."""
    return unicodedata.normalize("NFC", name).casefold()


@dataclass(frozen=True)
class Changed:
    """Cells that have changed, by the name of the sheet (as `named` gives it) and column: rows in order."""

    rows: dict[tuple[str, int], list[int]] = field(default_factory=dict)

    def add(self, sheet: str, column: int, row: int) -> None:
        """Add a cell."""
        insort(self.rows.setdefault((sheet, column), []), row)

    def meets(self, sheet: str, area: Area) -> bool:
        """Return whether a cell of an area has changed."""
        left, top, right, bottom = area
        for (name, column), rows in self.rows.items():
            if name == sheet and left <= column <= right:
                place = bisect_left(rows, top)
                if place < len(rows) and rows[place] <= bottom:
                    return True
        return False


def formulas(content: bytes) -> list[Formula]:
    """Return the formulas of a sheet, in the order of their cells."""
    found: list[Formula] = []
    cells: list[tuple[Element, Element | None, Element | None]] = []
    formula: Element | None = None
    result: Element | None = None
    number = 0
    for element in elements(content, [(*CELL, "f"), (*CELL, "v")]):
        if element.name == "f":
            formula = element
        elif element.name == "v":
            result = element
        elif element.name == "c":
            cells.append((element, formula, result))
            formula = result = None
        elif element.name == "row":
            number = row_number(element, number)
            found += _of_row(number, cells)
            cells.clear()
    return found


def _of_row(row: int, cells: Sequence[tuple[Element, Element | None, Element | None]]) -> Iterator[Formula]:
    if all(written is None for _, written, _ in cells):
        return
    for column, (cell, written, result) in zip(column_numbers(c for c, _, _ in cells), cells, strict=True):
        if written is not None:
            yield Formula(row, column, f"={written.text}" if written.text else "", cell, written, result)


def outdated(
    sheets: Mapping[str, Sequence[Formula]], names: Mapping[str, Sequence[str]], changed: Changed
) -> dict[str, list[Formula]]:
    """Return formulas whose stored result may no longer hold when cells have changed, by sheet.

    sheets: formulas by the names of all sheets; names: what each defined name stands for, both as `named` gives them.
    What cannot be judged counts as depending on everything.
    """
    waiting = [(sheet, formula) for sheet, found in sheets.items() for formula in found]
    if len(waiting) > MOST_JUDGED:
        return {sheet: list(found) for sheet, found in sheets.items()}
    masters = {(sheet, formula.shared): formula for sheet, formula in waiting if formula.shared and formula.text}
    read = {
        (sheet, formula.reference): _read(sheet, formula, masters.get((sheet, formula.shared)), _Scope(sheets, names))
        for sheet, formula in waiting
    }
    stale: dict[str, list[Formula]] = {sheet: [] for sheet in sheets}
    reach = Changed({place: list(rows) for place, rows in changed.rows.items()})
    for turn in range(MOST_ROUNDS):
        kept = []
        for sheet, formula in waiting:
            areas = read[sheet, formula.reference]
            if areas is None or turn == MOST_ROUNDS - 1 or any(reach.meets(*area) for area in areas):
                stale[sheet].append(formula)
                reach.add(sheet, formula.column, formula.row)
            else:
                kept.append((sheet, formula))
        if len(kept) == len(waiting):
            break
        waiting = kept
    return stale


@dataclass(frozen=True)
class _Scope:
    """What formulas may name: sheets, and names with what they stand for."""

    sheets: Collection[str]
    names: Mapping[str, Sequence[str]]


def _read(sheet: str, formula: Formula, master: Formula | None, scope: _Scope) -> list[tuple[str, Area]] | None:
    """Return areas that a formula reads, with their sheets; None where its text does not tell."""
    origin = formula if formula.text else master
    if origin is None or formula.written.attributes.get("t") == "dataTable":
        return None
    down, right = formula.row - origin.row, formula.column - origin.column
    try:
        return list(_areas(origin.text, sheet, scope, shift=(down, right)))
    except (TokenizerError, TranslatorError, ValueError):
        return None


class _UnknownReferenceError(ValueError):
    """A formula reads cells that its text does not name."""


def _areas(
    text: str, sheet: str, scope: _Scope, *, shift: tuple[int, int], depth: int = 0
) -> Iterator[tuple[str, Area]]:
    for token in Tokenizer(text).items:
        reads_more = token.type == Token.FUNC and token.value.upper() in _SHIFTING
        if reads_more or (token.type != Token.OPERAND and ":" in token.value) or depth > _DEEPEST:
            raise _UnknownReferenceError
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            yield from _operand(token.value, sheet, scope, shift=shift, depth=depth)


def _operand(
    value: str, sheet: str, scope: _Scope, *, shift: tuple[int, int], depth: int
) -> Iterator[tuple[str, Area]]:
    """Yield areas of one reference or defined name of a formula; those of another workbook are none of ours."""
    title, _, reference = value.rpartition("!")
    title = title.removeprefix("'").removesuffix("'").replace("''", "'")
    if title.startswith("[") and not title.startswith("[0]"):
        return
    if title and named(title) not in scope.sheets:  # also "Một:Ba", the sheets from one to another
        raise _UnknownReferenceError
    if _RANGE.fullmatch(reference):
        if depth and (not title or not _ABSOLUTE.fullmatch(reference)):
            raise _UnknownReferenceError  # it moves with the cell whose formula uses the name
        moved = Translator.translate_range(reference, *shift) if any(shift) else reference
        yield named(title) or sheet, boundaries(moved.replace("$", ""))
        return
    meanings = scope.names.get(named(reference))
    if not meanings:
        raise _UnknownReferenceError
    for meaning in meanings:
        yield from _areas(f"={meaning}", sheet, scope, shift=(0, 0), depth=depth + 1)


def without_result(formula: Formula) -> Iterator[Edit]:
    """Yield the edits that drop the stored result of a formula, so that Excel calculates it on opening."""
    if formula.result is not None:
        if "t" in formula.cell.attributes:
            yield with_attributes(formula.cell, {"t": None})
        yield Edit(formula.result.start, formula.result.end, "")


def on_its_own(formula: Formula, master: Formula) -> Edit:
    """Return the edit that makes a shift of another formula one that stands on its own."""
    text = Translator(master.text, master.reference).translate_formula(formula.reference)
    tag = formula.written.tag
    return Edit(formula.written.start, formula.written.end, f"<{tag}>{text_of(text.removeprefix('='))}</{tag}>")
