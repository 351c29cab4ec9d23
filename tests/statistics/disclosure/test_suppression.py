import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from giamngheo.statistics.disclosure.suppression import System, UnprotectableCellError, hidden_cells

SMALLEST = 5


def table(inner, **options):
    """A table with its margins as one system of sums; cells are (row, column), "t" the totals."""
    inner = np.asarray(inner)
    rows, columns = ([*map(str, range(size)), "t"] for size in inner.shape)
    margins = np.vstack([inner, inner.sum(axis=0)])
    margins = np.column_stack([margins, margins.sum(axis=1)])
    values = {(r, c): int(margins[i, j]) for (i, r), (j, c) in itertools.product(enumerate(rows), enumerate(columns))}
    relations = [adds_up((r, "t"), [(r, c) for c in columns[:-1]]) for r in rows]
    relations += [adds_up(("t", c), [(r, c) for r in rows[:-1]]) for c in columns]
    cost = {cell: 1e6 if "t" in cell else float(value) for cell, value in values.items()}
    return System(values, relations, cost=cost, **options)


def adds_up(total, parts):
    return {total: -1} | dict.fromkeys(parts, 1)


def interval(system, hidden, cell):
    """The least and the most that a reader finds a cell can be, who knows that what is left out is not nought."""
    cells = list(system.values)
    bounds = [
        (system.values[one],) * 2
        if one not in hidden | system.unprinted
        else (0 if one in system.unprinted or system.values[one] == 0 else 1, None)
        for one in cells
    ]
    matrix = np.array([[relation.get(one, 0) for one in cells] for relation in system.relations], dtype=float)
    aim = np.array([float(one == cell) for one in cells])
    found = [linprog(sign * aim, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=bounds) for sign in (1, -1)]
    assert all(one.status in {0, 3} for one in found)
    low, high = found
    return low.fun, -high.fun if high.status == 0 else np.inf


def test_a_small_cell_is_hidden_in_a_rectangle_of_the_least_households():
    hidden = hidden_cells(table([[3, 50, 20], [40, 60, 9], [30, 8, 70]]), SMALLEST)
    assert sorted(hidden) == [("0", "0"), ("0", "2"), ("1", "0"), ("1", "2")]


def test_nought_and_five_are_shown():
    assert hidden_cells(table([[0, 5], [5, 0]]), SMALLEST) == frozenset()


def test_two_ones_in_a_line_do_not_tell_each_other():
    """Their sum is two, and neither is nought: both would be one."""
    hidden = hidden_cells(table([[1, 1, 30], [1, 1, 40], [20, 25, 60]]), SMALLEST)
    assert len(hidden - {("0", "0"), ("0", "1"), ("1", "0"), ("1", "1")}) > 0


def test_small_cells_that_only_make_up_a_total_take_it_along():
    """Six cells of one each below a total of six: each is one, unless the total is hidden as well."""
    assert ("t", "0") in hidden_cells(table([[1]] * 6), SMALLEST)


def test_what_no_table_prints_is_protected_too():
    """Of 20 households 18 are deprived; to show that would be to show the other two."""
    values = {("a",): 20, ("part", "a"): 18, ("rest", "a"): 2, ("b",): 30, ("part", "b"): 11, ("rest", "b"): 19}
    values |= {("all",): 50, ("parts",): 29}
    relations = [
        adds_up(("a",), [("part", "a"), ("rest", "a")]),
        adds_up(("b",), [("part", "b"), ("rest", "b")]),
        adds_up(("all",), [("a",), ("b",)]),
        adds_up(("parts",), [("part", "a"), ("part", "b")]),
    ]
    dear = dict.fromkeys([("a",), ("b",), ("all",), ("parts",)], 1e6)
    system = System(values, relations, frozenset({("rest", "a"), ("rest", "b")}), cost=dear)
    assert hidden_cells(system, SMALLEST) == {("part", "a"), ("part", "b")}


def deprived(poor, **indicators):
    """Poor households, all deprived three times at least, by indicator; whom one does not deprive no table prints."""
    values = {("poor",): poor} | {(name,): count for name, count in indicators.items()}
    values |= {("more",): sum(indicators.values()) - 3 * poor}
    values |= {("not", name): poor - count for name, count in indicators.items()}
    relations = [adds_up(("poor",), [(name,), ("not", name)]) for name in indicators]
    relations.append({("poor",): -3, ("more",): -1} | {(name,): 1 for name in indicators})
    unprinted = frozenset({("more",), *(("not", name) for name in indicators)})
    return System(values, relations, unprinted, frozenset({("poor",)}))


def test_a_bound_tells_as_much_as_a_sum():
    """Each of six poor households is deprived three times at least: three indicators of six each, or all tell."""
    system = deprived(6, a=6, b=6, c=4, d=2)
    hidden = hidden_cells(system, SMALLEST)
    assert {("c",), ("d",)} <= hidden
    for cell in (("c",), ("d",)):
        assert interval(system, hidden, cell) == pytest.approx((1, 6))


def test_what_no_table_prints_is_not_known_to_be_few_either():
    """Of five, one at least is deprived where that is left out and not nought: four at most are not, which tells."""
    with pytest.raises(UnprotectableCellError):
        hidden_cells(deprived(5, a=5, b=5, c=4, d=1), SMALLEST)


def test_what_cannot_be_protected_is_refused():
    values = {("all",): 7, ("a",): 3, ("b",): 4}
    system = System(values, [adds_up(("all",), [("a",), ("b",)])], kept=frozenset(values))
    assert hidden_cells(system, SMALLEST) == {("a",), ("b",)}
    values[("all",)], values[("b",)] = 5, 2
    with pytest.raises(UnprotectableCellError):
        hidden_cells(System(values, system.relations, kept=frozenset(values)), SMALLEST)


inners = arrays(
    np.int64,
    st.tuples(st.integers(1, 4), st.integers(2, 3)),
    elements=st.one_of(st.just(0), st.integers(1, 7), st.integers(8, 30)),
)


@settings(max_examples=40, deadline=None)
@given(inner=inners)
def test_no_reader_can_tell_that_a_hidden_small_cell_is_below_the_threshold(inner):
    """Solved from the outside, as a linear program for each end of each interval."""
    system = table(inner)
    hidden = hidden_cells(system, SMALLEST)
    for cell, value in system.values.items():
        if 0 < value < SMALLEST:
            low, high = interval(system, hidden, cell)
            assert high >= SMALLEST - 1e-6
            assert low <= 1 + 1e-6 or high - low >= SMALLEST - 1 - 1e-6


def test_a_large_table_is_protected_from_cell_to_cell_nearby():
    system = table(np.random.default_rng(1).geometric(0.05, (70, 9)) - 1)
    hidden = hidden_cells(system, SMALLEST)
    small = [cell for cell, value in system.values.items() if 0 < value < SMALLEST]
    assert set(small) < hidden
    assert len(hidden) < 3 * len(small)
    for cell in small[::40]:
        low, high = interval(system, hidden, cell)
        assert low <= 1 + 1e-6
        assert high >= SMALLEST - 1e-6
