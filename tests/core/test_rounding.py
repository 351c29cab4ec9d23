"""Rounding, by the one function that the report and the checks of what it shows use."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giamngheo.core.rounding import rounded, shown_difference, shown_rate


def test_difference_is_that_of_the_figures_shown():
    poor, planned = 285900 / 6963, 229700 / 7050  # 41.0599 and 32.5816: their difference would round to 8.48 too
    assert shown_difference(poor, planned) == Decimal("8.48")
    assert shown_difference(10.005, 5.004) == Decimal("5.01")  # unrounded 5.001


@pytest.mark.parametrize(("number", "expected"), [(2.675, "2.68"), (2.665, "2.67"), (-2.675, "-2.68"), (1.005, "1.01")])
def test_ties_are_rounded_up_as_people_do(number, expected):
    assert rounded(number, 2) == Decimal(expected)


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_rate_is_rounded_as_the_exact_fraction_would_be(part, whole):
    exact = (2 * 10_000 * part + whole) // (2 * whole)  # hundredths of a percent, half up
    assert rounded(part * 100 / whole, 2) == Decimal(exact) / 100


@pytest.mark.parametrize(
    ("rate", "shown"),
    [(11.045, "11.05"), (11.044999999999998, "11.05"), (30.045 - 19, "11.05"), (11.0449999, "11.04"), (-0.001, "0.00")],
)
def test_a_rate_is_shown_as_if_floats_had_no_noise(rate, shown):
    assert shown_rate(rate) == Decimal(shown)
