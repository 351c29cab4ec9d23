"""The workbook of Tu Mơ Rông 2023 holds every given figure of the facts, and nothing that they do not give."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.read.workbook import reading

ROOT = Path(__file__).parents[2]
FACTS = yaml.safe_load((ROOT / "tests" / "golden" / "facts.yml").read_text("utf-8"))
MILLION = 1_000_000

GIVEN = {
    "poverty_review_end_2022/total_households": ("reviews", "2022-12-31", "households"),
    "poverty_review_end_2022/poor": ("reviews", "2022-12-31", "poor_households"),
    "poverty_review_end_2022/poor_ethnic_minority": ("reviews", "2022-12-31", "poor_ethnic_minority_households"),
    "poverty_review_end_2022/near_poor": ("reviews", "2022-12-31", "near_poor_households"),
    "poverty_review_end_2022/near_poor_ethnic_minority": (
        "reviews",
        "2022-12-31",
        "near_poor_ethnic_minority_households",
    ),
    "poverty_review_end_2022/households_end_2021": ("reviews", "2021-12-31", "households"),
    "poverty_review_end_2022/poor_end_2021": ("reviews", "2021-12-31", "poor_households"),
    "poverty_review_end_2022/near_poor_end_2021": ("reviews", "2021-12-31", "near_poor_households"),
    "poverty_review_end_2022/exited_poverty": ("poor_flows", "2022-12-31", "left_households"),
    "poverty_review_end_2022/exited_near_poverty": ("near_poor_flows", "2022-12-31", "left_households"),
    "plan_2023/expected_total_households": ("plans", "", "expected_households"),
    "plan_2023/poor_reduction": ("plans", "", "poor_reduction_households"),
    "plan_2023/near_poor_reduction": ("plans", "", "near_poor_reduction_households"),
}
"""Where each given figure stands: table, date of its row, column."""


@pytest.fixture(scope="module")
def book() -> Dataset:
    found = reading(ROOT / "data" / "tu-mo-rong" / "2023.xlsx", "tu-mo-rong", 2023)
    assert found.findings == ()
    return found.dataset


def given() -> Iterator[str]:
    """Names of the facts that must come from the workbook."""
    for section, entries in FACTS.items():
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            if isinstance(entry, dict) and str(entry.get("from", "")).startswith("given"):
                yield f"{section}/{name}"


def allocated() -> dict[tuple[str, str], int]:
    """Capital in đồng by project and source; a project with a total and no source has no capital."""
    projects = FACTS["allocation_2023"]["projects"]
    amounts = {
        (code, kind): entry.get(kind) for code, entry in projects.items() for kind in ("investment", "recurrent")
    }
    return {key: amount * MILLION for key, amount in amounts.items() if amount is not None}


def rows(frame: pd.DataFrame, **values: Any) -> pd.DataFrame:
    for name, value in values.items():
        frame = frame[frame[name] == value]
    return frame


def test_every_given_fact_has_its_place() -> None:
    assert set(given()) == set(GIVEN)


@pytest.mark.parametrize("fact", GIVEN)
def test_the_given_figure_is_typed(book: Dataset, fact: str) -> None:
    section, name = fact.split("/")
    table, day, column = GIVEN[fact]
    frame = rows(book[table], unit_code="617")
    (typed,) = (frame if not day else rows(frame, date=pd.Timestamp(day)))[column]
    assert typed == FACTS[section][name]["value"]


def test_capital_is_that_of_the_facts_and_nothing_more(book: Dataset) -> None:
    typed = book["capital"].set_index(["project_code", "source"])["planned_vnd"]
    assert typed.to_dict() == allocated() | {
        ("1.2", "investment"): FACTS["allocation_2023"]["projects"]["1.2"]["total"]
    }
    assert typed.sum() == FACTS["allocation_2023"]["total"]["value"] * MILLION
    for source in ("investment", "recurrent"):
        assert typed.xs(source, level="source").sum() == FACTS["allocation_2023"][source]["value"] * MILLION


def test_capital_invents_no_decision_and_no_money_carried_over(book: Dataset) -> None:
    capital = book["capital"]
    assert set(capital["decision"]) == {""}
    assert capital["date"].isna().all()
    assert set(capital["fund_year"]) == {2023}
    assert set(capital["budget_level"]) == {"central"}
    assert "không nêu số tiền" in capital["note"].iloc[0]


def test_disbursement_is_unsplit_where_the_source_does_not_split_it_and_nothing_elsewhere(book: Dataset) -> None:
    paid = book["disbursements"].set_index("project_code")
    facts = FACTS["disbursement_to_2023_08"]
    assert paid.loc["1.1", "disbursed_vnd"] == round(facts["1.1"]["value"] * MILLION)
    assert paid.loc["1.1", "source"] == "unsplit"
    others = paid.drop(index="1.1")
    assert set(others.index) == {code for code, _ in allocated()} - {"1.1"}
    assert set(others["disbursed_vnd"]) == {facts["others"]["value"]}
    assert all(others["status"])
    assert set(paid["date"]) == {pd.Timestamp("2023-08-18")}


@pytest.mark.parametrize("role", ["issued", "basis"])
def test_documents_have_their_numbers_and_dates(book: Dataset, role: str) -> None:
    facts = FACTS["documents_issued_2023"] if role == "issued" else FACTS["basis_documents"]
    expected = {(fact["number"], fact["date"]) for fact in facts if "date" in fact}
    typed = rows(book["documents"], role=role)
    assert {(number, date.date()) for number, date in zip(typed["number"], typed["date"], strict=True)} == {
        (number, day if isinstance(day, dt.date) else dt.date.fromisoformat(day)) for number, day in expected
    }


def test_the_directive_has_the_number_that_is_known_and_no_date(book: Dataset) -> None:
    (directive,) = rows(book["documents"], role="directive").itertuples()
    assert directive.number == "04/CT-UBND"
    assert pd.isna(directive.date)


def test_the_notice_is_a_basis_in_august_only(book: Dataset) -> None:
    meant_for = book["documents"].set_index("number")["period"]
    assert meant_for["87/TB-UBND"] == "2023-08"
    assert set(meant_for.drop("87/TB-UBND")) == {""}


def test_sixteen_agencies_have_tasks_with_the_items_of_the_plan_they_answer_for(book: Dataset) -> None:
    tasks = book["tasks"]
    assert sorted(set(tasks["position"])) == list(range(1, 17))
    assert tasks.groupby("position")["agency"].nunique().eq(1).all()
    for position, items in {3: ["2.2", "2.3"], 4: ["2.1", "2.8"], 5: ["2.4"], 8: ["2.10", "2.11"]}.items():
        said = " ".join(rows(tasks, position=position)["text"])
        assert all(f"mục {item} " in said for item in items)
        assert "25/KH-UBND" in said


def test_the_misprints_of_the_printed_report_are_mended(book: Dataset) -> None:
    columns = ("text", "subject", "status", "agency", "number")
    said = " ".join(
        str(text) for frame in book.tables.values() for name in columns if name in frame for text in frame[name]
    )
    assert "chuyển nguồn" in said
    for misprint in ("kết dư", "thông thị trường", "gia giảm nghèo", "765/UBND-LĐTĐBH", "Ủy ban nhân các"):
        assert misprint not in said
