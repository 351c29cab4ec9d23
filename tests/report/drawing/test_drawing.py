"""Bars are as long as their values, lines break where nothing is known, text from outside is drawn and never run."""

import datetime as dt
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import EllipseCollection
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontEntry, fontManager

from giamngheo.report.drawing import (
    Band,
    Line,
    Look,
    Mark,
    Place,
    Series,
    Stroke,
    UnknownLetterError,
    alluvial,
    area_map,
    circle_map,
    curves,
    day_lines,
    figure,
    grouped_bars,
    heat_map,
    month_fan,
    month_lines,
    rate_bars,
    sheet,
    small_bars,
    stacked_bars,
    year_lines,
)
from giamngheo.report.drawing.letters import FONT, text_width, wrapped
from giamngheo.report.drawing.scale import ticks
from giamngheo.report.drawing.sheet import WIDTH

DARK, LIGHT, RED = Look("#1f4e78"), Look("#9dc3e6"), Look("#ff0000")
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = ["#panic()", '"]; #sys', "$x_1$", r"\u{41}", "*đậm* <script>", "=TỔNG(A1)", "&amp;", "Xã\x07 A"]

PLACES = [Place("1", "Xã A", (107.8, 15.0), 120.0, 41.0), Place("2", "Xã B", (108.0, 15.1), None, None)]

EVERY = {
    "stacked_bars": (["Xã A"], [Series("Vốn", [1.0], ["1"], Look("#9dc3e6", "lines"))], "Triệu đồng"),
    "grouped_bars": (["Nghèo"], [Series("Năm", [1.0], ["1"], Look("#9dc3e6", "rows"))], "Tỷ lệ (%)"),
    "rate_bars": (["Xã A"], Series("Tỷ lệ", [1.0], ["1"], DARK), "%"),
    "day_lines": ([dt.date(2023, 1, 1), dt.date(2023, 8, 18)], {"Còn lại": [5.0, None], "Đều": [5.0, 0.0]}, "Đồng"),
    "month_fan": ([Line("Năm 2024", {1.0: 5.0, 3.0: 9.0})], ("Khoảng 80%", (3.0, 9.0), (12.0, 60.0, 90.0)), "%"),
    "circle_map": (PLACES, ("Số hộ", "Tỷ lệ (%)")),
    "area_map": ({"1": [[(107.8, 15.0), (107.9, 15.0), (107.9, 15.1)]]}, PLACES, "Tỷ lệ (%)"),
    "year_lines": ({"Xã A": {2025: 9.0, 2026: 7.0, 2027: 12.0}}, "Tỷ lệ (%)", {2027: "chuẩn mới"}),
    "curves": ([0.5, 1.0], {"Hộ nghèo": [5.0, 7.0]}, ("Lần", "Tỷ lệ (%)")),
    "heat_map": (["Xã A", "Xã B"], ["Việc làm", "Nước sạch"], [[10.0, 90.0], [None, 3.0]]),
    "small_bars": (["Xã A", "Xã B"], ["Nghèo", "Cận nghèo"], [(10.0, None), (3.0, 4.0)]),
    "alluvial": ({"a": "Nghèo", "b": "Thoát"}, [Band("a", "a", 7), Band("a", "b", None)], ("Kỳ trước", "Năm 2023")),
}
DRAWERS = {
    "stacked_bars": stacked_bars,
    "grouped_bars": grouped_bars,
    "rate_bars": partial(rate_bars, marks=[Mark("Mục tiêu", 95, Stroke("dashed"))]),
    "day_lines": day_lines,
    "month_fan": month_fan,
    "curves": curves,
    "year_lines": year_lines,
    "circle_map": circle_map,
    "area_map": area_map,
    "heat_map": heat_map,
    "small_bars": small_bars,
    "alluvial": alluvial,
}


def drawn(draw, *args, **options) -> ET.Element:
    with sheet() as axes:
        return ET.fromstring(figure(draw(axes, *args, **options), alt="", caption="").svg)


def paths(root: ET.Element, colour: str) -> list[np.ndarray]:
    """The corners of each piece of the paths that are filled or drawn in a colour."""
    found = [path.get("d") for path in root.iter(f"{SVG}path") if f": {colour}" in path.get("style", "")]
    pieces = [piece for d in found for piece in re.findall(r"M[^M]+", d)]
    return [np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", piece), dtype=float) for piece in pieces]


def sizes(root: ET.Element, look: Look) -> list[tuple[float, float]]:
    """Width and height of the bars of a look in points, but for the sample in the legend."""
    found = [tuple(np.ptp(corners, axis=0).round(3)) for corners in paths(root, look.colour)]
    return [size for size in found if size != (22, 7.5)]


def texts(root: ET.Element) -> list[str]:
    return [text.text for text in root.iter(f"{SVG}text")]


def test_lying_bars_are_as_long_as_their_values() -> None:
    series = [
        Series("Đầu tư", [30, 10, 0], ["", "", ""], DARK),
        Series("Sự nghiệp", [10, 20, None], ["40", "30", "0"], LIGHT),
    ]
    root = drawn(stacked_bars, ["A", "B", "C"], series, "Triệu đồng")
    (first, _), (second, _) = sizes(root, DARK)
    assert first == pytest.approx(3 * second, rel=1e-4)
    assert [width for width, _ in sizes(root, LIGHT)] == pytest.approx([second, 2 * second], rel=1e-4)


def test_a_long_label_shortens_the_bars_and_stays_on_the_paper() -> None:
    def longest(label: str) -> float:
        return sizes(drawn(stacked_bars, ["A"], [Series("S", [90], [label], DARK)], "%", ends_at=100), DARK)[0][0]

    assert longest("90,00%" * 8) < longest("90%") - 100


def test_standing_bars_are_as_high_as_their_values() -> None:
    series = [Series("Năm trước", [50, 25], ["50", "25"], DARK), Series("Năm nay", [5, 0], ["5", "0"], LIGHT)]
    root = drawn(grouped_bars, ["Nghèo", "Cận nghèo"], series, "Tỷ lệ (%)")
    (_, high), (_, low) = sizes(root, DARK)
    ((_, small),) = sizes(root, LIGHT)
    assert (high, low) == pytest.approx((10 * small, 5 * small), rel=1e-4)


def test_a_mark_stands_at_its_value() -> None:
    mark = Mark("Mục tiêu", 95, Stroke("dashed", colour="#00ff00"))
    root = drawn(rate_bars, ["A"], Series("Giải ngân", [50], ["50%"], RED), "%", marks=[mark])
    (bar,) = paths(root, RED.colour)
    across = next(line for line in paths(root, "#00ff00") if np.ptp(line[:, 0]) == 0)[0, 0]
    begin, end = bar[:, 0].min(), bar[:, 0].max()
    assert across - begin == pytest.approx((end - begin) * 95 / 50, rel=1e-4)


@pytest.mark.parametrize("rate", [0, 20, 80, 90, 94, 95, 96, 100, 104])
def test_no_mark_runs_through_a_label(rate: float) -> None:
    marks = [Mark("Cả nước", 41.3, Stroke(colour="#00ff00")), Mark("Mục tiêu", 95, Stroke(colour="#00ff00"))]
    root = drawn(rate_bars, ["A", "B"], Series("Giải ngân", [rate, 1], ["94,07%", "x"], RED), "%", marks=marks)
    label = next(text for text in root.iter(f"{SVG}text") if text.text == "94,07%")
    begin = float(re.search(r"translate\((-?[\d.]+)", label.get("transform"))[1])
    end = begin + text_width("94,07%")
    across = [line[0, 0] for line in paths(root, "#00ff00") if np.ptp(line[:, 0]) == 0]
    assert len(across) == 2
    assert not [place for place in across if begin - 2 < place < end + 2]
    assert end < WIDTH


@pytest.mark.parametrize(("reach", "pieces"), [(1, 2), (99, 1)])
def test_a_line_breaks_where_a_month_is_not_known(reach: float, pieces: int) -> None:
    line = Line("Năm 2023", {1: 1.0, 2: 5.0, 6: 9.0, 7: 10.0}, Stroke(colour=RED.colour), reach=reach)
    root = drawn(month_lines, [line], "%", last=12)
    legend = 1
    assert len(paths(root, RED.colour)) == pieces + legend


def test_a_month_stands_at_its_number_and_the_next_year_is_named() -> None:
    line = Line("Tiến độ", {12: 1.0, 13: 2.0}, Stroke(), is_labelled=True)
    assert {"01", "12", "năm sau", "1,00%", "2,00%", "Tháng"} <= set(texts(drawn(month_lines, [line], "%", last=13)))


def test_figures_without_any_value_have_an_axis_and_no_bar() -> None:
    nothing = Series("Vốn", [None, float("nan")], ["…", "…"], RED)
    for root in (
        drawn(stacked_bars, ["A", "B"], [nothing], "Triệu đồng"),
        drawn(grouped_bars, ["A", "B"], [nothing], "Triệu đồng"),
        drawn(rate_bars, ["A", "B"], nothing, "Triệu đồng", marks=[]),
    ):
        assert sizes(root, RED) == []
        assert {"A", "B", "…", "Triệu đồng", "0"} <= set(texts(root))


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_outside_is_written_as_it_is(text: str) -> None:
    root = drawn(stacked_bars, [text], [Series("S", [1], [text], DARK)], text)
    assert texts(root).count(text.replace("\x07", "")) == 3


@pytest.mark.parametrize("place", ["names", "labels", "axis", "series"])
def test_a_letter_that_the_font_lacks_is_an_error_that_names_it(place: str) -> None:
    told = {"names": "Xã A", "labels": "1", "axis": "%", "series": "S"} | {place: "Xã 村"}
    both = [Series(told["series"], [1], [told["labels"]], DARK), Series("T", [1], [told["labels"]], LIGHT)]
    with pytest.raises(UnknownLetterError, match=r"'村' \(U\+6751\) trong “Xã 村”"):
        drawn(stacked_bars, [told["names"]], both, told["axis"])


def test_what_an_analyst_writes_is_in_our_font_too() -> None:
    with sheet() as axes:
        axes.set_title("Xã 村")
        with pytest.raises(UnknownLetterError):
            figure(axes, alt="", caption="")


def test_a_name_too_long_for_its_side_takes_more_lines() -> None:
    series = [Series("S", [1], ["1"], DARK)]
    short = drawn(stacked_bars, ["Xã A"], series, "%")
    long = drawn(stacked_bars, ["Đơn vị có tên rất dài " * 8], series, "%")
    assert long.get("width") == short.get("width") == "468pt"
    assert float(long.get("height")[:-2]) > float(short.get("height")[:-2]) + 20
    assert all(text_width(line) <= 210 for line in texts(long))


@given(st.lists(st.text("aĐệ ", min_size=1, max_size=20), min_size=1, max_size=8), st.floats(20, 200))
def test_wrapped_text_keeps_its_words_and_its_width(words: Sequence[str], width: float) -> None:
    text = " ".join(words)
    lines = wrapped(text, width).split("\n")
    assert " ".join(lines).split() == text.split()
    assert all(text_width(line) <= width or " " not in line.strip() for line in lines)


def test_a_heat_map_of_which_nothing_is_told_says_so() -> None:
    root = drawn(heat_map, ["Xã A"], ["Việc làm", "Nước"], [[None, None]])
    assert texts(root) == ["…", "…", "Xã A", "Việc làm", "Nước"]


def test_slanted_headings_begin_on_the_sheet() -> None:
    head = "Diện tích nhà ở bình quân đầu người của hộ"
    root = drawn(heat_map, ["A"], [head, *(f"Cột {n}" for n in range(11))], [[1.0] * 12])
    (place,) = (text.get("transform") for text in root.iter(f"{SVG}text") if text.text == head)
    x, y = map(float, re.search(r"translate\((-?[\d.]+) (-?[\d.]+)\)", place).groups())
    assert x >= 0
    assert y <= float(root.get("height")[:-2])


def test_legends_that_do_not_fit_beside_one_another_take_more_rows_inside_the_sheet() -> None:
    series = [Series(f"Nguồn vốn có tên dài thứ {n}", [1.0], [""], Look("#ffffff")) for n in range(6)]
    root = drawn(stacked_bars, ["A"], series, "%")
    for text in list(root.iter(f"{SVG}text"))[:-1]:
        left = float(re.search(r"translate\((-?[\d.]+) ", text.get("transform"))[1])
        assert 0 <= left <= 468 - text_width(text.text) if "rotate" not in text.get("transform") else True


@pytest.mark.parametrize("name", EVERY)
def test_every_figure_is_small_has_text_as_text_and_ids_of_its_content(name: str) -> None:
    with sheet() as axes:
        svg = figure(DRAWERS[name](axes, *EVERY[name]), alt="", caption="").svg
    assert len(svg) < 12_000
    assert "Liberation Serif" in svg
    assert texts(ET.fromstring(svg))
    assert "<image" not in svg
    assert "dc:date" not in svg


@pytest.mark.parametrize("name", EVERY)
def test_settings_of_the_machine_and_the_notebook_change_nothing(name: str) -> None:
    def svg() -> str:
        with sheet() as axes:
            return figure(DRAWERS[name](axes, *EVERY[name]), alt="", caption="").svg

    clean = svg()
    odd = {"font.family": "monospace", "font.size": 40, "lines.linewidth": 9, "patch.edgecolor": "red"}
    odd |= {"svg.fonttype": "path", "svg.hashsalt": None, "figure.facecolor": "pink", "text.parse_math": True}
    odd |= {"hatch.linewidth": 5, "path.sketch": (1, 100, 2), "figure.constrained_layout.use": True, "figure.dpi": 300}
    with mpl.rc_context(odd):
        assert svg() == clean
        assert mpl.rcParams["font.size"] == 40, "they come back"


def old_font(folder: Path) -> FontEntry:
    """A Liberation Serif without Vietnamese letters, as Debian 12 has one, that matplotlib knows."""
    font = TTFont(FONT)
    subsetter = Subsetter(Options(name_IDs=["*"], drop_tables=["FFTM"]))
    subsetter.populate(unicodes=range(0x20, 0x7F))
    subsetter.subset(font)
    font.save(folder / "LiberationSerif-Regular.ttf")
    return FontEntry(fname=str(folder / "LiberationSerif-Regular.ttf"), name="Liberation Serif")


@contextmanager
def fonts_looked_up_afresh() -> Iterator[None]:
    """Let matplotlib forget which font it found, or did not, on this machine, and then which one in between."""
    fontManager._findfont_cached.cache_clear()
    yield
    fontManager._findfont_cached.cache_clear()


@pytest.mark.parametrize("name", EVERY)
def test_an_old_font_of_the_machine_is_not_taken(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def shown() -> tuple[str, bytes]:
        with sheet() as axes:
            axes.set_title("Kế hoạch giảm nghèo")
            DRAWERS[name](axes, *EVERY[name])
            drawn, pixels = figure(axes, alt="", caption="").svg, io.BytesIO()
            FigureCanvasAgg(axes.figure).print_png(pixels)
            return drawn, pixels.getvalue()

    clean = shown()
    entry = old_font(tmp_path)
    monkeypatch.setattr(fontManager, "ttflist", [entry, *fontManager.ttflist])
    with fonts_looked_up_afresh():
        with sheet() as axes:
            axes.text(0, 0, "Kế hoạch")
            with pytest.warns(UserWarning, match="missing from font"):
                FigureCanvasAgg(axes.figure).draw()
        assert shown() == clean


@pytest.mark.parametrize("name", EVERY)
def test_axes_of_ones_own_are_drawn_on_where_they_are(name: str) -> None:
    axes = Canvas(figsize=(6, 4)).subplots(1, 2)[0]
    before = axes.get_position().bounds
    assert DRAWERS[name](axes, *EVERY[name]) is axes
    assert axes.get_position().bounds == before
    axes.figure.canvas.draw()


@given(st.floats(1e-2, 1e15))
def test_numbers_of_an_axis_are_round_and_few(end: float) -> None:
    numbers = ticks(end)
    assert numbers[0] == 0
    assert 4 <= len(numbers) <= 8
    assert numbers[-1] <= end < numbers[-1] + numbers[1] * (1 + 1e-9)
    assert all(high > low for low, high in pairwise(numbers))


@pytest.mark.parametrize(
    ("end", "numbers"),
    [
        (105, [0, 20, 40, 60, 80, 100]),
        (69, [0, 10, 20, 30, 40, 50, 60]),
        (3, [0, 0.5, 1, 1.5, 2, 2.5, 3]),
        (1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
    ],
)
def test_numbers_of_an_axis(end: float, numbers: list[float]) -> None:
    assert ticks(end) == pytest.approx(numbers)


def test_circles_are_as_large_and_dark_as_their_numbers_and_rates():
    """Four times the households, twice the radius; a higher rate, a darker grey; a name for each that has room."""
    places = [Place(str(at), f"Xã {at}", (107.8 + at / 10, 15.0), number, rate) for at, number, rate in _UNITS]
    with sheet() as axes:
        circle_map(axes, places, ("Số hộ", "Tỷ lệ (%)"))
        circles = next(each for each in axes.collections if isinstance(each, EllipseCollection))
        widths, shades = circles.get_widths(), circles.get_facecolor()[:, 0]
    assert widths.tolist() == pytest.approx([widths[0], widths[0] / 2])
    assert shades[0] > shades[1]
    assert {"Xã 1", "Xã 2", "Xã 3"} <= set(texts(drawn(circle_map, places, ("Số hộ", "Tỷ lệ (%)"))))


_UNITS = [(1, 400.0, 10.0), (2, 100.0, 60.0), (3, None, None)]


def test_a_name_stands_within_its_area_or_not_at_all():
    """In a triangle whose centre is at its edge it moves to where there is room."""
    areas = {"1": [[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]], "2": [[(0.0, 0.0), (0.01, 1.0), (1.0, 1.0)]]}
    places = [Place("1", "Xã A", (0.02, 0.01), None, 80.0), Place("2", "Tên dài " * 20, (0.3, 0.9), None, 10.0)]
    words = texts(drawn(area_map, areas, places, "Tỷ lệ (%)"))
    assert "Xã A" in words
    assert not any("Tên" in shown for shown in words)


def test_an_area_without_a_rate_is_white():
    square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    places = [Place("1", "Xã A", (0.5, 0.5), None, None), Place("2", "Xã B", (1.5, 0.5), None, 40.0)]
    areas = {"1": [square], "2": [[(x + 1, y) for x, y in square]]}
    with sheet() as axes:
        area_map(axes, areas, places, "Tỷ lệ (%)")
        shades = axes.collections[0].get_facecolor()
    assert shades[0].tolist() == [1, 1, 1, 1]
    assert shades[1].tolist() != [1, 1, 1, 1]
