"""Which cells of the workbook the figures of the forms come from."""

from collections.abc import Mapping, Sequence

import pandas as pd

from giamngheo.report.facts import Facts
from giamngheo.report.formula import Formula, less, percentage, plus
from giamngheo.report.origins import Line, Origins, told_of_money
from giamngheo.report.programmes import programme_of
from giamngheo.statistics.resources import BUDGET, TOTAL
from giamngheo.statistics.unit_money import counted, units_above

_BEYOND = {"planned_vnd": "planned_vnd", "done_vnd": "mobilised_vnd", "rest_vnd": "rest_vnd"}


Asked = Mapping[str, tuple[str, Sequence[tuple[str, str]]]]
"""By column the figure of resources that it holds, and the content and source of each of its rows."""


def told_of_resources(facts: Facts, frame: pd.DataFrame, asked: Asked) -> dict[str, list[str]]:
    """Return where the figures of resources in a frame come from, by column; nothing for a public reader."""
    if facts.origins is None:
        return {}
    found = {
        column: [_resource(facts, facts.origins, figure, place) for place in places]
        for column, (figure, places) in asked.items()
    }
    return {
        column: [told_of_money(formula, value) for formula, value in zip(formulas, frame[column], strict=True)]
        for column, formulas in found.items()
    }


def _resource(facts: Facts, origins: Origins, figure: str, place: tuple[str, str]) -> Formula | None:
    content, source = place
    found = programme_of(facts, facts.year).source(source)
    if found is not None and found.mobilised:
        return origins.mobilised(_BEYOND[figure], content, source)
    line = Line(facts.year, content, "" if source == BUDGET else source)
    planned, paid = origins.planned(line), origins.disbursed(line)
    of_budget = {"planned_vnd": planned, "done_vnd": paid, "rest_vnd": less(planned, paid)}[figure]
    if source != TOTAL:
        return of_budget
    beyond = origins.mobilised(_BEYOND[figure], content)
    return plus(*(formula for formula in (of_budget, beyond) if formula is not None))


def told_of_works(facts: Facts, table: pd.DataFrame) -> dict[str, list[str]]:
    """Return where the figures of a table of works come from, by column."""
    if facts.origins is None:
        return {}
    of_work = {code: {name: _works(facts, facts.origins, code, name) for name in _WORKS} for code in table["work"]}
    for found in of_work.values():
        found["rate_pct"] = percentage(found["done_vnd"], found["planned_vnd"])
    return {
        column: [
            told_of_money(of_work[code][column], value)
            for code, value in zip(table["work"], table[column], strict=True)
        ]
        for column in (*_WORKS, "rate_pct")
    }


_WORKS = ("planned_vnd", "done_vnd")


def _works(facts: Facts, origins: Origins, code: str, column: str) -> Formula | None:
    """Return the sum of the last figures of a kind of work, or of all."""
    rows = facts.data["works"]
    above = units_above(facts.data["units"], facts.data.form["unit_code"])
    last = (
        rows[rows[column].notna()]
        .sort_values("date", kind="stable")
        .drop_duplicates(["work", "unit_code"], keep="last")
    )
    own = last[counted(last, above, line=["work"])]
    return origins.cells("works", own if code == TOTAL else own[own["work"] == code], column)
