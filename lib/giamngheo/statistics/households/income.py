"""Poverty of income, from households that give their income.

Measures of Foster, Greer and Thorbecke (1984), A class of decomposable poverty measures,
Econometrica 52; a household at its line counts as poor, as the decree says.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from giamngheo.regulation.poverty import Standard
from giamngheo.statistics.households.classification import classified
from giamngheo.statistics.households.engine import Households, frame
from giamngheo.statistics.households.survey import DESIGN, Ratios

FGT: Ratios = {
    "fgt0": ("poor", "population"),
    "fgt1": ("gap", "population"),
    "fgt2": ("gap_squared", "population"),
}
"""The measures as ratios of the columns of income_totals: rate, gap and squared gap of poverty."""


def income_totals(
    rows: Households, standard: Standard, by: Sequence[str] = (), *, population: str = "households"
) -> pd.DataFrame:
    """Totals of the income measures by stratum, cluster and `by` (columns of the rows).

    Columns: population, poor, gap and gap_squared, where the gap of a poor household is the part
    of its line that it lacks; `population` counts "households" or "persons", by their weights.
    Households without income do not count.
    """
    line = " ".join(f"when '{area}' then {vnd}" for area, vnd in standard.income_line_vnd.items())
    size = {"households": "1", "persons": "members"}[population]
    keys = ", ".join((*DESIGN, *by))
    return frame(
        rows,
        f", lined as (select *, coalesce(weight, 1) * {size} as n, (case area {line} end) as line "
        "from households where income_vnd is not null), "
        "gaps as (select * replace (coalesce(stratum, '') as stratum, "
        "coalesce(cluster, place::varchar) as cluster), "
        "case when income_vnd <= line then (line - income_vnd) / line end as gap from lined) "
        f"select {keys}, sum(n)::double as population, "
        "coalesce(sum(n) filter (gap is not null), 0)::double as poor, "
        "coalesce(sum(n * gap), 0)::double as gap, "
        "coalesce(sum(n * gap * gap), 0)::double as gap_squared "
        f"from gaps group by all order by all",
    )


def income_measures(totals: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """FGT(0), FGT(1) and FGT(2) of each group, from 0 to 1: `by`, population, fgt0, fgt1, fgt2."""
    columns = ["population", "poor", "gap", "gap_squared"]
    keys: Any = list(by) or [0] * len(totals)
    added = totals.groupby(keys)[columns].sum()
    measured = {name: added[part] / added[whole] for name, (part, whole) in FGT.items()}
    return added[["population"]].assign(**measured).reset_index(drop=not by)


def line_sensitivity(rows: Households, standard: Standard, factors: Sequence[float]) -> pd.DataFrame:
    """Poor and near-poor households, by income, if the income lines were multiplied by a factor.

    Columns: factor, households, poor_households, near_poor_households; `rows` as read.
    """
    tables = [_at_factor(rows, standard, factor) for factor in factors]
    return pd.concat(tables, ignore_index=True)


def _at_factor(rows: Households, standard: Standard, factor: float) -> pd.DataFrame:
    lines = {area: round(vnd * factor) for area, vnd in standard.income_line_vnd.items()}
    moved = classified(rows, replace(standard, income_line_vnd=lines), by="income")
    return frame(
        moved,
        f"select {factor}::double as factor, count(*) as households, "
        "count(*) filter (class_by_income = 'poor') as poor_households, "
        "count(*) filter (class_by_income = 'near_poor') as near_poor_households from households",
    )
