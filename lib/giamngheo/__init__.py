"""Reports and statistics on poverty and on the National Target Programmes that reduce it.

`giamngheo.open("data")` gives all workbooks of a folder as tidy tables, `giamngheo.household_review(FILE,
WORKBOOK)` the review in a household file; the statistics that reports print stand beside them by their names.
"""

from importlib import import_module
from typing import Any

_OFFERED = {
    "open": "analysis.open_data",
    "household_review": "analysis.household_review",
    "table": "report.own.own_table",
    "figure": "report.drawing.sheet.own_figure",
    "rates": "statistics.poverty.rates",
    "flow_balance": "statistics.poverty.flow_balance",
    "escaped": "statistics.poverty.escaped",
    "plan_targets": "statistics.poverty.plan_targets",
    "plan_progress": "statistics.poverty.plan_progress",
    "stock_changes": "statistics.change.stock_changes",
    "ranked": "statistics.change.ranked",
    "year_ends": "statistics.comparison.year_ends",
    "by_year": "statistics.comparison.by_year",
    "speed": "statistics.comparison.speed",
    "execution": "statistics.funding.execution",
    "pace": "statistics.funding.pace",
    "projection": "statistics.forecast.projection",
    "back_test": "statistics.forecast.back_test",
    "past_errors": "statistics.forecast.past_errors",
    "lagging": "statistics.forecast.lagging",
    "outlooks": "statistics.forecast.outlooks",
    "undisbursed": "statistics.funding.undisbursed",
    "percentage": "statistics.ratio.percentage",
    "Poverty": "households.measures.alkire_foster.Poverty",
    "measures": "households.measures.alkire_foster.measures",
    "indicator_measures": "households.measures.alkire_foster.indicator_measures",
    "dimension_contributions": "households.measures.alkire_foster.dimension_contributions",
    "subgroup_contributions": "households.measures.alkire_foster.subgroup_contributions",
    "shapley_change": "households.measures.alkire_foster.shapley_change",
    "indicator_table": "households.measures.indicators.indicator_table",
    "survey_counts": "households.measures.indicators.survey_counts",
    "SurveyColumns": "households.measures.indicators.Columns",
    "linearized": "households.measures.survey.linearized",
    "under_choices": "households.measures.robustness.under_choices",
    "order_agreement": "households.measures.robustness.order_agreement",
    "rank_ranges": "households.measures.robustness.rank_ranges",
    "dominance_curves": "households.measures.robustness.dominance_curves",
    "overlap": "households.measures.robustness.overlap",
    "dimension_sets": "households.measures.robustness.dimension_sets",
    "targeting": "households.measures.targeting.targeting",
}
"""Each name, and where it is: nothing is loaded before it is used, the command least of all."""

__all__ = list(_OFFERED)


def __getattr__(name: str) -> Any:
    if name not in _OFFERED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, offered = _OFFERED[name].rpartition(".")
    return getattr(import_module(f"{__name__}.{module}"), offered)


def __dir__() -> list[str]:
    return sorted(_OFFERED)
