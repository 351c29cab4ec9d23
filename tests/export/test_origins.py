"""Figures in the text of a page lead to the cells that tell their origin."""

import json
import re
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from giamngheo.export.document import document
from giamngheo.export.foreign.prose import words_of
from giamngheo.export.foreign.shown import Shown, Words
from giamngheo.export.html import html
from giamngheo.export.origins import with_origins
from giamngheo.export.pdf import pdf
from giamngheo.export.word.exporter import docx
from giamngheo.report.elements import Column, DataTable, Prose
from giamngheo.report.elements.markdown import Token
from giamngheo.report.markup import escape_markdown

FRAME = pd.DataFrame(
    {
        "name": ["Dự án 1", "Dự án 2"],
        "vnd": [4_569_482_000, 12_000_000],
        "rate": [9.839539, 9.8401],
        "households": [2859, 12],
    }
)
COLUMNS = (
    Column("name", ("Dự án",)),
    Column("vnd", ("Vốn",), "money"),
    Column("rate", ("Tỷ lệ",), "percent"),
    Column("households", ("Hộ",), "count"),
)
ORIGINS = {"vnd": ["='Vốn'!G5", "='Vốn'!G6"], "rate": ["=1*'a'!A1", "=2*'b'!B2"], "households": ["='Hộ'!C5", ""]}
TEXT = (
    "Giải ngân 4.569,482/71.972 triệu đồng, đạt 9,84%; 2.859/6.963 hộ nghèo, 12 hộ mới;"
    " 12 triệu đồng ngày 12/8/2023 theo Quyết định số 2.859/QĐ và 2.859 thôn; 14.569,482 triệu đồng"
)


@pytest.fixture
def page(executed) -> str:
    return html(document(executed(Prose(TEXT), DataTable(FRAME, COLUMNS, "Vốn", origins=ORIGINS))))


def test_a_figure_leads_to_the_cell_that_shows_it_with_the_same_unit(page: str) -> None:
    links = re.findall(r'<a class="from" href="#(\w+)">([^<]*)</a>', page)
    cells = dict(re.findall(r'id="(n\d+)" data-from="([^"]*)"', page))
    assert [(text, unescape(cells[anchor])) for anchor, text in links] == [
        ("4.569,482", "='Vốn'!G5"),
        ("2.859", "='Hộ'!C5"),
        ("12", "='Vốn'!G6"),
    ]


def test_a_figure_of_two_origins_names_both(page: str) -> None:
    cells = dict(re.findall(r'id="(n\d+)" data-from="([^"]*)"', page))
    (names,) = re.findall(r'<a class="from" data-cells="([\w ]+)">9,84%</a>', page)
    assert {unescape(cells[name]) for name in names.split()} == {"=1*'a'!A1", "=2*'b'!B2"}


def test_the_text_reads_as_before(page: str) -> None:
    (paragraph,) = re.findall(r"<p>(Giải ngân.*?)</p>", page)
    assert re.sub("<[^>]+>", "", paragraph) == TEXT


def test_what_is_pointed_at_tells_its_origin(page: str, opened) -> None:
    shown = opened(
        page,
        """const told = [...document.querySelectorAll(".from")].map((each) => each.dataset.from);
        const keys = document.querySelector(".keys button"), before = document.querySelector(".from").tabIndex;
        keys.click();
        const after = document.querySelector("td[data-from]");
        const spoken = after.getAttribute("aria-description");
        said.after(made("pre", {}, JSON.stringify([told, before, after.tabIndex, spoken])));""",
    )
    (written,) = re.findall("<pre>(.*?)</pre>", shown)
    told, before, after, spoken = json.loads(unescape(written))
    assert told == [
        "Bảng 1, Dự án 1, Vốn: ='Vốn'!G5",
        "Bảng 1, Dự án 1, Tỷ lệ: =1*'a'!A1\nBảng 1, Dự án 2, Tỷ lệ: =2*'b'!B2",
        "Bảng 1, Dự án 1, Hộ: ='Hộ'!C5",
        "Bảng 1, Dự án 2, Vốn: ='Vốn'!G6",
    ]
    assert (before, after, spoken) == (-1, 0, "='Vốn'!G5")


def test_other_formats_have_the_figures_and_no_links(executed) -> None:
    made = document(executed(Prose(TEXT), DataTable(FRAME, COLUMNS, "Vốn", origins=ORIGINS)))
    assert b"/Link" not in pdf(made)
    assert docx(made) == docx(document(executed(Prose(TEXT), DataTable(FRAME, COLUMNS, "Vốn"))))


def test_a_page_without_origins_has_no_links(executed) -> None:
    page = html(document(executed(Prose(TEXT), DataTable(FRAME, COLUMNS, "Vốn"))))
    assert 'class="from"' not in page


def test_hostile_origins_stay_text(executed) -> None:
    origins = {"vnd": ['"><script>alert(1)</script>', ""]}
    page = html(document(executed(Prose("4.569,482 triệu đồng"), DataTable(FRAME, COLUMNS, "Vốn", origins=origins))))
    assert "<script>alert" not in page
    assert 'data-from="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page


def leading(parts: list[Shown]) -> list[str]:
    """What leads to cells in the texts of parts."""

    def below(token: Token) -> list[str]:
        own = [token["raw"]] if token["type"] == "figure" else []
        return own + [raw for child in token["children"] for raw in below(child)]

    return [raw for part in parts if isinstance(part, Words) for token in part.tokens for raw in below(token)]


def test_figures_are_known_where_signs_are_escaped_and_not_where_people_type() -> None:
    table = DataTable(FRAME, COLUMNS, "Vốn", origins=ORIGINS)
    text = escape_markdown("Giải ngân 4.569,482 triệu đồng, đạt 9,84%.")
    parts = [*words_of(f"# I. Việc\n\n{text}\n\n# II. Vốn\n\n{text}"), table, *words_of(f"# III. Việc tới\n\n{text}")]
    shown = with_origins(parts, ())
    assert leading(shown) == ["4.569,482", "9,84%"]
    assert "".join(part.html() for part in shown).count("Giải ngân") == 3


def test_a_finding_leads_to_the_figures_that_come_from_its_cell() -> None:
    origins = {"vnd": ["=SUM('Vốn'!G5:G6)-'Vốn'!G9", "='[2022.xlsx]Vốn'!G7"]}
    said = escape_markdown("a.xlsx, trang 'Vốn', ô G6: sai 12 hộ; trang 'Vốn', ô G7: sai; trang 'Hộ', ô G6: sai")
    shown = with_origins([DataTable(FRAME, COLUMNS, "Vốn", origins=origins)], list(words_of(said)))
    assert leading(shown) == ["G6"]
    assert [part.anchors for part in shown if isinstance(part, DataTable)] == [{(0, "vnd"): "n1"}]


def test_every_figure_that_the_report_states_leads_to_a_cell(report_folder: Path) -> None:
    page = (report_folder / "report.html").read_text("utf-8").partition("<main>")[2]
    stated = re.search(r">II\. KẾT QUẢ.*?(?=>IV\. )", page, re.DOTALL)[0]
    for beside in (r"<table.*?</table>", r"<figure.*?</figure>", r'<p class="note">.*?</p>'):
        stated = re.sub(beside, "", stated, flags=re.DOTALL)
    links = re.findall(r'<a class="from"[^>]*>([^<]*)</a>', stated)
    assert {"9,84%", "4.569,482", "2.859", "41,06%", "13.480,504"} <= set(links)
    rest = re.sub(r'<a class="from".*?</a>', "", stated)
    assert re.findall(r"\d[\d.,]*(?:%| điểm phần trăm| triệu đồng| hộ\b)", rest) == []
