import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.statistics import funding
from giamngheo.statistics.mobilised import FIGURES as MOBILISED
from giamngheo.statistics.mobilised import NO_CONTENT, mobilised
from giamngheo.statistics.resources import BUDGET, FIGURES, TOTAL, resources, untold

CONTENTS = pd.DataFrame({"fund_year": 2026, "code": ["A", "A.1", "A.2", "B"], "above": ["", "A", "A", ""]})
SOURCES = pd.DataFrame(
    {
        "fund_year": 2026,
        "code": ["central", "invest", "current", "credit", "people", "cash", "labour"],
        "above": ["", "central", "central", "", "", "people", "people"],
    }
)
ABOVE = {"X": "", "Y": ""}

Line = tuple[str, str, str, int, int | None]
"""Unit, content, source, plan, result."""


def table(budget: list[Line], beyond: list[Line]) -> pd.DataFrame:
    columns = ["unit_code", "project_code", "source", "planned_vnd", "disbursed_vnd"]
    types = dict.fromkeys(["planned_vnd", "disbursed_vnd"], "Int64")
    money = pd.DataFrame(budget, columns=columns).astype(types).assign(fund_year=2026, date=pd.Timestamp("2026-06-30"))
    money = money.astype({"fund_year": "Int64", "date": "datetime64[us]"})
    paid = money.dropna(subset="disbursed_vnd").drop(columns="planned_vnd")
    sources = SOURCES[SOURCES["code"].isin(["central", "invest", "current"])]
    lines = funding.execution(money.drop(columns=["date", "disbursed_vnd"]), paid, sources, ABOVE)
    typed = pd.DataFrame(beyond, columns=[*columns[:3], *MOBILISED[:2]]).assign(date=pd.Timestamp("2026-06-30"))
    typed = typed.astype(dict.fromkeys(MOBILISED[:2], "Int64"))
    typed["rest_vnd"] = typed["planned_vnd"] - typed["mobilised_vnd"]
    trees = (CONTENTS.drop(columns="fund_year"), SOURCES.drop(columns="fund_year"))
    others = mobilised(typed, *trees, ABOVE) if beyond else pd.DataFrame(columns=["project_code", "source", *MOBILISED])
    return resources(funding.programme_table(lines, CONTENTS, sources), others, *trees)


def of(found: pd.DataFrame, content: str, source: str) -> list[object]:
    row = found.set_index(["project_code", "source"]).loc[(content, source), FIGURES]
    return [None if pd.isna(value) else value for value in row]


def test_the_budget_and_other_resources_stand_in_one_table() -> None:
    found = table(
        [("", "A.1", "invest", 100, 40), ("", "B", "current", 50, 10)],
        [("", "A.1", "credit", 30, 20), ("", "", "cash", 10, 4)],
    )
    assert of(found, TOTAL, TOTAL) == [190, 74, 116]
    assert of(found, TOTAL, BUDGET) == of(found, TOTAL, "central") == [150, 50, 100]
    assert of(found, "A", TOTAL) == of(found, "A.1", TOTAL) == [130, 60, 70]
    assert of(found, NO_CONTENT, TOTAL) == of(found, TOTAL, "people") == [10, 4, 6]
    assert of(found, "A.2", TOTAL) == of(found, "B", "invest") == of(found, "B", "credit") == [0, 0, 0]
    assert found.set_index(["project_code", "source"]).loc[("A", TOTAL), "rate_pct"] == 100 * 60 / 130
    assert untold(found, SOURCES) == ["labour"]


def test_a_source_of_which_nothing_is_told_is_blank_and_in_no_sum() -> None:
    found = table([("", "A.1", "invest", 100, 40)], [("", "A.1", "credit", 30, 20)])
    assert of(found, TOTAL, "people") == of(found, "A.1", "cash") == [None] * 3
    assert of(found, TOTAL, TOTAL) == [130, 60, 70]
    assert untold(found, SOURCES) == ["people"]


def test_without_money_of_the_budget_it_is_not_known_and_not_nothing() -> None:
    found = table([], [("", "A.1", "credit", 30, 20)])
    assert of(found, TOTAL, BUDGET) == of(found, "A", "central") == [None] * 3
    assert of(found, TOTAL, TOTAL) == [30, 20, 10]
    assert untold(found, SOURCES) == ["central", "people"]
    nothing = table([], [])
    assert nothing[FIGURES].isna().all(axis=None)
    assert untold(nothing, SOURCES) == ["central", "credit", "people"]


def test_a_result_that_is_not_known_leaves_its_sums_blank() -> None:
    found = table([("", "A.1", "invest", 100, None), ("", "B", "current", 50, 10)], [("", "A.1", "credit", 30, 20)])
    assert of(found, TOTAL, TOTAL) == [180, None, None]
    assert of(found, "B", TOTAL) == [50, 10, 40]


def test_a_group_that_is_told_as_a_whole_lacks_no_part() -> None:
    found = table([("", "A.1", "invest", 100, 40)], [("", "A.1", "credit", 30, 20), ("", "A.1", "people", 5, 1)])
    assert untold(found, SOURCES) == []
    assert of(found, TOTAL, "cash") == [None] * 3


amounts = st.integers(0, 9)
units = st.sampled_from(["X", "Y"])
budgets = st.lists(
    st.tuples(units, st.sampled_from(["A.1", "A.2", "B"]), st.sampled_from(["invest", "current"]), amounts, amounts),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row[:3],
)
others = st.lists(
    st.tuples(units, st.sampled_from(["A.1", "B"]), st.sampled_from(["credit", "cash", "labour"]), amounts, amounts),
    max_size=6,
    unique_by=lambda row: row[:3],
)


@settings(max_examples=12)
@given(budgets, others)
def test_communes_contents_and_sources_add_up_to_the_same_total(budget: list[Line], beyond: list[Line]) -> None:
    found = table(budget, beyond)
    whole = of(found, TOTAL, TOTAL)[:2]
    assert whole == [sum(row[place] or 0 for row in (*budget, *beyond)) for place in (3, 4)]
    done = found.set_index(["project_code", "source"])["done_vnd"]
    assert sum(done[content, TOTAL] for content in ("A", "B")) == whole[1]
    assert (
        sum(done[TOTAL, source] for source in ("central", "credit", "people") if pd.notna(done[TOTAL, source]))
        == whole[1]
    )
    for content in ("A", "A.1", "A.2", "B"):
        parts = [done[content, source] for source in (BUDGET, "credit", "people")]
        assert done[content, TOTAL] == sum(part for part in parts if pd.notna(part))
