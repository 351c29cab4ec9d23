"""Who is poor by which of two standards, counted a second time from the file by pandas."""

import pandas as pd
import pytest

from giamngheo.demo.households import make_household_demo
from giamngheo.households.engine import workspace
from giamngheo.report import review
from giamngheo.report.elements import Prose
from giamngheo.report.review.facts import HouseholdFacts, facts_of_unit, household_facts

FLAGS = [f"deprivation_{number:02}" for number in range(1, 12)]


@pytest.fixture(scope="module")
def households(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, HouseholdFacts]:
    """A file of 2026 of which every tenth household gives no income, and the facts of its review."""
    _, file, _, workbook = make_household_demo(tmp_path_factory.mktemp("two"), 1_400, year=2026, seed=5)
    with workspace() as work:
        rows = work.connection.execute(f"select * from '{file}'").df()
    rows["income_vnd"] = rows["income_vnd"].astype("Int64").mask(rows.index % 10 == 0)
    rows.to_csv(file.with_suffix(".csv"), index=False)
    line = rows["area"].map({"rural": 2_200_000, "urban": 2_800_000})
    few = rows[FLAGS].sum(axis=1) + rows["deprivation_waste"]
    low = rows["income_vnd"] <= line
    by_next = pd.Series("not_poor", rows.index).mask(low & (few >= 3), "poor").mask(low & (few < 3), "near_poor")
    twelve = few - rows["deprivation_waste"] + rows["deprivation_12"]
    scored = rows["b1_score"] <= rows["area"].map({"rural": 140, "urban": 175})
    by_score = pd.Series("", rows.index).mask(scored & (twelve >= 3), "poor").mask(scored & (twelve < 3), "near_poor")
    found = rows.assign(now=by_score, following=by_next.mask(rows["income_vnd"].isna(), ""))
    facts = household_facts(str(file.with_suffix(".csv")), str(workbook))
    return found.assign(commune=rows["unit_code"].str[:7]), facts


def test_each_commune_and_their_sum_are_counted_by_one_standard_by_the_other_and_by_both(households) -> None:
    rows, facts = households
    table = review.standards_by_unit(facts).frame
    units = [rows["commune"] == code for code in facts.rows[:-1]] + [pd.Series(True, rows.index)]
    for name in ("poor", "near_poor"):
        now, following = rows["now"] == name, rows["following"] == name
        for key, mask in {"now": now, "next": following, "both": now & following}.items():
            assert table[f"{name}_{key}"].tolist() == [int((mask & unit).sum()) for unit in units]
    assert table["unknown"].tolist() == [int((unit & (rows["following"] == "")).sum()) for unit in units]
    assert len(units) > 2


def test_the_classes_cross(households) -> None:
    rows, facts = households
    crossed = review.standards_crossed(facts).frame.set_index("name")
    poor = rows["now"] == "poor"
    counts = [int((poor & (rows["following"] == name)).sum()) for name in ("poor", "near_poor", "not_poor", "")]
    assert crossed.loc["Hộ nghèo"].tolist() == [*counts, int(poor.sum())]
    assert crossed.loc["Cộng", "total"] == len(rows)


def test_the_words_say_the_numbers_and_that_there_is_no_scorecard(households) -> None:
    rows, facts = households
    words = review.standards(facts).markdown.replace("\\", "")
    poor, following = (int((rows[name] == "poor").sum()) for name in ("now", "following"))
    assert f"Hộ nghèo: {poor} hộ theo chuẩn đang áp dụng, {following} hộ theo chuẩn từ năm 2027" in words
    assert "140/1.400 hộ chưa phân loại được theo chuẩn từ năm 2027" in words
    assert "chuẩn này chưa có phiếu điểm B1, B2" in words
    assert "Nghị định 351/2025/NĐ-CP" in words


def test_a_commune_alone_is_counted_by_its_villages(households) -> None:
    rows, facts = households
    commune = facts_of_unit(facts, facts.rows[0])
    table = review.standards_by_unit(commune).frame
    mine = rows[rows["commune"] == facts.rows[0]]
    assert table["poor_next"].iloc[-1] == (mine["following"] == "poor").sum() == table["poor_next"].iloc[:-1].sum()


def test_the_public_and_a_file_without_the_new_indicator_are_told_nothing(households, tmp_path) -> None:
    _, facts = households
    public = HouseholdFacts(**{**vars(facts), "audience": "public"})
    _, file, _, workbook = make_household_demo(tmp_path, 300, year=2025, seed=5)
    for without in (public, household_facts(str(file), str(workbook))):
        for cell in (review.standards, review.standards_by_unit, review.standards_crossed):
            found = cell(without)
            assert isinstance(found, Prose)
            assert found.markdown == ""
