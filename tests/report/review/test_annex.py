import pytest

from giamngheo.demo.households import make_household_demo
from giamngheo.report import review
from giamngheo.report.elements import Prose
from giamngheo.report.review.facts import facts_of_unit, household_facts

PARTS = {"indicator": review.deprivations, "group": review.groups, "cause": review.causes}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    _, now, _, workbook = make_household_demo(tmp_path_factory.mktemp("demo"), 1_900, year=2023, seed=3)
    return {"file": str(now), "workbook": str(workbook)}


@pytest.fixture(scope="module")
def facts(files):
    return household_facts(**files)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("kind", ["poor", "near_poor"])
def test_units_add_up_to_the_last_row_which_is_that_of_the_table_in_the_text(facts, part, kind):
    table = review.by_unit(facts, part, kind).frame.drop(columns=["unit_code", "name"])
    assert table.iloc[:-1].sum().tolist() == table.iloc[-1].tolist()
    assert table.iloc[-1].tolist() == PARTS[part](facts).frame[f"{kind}_households"].tolist()


def test_rates_are_of_the_class_in_the_unit(facts):
    counts, rates = (review.by_unit(facts, "indicator", "poor", value).frame for value in ("households", "rate_pct"))
    poor = facts.summary["poor_households"].to_numpy()
    assert rates["03"].tolist() == pytest.approx((100 * counts["03"] / poor).tolist())


def test_columns_are_explained_by_their_numbers(facts):
    table = review.by_unit(facts, "cause", "near_poor", "rate_pct")
    assert [column.header for column in table.columns[1:3]] == [("(1)",), ("(2)",)]
    assert table.note.startswith("(1) Không có đất sản xuất; (2) Không có vốn")
    assert (table.series, table.caption) == ("Biểu", "Tỷ lệ hộ cận nghèo theo nguyên nhân và đơn vị (%)")


def test_peoples_of_the_units_add_up_to_the_poor(facts):
    table = review.peoples_by_unit(facts).frame
    poor = table.groupby("unit_code")["poor_households"].sum()
    assert poor.to_dict() == facts.summary.set_index("unit_code")["poor_households"].iloc[:-1].to_dict()


def test_the_annex_says_how_each_number_is_counted(facts):
    text = review.annex(facts).markdown.replace("\\", "")
    assert "các dòng của tệp households-2023.parquet, mỗi dòng một hộ" in text
    assert "từ cột Khu vực và Điểm B1, Điểm B2; mức sống trung bình: hộ còn lại" in text
    assert "Diễn biến" not in text


def test_neither_the_public_nor_a_single_unit_has_an_annex(files, facts):
    commune = facts_of_unit(facts, facts.rows[0])
    village = facts_of_unit(facts, commune.rows[0])
    for reader in (household_facts(**files, audience="public"), village):
        assert review.annex(reader) == review.by_unit(reader) == review.peoples_by_unit(reader) == Prose("")
    assert len(review.by_unit(commune).frame) == len(commune.rows) > 2
