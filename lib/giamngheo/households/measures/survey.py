"""Rates of a sample with their standard errors: by linearization, or by bootstrap.

A design has strata and, in each, clusters drawn first; every rate is a ratio of two totals.
Sources: Cochran (1977), Sampling Techniques, chapter 6 (linearized ratio); Rao and Wu (1988),
Resampling inference with complex survey data, JASA 83 (rescaled bootstrap).
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from giamngheo.core.errors import GiamngheoError
from giamngheo.households.counts import deprivation_pattern
from giamngheo.households.engine import Households, exact_sum, frame

DESIGN = ("stratum", "cluster")

Ratios = Mapping[str, tuple[str, str]]
"""Rates by their name: the columns of their numerator and denominator."""

ALKIRE_FOSTER: Ratios = {
    "incidence": ("poor", "population"),
    "intensity": ("censored", "poor"),
    "adjusted_headcount": ("censored", "population"),
}
"""H, A and M0 as ratios of the columns of alkire_foster.scored."""


class LonelyClusterError(GiamngheoError):
    """A stratum has one cluster: nothing says how much its clusters differ."""

    def __init__(self, strata: int) -> None:
        super().__init__(
            f"{strata} tầng chỉ có một cụm, không tính được sai số; "
            "hãy gộp tầng đó với tầng giống nó trong cột stratum."
        )


def sample_counts(rows: Households, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return weighted households and persons by stratum, cluster, `by` (columns of the rows) and pattern.

    One stratum where the file has none; every household its own cluster where the file has none.
    Counts of weights are no whole numbers.
    """
    keys = ", ".join(by) + ", " if by else ""
    return frame(
        rows,
        "select coalesce(stratum, '') as stratum, coalesce(cluster, place::varchar) as cluster, "
        f"{keys} {deprivation_pattern()} as pattern, {exact_sum('coalesce(weight, 1)')} as households, "
        f"{exact_sum('coalesce(weight, 1) * members')} as persons from households group by all order by all",
    )


def linearized(
    totals: pd.DataFrame, ratios: Ratios, by: Sequence[str] = (), *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return rates of each group with standard error and confidence interval by linearization.

    `totals` has stratum, cluster, `by` and the columns of the ratios. Columns: `by`, measure,
    estimate, standard_error, low, high; the interval is Student's, with clusters less strata
    degrees of freedom. Raises LonelyClusterError.
    """
    strata, wide = _by_cluster(totals, ratios, by)
    quantile = stdtrit(len(strata) - strata.nunique(), (1 + confidence) / 2)
    found = []
    for group, columns in wide:
        for name, (part, whole) in ratios.items():
            estimate = _ratio(columns[part].sum(), columns[whole].sum())
            residual = (columns[part] - estimate * columns[whole]) / columns[whole].sum()
            error = math.sqrt(_variance(residual, strata))
            margin = quantile * error
            found.append((*group, name, estimate, error, estimate - margin, estimate + margin))
    return _table(found, by)


def linearized_change(
    before: pd.DataFrame, now: pd.DataFrame, ratios: Ratios, by: Sequence[str] = (), *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return how rates changed between two samples drawn apart from each other, with error and interval.

    before, now: totals as for `linearized`. Columns: `by`, measure, before, now, estimate (of the change),
    standard_error, low, high; of groups that both have. Strata of the two are apart, so that the variances add up; the
    interval is Student's, with clusters less strata of both. Raises LonelyClusterError.
    """
    apart = [
        totals.assign(stratum=number + totals["stratum"].astype(str)) for number, totals in (("0", before), ("1", now))
    ]
    strata, wide = _by_cluster(pd.concat(apart, ignore_index=True), ratios, by)
    quantile = stdtrit(len(strata) - strata.nunique(), (1 + confidence) / 2)
    is_now = strata.str.startswith("1").to_numpy()
    found = []
    for group, columns in wide:
        for name, (part, whole) in ratios.items():
            old, new = (_ratio(columns.loc[of, part].sum(), columns.loc[of, whole].sum()) for of in (~is_now, is_now))
            sums = columns[whole].where(is_now, 0).sum(), columns[whole].where(~is_now, 0).sum()
            residual = (columns[part] - new * columns[whole]).where(is_now, 0) / (sums[0] or math.nan)
            residual -= (columns[part] - old * columns[whole]).where(~is_now, 0) / (sums[1] or math.nan)
            error = math.sqrt(_variance(residual, strata))
            change = new - old
            found.append((*group, name, old, new, change, error, change - quantile * error, change + quantile * error))
    columns_of_change = ["measure", "before", "now", "estimate", "standard_error", "low", "high"]
    table = pd.DataFrame(found, columns=[*by, *columns_of_change])
    return table.dropna(subset=["before", "now"]).reset_index(drop=True)


def bootstrapped(
    totals: pd.DataFrame,
    ratios: Ratios,
    by: Sequence[str] = (),
    *,
    seed: int,
    replicates: int = 1000,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the same table by bootstrap, with standard deviation and percentiles of the replicates.

    One cluster fewer than a stratum has is drawn from it with replacement, and weighs so much more.
    Raises LonelyClusterError.
    """
    strata, wide = _by_cluster(totals, ratios, by)
    factors = _replicate_factors(strata, replicates, seed)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    found = []
    for group, columns in wide:
        drawn = {column: factors @ columns[column].to_numpy() for column in columns}
        for name, (part, whole) in ratios.items():
            spread = drawn[part] / np.where(drawn[whole] == 0, np.nan, drawn[whole])
            low, high = np.nanquantile(spread, tails)
            estimate = _ratio(columns[part].sum(), columns[whole].sum())
            found.append((*group, name, estimate, float(np.nanstd(spread, ddof=1)), low, high))
    return _table(found, by)


def _by_cluster(
    totals: pd.DataFrame, ratios: Ratios, by: Sequence[str]
) -> tuple[pd.Series, list[tuple[tuple[object, ...], pd.DataFrame]]]:
    """Return the stratum of each cluster, and each group's totals by cluster, 0 where it has none."""
    columns = sorted({column for ratio in ratios.values() for column in ratio})
    clusters = totals.groupby(list(DESIGN))[columns].sum()
    strata = pd.Series(clusters.index.get_level_values("stratum"), index=clusters.index)
    if lonely := int((strata.value_counts() == 1).sum()):
        raise LonelyClusterError(lonely)
    if not by:
        return strata, [((), clusters)]
    groups = [
        (group, part.groupby(list(DESIGN))[columns].sum().reindex(clusters.index, fill_value=0))
        for group, part in totals.groupby(list(by))
    ]
    return strata, groups


def _variance(residual: pd.Series, strata: pd.Series) -> float:
    """Return the variance of the sum of the clusters' residuals, clusters drawn with replacement within strata."""
    grouped = residual.groupby(strata.to_numpy())
    size = grouped.size()
    return float((size * grouped.var(ddof=1)).sum())


def _replicate_factors(strata: pd.Series, replicates: int, seed: int) -> np.ndarray:
    """Return how much each cluster weighs in each replicate, one row a replicate."""
    random = np.random.default_rng(seed)
    factors = np.empty((replicates, len(strata)))
    for stratum in strata.unique():
        place = np.flatnonzero(strata.to_numpy() == stratum)
        size = len(place)
        drawn = random.multinomial(size - 1, np.full(size, 1 / size), size=replicates)
        factors[:, place] = drawn * size / (size - 1)
    return factors


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else math.nan


def _table(rows: Sequence[tuple[object, ...]], by: Sequence[str]) -> pd.DataFrame:
    measured = ["measure", "estimate", "standard_error", "low", "high"]
    return pd.DataFrame(rows, columns=[*by, *measured])
