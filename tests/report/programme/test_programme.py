"""The report of the programme of a commune and of its province, every figure of the forms computed by hand."""

import datetime as dt
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from giamngheo.core.errors import WrongUseError
from giamngheo.report import monthly, programme
from giamngheo.report.elements import DataTable, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.programme.asked import NoFormsError
from giamngheo.workbook.write.template import write_workbook

ROOT = Path(__file__).parents[3]
MILLION = 1_000_000
JUNE, DECEMBER = dt.datetime(2026, 6, 30), dt.datetime(2026, 12, 31)  # noqa: DTZ001
FORM = {
    "parent_body": "UBND",
    "issuing_body": "PHÒNG KINH TẾ",
    "author_name": "Phòng Kinh tế",
    "number_symbol": "BC-KT",
    "place": "Sao Mai",
    "addressee": "Ủy ban nhân dân",
    "signatory_office": "TRƯỞNG PHÒNG",
    "marking": "SỐ LIỆU GIẢ LẬP",
}
UNITS = [
    {"code": "99", "name": "Mẫu", "level": "province"},
    {"code": "9901", "name": "Sao Mai", "level": "commune", "parent_code": "99"},
    {"code": "9902", "name": "Sao Hôm", "level": "commune", "parent_code": "99"},
    {"code": "9903", "name": "Sao Băng", "level": "commune", "parent_code": "99"},
]


def capital(project: str, source: str, million: int, unit: str = "", year: int = 2026) -> dict[str, Any]:
    row = {"project_code": project, "source": source, "fund_year": year, "planned_vnd": million * MILLION}
    level = "central" if year < 2026 else None
    return row | {"date": dt.datetime(2026, 1, 15), "unit_code": unit, "budget_level": level}  # noqa: DTZ001


def paid(project: str, source: str, million: int, unit: str = "", year: int = 2026) -> dict[str, Any]:
    row = {"project_code": project, "source": source, "fund_year": year, "disbursed_vnd": million * MILLION}
    return row | {"date": JUNE, "unit_code": unit}


def raised(project: str, source: str, million: tuple[int, int, int | None], unit: str = "") -> dict[str, Any]:
    names = ("planned_vnd", "mobilised_vnd", "rest_vnd")
    amounts = {name: one if one is None else one * MILLION for name, one in zip(names, million, strict=True)}
    return {"date": JUNE, "project_code": project, "source": source, "unit_code": unit, **amounts}


def work(kind: str, planned: int, done: int, unit: str = "", note: str = "") -> dict[str, Any]:
    amounts = {"planned_vnd": planned * MILLION, "done_vnd": done * MILLION}
    return {"date": JUNE, "work": kind, "unit_code": unit, "note": note, **amounts}


def issued(kind: str, number: str, day: int, **texts: str) -> dict[str, Any]:
    row = {"role": "issued", "kind": kind, "number": number, "date": dt.datetime(2026, 3, day)}  # noqa: DTZ001
    return row | {"issuer": "HĐND tỉnh" if kind == "Nghị quyết" else "UBND tỉnh", "subject": "việc mẫu", **texts}


COMMUNE = {
    "units": UNITS[:2],
    "reviews": [
        {"date": JUNE, "unit_code": "9901", "households": 100, "poor_households": 9, "near_poor_households": 5}
    ],
    "capital": [
        capital("HP1.1", "central_investment", 400),
        capital("HP1.2", "central_recurrent", 100),
        capital("HP2.1", "central_investment", 200),
        capital("HP2.1", "local_commune", 50),
        capital("1.1", "investment", 70, year=2025),
    ],
    "disbursements": [
        paid("HP1.1", "central_investment", 120),
        paid("HP1.2", "central_recurrent", 0),
        paid("HP2.1", "central_investment", 60),
        paid("HP2.1", "local_commune", 50),
        paid("1.1", "investment", 7, year=2025),
    ],
    "mobilised": [
        raised("HP1.1", "credit", (80, 60, 25)),
        raised("", "community_cash", (20, 5, 15)),
        raised("", "community_in_kind", (10, 5, 5)),
    ],
    "works": [work("transport", 450, 130, note="đường liên thôn"), work("water", 150, 50)],
}
PROVINCE = {
    "units": UNITS,
    "reviews": [{**COMMUNE["reviews"][0], "unit_code": "99"}],
    "capital": [
        capital("HP1.1", "central_investment", 400, "9901"),
        capital("HP1.1", "central_investment", 300, "9902"),
        capital("HP2.1", "local_province", 90),
    ],
    "disbursements": [
        paid("HP1.1", "central_investment", 120, "9901"),
        paid("HP1.1", "central_investment", 30, "9902"),
        paid("HP2.1", "local_province", 9),
    ],
    "mobilised": [raised("HP1.1", name, (10, 1, 9)) for name in ("integrated", "credit", "enterprise")]
    + [raised("", f"community_{name}", (10, 1, 9), unit) for name in ("cash", "in_kind") for unit in ("9901", "9902")],
    "works": [work("transport", 400, 120, "9901"), work("power", 300, 30, "9902")],
    "documents": [
        issued("Quyết định", "02/QĐ-UBND", 2, goal="giảm nghèo", content="hỗ trợ nhà ở"),
        issued("Kế hoạch", "03/KH-UBND", 3),
        issued("Nghị quyết", "01/NQ-HĐND", 9),
    ],
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    for unit, code, records in (("xa", "9901", COMMUNE), ("tinh", "99", PROVINCE)):
        (folder / unit).mkdir()
        write_workbook(folder / unit / "2026.xlsx", {"form": [FORM | {"unit_code": code}], **records}, year=2026)
    return folder


@pytest.fixture(scope="module")
def half(data: Path) -> Facts:
    return programme.facts("xa", "2026-H1", str(data))


@pytest.fixture(scope="module")
def province(data: Path) -> Facts:
    return programme.facts("tinh", "2026-H1", str(data))


def rows(element: DataTable | Prose) -> dict[str, list[Any]]:
    """Return the figures of each row of a form, in millions where they are money, by the code of the row."""
    assert isinstance(element, DataTable)
    shown = zip(element.row_codes, element.frame.to_dict("records"), strict=True)
    return {code: [_shown(row[column.name], column.kind) for column in element.columns[2:]] for code, row in shown}


def _shown(value: Any, kind: str) -> Any:
    if isinstance(value, str):
        return value
    return (
        None
        if value is None or value != value or str(value) == "<NA>"
        else value / MILLION
        if kind == "money"
        else value
    )


def said(element: Prose) -> str:
    return re.sub(r"\s+", " ", element.markdown.replace("\\", ""))


def test_form_11_has_plan_result_and_plan_of_the_rest_of_each_source(half: Facts) -> None:
    form = programme.form(half, 1)
    assert isinstance(form, DataTable)
    assert form.caption == (
        "Biểu 11. Tổng hợp kết quả huy động nguồn lực thực hiện Chương trình 6 tháng đầu năm 2026 (kèm theo Mẫu số 04)"
    )
    assert [column.header[0] for column in form.columns] == [
        "STT",
        "Nội dung chỉ tiêu",
        "Kế hoạch năm 2026",
        "Kết quả huy động 6 tháng đầu năm 2026",
        "Kế hoạch 6 tháng cuối năm 2026",
    ]
    assert rows(form) == {
        "total": [860, 300, 565],
        "central": [700, 180, 520],
        "central_investment": [600, 180, 420],
        "central_recurrent": [100, 0, 100],
        "local": [50, 50, 0],
        "local_province": [0, 0, 0],
        "local_commune": [50, 50, 0],
        "integrated": [None] * 3,
        "credit": [80, 60, 25],
        "enterprise": [None] * 3,
        "community": [30, 10, 20],
        "community_cash": [20, 5, 15],
        "community_in_kind": [10, 5, 5],
    }
    assert list(form.frame["number"]) == ["", "I", "1", "2", "II", "1", "2", "III", "IV", "V", "VI", "1", "2"]
    assert form.frame["name"].iloc[0] == "TỔNG SỐ (chưa đủ các nguồn)"
    assert "Chưa có số liệu, không tính vào các tổng: Vốn lồng ghép, Vốn doanh nghiệp." in form.note
    assert form.is_landscape


def test_form_12_has_the_same_money_by_content_under_the_heads_of_the_form(half: Facts) -> None:
    form = programme.form(half, 2)
    assert isinstance(form, DataTable)
    done, rest = "Kết quả huy động 6 tháng đầu năm 2026", "Kế hoạch 6 tháng cuối năm 2026"
    direct = "Vốn đầu tư trực tiếp"
    heads = [
        ("Tổng số",),
        (direct, "Tổng số"),
        (direct, "NSTW", "ĐTPT"),
        (direct, "NSTW", "SN"),
        (direct, "NSĐP"),
        *[(head,) for head in ("Vốn lồng ghép", "Vốn tín dụng", "Vốn doanh nghiệp", "Dân đóng góp")],
    ]
    assert [column.header for column in form.columns[2:]] == [
        *((over, *head) for over in (done, rest) for head in heads),
        ("Ghi chú",),
    ]
    found = {code: figures[:-1] for code, figures in rows(form).items()}
    assert found["total"] == [300, 230, 180, 0, 50, None, 60, None, 10, 565, 520, 420, 100, 0, None, 25, None, 20]
    assert found["HP1"] == [180, 120, 120, 0, 0, None, 60, None, 0, 405, 380, 280, 100, 0, None, 25, None, 0]
    assert found["HP1.2"] == [0, 0, 0, 0, 0, None, 0, None, 0, 100, 100, 0, 100, 0, None, 0, None, 0]
    assert found["HP2.1"] == [110, 110, 60, 0, 50, None, 0, None, 0, 140, 140, 140, 0, 0, None, 0, None, 0]
    assert found["-"] == [10, 0, 0, 0, 0, None, 0, None, 10, 20, 0, 0, 0, 0, None, 0, None, 20]
    tops = [found[code] for code in ("HP1", "HP2", "KHAC", "-")]
    for place, total in enumerate(found["total"]):
        assert total == (None if tops[0][place] is None else sum(top[place] for top in tops))
    assert list(form.frame["name"])[:3] == ["TỔNG SỐ (chưa đủ các nguồn)", "Hợp phần thứ nhất", "Nội dung 1"]


def test_form_13_has_the_kinds_of_work_with_the_share_of_the_plan(half: Facts) -> None:
    form = programme.form(half, 3)
    assert isinstance(form, DataTable)
    found = rows(form)
    assert (len(found), list(form.frame["number"])[:3]) == (14, ["", "1", "2"])
    assert found["total"] == [600, 180, 30.0, ""]
    assert found["transport"] == [450, 130, 100 * 130 / 450, "đường liên thôn"]
    assert found["power"] == [0, 0, None, ""]
    assert programme.form(half, 4) == Prose("")


def test_the_forms_have_the_figures_of_one_another_and_of_the_monthly_report(half: Facts, data: Path) -> None:
    sources, contents, works = (rows(programme.form(half, place)) for place in (1, 2, 3))
    assert contents["total"][0:4] == [sources[name][1] for name in ("total",)] + [
        230,
        *(sources[f"central_{name}"][1] for name in ("investment", "recurrent")),
    ]
    assert works["total"][:2] == sources["central_investment"][:2]
    of_june = monthly.facts("xa", "2026-06", str(data))
    budget = monthly.sources_table(of_june)
    assert isinstance(budget, DataTable)
    printed = {row["name"]: row for row in budget.frame.to_dict("records")}
    for name, code in (("Vốn đầu tư công", "central_investment"), ("Ngân sách xã", "local_commune")):
        assert [printed[name][figure] / MILLION for figure in ("planned_vnd", "disbursed_vnd")] == sources[code][:2]
    beyond = monthly.resources_table(of_june)
    assert isinstance(beyond, DataTable)
    assert beyond.frame["mobilised_vnd"].iloc[0] / MILLION == sources["credit"][1] + sources["community"][1]


def test_the_words_say_what_the_forms_print(half: Facts) -> None:
    text = said(programme.resources(half))
    assert "đã huy động được 300/860 triệu đồng, đạt 34,88% kế hoạch năm (chưa tính các nguồn chưa có số liệu)" in text
    assert (
        "- Ngân sách trung ương: giải ngân 180/700 triệu đồng, đạt 25,71%; trong đó vốn đầu tư công 180/600 triệu đồng,"
        " kinh phí thường xuyên 0/100 triệu đồng;"
    ) in text
    assert "- Vốn doanh nghiệp: chưa có số liệu;" in text
    assert "Kế hoạch huy động, giải ngân 6 tháng cuối năm 2026 là 565 triệu đồng." in text
    assert "Vốn năm 2025 chuyển sang (70 triệu đồng, Chương trình giảm nghèo bền vững 2021-2025)" in text
    assert "cộng từ" not in text
    text = said(programme.contents(half))
    assert (
        "- Hợp phần thứ nhất: 180/580 triệu đồng, đạt 31,03% kế hoạch năm, chiếm 60,00% kết quả của Chương trình;"
        " lớn nhất: Nội dung 1 (180 triệu đồng);"
    ) in text
    assert "Nguồn lực chưa tách theo nội dung: 10/30 triệu đồng." in text
    assert "chưa có kết quả: Nội dung 2 (Hợp phần thứ nhất)." in text
    assert "Nội dung khác" not in text
    text = said(programme.works(half))
    assert "Theo số liệu chốt ngày 30/6/2026, đã thực hiện 180/600 triệu đồng kế hoạch năm 2026, đạt 30,00%" in text
    assert "- Giao thông: 130/450 triệu đồng, đạt 28,89%;" in text
    assert said(programme.policies(half)) == ""


def test_every_figure_of_the_forms_is_told_with_the_cells_that_give_it(half: Facts) -> None:
    for place in (1, 2, 3):
        form = programme.form(half, place)
        assert isinstance(form, DataTable)
        numbers = [column.name for column in form.columns if column.kind in ("money", "percent")]
        assert set(form.origins) == set(numbers)
        for name in numbers:
            assert [bool(text) for text in form.origins[name]] == list(form.frame[name].notna()), name
    sources = programme.form(half, 1)
    assert isinstance(sources, DataTable)
    credit = sources.row_codes.index("credit")
    assert [sources.origins[name][credit] for name in ("planned_vnd", "done_vnd")] == [
        "='Huy động'!D5",
        "='Huy động'!E5",
    ]


def test_a_year_has_no_plan_of_a_rest(data: Path) -> None:
    year = programme.facts("xa", "2026", str(data))
    sources, contents = programme.form(year, 1), programme.form(year, 2)
    assert rows(sources)["total"] == [860, 300]
    assert len(rows(contents)["total"]) == 10
    assert "cuối năm" not in said(programme.resources(year))
    assert "PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM 2027" in said(programme.next_steps(year))


def test_a_province_adds_up_its_communes_and_says_which(province: Facts) -> None:
    found = rows(programme.form(province, 2))
    assert found["total"] == [790 + 70, 159 + 7, 631 + 63]
    assert found["central_investment"] == [700, 150, 550]
    assert found["local_province"] == [90, 9, 81]
    assert found["community"] == [40, 4, 36]
    works = rows(programme.form(province, 3))
    assert works["total"][:3] == [700, 150, 100 * 150 / 700]
    assert rows(programme.form(province, 4))["HP1.1"][:3] == [153, 150, 150]
    text = said(programme.resources(province))
    summed = "được cộng từ số của tỉnh Mẫu và của 2/3 xã; chưa có số liệu của Sao Băng."
    assert f"Kế hoạch vốn ngân sách, số giải ngân, nguồn lực ngoài ngân sách {summed}" in text
    works_said = "Số liệu theo loại công trình được cộng từ số của 2/3 xã; chưa có số liệu của Sao Băng."
    assert works_said in said(programme.works(province))
    forms = [programme.form(province, place) for place in (2, 3, 4)]
    assert [form.frame["name"].iloc[0] for form in forms] == [
        *("TỔNG SỐ (2/3 xã)", "TỔNG CỘNG (2/3 xã)", "TỔNG SỐ (2/3 xã)"),
    ]
    assert all("chưa có số liệu của Sao Băng" in form.note for form in forms)


def as_typed(facts: Facts, unit: str, *names: str) -> Facts:
    """Return facts in which the rows of tables of a unit are of March."""
    tables = {name: facts.data[name] for name in names}
    march = {
        name: rows.assign(date=rows["date"].mask(rows["unit_code"].eq(unit), pd.Timestamp("2026-03-31")))
        for name, rows in tables.items()
    }
    return replace(facts, data=replace(facts.data, tables={**facts.data.tables, **march}))


def test_a_commune_whose_figures_are_of_march_is_named_beside_the_sums(province: Facts) -> None:
    late = as_typed(province, "9902", "disbursements", "mobilised", "works")
    words = "chưa có số liệu tháng 6/2026 của Sao Hôm (tính theo số chốt ngày 31/3/2026)."
    money, works = f"Số giải ngân, nguồn lực ngoài ngân sách: {words}", f"Số liệu theo loại công trình: {words}"
    assert money in said(programme.resources(late))
    assert works in said(programme.works(late))
    notes = [form.note for form in (programme.form(late, place) for place in (2, 3, 4)) if isinstance(form, DataTable)]
    assert [said_of in note for said_of, note in zip((money, works, money), notes, strict=True)] == [True] * 3
    assert "tính theo số chốt" not in said(programme.resources(province)) + said(programme.works(province))


def test_the_sum_says_as_of_which_days_it_is(half: Facts, data: Path) -> None:
    year = programme.facts("xa", "2026", str(data))
    assert "Đến hết ngày 30/6/2026, nguồn lực thực hiện" in said(programme.resources(half))
    assert "Theo số liệu chốt ngày 30/6/2026, nguồn lực thực hiện" in said(programme.resources(year))
    older = said(programme.resources(as_typed(half, "", "mobilised")))
    days = "số giải ngân chốt ngày 30/6/2026, nguồn lực ngoài ngân sách chốt ngày 31/3/2026"
    assert f"Theo {days}, nguồn lực thực hiện Chương trình năm 2026 đã huy động được 300/860 triệu đồng" in older


def test_form_04_has_the_policies_among_the_documents_issued_by_kind(province: Facts) -> None:
    form = programme.form(province, 1)
    assert isinstance(form, DataTable)
    assert form.frame.to_numpy().tolist() == [
        ["1", "Nghị quyết của HĐND tỉnh", "01/NQ-HĐND, ngày 09 tháng 3 năm 2026", "việc mẫu", "", "", ""],
        [
            *("2", "Quyết định của UBND tỉnh", "02/QĐ-UBND, ngày 02 tháng 3 năm 2026"),
            *("việc mẫu", "giảm nghèo", "hỗ trợ nhà ở", ""),
        ],
    ]
    assert "có 02 cơ chế, chính sách (nghị quyết, quyết định), chi tiết tại Biểu 04" in said(
        programme.policies(province)
    )


@pytest.mark.parametrize(
    ("unit", "period", "words"),
    [
        ("xa", "2026-06", "không lập cho tháng 6 năm 2026; chỉ lập cho 6 tháng (2026-H1) hoặc năm (2026)"),
        ("xa", "2026-9M", "không lập cho 9 tháng đầu năm 2026"),
    ],
)
def test_another_period_is_refused_in_a_sentence(unit: str, period: str, words: str, data: Path) -> None:
    with pytest.raises(WrongUseError, match=re.escape(words)):
        programme.facts(unit, period, str(data))


def test_a_district_and_a_year_before_the_forms_are_refused_in_a_sentence() -> None:
    with pytest.raises(NoFormsError, match="cho huyện Tu Mơ Rông: năm 2023 chưa có biểu nào"):
        programme.facts("tu-mo-rong", "2023", str(ROOT / "data"))


@pytest.mark.parametrize("audience", ["internal", "public"])
@pytest.mark.parametrize(("unit", "period"), [("xa", "2026-H1"), ("tinh", "2026-H1"), ("tinh", "2026")])
def test_every_cell_of_the_notebook_shows_what_it_has(unit: str, period: str, audience: str, data: Path) -> None:
    facts = programme.facts(unit, period, str(data), audience)
    for cell in cells_of_the_notebook():
        element = eval(cell, {"programme": programme, "report": facts})
        assert "text/html" in element._repr_mimebundle_()[0]


def cells_of_the_notebook() -> list[str]:
    notebook = json.loads((ROOT / "notebooks" / "programme_report.ipynb").read_text("utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"][2:]


def test_the_notebook_has_a_cell_for_each_part_and_each_form(half: Facts) -> None:
    cells = cells_of_the_notebook()
    assert {re.sub(r"\(.*", "", cell) for cell in cells} == {
        f"programme.{name}" for name in programme.__all__ if name != "facts"
    }
    assert [cell for cell in cells if ".form(" in cell] == [
        f"programme.form(report, {place})" for place in (1, 2, 3, 4)
    ]
    for cell in cells:
        element = eval(cell, {"programme": programme, "report": half})
        assert "nan" not in element._repr_mimebundle_()[0]["text/html"].replace("nan>", "")
    assert "6 tháng đầu năm 2026" in programme.letterhead(half).subject
