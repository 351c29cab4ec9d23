"""The worked example is the one with which OPHI teaches the method of Alkire and Foster (2011), Counting and
multidimensional poverty measurement, Journal of Public Economics 95: four persons, four dimensions of equal weight,
deprived below the cut-offs (13, 12, 3, 1), poor from k = 2 deprivations on; H = 1/2, A = 3/4, M0 = 6/16.

By hand: the rows below the cut-offs are 0000, 0101, 1111, 0100, so the counts are c = (0, 2, 4, 1). With k = 2 the
second and the third person are poor: H = 2/4. Their shares of deprivations are 2/4 and 4/4: A = (2/4 + 4/4) / 2 = 3/4.
Censored, the matrix has 2 + 4 = 6 ones in 16 cells: M0 = 6/16 = H x A. Uncensored, the columns have 1, 3, 1, 2 of 4
persons deprived; censored 1, 2, 1, 2, which of the 6 ones contribute 1/6, 2/6, 1/6, 2/6.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.households.measures.alkire_foster import (
    Poverty,
    cutoff_sensitivity,
    dimension_contributions,
    indicator_measures,
    measures,
    shapley_change,
    subgroup_contributions,
)

ACHIEVEMENTS = np.array([[13.1, 14, 4, 1], [15.2, 7, 5, 0], [12.5, 10, 1, 0], [20, 11, 3, 1]])
PUBLISHED = (ACHIEVEMENTS < (13, 12, 3, 1)).astype(int)
EQUAL = Poverty((0.25,) * 4, cutoff=0.5, population="persons")


def counted(matrix, households=1, persons=1, **keys):
    bits = np.asarray(matrix) @ (1 << np.arange(np.shape(matrix)[1]))
    return pd.DataFrame({**keys, "pattern": bits, "households": households, "persons": persons})


def test_the_published_example():
    row = measures(counted(PUBLISHED), EQUAL).iloc[0]
    assert row["incidence_pct"] == pytest.approx(100 * 2 / 4)
    assert row["intensity_pct"] == pytest.approx(100 * 3 / 4)
    assert row["adjusted_headcount"] == pytest.approx(3 / 8)


def test_the_published_example_by_indicator():
    table = indicator_measures(counted(PUBLISHED), EQUAL)
    assert table["uncensored_pct"].tolist() == [25, 75, 25, 50]
    assert table["censored_pct"].tolist() == [25, 50, 25, 50]
    assert table["contribution_pct"].tolist() == pytest.approx([100 / 6, 100 / 3, 100 / 6, 100 / 3])


MPITB_SAMPLE = [[int((7 * i * i + 3 * i * j + 5 * j) % 11 < 4) for j in range(6)] for i in range(40)]
MPITB_WEIGHTS = [1 + i % 5 for i in range(40)]
NESTED = Poverty((1 / 3, 1 / 6, 1 / 6, 1 / 9, 1 / 9, 1 / 9), cutoff=0.4, population="persons")


def test_another_implementation_gave_the_same_measures():
    """Computed once with mpitb 0.2 of PyPI (after Suppa (2023), mpitb: A toolbox for multidimensional poverty indices,
    Stata Journal 23): three dimensions of equal weight with one, two and three indicators, k = 40 %, survey weights.
    """
    frame = counted(MPITB_SAMPLE, persons=MPITB_WEIGHTS, area=["x" if i % 3 else "y" for i in range(40)])
    whole = measures(frame, NESTED).iloc[0]
    assert whole["intensity_pct"] == pytest.approx(50.37664783)
    assert whole["adjusted_headcount"] == pytest.approx(0.2476851852)
    areas = measures(frame, NESTED, ["area"])
    assert areas["incidence_pct"].tolist() == pytest.approx([46.15384615, 54.76190476])
    assert areas["adjusted_headcount"].tolist() == pytest.approx([0.2336182336, 0.2738095238])
    table = indicator_measures(frame, NESTED)
    assert table["uncensored_pct"].tolist() == pytest.approx([27.5, 21.66666667, 55.83333333, 33.33333333, 35, 55])
    censored = [27.5, 21.66666667, 30.83333333, 21.66666667, 11.66666667, 28.33333333]
    assert table["censored_pct"].tolist() == pytest.approx(censored)
    contributions = [37.00934579, 14.57943925, 20.74766355, 9.719626168, 5.23364486, 12.71028037]
    assert table["contribution_pct"].tolist() == pytest.approx(contributions)


def test_contributions_of_dimensions_are_sums_of_their_indicators():
    indicators = indicator_measures(counted(PUBLISHED), EQUAL)
    dimensions = {"01": "health", "02": "health", "03": "school", "04": "school"}
    table = dimension_contributions(indicators, dimensions)
    assert table.set_index("dimension")["contribution_pct"].to_dict() == pytest.approx({"health": 50.0, "school": 50.0})


def test_measures_count_persons_or_households():
    frame = counted([[1, 1], [0, 0]], households=[1, 3], persons=[6, 4])
    assert measures(frame, Poverty((1, 1), 1, "households"))["incidence_pct"].tolist() == [25]
    assert measures(frame, Poverty((1, 1), 1, "persons"))["incidence_pct"].tolist() == [60]


def test_weights_that_do_not_add_up_exactly_reach_their_cutoff():
    frame = counted([[1, 1, 0, 0, 0, 0]])
    assert measures(frame, Poverty((1 / 6,) * 6, 1 / 3))["poor"].tolist() == [1]


def test_nobody_poor_has_no_intensity_and_no_contributions():
    frame = counted([[0, 0], [1, 0]])
    poverty = Poverty((1, 1), 2)
    assert measures(frame, poverty)["intensity_pct"].isna().all()
    assert indicator_measures(frame, poverty)["contribution_pct"].isna().all()


def test_groups_make_up_the_whole():
    frame = counted(PUBLISHED, unit_code=["a", "a", "b", "b"])
    groups = subgroup_contributions(measures(frame, EQUAL, ["unit_code"]))
    assert groups["adjusted_headcount"].tolist() == [0.25, 0.5]
    assert groups["contribution_pct"].tolist() == pytest.approx([100 / 3, 200 / 3])


def test_the_change_is_split_into_incidence_and_intensity():
    before = pd.DataFrame({"incidence_pct": [50.0], "intensity_pct": [60.0], "adjusted_headcount": [0.3]})
    now = pd.DataFrame({"incidence_pct": [40.0], "intensity_pct": [50.0], "adjusted_headcount": [0.2]})
    change = shapley_change(before, now).iloc[0]
    assert change["change"] == pytest.approx(-0.1)
    assert change["incidence_effect"] == pytest.approx(-0.1 * 0.55)
    assert change["intensity_effect"] == pytest.approx(-0.1 * 0.45)


def test_a_higher_cutoff_never_finds_more_poor():
    table = cutoff_sensitivity(counted(PUBLISHED), EQUAL, [0.25, 0.5, 0.75, 1.0])
    assert table["incidence_pct"].tolist() == [75, 50, 25, 25]
    assert table["cutoff"].tolist() == [0.25, 0.5, 0.75, 1.0]


def by_hand(matrix, weights, cutoff, size):
    """An independent Alkire-Foster, straight from the definition over the matrix of households."""
    share = np.asarray(weights) / np.sum(weights)
    score = matrix @ share
    poor = score >= cutoff / np.sum(weights) - 1e-12
    censored = np.where(poor, score, 0)
    h = np.average(poor, weights=size)
    m0 = np.average(censored, weights=size)
    headcounts = np.average(matrix * poor[:, None], axis=0, weights=size)
    return h, m0, share * headcounts / m0 if m0 else np.full(len(share), np.nan)


matrices = st.integers(2, 12).flatmap(
    lambda width: st.tuples(
        st.lists(st.lists(st.integers(0, 1), min_size=width, max_size=width), min_size=1, max_size=20),
        st.lists(st.integers(1, 9), min_size=width, max_size=width),
    )
)


@settings(deadline=None)
@given(case=matrices, part=st.floats(0.05, 1.0), data=st.data())
def test_an_independent_implementation_agrees(case, part, data):
    rows, weights = case
    size = data.draw(st.lists(st.integers(1, 9), min_size=len(rows), max_size=len(rows)))
    cutoff = part * sum(weights)
    frame = counted(rows, persons=size)
    poverty = Poverty(tuple(weights), cutoff, "persons")
    h, m0, contributions = by_hand(np.array(rows), weights, cutoff, size)
    found = measures(frame, poverty).iloc[0]
    assert found["incidence_pct"] == pytest.approx(100 * h)
    assert found["adjusted_headcount"] == pytest.approx(m0)
    shares = indicator_measures(frame, poverty)["contribution_pct"].to_numpy(dtype=float)
    np.testing.assert_allclose(shares, 100 * contributions)


@settings(deadline=None)
@given(case=matrices, cutoff=st.integers(1, 9))
def test_m0_is_incidence_times_intensity_and_contributions_add_up(case, cutoff):
    rows, weights = case
    poverty = Poverty(tuple(weights), cutoff)
    found = measures(counted(rows), poverty).iloc[0]
    if found["poor"] > 0:
        product = found["incidence_pct"] * found["intensity_pct"] / 10_000
        assert found["adjusted_headcount"] == pytest.approx(product)
        shares = indicator_measures(counted(rows), poverty)["contribution_pct"]
        assert shares.sum() == pytest.approx(100)
