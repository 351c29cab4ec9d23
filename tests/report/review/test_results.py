"""Figures of a review show what fits on a page, and say so."""

from types import SimpleNamespace

import pandas as pd
import pytest

from giamngheo.report.drawing import MOST_BARS
from giamngheo.report.review.results import fitting, rates_figure


def review(communes: int) -> SimpleNamespace:
    """Facts of a district: rates fall from the first commune to the last, that of the second is not told."""
    codes = [f"c{number:02}" for number in range(communes)]
    poor = [100 - number for number in range(communes)]
    summary = pd.DataFrame({"unit_code": codes, "poor_households": poor, "near_poor_households": 0, "households": 200})
    whole = pd.DataFrame(
        {"unit_code": ["d"], "poor_households": [1], "near_poor_households": [1], "households": [200 * communes]}
    )
    summary = pd.concat([summary, whole], ignore_index=True).astype(dict.fromkeys(summary.columns[1:], "Int64"))
    summary.loc[1, "poor_households"] = pd.NA
    return SimpleNamespace(
        rows=[*codes, "d"],
        unit="d",
        summary=summary,
        names={code: f"Xã {code}" for code in codes} | {"d": "A"},
        unit_name="huyện A",
    )


@pytest.mark.parametrize("communes", [3, MOST_BARS])
def test_units_that_fit_are_all_shown(communes: int) -> None:
    facts = review(communes)
    assert fitting(facts, facts.rows) == (facts.rows, "")


def test_of_too_many_units_those_with_the_highest_rates_are_shown_and_it_is_said() -> None:
    codes, said = fitting(facts := review(40), facts.rows)
    assert codes == ["c00", *(f"c{number:02}" for number in range(2, 31)), "d"]
    assert said == ", 30 đơn vị có tỷ lệ nghèo cao nhất"


def test_the_panels_of_as_many_units_as_there_may_be_fit_on_a_page() -> None:
    figure = rates_figure(review(40))
    height = float(figure.svg.partition('height="')[2].partition("pt")[0])
    assert height < 620
    assert figure.caption == "Tỷ lệ hộ nghèo, hộ cận nghèo theo đơn vị (%), 30 đơn vị có tỷ lệ nghèo cao nhất"
    assert "c39" not in figure.alt
