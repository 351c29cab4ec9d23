import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.statistics import funding
from giamngheo.statistics.tree import OutsideTreeError

CONTENTS = pd.DataFrame(
    {"code": ["1", "1.1", "1.2", "2", "4", "4.1", "4.2"], "above": ["", "1", "1", "", "", "4", "4"]}
)
SOURCES = pd.DataFrame({"code": ["investment", "recurrent"], "above": ["", ""]})
YEARS = SOURCES.merge(pd.DataFrame({"fund_year": pd.array([2022, 2023], "Int64")}), how="cross")


def capital(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["project_code", "source", "fund_year", "planned_vnd"])
    return frame.astype({"fund_year": "Int64", "planned_vnd": "Int64"}).assign(budget_level="central", unit_code="")


def paid(*rows: tuple[str, str, str, int, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["date", "project_code", "source", "fund_year", "disbursed_vnd"])
    frame = frame.astype({"date": "datetime64[us]", "fund_year": "Int64", "disbursed_vnd": "Int64"})
    return frame.assign(unit_code="")


def execution(capital_rows: pd.DataFrame, paid_rows: pd.DataFrame) -> pd.DataFrame:
    return funding.execution(capital_rows, paid_rows, SOURCES)


def table_of(lines: pd.DataFrame) -> pd.DataFrame:
    return funding.by_source(funding.programme_table(lines, CONTENTS, YEARS))


def line(table: pd.DataFrame, code: str, source: str = funding.TOTAL) -> pd.Series:
    own = table[table["project_code"] == code]
    return (own[own["source"] == source] if "source" in own else own).iloc[0]


SUB_PROJECT_1_1 = [("1.1", "investment", 2023, 42_218_000_000), ("1.1", "recurrent", 2023, 4_222_000_000)]
PAID_1_1 = ("2023-08-18", "1.1", "unsplit", 2023, 4_569_482_000)


def test_sub_project_1_1_in_august_2023() -> None:
    lines = execution(capital(*SUB_PROJECT_1_1), paid(PAID_1_1))
    row = line(table_of(lines), "1.1")
    assert row["planned_vnd"] == 46_440_000_000
    assert row["disbursed_vnd"] == 4_569_482_000
    assert row["remaining_vnd"] == 46_440_000_000 - 4_569_482_000
    assert row["rate_pct"] == pytest.approx(9.8395, abs=1e-4)
    assert row["share_pct/investment"] == pytest.approx(90.9087, abs=1e-4)
    assert pd.isna(row["disbursed_vnd/investment"])
    assert pd.isna(row["rate_pct/recurrent"])


def test_a_line_without_snapshot_is_unknown_unless_there_is_nothing_to_pay() -> None:
    lines = execution(capital(("1.2", "investment", 2023, 0), ("2", "recurrent", 2023, 5)), paid())
    assert line(lines, "1.2")["disbursed_vnd"] == 0
    assert pd.isna(line(lines, "2")["disbursed_vnd"])


INVESTMENT, RECURRENT = 9_000_000, 4_733_000
"""What two snapshots say of the sources of one line."""


def test_a_source_without_a_row_in_the_newest_snapshot_keeps_its_last_amount_and_is_named() -> None:
    paid_rows = paid(
        ("2023-07-31", "1.1", "investment", 2023, 1),
        ("2023-07-31", "1.1", "recurrent", 2023, RECURRENT),
        ("2023-08-31", "1.1", "investment", 2023, INVESTMENT),
    )
    lines = execution(capital(*SUB_PROJECT_1_1), paid_rows)
    assert line(lines, "1.1")["disbursed_vnd"] == INVESTMENT + RECURRENT
    assert line(lines, "1.1", "recurrent")["date"] == pd.Timestamp("2023-07-31")
    older = funding.carried_forward(lines)
    assert older[["project_code", "source", "disbursed_vnd"]].to_numpy().tolist() == [["1.1", "recurrent", RECURRENT]]


def test_a_source_with_capital_that_never_had_a_row_leaves_the_total_blank() -> None:
    lines = execution(capital(*SUB_PROJECT_1_1), paid(("2023-08-31", "1.1", "investment", 2023, INVESTMENT)))
    assert line(lines, "1.1", "investment")["disbursed_vnd"] == INVESTMENT
    assert pd.isna(line(lines, "1.1")["disbursed_vnd"])
    assert pd.isna(line(table_of(lines), funding.TOTAL)["disbursed_vnd"])


def test_an_amount_that_is_not_split_supersedes_older_ones_and_is_superseded_as_a_whole() -> None:
    whole = ("2023-08-31", "1.1", "unsplit", 2023, 7)
    older = ("2023-07-31", "1.1", "investment", 2023, 5)
    newer = ("2023-09-30", "1.1", "investment", 2023, 6)
    lines = execution(capital(*SUB_PROJECT_1_1), paid(older, whole))
    assert line(lines, "1.1")["disbursed_vnd"] == 7
    assert pd.isna(line(lines, "1.1", "investment")["disbursed_vnd"])
    lines = execution(capital(*SUB_PROJECT_1_1), paid(older, whole, newer))
    assert line(lines, "1.1", "investment")["disbursed_vnd"] == 6
    assert pd.isna(line(lines, "1.1")["disbursed_vnd"])


def test_where_nothing_is_disbursed_in_all_no_source_has_anything() -> None:
    lines = execution(capital(*SUB_PROJECT_1_1), paid(("2023-08-31", "1.1", "unsplit", 2023, 0)))
    assert lines["disbursed_vnd"].tolist() == [0, 0, 0]


def test_each_year_of_funds_is_added_up_along_its_own_programme() -> None:
    contents = pd.DataFrame({"fund_year": [2025, 2026], "code": ["2", "A.2"], "above": ["", ""]})
    contents = contents.astype({"fund_year": "Int64"})
    rows = capital(("2", "recurrent", 2025, 40), ("A.2", "recurrent", 2026, 60))
    table = funding.contents_table(execution(rows, paid()), contents)
    totals = table[(table["project_code"] == funding.TOTAL) & (table["source"] == funding.TOTAL)]
    assert totals[["fund_year", "planned_vnd"]].to_numpy().tolist() == [[2025, 40], [2026, 60]]
    with pytest.raises(OutsideTreeError, match=r"A\.2"):
        funding.contents_table(execution(capital(("A.2", "recurrent", 2025, 1)), paid()), contents)


def test_a_line_of_nothing_above_or_below_money_takes_nothing_away() -> None:
    rows = [("4", "recurrent", 2023, 100), ("4.1", "recurrent", 2023, 0), ("1", "investment", 2023, 0)]
    table = table_of(execution(capital(*rows, ("1.1", "investment", 2023, 50)), paid()))
    assert table.set_index("project_code")["planned_vnd"].to_dict() == {"": 150, "1": 50, "1.1": 50, "4": 100}


def test_a_total_with_an_unknown_part_is_unknown() -> None:
    lines = execution(
        capital(("4.1", "recurrent", 2023, 5), ("4.2", "recurrent", 2023, 5)),
        paid(("2023-08-18", "4.1", "recurrent", 2023, 1)),
    )
    table = table_of(lines)
    assert line(table, "4.1")["disbursed_vnd/recurrent"] == 1
    assert pd.isna(line(table, "4")["disbursed_vnd"])
    assert pd.isna(line(table, funding.TOTAL)["disbursed_vnd"])
    assert line(table, funding.TOTAL)["planned_vnd"] == 10


def test_rows_are_found_by_the_content_above_in_the_tree_of_their_year() -> None:
    table = table_of(
        execution(capital(*SUB_PROJECT_1_1, ("2", "recurrent", 2023, 5), ("1.2", "recurrent", 2022, 5)), paid())
    )
    tree = CONTENTS.merge(pd.DataFrame({"fund_year": [2022, 2023]}), how="cross")
    rows = funding.by_content_above(table, tree)
    assert {parent: [(row["fund_year"], row["project_code"]) for row in below] for parent, below in rows.items()} == {
        None: [(2022, ""), (2023, "")],
        "": [(2022, "1"), (2023, "1"), (2023, "2")],
        "1": [(2022, "1.2"), (2023, "1.1")],
    }


def test_a_snapshot_stands_beside_the_plan_of_its_line_and_of_its_source() -> None:
    snapshots = paid(
        PAID_1_1,
        ("2023-08-18", "1.1", "recurrent", 2023, 7),
        ("2023-08-18", "1.1", "recurrent", 2022, 7),
        ("2023-08-18", "2", "investment", 2023, 7),
    )
    found = funding.with_planned(snapshots, capital(*SUB_PROJECT_1_1, ("2", "recurrent", 2023, 5)))
    assert list(found["of_line"]) == [46_440_000_000, 46_440_000_000, 0, 5]
    assert list(found["of_source"]) == [0, 4_222_000_000, 0, 0]


def test_a_later_snapshot_replaces_the_earlier_one_as_a_whole() -> None:
    lines = execution(
        capital(*SUB_PROJECT_1_1),
        paid(
            PAID_1_1,
            ("2023-09-30", "1.1", "investment", 2023, 6_000_000_000),
            ("2023-09-30", "1.1", "recurrent", 2023, 0),
        ),
    )
    row = line(table_of(lines), "1.1")
    assert row["disbursed_vnd"] == row["disbursed_vnd/investment"] == 6_000_000_000
    assert row["disbursed_vnd/recurrent"] == 0
    assert line(lines, "1.1")["date"] == pd.Timestamp("2023-09-30")


def test_money_carried_over_stays_apart() -> None:
    lines = execution(
        capital(("2", "recurrent", 2023, 100), ("2", "recurrent", 2022, 40)),
        paid(("2023-08-18", "2", "recurrent", 2022, 40), ("2023-08-18", "2", "recurrent", 2023, 0)),
    )
    assert lines.loc[
        lines["source"] == funding.TOTAL, ["fund_year", "planned_vnd", "disbursed_vnd"]
    ].to_numpy().tolist() == [
        [2022, 40, 40],
        [2023, 100, 0],
    ]


def test_money_disbursed_without_a_plan_has_no_rate_and_less_than_nothing_remaining() -> None:
    lines = execution(capital(("2", "recurrent", 2023, 1)), paid(("2023-08-18", "4.1", "recurrent", 2023, 7)))
    row = line(table_of(lines), "4.1")
    assert row["planned_vnd"] == 0
    assert row["remaining_vnd"] == -7
    assert pd.isna(row["rate_pct"])


def test_undisbursed_lines_have_capital_and_a_snapshot_of_nothing() -> None:
    lines = execution(
        capital(("1.2", "investment", 2023, 0), ("2", "recurrent", 2023, 5), ("4.1", "recurrent", 2023, 5)),
        paid(("2023-08-18", "2", "recurrent", 2023, 0)),
    )
    assert funding.undisbursed(lines)["project_code"].tolist() == ["2"]


def test_capital_by_budget_level() -> None:
    given_capital = capital(("2", "recurrent", 2023, 5), ("4.1", "recurrent", 2023, 3), ("2", "recurrent", 2022, 9))
    given_capital.loc[1, "budget_level"] = "district"
    levels = funding.by_budget_level(given_capital, 2023)
    assert levels.to_numpy().tolist() == [["central", 5], ["district", 3]]


def test_the_pace_of_august_2023() -> None:
    found = funding.pace(71_972_000_000, 4_569_482_000, 95, months_gone=8, months_left=5)
    assert found["so_far_vnd"] == 4_569_482_000 / 8
    assert found["missing_vnd"] == pytest.approx(71_972_000_000 * 0.95 - 4_569_482_000)
    assert found["needed_vnd"] == pytest.approx((68_373_400_000 - 4_569_482_000) / 5)


def test_no_pace_is_needed_once_the_aim_is_reached_and_none_is_known_when_time_is_up() -> None:
    assert funding.pace(100, 95, 95, months_gone=12, months_left=0)["needed_vnd"] == 0
    assert pd.isna(funding.pace(100, 94, 95, months_gone=12, months_left=0)["needed_vnd"])


AMOUNTS = st.integers(0, 10**12)
LEAVES = ["1.1", "1.2", "2", "4.1", "4.2"]


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(LEAVES), st.sampled_from(list(SOURCES["code"])), AMOUNTS, AMOUNTS),
        min_size=1,
        unique_by=lambda row: row[:2],
    )
)
def test_parts_sum_to_wholes(rows: list[tuple[str, str, int, int]]) -> None:
    lines = execution(
        capital(*((code, source, 2023, plan) for code, source, plan, _ in rows)),
        paid(*(("2023-08-18", code, source, 2023, vnd) for code, source, _, vnd in rows)),
    )
    table = table_of(lines).set_index("project_code")
    total = table.loc[funding.TOTAL]
    assert total["planned_vnd"] == sum(plan for *_, plan, _ in rows)
    assert total["planned_vnd"] == total["planned_vnd/investment"] + total["planned_vnd/recurrent"]
    budgeted = table.reindex(["1", "2", "4"]).fillna(0)
    for column in ("planned_vnd", "planned_vnd/investment"):
        assert total[column] == budgeted[column].sum()
    if not pd.isna(total["disbursed_vnd"]):
        assert total["disbursed_vnd"] + total["remaining_vnd"] == total["planned_vnd"]
        assert total["disbursed_vnd"] == sum(vnd for *_, vnd in rows)


NESTED = pd.DataFrame(
    {
        "code": ["central", "central_investment", "central_recurrent", "local", "local_province", "local_commune"],
        "above": ["", "central", "central", "", "local", "local"],
    }
)
LOWEST = ["central_investment", "central_recurrent", "local_province", "local_commune"]


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(LEAVES), st.sampled_from(LOWEST), AMOUNTS, st.none() | AMOUNTS),
        min_size=1,
        unique_by=lambda row: row[:2],
    )
)
def test_sources_of_sources_sum_to_groups_and_these_to_the_whole(rows: list[tuple[str, str, int, int | None]]) -> None:
    """A group of which a source with capital has no row is blank, never the sum of the others."""
    lines = funding.execution(
        capital(*((code, source, 2023, plan) for code, source, plan, _ in rows)),
        paid(*(("2023-08-18", code, source, 2023, vnd) for code, source, _, vnd in rows if vnd is not None)),
        NESTED,
    )
    sources = NESTED.assign(fund_year=pd.array([2023] * len(NESTED), "Int64"))
    table = funding.programme_table(lines, CONTENTS, sources).set_index(["project_code", "source"])
    total = table.loc[funding.TOTAL]
    for group in ("central", "local"):
        own = [row for row in rows if row[1].startswith(group)]
        assert total.loc[group, "planned_vnd"] == sum(plan for _, _, plan, _ in own)
        known = all(vnd is not None or plan == 0 for _, _, plan, vnd in own)
        amount = total.loc[group, "disbursed_vnd"]
        assert pd.isna(amount) if not known else amount == sum(vnd or 0 for *_, vnd in own)
    groups = total.loc[["central", "local"], "disbursed_vnd"]
    whole = total.loc[funding.TOTAL, "disbursed_vnd"]
    assert pd.isna(whole) if groups.isna().any() else whole == groups.sum()
