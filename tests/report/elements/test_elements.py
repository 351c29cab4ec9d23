import json

import pandas as pd
import pytest

from giamngheo.report.elements import Closing, Column, DataTable, Figure, Letterhead, Prose
from giamngheo.report.elements.figure import svg_of
from giamngheo.report.elements.stored import element_of

FRAME = pd.DataFrame(
    {
        "code": ["", "1.1"],
        "name": ["Tổng", "Hạ tầng <b>"],
        "paid_vnd": pd.array([4_569_482_000, None], dtype="Int64"),
        "rate_pct": pd.array([9.84, None], dtype="Float64"),
    }
)

COLUMNS = (
    Column("code", ("STT",), "code"),
    Column("name", ("Dự án",), "text", 3),
    Column("paid_vnd", ("Giải ngân", "Số tiền"), "money"),
    Column("rate_pct", ("Giải ngân", "Tỷ lệ"), "percent", missing="-"),
)


def letterhead(**changes):
    values = {
        "parent_body": "UBND HUYỆN A",
        "issuing_body": "PHÒNG B",
        "symbol": "BC-LĐTBXH",
        "place": "A",
        "year": 2023,
        "month": 2,
        "subject": "Tình hình",
        "addressee": "UBND huyện A",
        "bases": ("Căn cứ một", "Căn cứ hai;"),
    }
    return Letterhead(**(values | changes))


def shown(element):
    return element._repr_mimebundle_()[0]


@pytest.mark.parametrize(
    "element",
    [
        Prose("# a"),
        letterhead(),
        Closing(("a",), "TRƯỞNG PHÒNG", "Tên"),
        DataTable(FRAME, COLUMNS, "Bảng 1", strong_rows=(0,), indented_rows=(1,), note="Ghi chú"),
        Figure("<svg xmlns='http://www.w3.org/2000/svg'/>", "mô tả", "Hình 1"),
    ],
    ids=lambda element: type(element).__name__,
)
def test_every_element_shows_itself_and_keeps_what_it_is_made_of(element):
    data, metadata = element._repr_mimebundle_(include=None, exclude=None)
    assert {"text/html", "text/plain"} <= set(data)
    assert "text/typst" not in data, "no code of a notebook file is ever run"
    assert all(isinstance(value, str | dict) for value in data.values())
    kept = element_of(*json.loads(json.dumps([data, metadata])))
    assert kept._repr_mimebundle_() == (data, metadata)


def test_letterhead_tells_the_exporters_what_the_document_is():
    head = letterhead(marking="SỐ LIỆU GIẢ LẬP")
    assert (head.document_title, head.date.isoformat()) == ("Báo cáo: Tình hình", "2023-02-28")
    assert (head.issuing_body, head.lang, head.marking) == ("PHÒNG B", "vi", "SỐ LIỆU GIẢ LẬP")


def test_letterhead_leaves_number_and_day_to_the_officer():
    html = shown(letterhead())["text/html"]
    assert "Số: …/BC-LĐTBXH" in html
    assert "A, ngày … tháng 02 năm 2023" in html
    assert "tháng 8 năm" in shown(letterhead(month=8))["text/html"]


def test_bases_end_with_the_signs_of_the_official_text():
    html = shown(letterhead())["text/html"]
    assert html.index("Căn cứ một;") < html.index("Căn cứ hai.")


def test_closing_sets_dashes_and_signs():
    html = shown(Closing(("- Như trên;", "Lưu: VT."), "TRƯỞNG PHÒNG", "Tên"))["text/html"]
    assert "- Như trên;" in html
    assert "- Lưu: VT." in html


def test_table_is_accessible_html():
    html = shown(DataTable(FRAME, COLUMNS, "Bảng 1. Vốn", strong_rows=(0,), indented_rows=(1,), note="Ghi chú"))[
        "text/html"
    ]
    assert "<caption><span>Bảng 1. Vốn</span></caption>" in html
    assert '<th scope="col" rowspan="2" style="text-align:center">STT</th>' in html
    assert '<th scope="colgroup" colspan="2" style="text-align:center">Giải ngân</th>' in html
    assert '<th scope="row" style="text-align:left"><strong>Tổng</strong></th>' in html
    assert '<td class="number"><strong>4.569,482</strong></td>' in html
    assert '<th scope="row" class="indented" style="text-align:left">Hạ tầng &lt;b&gt;</th>' in html
    assert '<td class="number">…</td><td class="number">-</td>' in html
    assert '<p class="note">Ghi chú</p>' in html


def test_table_is_typst_with_a_header_and_strings_only():
    typst = DataTable(FRAME, COLUMNS, 'Bảng "1"', strong_rows=(0,)).typst()
    assert 'caption: "Bảng \\"1\\""' in typst
    assert 'table.cell(colspan: 2, rowspan: 1, strong("Giải ngân"))' in typst
    assert 'cell("number", strong("4.569,482"))' in typst


def test_table_carries_its_values_unrounded():
    resource = shown(DataTable(FRAME, COLUMNS, "Bảng 1", strong_rows=(0,)))["application/vnd.dataresource+json"]
    assert resource["title"] == "Bảng 1"
    assert [field["type"] for field in resource["schema"]["fields"]] == ["string", "string", "integer", "number"]
    assert resource["data"][0] == {"code": "", "name": "Tổng", "paid_vnd": 4569482000, "rate_pct": 9.84}
    assert resource["data"][1]["paid_vnd"] is None
    assert resource["strong_rows"] == [0]


def test_table_shows_one_column_twice():
    table = DataTable(FRAME, (Column("name", ("a",)), Column("name", ("b",))), "")
    assert shown(table)["text/html"].count("Tổng") == 2
    assert "<caption>" not in shown(table)["text/html"]


@pytest.mark.parametrize(
    "told", [{"origins": {"a": []}}, {"origins": {"a": ["=A1", "=A2"]}}, {"row_codes": ("x", "y")}]
)
def test_table_is_told_nothing_of_other_rows_than_it_has(told):
    with pytest.raises(ValueError, match="every row"):
        DataTable(pd.DataFrame({"a": [1]}), (Column("a", ("A",), "count"),), "", **told)


def test_table_without_rows_still_has_a_header():
    assert "<thead>" in shown(DataTable(FRAME[:0], COLUMNS, "Bảng 1"))["text/html"]


def test_figure_is_an_image_with_alternative_text():
    data, metadata = Figure("<svg/>", 'cột "cao"', "Hình 1")._repr_mimebundle_()
    assert 'alt="cột &#34;cao&#34;"' in data["text/html"]
    assert "<figcaption>Hình 1</figcaption>" in data["text/html"]
    assert set(data) == {"text/html", "text/plain"}, "a notebook keeps the drawing once"
    assert svg_of(data["text/html"]) == "<svg/>"
    kept = {"alt": 'cột "cao"', "caption": "Hình 1", "series": "Hình", "name": ""}
    assert metadata["giamngheo"] == {"element": "figure"} | kept


@pytest.mark.parametrize("html", ["", "<img>", "data:image/svg+xml;base64,%%%", "data:image/svg+xml;base64,/w=="])
def test_html_without_a_drawing_that_can_be_read_has_none(html):
    assert svg_of(html) == ""


def test_elements_are_immutable():
    with pytest.raises(AttributeError):
        Prose("a").markdown = "b"
