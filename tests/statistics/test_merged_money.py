"""Money of 23422 and the old 23425, which became the new 23425 on 1 July 2025, and of a unit that was divided."""

import datetime as dt

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.statistics import funding
from giamngheo.statistics.funding import snapshots_of
from giamngheo.statistics.mobilised import resources_of
from giamngheo.statistics.unit_money import by_unit, units_above
from giamngheo.statistics.units import in_codes_of, units_on

EVE, LAST = pd.Timestamp("2025-06-30"), dt.date(2025, 12, 31)
UNITS = pd.DataFrame(
    [
        ("51", "Quảng Ngãi", "", None, None, ""),
        ("23425", "Tu Mơ Rông", "51", "2025-07-01", None, ""),
        ("23416", "Đăk Sao", "51", "2025-07-01", None, ""),
        ("21136", "Cà Đam", "51", "2025-07-01", None, ""),
        ("21157", "Đông Trà Bồng", "51", "2025-07-01", None, ""),
        ("23422", "Tu Mơ Rông", "51", None, EVE, "23425"),
        ("23425", "Đăk Hà", "51", None, EVE, "23425"),
        ("21142", "Trà Bùi", "51", None, EVE, "một phần 21136, 21157"),
    ],
    columns=["code", "name", "parent_code", "valid_from", "valid_to", "merged_into"],
).astype({"valid_from": "datetime64[us]", "valid_to": "datetime64[us]"})
UNITS[["level", "kind"]] = "", ""
SOURCES = pd.DataFrame({"code": ["investment", "recurrent"], "above": ["", ""]})


def capital(*rows: tuple[str, str | None, str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["unit_code", "date", "source", "planned_vnd"])
    types = {"date": "datetime64[us]", "fund_year": "Int64", "planned_vnd": "Int64"}
    return frame.assign(project_code="1.1", fund_year=2025, row=range(len(frame))).astype(types)


def paid(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["unit_code", "date", "source", "disbursed_vnd"])
    types = {"date": "datetime64[us]", "fund_year": "Int64", "disbursed_vnd": "Int64"}
    texts = {"project_code": "1.1", "status": "", "note": ""}
    return frame.assign(**texts, fund_year=2025, row=range(len(frame))).astype(types)


def merged(given: pd.DataFrame, told: pd.DataFrame, root: str = "51") -> tuple[pd.DataFrame, pd.DataFrame]:
    both = in_codes_of(given, UNITS, root, LAST), in_codes_of(told, UNITS, root, LAST)
    return both[0], snapshots_of(both[1], both[0], SOURCES)


def line(given: pd.DataFrame, told: pd.DataFrame, root: str = "51") -> dict[str, list[int | None]]:
    """Planned and disbursed of each unit of the end of the year, all sources together."""
    known = merged(given, told, root)
    lines = funding.unit_lines(*known, SOURCES)
    whole = lines[lines["source"] == ""].set_index("unit_code")[["planned_vnd", "disbursed_vnd"]]
    return {unit: [None if pd.isna(one) else int(one) for one in row] for unit, row in whole.iterrows()}


BOTH = capital(("23422", "2025-01-15", "investment", 300), ("23425", "2025-01-15", "investment", 200))


def test_whole_units_together_are_the_money_of_the_unit_that_took_them_over() -> None:
    snapshots = paid(("23422", "2025-05-31", "investment", 30), ("23425", "2025-05-31", "investment", 20))
    assert line(BOTH, snapshots) == {"23425": [500, 50]}
    known = merged(BOTH, snapshots)
    above = units_above(units_on(UNITS, LAST), "51")
    shown = by_unit(funding.unit_lines(*known, SOURCES), units_on(UNITS, LAST), above, 2025).set_index("unit_code")
    assert shown.loc["23425", "rate_pct"] == 10


def test_the_latest_of_each_counts_where_their_snapshots_are_of_different_days() -> None:
    snapshots = paid(("23422", "2025-06-30", "investment", 30), ("23425", "2025-05-31", "investment", 20))
    assert line(BOTH, snapshots) == {"23425": [500, 50]}


def test_a_snapshot_of_the_new_unit_is_what_all_of_it_has_disbursed() -> None:
    snapshots = paid(
        ("23422", "2025-05-31", "investment", 30),
        ("23425", "2025-05-31", "investment", 20),
        ("23425", "2025-08-31", "investment", 90),
    )
    more = pd.concat([BOTH, capital(("23425", "2025-08-05", "investment", 100))], ignore_index=True)
    assert line(more, snapshots) == {"23425": [600, 90]}


def test_what_is_not_known_of_one_is_not_known_of_all() -> None:
    assert line(BOTH, paid(("23422", "2025-05-31", "investment", 30))) == {"23425": [500, None]}


def test_a_unit_without_capital_of_a_line_has_no_part_in_it() -> None:
    assert line(BOTH[:1], paid(("23422", "2025-05-31", "investment", 30))) == {"23425": [300, 30]}


def test_where_one_does_not_split_by_source_the_sum_does_not() -> None:
    given = pd.concat([BOTH, capital(("23422", "2025-01-15", "recurrent", 50))], ignore_index=True)
    snapshots = paid(
        ("23422", "2025-05-31", "unsplit", 33),
        ("23425", "2025-05-31", "investment", 20),
    )
    _, together = merged(given, snapshots)
    assert together[["unit_code", "source", "disbursed_vnd"]].values.tolist() == [["23425", "unsplit", 53]]


def test_a_divided_unit_stays_under_its_own_code() -> None:
    given, told = merged(
        capital(("21142", "2025-01-15", "investment", 9)), paid(("21142", "2025-05-31", "investment", 1))
    )
    assert list(given["unit_code"]) == list(told["unit_code"]) == ["21142"]
    assert list(given["before"]) == [""]


def test_money_of_what_the_reporting_unit_was_made_from_is_its_own() -> None:
    snapshots = paid(("23422", "2025-05-31", "investment", 30), ("23425", "2025-05-31", "investment", 20))
    assert line(BOTH, snapshots, "23425") == {"": [500, 50]}


def test_what_the_reporting_unit_says_of_itself_is_not_counted_twice() -> None:
    given = pd.concat([BOTH, capital(("", "2025-01-15", "investment", 510))], ignore_index=True)
    snapshots = paid(("", "2025-05-31", "investment", 60), ("23422", "2025-05-31", "investment", 30))
    assert line(given, snapshots, "23425") == {"": [510, 60]}


def test_resources_of_both_are_added_up_by_their_last_snapshots() -> None:
    rows = pd.DataFrame(
        [
            ("23422", "2025-03-31", 5),
            ("23425", "2025-03-31", 7),
            ("23422", "2025-06-30", 8),
            ("23425", "2025-09-30", 30),
        ],
        columns=["unit_code", "date", "mobilised_vnd"],
    ).astype({"date": "datetime64[us]", "mobilised_vnd": "Int64"})
    rows = rows.assign(project_code="", source="credit", planned_vnd=10, rest_vnd=1, row=0, note="").astype(
        {"planned_vnd": "Int64", "rest_vnd": "Int64"}
    )
    found = resources_of(in_codes_of(rows, UNITS, "51", LAST)).sort_values("date")
    assert found["mobilised_vnd"].tolist() == [5 + 7, 8 + 7, 30]
    assert found["planned_vnd"].tolist() == [20, 20, 10]
    assert set(found["unit_code"]) == {"23425"}


AMOUNTS = st.tuples(st.integers(1, 10**9), st.integers(0, 10**9))


@settings(max_examples=25)
@given(AMOUNTS, AMOUNTS, st.sampled_from(["2025-05-31", "2025-06-30"]))
def test_no_money_comes_or_goes_at_a_merger(one: tuple[int, int], other: tuple[int, int], day: str) -> None:
    allocated = capital(("23422", "2025-01-15", "investment", one[0]), ("23425", "2025-01-15", "investment", other[0]))
    snapshots = paid(("23422", day, "investment", one[1]), ("23425", "2025-06-30", "investment", other[1]))
    assert line(allocated, snapshots) == {"23425": [one[0] + other[0], one[1] + other[1]]}
