"""The review forms of a year as the law lays them out, one function for each cell of the notebook."""

from giamngheo.report.forms.opening import letterhead, opening, year_annex
from giamngheo.report.forms.tables import (
    deprivation_totals,
    near_poor_flow_households,
    near_poor_flow_persons,
    near_poor_groups,
    near_poor_lacking_households,
    near_poor_lacking_rates,
    poor_flow_households,
    poor_flow_persons,
    poor_groups,
    poor_lacking_households,
    poor_lacking_rates,
    review_households,
    review_minorities,
    review_persons,
)
from giamngheo.report.monthly.opening import closing
from giamngheo.report.monthly.record import record
from giamngheo.report.monthly.tasks import annex
from giamngheo.report.reading import facts

__all__ = [
    "annex",
    "closing",
    "deprivation_totals",
    "facts",
    "letterhead",
    "near_poor_flow_households",
    "near_poor_flow_persons",
    "near_poor_groups",
    "near_poor_lacking_households",
    "near_poor_lacking_rates",
    "opening",
    "poor_flow_households",
    "poor_flow_persons",
    "poor_groups",
    "poor_lacking_households",
    "poor_lacking_rates",
    "record",
    "review_households",
    "review_minorities",
    "review_persons",
    "year_annex",
]
