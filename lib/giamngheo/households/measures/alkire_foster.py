"""The Alkire-Foster measures of multidimensional poverty, from counts by pattern of deprivations.

A household is poor when the weights of its deprivations add up to at least `cutoff`. Source: Alkire
and Foster (2011), Counting and multidimensional poverty measurement, Journal of Public Economics
95; Alkire et al. (2015), Multidimensional Poverty Measurement and Analysis, chapters 5 and 9.

Counts have a row a group and pattern: bit i of `pattern` is the i-th indicator, of any number of them. Where they have
a column `known`, its bits are the indicators that are not blank, and the weights of these are scaled to those of all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array

from giamngheo.core.errors import WrongUseError

TOLERANCE = 1e-9
"""Weights such as 1/6 do not add up exactly; a score this close to the cut-off has reached it."""


_WIDEST = 62
"""Indicators whose pattern is a whole number of 64 bits; a pattern of more is a whole number of Python."""


class WrongWeightsError(WrongUseError):
    """Weights and cut-off identify nobody, or everybody."""

    def __init__(self, weights: Sequence[float], cutoff: float) -> None:
        super().__init__(
            f"{len(weights)} trọng số, ngưỡng k = {cutoff:g}: cần ít nhất một trọng số, không trọng số nào âm hay"
            " trống, không phải tất cả bằng 0, và k lớn hơn 0."
        )


class OtherIndicatorsError(WrongUseError):
    """The patterns are of other indicators than the weights."""

    def __init__(self, weights: int) -> None:
        super().__init__(f"Có hộ thiếu hụt chỉ số ngoài {weights} chỉ số có trọng số, hoặc có mẫu thiếu hụt trống.")


@dataclass(frozen=True)
class Poverty:
    """A way to identify the poor: the weight of each indicator, in their order, and the cut-off.

    Weights need not add up to one; the cut-off is in their unit. `population` is the column that
    is counted: "households" or "persons". Raises WrongWeightsError.
    """

    weights: tuple[float, ...]
    cutoff: float
    population: str = "households"

    def __post_init__(self) -> None:
        """Refuse what identifies nobody or everybody."""
        if not (all(weight >= 0 for weight in self.weights) and sum(self.weights) > 0 and self.cutoff > 0):
            raise WrongWeightsError(self.weights, self.cutoff)


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
    people, profiles = scored(counts, poverty), _profiles(counts, poverty)
    groups = _grouped(people, by)
    total, numbers = groups[["population", "censored"]].sum(), groups.ngroup().to_numpy()

    def summed(column: str, parts: npt.NDArray[Any]) -> Any:
        cells = (people[column], (numbers, profiles.place))
        return (coo_array(cells, (len(total), len(profiles.deprived))).tocsr() @ parts).T

    deprived, suffering = (summed(column, profiles.deprived) for column in ("population", "poor"))
    of = total["population"].to_numpy() if profiles.known is None else summed("population", profiles.known)
    censored = total["censored"].mask(total["censored"] == 0).to_numpy()
    codes = [f"{place + 1:02}" for place in range(len(poverty.weights))]
    table = pd.DataFrame(
        {
            "indicator": np.repeat(codes, len(total)),
            "uncensored_pct": (100 * deprived / of).ravel(),
            "censored_pct": (100 * suffering / of).ravel(),
            "contribution_pct": (100 * summed("poor", profiles.shares) / censored).ravel(),
        },
        index=total.index.take(np.tile(np.arange(len(total)), len(codes))),
    )
    return table.reset_index(drop=not by)


def deprived_poor(counts: pd.DataFrame, poverty: Poverty, by: Sequence[str] = ()) -> pd.DataFrame:
    """Count the poor whom each indicator deprives: `by`, indicator ("01"), poor (in the unit counted)."""
    people, profiles = scored(counts, poverty), _profiles(counts, poverty)
    flags = profiles.deprived[profiles.place] * people["poor"].to_numpy()[:, None]
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
    """Return the counts with population, poor, and `censored`: the poor times their score (0 to 1).

    Raises OtherIndicatorsError.
    """
    profiles = _profiles(counts, poverty)
    score = profiles.score[profiles.place]
    population = counts[poverty.population]
    poor = population.where(score >= poverty.cutoff - TOLERANCE, 0)
    return counts.assign(population=population, poor=poor, censored=poor * score / sum(poverty.weights))


def deprivations(patterns: npt.ArrayLike, indicators: int) -> npt.NDArray[np.bool_]:
    """Return one row a pattern, one column an indicator: whether its bit is set."""
    if indicators <= _WIDEST:
        return np.asarray(patterns, dtype="int64")[:, None] >> np.arange(indicators) & 1 == 1
    rows = [[int(pattern) >> place & 1 for place in range(indicators)] for pattern in np.asarray(patterns)]
    return np.array(rows, dtype=np.bool_).reshape(-1, indicators)


@dataclass(frozen=True)
class _Profiles:
    """The patterns that occur, never all that might: 2 to the power of 30 indicators are a thousand million.

    place: the pattern of each row; by pattern: deprived and known (None where nothing is blank), one column an
    indicator; score in the unit of the weights; shares, the part of it that each indicator has of all weights.
    """

    place: npt.NDArray[np.intp]
    deprived: npt.NDArray[np.bool_]
    known: npt.NDArray[np.bool_] | None
    score: npt.NDArray[np.float64]
    shares: npt.NDArray[np.float64]


def _profiles(counts: pd.DataFrame, poverty: Poverty) -> _Profiles:
    """Return the patterns of counts. Raises OtherIndicatorsError."""
    weights, width = np.array(poverty.weights, dtype=float), len(poverty.weights)
    columns = [name for name in ("pattern", "known") if name in counts]
    keys = counts["pattern"] if len(columns) == 1 else pd.MultiIndex.from_frame(counts[columns])
    place, found = pd.factorize(keys)
    occurring = [found] if len(columns) == 1 else [found.get_level_values(level) for level in range(2)]
    if (place < 0).any() or any(bits.min() < 0 or int(bits.max()) >> width for bits in occurring if len(bits)):
        raise OtherIndicatorsError(width)
    deprived, *rest = (deprivations(bits, width) for bits in occurring)
    score, of_known = deprived @ weights, (rest[0] @ weights / weights.sum() if rest else np.ones(len(deprived)))
    shares = deprived * (weights / weights.sum()) / of_known[:, None]
    return _Profiles(place, deprived, rest[0] if rest else None, score / of_known, shares)


def _grouped(frame: pd.DataFrame, by: Sequence[str]) -> Any:
    """Return the frame by its groups; one group in all without `by`."""
    return frame.groupby(list(by) or np.zeros(len(frame), dtype=int))
