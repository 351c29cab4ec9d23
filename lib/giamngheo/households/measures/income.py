"""Poverty of income, from households that give their income.

Measures of Foster, Greer and Thorbecke (1984), A class of decomposable poverty measures,
Econometrica 52; a household at its line counts as poor, as the decree says.
"""

from collections.abc import Sequence

import pandas as pd

from giamngheo.core.rounding import rounded
from giamngheo.households.classification import classified
from giamngheo.households.engine import Households, exact_sum, frame
from giamngheo.households.measures.survey import DESIGN, Ratios
from giamngheo.regulation.poverty import Standard

FGT: Ratios = {
    "fgt0": ("poor", "population"),
    "fgt1": ("gap", "population"),
    "fgt2": ("gap_squared", "population"),
}
"""The measures as ratios of the columns of income_totals: rate, gap and squared gap of poverty."""


def income_totals(
    rows: Households, standard: Standard, by: Sequence[str] = (), *, population: str = "households"
) -> pd.DataFrame:
    """Return the totals of the income measures by stratum, cluster and `by` (columns of the rows).

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
        f"select {keys}, {exact_sum('n')} as population, "
        f"coalesce({exact_sum('case when gap is not null then n end')}, 0) as poor, "
        f"coalesce({exact_sum('n * gap')}, 0) as gap, "
        f"coalesce({exact_sum('n * gap * gap')}, 0) as gap_squared "
        f"from gaps group by all order by all",
    )


def reach_counts(rows: Households, standard: Standard, factors: Sequence[float]) -> pd.DataFrame:
    """Count households by their income in percent of the line and by their deprivations; `rows` as read.

    Columns: unit_code, reach (the least of the factors by which the line is to be multiplied for the household to be
    low; NA above all of them), deprivations, households (by their weights where the file has any). Households without
    income do not count.
    """
    size = exact_sum("coalesce(weight, 1)") if "weight" in rows.given else "count(*)"
    cases = " ".join(f"when income_vnd <= {_line_at(standard, factor)} then {factor}" for factor in sorted(factors))
    counted = frame(
        classified(rows, standard, by="income"),
        f"select unit_code, (case {cases} end)::double as reach, deprivation_count as deprivations, "
        f"{size} as households from households where income_vnd is not null group by all order by all",
    )
    return counted.astype({"reach": "Float64"})


def at_line(counts: pd.DataFrame, factor: float, cutoff: int) -> pd.DataFrame:
    """Count poor and near-poor households by income in each unit, at a moved line and cut-off, from reach_counts.

    Columns: unit_code, households, poor_households, near_poor_households.
    """
    low = (counts["reach"] <= factor).fillna(value=False)
    poor = counts["deprivations"] >= cutoff
    table = counts[["unit_code", "households"]].assign(
        poor_households=counts["households"].where(low & poor, 0),
        near_poor_households=counts["households"].where(low & ~poor, 0),
    )
    return table.groupby("unit_code", as_index=False).sum()


def line_sensitivity(counts: pd.DataFrame, factors: Sequence[float], cutoff: int) -> pd.DataFrame:
    """Count poor and near-poor households by income at multiples of the income lines, from reach_counts.

    Columns: factor, households, poor_households, near_poor_households.
    """
    tables = [at_line(counts, factor, cutoff).drop(columns="unit_code").sum() for factor in factors]
    table = pd.DataFrame(tables).reset_index(drop=True)
    return table.assign(factor=list(factors))


def _line_at(standard: Standard, factor: float) -> str:
    moved = {area: int(rounded(vnd * factor, 0)) for area, vnd in standard.income_line_vnd.items()}
    cases = " ".join(f"when '{area}' then {vnd}" for area, vnd in moved.items())
    return f"(case area {cases} end)"
