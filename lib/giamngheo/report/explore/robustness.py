"""How firm the measures are: order of units, dominance, overlap of deprivations, targeting; who is poor and why."""

from dataclasses import replace
from typing import TypeVar

import pandas as pd

import giamngheo.report.review.robustness as firm
from giamngheo.households.file.schema import household_choices
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.explore.facts import Exploration, of_year, patterns_of, unweighted_note
from giamngheo.report.explore.measures import poverty_of
from giamngheo.report.review.facts import HouseholdFacts
from giamngheo.statistics.ratio import percentage

_MOST_PROFILES = 20
"""Peoples and groups together that a table shows, those with most households."""

_KINDS = {"poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo"}

Element = TypeVar("Element", bound=DataTable | Figure | Prose)


def order_table(
    explored: Exploration, year: int, *, unit: str = "", weights: str = "", cutoff: float = 0
) -> DataTable | Prose:
    """Return how many pairs of units keep their order of M0 under other weights and cut-offs than the parameters'."""
    facts = of_year(explored, year, unit)
    chosen = poverty_of(facts, weights, cutoff) if weights or cutoff else None
    return _of(facts, firm.order_table(facts, patterns_of(explored, year, unit), chosen))


def ranks_table(
    explored: Exploration, year: int, *, unit: str = "", weights: str = "", cutoff: float = 0
) -> DataTable | Prose:
    """Return the rank of each unit by M0, and its best and worst under other weights and cut-offs."""
    facts = of_year(explored, year, unit)
    chosen = poverty_of(facts, weights, cutoff) if weights or cutoff else None
    return _of(facts, firm.ranks_table(facts, patterns_of(explored, year, unit), chosen))


def dominance_figure(explored: Exploration, year: int, unit: str = "") -> Figure | Prose:
    """Return the share of households deprived in at least k indicators, of the whole and some units."""
    facts = of_year(explored, year, unit)
    return _of(facts, firm.dominance_figure(facts, patterns_of(explored, year, unit)))


def overlap_figure(explored: Exploration, year: int, unit: str = "") -> Figure | Prose:
    """Return, of the households that each indicator deprives, how many each other one deprives too."""
    facts = of_year(explored, year, unit)
    return _of(facts, firm.overlap_figure(facts, patterns_of(explored, year, unit)))


def dimension_sets_table(explored: Exploration, year: int, unit: str = "") -> DataTable | Prose:
    """Return how many households lack something in just which dimensions."""
    facts = of_year(explored, year, unit)
    return _of(facts, firm.dimension_sets_table(facts, patterns_of(explored, year, unit)))


def targeting_table(explored: Exploration, year: int, unit: str = "") -> DataTable | Prose:
    """Return the errors of inclusion and exclusion between scores and income by unit, in households of the file."""
    facts = of_year(explored, year, unit)
    table = firm.targeting_table(facts)
    if isinstance(table, DataTable):
        table = replace(table, note=f"{table.note} {unweighted_note(explored, year)}".strip())
    return _of(facts, table)


def profile_table(explored: Exploration, year: int, *, unit: str = "", kind: str = "poor") -> DataTable | Prose:
    """Return the poor (kind "poor") or near-poor households by people, group and cause, in households of the file.

    A row a people and group; of each cause the share of the row's households that have it.
    """
    facts = of_year(explored, year, unit)
    level = facts.review.units.set_index("code")["level"][facts.unit]
    counts = explored.profiles[year]
    inside = counts["unit_code"].map(facts.review.tree.set_index("unit_code")[level]).eq(facts.unit)
    own = counts[inside.to_numpy(dtype=bool) & counts["class"].eq(kind).to_numpy(dtype=bool)]
    if own.empty:
        return Prose("")
    causes = household_choices("cause")
    sums = own.groupby(["ethnic_group", "household_group"], as_index=False)[
        ["households", *(f"cause_{code}_households" for code in causes)]
    ].sum()
    frame = sums.sort_values("households", ascending=False, kind="stable", ignore_index=True).head(_MOST_PROFILES)
    whole = sums.select_dtypes("number").sum().to_frame().T.assign(ethnic_group="Tất cả", household_group="")
    frame = pd.concat([frame, whole], ignore_index=True)
    groups = {"": "Không ghi"} | dict(household_choices("group"))
    frame["people"] = frame["ethnic_group"].replace("", "Không ghi")
    frame["group"] = frame["household_group"].map(groups)
    frame.loc[len(frame) - 1, "group"] = ""
    heads = {code: f"({number})" for number, code in enumerate(causes, start=1)}
    for code in causes:
        frame[code] = percentage(frame[f"cause_{code}_households"], frame["households"])
    columns = (
        Column("people", ("Dân tộc",), "text", 1.6),
        Column("group", ("Nhóm",), "text", 2.4),
        Column("households", ("Số hộ",), "count"),
        *(Column(code, (head,), "percent", missing="-") for code, head in heads.items()),
    )
    told = "; ".join(f"{heads[code]} {name}" for code, name in causes.items())
    note = f"Tỷ lệ hộ có nguyên nhân {told}. {unweighted_note(explored, year)}".strip()
    more = f"; {_MOST_PROFILES} tổ hợp nhiều hộ nhất" if len(sums) > _MOST_PROFILES else ""
    caption = f"{_KINDS[kind]} theo dân tộc, nhóm đối tượng và nguyên nhân{more}"
    return _of(facts, DataTable(frame, columns, caption, strong_rows=(len(frame) - 1,), note=note))


def _of(facts: HouseholdFacts, element: Element) -> Element:
    """Return a table or figure whose caption says of which unit and year it is."""
    if isinstance(element, Prose):
        return element
    return replace(element, caption=f"{element.caption}, {facts.unit_name}, năm {facts.review.day.year}")
