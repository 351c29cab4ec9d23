"""Where the marks of a sparkline stand."""

import math

from hypothesis import given
from hypothesis import strategies as st

from giamngheo.site.sparkline import HEIGHT, WIDTH, Legend, sparkline

LEGEND = Legend("caption", "title", ("", ""), "text")
FLOOR, CEILING, LEFT, RIGHT = 43.0, 5.0, 5.0, 295.0


def test_values_stand_between_zero_and_the_highest_from_left_to_right() -> None:
    drawn = sparkline([(1, 0), (7, 25), (4, None), (12, 50)], LEGEND, span=(1, 12))
    assert drawn.dots == ((LEFT, FLOOR), (163.2, 24.0), (RIGHT, CEILING))
    assert drawn.line == "5,43 163.2,24 295,5"
    assert drawn.area == "5,43 5,43 163.2,24 295,5 295,43"


def test_a_limit_above_every_value_is_the_top() -> None:
    drawn = sparkline([(1, 50)], LEGEND, span=(1, 12), limit=100)
    assert (drawn.limit, drawn.dots) == (CEILING, ((LEFT, 24.0),))
    assert sparkline([(1, 200)], LEGEND, span=(1, 12), limit=100).limit == 24.0


def test_one_place_is_the_middle_and_has_no_area() -> None:
    drawn = sparkline([(738_000, 41.06)], LEGEND, span=(738_000, 738_000))
    assert drawn.dots == ((WIDTH / 2, CEILING),)
    assert drawn.area == ""


def test_nothing_known_draws_nothing() -> None:
    assert sparkline([(1, None)], LEGEND, span=(1, 12)).dots == ()
    assert sparkline([(1, 0), (2, 0)], LEGEND, span=(1, 12)).dots[0] == (LEFT, FLOOR)


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 10**13) | st.none())), st.integers(0, 10**13) | st.none())
def test_every_mark_is_inside_the_drawing(points: list[tuple[float, float | None]], limit: int | None) -> None:
    drawn = sparkline(points, LEGEND, span=(1, 12), limit=limit)
    assert len(drawn.dots) == sum(value is not None for _, value in points)
    for x, y in drawn.dots:
        assert math.isfinite(x + y)
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT
