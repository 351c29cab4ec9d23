"""Bars are as long as their values, lines break where nothing is known, text from outside is drawn and never run."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giamngheo.report.elements import Figure
from giamngheo.report.figures import Line, Mark, Series, grouped_bars, month_lines, rate_bars, stacked_bars, ticks

WORDS = {"alt": "Biểu đồ", "caption": "Hình 1"}
DARK, LIGHT, RED = "#1f4e78", "#9dc3e6", "#ff0000"
HOSTILE = ["#panic()", '"]; #sys', "$x_1$", r"\u{41}", "*đậm* <script>", "a\nb", "=TỔNG(A1)"]


def bars(figure: Figure, colour: str) -> list[tuple[float, float]]:
    """Width and height of the rectangles of a colour, in points, but for the sample of the legend."""
    path = rf'<path fill="{colour}"[^>]* d="M 0 0v ([\d.]+)h ([\d.]+)v'
    found = [(float(width), float(height)) for height, width in re.findall(path, figure.svg)]
    return [size for size in found if size != (22, 7.5)]


def letters(figure: Figure) -> int:
    return figure.svg.count("<use ")


def size(figure: Figure) -> tuple[float, float]:
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', figure.svg).groups()
    return float(width), float(height)


def test_lying_bars_are_as_long_as_their_values() -> None:
    series = [
        Series("Đầu tư", [30, 10, 0], ["", "", ""], DARK),
        Series("Sự nghiệp", [10, 20, None], ["40", "30", "0"], LIGHT),
    ]
    figure = stacked_bars(["A", "B", "C"], series, "Triệu đồng", **WORDS)
    (first, _), (second, _) = bars(figure, DARK)
    assert first == pytest.approx(3 * second, rel=1e-4)
    assert [width for width, _ in bars(figure, LIGHT)] == pytest.approx([second, 2 * second], rel=1e-4)


def test_a_long_label_shortens_the_bars_and_stays_on_the_paper() -> None:
    def longest(label: str) -> float:
        return bars(stacked_bars(["A"], [Series("S", [90], [label], DARK)], "%", ends_at=100, **WORDS), DARK)[0][0]

    assert longest("90,00%" * 8) < longest("90%") - 100


def test_standing_bars_are_as_high_as_their_values() -> None:
    series = [Series("Năm trước", [50, 25], ["50", "25"], DARK), Series("Năm nay", [5, 0], ["5", "0"], LIGHT)]
    figure = grouped_bars(["Nghèo", "Cận nghèo"], series, "Tỷ lệ (%)", **WORDS)
    (_, high), (_, low) = bars(figure, DARK)
    ((_, small),) = bars(figure, LIGHT)
    assert (high, low) == pytest.approx((10 * small, 5 * small), rel=1e-4)


def test_a_mark_stands_at_its_value() -> None:
    series = Series("Giải ngân", [50], ["50%"], RED)
    figure = rate_bars(["A"], series, [Mark("Mục tiêu", 95, "dashed")], "%", **WORDS)
    ((half, _),) = bars(figure, RED)
    begin = float(re.search(rf'fill="{RED}"[^>]* transform="translate\(([\d.]+) ', figure.svg)[1])
    mark = float(re.search(r'stroke-dasharray="[^>]* transform="translate\(([\d.]+)\)" d="M 0 0v ', figure.svg)[1])
    assert mark - begin == pytest.approx(half * 95 / 50, rel=1e-4)


@pytest.mark.parametrize(("marker", "pieces"), [("circle", 2), ("", 1)])
def test_a_line_breaks_where_a_month_is_not_known(marker: str, pieces: int) -> None:
    line = Line("Năm 2023", {1: 1.0, 2: 5.0, 6: 9.0, 7: 10.0}, "solid", marker, RED)
    figure = month_lines([line], "%", last=12, **WORDS)
    legend = 1
    assert figure.svg.count(f'stroke="{RED}"') == pieces + legend


def test_figures_without_any_value_have_an_axis_and_no_bar() -> None:
    nothing = Series("Vốn", [None, float("nan")], ["…", "…"], RED)
    for figure in (
        stacked_bars(["A", "B"], [nothing], "Triệu đồng", **WORDS),
        grouped_bars(["A", "B"], [nothing], "Triệu đồng", **WORDS),
        rate_bars(["A", "B"], nothing, [], "%", **WORDS),
    ):
        assert bars(figure, RED) == []
        assert letters(figure) > 10


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_outside_is_drawn_as_it_is(text: str) -> None:
    def drawn(name: str) -> Figure:
        return stacked_bars([name], [Series("S", [1], ["1"], DARK)], "Trục", **WORDS)

    assert letters(drawn(text)) - letters(drawn("")) == len(re.sub(r"\s", "", text))


def test_a_name_too_long_for_its_side_takes_more_lines() -> None:
    series = [Series("S", [1], ["1"], DARK)]
    short = stacked_bars(["Xã A"], series, "%", **WORDS)
    long = stacked_bars(["Đơn vị có tên rất dài " * 8], series, "%", **WORDS)
    assert size(long)[0] == size(short)[0]
    assert size(long)[1] > size(short)[1] + 20


@given(st.floats(1e-2, 1e15))
def test_numbers_of_an_axis_are_round_and_few(end: float) -> None:
    numbers = ticks(end)
    assert numbers[0] == 0
    assert 4 <= len(numbers) <= 8
    assert numbers[-1] <= end < numbers[-1] + numbers[1] * (1 + 1e-9)


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
