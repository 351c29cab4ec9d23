import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from giamngheo.statistics import poverty

COUNTS = (
    "households",
    "poor_households",
    "poor_ethnic_minority_households",
    "near_poor_households",
    "near_poor_ethnic_minority_households",
)

END_2021 = ("2021-12-31", 6805, 3546, 3545, 550, None)
END_2022 = ("2022-12-31", 6963, 2859, 2858, 432, 432)


def reviews(*rows: tuple[object, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["date", *COUNTS])
    types = {"date": "datetime64[us]"} | dict.fromkeys(COUNTS, "Int64")
    return poverty.rates(frame.astype(types).assign(unit_code="617"))


def flows(**given_counts: int | None) -> pd.DataFrame:
    names = [
        "opening",
        "left",
        "left_to_other_class",
        "left_above",
        "other_decrease",
        "entered_from_other_class",
        "fell_back",
        "new",
        "other_increase",
        "closing",
    ]
    row = {f"{name}_households": pd.array([given_counts.get(name)], dtype="Int64") for name in names}
    return pd.DataFrame({"date": [pd.Timestamp("2022-12-31")], "unit_code": ["617"]} | row)


def plans(expected: int, poor: int, near_poor: int) -> pd.DataFrame:
    counts = ("year", "expected_households", "poor_reduction_households", "near_poor_reduction_households")
    return pd.DataFrame(
        {
            "date": [pd.NaT],
            "year": [2023],
            "unit_code": ["617"],
            "expected_households": [expected],
            "poor_reduction_households": [poor],
            "near_poor_reduction_households": [near_poor],
            **{f"{name}_reduction_pp": pd.array([None], "Float64") for name in (*poverty.CLASSES, "multidimensional")},
        }
    ).astype(dict.fromkeys(counts, "Int64"))


def test_rates_of_tu_mo_rong_at_the_end_of_2022() -> None:
    row = poverty.rates(reviews(END_2022)).iloc[0]
    assert row["poor_rate_pct"] == pytest.approx(100 * 2859 / 6963, abs=1e-12)
    assert row["near_poor_rate_pct"] == pytest.approx(6.2042, abs=1e-4)
    assert row["multidimensional_households"] == 2859 + 432
    assert row["multidimensional_rate_pct"] == pytest.approx(47.2641, abs=1e-4)
    assert row["poor_ethnic_minority_share_pct"] == pytest.approx(99.9650, abs=1e-4)
    assert row["near_poor_ethnic_minority_share_pct"] == 100


def test_a_share_of_a_blank_count_and_a_rate_of_no_households_are_blank() -> None:
    assert pd.isna(poverty.rates(reviews(END_2021))["near_poor_ethnic_minority_share_pct"].iloc[0])
    nobody = poverty.rates(reviews(("2022-12-31", 0, 0, 0, 0, 0))).iloc[0]
    assert pd.isna(nobody["poor_rate_pct"])


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_multidimensional_rate_is_the_sum_of_the_two_rates(poor: int, near: int, other: int) -> None:
    households = poor + near + other
    row = poverty.rates(reviews(("2022-12-31", households, poor, poor, near, near))).iloc[0]
    if households:
        total = row["poor_rate_pct"] + row["near_poor_rate_pct"]
        assert row["multidimensional_rate_pct"] == pytest.approx(total)
        assert 0 <= row["multidimensional_rate_pct"] <= 100


@pytest.mark.parametrize(("day", "poor"), [("2022-12-30", 3546), ("2022-12-31", 2859), ("2023-08-31", 2859)])
def test_the_stock_of_a_day_is_the_latest_review_until_then(day: str, poor: int) -> None:
    found = poverty.stock(reviews(END_2022, END_2021), "617", dt.date.fromisoformat(day))
    assert found["poor_households"].tolist() == [poor]


def test_there_is_no_stock_before_the_first_review_nor_of_another_unit() -> None:
    assert poverty.stock(reviews(END_2022), "617", dt.date(2022, 12, 30)).empty
    assert poverty.stock(reviews(END_2022), "618", dt.date(2023, 1, 1)).empty


@pytest.mark.parametrize(("name", "left", "gap"), [("poor", 742, 55), ("near_poor", 228, 110)])
def test_what_the_flows_of_2022_leave_open(name: str, left: int, gap: int) -> None:
    balance = poverty.flow_balance(flows(left=left), reviews(END_2021, END_2022), name)
    assert balance["unexplained_households"].tolist() == [gap]
    assert balance["left_households"].tolist() == [left]


def test_flows_that_close_leave_nothing_open() -> None:
    known = flows(
        opening=100,
        left_to_other_class=10,
        left_above=5,
        other_decrease=2,
        entered_from_other_class=1,
        fell_back=2,
        new=3,
        other_increase=4,
        closing=93,
    )
    balance = poverty.flow_balance(known, reviews(), "poor")
    assert balance["left_households"].tolist() == [10 + 5]
    assert balance["inflow_households"].tolist() == [1 + 2 + 3 + 4]
    assert balance["unexplained_households"].tolist() == [0]


@given(st.lists(st.integers(0, 10**5), min_size=9, max_size=9))
def test_a_closing_stock_made_from_the_flows_always_closes(parts: list[int]) -> None:
    opening, to_other, above, decrease, entered, fell, new, increase, extra = parts
    closing = opening - to_other - above - decrease + entered + fell + new + increase + extra
    known = flows(
        opening=opening,
        left_to_other_class=to_other,
        left_above=above,
        other_decrease=decrease,
        entered_from_other_class=entered,
        fell_back=fell,
        new=new,
        other_increase=increase,
        closing=closing,
    )
    assert poverty.flow_balance(known, reviews(), "poor")["unexplained_households"].tolist() == [extra]


def test_the_plan_of_2023() -> None:
    target = poverty.plan_targets(plans(7050, 562, 137), reviews(END_2022)).iloc[0]
    assert target["poor_remaining_households"] == 2859 - 562
    assert target["near_poor_remaining_households"] == 432 - 137
    assert target["poor_remaining_rate_pct"] == pytest.approx(32.5816, abs=1e-4)
    assert target["near_poor_remaining_rate_pct"] == pytest.approx(4.1844, abs=1e-4)
    assert target["multidimensional_remaining_households"] == 2297 + 295
    assert target["multidimensional_remaining_rate_pct"] == pytest.approx(36.7660, abs=1e-4)
    assert target["poor_reduction_pp"] == pytest.approx(41.06 - 32.58)
    assert target["multidimensional_reduction_pp"] == pytest.approx(10.50)


PUBLISHED = [f"published_{name}_rate_pct" for name in ("poor", "near_poor", "multidimensional")]


def published(row: tuple[object, ...], *typed: float | None) -> pd.Series:
    """A review with published rates, with its rates."""
    frame = reviews(row).assign(
        **{name: pd.array([rate], "Float64") for name, rate in zip(PUBLISHED, typed, strict=True)}
    )
    return poverty.rates(frame).iloc[0]


def test_a_published_rate_stands_where_the_count_is_not_known() -> None:
    row = published(("2022-12-31", 6963, None, None, 432, None), 41.06, None, None)
    assert row["poor_rate_pct"] == 41.06
    assert row["near_poor_rate_pct"] == 100 * 432 / 6963
    assert row["multidimensional_rate_pct"] == pytest.approx(41.06 + 100 * 432 / 6963)
    assert pd.isna(row["multidimensional_households"])


def test_a_published_rate_that_is_the_counted_one_rounded_changes_nothing() -> None:
    row = published(END_2022, 41.1, 6.2, 47.26)
    assert row["poor_rate_pct"] == 100 * 2859 / 6963
    assert row["multidimensional_rate_pct"] == 100 * (2859 + 432) / 6963


def test_a_published_rate_unlike_its_counts_is_the_one_shown() -> None:
    assert published(END_2022, 41.5, None, None)["poor_rate_pct"] == 41.5


def test_a_plan_in_points() -> None:
    points = plans(7050, 562, 137).assign(
        poor_reduction_households=pd.array([None], "Int64"), poor_reduction_pp=pd.array([8.5], "Float64")
    )
    base = reviews(END_2022)
    targets = poverty.plan_targets(points, base)
    target = targets.iloc[0]
    assert pd.isna(target["poor_remaining_households"])
    assert target["poor_remaining_rate_pct"] == pytest.approx(41.06 - 8.5)
    assert target["near_poor_reduction_pp"] == pytest.approx(6.20 - 4.18)
    assert target["multidimensional_reduction_pp"] == pytest.approx(8.5 + 2.02)
    assert pd.isna(target["multidimensional_remaining_rate_pct"])
    now = reviews(("2023-12-31", 7040, 2578, 0, 432, 0))
    done = poverty.plan_progress(targets, base, now).iloc[0]
    assert done["poor_reduced_pp"] == pytest.approx(41.06 - 36.62)
    assert done["poor_plan_done_pct"] == pytest.approx(100 * 4.44 / 8.5)


def test_a_plan_without_a_review_to_start_from_has_no_remaining() -> None:
    target = poverty.plan_targets(plans(7050, 562, 137), reviews()).iloc[0]
    assert pd.isna(target["poor_remaining_households"])


def test_result_against_plan() -> None:
    base = reviews(END_2022)
    targets = poverty.plan_targets(plans(7050, 562, 137), base)
    now = reviews(("2023-12-31", 7040, 2859 - 281, 0, 432 + 10, 0))
    done = poverty.plan_progress(targets, base, now).iloc[0]
    assert done["poor_reduced_households"] == 281
    assert done["poor_plan_done_pct"] == 50
    assert done["near_poor_reduced_households"] == -10
    nothing = poverty.plan_progress(targets, base, base).iloc[0]
    assert pd.isna(nothing["poor_reduced_households"])
