import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.statistics import funding
from giamngheo.statistics.unit_money import LINES, behind, by_unit, latest_days, over_units, units_above

SOURCES = pd.DataFrame({"code": ["investment", "recurrent"], "above": ["", ""]})
UNITS = pd.DataFrame(
    {
        "code": ["51", "A", "B", "A1", "A2", "X", "T"],
        "name": ["Tỉnh", "Huyện A", "Huyện B", "Xã A1", "Xã A2", "Ngoài", "Trên"],
        "parent_code": ["T", "51", "51", "A", "A", "99", ""],
        "valid_to": pd.NaT,
    }
)
ABOVE = units_above(UNITS, "51")


def capital(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["unit_code", "project_code", "source", "planned_vnd"])
    return frame.assign(fund_year=2026).astype({"fund_year": "Int64", "planned_vnd": "Int64"})


def paid(*rows: tuple[str, str, str, str, int]) -> pd.DataFrame:
    columns = ["date", "unit_code", "project_code", "source", "disbursed_vnd"]
    types = {"date": "datetime64[us]", "fund_year": "Int64", "disbursed_vnd": "Int64"}
    return pd.DataFrame(rows, columns=columns).assign(fund_year=2026).astype(types)


def totals(capital_rows: pd.DataFrame, paid_rows: pd.DataFrame) -> dict[str, list[object]]:
    lines = funding.execution(capital_rows, paid_rows, SOURCES, ABOVE)
    whole = lines[lines["source"] == ""].set_index("project_code")
    return {code: [row["planned_vnd"], row["disbursed_vnd"]] for code, row in whole.iterrows()}


def test_the_units_above_each_unit_below_the_one_that_reports() -> None:
    assert ABOVE == {"A": "", "B": "", "A1": "A", "A2": "A"}


def test_units_add_up_whatever_the_day_of_their_snapshots() -> None:
    given = capital(("A", "1", "investment", 100), ("B", "1", "investment", 50))
    snapshots = paid(("2026-10-31", "A", "1", "investment", 30), ("2026-09-30", "B", "1", "investment", 20))
    assert totals(given, snapshots) == {"1": [150, 50]}
    lines = funding.execution(given, snapshots, SOURCES, ABOVE)
    of_source, whole = (lines.loc[lines["source"] == source, "date"].iloc[0] for source in ("investment", ""))
    assert (of_source, whole) == (pd.Timestamp("2026-09-30"), pd.Timestamp("2026-10-31"))


def test_a_sum_with_a_unit_of_which_nothing_is_told_is_blank() -> None:
    given = capital(("A", "1", "investment", 100), ("B", "1", "investment", 50))
    (planned, disbursed), *_ = totals(given, paid(("2026-10-31", "A", "1", "investment", 30))).values()
    assert planned == 150
    assert pd.isna(disbursed)


def test_the_own_figure_of_a_unit_wins_over_those_below_it_line_by_line() -> None:
    given = capital(("", "1", "investment", 500), ("A1", "1", "investment", 100), ("A1", "2", "recurrent", 7))
    snapshots = paid(
        ("2026-10-31", "", "1", "investment", 90),
        ("2026-10-31", "A1", "1", "investment", 60),
        ("2026-10-31", "A1", "2", "recurrent", 3),
    )
    assert totals(given, snapshots) == {"1": [500, 90], "2": [7, 3]}


def test_a_district_between_wins_over_its_communes() -> None:
    given = capital(("A", "1", "investment", 80), ("A1", "1", "investment", 50), ("B", "1", "investment", 10))
    snapshots = paid(*(("2026-10-31", unit, "1", "investment", 10) for unit in ("A", "A1", "B")))
    assert totals(given, snapshots) == {"1": [90, 20]}


def test_units_are_ranked_by_their_rates_and_one_without_money_is_blank() -> None:
    given = capital(("A1", "1", "investment", 100), ("A2", "1", "investment", 100), ("X", "1", "investment", 1))
    snapshots = paid(("2026-10-31", "A1", "1", "investment", 30), ("2026-10-31", "A2", "1", "investment", 40))
    found = by_unit(funding.unit_lines(given, snapshots, SOURCES), UNITS, ABOVE, 2026).set_index("unit_code")
    assert list(found.index) == ["A", "B"]
    assert found.loc["A", ["planned_vnd", "disbursed_vnd", "rate_pct", "rate_rank"]].tolist() == [200, 70, 35, 1]
    assert found.loc["B", ["planned_vnd", "disbursed_vnd", "rate_pct", "rate_rank"]].isna().all()


AMOUNTS = st.integers(0, 10**12)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(["A1", "A2", "B"]), st.sampled_from(["1", "2"]), AMOUNTS, AMOUNTS),
        min_size=1,
        unique_by=lambda row: row[:2],
    )
)
def test_the_money_of_units_sums_to_the_whole(rows: list[tuple[str, str, int, int]]) -> None:
    given = capital(*((unit, code, "investment", plan) for unit, code, plan, _ in rows))
    snapshots = paid(*(("2026-10-31", unit, code, "investment", vnd) for unit, code, _, vnd in rows))
    lines = funding.unit_lines(given, snapshots, SOURCES)
    whole = over_units(lines, ABOVE)
    units = by_unit(lines, UNITS, ABOVE, 2026)
    for figure, at in (("planned_vnd", 2), ("disbursed_vnd", 3)):
        total = sum(int(row[at]) for row in rows)  # type: ignore[call-overload]
        assert whole.loc[whole["source"] == "", figure].sum() == total
        assert units[figure].sum() == total


@pytest.mark.parametrize("own", [0, 5])
def test_an_own_figure_of_nothing_is_a_figure(own: int) -> None:
    given = capital(("", "1", "investment", own), ("A", "1", "investment", 100))
    (planned, _), *_ = totals(given, paid(("2026-10-31", "A", "1", "investment", 1))).values()
    assert planned == own


def test_a_code_used_twice_is_the_later_unit() -> None:
    ended = pd.DataFrame(
        {"code": ["A"], "name": ["Cũ"], "parent_code": ["99"], "valid_to": [pd.Timestamp(2025, 6, 30)]}
    )
    assert units_above(pd.concat([UNITS, ended]), "51")["A"] == ""


def snapshots(*rows: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["unit_code", "date"]).assign(project_code="1", fund_year=2026)
    return frame.astype({"date": "datetime64[us]"})


def test_units_without_the_month_of_the_newest_snapshot_are_behind() -> None:
    rows = snapshots(("A", "2026-03-31"), ("B", "2026-06-28"), ("A", "2026-05-31"), ("X", "2026-06-30"))
    days = latest_days(rows, ABOVE, line=LINES["disbursements"])
    assert list(days["unit_code"]) == ["A", "B"], "X stands elsewhere"
    (late,) = behind(days).to_dict("records")
    assert late == {"unit_code": "A", "date": pd.Timestamp("2026-05-31"), "newest": pd.Timestamp("2026-06-28")}
    assert behind(days[days["unit_code"] == "A"]).empty
    assert behind(snapshots(("A", "2026-06-01"), ("B", "2026-06-30"))).empty
    assert behind(snapshots(("A", "2026-05-31"), ("B", "2026-06-01")))["unit_code"].tolist() == ["A"]
    assert behind(snapshots()).empty


def test_a_unit_whose_rows_do_not_count_is_not_behind() -> None:
    rows = snapshots(("A", "2026-06-30"), ("A1", "2026-03-31"))
    assert behind(latest_days(rows, ABOVE, line=LINES["disbursements"])).empty


def test_a_unit_of_the_ranking_has_the_day_of_its_latest_snapshot() -> None:
    given = capital(("A1", "1", "investment", 100), ("A2", "1", "investment", 100), ("B", "1", "investment", 1))
    snapshots = paid(("2026-03-31", "A1", "1", "investment", 30), ("2026-06-30", "A2", "1", "investment", 40))
    found = by_unit(funding.unit_lines(given, snapshots, SOURCES), UNITS, ABOVE, 2026).set_index("unit_code")
    assert found.loc["A", "date"] == pd.Timestamp("2026-06-30")
    assert pd.isna(found.loc["B", "date"])
