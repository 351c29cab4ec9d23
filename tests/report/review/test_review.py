import json
import re
from collections import Counter
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from giamngheo.demo.households import make_household_demo
from giamngheo.households.engine import workspace
from giamngheo.report import review as household_review
from giamngheo.report.elements import DataTable, Figure, Prose
from giamngheo.report.elements.captions import full_caption, numbered
from giamngheo.report.elements.markdown import tokens_of, tokens_typst
from giamngheo.report.parameters import UnknownAudienceError
from giamngheo.report.review.facts import (
    NoHouseholdsHereError,
    UnitsOfSeveralLevelsError,
    facts_of_unit,
    household_facts,
)
from giamngheo.workbook.write.fill import fill_workbook

ROOT = Path(__file__).parents[3]
CELLS = [name for name in household_review.__all__ if name != "household_facts"]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    before, now, _, workbook = make_household_demo(tmp_path_factory.mktemp("demo"), 1_900, year=2023, seed=3)
    return {"file": str(now), "workbook": str(workbook), "before": str(before)}


@pytest.fixture(scope="module", params=["internal", "public"])
def facts(files, request):
    return household_facts(**files, audience=request.param)


def test_every_cell_shows_itself_in_html(facts):
    for name in CELLS:
        data, _ = getattr(household_review, name)(facts)._repr_mimebundle_()
        assert {"text/html", "text/plain"} <= set(data), name


def test_the_text_says_the_integers_of_the_table(facts):
    row = household_review.summary_households(facts).frame.iloc[-1]
    text = household_review.results(facts).markdown.replace("\\", "")
    poor, households = int(row["poor_households"]), f"{row['households']:,}".replace(",", ".")
    assert f"- Hộ nghèo: {poor}/{households} hộ" in text
    assert "huyện Giả lập 1" in text


def test_the_last_sentence_stays_with_the_signature(facts):
    words = household_review.request(facts).markdown
    assert words.endswith("xem xét, chỉ đạo./.")
    assert "last-paragraph" in tokens_typst(tokens_of(words))


def test_units_below_make_up_the_last_row(files):
    table = household_review.summary_households(household_facts(**files)).frame
    assert table["name"].iloc[-1] == "Toàn huyện Giả lập 1"
    assert table["households"].iloc[:-1].sum() == table["households"].iloc[-1] == 1_900


def test_the_public_reads_no_small_cell_and_is_told_so(files):
    facts = household_facts(**files, audience="public")
    for name in CELLS:
        element = getattr(household_review, name)(facts)
        if isinstance(element, DataTable):
            assert "dưới 5 hộ" in element.note
            shown = [column.name for column in element.columns if "households" in column.name or column.name == "poor"]
            counts = element.frame[shown].astype("Int64").stack().dropna()
            assert not ((counts > 0) & (counts < facts.smallest)).any(), name
    assert "Bản công khai" in household_review.results(facts).markdown
    assert household_review.disagreements(facts).markdown == ""


@pytest.mark.parametrize("given", [("file", "workbook"), ("file", "workbook", "before")])
@pytest.mark.parametrize("audience", ["internal", "public"])
def test_tables_and_figures_are_numbered_without_gap_in_the_order_of_the_notebook(files, given, audience):
    facts = household_facts(**{name: files[name] for name in given}, audience=audience)
    notebook = json.loads((ROOT / "notebooks" / "household_review.ipynb").read_text("utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"][2:]
    shown = [eval(cell, {"review": household_review, "facts": facts}) for cell in cells]
    counted = Counter()
    captions = [full_caption(numbered(part, counted)) for part in shown if isinstance(part, DataTable | Figure)]
    for series in ("Bảng", "Hình", "Biểu"):
        numbers = [int(re.split(r"[ .]", said)[1]) for said in captions if said.startswith(series)]
        assert numbers == list(range(1, counted[series] + 1))
    tables = {"internal": (13, 17), "public": (7, 9)}[audience]
    figures = {"internal": 5, "public": 3}[audience]
    has_flows = "before" in given
    assert (counted["Bảng"], counted["Hình"]) == (tables[has_flows], figures + has_flows)


def test_who_was_near_poor_and_became_poor_is_not_said_to_have_escaped(files):
    facts = household_facts(**files)
    row = facts.flows["near_poor"].iloc[-1]
    near_poor = household_review.flow_text(facts).markdown.partition("Hộ cận nghèo: ")[2]
    assert f"hộ; ra khỏi diện {row['left_households']} hộ;" in near_poor
    assert "thoát" not in near_poor


ALL, SOME = "replace (null as b1_score)", "replace (if(rowid % 10 = 0, null, b1_score) as b1_score)"


@pytest.mark.parametrize(
    ("change", "audience", "said"),
    [
        ("", "internal", "phân loại theo Nghị định 07/2021/NĐ-CP bằng điểm B1, B2, tổng hợp"),
        (ALL, "internal", "phân loại theo Nghị định 07/2021/NĐ-CP bằng thu nhập, tổng hợp"),
        (ALL, "public", "phân loại theo Nghị định 07/2021/NĐ-CP bằng thu nhập, tổng hợp"),
        (SOME, "internal", "bằng điểm B1, B2 (190 hộ không có điểm B1 thì bằng thu nhập), tổng hợp"),
        (SOME, "public", "bằng điểm B1, B2 (hộ không có điểm B1 thì bằng thu nhập), tổng hợp"),
    ],
)
def test_the_report_says_by_what_the_households_were_classified(files, tmp_path, change, audience, said):
    with workspace() as work:
        query = f"select * {change} from (select *, row_number() over () - 1 as rowid from '{files['file']}')"
        work.connection.execute(f"copy ({query}) to '{tmp_path / 'h.parquet'}'")
    facts = household_facts(str(tmp_path / "h.parquet"), files["workbook"], audience=audience)
    assert said in household_review.results(facts).markdown.replace("\\", "")
    columns = {"": "Điểm B1, Điểm B2; mức", ALL: "các cột thiếu hụt; mức", SOME: "(hộ không có điểm B1: Thu nhập"}
    assert audience == "public" or columns[change] in household_review.annex(facts).markdown.replace("\\", "")


@pytest.mark.parametrize(
    ("audience", "said"),
    [("internal", r"Có \d+ hộ nghèo, \d+ hộ cận nghèo để trống ô"), ("public", "Một số hộ để trống")],
)
def test_what_is_blank_is_told_under_the_tables_of_groups_and_causes(files, tmp_path, audience, said):
    with workspace() as work:
        blank = "replace (null as household_group, if(members > 3, null, cause_land) as cause_land)"
        work.connection.execute(f"copy (select * {blank} from '{files['file']}') to '{tmp_path / 'h.parquet'}'")
    facts = household_facts(str(tmp_path / "h.parquet"), files["workbook"], audience=audience)
    whole = household_facts(files["file"], files["workbook"], audience=audience)
    for part in (household_review.groups, household_review.causes):
        assert re.search(said, part(facts).note)
        assert "để trống ô" not in part(whole).note


def test_without_last_year_the_report_says_so(files):
    facts = household_facts(files["file"], files["workbook"])
    assert "Không có tệp hộ của kỳ trước" in household_review.flow_text(facts).markdown
    assert household_review.poor_flows(facts) == household_review.classes_figure(facts) == Prose("")


CHANGES = {
    "without incomes": "* exclude (income_vnd)",
    "without peoples": "* exclude (ethnic_group)",
    "nobody poor": "* replace (999 as b1_score, 99000000 as income_vnd)",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_without_incomes_or_without_poor_makes_the_whole_report(files, tmp_path, change):
    path = tmp_path / "changed.parquet"
    with workspace() as work:
        work.connection.execute(f"copy (select {CHANGES[change]} from '{files['file']}') to '{path}'")
    for audience in ("internal", "public"):
        facts = household_facts(**files | {"file": str(path)}, audience=audience)
        for name in CELLS:
            assert getattr(household_review, name)(facts)._repr_mimebundle_()
    table = household_review.summary_households(facts).frame
    assert table["average_households"].isna().all() == (change == "without incomes")
    assert (table["poor_households"] == 0).all() == (change == "nobody poor")
    assert household_review.poor_flows(facts).frame["closing_households"].tolist() == [
        table["poor_households"].iloc[-1]
    ]


def test_what_the_file_has_no_column_of_is_not_nought(files, tmp_path):
    """With scores alone no indicator is known, and without their columns no cause and no group."""
    path = tmp_path / "changed.parquet"
    needs = [f"deprivation_{number:02}" for number in range(1, 13)]
    with workspace() as work:
        others = "household_group, columns('cause_.*')"
        names = [
            row[0] for row in work.connection.execute(f"describe select {others} from '{files['file']}'").fetchall()
        ]
        changed = f"* exclude ({', '.join([*needs, *names])}), 10 * ({' + '.join(needs)}) as b2_score"
        work.connection.execute(f"copy (select {changed} from '{files['file']}') to '{path}'")
    facts = household_facts(**files | {"file": str(path)})
    for name in ("deprivations", "deprivation_map", "causes"):
        assert getattr(household_review, name)(facts) == Prose("")
    assert household_review.groups(facts).frame["name"].tolist() == ["Dân tộc thiểu số"]
    for name in CELLS:
        assert getattr(household_review, name)(facts)._repr_mimebundle_()
    assert household_review.by_unit(facts, "cause", "poor", "households") == Prose("")
    assert list(household_review.by_unit(facts, "group", "poor", "households").frame.filter(like="_")) != []


def test_a_commune_whose_households_have_no_village_is_shown_as_one(files, tmp_path):
    path = tmp_path / "communes.parquet"
    with workspace() as work:
        commune = "* replace (split_part(unit_code, '-', 1) as unit_code)"
        work.connection.execute(f"copy (select {commune} from '{files['file']}') to '{path}'")
    facts = household_facts(str(path), files["workbook"])
    one = facts_of_unit(facts, facts.rows[0])
    for table in (household_review.summary_households(one), household_review.measures(one)):
        assert table.frame["name"].tolist() == [f"Toàn {one.unit_name}"]
    assert one.summary["households"].iloc[0] == facts.summary["households"].iloc[0]


def test_why_no_flow_is_public_tells_nothing_of_a_stock(files, tmp_path):
    """Three poor are hidden as if they were many: that a class is small would be said of them."""
    path = tmp_path / "changed.parquet"
    with workspace() as work:
        few = "* replace (case when row_number() over (order by household_id) <= 3 then 100 else 999 end as b1_score)"
        work.connection.execute(f"copy (select {few} from '{files['file']}') to '{path}'")
    said = household_review.flow_text(household_facts(**files | {"file": str(path)}, audience="public")).markdown
    assert "Bản công khai không nêu diễn biến của kỳ này" in said
    assert "nhỏ" not in said


def test_no_row_of_a_map_tells_that_a_village_has_poor_households_where_their_column_is_blank(files, tmp_path):
    """Six poor in five villages, none without: whoever knows that no village has none knows one, and one, and …"""
    path = tmp_path / "changed.parquet"
    nth = "row_number() over (partition by unit_code order by household_id)"
    poor = f"({nth} <= case when unit_code like '%-01' then 2 else 1 end)"
    needy = ", ".join(f"1 as deprivation_{number:02}" for number in range(1, 13))
    with workspace() as work:
        changed = f"* replace (case when {poor} then 100 else 999 end as b1_score, 0 as ethnic_minority, {needy})"
        work.connection.execute(f"copy (select {changed} from '{files['file']}') to '{path}'")
    facts = facts_of_unit(household_facts(**files | {"file": str(path)}, audience="public"), "9000000")
    poor = household_review.summary_households(facts).frame["poor_households"]
    assert poor.iloc[:-1].isna().all()
    assert poor.iloc[-1] == len(poor) > 5
    figure = household_review.deprivation_map(facts)
    assert "Toàn xã" in figure.alt
    assert "Thôn" not in figure.alt
    assert "không có hộ nghèo" not in figure.caption


def test_rows_of_flows_that_do_not_add_up_say_why(files, tmp_path):
    """Everybody of the fourth village lives in the third one now; their commune is as the district has it."""
    path = tmp_path / "moved.parquet"
    with workspace() as work:
        moved = "* replace (replace(unit_code, '9000000-04', '9000000-03') as unit_code)"
        work.connection.execute(f"copy (select {moved} from '{files['file']}') to '{path}'")
    district = household_facts(**files | {"file": str(path)})
    commune = facts_of_unit(district, "9000000")
    whole, inside = household_review.poor_flows(district), household_review.poor_flows(commune)
    assert whole.note == ""
    assert inside.note.startswith("Các dòng không cộng thành dòng cuối")
    counts = list(inside.frame.filter(like="_households"))
    left = inside.frame.set_index("unit_code").loc["9000000-04"]
    assert left["other_decrease_households"] == left["opening_households"] > left["closing_households"] == 0
    assert inside.frame[counts].iloc[-1].tolist() == whole.frame.set_index("unit_code").loc["9000000", counts].tolist()
    assert f"đầu kỳ {inside.frame['opening_households'].iloc[-1]} hộ" in household_review.flow_text(commune).markdown


def test_no_review_is_public_of_a_unit_with_units_of_several_levels_below(files, tmp_path):
    """Its monthly report tells of the district, the review of its communes: the difference may be one commune."""
    book = openpyxl.load_workbook(files["workbook"])
    form = book["Thể thức"]
    (label,) = (cell for cell in form["A"] if cell.value == "Mã đơn vị báo cáo")
    form.cell(label.row, 2).value = "900"
    (folder := tmp_path / "tinh").mkdir()
    book.save(path := folder / "2024.xlsx")
    levels = {"900": ("province", None), "90000": ("district", "900"), "9000002": ("commune", "900")}
    rows = [
        {"code": code, "name": code, "level": level, "parent_code": above} for code, (level, above) in levels.items()
    ]
    fill_workbook(path, {"units": pd.DataFrame(rows)})
    given = files | {"workbook": str(path)}
    assert household_facts(**given).below == "commune"
    with pytest.raises(UnitsOfSeveralLevelsError, match="đơn vị trực thuộc ở nhiều cấp"):
        household_facts(**given, audience="public")


def test_an_unknown_audience_is_refused(files):
    with pytest.raises(UnknownAudienceError):
        household_facts(**files, audience="everyone")


def test_a_file_of_another_unit_is_said(files, tmp_path):
    other = make_household_demo(tmp_path, 400, year=2023, seed=1)
    units = pd.DataFrame({"code": ["9999"], "name": ["Khác"], "level": ["district"]})
    fill_workbook(other[-1], {"units": units})
    book = openpyxl.load_workbook(other[-1])
    sheet = book["Thể thức"]
    (label,) = (cell for cell in sheet["A"] if cell.value == "Mã đơn vị báo cáo")
    sheet.cell(label.row, 2).value = "9999"
    book.save(other[-1])
    with pytest.raises(NoHouseholdsHereError, match="Khác"):
        household_facts(str(other[1]), str(other[-1]))


def test_nothing_of_robustness_is_for_the_public(files):
    public, internal = (household_facts(**files, audience=audience) for audience in ("public", "internal"))
    for name in (
        "dimension_sets_table",
        "dominance_figure",
        "order_table",
        "overlap_figure",
        "profile_table",
        "ranks_table",
        "targeting_table",
    ):
        assert getattr(household_review, name)(public) == Prose("")
        assert getattr(household_review, name)(internal) != Prose("")
