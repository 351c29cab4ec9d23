"""For every check a workbook that breaks it and nothing else, the exact cell and words of what is said."""

import ast
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import get_column_letter

from giamngheo.checks import consistency
from giamngheo.checks.consistency import CHECKS
from giamngheo.core.period import Period
from giamngheo.workbook.schema import table, tables_that_add_up

Change = tuple[str, int | None, dict[str, Any]]
"""Table, position of the row that changes (None: a new row, made from the last), and the cells that change."""


def day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def changed(records: dict[str, list[dict[str, Any]]], changes: list[Change]) -> None:
    for name, position, cells in changes:
        rows = records[name]
        if position is None:
            rows.append(rows[-1] | cells)
        elif cells:
            rows[position] |= cells
        else:
            del rows[position]


def reference(name: str, column: str, position: int | None) -> str:
    """Reference of a cell: data begins in row 2, a record sheet has a field a row; none for a table."""
    index = [entry.name for entry in table(name).columns].index(column)
    if table(name).layout == "record":
        return f"B{index + 1}"
    return "" if position is None else f"{get_column_letter(index + 1)}{position + 2}"


_COUNTS = [column.name for column in table("reviews").columns if column.kind == "count"]

CASES: list[tuple[str, tuple[str, str, int | None], str, list[Change]]] = [
    ("report-unit-missing", ("form", "unit_code", 0), "mã '999' không có", [("form", 0, {"unit_code": "999"})]),
    (
        "unknown-unit",
        ("reviews", "unit_code", 6),
        "mã '999' không có trong trang Đơn vị; cần một mã trong trang Đơn vị: 990 Mẫu, 991 Xã Một, 992 Xã Hai",
        [("reviews", None, {"unit_code": "999"})],
    ),
    (
        "unknown-unit",
        ("reviews", "unit_code", 6),
        "mã 'xã hai' không có trong trang Đơn vị; cần một mã trong trang Đơn vị: 992 Xã Hai.",
        [("reviews", None, {"unit_code": "xã hai"})],
    ),
    (
        "unit-not-valid",
        ("plans", "unit_code", 1),
        "đơn vị '993' không tồn tại ngày 15/01/2023",
        [("units", None, {"code": "993", "valid_from": day("2023-06-01")}), ("plans", None, {"unit_code": "993"})],
    ),
    (
        "unit-not-in-register",
        ("units", "code", 3),
        "danh mục không có đơn vị mã '23405'; cần một trong: 23404 Ngọk Lây, 23407 Đăk Na",
        [("units", None, {"code": "23405", "name": "Lạ", "parent_code": "617", "level": "district"})],
    ),
    (
        "unit-name",
        ("units", "name", 3),
        "đơn vị 23404 ghi tên 'Ngọk Lai'; cần Ngọk Lây / Ngọc Lây",
        [("units", None, {"code": "23404", "name": "Ngọk Lai", "parent_code": "617", "level": "district"})],
    ),
    (
        "parent-not-listed",
        ("units", "parent_code", 3),
        "mã đơn vị cấp trên '98' không có",
        [("units", None, {"code": "993", "parent_code": "98"})],
    ),
    (
        "unit-outside",
        ("reviews", "unit_code", 6),
        "đơn vị '993' không thuộc '990' nên không được cộng vào số chung",
        [
            ("units", None, {"code": "993", "name": "Xã Ba", "parent_code": "9"}),
            ("units", None, {"code": "9", "name": "Tỉnh", "level": "province", "parent_code": None}),
            ("units", 0, {"parent_code": "9"}),
            ("reviews", None, {"unit_code": "993"}),
        ],
    ),
    (
        "households-jump",
        ("reviews", "households", 4),
        "'Tổng số hộ' ghi 115; cần khoảng 100, là số hộ ngày 31/12/2021",
        [("reviews", 3, {"households": 315}), ("reviews", 4, {"households": 115})],
    ),
    ("duplicate-row", ("documents", "number", 1), "trùng với dòng 2", [("documents", None, {})]),
    (
        "duplicate-row",
        ("documents", "number", 1),
        "trùng với dòng 2",
        [("documents", None, {"number": "765/ubnd-lđt&xh"})],
    ),
    ("duplicate-row", ("plans", "year", 1), "trùng với dòng 2", [("plans", None, {"poor_reduction_households": 31})]),
    (
        "date-outside-year",
        ("capital", "date", 0),
        "ngày ghi là 10/01/2003; cần ngày trong khoảng 01/01/2021 đến 31/12/2023",
        [("capital", 0, {"date": day("2003-01-10")})],
    ),
    (
        "issued-outside-year",
        ("documents", "date", 0),
        "Công văn số 765/UBND-LĐT&XH ban hành ngày 18/04/2022",
        [("documents", 0, {"date": day("2022-04-18")})],
    ),
    (
        "after-cut-off",
        ("plans", "date", 1),
        "1 dòng có ngày sau 31/08/2023",
        [("plans", None, {"date": day("2023-10-01")})],
    ),
    (
        "fund-year",
        ("disbursements", "fund_year", 6),
        "năm của nguồn vốn là 2024; cần 2023, hoặc năm trước nếu là vốn chuyển nguồn",
        [("disbursements", None, {"fund_year": 2024, "disbursed_vnd": 0})],
    ),
    (
        "two-agencies",
        ("tasks", "agency", 1),
        "thứ tự 1 ghi 'Phòng Khác'; cần 'Phòng Mẫu' như dòng trên",
        [("tasks", None, {"agency": "Phòng Khác"})],
    ),
    (
        "part-above-total",
        ("reviews", "poor_ethnic_minority_households", 3),
        "Hộ nghèo dân tộc thiểu số' ghi 121; cần không quá 120 của cột 'Hộ nghèo'",
        [
            ("reviews", 3, {"poor_ethnic_minority_households": 121}),
            ("reviews", 5, {"poor_ethnic_minority_households": None}),
        ],
    ),
    (
        "review-says-nothing",
        ("reviews", "households", 6),
        "dòng chưa có số nào; cần ít nhất một số, hoặc xóa dòng",
        [("reviews", None, dict.fromkeys(_COUNTS) | {"date": day("2023-06-30"), "unit_code": "990"})],
    ),
    (
        "published-rate-differs",
        ("reviews", "published_poor_rate_pct", 4),
        "'Tỷ lệ hộ nghèo (%)' ghi 40,5; cần 40 theo số hộ",
        [("reviews", 4, {"published_poor_rate_pct": 40.5, "published_near_poor_rate_pct": 22})],
    ),
    (
        "published-rates-do-not-add-up",
        ("reviews", "published_multidimensional_rate_pct", 4),
        "ghi 62,13; cần 61,63, tổng hai tỷ lệ",
        [
            ("reviews", 4, dict.fromkeys(_COUNTS) | {"households": 100}),
            ("reviews", 4, {"published_poor_rate_pct": 39.52, "published_near_poor_rate_pct": 22.11}),
            ("reviews", 4, {"published_multidimensional_rate_pct": 62.13}),
        ],
    ),
    (
        "rate-is-a-fraction",
        ("reviews", "published_poor_rate_pct", 6),
        "ghi 0,3993; cần 39,93 nếu đang ghi dạng phần của một",
        [
            ("reviews", None, dict.fromkeys(_COUNTS) | {"date": day("2023-06-30"), "unit_code": "990"}),
            ("reviews", 6, {"published_poor_rate_pct": 0.3993}),
        ],
    ),
    (
        "plan-says-nothing",
        ("plans", "expected_households", 1),
        "dòng chưa có số nào",
        [
            ("plans", None, {"unit_code": "991", "expected_households": None, "poor_reduction_households": None}),
            ("plans", 1, {"near_poor_reduction_households": None}),
        ],
    ),
    (
        "plan-above-stock",
        ("plans", "poor_reduction_pp", 0),
        "'Giảm tỷ lệ hộ nghèo (điểm %)' ghi 40,5; cần không quá 40 %, tỷ lệ ngày 31/12/2022",
        [("plans", 0, {"poor_reduction_pp": 40.5, "poor_reduction_households": None})],
    ),
    (
        "plan-points-differ",
        ("plans", "poor_reduction_pp", 0),
        "ghi 9,5; cần 10 theo số hộ của kế hoạch",
        [("plans", 0, {"poor_reduction_pp": 9.5, "near_poor_reduction_pp": 2})],
    ),
    (
        "lacking-of-another-standard",
        ("poor_lacks", "date", 3),
        "ngày 31/12/2021 áp dụng 10 chỉ số của 59/2015/QĐ-TTg; cần xóa dòng: các cột là chỉ số áp dụng từ 01/01/2022",
        [("poor_lacks", None, {"date": day("2021-12-31"), "unit_code": "990"})],
    ),
    (
        "classes-above-households",
        ("reviews", "households", 1),
        "cộng lại là 170; cần không quá tổng số 100 hộ",
        [("reviews", 1, {"average_households": 100})],
    ),
    (
        "fewer-persons-than-households",
        ("reviews", "poor_persons", 4),
        "'Khẩu nghèo' ghi 39; cần ít nhất mỗi hộ một khẩu, có 40 hộ",
        [("reviews", 4, {"poor_persons": 39}), ("reviews", 5, {"poor_persons": None})],
    ),
    (
        "more-lacking-than-households",
        ("poor_lacks", "lacking_09_households", 1),
        "'(9) Nguồn nước sinh hoạt' ghi 41; cần không quá 40 hộ của diện",
        [
            ("poor_lacks", 1, {"lacking_09_households": 41}),
            ("poor_lacks", 0, {"lacking_09_households": 65}),
        ],
    ),
    (
        "lacking-out-of-bounds",
        ("near_poor_lacks", "lacking_01_households", 1),
        "các chỉ số cộng lại là 51; cần từ 0 đến 44 với 22 hộ",
        [
            ("near_poor_lacks", 1, {"lacking_01_households": 18}),
            ("near_poor_lacks", 0, {"lacking_01_households": 24}),
        ],
    ),
    (
        "deprivations-out-of-bounds",
        ("reviews", "poor_deprivations", 4),
        "ghi 119; cần từ 120 đến 480",
        [("reviews", 4, {"poor_deprivations": 119}), ("reviews", 5, {"poor_deprivations": None})],
    ),
    (
        "deprivations-out-of-bounds",
        ("reviews", "near_poor_deprivations", 4),
        "ghi 45; cần từ 0 đến 44",
        [("reviews", 4, {"near_poor_deprivations": 45}), ("reviews", 5, {"near_poor_deprivations": None})],
    ),
    (
        "no-review",
        ("reviews", "date", None),
        "chưa có kết quả rà soát của đơn vị '990' ngày 31/12/2022",
        [("reviews", 5, {}), ("reviews", 4, {}), ("reviews", 3, {})],
    ),
    (
        "flow-does-not-close",
        ("poor_flows", "closing_persons", 0),
        "số cuối kỳ ghi 610; cần 600 theo các cột còn lại",
        [
            (
                "poor_flows",
                0,
                {
                    f"{name}_persons": count
                    for name, count in {
                        "opening": 600,
                        "left_to_other_class": 0,
                        "left_above": 0,
                        "other_decrease": 0,
                        "entered_from_other_class": 0,
                        "fell_back": 0,
                        "new": 0,
                        "other_increase": 0,
                        "closing": 610,
                    }.items()
                },
            ),
            ("reviews", 0, {"poor_persons": 600}),
            ("reviews", 3, {"poor_persons": None}),
            ("reviews", 4, {"poor_persons": None}),
        ],
    ),
    (
        "exits-do-not-add-up",
        ("poor_flows", "left_persons", 1),
        "số thoát ghi 41; cần 40, bằng cột (2) cộng cột (3)",
        [("poor_flows", 1, {"left_persons": 41, "left_to_other_class_persons": 24, "left_above_persons": 16})],
    ),
    (
        "transfers-not-mirrored",
        ("poor_flows", "left_to_other_class_persons", 1),
        "bảng hộ nghèo ghi 24; cần 25 như bảng hộ cận nghèo, ô R3",
        [
            ("poor_flows", 1, {"left_to_other_class_persons": 24}),
            ("near_poor_flows", 1, {"entered_from_other_class_persons": 25}),
        ],
    ),
    (
        "opening-differs",
        ("poor_flows", "opening_persons", 1),
        "'(1) Đầu kỳ, khẩu' ghi 201; cần 200 theo kết quả rà soát ngày 31/12/2021",
        [("poor_flows", 1, {"opening_persons": 201})],
    ),
    (
        "closing-differs",
        ("near_poor_flows", "closing_persons", 1),
        "'(9) Cuối kỳ, khẩu' ghi 89; cần 88 theo kết quả rà soát ngày 31/12/2022",
        [("near_poor_flows", 1, {"closing_persons": 89})],
    ),
    (
        "unexplained-flow",
        ("near_poor_flows", "new_households", 1),
        "năm 2022 hộ cận nghèo: đầu kỳ 20, thoát 6, cuối kỳ 22; còn 2 hộ tăng chưa được giải thích",
        [("near_poor_flows", 1, {"new_households": None})],
    ),
    (
        "communes-do-not-add-up",
        ("reviews", "persons", 3),
        "'Tổng số khẩu' ghi 1.201; cần 1.200, là tổng các đơn vị trực thuộc",
        [("reviews", 3, {"persons": 1201})],
    ),
    (
        "plan-communes-do-not-add-up",
        ("plans", "poor_reduction_households", 0),
        "'Giảm hộ nghèo' ghi 30; cần 29",
        [
            (
                "plans",
                None,
                {
                    "unit_code": "991",
                    "expected_households": 100,
                    "poor_reduction_households": 10,
                    "near_poor_reduction_households": 2,
                },
            ),
            (
                "plans",
                None,
                {
                    "unit_code": "992",
                    "expected_households": 200,
                    "poor_reduction_households": 19,
                    "near_poor_reduction_households": 4,
                },
            ),
        ],
    ),
    (
        "communes-missing",
        ("poor_flows", "unit_code", 0),
        "ngày 31/12/2022 có 1 đơn vị thuộc '990' chưa có số liệu; cần số liệu của 992",
        [("poor_flows", 2, {}), ("poor_flows", 0, {})],
    ),
    (
        "communes-incomplete",
        ("near_poor_flows", "unit_code", 0),
        "có 1 đơn vị thuộc '990' chưa có số liệu; cần số liệu của 991",
        [("near_poor_flows", 1, {})],
    ),
    (
        "plan-above-stock",
        ("plans", "near_poor_reduction_households", 0),
        "'Giảm hộ cận nghèo' ghi 67; cần không quá 66, là số hộ ngày 31/12/2022",
        [("plans", 0, {"near_poor_reduction_households": 67, "poor_reduction_households": 30})],
    ),
    (
        "plan-households",
        ("plans", "expected_households", 0),
        "tổng số hộ dự kiến ghi 360; cần khoảng 300 hộ như đầu năm, lệch không quá 10 %",
        [("plans", 0, {"expected_households": 360, "near_poor_reduction_households": 30})],
    ),
    (
        "plan-year",
        ("plans", "year", 1),
        "kế hoạch ghi cho năm 2024",
        [("plans", None, {"year": 2024})],
    ),
    ("no-plan", ("plans", "unit_code", None), "đơn vị '990' chưa có kế hoạch năm 2023", [("plans", 0, {})]),
    (
        "unknown-project",
        ("disbursements", "project_code", 6),
        "Chương trình năm 2023 không có dự án '1.9'; cần một trong: 1, 1.1, 1.2, 2",
        [("disbursements", None, {"project_code": "1.9", "disbursed_vnd": 0})],
    ),
    (
        "unknown-source",
        ("disbursements", "source", 6),
        "chương trình năm 2023 không có nguồn vốn 'Vốn đầu tư công'; cần một trong: Vốn đầu tư, Vốn sự nghiệp",
        [("disbursements", None, {"source": "central_investment", "disbursed_vnd": 0})],
    ),
    (
        "budget-level",
        ("capital", "budget_level", 1),
        "để trống; cần một trong: Trung ương, Tỉnh, Huyện, Xã, Khác",
        [("capital", 1, {"budget_level": None})],
    ),
    (
        "capital-unlike-project",
        ("capital", "source", 3),
        "dự án 5 ghi 'Vốn đầu tư'; cần Vốn sự nghiệp",
        [
            ("capital", None, {"project_code": "5", "source": "investment"}),
            ("disbursements", None, {"project_code": "5", "source": "investment", "disbursed_vnd": 0}),
        ],
    ),
    (
        "project-and-parts",
        ("capital", "project_code", 3),
        "dự án 1 ghi 1.100.000.000 đồng, các phần thuộc nó ghi 1.100.000.000 đồng: vốn bị tính hai lần",
        [
            ("capital", None, {"project_code": "1", "source": "investment", "planned_vnd": 1_100_000_000}),
            ("disbursements", None, {"project_code": "1", "source": "investment", "disbursed_vnd": 0}),
        ],
    ),
    (
        "maintenance-share",
        ("capital", "planned_vnd", 1),
        "vốn sự nghiệp duy tu là 300.000.000 đồng bên vốn đầu tư 1.000.000.000 đồng; cần khoảng 10 %",
        [("capital", 1, {"planned_vnd": 300_000_000})],
    ),
    (
        "amount-too-small",
        ("disbursements", "disbursed_vnd", 4),
        "số tiền là 10 đồng; cần 10.000.000, nếu số đã ghi tính bằng triệu đồng",
        [("disbursements", 4, {"disbursed_vnd": 10})],
    ),
    (
        "undated-capital",
        ("capital", "decision", 1),
        "1 khoản vốn giao chưa ghi số, ngày",
        [("capital", 1, {"date": None})],
    ),
    (
        "disbursed-above-plan",
        ("disbursements", "disbursed_vnd", 5),
        "dự án 2 đã giải ngân 500.000.001 đồng vốn năm 2023; cần không quá kế hoạch vốn 500.000.000 đồng",
        [("disbursements", 5, {"disbursed_vnd": 500_000_001})],
    ),
    (
        "disbursed-above-plan",
        ("disbursements", "disbursed_vnd", 4),
        "cần không quá kế hoạch vốn 100.000.000 đồng",
        [("disbursements", 4, {"disbursed_vnd": 100_000_001})],
    ),
    (
        "disbursed-without-plan",
        ("disbursements", "disbursed_vnd", 6),
        "dự án 5 đã giải ngân 60.000.000 đồng vốn năm 2023",
        [("disbursements", None, {"project_code": "5"})],
    ),
    (
        "disbursement-falls",
        ("disbursements", "disbursed_vnd", 5),
        "cần ít nhất 50.000.000 đồng như lần chốt trước",
        [("disbursements", 5, {"disbursed_vnd": 49_000_000})],
    ),
    (
        "snapshot-missing",
        ("disbursements", "date", 3),
        "thiếu số liệu giải ngân tháng 6/2023, 7/2023",
        [("disbursements", position, {"date": day("2023-05-31")}) for position in range(3)],
    ),
    (
        "line-missing",
        ("capital", "project_code", 2),
        "dự án 2 có vốn năm 2023 nhưng lần chốt ngày 31/08/2023 không ghi",
        [("disbursements", 5, {})],
    ),
    (
        "unsplit-disbursement",
        ("disbursements", "source", 5),
        "số giải ngân của dự án 2 chưa tách",
        [("disbursements", 5, {"source": "unsplit"})],
    ),
    (
        "stale-snapshot",
        ("disbursements", "date", 0),
        "chốt ngày 31/07/2023, trước tháng báo cáo; cần số liệu giải ngân của tháng 8/2023",
        [("disbursements", 3, {})] * 3,
    ),
    (
        "no-snapshot",
        ("disbursements", "date", None),
        "chưa có số liệu giải ngân nào đến ngày 31/08/2023",
        [("disbursements", 0, {})] * 6,
    ),
    (
        "undated-document",
        ("documents", "date", 0),
        "Công văn số 765/UBND-LĐT&XH chưa ghi ngày ban hành",
        [("documents", 0, {"date": None})],
    ),
    (
        "two-symbols",
        ("documents", "number", 1),
        "ghi '765/UBND-LĐTĐBH'; cần '765/UBND-LĐT&XH' như dòng trên",
        [("documents", None, {"number": "765/UBND-LĐTĐBH"})],
    ),
    (
        "cited-otherwise",
        ("tasks", "text", 0),
        "đoạn văn dẫn '765/UBND-LĐTĐBH'; cần 765/UBND-LĐT&XH như ở trang Văn bản",
        [("tasks", 0, {"text": "Điều chỉnh theo Công văn số 765/UBND-LĐTĐBH, ngày 18/4/2023."})],
    ),
    (
        "parts-off-by-rounding",
        ("plans", "expected_households", 0),
        "báo cáo in 30,20% và 20,13%, tổng hai loại in 50,34%",
        [("plans", 0, {"expected_households": 298})],
    ),
]
ALONE = {
    "other-year",
    "no-units",
    "nothing-known",
    "more-left-than-were",
    "split-and-unsplit",
    "difference-off-by-rounding",
    "households-leap",
    "units-unlisted",
    "units-unlisted-beside-whole",
    "source-and-parts",
    "own-content",
    "parts-divided",
    "past-extension",
    "mobilised-place",
    "mobilised-twice",
    "mobilised-falls",
    "works-place",
    "works-above-plan",
    "works-fall",
    "works-unlike-budget",
    "unit-behind",
    "row-missing",
    "money-unit",
    "units-above-whole",
    "own-names",
    "report-unit-ended",
    "predecessors-missing",
    "predecessors-unlisted",
    "parts-without-base",
    "unit-divided",
    "merged-into",
    "money-of-days",
    "column-in-other-unit",
    "amount-out-of-scale",
    "capital-out-of-scale",
    "capital-assigned-again",
    "review-out-of-scale",
    "stock-out-of-scale",
    "not-explainable",
    "parts-above-whole",
    "money-of-some-units",
    "explanation-incomplete",
    "explanation-outdated",
}
"""Rules that cannot be broken alone, or not in this small workbook; other tests of this folder break them."""


@pytest.mark.parametrize(("code", "cell", "words", "changes"), CASES, ids=[case[0] for case in CASES])
def test_a_broken_rule_is_found_in_its_cell_and_nothing_else_is(code, cell, words, changes, records, written, said):
    changed(records, changes)

    (found,) = said(written(records))

    assert (found.code, found.sheet) == (code, table(cell[0]).sheet)
    assert found.cell == reference(*cell)
    assert words in str(found)
    assert found.ground is not None


def test_in_the_small_workbook_nothing_is_wrong(records, written, said):
    path = written(records)

    assert said(path) == []
    assert said(path, period=None) == []


def test_every_rule_is_broken_once():
    assert {case[0] for case in CASES} | ALONE == {check.code for check in CHECKS}


def test_every_decorated_rule_is_registered_once():
    decorated = [
        node.name
        for path in Path(consistency.__file__).parent.rglob("*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(call, ast.Call) and ast.unparse(call.func) == "check" for call in node.decorator_list)
    ]

    assert sorted(decorated) == sorted(check.problems.__name__ for check in CHECKS)


def test_codes_are_unique_and_titles_are_sentences():
    codes = [check.code for check in CHECKS]

    assert len(set(codes)) == len(codes)
    assert all(check.title.said("en")[0].isupper() and not check.title.said("en").endswith(".") for check in CHECKS)


def test_an_empty_list_of_units_is_said_once(records, written, said):
    records["units"] = []

    assert [str(finding) for finding in said(written(records)) if finding.severity == "error"] == [
        "2023.xlsx, trang 'Đơn vị': chưa có đơn vị nào; cần đơn vị báo cáo, và các đơn vị trực thuộc"
        " nếu có số liệu riêng. (Căn cứ: danh mục đơn vị hành chính của cơ quan thống kê.)"
    ]


def test_money_of_a_year_of_which_no_programme_is_known_is_told_with_everything_else(records, written, said):
    changed(records, [("capital", 0, {"fund_year": 2017}), ("reviews", 1, {"households": 30})])

    assert {"fund-year", "classes-above-households"} <= {finding.code for finding in said(written(records))}


def test_a_month_before_anything_is_known_has_no_report(records, written, said):
    for name in ("reviews", "poor_flows", "near_poor_flows", "capital", "disbursements"):
        records[name] = []

    (found,) = (finding for finding in said(written(records)) if finding.severity == "error")

    assert (found.code, found.sheet, found.cell) == ("nothing-known", "Rà soát", "")
    assert "chưa có kết quả rà soát, vốn giao hay giải ngân nào đến ngày 31/08/2023" in str(found)


def test_a_date_of_another_year_is_told_though_it_lies_behind_the_cut_off(records, written, said):
    changed(records, [("disbursements", 5, {"date": day("2033-08-31")})])

    found = {finding.code: finding for finding in said(written(records))}

    assert found["date-outside-year"].cell == "A7"


def test_what_is_wrong_is_not_told_again_as_something_else(records, written, said):
    changed(records, [("capital", 2, {"project_code": "DA2"}), ("reviews", 1, {"households": 30})])
    changed(records, [("disbursements", 5, {}), ("disbursements", 2, {})])

    found = {finding.code for finding in said(written(records))}

    assert {"unknown-project", "classes-above-households"} <= found
    assert found.isdisjoint({"line-missing", "parts-off-by-rounding"})


def test_more_households_leave_than_there_were(records, written, said):
    changed(records, [("near_poor_flows", 1, {"left_households": 25, "left_above_households": 24})])

    found = {finding.code: finding for finding in said(written(records))}

    assert found["more-left-than-were"].cell == "D3"
    assert "có 25 hộ thoát hoặc giảm; cần không quá số đầu kỳ là 20" in str(found["more-left-than-were"])


def test_an_amount_beside_the_same_amount_by_source_counts_twice(records, written, said):
    changed(records, [("disbursements", None, {"source": "unsplit", "disbursed_vnd": 60_000_000})])

    found = {finding.code: finding for finding in said(written(records))}

    assert set(found) == {"split-and-unsplit", "unsplit-disbursement"}
    assert found["split-and-unsplit"].cell == "C8"
    assert "chỉ một cách ghi: ghi cả hai là tính hai lần" in str(found["split-and-unsplit"])


def two_reviews(records, *stocks):
    """Two year-ends of the unit, each of so many households, poor among them, and nothing else."""
    for name in ("poor_flows", "near_poor_flows", "plans"):
        records[name] = []
    blank = dict.fromkeys(("persons", "poor_persons", "near_poor_persons", "poor_deprivations"))
    records["reviews"] = [
        records["reviews"][place]
        | blank
        | {"households": households, "poor_households": poor, "near_poor_households": 0}
        for place, (households, poor) in zip((0, 3), stocks, strict=True)
    ]


def test_shown_rates_differ_by_another_last_digit_than_rates(records, written, said):
    two_reviews(records, (9000, 1000), (9001, 501))

    found = {finding.code: finding for finding in said(written(records))}

    assert found["difference-off-by-rounding"].cell == "F3"
    assert "hai tỷ lệ đã in chênh nhau 5,54%; cần 5,55% nếu trừ trước khi làm tròn" in str(
        found["difference-off-by-rounding"]
    )


def test_a_difference_that_is_a_tie_is_rounded_as_the_report_does(records, written, said):
    two_reviews(records, (20_000, 4001), (20_000, 2000))  # 20.005 - 10 = 10.004999999999999 in floats

    assert "difference-off-by-rounding" not in {finding.code for finding in said(written(records))}


def test_a_table_with_an_unreadable_cell_is_not_judged_by_the_rules(records, written, said):
    changed(records, [("reviews", 3, {"households": "ba trăm"})])

    (found,) = said(written(records))

    assert (found.code, found.cell) == ("bad-cell", "C5")
    assert "có 'ba trăm'; cần chữ số; chưa có số liệu thì để trống, không có thì ghi 0" in str(found)


def test_a_workbook_of_the_two_tier_time_names_the_last_day_of_its_district(records, written, said):
    units = {"code": "617", "name": "Tu Mơ Rông", "level": "district", "parent_code": "62"}
    from giamngheo.checks.check import Case, Sums
    from giamngheo.checks.units import unit_not_in_register
    from giamngheo.workbook.read.workbook import reading

    records["units"] = [units]
    dataset = reading(written(records), "mau", 2025).dataset
    (found,) = unit_not_in_register.findings(Case(dataset, Sums(dataset)))

    assert "đơn vị '617' chấm dứt ngày 30/06/2025; cần ngày 30/06/2025 ở cột Đến hết ngày" in str(found)


def test_a_month_takes_of_the_sums_of_all_days_those_up_to_its_cut_off(records, written):
    from giamngheo.checks.check import Case, Sums
    from giamngheo.workbook.dataset import as_of
    from giamngheo.workbook.read.workbook import reading

    records["reviews"] += [row | {"date": day("2023-06-30")} for row in records["reviews"]]
    dataset = reading(written(records), "mau", 2023).dataset
    counted = {month: as_of(dataset, Period(2023, month)) for month in (5, 6)}

    sums = Sums(dataset)
    summed = {month: Case(known, sums, Period(2023, month)).reviews for month, known in counted.items()}

    assert [len(summed[month]) for month in (5, 6)] == [6, 9]
    for month, known in counted.items():
        assert set(summed[month]["date"]) == set(known["reviews"]["date"])


def whole_left_out(records, *tables):
    """Take away the rows of the whole unit, so that it is the sum of its communes."""
    for name in tables or ("reviews", "poor_flows", "near_poor_flows"):
        records[name] = [row for row in records[name] if row["unit_code"] != "990"]


def test_a_workbook_of_communes_alone_is_as_clean_as_one_with_their_sum(records, written, said):
    whole_left_out(records)

    assert said(written(records)) == []


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        (
            [("plans", 0, {"poor_reduction_households": 320})],
            "plan-above-stock",
            "'Giảm hộ nghèo' ghi 320; cần không quá 120, là số hộ ngày 31/12/2022",
        ),
        (
            [("reviews", 2, {"poor_households": 41}), ("reviews", 3, {"poor_households": 83})],
            "closing-differs",
            "",
        ),
        (
            [("reviews", 2, {"near_poor_households": 0}), ("reviews", 3, {"near_poor_households": 0})],
            "closing-differs",
            "",
        ),
        (
            [
                ("reviews", 2, {"poor_households": 22, "near_poor_households": 40}),
                ("reviews", 3, {"poor_households": 44, "near_poor_households": 80}),
            ],
            "closing-differs",
            "",
        ),
    ],
    ids=["plan", "closing", "no near-poor", "swapped"],
)
def test_rules_judge_the_sums_that_the_report_prints(changes, code, words, records, written, said):
    whole_left_out(records, "reviews")
    for name in ("poor_flows", "near_poor_flows"):
        records[name] = [row for row in records[name] if row["unit_code"] == "990"]
    changed(records, changes)

    found = [finding for finding in said(written(records)) if finding.severity == "error"]

    assert code in {finding.code for finding in found}
    assert any(words in str(finding) for finding in found)


@pytest.mark.parametrize(
    ("closing", "blank", "words"),
    [
        (43, "other_decrease_households", "ghi 43; cần không quá 42 theo các cột còn lại"),
        (38, "new_households", "ghi 38; cần ít nhất 39 theo các cột còn lại"),
    ],
)
def test_a_flow_that_no_blank_can_close_is_told(closing, blank, words, records, written, said):
    whole_left_out(records)
    changed(records, [("poor_flows", 0, {"closing_households": closing}), ("poor_flows", 0, {blank: None})])

    found = {finding.code: str(finding) for finding in said(written(records))}
    assert words in found["flow-does-not-close"]


def test_what_is_wrong_in_a_commune_is_not_said_again_of_the_sum(records, written, said):
    whole_left_out(records)
    changed(records, [("poor_flows", 0, {"closing_households": 41})])

    assert [finding.cell for finding in said(written(records)) if finding.code == "flow-does-not-close"] == [
        reference("poor_flows", "closing_households", 0)
    ]


@pytest.mark.parametrize(("district", "cells"), [(121, [1]), (122, [0, 1]), (120, [1])])
def test_what_is_wrong_in_a_commune_is_said_of_a_typed_district_only_where_it_adds_to_it(
    district, cells, records, written, said
):
    changed(
        records, [("poor_flows", 1, {"closing_households": 41}), ("poor_flows", 0, {"closing_households": district})]
    )

    assert [finding.cell for finding in said(written(records)) if finding.code == "flow-does-not-close"] == [
        reference("poor_flows", "closing_households", row) for row in cells
    ]


def test_a_district_half_of_whose_households_are_missing_is_an_error(records, written, said):
    changed(records, [("reviews", row, {"households": 100}) for row in (3, 5)])
    changed(records, [("reviews", 3, {"households": 200})])

    found = {finding.code: finding for finding in said(written(records)) if finding.severity == "error"}

    assert "'Tổng số hộ' ghi 100; cần khoảng 200, là số hộ ngày 31/12/2021" not in str(found)
    changed(records, [("reviews", 5, {"households": 20, "persons": 80}), ("reviews", 3, {"households": 120})])
    found = {finding.code: finding for finding in said(written(records))}
    assert found["households-leap"].severity == "error"


def tu_mo_rong(records, *, listed):
    """A district of which the register has eleven communes, with figures of those listed."""
    named = {"23404": "Ngọk Lây", "23407": "Đăk Na"}
    records["form"][0]["unit_code"] = "617"
    records["units"] = [{"code": "617", "name": "Tu Mơ Rông", "level": "district", "parent_code": "62"}] + [
        {"code": code, "name": named[code], "level": "commune", "parent_code": "617"} for code in listed
    ]
    codes = dict(zip(("990", "991", "992"), ("617", *named), strict=True))
    for name in (*tables_that_add_up(), "plans"):
        records[name] = [row | {"unit_code": codes[row["unit_code"]]} for row in records[name]]


def test_a_sum_of_some_communes_of_a_district_is_an_error_and_beside_the_whole_a_warning(records, written, said):
    tu_mo_rong(records, listed=["23404", "23407"])
    beside = {finding.code: finding for finding in said(written(records))}
    assert "units-unlisted" not in beside
    assert "trang Đơn vị chỉ có 2 trong 11 đơn vị thuộc '617'" in str(beside["units-unlisted-beside-whole"])

    for name in ("reviews", "poor_flows", "near_poor_flows"):
        records[name] = [row for row in records[name] if row["unit_code"] != "617"]
    (alone,) = (finding for finding in said(written(records)) if finding.code == "units-unlisted")
    assert alone.severity == "error"
    assert "cần số liệu của 23410 Măng Ri, 23413 Ngọk Yêu" in str(alone)
    assert "hoặc ghi 'Một số' ở cột 'Đơn vị trực thuộc trong sổ' của đơn vị '617' và một dòng" in str(alone)


def test_money_of_a_source_without_a_plan_is_an_error_though_the_project_has_one(records, written, said):
    changed(records, [("disbursements", 5, {"source": "investment"}), ("disbursements", 2, {"source": "investment"})])

    found = next(finding for finding in said(written(records)) if finding.code == "disbursed-without-plan")

    assert found.cell == reference("disbursements", "source", 2)
    assert "cần một dòng của trang Vốn giao cho mã, nguồn vốn và năm này" in str(found)


def test_a_snapshot_that_lacks_one_source_of_a_project_is_told(records, written, said):
    changed(records, [("disbursements", 4, {})])

    (found,) = said(written(records))

    assert (found.code, found.cell) == ("line-missing", reference("capital", "project_code", 1))
    assert "dự án 1.1 có 'Vốn sự nghiệp' năm 2023 nhưng không có dòng của nguồn này" in str(found)


def test_disbursement_at_a_project_and_its_parts_counts_twice(records, written, said):
    changed(records, [("disbursements", None, {"project_code": "1", "source": "investment", "disbursed_vnd": 5})])

    found = {finding.code for finding in said(written(records))}

    assert "project-and-parts" in found


def test_made_up_units_are_not_held_against_the_register(records, written, said):
    tu_mo_rong(records, listed=["23404", "23407"])
    records["units"][1]["code"] = "23405"
    assert {finding.code for finding in said(written(records))} & {
        "unit-not-in-register",
        "units-unlisted-beside-whole",
    }

    records["form"][0]["marking"] = "SỐ LIỆU GIẢ LẬP"
    found = {finding.code for finding in said(written(records))}
    assert found.isdisjoint({"unit-not-in-register", "units-unlisted-beside-whole", "unit-name"})
