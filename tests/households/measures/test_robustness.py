"""Three units whose order is worked out by hand.

Of two indicators and weights (1, 1) or (3, 1): unit a has 4 of 10 households deprived in both; b 5 in the first alone;
c 6 in the second alone. At k = 1: M0 of a 0,4, b 0,25, c 0,3; by (3, 1), k = 1 of 4: a 0,4, b 5 x 3/4 / 10 = 0,375,
c 0,15; at k = 2: a 0,4, b and c nothing.
"""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.households.measures.alkire_foster import Poverty, measures
from giamngheo.households.measures.robustness import (
    dimension_sets,
    dominance_curves,
    dominated,
    order_agreement,
    overlap,
    rank_ranges,
    under_choices,
)

COUNTS = pd.DataFrame(
    [("a", 3, 4), ("a", 0, 6), ("b", 1, 5), ("b", 0, 5), ("c", 2, 6), ("c", 0, 4)],
    columns=["unit_code", "pattern", "households"],
)
EQUAL = Poverty((1, 1), 1)
CHOICES = {"equal": EQUAL, "first": Poverty((3, 1), 1), "both": Poverty((1, 1), 2)}


def test_the_measure_under_each_choice() -> None:
    values = under_choices(COUNTS, CHOICES)
    assert values.loc["a"].tolist() == pytest.approx([0.4, 0.4, 0.4])
    assert values.loc["b"].tolist() == pytest.approx([0.25, 0.375, 0])
    assert values.loc["c"].tolist() == pytest.approx([0.3, 0.15, 0])


def test_ranks_range_over_the_choices() -> None:
    found = rank_ranges(under_choices(COUNTS, CHOICES))
    assert found.loc[["a", "b", "c"]].values.tolist() == [[1, 1, 1], [3, 2, 3], [2, 2, 3]]


def test_pairs_that_no_choice_reverses_are_robust() -> None:
    """Of the pairs ab, ac, bc the second choice reverses bc; in the third b and c tie, which reverses nothing."""
    found = order_agreement(under_choices(COUNTS, CHOICES)).set_index("choice")
    assert found["kept_pct"].tolist() == pytest.approx([100, 200 / 3, 100, 200 / 3])
    assert found["pairs"].tolist() == [3, 3, 3, 3]
    assert found["kendall"].tolist()[:3] == pytest.approx([1, 1 / 3, 2 / 6**0.5])


def test_units_that_are_alike_have_no_order() -> None:
    found = order_agreement(pd.DataFrame({"x": [0.1, 0.1], "y": [0.2, 0.1]}))
    assert found["pairs"].tolist() == [0, 0, 0]
    assert found["kept_pct"].isna().all()


def test_a_curve_nowhere_above_another_has_less_poverty_at_every_cutoff() -> None:
    curves = dominance_curves(COUNTS, EQUAL, [1, 2])
    assert curves.values.tolist() == [[40, 40], [50, 0], [60, 0]]
    assert dominated(curves).values.tolist() == [["b", "c"]]


def test_overlap_of_two_deprivations() -> None:
    """Of 30 households 9 lack the first, 10 the second, 4 both."""
    (row,) = overlap(COUNTS, EQUAL).to_dict("records")
    assert (row["indicator"], row["other"], row["both"]) == ("01", "02", 4)
    measured = [row[name] for name in ("both_pct", "of_indicator_pct", "of_other_pct", "expected_pct", "redundancy")]
    assert measured == pytest.approx([400 / 30, 400 / 9, 40, 9000 / 900, 4 / 9])


def test_sets_of_dimensions_are_the_areas_of_a_venn_diagram() -> None:
    table = dimension_sets(COUNTS, ["việc làm", "y tế"])
    assert table["dimensions"].tolist() == [(), ("y tế",), ("việc làm",), ("việc làm", "y tế")]
    assert table["population"].tolist() == [15, 6, 5, 4]
    assert table["share_pct"].sum() == pytest.approx(100)
    assert dimension_sets(COUNTS, ["một", "một"])["population"].tolist() == [15, 15]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 15), st.integers(1, 9)), min_size=1, max_size=20))
def test_dominance_at_every_cutoff_is_dominance_of_m0(rows: list[tuple[str, int, int]]) -> None:
    """Alkire and Foster (2011), theorem 2: whoever has less poverty by H at every cut-off has by M0 too."""
    counts = pd.DataFrame(rows, columns=["unit_code", "pattern", "households"])
    poverty = Poverty((1,) * 4, 1)
    pairs = dominated(dominance_curves(counts, poverty, range(1, 5)))
    for cutoff in range(1, 5):
        m0 = measures(counts, Poverty((1,) * 4, cutoff), ["unit_code"]).set_index("unit_code")["adjusted_headcount"]
        assert all(m0[less] <= m0[more] + 1e-12 for less, more in pairs.itertuples(index=False))
