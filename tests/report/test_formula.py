"""Formulas over cells: how they are written, and that what is written gives the number."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from giamngheo.report.formula import (
    Cell,
    Formula,
    difference,
    less,
    percentage,
    plus,
    scaled,
    shown_less,
    told,
    total,
)
from tests.report.calculator import Calculator

POOR, ALL = Cell("Rà soát", "F", 6, 2859), Cell("Rà soát", "C", 6, 6963)


def cells(*values: int, sheet: str = "Vốn giao", first: int = 5) -> list[Cell]:
    return [Cell(sheet, "G", row, value) for row, value in enumerate(values, first)]


def test_neighbours_in_a_column_are_a_range_and_others_are_added() -> None:
    money = [*cells(1, 2, 3), *cells(40, first=9), Cell("Vốn giao", "AA", 10, 500)]
    found = total(reversed(money))
    assert found is not None
    assert (found.text, found.value) == ("SUM('Vốn giao'!G5:G7)+'Vốn giao'!G9+'Vốn giao'!AA10", 546)


def test_a_quote_in_the_name_of_a_sheet_is_doubled_and_another_workbook_is_named() -> None:
    found = total([Cell("[d'or.xlsx]Vốn", "A", 1, 7)])
    assert found is not None
    assert found.text == "'[d''or.xlsx]Vốn'!A1"


def test_no_cell_is_no_formula_and_the_unknown_stays_unknown() -> None:
    poor = total([POOR])
    assert total([]) is None
    assert plus() is None
    assert plus(poor, None) is None
    assert percentage(None, poor) is None
    assert difference(None, poor) is None
    assert less(poor, None) is poor
    assert percentage(poor, total(cells(0))) is None


def test_a_rate_and_its_fall_as_the_report_prints_them() -> None:
    poor, everyone = total([POOR]), total([ALL])
    before = percentage(total([Cell("Rà soát", "F", 5, 3546)]), total([Cell("Rà soát", "C", 5, 6805)]))
    rate = percentage(poor, everyone)
    assert told(rate, 100 * 2859 / 6963) == "=100*'Rà soát'!F6/'Rà soát'!C6"
    assert told(shown_less(rate, before), -11.05).endswith(";2)")
    assert told(shown_less(rate, before), -11.04) == ""


def test_a_formula_that_gives_another_number_is_not_told() -> None:
    assert told(total([POOR]), 2859) == "='Rà soát'!F6"
    assert told(total([POOR]), 2860) == ""
    assert told(total([POOR]), None) == ""


def test_of_a_very_long_formula_the_columns_are_told() -> None:
    many = [Cell("Vốn giao", "G", row, 1) for row in range(1, 200, 2)]
    assert told(total(many), 100) == "Tính từ trang Vốn giao, cột G: 100 ô"


def test_sums_of_cells_become_one_sum() -> None:
    together = plus(total(cells(1)), total(cells(2, first=6)))
    assert together is not None
    assert together.text == "SUM('Vốn giao'!G5:G6)"
    twice = plus(total(cells(1)), total(cells(1)))
    assert twice is not None
    assert (twice.text, twice.value) == ("'Vốn giao'!G5+'Vốn giao'!G5", 2)


AMOUNTS = st.integers(0, 10**13)


@st.composite
def formulas(draw: st.DrawFn) -> Formula:
    """Formulas of every kind over cells of their own."""
    column = iter("ABCDEFGH")

    def some() -> Formula:
        name = next(column)
        made = total(Cell("Vốn", name, row, draw(AMOUNTS)) for row in draw(st.sets(st.integers(1, 9), min_size=1)))
        assert made is not None
        return made

    whole = plus(some(), difference(some(), some()))
    kind = draw(st.sampled_from(("difference", "rate", "scaled", "shown")))
    if kind == "difference":
        found = difference(some(), whole)
    elif kind == "rate":
        found = percentage(whole, plus(some(), total([Cell("Vốn", "Z", 1, 1)])))
    elif kind == "scaled":
        found = scaled(difference(whole, some()), "/8", 1 / 8)
    else:
        base = plus(some(), total([Cell("Vốn", "Z", 1, 1)]))
        found = shown_less(percentage(some(), base), percentage(some(), base))
    assert found is not None
    return found


@given(formulas())
def test_what_is_written_gives_the_number(formula: Formula) -> None:
    values = {(cell.sheet, f"{cell.column}{cell.row}"): Fraction(cell.value) for cell in formula.cells}
    calculated = Calculator(values.__getitem__).result(f"={formula.text}")
    assert abs(float(calculated) - float(formula.value)) <= 1e-9 * max(1.0, abs(float(calculated))) + (
        0.0101 if "ROUND" in formula.text else 0
    )
