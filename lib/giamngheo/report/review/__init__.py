"""The report of an annual review, one function for each cell of its notebook; a module a section."""

from giamngheo.report.review.annex import annex, by_unit, peoples_by_unit
from giamngheo.report.review.facts import household_facts
from giamngheo.report.review.flows import (
    classes_figure,
    flow_text,
    near_poor_flows,
    near_poor_flows_persons,
    poor_flows,
    poor_flows_persons,
)
from giamngheo.report.review.measures import contributions, disagreements, measures, measures_text
from giamngheo.report.review.opening import closing, letterhead, request
from giamngheo.report.review.profile import (
    causes,
    deprivation_map,
    deprivations,
    ethnicity,
    groups,
    profile_table,
)
from giamngheo.report.review.record import record
from giamngheo.report.review.results import rates_figure, results, summary_households, summary_persons
from giamngheo.report.review.robustness import (
    dimension_sets_table,
    dominance_figure,
    order_table,
    overlap_figure,
    ranks_table,
    targeting_table,
)
from giamngheo.report.review.standards import standards, standards_by_unit, standards_crossed

__all__ = [
    "annex",
    "by_unit",
    "causes",
    "classes_figure",
    "closing",
    "contributions",
    "deprivation_map",
    "deprivations",
    "dimension_sets_table",
    "disagreements",
    "dominance_figure",
    "ethnicity",
    "flow_text",
    "groups",
    "household_facts",
    "letterhead",
    "measures",
    "measures_text",
    "near_poor_flows",
    "near_poor_flows_persons",
    "order_table",
    "overlap_figure",
    "peoples_by_unit",
    "poor_flows",
    "poor_flows_persons",
    "profile_table",
    "ranks_table",
    "rates_figure",
    "record",
    "request",
    "results",
    "standards",
    "standards_by_unit",
    "standards_crossed",
    "summary_households",
    "summary_persons",
    "targeting_table",
]
