import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from giamngheo.statistics.households.suppression import Published, Sum, hidden_cells


def table(inner, implied=frozenset()):
    """A table with its margins as one system of sums; cells are (row, column), "t" the totals."""
    inner = np.asarray(inner)
    rows, columns = ([*map(str, range(size)), "t"] for size in inner.shape)
    margins = np.vstack([inner, inner.sum(axis=0)])
    margins = np.column_stack([margins, margins.sum(axis=1)])
    values = {(r, c): int(margins[i, j]) for (i, r), (j, c) in itertools.product(enumerate(rows), enumerate(columns))}
    sums = [Sum((r, "t"), tuple((r, c) for c in columns[:-1])) for r in rows]
    sums += [Sum(("t", c), tuple((r, c) for r in rows[:-1])) for c in columns]
    dear = {cell: 1e6 for cell in values if "t" in cell}
    return Published(values, sums, implied, dear)


def test_a_small_cell_is_hidden_in_a_rectangle_of_the_least_households():
    hidden = hidden_cells(table([[3, 50, 20], [40, 60, 9], [30, 8, 70]]))
    assert sorted(hidden) == [("0", "0"), ("0", "2"), ("1", "0"), ("1", "2")]


def test_nought_and_five_are_shown():
    assert hidden_cells(table([[0, 5], [5, 0]])) == frozenset()


def test_two_ones_in_a_line_do_not_tell_each_other():
    """Their sum is two, and neither is nought: both would be one."""
    hidden = hidden_cells(table([[1, 1, 30], [1, 1, 40], [20, 25, 60]]))
    assert len(hidden - {("0", "0"), ("0", "1"), ("1", "0"), ("1", "1")}) > 0


def test_what_no_table_prints_is_protected_too():
    """Of 20 households 18 are deprived; to show that would be to show the other two."""
    whole, part, rest = ("whole",), ("part",), ("rest",)
    other_whole, other_part, other_rest = ("whole", "b"), ("part", "b"), ("rest", "b")
    values = {whole: 20, part: 18, rest: 2, other_whole: 30, other_part: 11, other_rest: 19}
    values |= {("all",): 50, ("parts",): 29, ("rests",): 21}
    sums = [
        Sum(whole, (part, rest)),
        Sum(other_whole, (other_part, other_rest)),
        Sum(("all",), (("parts",), ("rests",))),
    ]
    sums += [Sum(("all",), (whole, other_whole)), Sum(("parts",), (part, other_part))]
    sums += [Sum(("rests",), (rest, other_rest))]
    implied = frozenset({rest, other_rest, ("rests",)})
    dear = dict.fromkeys([whole, other_whole, ("all",), ("parts",)], 1e6)
    assert hidden_cells(Published(values, sums, implied, dear)) == {part, other_part}


inners = arrays(
    np.int64,
    st.tuples(st.integers(1, 4), st.integers(2, 3)),
    elements=st.one_of(st.just(0), st.integers(1, 7), st.integers(8, 30)),
)


@settings(max_examples=60, deadline=None)
@given(inner=inners)
def test_every_small_cell_could_be_another(inner):
    """Told from the outside, by looking for other whole numbers that fit everything that is shown."""
    published = table(inner)
    hidden = hidden_cells(published)
    small = [cell for cell, value in published.values.items() if 0 < value < 5]
    assert set(small) <= hidden
    for cell in small:
        assert any(fits(published, hidden, cell, move) for move in (-1, 1)), (inner, cell)


def fits(published, hidden, cell, move):
    """Whether a hidden cell can be `move` (one more or less) with every sum as it was and every hidden cell at least 1.

    Independent of the code: a table with margins is a network, its cells arcs between the sums of its rows and of its
    columns (a total runs the other way); the cell changes by one if the rest of the network can carry it back.
    """
    arcs = {entry: (entry[0] + "r", entry[1] + "c") for entry in hidden}
    arcs = {(r, c): (b, a) if (r == "t") != (c == "t") else (a, b) for (r, c), (a, b) in arcs.items()}
    begin, end = arcs[cell] if move > 0 else arcs[cell][::-1]
    if move < 0 and published.values[cell] == 1:
        return False
    reached, waiting = {end}, [end]
    while waiting:
        here = waiting.pop()
        for entry, (tail, head) in arcs.items():
            there = head if here == tail else tail if here == head and published.values[entry] > 1 else None
            if entry != cell and there is not None and there not in reached:
                reached.add(there)
                waiting.append(there)
    return begin in reached
