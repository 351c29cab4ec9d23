"""The font within a figure has the letters of Vietnamese, as wide as the font that the figure was laid out with."""

import base64
import io
import re
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont

from giamngheo.export.document import document
from giamngheo.export.html import html, with_font
from giamngheo.report.drawing.letters import FONT

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


def test_page_needs_no_network_and_no_script(page, analysis):
    for content in (page, html(document(analysis))):
        assert "<script" not in content
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


OURS = "<?xml version='1.0'?><svg width='9'><text style=\"font-family: 'Liberation Serif'\">Xã</text></svg>"
MARKS = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
ALPHABET = {unicodedata.normalize("NFC", vowel + mark) for vowel in VOWELS for mark in MARKS}
ALPHABET |= set("bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVXfjwzFJWZ0123456789 .,;:()%/-+–…“”")


def embedded() -> TTFont:
    return TTFont(io.BytesIO(base64.b64decode(re.search(r"base64,([^)]+)\)", with_font(OURS))[1])))


def test_letters_of_vietnamese_are_there_as_wide_as_they_were_laid_out() -> None:
    font, whole = embedded(), TTFont(FONT)
    small, large = font.getBestCmap(), whole.getBestCmap()
    assert {letter for letter in ALPHABET if ord(letter) not in small} == set()
    assert all(font["hmtx"][small[code]][0] == whole["hmtx"][large[code]][0] for code in small)
    assert font["head"].unitsPerEm == whole["head"].unitsPerEm


def test_it_bears_no_reserved_name_and_keeps_its_copyright() -> None:
    names = {record.nameID: str(record) for record in embedded()["name"].names}
    assert "Red Hat" in names[0]
    assert not {1, 4, 6} & set(names)


def test_the_font_stands_in_the_drawing_before_its_text() -> None:
    assert re.match(r"<\?xml[^>]*><svg width='9'><style>@font-face.*</style><text", with_font(OURS))


def test_a_drawing_without_text_of_ours_stays_as_it_is() -> None:
    for svg in ("", "<svg/>", "<svg><path/></svg>", "<svg><text>x</text></svg>", "text in Liberation Serif <text"):
        assert with_font(svg) == svg
