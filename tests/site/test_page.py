"""The page that lists the reports: what it shows, that it runs nothing foreign, that it finds a unit."""

import datetime as dt
import html
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from giamngheo.core.period import Period
from giamngheo.report.key_figures import KeyFigures, key_figures
from giamngheo.site.charts import disbursement_chart, poverty_chart
from giamngheo.site.page import INDEX, LABELS, SiteReport, site_pages

FIGURES = key_figures(
    {
        "unit": "huyện Tu Mơ Rông",
        "level": "district",
        "within": "tỉnh Kon Tum",
        "marking": "",
        "reviewed": "2022-12-31",
        "households": 6963,
        "poor_households": 2859,
        "near_poor_households": 432,
        "poor_rate_pct": 2859 * 100 / 6963,
        "near_poor_rate_pct": 432 * 100 / 6963,
        "planned_vnd": 71_972_000_000,
        "disbursed_vnd": 4_569_482_000,
        "rate_pct": 4_569_482_000 * 100 / 71_972_000_000,
    }
)
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} </title></style>'
VOID = {"meta", "input", "circle", "line", "polygon", "polyline"}


def site_page(reports: list[SiteReport]) -> str:
    return site_pages(reports)[INDEX]


def report(folder: str = "tu-mo-rong", period: str = "2023-08", **figures: object) -> SiteReport:
    return SiteReport(folder, Period.parse(period), replace(FIGURES, **figures), tuple(LABELS))


class Page(HTMLParser):
    """What a browser makes of the page: tags that are open, in order, with their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def test_figures_are_shown_as_the_report_prints_them() -> None:
    words = Page(site_page([report()])).words
    for shown in ("41,06%", "2.859 hộ", "6,20%", "432 hộ", "71.972", "4.569,482", "6,35%", "Tháng 8 năm 2023"):
        assert shown in words
    assert "Huyện Tu Mơ Rông tỉnh Kon Tum" in words
    assert "rà soát ngày 31/12/2022" in words
    assert "1 báo cáo của 1 đơn vị, kỳ tháng 8 năm 2023" in words


def test_what_is_not_known_is_not_nothing() -> None:
    words = Page(site_page([SiteReport("a", Period(2023, 3), KeyFigures(), ("report.html",))])).words
    assert "…" in words
    assert "0,00%" not in words
    assert "None" not in words


def test_reports_stand_by_unit_and_year_the_newest_first() -> None:
    periods = ["2023-02", "2023-Q1", "2022-12", "2023-03", "2023-H1", "2022", "2023-9M"]
    page = site_page([report(period=period) for period in periods])
    assert re.findall(r'scope="row">([^<]*)</th>', page) == [
        "9 tháng đầu năm",
        "6 tháng đầu năm",
        "Tháng 3",
        "Quý I",
        "Tháng 02",
        "Tháng 12",
        "Cả năm",
    ]
    assert re.findall(r"<summary>Báo cáo năm (\d+)", page) == ["2023", "2022"]
    assert page.count("<details open>") == 1


def test_units_stand_from_the_province_down_and_by_name() -> None:
    listed = [
        report("d", unit="xã A", level="commune"),
        report("c", unit="huyện Đăk", level="district"),
        report("b", unit="huyện Cư", level="district"),
        report("a", unit="tỉnh Z", level="province"),
    ]
    names = re.findall(r'<h2 id="u\d+">([^<]*)', site_page(listed))
    assert [name.strip() for name in names] == ["Tỉnh Z", "Huyện Cư", "Huyện Đăk", "Xã A"]


def test_made_up_figures_are_called_so() -> None:
    marked = [report("a", marking="SỐ LIỆU GIẢ LẬP"), report("b", marking="SỐ LIỆU GIẢ LẬP")]
    both, one = site_page(marked), site_page([*marked, report("c", unit="huyện C")])
    assert both.count('<p class="marking">SỐ LIỆU GIẢ LẬP</p>') == 2
    assert '<p class="marking">' not in one
    assert one.count('class="mark">SỐ LIỆU GIẢ LẬP<') == 4, "beside both names, above and in the section"
    once = site_page([report(marking="SỐ LIỆU GIẢ LẬP", period="2023-01"), report()])
    assert "SỐ LIỆU GIẢ LẬP" in once, "a unit of which one report is marked is marked"


def test_texts_from_outside_stay_texts() -> None:
    hostile = report('a"b', unit=HOSTILE, within=HOSTILE, marking=HOSTILE)
    page = Page(site_page([hostile, report()]))
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)]
    assert HOSTILE in page.words


def test_nothing_is_fetched_and_no_other_script_runs() -> None:
    text = site_page([report(), report("b")])
    page = Page(text)
    (policy,) = [attrs["content"] for attrs in page.all("meta") if "http-equiv" in attrs]
    assert policy is not None
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]{43}='", policy)
    assert not re.search(r"https?://|url\(|@import|src=", text)


def test_links_are_relative_and_encoded() -> None:
    page = Page(site_page([report("a:b #?%é")]))
    hrefs = [str(attrs["href"]) for attrs in page.all("a") if not str(attrs["href"]).startswith("#")]
    assert [unquote(href) for href in hrefs] == [f"a:b #?%é/2023-08/{name}" for name in LABELS]
    assert all(re.fullmatch(r"[A-Za-z0-9%./_-]+", href) for href in hrefs)


def test_every_inner_link_and_label_has_its_place() -> None:
    page = Page(site_page([report(), report(period="2023-07"), report("b c", unit="huyện B", period="2023-07")]))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    named = [attrs["href"][1:] for attrs in page.all("a") if str(attrs["href"]).startswith("#")]
    named += [attrs["for"] for attrs in page.all("label")]
    for _, attrs in page.tags:
        named += (attrs.get("aria-labelledby") or "").split()
    assert set(named) <= set(ids)
    assert all("scope" in attrs for attrs in page.all("th"))
    assert {"header", "main", "form"} <= {tag for tag, _ in page.tags}
    assert [attrs["role"] for attrs in page.all("svg")] == ["img"], "a single point is no line"


def test_every_unit_is_laid_out_at_once() -> None:
    """Where sections are laid out only when they are near, links to them miss, and readers of screens hear no names."""
    assert "content-visibility: auto" not in site_page([report()])


def test_a_link_says_where_it_goes_without_its_surroundings() -> None:
    text = site_page([report()])
    assert 'PDF<span class="aside">, Tháng 8 năm 2023, Huyện Tu Mơ Rông</span></a>' in text


def test_the_same_reports_give_the_same_page_in_any_order() -> None:
    reports = [report(), report("b"), report(period="2023-07")]
    assert site_page(reports) == site_page(reports[::-1])


def test_poverty_is_drawn_by_review_and_told() -> None:
    known = [
        (Period(2022, 11), replace(FIGURES, reviewed=None, poor_rate_pct=None)),
        (Period(2022, 12), replace(FIGURES, reviewed=FIGURES.reviewed.replace(year=2021), poor_rate_pct=52.11)),
        (Period(2023, 7), replace(FIGURES, poor_rate_pct=40.0)),
        (Period(2023, 8), FIGURES),
    ]
    drawn = poverty_chart("huyện A", known)
    assert len(drawn.dots) == 2
    assert drawn.legend.text == "31/12/2021: 52,11%; 31/12/2022: 41,06%"
    assert poverty_chart("huyện A", known[:1]).dots == ()


def test_disbursement_is_drawn_by_month_of_the_newest_year_and_told() -> None:
    known = [
        (Period(2022, 12), FIGURES),
        (Period(2023, 7), replace(FIGURES, disbursed_vnd=1_000_000)),
        (Period(2023, 8), replace(FIGURES, disbursed_vnd=None)),
        (Period(2023, 9, "quarter"), FIGURES),
    ]
    drawn = disbursement_chart("huyện A", known)
    assert len(drawn.dots) == 2
    assert drawn.legend.ends == ("Tháng 01", "Tháng 12")
    assert drawn.legend.text == (
        "hết tháng 7: 1 triệu đồng; hết tháng 9: 4.569,482 triệu đồng; vốn giao: 71.972 triệu đồng"
    )


def test_signs_that_no_page_can_hold_are_left_out() -> None:
    text = site_page([report("a\udcff", unit="huyện \ud800\x00B")])
    assert "Huyện B" in Page(text).words
    assert 'href="a%FF/2023-08/report.html"' in text
    text.encode()


@pytest.mark.parametrize(
    ("typed", "found", "said"),
    [
        ("tu mo rong", ["Huyện Tu Mơ Rông"], "Hiện 1 trong 3 đơn vị."),
        ("ĐĂK", ["Huyện Đắk Tô"], "Hiện 1 trong 3 đơn vị."),
        ("kon tum", ["Huyện Đắk Tô", "Huyện Tu Mơ Rông"], "Hiện 2 trong 3 đơn vị."),
        ("xyz", [], "Không có đơn vị nào khớp."),
    ],
)
def test_a_unit_is_found_without_its_marks(
    opened: Callable[[str, str], str], typed: str, found: list[str], said: str
) -> None:
    listed = [
        report(),
        report("dak-to", unit="huyện Đắk Tô"),
        report("b", unit="xã B", within="tỉnh Y", level="commune"),
    ]
    dom = opened(
        site_page(listed), f"input.value = {typed!r}; input.dispatchEvent(new Event('input', {{bubbles: true}}));"
    )
    shown = re.findall(r'<section class="unit"(?![^>]*hidden)[^>]*>\s*<h2[^>]*>([^<]*)', dom)
    assert [html.unescape(name).strip() for name in shown] == found
    assert f">{said}</p>" in dom


def unit_names(page: str, part: str = "overview") -> list[str]:
    """Names of the units in the table of a section, but for the rows that are hidden."""
    (section,) = re.findall(rf'<section class="{part}".*?</section>', page, re.DOTALL)
    body = section.partition("<tbody>")[2].partition("</tbody>")[0]
    found = re.findall(r"<tr(?![^>]*\bhidden)[^>]*><th[^>]*>(?:<a[^>]*>)?([^<]*)", body)
    return [html.unescape(name) for name in found]


LISTED = [
    report("a", unit="huyện A", poor_rate_pct=9.5, warnings=2),
    report("a", "2023-07", unit="huyện A"),
    report("b", "2023-07", unit="huyện B", poor_rate_pct=41.0, warnings=0),
    report("c", unit="xã C", level="commune", poor_rate_pct=None),
    replace(report("d", unit="xã D", level="commune", poor_rate_pct=10.0), is_public=True),
    SiteReport("d", Period.parse("2022"), FIGURES, ("report.html",), "2022-ra-soat", "Rà soát hộ nghèo"),
]


def test_who_has_reported_stands_unit_by_period_with_its_link() -> None:
    page = site_page(LISTED)
    assert unit_names(page, "overview who") == ["Huyện A", "Huyện B", "Xã C", "Xã D"]
    (who,) = re.findall(r'<section class="overview who".*?</section>', page, re.DOTALL)
    assert re.findall(r'<th scope="col">([^<]*)', who) == ["Tháng 7", "Tháng 8"], "a review is no report of its year"
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", who)
    signs = [[html.unescape(re.sub("<[^>]*>", "", cell)) for cell in re.findall(r"<td>.*?</td>", row)] for row in rows]
    assert signs == [["✓", "✓"], ["✓", ""], ["", "✓"], ["", "✓"], ["2/4", "3/4"]]
    assert '<a href="a/2023-07/report.html">✓</a>' in rows[0]


def test_a_report_of_other_workbooks_than_those_of_today_is_called_so() -> None:
    page = site_page([replace(LISTED[0], is_outdated=True), *LISTED[2:]])
    assert 'data-states="warned outdated unverified"' in page
    assert '<a href="a/2023-08/report.html">cũ</a>' in page
    assert 'Tháng 8 <small class="mark">cũ</small>' in page
    assert "sổ tính đã sửa sau khi lập" in page
    assert "sổ tính đã sửa sau khi lập" not in site_page(LISTED)


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ("level=commune", ["Xã C", "Xã D"]),
        ("states=warned", ["Huyện A"]),
        ("states=public", ["Xã D"]),
        ("period=01", ["Huyện B"]),
        ("period=10", ["Huyện A", "Huyện B"]),
        ("kinds=1", ["Xã D"]),
    ],
)
def test_units_are_found_by_what_they_have_and_lack(
    opened: Callable[[str, str], str], chosen: str, found: list[str]
) -> None:
    name, _, value = chosen.partition("=")
    choose = f"const by = document.getElementById({name!r}); by.value = {value!r};"
    page = opened(site_page(LISTED), f"{choose} by.dispatchEvent(new Event('input', {{bubbles: true}}));")
    assert unit_names(page) == unit_names(page, "overview who") == found


def test_a_column_sorts_both_ways_and_back_and_what_is_not_known_comes_last(opened: Callable[[str, str], str]) -> None:
    rates = "overview.querySelectorAll('thead button')[1]"
    for presses, names in enumerate(("ABCD", "ADBC", "BDAC", "ABCD")):
        page = opened(site_page(LISTED), f"{rates}.click();" * presses)
        assert "".join(name[-1] for name in unit_names(page)) == names


def test_where_a_page_would_be_too_large_each_unit_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("giamngheo.site.page.MOST_IN_ONE_PAGE", 5)
    pages = site_pages(LISTED)
    assert list(pages) == [INDEX, *(f"danh-muc/{unit}.html" for unit in "abcd")]
    assert '<a href="danh-muc/b.html">Huyện B</a>' in pages[INDEX]
    assert "✓" in pages[INDEX]
    assert '<section class="unit"' not in pages[INDEX]
    hrefs = [attrs["href"] for attrs in Page(pages["danh-muc/b.html"]).all("a")]
    assert hrefs[:2] == ["../index.html", "../b/2023-07/report.html"]


def test_units_that_the_register_has_are_on_a_map() -> None:
    codes = {"23417": 60.0, "23422": 30.0, "23423": None, "23425": 10.5, "9000001": 5.0}
    listed = [report(code, unit=f"xã {code}", code=code, poor_rate_pct=rate) for code, rate in codes.items()]
    page = site_page(listed)
    (drawn,) = re.findall(r'<section class="overview map".*?</section>', page, re.DOTALL)
    assert re.findall(r"<title>(.*?)</title>", drawn) == ["Xã 23417: 60,00%", "Xã 23422: 30,00%", "Xã 23425: 10,50%"]
    assert re.findall(r'fill-opacity="([\d.]+)"', drawn) == ["0.65", "0.38", "0.21"]
    assert "đậm nhất là 100%; 2 đơn vị không có trên bản đồ." in drawn
    assert 'class="overview map"' not in site_page(listed[:3])


def test_the_day_of_the_last_verification_is_told() -> None:
    page = site_page([replace(report(), verified=dt.date(2023, 9, 5)), report("b", "2023-07")])
    assert re.findall('class="verified">(.*?)</small>', page) == ["kiểm 05/9/2023"]
    assert re.findall('data-states="(.*?)"', page) == ["unverified", "verified"]


def test_two_reports_of_a_unit_are_compared(opened: Callable[[str, str], str]) -> None:
    before = report(period="2022-12", poor_rate_pct=52.111, poor_households=3546, disbursed_vnd=None, rate_pct=None)
    dom = opened(site_page([report(), before]), "document.querySelector('.compare button').click();")
    (table,) = re.findall(r'<div class="wide" role="status">(.*?)</div>', dom)
    rows = [re.findall(r"<t[hd][^>]*>([^<]*)", row) for row in table.split("<tr>")[1:]]
    assert rows == [
        ["Số liệu", "Tháng 12, 2022", "Tháng 8, 2023", "Tăng (+), giảm (-)"],
        ["Hộ nghèo: tỷ lệ", "52,11%", "41,06%", "-11,05"],
        ["Hộ nghèo: số hộ", "3.546", "2.859", "-687"],
        ["Cận nghèo: tỷ lệ", "6,20%", "6,20%", "0,00"],
        ["Cận nghèo: số hộ", "432", "432", "0"],
        ["Vốn giao: triệu đồng", "71.972", "71.972", "0"],
        ["Giải ngân: triệu đồng", "…", "4.569,482", "…"],
    ]


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("2023-08/truoc", "tu-mo-rong/2023-07/report.html"),
        ("2023-07/truoc", "tu-mo-rong/2022-12/report.html"),
        ("2022-12/sau", "tu-mo-rong/2023-07/report.html"),
        ("2023-08/sau", "Danh mục này không có báo cáo sau kỳ vừa xem."),
    ],
)
def test_a_reader_of_a_report_is_led_to_its_neighbours(opened: Callable[[str, str], str], asked: str, led: str) -> None:
    page = site_page([report(period=period) for period in ("2023-08", "2023-07", "2022-12", "2023-Q2")])
    stub = page.replace("location.hash", f"'#tu-mo-rong/{asked}'").replace("location.replace(", "document.write(")
    assert led in opened(stub, "")


def test_warnings_are_no_matter_of_the_public() -> None:
    assert "Cảnh báo" in site_page(LISTED)
    public = site_pages(LISTED, public=True)[INDEX]
    assert "Cảnh báo" not in public
    assert "data-states=" not in public


def test_of_very_many_units_the_first_are_shown_and_all_on_demand(opened: Callable[[str, str], str]) -> None:
    many = site_page([report(f"x{number:03}", unit=f"xã {number:03}") for number in range(240)])
    page = opened(many, "input.value = '23'; find();")
    assert len(unit_names(page)) == 13
    page = opened(many, "")
    assert len(unit_names(page)) == len(unit_names(page, "overview who")) == 50
    assert "Hiện 50 đơn vị đầu trong 240." in page
    page = opened(many, "everything.click();")
    assert len(unit_names(page)) == 240
