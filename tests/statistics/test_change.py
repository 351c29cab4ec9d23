import datetime as dt
from itertools import accumulate

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.statistics.change import (
    at_end_of,
    best_movers,
    cumulative_by_month,
    dated_within,
    disbursed_between,
    monthly_lines,
    ranked,
    reviews_within,
    shares,
    stock_changes,
    worst_movers,
)
from giamngheo.statistics.poverty import rates

JUNE = dt.date(2024, 6, 30)
SOURCES = pd.DataFrame({"code": ["investment", "recurrent"], "above": ["", ""]})


def reviews(*rows: tuple[str, str, int, int, int]) -> pd.DataFrame:
    columns = ["date", "unit_code", "households", "poor_households", "near_poor_households"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:], "Int64"))
    minority = {
        f"{name}_ethnic_minority_households": pd.array([None] * len(rows), "Int64") for name in ("poor", "near_poor")
    }
    return rates(frame.assign(date=pd.to_datetime(frame["date"]), **minority))


def capital(*rows: tuple[str | None, str, str, int, int]) -> pd.DataFrame:
    columns = ["date", "project_code", "source", "fund_year", "planned_vnd"]
    frame = pd.DataFrame(rows, columns=columns).astype({"fund_year": "Int64", "planned_vnd": "Int64"})
    return frame.assign(date=pd.to_datetime(frame["date"]).astype("datetime64[us]"), unit_code="")


def paid(*rows: tuple[str, str, str, int, int]) -> pd.DataFrame:
    columns = ["date", "project_code", "source", "fund_year", "disbursed_vnd"]
    frame = pd.DataFrame(rows, columns=columns).astype({"fund_year": "Int64", "disbursed_vnd": "Int64"})
    return frame.assign(date=pd.to_datetime(frame["date"]).astype("datetime64[us]"), unit_code="")


def test_what_is_dated_in_a_period_is_new_in_it() -> None:
    dates = pd.to_datetime(["2024-05-31", "2024-06-01", "2024-06-30", "2024-07-01", None])
    documents = pd.DataFrame({"date": dates, "number": list("abcde")})
    assert list(dated_within(documents, dt.date(2024, 6, 1), JUNE)["number"]) == ["b", "c"]


def test_a_units_latest_review_of_a_month() -> None:
    frame = reviews(("2024-06-15", "A", 100, 40, 10), ("2024-06-30", "A", 100, 39, 10), ("2024-05-31", "B", 50, 5, 5))
    june = reviews_within(frame, dt.date(2024, 6, 1), JUNE)
    assert list(june["unit_code"]) == ["A"]
    assert list(june["poor_households"]) == [39]


def test_units_have_shares_of_the_poor_and_near_poor_households_of_the_whole() -> None:
    whole = reviews(("2024-06-30", "", 1000, 150, 50))
    parts = reviews(("2024-06-30", "A", 100, 40, 10), ("2024-06-30", "B", 90, 5, 0))
    parts.loc[2] = parts.loc[1].mask(parts.columns == "multidimensional_households")
    assert list(shares(parts, whole)[:2]) == [25.0, 2.5]  # 50 of 200, 5 of 200
    assert pd.isna(shares(parts, whole)[2])


def test_stocks_moved_by_households_and_points() -> None:
    before = reviews(("2023-12-31", "A", 200, 50, 20))
    now = reviews(("2024-06-30", "A", 200, 45, 22), ("2024-06-30", "B", 100, 10, 10))
    first, new = (row for _, row in stock_changes(before, now).iterrows())
    assert (first["poor_change_households"], first["near_poor_change_households"]) == (-5, 2)
    assert (first["poor_change_pp"], first["near_poor_change_pp"], first["multidimensional_change_pp"]) == (
        -2.5,
        1,
        -1.5,
    )
    assert (first["poor_rate_before_pct"], first["date_before"]) == (25, pd.Timestamp("2023-12-31"))
    assert new["poor_rate_pct"] == 10
    assert pd.isna(new["poor_change_households"])
    assert pd.isna(new["multidimensional_change_pp"])


def moved(**points: float | None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit_code": list(points),
            "multidimensional_rate_pct": pd.array(range(10, 10 + len(points)), "Float64"),
            "multidimensional_change_pp": pd.array(list(points.values()), "Float64"),
        }
    )


def test_ranks_with_ties_and_blanks() -> None:
    found = ranked(moved(A=-2, B=-5, C=-2, D=1, E=None))
    assert list(found["rate_rank"]) == [5, 4, 3, 2, 1]
    assert list(found["change_rank"][:4]) == [2, 1, 2, 4]
    assert pd.isna(found["change_rank"][4])


def test_movers_with_ties() -> None:
    changes = moved(A=-2, B=-5, C=-2, D=1, E=0, F=None)
    assert list(best_movers(changes, 2)["unit_code"]) == ["B", "A", "C"]
    assert list(worst_movers(changes, 2)["unit_code"]) == ["D", "E"]
    assert best_movers(moved(A=0.5), 3).empty
    assert list(worst_movers(moved(A=-3, B=-0.5, C=-1), 1)["unit_code"]) == ["B"]
    assert worst_movers(moved(A=-0.5, B=-0.5), 1).empty


CAPITAL = capital(
    ("2024-01-09", "1.1", "investment", 2024, 1000),
    ("2024-01-09", "1.1", "recurrent", 2024, 100),
    ("2024-06-20", "2", "recurrent", 2024, 500),
    (None, "5", "recurrent", 2023, 80),
)
PAID = paid(
    ("2024-05-31", "1.1", "investment", 2024, 300),
    ("2024-05-31", "1.1", "recurrent", 2024, 10),
    ("2024-05-31", "5", "recurrent", 2023, 20),
    ("2024-06-30", "1.1", "investment", 2024, 450),
    ("2024-06-30", "1.1", "recurrent", 2024, 10),
    ("2024-06-30", "2", "recurrent", 2024, 60),
)


def months_of(plan: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    return monthly_lines(plan, frame, SOURCES, year=2024, above={})


def between(frame: pd.DataFrame, begin: int, end: int, plan: pd.DataFrame = CAPITAL) -> pd.DataFrame:
    lines = months_of(plan, frame)
    return disbursed_between(at_end_of(lines, begin - 1), at_end_of(lines, end)).set_index(["project_code", "source"])


def test_a_months_disbursement_is_the_difference_of_two_snapshots() -> None:
    june = between(PAID, 6, 6)
    assert june.loc["1.1", "period_vnd"].to_dict() == {"": 150, "investment": 150, "recurrent": 0}
    assert june.loc[("1.1", ""), "before_vnd"] == 310
    assert june.loc[("2", ""), "period_vnd"] == 60  # capital of June: nothing before
    assert pd.isna(june.loc[("5", ""), "period_vnd"])  # capital since January, no row in June
    assert june.loc[("5", ""), "before_vnd"] == 20


def test_a_missing_snapshot_is_unknown_not_zero() -> None:
    may = between(PAID, 5, 5)
    assert may["period_vnd"].isna().all()  # no snapshot of April
    july = between(PAID, 7, 7)
    assert july["period_vnd"].isna().all()


def test_from_the_start_of_the_year_all_is_of_the_period() -> None:
    half = between(PAID, 1, 6)
    assert list(half.loc[[("1.1", ""), ("2", "")], "period_vnd"]) == [460, 60]


def test_unsplit_amounts_differ_in_total_only() -> None:
    snapshots = paid(
        ("2024-05-31", "1.1", "unsplit", 2024, 300), *PAID.iloc[3:5, :5].itertuples(index=False, name=None)
    )
    june = between(snapshots, 6, 6)
    assert june.loc[("1.1", ""), "period_vnd"] == 160
    assert pd.isna(june.loc[("1.1", "investment"), "period_vnd"])


def test_cumulative_disbursement_by_month() -> None:
    months = cumulative_by_month(months_of(CAPITAL, PAID), 2024, 7)
    assert list(months["month"]) == [1, 2, 3, 4, 5, 6, 7]
    assert list(months["planned_vnd"]) == [1100, 1100, 1100, 1100, 1100, 1600, 1600]
    assert list(months["disbursed_vnd"][4:6]) == [310, 520]
    assert months["disbursed_vnd"][[0, 3, 6]].isna().all()
    assert months["month_vnd"][5] == 210
    assert months["month_vnd"][[4, 6]].isna().all()


def test_before_any_capital_nothing_is_disbursed() -> None:
    late = cumulative_by_month(months_of(CAPITAL.iloc[2:3], PAID.iloc[5:6]), 2024, 6)
    assert list(late["disbursed_vnd"]) == [0, 0, 0, 0, 0, 60]
    assert list(late["month_vnd"]) == [0, 0, 0, 0, 0, 60]


@settings(max_examples=25)
@given(
    st.lists(st.integers(0, 10**12), min_size=1, max_size=12),
    st.lists(st.integers(0, 10**12), min_size=12, max_size=12),
)
def test_months_add_up_to_the_cumulative(first: list[int], second: list[int]) -> None:
    rows = [
        (f"2024-{month:02}-28", code, "recurrent", 2024, vnd)
        for code, steps in (("2", first), ("5", second[: len(first)]))
        for month, vnd in enumerate(accumulate(steps), start=1)
    ]
    plan = capital(("2024-01-02", "2", "recurrent", 2024, 1), ("2024-01-02", "5", "recurrent", 2024, 1))
    months = cumulative_by_month(months_of(plan, paid(*rows)), 2024, len(first))
    assert list(months["month_vnd"]) == [a + b for a, b in zip(first, second, strict=False)]
    assert months["month_vnd"].sum() == months["disbursed_vnd"].iloc[-1] == sum(first) + sum(second[: len(first)])
    of_year = between(paid(*rows), 1, len(first), plan).xs("", level="source")
    assert of_year["period_vnd"].sum() == months["month_vnd"].sum()


@settings(max_examples=50)
@given(st.lists(st.floats(-10, 10), min_size=1, max_size=15))
def test_ranks_are_as_many_as_units_and_begin_at_one(points: list[float]) -> None:
    ranks = list(ranked(moved(**{f"u{n}": p for n, p in enumerate(points)}))["change_rank"])
    assert min(ranks) == 1
    assert all(ranks.count(rank) + rank - 1 <= len(points) for rank in ranks)
    assert all((a < b) == (points[i] < points[j]) for i, a in enumerate(ranks) for j, b in enumerate(ranks))
