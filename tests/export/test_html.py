"""The font within a figure has the letters of Vietnamese, as wide as the font that the figure was laid out with."""

import base64
import io
import re
import unicodedata
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote

import nbformat
import pandas as pd
import pytest
from fontTools.ttLib import TTFont

from giamngheo.export.document import document
from giamngheo.export.html import drawing_address, html
from giamngheo.report.drawing.letters import FONT
from giamngheo.report.elements import Column, DataTable, Figure, Prose

VOID = {"meta", "img", "br", "col", "hr"}


class Tags(HTMLParser):
    """Collects tags with their attributes, and fails where one is not closed."""

    def __init__(self, page):
        super().__init__()
        self.tags, self._open = [], []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def named(self, *names):
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture
def page(report):
    return html(document(report))


def test_page_is_well_formed_and_says_its_language_and_title(page):
    tags = Tags(page)
    assert tags.named("html") == [{"lang": "vi"}]
    assert "<title>Báo cáo: Kết quả thực hiện" in page


def test_page_needs_no_network_and_runs_one_script(page, analysis):
    for content in (page, html(document(analysis))):
        assert content.count("<script") == 1
        assert "<link" not in content
        assert not re.search(r"(src|url\()=?[\"']?(?!data:)https?:", content)
        assert not re.search(r"\son\w+=", content)


def test_page_is_small_without_its_figures(page):
    assert len(re.sub(r"data:image/[^\"]+", "", page).encode()) < 60_000


def test_tables_have_captions_and_scopes_and_scroll_by_themselves(page):
    tags = Tags(page)
    assert len(tags.named("caption")) == 2
    assert all("scope" in header for header in tags.named("th"))
    regions = [div for div in tags.named("div") if div.get("role") == "region"]
    assert [(region["tabindex"], region["aria-label"][:7]) for region in regions] == [
        ("0", "Bảng 1."),
        ("0", "Bảng 2."),
    ]
    assert ".wide { margin: 1rem 0 1.25rem; overflow-x: auto; }" in page


def test_figures_have_alternative_text(page):
    assert [image["alt"] for image in Tags(page).named("img")] == [
        "Biểu đồ cột: 52.11, 41.06, 32.58",
        "Biểu đồ cột: 64.5, 15.1, 8.1, 5.5",
        "Biểu đồ cột: 9.84, 41.3, 95",
    ]


def test_a_figure_shows_its_numbers_and_one_without_numbers_shows_none(executed):
    figures = [Figure("<svg/>", alt, "Hình") for alt in ("Biểu đồ cột: 41,06", "Bản đồ các xã")]
    page = html(document(executed(*figures)))
    assert page.count("<summary>Số liệu của hình</summary>") == 1
    assert "<p>Biểu đồ cột: 41,06</p>" in page


@pytest.mark.parametrize("svg", ["<svg a='\"%#&?x'>\n<text>Đắk 5% & #1 +</text>\t</svg>", "<svg/>"])
def test_the_address_of_a_drawing_is_its_letters(svg):
    address = drawing_address(svg)
    assert unquote(address.partition(",")[2]) == svg.replace("\n", " ").replace("\t", " ")
    assert not set('"#\n\t') & set(address)


def test_the_contents_lead_to_the_headings(executed):
    page = html(document(executed(Prose("# Đề\n\n# Một\n\n## Hai <b>\n\n### Ba\n\n# Bốn"))))
    tags = Tags(page)
    listed = [link["href"] for link in tags.named("a") if link["href"].startswith("#")]
    assert listed == [f"#{heading['id']}" for heading in tags.named("h2", "h3") if heading]
    assert ">Hai &lt;b&gt;</a>" in page
    assert len(listed) == 3
    assert "Ba</a>" not in page


def test_a_page_of_two_headings_has_no_contents(executed):
    assert "<nav" not in html(document(executed(Prose("# Đề\n\n# Một\n\n# Hai"))))


def test_a_table_sorts_filters_and_gives_itself_as_csv(executed, opened):
    rows = [("", "Tổng số", 1_512_500_000), ("1", "Hạ tầng", 1_012_500_000), ("1.1", "Đường", 12_500_000)]
    rows += [("1.2", "Trường", 1_000_000_000), ("2", "=Sinh kế; khác", 500_000_000), ("3", "Nhà ở", None)]
    rows += [(str(number), f"Khác {number}", 0) for number in range(4, 8)]
    frame = pd.DataFrame(rows, columns=["code", "name", "vnd"]).convert_dtypes()
    columns = (Column("code", ("Mã",), "code"), Column("name", ("Dự án",)), Column("vnd", ("Vốn", "Giao"), "money"))
    table = DataTable(frame, columns, "Vốn", strong_rows=(0, 1, 4, 5, 6, 7, 8, 9), indented_rows=(2, 3))
    page = opened(
        html(document(executed(table))),
        """const [table] = tables, codes = () => [...table.tBodies[0].rows].filter((row) => !row.hidden)
          .map((row) => row.cells[0].textContent.trim() || "-").join(" ");
        const told = [csv(table)], press = () => table.tHead.querySelectorAll("button")[2].click();
        for (let each = 0; each < 3; each += 1) { press(); told.push(codes()); }
        filterBy(table, "duong"); told.push(codes()); dispatchEvent(new Event("beforeprint")); told.push(codes());
        said.after(made("pre", {}, told.join("\\n")));""",
    )
    told = unescape(re.search("<pre>(.*)</pre>", page, re.DOTALL)[1]).replace("\r", "")
    assert told.splitlines() == [
        '"Mã";"Dự án";"Vốn – Giao"',
        '"";"Tổng số";"1512,5"',
        '"1";"Hạ tầng";"1012,5"',
        '"1.1";"Đường";"12,5"',
        '"1.2";"Trường";"1000"',
        '"2";"\'=Sinh kế; khác";"500"',
        '"3";"Nhà ở";"…"',
        *(f'"{number}";"Khác {number}";"0"' for number in range(4, 8)),
        "",
        "- 4 5 6 7 2 1 1.1 1.2 3",
        "- 1 1.2 1.1 2 4 5 6 7 3",
        "- 1 1.1 1.2 2 3 4 5 6 7",
        "1.1",
        "- 1 1.1 1.2 2 3 4 5 6 7",
    ]


def test_headings_are_in_order_beneath_one_title(page):
    levels = [int(tag[1]) for tag, _ in Tags(page).tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_page_prints_as_a4_with_page_numbers(page):
    assert "size: A4 portrait" in page
    assert "@top-center { content: counter(page)" in page


def test_marking_stands_on_screen_and_on_every_page(report):
    page = html(replace(document(report), running_head='GIẢ "LẬP"</style>'))
    assert page.count("GIẢ &#34;LẬP&#34;&lt;/style&gt;</p>") == 2
    assert page.count('content: "GIẢ \\22 LẬP\\22 \\3c \\2f style\\3e "') == 2


MARKS = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
ALPHABET = {unicodedata.normalize("NFC", vowel + mark) for vowel in VOWELS for mark in MARKS}
ALPHABET |= set("bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVXfjwzFJWZ0123456789 .,;:()%/-+–…“”")


def font_in(text: str) -> TTFont:
    return TTFont(io.BytesIO(base64.b64decode(re.search(r"data:font/\w+;base64,([^)]+)\)", text)[1])))


@pytest.fixture(scope="module")
def embedded() -> TTFont:
    """The font of a page, for letters that the reader's own lack."""
    return font_in(html(document(nbformat.v4.new_notebook())))


def test_letters_of_vietnamese_are_there_as_wide_as_they_were_laid_out(embedded: TTFont) -> None:
    font, whole = embedded, TTFont(FONT)
    small, large = font.getBestCmap(), whole.getBestCmap()
    assert {letter for letter in ALPHABET if ord(letter) not in small} == set()
    assert all(font["hmtx"][small[code]][0] == whole["hmtx"][large[code]][0] for code in small)
    assert font["head"].unitsPerEm == whole["head"].unitsPerEm


def test_it_bears_no_reserved_name_and_keeps_its_copyright(embedded: TTFont) -> None:
    names = {record.nameID: str(record) for record in embedded["name"].names}
    assert "Red Hat" in names[0]
    assert not {1, 4, 6} & set(names)
