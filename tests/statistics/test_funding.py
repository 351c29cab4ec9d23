import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.statistics import funding

PROJECTS = pd.DataFrame(
    {"code": ["1", "1.1", "1.2", "2", "4", "4.1", "4.2"], "parent_code": ["", "1", "1", "", "", "4", "4"]}
)


def capital(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["project_code", "source", "fund_year", "planned_vnd"])
    return frame.astype({"fund_year": "Int64", "planned_vnd": "Int64"}).assign(budget_level="central")


def paid(*rows: tuple[str, str, str, int, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["date", "project_code", "source", "fund_year", "disbursed_vnd"])
    return frame.astype({"date": "datetime64[us]", "fund_year": "Int64", "disbursed_vnd": "Int64"})


def line(table: pd.DataFrame, code: str) -> pd.Series:
    return table[table["project_code"] == code].iloc[0]


SUB_PROJECT_1_1 = [("1.1", "investment", 2023, 42_218_000_000), ("1.1", "recurrent", 2023, 4_222_000_000)]
PAID_1_1 = ("2023-08-18", "1.1", "unsplit", 2023, 4_569_482_000)


def test_sub_project_1_1_in_august_2023() -> None:
    lines = funding.execution(capital(*SUB_PROJECT_1_1), paid(PAID_1_1))
    row = line(funding.programme_table(lines, PROJECTS), "1.1")
    assert row["planned_vnd"] == 46_440_000_000
    assert row["disbursed_vnd"] == 4_569_482_000
    assert row["remaining_vnd"] == 46_440_000_000 - 4_569_482_000
    assert row["rate_pct"] == pytest.approx(9.8395, abs=1e-4)
    assert row["share_investment_pct"] == pytest.approx(90.9087, abs=1e-4)
    assert pd.isna(row["disbursed_investment_vnd"])
    assert pd.isna(row["rate_recurrent_pct"])


def test_a_line_without_snapshot_is_unknown_unless_there_is_nothing_to_pay() -> None:
    lines = funding.execution(capital(("1.2", "investment", 2023, 0), ("2", "recurrent", 2023, 5)), paid())
    assert line(lines, "1.2")["disbursed_vnd"] == 0
    assert pd.isna(line(lines, "2")["disbursed_vnd"])


def test_a_total_with_an_unknown_part_is_unknown() -> None:
    lines = funding.execution(
        capital(("4.1", "recurrent", 2023, 5), ("4.2", "recurrent", 2023, 5)),
        paid(("2023-08-18", "4.1", "recurrent", 2023, 1)),
    )
    table = funding.programme_table(lines, PROJECTS)
    assert line(table, "4.1")["disbursed_recurrent_vnd"] == 1
    assert pd.isna(line(table, "4")["disbursed_vnd"])
    assert pd.isna(line(table, funding.TOTAL)["disbursed_vnd"])
    assert line(table, funding.TOTAL)["planned_vnd"] == 10


def test_a_later_snapshot_replaces_the_earlier_one_as_a_whole() -> None:
    lines = funding.execution(
        capital(*SUB_PROJECT_1_1),
        paid(
            PAID_1_1,
            ("2023-09-30", "1.1", "investment", 2023, 6_000_000_000),
            ("2023-09-30", "1.1", "recurrent", 2023, 0),
        ),
    )
    row = line(lines, "1.1")
    assert row["disbursed_vnd"] == row["disbursed_investment_vnd"] == 6_000_000_000
    assert row["disbursed_recurrent_vnd"] == 0
    assert row["date"] == pd.Timestamp("2023-09-30")


def test_money_carried_over_stays_apart() -> None:
    lines = funding.execution(
        capital(("2", "recurrent", 2023, 100), ("2", "recurrent", 2022, 40)),
        paid(("2023-08-18", "2", "recurrent", 2022, 40), ("2023-08-18", "2", "recurrent", 2023, 0)),
    )
    assert lines[["fund_year", "planned_vnd", "disbursed_vnd"]].to_numpy().tolist() == [
        [2022, 40, 40],
        [2023, 100, 0],
    ]


def test_money_disbursed_without_a_plan_has_no_rate_and_less_than_nothing_remaining() -> None:
    lines = funding.execution(capital(("2", "recurrent", 2023, 1)), paid(("2023-08-18", "4.1", "recurrent", 2023, 7)))
    row = line(funding.programme_table(lines, PROJECTS), "4.1")
    assert row["planned_vnd"] == 0
    assert row["remaining_vnd"] == -7
    assert pd.isna(row["rate_pct"])


def test_undisbursed_lines_have_capital_and_a_snapshot_of_nothing() -> None:
    lines = funding.execution(
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
        st.tuples(st.sampled_from(LEAVES), st.sampled_from(funding.SOURCES), AMOUNTS, AMOUNTS),
        min_size=1,
        unique_by=lambda row: row[:2],
    )
)
def test_parts_sum_to_wholes(rows: list[tuple[str, str, int, int]]) -> None:
    lines = funding.execution(
        capital(*((code, source, 2023, plan) for code, source, plan, _ in rows)),
        paid(*(("2023-08-18", code, source, 2023, vnd) for code, source, _, vnd in rows)),
    )
    table = funding.programme_table(lines, PROJECTS).set_index("project_code")
    total = table.loc[funding.TOTAL]
    assert total["planned_vnd"] == sum(plan for *_, plan, _ in rows)
    assert total["planned_vnd"] == total["planned_investment_vnd"] + total["planned_recurrent_vnd"]
    budgeted = table.loc[["1", "2", "4"]].fillna(0)
    for column in ("planned_vnd", "planned_investment_vnd"):
        assert total[column] == budgeted[column].sum()
    if not pd.isna(total["disbursed_vnd"]):
        assert total["disbursed_vnd"] + total["remaining_vnd"] == total["planned_vnd"]
        assert total["disbursed_vnd"] == sum(vnd for *_, vnd in rows)
