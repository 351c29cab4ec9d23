"""A figure as a formula over cells of a workbook: what Vietnamese Excel is asked for, and what it gives."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from giamngheo.core.rounding import shown_difference

Value = int | float | Decimal

_LONGEST = 200
"""Letters of the longest formula that is told whole: sums over many units have one of thousands."""

_SAME = 1e-9
"""Rates that differ by less are the same: they were divided in another order."""


@dataclass(frozen=True)
class Cell:
    """A cell with a number. sheet: its name, for another workbook after the name of the file, "[2022.xlsx]Rà soát"."""

    sheet: str
    column: str
    row: int
    value: int


@dataclass(frozen=True)
class Formula:
    """A formula as Excel writes it, without "=", the number it gives and the cells it names.

    is_term: it needs no brackets in a product. is_sum: it only adds up its cells.
    """

    text: str
    value: Value
    cells: tuple[Cell, ...] = ()
    is_term: bool = True
    is_sum: bool = False

    @property
    def factor(self) -> str:
        """The formula as part of a product or after a minus."""
        return self.text if self.is_term else f"({self.text})"


def total(cells: Iterable[Cell]) -> Formula | None:
    """Return the sum of cells; None of no cell. Neighbours in a column are a range: SUM('Vốn giao'!H5:H17)."""
    ordered = sorted(set(cells), key=lambda cell: (cell.sheet, len(cell.column), cell.column, cell.row))
    if not ordered:
        return None
    runs = [_run([cell for _, cell in run]) for _, run in groupby(enumerate(ordered), _neighbours)]
    value = sum(cell.value for cell in ordered)
    return Formula("+".join(runs), value, tuple(ordered), is_term=len(runs) == 1, is_sum=True)


def _neighbours(numbered: tuple[int, Cell]) -> tuple[str, str, int]:
    """Return what cells have in common that follow each other in a column."""
    place, cell = numbered
    return cell.sheet, cell.column, cell.row - place


def _run(cells: Sequence[Cell]) -> str:
    sheet, first, last = cells[0].sheet.replace("'", "''"), cells[0], cells[-1]
    if len(cells) == 1:
        return f"'{sheet}'!{first.column}{first.row}"
    return f"SUM('{sheet}'!{first.column}{first.row}:{last.column}{last.row})"


def written(number: Value) -> str:
    """Return a number as Vietnamese Excel writes it in a formula, with all of its decimals: "41,3"."""
    return f"{Decimal(str(number)).normalize():f}".replace(".", ",")


def constant(number: Value) -> Formula:
    """Return a number that stands in no cell."""
    return Formula(written(number), number)


def less(whole: Formula | None, part: Formula | None) -> Formula | None:
    """Return whole - part; a part that nobody typed is nothing."""
    return whole if part is None else difference(whole, part)


def difference(whole: Formula | None, part: Formula | None) -> Formula | None:
    """Return whole - part, None where one is."""
    if whole is None or part is None:
        return None
    value = whole.value - part.value  # type: ignore[operator]
    return Formula(f"{whole.text}-{part.factor}", value, whole.cells + part.cells, is_term=False)


def plus(*parts: Formula | None) -> Formula | None:
    """Return the sum of formulas, None where one is."""
    known = [part for part in parts if part is not None]
    if not known or len(known) < len(parts):
        return None
    cells = tuple(cell for part in known for cell in part.cells)
    if all(part.is_sum for part in known) and len(set(cells)) == len(cells):
        return total(cells)
    return Formula("+".join(part.text for part in known), sum(part.value for part in known), cells, len(known) == 1)


def percentage(part: Formula | None, whole: Formula | None) -> Formula | None:
    """Return part of whole in percent, None where one is or the whole is nothing."""
    if part is None or whole is None or not whole.value:
        return None
    rate = 100 * float(part.value) / float(whole.value)
    return Formula(f"100*{part.factor}/{whole.factor}", rate, part.cells + whole.cells)


def scaled(formula: Formula | None, by: str, factor: float) -> Formula | None:
    """Return a formula times a factor, which `by` writes: "/8", "*95%"."""
    if formula is None:
        return None
    return Formula(f"{formula.factor}{by}", float(formula.value) * factor, formula.cells)


def shown_less(now: Formula | None, before: Formula | None) -> Formula | None:
    """Return the difference of two rates as they are shown."""
    if now is None or before is None:
        return None
    value = shown_difference(float(now.value), float(before.value))
    return Formula(f"ROUND({now.text};2)-ROUND({before.text};2)", value, now.cells + before.cells, is_term=False)


def told(formula: Formula | None, number: Value | None) -> str:
    """Return a formula as it is told of a printed number: "" where there is none, or it gives another number.

    Of a very long one the columns that it adds up are told, and how many cells of them.
    """
    if formula is None or number is None or not gives(formula, number):
        return ""
    if len(formula.text) <= _LONGEST:
        return f"={formula.text}"
    columns = Counter((cell.sheet, cell.column) for cell in dict.fromkeys(formula.cells))
    named = (f"trang {sheet}, cột {column}: {count} ô" for (sheet, column), count in columns.items())
    return f"Tính từ {'; '.join(named)}"


def gives(formula: Formula, number: Value) -> bool:
    """Return whether a formula gives a number: whole ones exactly, rates but for the order of their divisions."""
    if isinstance(number, float) or isinstance(formula.value, float):
        return abs(float(formula.value) - float(number)) <= _SAME * max(1.0, abs(float(number)))
    return formula.value == number
