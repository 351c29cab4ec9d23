import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from giamngheo.report.language import numbers


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0"), (999, "999"), (6963, "6.963"), (1234567, "1.234.567"), (-12, "-12"), (pd.NA, "…")],
)
def test_count(number, shown):
    assert numbers.count(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0"), (0.5, "0,5"), (2.5, "2,5"), (20_000, "20.000"), (0.30000000000000004, "0,3"), (None, "…")],
)
def test_decimal_is_shown_with_as_many_decimals_as_it_has(number, shown):
    assert numbers.decimal(number) == shown


@pytest.mark.parametrize(
    ("vnd", "shown"),
    [
        (4_569_482_000, "4.569,482"),
        (71_972_000_000, "71.972"),
        (500_000, "0,5"),
        (499, "0"),
        (500, "0,001"),
        (0, "0"),
        (-1_500_000, "-1,5"),
        (999_999_999_999_999_999, "1.000.000.000.000"),
        (pd.NA, "…"),
    ],
)
def test_money_is_shown_in_millions_with_up_to_three_decimals(vnd, shown):
    assert numbers.money(vnd) == shown


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        (285900 / 6963, "41,06%"),
        (43200 / 6963, "6,20%"),
        (100, "100%"),
        (100.0, "100%"),
        (99.999, "100,00%"),
        (0, "0,00%"),
        (1234.5, "1.234,50%"),
        (-0.001, "0,00%"),
        (float("nan"), "…"),
    ],
)
def test_percent(rate, shown):
    assert numbers.percent(rate) == shown


def test_points_always_have_two_decimals():
    assert numbers.points(Decimal("8.48")) == "8,48%"
    assert numbers.points(100) == "100,00%"


@given(st.integers(-(10**17), 10**17))
def test_million_keeps_every_thousand(thousands):
    assert numbers.millions(thousands * 1000) == Decimal(thousands) / 1000


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        (dt.date(2023, 2, 7), "07/02/2023"),
        (dt.date(2023, 3, 16), "16/3/2023"),
        (pd.Timestamp(2023, 8, 18), "18/8/2023"),
        (dt.date(2022, 12, 19), "19/12/2022"),
        (dt.date(2024, 1, 31), "31/01/2024"),
        (pd.NaT, "…"),
    ],
)
def test_day(date, shown):
    assert numbers.day(date) == shown


def test_plain_number_is_left_as_it_is():
    assert numbers.plain(Decimal("41.060")) == "41.060"
