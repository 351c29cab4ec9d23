import pytest

from giamngheo.households.engine import households
from giamngheo.households.measures.income import (
    FGT,
    at_line,
    income_totals,
    line_sensitivity,
    reach_counts,
)
from giamngheo.households.measures.survey import linearized

ROWS = (
    {"income_vnd": 750_000, "members": 1},
    {"income_vnd": 1_500_000, "members": 2},
    {"income_vnd": 1_500_001, "members": 3},
    {"income_vnd": 500_000, "area": "urban", "members": 4, "unit_code": "23407"},
)


@pytest.fixture
def rows(work, written):
    return households(work, written(*ROWS, {"income_vnd": ""}))


def test_sums_of_weights_do_not_depend_on_their_order(work, written, standard):
    thirds = [{"weight": 0.1, "stratum": "1", "cluster": "1", "income_vnd": 1_000_000}] * 10
    found = income_totals(households(work, written(*thirds)), standard).iloc[0]
    assert (found["population"], found["poor"]) == (1.0, 1.0)


def shares(totals):
    """Each measure of all totals together."""
    return {name: totals[part].sum() / totals[whole].sum() for name, (part, whole) in FGT.items()}


def test_rate_gap_and_squared_gap_of_households(rows, standard):
    totals = income_totals(rows, standard)
    assert totals["population"].sum() == 4
    assert shares(totals) == pytest.approx(
        {"fgt0": 3 / 4, "fgt1": (0.5 + 0 + 0.75) / 4, "fgt2": (0.25 + 0 + 0.5625) / 4}
    )


def test_persons_and_groups(rows, standard):
    totals = dict(list(income_totals(rows, standard, ["unit_code"], population="persons").groupby("unit_code")))
    assert shares(totals["23404"])["fgt0"] == 3 / 6
    assert shares(totals["23404"])["fgt1"] == pytest.approx(0.5 * 1 / 6)
    assert shares(totals["23407"])["fgt0"] == 1.0


def test_the_measures_have_errors_in_a_sample(rows, standard):
    found = linearized(income_totals(rows, standard), FGT).set_index("measure")
    assert found.loc["fgt0", "estimate"] == 3 / 4
    assert found.loc["fgt0", "standard_error"] == pytest.approx((0.75 * 0.25 / 3) ** 0.5)


def test_higher_lines_find_more_poor(work, written, standard, deprived):
    rows = households(work, written(*ROWS[:3], ROWS[2] | deprived(3), {"income_vnd": ""}))
    counts = reach_counts(rows, standard, [0.5, 1.0, 1.1])
    table = line_sensitivity(counts, [0.5, 1.0, 1.1], 3)
    assert table["near_poor_households"].tolist() == [1, 2, 3]
    assert table["poor_households"].tolist() == [0, 0, 1]
    assert table["factor"].tolist() == [0.5, 1.0, 1.1]
    assert table["households"].tolist() == [4, 4, 4]


def test_line_and_cutoff_move_together(work, written, standard, deprived):
    rows = households(work, written({"income_vnd": 1_600_000} | deprived(2), ROWS[3] | deprived(1)))
    counts = reach_counts(rows, standard, [1.0, 1.1])
    now, then = at_line(counts, 1.0, 3), at_line(counts, 1.1, 2)
    assert now[["unit_code", "poor_households", "near_poor_households"]].values.tolist() == [
        ["23404", 0, 0],
        ["23407", 0, 1],
    ]
    assert then[["poor_households", "near_poor_households"]].values.tolist() == [[1, 0], [0, 1]]
