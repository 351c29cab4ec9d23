"""Two units over three years, worked out by hand."""

import datetime as dt

import pandas as pd
import pytest

from giamngheo.statistics.comparison import breaks, by_year, reductions, speed, year_ends, yearly_ranks
from giamngheo.statistics.poverty import rates


def ends() -> pd.DataFrame:
    """Of unit A 40, 32, 26 of 100 households are poor, of B 10, 12; 50 of A are of minorities, 30 of them poor."""
    rows = [
        ("2021-12-31", "A", 100, 40, 10, 50, 30, 5),
        ("2022-06-30", "A", 100, 38, 10, 50, 29, 5),
        ("2022-12-31", "A", 100, 32, 8, 50, 25, 4),
        ("2023-12-31", "A", 100, 26, 6, None, None, None),
        ("2021-12-31", "B", 200, 20, 0, 200, 20, 0),
        ("2022-12-31", "B", 200, 24, 0, 200, 24, 0),
    ]
    columns = ["date", "unit_code", "households", "poor_households", "near_poor_households"]
    columns += ["ethnic_minority_households", "poor_ethnic_minority_households", "near_poor_ethnic_minority_households"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:], "Int64"))
    frame = frame.assign(date=pd.to_datetime(frame["date"]), unit="x", unit_name="Xã " + frame["unit_code"])
    return year_ends(rates(frame))


PLANS = pd.DataFrame(
    {
        "date": pd.to_datetime(["2022-01-05", "2022-07-01", None]),
        "unit": "x",
        "unit_code": ["A", "A", "B"],
        "year": pd.array([2022, 2022, 2022], "Int64"),
        "expected_households": pd.array([100, 100, None], "Int64"),
        "poor_reduction_households": pd.array([5, 10, 2], "Int64"),
        "near_poor_reduction_households": pd.array([0, 0, 0], "Int64"),
        **dict.fromkeys([f"{name}_reduction_pp" for name in ("poor", "near_poor", "multidimensional")], pd.NA),
    }
)


def test_the_last_review_of_a_year_is_its_end() -> None:
    wide = by_year(ends(), "poor_rate_pct")
    assert wide.columns.tolist() == [2021, 2022, 2023]
    assert wide.iloc[0].tolist() == [40, 32, 26]
    assert wide.iloc[1, :2].tolist() == [10, 12]


def test_the_gap_is_the_rate_of_minorities_less_that_of_the_others() -> None:
    """Of A 30 of 50 and 10 of 50 others: 60 % - 20 %; with the near-poor 35 of 50 and 15 of 50."""
    first = ends().iloc[0]
    assert (first["poor_gap_pp"], first["multidimensional_gap_pp"]) == (40, 40)
    assert ends()["poor_gap_pp"].isna().tolist() == [False, False, True, True, True], (
        "unknown, or nobody else lives there"
    )


def test_ranks_of_each_year() -> None:
    ranks = yearly_ranks(by_year(ends(), "poor_rate_pct"))
    assert ranks[2022].tolist() == [1, 2]
    assert ranks[2023].tolist()[0] == 1
    assert pd.isna(ranks[2023].iloc[1])


def test_reductions_stand_beside_the_newest_plan() -> None:
    """A fell from 40 to 32; the plan of July meant 30 of 100, the one of January 35. That of B names no households."""
    table = reductions(ends(), PLANS, "poor").set_index(["unit_code", "year"])
    assert table.loc[("A", 2022), ["before_pct", "now_pct", "reduced_pp", "planned_pp"]].tolist() == [40, 32, 8, 10]
    assert table.loc[("A", 2022), "done_pct"] == 80
    assert table.loc[("B", 2022), "reduced_pp"] == -2
    assert pd.isna(table.loc[("B", 2022), "planned_pp"])
    assert pd.isna(table.loc[("A", 2023), "planned_pp"])
    assert reductions(ends(), PLANS[:0], "poor")["planned_pp"].isna().all()


def test_speed_is_a_year_between_the_first_and_the_last() -> None:
    found = speed(by_year(ends(), "poor_rate_pct"), 2021)
    assert found.iloc[0].tolist() == [2021, 2023, 40, 26, 14, 7]
    assert found["yearly_pp"].iloc[1] == -2
    since = speed(by_year(ends(), "poor_rate_pct"), 2022)
    assert since["yearly_pp"].iloc[0] == 6
    assert pd.isna(since["yearly_pp"].iloc[1]), "one year alone has no speed"


@pytest.mark.parametrize(
    ("years", "expected"),
    [([2021, 2022, 2026], {}), ([2025, 2026, 2027, 2028], {2027: "new"}), ([2026, 2028], {2028: "new"})],
)
def test_a_year_of_another_standard_is_a_break(years: list[int], expected: dict[int, str]) -> None:
    def standard(day: dt.date) -> str:
        return "" if day.year < 2022 else "old" if day.year < 2027 else "new"

    assert breaks(years, standard) == expected
