"""The Alkire-Foster measures of multidimensional poverty, from counts by pattern of deprivations.

A household is poor when the weights of its deprivations add up to at least `cutoff`. Source: Alkire
and Foster (2011), Counting and multidimensional poverty measurement, Journal of Public Economics
95; Alkire et al. (2015), Multidimensional Poverty Measurement and Analysis, chapters 5 and 9.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_array

TOLERANCE = 1e-9
"""Weights such as 1/6 do not add up exactly; a score this close to the cut-off has reached it."""


@dataclass(frozen=True)
class Poverty:
    """A way to identify the poor: the weight of each indicator, in their order, and the cut-off.

    Weights need not add up to one; the cut-off is in their unit. `population` is the column that
    is counted: "households" or "persons".
    """

    weights: tuple[float, ...]
    cutoff: float
    population: str = "households"


def measures(counts: pd.DataFrame, poverty: Poverty, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return H, A and M0 of each group, one row a group (one row without `by`).

    Columns: `by`, population, poor (both in the unit counted), incidence_pct (H), intensity_pct
    (A; blank where nobody is poor), adjusted_headcount (M0 = H x A, from 0 to 1).
    """
    columns = ["population", "poor", "censored"]
    totals = _grouped(scored(counts, poverty), by)[columns].sum()
    poor = totals["poor"].mask(totals["poor"] == 0)
    table = totals[["population", "poor"]].assign(
        incidence_pct=100 * totals["poor"] / totals["population"],
        intensity_pct=100 * totals["censored"] / poor,
        adjusted_headcount=totals["censored"] / totals["population"],
    )
    return table.reset_index(drop=not by)


def indicator_measures(counts: pd.DataFrame, poverty: Poverty, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return each indicator's headcount ratios and its contribution to M0, one row a group and indicator.

    Columns: `by`, indicator ("01"), uncensored_pct (deprived, of all), censored_pct (poor and
    deprived, of all), contribution_pct (to M0; blank where nobody is poor).
    """
    people = scored(counts, poverty)
    groups = _grouped(people, by)
    total, numbers = groups[["population", "censored"]].sum(), groups.ngroup().to_numpy()
    flags, cells = _deprivations(poverty), (numbers, people["pattern"].to_numpy())
    deprived, suffering = (
        (coo_array((people[column], cells), (len(total), len(flags))).tocsr() @ flags).T
        for column in ("population", "poor")
    )
    weights = np.array(poverty.weights) / sum(poverty.weights)
    censored = total["censored"].mask(total["censored"] == 0).to_numpy()
    table = pd.DataFrame(
        {
            "indicator": np.repeat([f"{place + 1:02}" for place in range(len(poverty.weights))], len(total)),
            "uncensored_pct": (100 * deprived / total["population"].to_numpy()).ravel(),
            "censored_pct": (100 * suffering / total["population"].to_numpy()).ravel(),
            "contribution_pct": (100 * weights[:, None] * suffering / censored).ravel(),
        },
        index=total.index.take(np.tile(np.arange(len(total)), len(poverty.weights))),
    )
    return table.reset_index(drop=not by)


def deprived_poor(counts: pd.DataFrame, poverty: Poverty, by: Sequence[str] = ()) -> pd.DataFrame:
    """Count the poor whom each indicator deprives: `by`, indicator ("01"), poor (in the unit counted)."""
    people = scored(counts, poverty)
    flags = _deprivations(poverty)[people["pattern"].to_numpy()] * people["poor"].to_numpy()[:, None]
    columns = [f"{place:02}" for place in range(1, len(poverty.weights) + 1)]
    wide = pd.concat([people[list(by)], pd.DataFrame(flags, columns=columns, index=people.index)], axis=1)
    long = _grouped(wide, by)[columns].sum().stack().rename("poor").reset_index()
    return long.rename(columns={f"level_{len(by) or 1}": "indicator"})[[*by, "indicator", "poor"]]


def dimension_contributions(
    indicators: pd.DataFrame, dimensions: Mapping[str, str], by: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the contribution of each dimension to M0, from indicator_measures.

    `dimensions` maps an indicator to its dimension. Columns: `by`, dimension, contribution_pct.
    """
    named = indicators.assign(dimension=indicators["indicator"].map(dimensions))
    grouped = named.groupby([*by, "dimension"], sort=False)["contribution_pct"]
    return grouped.sum(min_count=1).reset_index()


def subgroup_contributions(groups: pd.DataFrame) -> pd.DataFrame:
    """Return the measures of groups that make up a whole, with each group's contribution to its M0.

    Adds population_share_pct and contribution_pct (blank where nobody is poor).
    """
    share = groups["population"] / groups["population"].sum()
    added = share * groups["adjusted_headcount"]
    whole = added.sum() or float("nan")
    return groups.assign(population_share_pct=100 * share, contribution_pct=100 * added / whole)


def with_contributions(table: pd.DataFrame, whole: str) -> pd.DataFrame:
    """Return subgroup_contributions with a last row of the whole, under the unit_code `whole`."""
    is_whole = table["unit_code"] == whole
    all_of_it = table[is_whole].assign(population_share_pct=100.0, contribution_pct=100.0)
    parts = [part for part in (table[~is_whole], all_of_it) if not part.empty]
    parts[0] = subgroup_contributions(parts[0]) if len(parts) > 1 else parts[0]
    return pd.concat(parts, ignore_index=True)


def cutoff_sensitivity(
    counts: pd.DataFrame, poverty: Poverty, cutoffs: Sequence[float], by: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the measures at each cut-off, under the column cutoff."""
    tables = [
        measures(counts, Poverty(poverty.weights, cutoff, poverty.population), by).assign(cutoff=cutoff)
        for cutoff in cutoffs
    ]
    return pd.concat(tables, ignore_index=True)


def shapley_change(before: pd.DataFrame, now: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Split the change in M0 into that of incidence and that of intensity (Shapley).

    `before` and `now` are measures. Columns: `by`, change (of M0), incidence_effect,
    intensity_effect, which add up to the change. Source: Apablaza and Yalonetzky (2013), in Alkire
    et al. (2015), section 9.2; with nobody poor at one date its intensity counts as the other's.
    """
    old, new = (_grouped(table, by).first() for table in (before, now))
    old, new = old.align(new, join="inner")
    h0, h1 = old["incidence_pct"] / 100, new["incidence_pct"] / 100
    a0 = old["intensity_pct"].fillna(new["intensity_pct"]).fillna(0) / 100
    a1 = new["intensity_pct"].fillna(old["intensity_pct"]).fillna(0) / 100
    table = pd.DataFrame(
        {
            "change": new["adjusted_headcount"] - old["adjusted_headcount"],
            "incidence_effect": (h1 - h0) * (a0 + a1) / 2,
            "intensity_effect": (a1 - a0) * (h0 + h1) / 2,
        }
    )
    return table.reset_index(drop=not by)


def scored(counts: pd.DataFrame, poverty: Poverty) -> pd.DataFrame:
    """Return the counts with population, poor, and `censored`: the poor times their score (0 to 1)."""
    weights = np.array(poverty.weights, dtype=float)
    score = (_deprivations(poverty) @ weights)[counts["pattern"].to_numpy()]
    population = counts[poverty.population]
    poor = population.where(score >= poverty.cutoff - TOLERANCE, 0)
    return counts.assign(population=population, poor=poor, censored=poor * score / weights.sum())


def _deprivations(poverty: Poverty) -> np.ndarray:
    """Return one row a possible pattern, one column an indicator: whether it is deprived."""
    indicators = np.arange(len(poverty.weights))
    return (np.arange(1 << len(indicators))[:, None] >> indicators) & 1 == 1


def _grouped(frame: pd.DataFrame, by: Sequence[str]) -> Any:
    """Return the frame by its groups; one group in all without `by`."""
    return frame.groupby(list(by) or np.zeros(len(frame), dtype=int))
