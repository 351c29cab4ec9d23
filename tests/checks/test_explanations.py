"""Contradictions that an office keeps with an explanation, typed beside them."""

import datetime as dt
from dataclasses import asdict

import pytest

from giamngheo.checks.consistency import CHECKS

WHY = {"explanation": "Biểu đã ban hành", "decided_by": "Chủ tịch", "decided_on": dt.date(2023, 1, 5)}


@pytest.fixture
def contradictory(records):
    """The small workbook in which the closing stock of a commune is one more than its flows and its review say."""
    records["poor_flows"][1]["closing_households"] = 41
    records["explanations"] = []
    return records


@pytest.fixture
def to_explain(contradictory, written, said):
    """The rows that explain everything in it."""
    found = [asdict(finding.contradiction) for finding in said(written(contradictory)) if finding.contradiction]
    return [{"finding_code": entry.pop("code"), **entry} | WHY for entry in found]


def test_each_contradiction_says_its_place_and_figures(to_explain):
    flow, closing, sums = sorted(to_explain, key=lambda row: row["finding_code"], reverse=True)[:3]
    place = {"sheet": "Biến động hộ nghèo", "column": "(9) Cuối kỳ, hộ", "date": dt.date(2022, 12, 31), "line": ""}
    assert flow | place == flow
    assert (flow["finding_code"], flow["unit_code"], flow["figures"]) == ("flow-does-not-close", "991", "41; 40")
    assert (sums["finding_code"], sums["unit_code"], sums["figures"]) == ("closing-differs", "991", "41; 40")
    assert (closing["finding_code"], closing["unit_code"], closing["figures"]) == (
        "communes-do-not-add-up",
        "990",
        "120; 121",
    )


def test_what_is_explained_stops_nothing_and_says_why(contradictory, to_explain, written, said):
    contradictory["explanations"] = to_explain

    found = said(written(contradictory))

    assert {finding.severity for finding in found} == {"explained"}
    assert len(found) == len(to_explain) == 3
    assert str(found[0].explanation.said) == "Biểu đã ban hành (Chủ tịch quyết định ngày 05/01/2023)"


def test_an_explanation_is_found_again_where_rows_were_moved(contradictory, to_explain, written, said):
    contradictory["explanations"] = to_explain
    contradictory["poor_flows"].reverse()

    assert {finding.severity for finding in said(written(contradictory))} == {"explained"}


def test_an_explanation_of_other_figures_explains_nothing(contradictory, to_explain, written, said):
    contradictory["explanations"] = to_explain
    contradictory["poor_flows"][1]["closing_households"] = 42

    found = said(written(contradictory))

    errors = {finding.code for finding in found if finding.severity == "error"}
    assert errors == {"flow-does-not-close", "closing-differs", "communes-do-not-add-up"}
    told = [str(finding) for finding in found if finding.severity == "warning"]
    assert len(told) == 3
    assert any(
        "đã giải trình '41; 40', nay mâu thuẫn là '42; 40'; cần giải trình các số mới" in words for words in told
    )


def test_an_explanation_whose_contradiction_is_gone_is_told(contradictory, to_explain, written, said):
    contradictory["explanations"] = to_explain
    contradictory["poor_flows"][1]["closing_households"] = 40

    found = said(written(contradictory))

    assert [(finding.code, finding.severity) for finding in found] == [("explanation-outdated", "warning")] * 3
    assert "flow-does-not-close, trang Biến động hộ nghèo, cột (9) Cuối kỳ, hộ: không còn mâu thuẫn này" in "".join(
        map(str, found)
    )
    earlier = said(written(contradictory), "2022-08")
    assert "explanation-outdated" not in {finding.code for finding in earlier}, "nothing is known of a later day"


@pytest.mark.parametrize("lacking", ["explanation", "decided_by", "decided_on"])
def test_an_explanation_that_says_too_little_does_not_count(lacking, contradictory, to_explain, written, said):
    contradictory["explanations"] = [row | {lacking: None} for row in to_explain[:1]]

    found = said(written(contradictory))

    assert sum(finding.severity == "error" for finding in found) == 3
    (warning,) = (finding for finding in found if finding.severity == "warning")
    assert (warning.code, warning.sheet) == ("explanation-incomplete", "Giải trình")
    assert "giải trình chưa có giá trị" in str(warning)


def test_a_cell_that_cannot_be_read_is_not_explained_away(contradictory, to_explain, written, said):
    contradictory["poor_flows"][2]["closing_households"] = "tám mươi"
    contradictory["explanations"] = [to_explain[0] | {"finding_code": "bad-cell", "unit_code": "992"}]

    found = said(written(contradictory))

    assert any(finding.code == "bad-cell" and finding.severity == "error" for finding in found)
    assert "'bad-cell' không phải là mâu thuẫn giải trình được; cần sửa chỗ đã nêu" in "".join(map(str, found))


def test_only_contradictions_of_figures_can_be_explained():
    never = {"duplicate-row", "date-outside-year", "unknown-unit", "communes-missing", "fund-year", "nothing-known"}
    assert never.isdisjoint(check.code for check in CHECKS if check.explainable)
