"""How firm the measures are: order of units, dominance, overlap of deprivations, targeting; who is poor and why."""

from dataclasses import replace
from typing import TypeVar

import giamngheo.report.review.profile as review_profile
import giamngheo.report.review.robustness as firm
from giamngheo.report.elements import DataTable, Figure, Prose
from giamngheo.report.explore.facts import Exploration, of_year, patterns_of, unweighted_note
from giamngheo.report.explore.measures import poverty_of
from giamngheo.report.review.facts import HouseholdFacts

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
    """Return the poor (kind "poor") or near-poor households by people, group and cause, in households of the file."""
    facts = of_year(explored, year, unit)
    table = review_profile.profile_table(facts, kind)
    if isinstance(table, DataTable):
        table = replace(table, note=f"{table.note} {unweighted_note(explored, year)}".strip())
    return _of(facts, table)


def _of(facts: HouseholdFacts, element: Element) -> Element:
    """Return a table or figure whose caption says of which unit and year it is."""
    if isinstance(element, Prose):
        return element
    return replace(element, caption=f"{element.caption}, {facts.unit_name}, năm {facts.review.day.year}")
