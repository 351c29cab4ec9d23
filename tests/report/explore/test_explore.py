from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import papermill
import pytest
from nbconvert.exporters import get_exporter

from giamngheo.demo.households import make_household_demo
from giamngheo.households.engine import workspace
from giamngheo.report.elements import Prose
from giamngheo.report.explore import funding as explore_funding
from giamngheo.report.explore import measures as explore_measures
from giamngheo.report.explore import poverty as explore_poverty
from giamngheo.report.explore import robustness as explore_robustness
from giamngheo.report.explore import survey as explore_survey
from giamngheo.report.explore import what_if as explore_what_if
from giamngheo.report.explore.controls import controls
from giamngheo.report.explore.facts import Exploration
from giamngheo.report.explore.measures import UnknownMethodError
from giamngheo.report.language.numbers import money
from giamngheo.report.parameters import UnknownChoiceError

ROOT = Path(__file__).parents[3]
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    before, now, _, workbook = make_household_demo(tmp_path_factory.mktemp("demo"), 1_300, year=2023, seed=2)
    return {"file": str(now), "workbook": str(workbook), "before": str(before)}


@pytest.fixture(scope="module")
def explored(files):
    return explore_poverty.exploration(**files)


@dataclass(frozen=True)
class Drawn:
    """A sample: its file of 2023 and what is explored of it and of the year before."""

    path: Path
    explored: Exploration


@pytest.fixture(scope="module")
def drawn(files, tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    design = "*, 1.0 + row_number() over (order by household_id) % 3 as weight, unit_code[1:7] as stratum"
    with workspace() as work:
        for name in ("file", "before"):
            query = f"select {design}, unit_code || right(household_id, 1) as cluster from '{files[name]}'"
            work.connection.execute(f"copy ({query}) to '{folder / name}.parquet'")
    path = folder / "file.parquet"
    explored = explore_poverty.exploration(str(path), files["workbook"], before=str(folder / "before.parquet"))
    return Drawn(path, explored)


def test_years_are_those_of_the_files(explored):
    assert list(explored.years) == [2023, 2022]


def test_a_unit_below_is_shown_by_its_villages(explored):
    commune = explored.years[2023].rows[0]
    frame = explore_poverty.indicator_table(explored, 2023, "10", unit=commune).frame
    whole = explore_poverty.indicator_table(explored, 2023, "10").frame.set_index("unit_code")
    assert frame["name"].iloc[0] == "Thôn 1"
    assert frame["households"].iloc[:-1].sum() == frame["households"].iloc[-1] == whole.loc[commune, "households"]


def test_higher_lines_have_more_poor_and_higher_cutoffs_fewer(explored):
    lines = explore_what_if.line_table(explored, 2023).frame
    assert lines["poor_households"].is_monotonic_increasing
    assert lines["factor_pct"].tolist() == pytest.approx([70, 80, 90, 100, 110, 120, 130, 140, 150])
    cutoffs = explore_what_if.cutoff_table(explored, 2023).frame
    assert cutoffs["poor"].is_monotonic_decreasing


def test_a_moved_line_and_cutoff_are_shown_by_unit(explored):
    same = explore_what_if.moved_table(explored, 2023).frame
    assert (same["poor_more"] == 0).all()
    moved = explore_what_if.moved_table(explored, 2023, line=1.2, cutoff=2).frame
    assert moved["poor_households"].iloc[:-1].sum() == moved["poor_households"].iloc[-1]
    assert moved["poor_more"].iloc[-1] == moved["poor_households"].iloc[-1] - same["poor_households"].iloc[-1] > 0
    assert "bằng 120,00% hiện hành" in explore_what_if.moved_figure(explored, 2023, line=1.2).alt
    with pytest.raises(UnknownChoiceError, match=r"1\.25"):
        explore_what_if.moved_table(explored, 2023, line=1.25)


@pytest.mark.parametrize("share", [3, 1])
def test_households_without_income_are_left_out_of_other_lines_and_told(files, tmp_path, share):
    with workspace() as work:
        blank = f"replace (if(members % {share} = 0, null, income_vnd) as income_vnd)"
        work.connection.execute(f"copy (select * {blank} from '{files['file']}') to '{tmp_path / 'h.parquet'}'")
        low = "income_vnd <= if(area = 'rural', 1500000, 2000000)"
        both = f"select count(income_vnd), count(*) filter ({low}), count(*) from '{tmp_path / 'h.parquet'}'"
        given, poor, households = work.connection.execute(both).fetchone()
    explored = explore_poverty.exploration(str(tmp_path / "h.parquet"), files["workbook"])
    shown = [explore_what_if.line_table(explored, 2023), explore_what_if.moved_table(explored, 2023)]
    if given == 0:
        assert all("không ghi thu nhập" in element.markdown for element in shown)
        assert explore_what_if.line_figure(explored, 2023) == Prose("")
        assert explore_what_if.moved_figure(explored, 2023) == Prose("")
        return
    lines, moved = shown
    row = lines.frame.set_index("factor_pct").loc[100.0]
    assert row["poor_households"] + row["near_poor_households"] == poor
    assert row["poor_rate_pct"] == pytest.approx(100 * row["poor_households"] / given)
    assert moved.frame["households"].iloc[-1] == given
    assert all(table.note.endswith(f"Không tính {households - given} hộ không ghi thu nhập.") for table in shown)


def test_the_choices_of_what_if_are_line_and_cutoff(explored):
    lists = {
        entry.description: entry
        for entry in explore_what_if.what_if(explored, 2023, unit="9000000", line=1.1).children[0].children
    }
    assert list(lists) == ["Năm", "Đơn vị", "Chuẩn", "Ngưỡng k"]
    assert list(lists["Đơn vị"].options)[:2] == [("huyện Giả lập 1", "90000"), ("xã Giả lập 1", "9000000")]
    assert (lists["Đơn vị"].value, lists["Chuẩn"].value, lists["Ngưỡng k"].value) == ("9000000", 1.1, 3)


@pytest.mark.parametrize("weights", ["", "dimension", "2,1,1,1,1,1,1,1,1,1,1,0"])
def test_the_measures_of_any_weights_add_up(explored, weights):
    units = explore_measures.unit_table(explored, 2023, weights=weights, cutoff=2.5).frame
    assert units["contribution_pct"].iloc[:-1].sum() == pytest.approx(100)
    assert units["poor"].iloc[:-1].sum() == units["poor"].iloc[-1]
    indicators = explore_measures.indicator_table(explored, 2023, weights=weights, cutoff=2.5).frame
    assert indicators["contribution_pct"].sum() == pytest.approx(100)
    assert (indicators["censored_pct"] <= indicators["uncensored_pct"]).all()
    change = explore_measures.change_table(explored, 2023, weights=weights, cutoff=2.5).frame.iloc[-1]
    assert change["now"] - change["before"] == pytest.approx(change["incidence_effect"] + change["intensity_effect"])
    assert explore_measures.change_table(explored, 2022) == Prose("")


def test_a_full_review_has_no_errors_and_a_sample_has(explored, files, tmp_path):
    table = explore_measures.error_table(explored, 2023)
    assert "không có sai số mẫu" in table.note
    assert [column.name for column in table.columns] == ["name", "estimate"]
    whole = explore_measures.unit_table(explored, 2023).frame.iloc[-1]
    assert table.frame["estimate"].tolist()[:3] == pytest.approx(
        [whole["incidence_pct"], whole["intensity_pct"], whole["m0_pct"]]
    )
    lines = explore_what_if.line_table(explored, 2023).frame.set_index("factor_pct").loc[100.0]
    assert table.frame["estimate"].iloc[3] == pytest.approx(lines["poor_rate_pct"] + lines["near_poor_rate_pct"])
    path = tmp_path / "sample.parquet"
    with workspace() as work:
        design = "*, 2.5 as weight, 'A' as stratum, unit_code as cluster"
        work.connection.execute(f"copy (select {design} from '{files['file']}') to '{path}'")
    drawn = explore_poverty.exploration(str(path), files["workbook"])
    for errors in ("linearization", "bootstrap"):
        frame = explore_measures.error_table(drawn, 2023, errors=errors).frame
        assert frame["estimate"].tolist() == pytest.approx(table.frame["estimate"].tolist())
        assert (frame["low"] < frame["estimate"]).all()
        assert (frame["estimate"] < frame["high"]).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [({"weights": "1,2"}, "cần 12 số"), ({"weights": "x"}, "Trọng số 'x'"), ({"errors": "jackknife"}, "bootstrap")],
)
def test_a_method_that_is_none_is_said(explored, given, words):
    with pytest.raises(UnknownMethodError, match=words):
        explore_measures.error_table(explored, 2023, **given)


@pytest.mark.parametrize(("year", "indicator", "words"), [(2020, "01", "Năm 2020"), (2023, "13", "Chỉ số '13'")])
def test_a_choice_that_is_none_is_said(explored, year, indicator, words):
    with pytest.raises(UnknownChoiceError, match=words):
        explore_poverty.indicator_table(explored, year, indicator)


def test_without_the_year_before_no_flows_are_drawn(explored):
    assert explore_poverty.classes_figure(explored, 2022) == Prose("")


def test_the_elements_follow_the_choice(explored):
    box = explore_poverty.explorer(explored, 2022, "03", unit="9000001")
    lists = {entry.description: entry for entry in box.children[0].children}
    assert list(lists) == ["Năm", "Đơn vị", "Nhóm", "Chỉ số"]
    assert [entry.value for entry in lists.values()] == [2022, "9000001", "poor", "03"]
    shown = box.children[1].outputs[0]["data"]["text/html"]
    assert "của hộ nghèo, xã Giả lập 2, năm 2022" in shown
    seen = []
    shown = controls(lambda **chosen: seen.append(chosen) or (), {"a": ("A", {"một": 1, "hai": 2})})
    shown.children[0].children[0].value = 2
    assert seen == [{"a": 1}, {"a": 2}]


def test_a_village_without_poor_stands_in_the_table(explored):
    facts = explored.years[2023]
    parts = facts.printed.parts["indicator"]
    gone = facts.rows[1]
    fewer = replace(facts.printed, parts={**facts.printed.parts, "indicator": parts[parts["unit_code"] != gone]})
    without = replace(explored, years={2023: replace(facts, printed=fewer)})
    table = explore_poverty.indicator_table(without, 2023, "10")
    assert list(table.frame["unit_code"]) == list(facts.rows)
    row = table.frame.set_index("unit_code").loc[gone]
    assert (row["of_households"], row["households"]) == (0, 0)
    assert pd.isna(row["rate_pct"])
    assert table.columns[1].header == ("Số hộ nghèo",)
    near = explore_poverty.indicator_table(without, 2023, "10", kind="near_poor")
    assert near.columns[1].header == ("Số hộ cận nghèo",)
    assert "Giả lập 2 -;" in explore_poverty.indicator_figure(without, 2023, "10").alt
    assert "1 đơn vị không có hộ nghèo không có hàng" in explore_poverty.deprivation_map(without, 2023).caption


def test_the_change_shows_each_unit_of_now(explored):
    now = explored.years[2023]
    before = explored.years[2022]
    patterns = before.printed.patterns
    older = replace(before.printed, patterns=patterns[patterns["unit_code"] != now.rows[1]])
    two = replace(explored, years={2023: now, 2022: replace(before, printed=older)})
    frame = explore_measures.change_table(two, 2023).frame
    assert list(frame["unit_code"]) == list(now.rows)
    assert pd.isna(frame["before"].iloc[1])
    assert frame["now"].notna().all()
    commune = explore_measures.change_table(explored, 2023, unit=now.rows[0]).frame
    assert list(commune["unit_code"]) == [now.rows[0]], "villages are not counted by pattern"


def test_a_capital_of_later_is_not_left_to_disburse_before():
    """What was left at the end of January is what the report of that month says remains."""
    newest = explore_funding.left_figure(explore_funding.facts("ngan-ha", "2024-08", str(ROOT / "data" / "demo")))
    report = explore_funding.facts("ngan-ha", "2024-01", str(ROOT / "data" / "demo"))
    (left,) = explore_funding.project_table(report).frame["remaining_vnd"].head(1)
    assert f"31/01/2024 còn {money(left)}" in newest.alt


def test_what_is_left_falls_from_plan_to_snapshot():
    report = explore_funding.facts("tu-mo-rong", "2023-08", str(ROOT / "data"))
    assert explore_funding.left_figure(report).caption == "Vốn năm 2023 của huyện Tu Mơ Rông còn phải giải ngân"
    with pytest.raises(UnknownChoiceError, match="Dự án '9'"):
        explore_funding.left_figure(report, "9")
    (chosen,) = explore_funding.explorer(report, "1").children[0].children
    assert chosen.value == "1"
    assert "01/01/2023 còn 71.972; 18/8/2023 còn 67.402,518" in explore_funding.left_figure(report).alt
    assert explore_funding.project_table(report, "1").frame["project_code"].tolist() == ["1", "1.1", "1.2"]


@pytest.mark.parametrize("name", ["explore_poverty", "explore_funding"])
def test_the_notebook_runs_by_papermill_and_exports_without_widgets(files, tmp_path, name):
    given = files if name == "explore_poverty" else {"data": str(ROOT / "data" / "demo")}
    notebook = papermill.execute_notebook(ROOT / "notebooks" / f"{name}.ipynb", None, given, cwd=tmp_path)
    html, _ = get_exporter("giamngheo-html")().from_notebook_node(notebook)
    assert html.count("<table") >= (4 if name == "explore_poverty" else 1)
    assert "VBox" not in html
    assert '<p class="marking">SỐ LIỆU GIẢ LẬP</p>' in html
    assert f"<title>{'Khám phá số liệu nghèo' if name == 'explore_poverty' else 'Khám phá vốn và giải ngân'}" in html
    views = [
        output["data"][VIEW]["model_id"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if VIEW in output.get("data", {})
    ]
    assert len(views) == (2 if name == "explore_poverty" else 1)
    states = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    for view in views:
        results = states[states[view]["state"]["children"][1].removeprefix("IPY_MODEL_")]["state"]["outputs"]
        shown = "".join(output["data"]["text/html"] for output in results)
        assert "<table" in shown, "a result stands below the lists before anything is chosen"
        assert "<figure" in shown


def test_a_sample_weighs_every_unit_and_says_its_errors(explored, drawn):
    """Weights are 1, 2, 3 of every third household: the rates are those of the rows, each as often as it weighs."""
    with workspace() as work:
        path = work.connection.execute(f"from '{drawn.path}'").df()
    deprivations = [name for name in path if name.startswith("deprivation_")]
    poor = path[deprivations].sum(axis=1) >= 3
    by_hand = path.assign(commune=path["unit_code"].str[:7], poor=path["weight"] * poor)
    by_hand = by_hand.groupby("commune")[["poor", "weight"]].sum()
    frame = explore_measures.unit_table(drawn.explored, 2023).frame.set_index("unit_code")
    codes = list(frame.index[:-1])
    shares = 100 * by_hand["poor"] / by_hand["weight"]
    assert frame.loc[codes, "incidence_pct"].tolist() == pytest.approx(shares[codes].tolist())
    assert frame["poor"].iloc[-1] == pytest.approx(by_hand["poor"].sum())
    unweighted = explore_measures.unit_table(explored, 2023).frame.set_index("unit_code")
    assert not np.allclose(frame["incidence_pct"], unweighted["incidence_pct"])
    errors = explore_measures.unit_errors(drawn.explored, 2023).frame.set_index("unit_code")
    assert errors["incidence_estimate"].tolist() == pytest.approx(frame["incidence_pct"].tolist())
    assert (errors["incidence_standard_error"] > 0).all()
    assert errors["incidence_standard_error"].iloc[-1] < errors["incidence_standard_error"].iloc[:-1].min()
    whole = explore_measures.error_table(drawn.explored, 2023).frame
    assert errors["incidence_low"].iloc[-1] == pytest.approx(whole["low"].iloc[0])
    assert explore_measures.unit_errors(explored, 2023) == Prose("")
    table = explore_what_if.cutoff_table(drawn.explored, 2023).frame
    assert table["poor"].iloc[2] == pytest.approx(by_hand["poor"].sum())
    assert explore_what_if.moved_table(drawn.explored, 2023).frame["households"].iloc[-1] == pytest.approx(
        path["weight"].sum()
    )
    assert "chưa nhân quyền số" in explore_poverty.overview(drawn.explored, 2023).note


def test_a_part_of_a_sample_has_the_error_of_the_whole_design(drawn):
    """The row of a commune is the same whether it is shown in its district or alone."""
    commune = drawn.explored.years[2023].rows[0]
    among = explore_measures.unit_errors(drawn.explored, 2023).frame.set_index("unit_code").loc[commune]
    alone = explore_measures.unit_errors(drawn.explored, 2023, unit=commune).frame.set_index("unit_code").loc[commune]
    assert alone.drop("name").tolist() == pytest.approx(among.drop("name").tolist())


def test_the_change_between_samples_has_errors(explored, drawn):
    frame = explore_measures.change_errors(drawn.explored, 2023).frame
    assert (frame["adjusted_headcount_now"] - frame["adjusted_headcount_before"]).tolist() == pytest.approx(
        frame["adjusted_headcount_estimate"].tolist()
    )
    assert (frame["adjusted_headcount_low"] < frame["adjusted_headcount_estimate"]).all()
    assert explore_measures.change_errors(explored, 2023) == Prose("")


def test_the_order_of_units_is_held_against_other_choices(explored):
    table = explore_robustness.order_table(explored, 2023)
    assert table.frame["kept_pct"].iloc[0] == 100
    assert table.frame["kept_pct"].iloc[-1] == min(table.frame["kept_pct"])
    assert len(table.frame) == 7
    assert "như tham số" in explore_robustness.order_table(explored, 2023, weights="dimension").note
    ranks = explore_robustness.ranks_table(explored, 2023).frame
    assert (ranks["highest_rank"] <= ranks["rank"]).all()
    assert (ranks["rank"] <= ranks["lowest_rank"]).all()
    assert "cặp đơn vị có thứ tự đúng với mọi k" in explore_robustness.dominance_figure(explored, 2023).caption
    commune = explored.years[2023].rows[0]
    assert explore_robustness.order_table(explored, 2023, unit=commune) == Prose("")


def test_overlaps_profiles_and_targeting_add_up(explored):
    sets = explore_robustness.dimension_sets_table(explored, 2023).frame
    assert sets["population"].sum() == 1_300
    assert sets["share_pct"].sum() == pytest.approx(100)
    assert "Trong số hộ thiếu hụt chỉ số ở hàng" in explore_robustness.overlap_figure(explored, 2023).alt
    profile = explore_robustness.profile_table(explored, 2023).frame
    poor = explore_poverty.overview(explored, 2023).frame["poor_households"].iloc[-1]
    assert profile["households"].iloc[-1] == poor
    assert profile["households"].iloc[:-1].is_monotonic_decreasing
    targeting = explore_robustness.targeting_table(explored, 2023).frame
    for name in ("population", "by_income", "by_score", "excluded", "included"):
        assert targeting[name].iloc[:-1].sum() == targeting[name].iloc[-1]
    assert (targeting["by_income"] - targeting["excluded"] == targeting["by_score"] - targeting["included"]).all()


def test_an_indicator_without_a_column_is_blank_not_nought(explored):
    facts = explored.years[2023]
    known = replace(facts.review, given=facts.review.given - {"deprivation_10"})
    without = replace(explored, years={2023: replace(facts, review=known)})
    assert explore_poverty.indicator_table(without, 2023, "10").frame["households"].isna().all()
    assert explore_poverty.indicator_figure(without, 2023, "10").alt
    assert explore_poverty.indicator_table(without, 2023, "09").frame["households"].notna().all()


def test_any_survey_is_explored(drawn):
    table = str(ROOT / "data" / "demo" / "indicators.toml")
    design = {"weight": "weight", "stratum": "stratum", "cluster": "cluster", "members": "members"}
    facts = explore_survey.survey_facts(str(drawn.path), table, group="area", **design)
    frame = explore_survey.measures_table(facts).frame
    assert set(frame["group"][:-1]) <= {"Nông thôn", "Thành thị"}
    assert frame["group"].iloc[-1] == "Tất cả"
    assert (frame["adjusted_headcount_low"] < frame["m0_pct"]).all()
    assert explore_survey.indicator_table(facts).frame["contribution_pct"].sum() == pytest.approx(100)
    assert "Đọc 1.300 hộ; 0 hộ có chỉ số để trống bị loại. 6 chỉ số" in explore_survey.sample_text(facts).markdown
    assert explore_survey.dominance_figure(facts).alt
    assert explore_survey.overlap_figure(facts).alt
    assert explore_survey.contributions_figure(facts).alt


@pytest.mark.parametrize("heading", ["ethnic_group", "Dân tộc"])
def test_an_address_among_the_peoples_of_a_survey_is_told_as_another_people(files, tmp_path, heading):
    """With the notebook's own parameters, and under the other heading that household files have."""
    with workspace() as work:
        rows = work.connection.execute(f"from '{files['file']}'").df()
    rows.loc[:5, "ethnic_group"] = "ngõ Sâu, thôn Vắng"
    rows.rename(columns={"ethnic_group": heading}).to_csv(tmp_path / "h.csv", index=False)
    given = {"file": "h.csv", "indicators": str(ROOT / "data" / "demo" / "indicators.toml")}
    given |= {} if heading == "ethnic_group" else {"group": heading}
    notebook = papermill.execute_notebook(ROOT / "notebooks" / "explore_survey.ipynb", None, given, cwd=tmp_path)
    html, _ = get_exporter("giamngheo-html")().from_notebook_node(notebook)
    assert "thôn Vắng" not in str(notebook) + html
    assert "6 hộ có tên dân tộc ngoài danh mục 54 dân tộc, được tính là" in html
    assert "Khác: hộ có tên dân tộc ghi trong tệp hộ không thuộc Danh mục các thành phần dân tộc" in html


def test_a_survey_names_nobody_who_stands_in_its_column_of_groups(tmp_path):
    """A column of peoples in which names were typed, and the column of names itself."""
    table = pd.DataFrame({"code": ["s"], "column": ["school"], "weight": [1]})
    rows = pd.DataFrame({"school": [0, 1] * 8, "people": ["Ba Na"] * 10 + ["Nguyễn Thị Kín"] * 4 + [None] * 2})
    rows["Họ tên"] = [f"Nguyễn Thị Kín {number}" for number in range(16)]
    for name, frame in (("rules.csv", table), ("survey.csv", rows)):
        frame.to_csv(tmp_path / name, index=False)
    groups, few, whole = {}, "(nhóm dưới 5 hộ)", "Tất cả"
    for column in ("people", "Họ tên"):
        facts = explore_survey.survey_facts(str(tmp_path / "survey.csv"), str(tmp_path / "rules.csv"), group=column)
        groups[column] = explore_survey.measures_table(facts).frame["group"].tolist()
        shown = [getattr(explore_survey, part)(facts) for part in ("contributions_figure", "dominance_figure")]
        assert "Kín" not in str([facts.counts.to_dict(), *(part._repr_mimebundle_() for part in shown)])
    assert groups == {"people": [few, "(trống)", "Ba Na", whole], "Họ tên": [few, whole]}
