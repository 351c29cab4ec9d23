"""How much an order of units, and a measure, rests on the choice of weights and cut-off; where deprivations overlap.

All take counts by pattern (alkire_foster), weighted or not. Source: Alkire et al. (2015), Multidimensional Poverty
Measurement and Analysis, chapter 8 (robustness), section 7.3 (association among deprivations).
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from giamngheo.households.measures.alkire_foster import Poverty, cutoff_sensitivity, deprivations, measures
from giamngheo.statistics.ratio import percentage


def under_choices(counts: pd.DataFrame, choices: Mapping[str, Poverty], unit: str = "unit_code") -> pd.DataFrame:
    """Return M0 of each unit under each choice of weights and cut-off: a row a unit, a column a choice."""
    found = {
        name: measures(counts, poverty, [unit]).set_index(unit)["adjusted_headcount"]
        for name, poverty in choices.items()
    }
    return pd.DataFrame(found)


def rank_ranges(values: pd.DataFrame) -> pd.DataFrame:
    """Return the rank of each unit under the first choice of `under_choices`, and its best and worst under all.

    Columns: rank (1: highest M0; equal values share the better one), highest_rank, lowest_rank; the index is that of
    `values`.
    """
    ranks = values.rank(method="min", ascending=False).astype("Int64")
    return pd.DataFrame({"rank": ranks.iloc[:, 0], "highest_rank": ranks.min(axis=1), "lowest_rank": ranks.max(axis=1)})


def order_agreement(values: pd.DataFrame) -> pd.DataFrame:
    """Return how far each choice of `under_choices` orders the units as the first does; the last row is all together.

    Columns: choice ("" of all), pairs (of units that differ under the first), kept_pct (of them, those that the choice
    does not reverse; of all, those that no choice reverses), kendall (rank correlation tau-b with the first).
    """
    signs = {name: _signs(column.to_numpy(dtype=float)) for name, column in values.items()}
    first = signs[values.columns[0]]
    differ = first != 0
    kept = {str(name): sign * first >= 0 for name, sign in signs.items()}
    kept[""] = np.logical_and.reduce(list(kept.values()))
    pairs = int(differ.sum())
    rows = [(name, pairs, 100 * float(of[differ].mean()) if pairs else np.nan) for name, of in kept.items()]
    table = pd.DataFrame(rows, columns=["choice", "pairs", "kept_pct"])
    tau = [_tau(first, sign) for sign in signs.values()]
    return table.assign(kendall=pd.array([*tau, None], "Float64"))


def dominance_curves(
    counts: pd.DataFrame, poverty: Poverty, cutoffs: Sequence[float], unit: str = "unit_code"
) -> pd.DataFrame:
    """Return H of each unit at each cut-off: a row a unit, a column a cut-off.

    Where the curve of one unit is nowhere above another's, it has less poverty by H and by M0 whatever the cut-off.
    """
    table = cutoff_sensitivity(counts, poverty, cutoffs, [unit])
    return table.pivot(index=unit, columns="cutoff", values="incidence_pct")


def dominated(curves: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of units of which one has less poverty at every cut-off: less, more (units of the curves)."""
    rows = []
    for (one, low), (other, high) in combinations(curves.iterrows(), 2):
        for better, worse, gap in ((one, other, high - low), (other, one, low - high)):
            if (gap >= 0).all() and (gap > 0).any():
                rows.append((better, worse))
    return pd.DataFrame(rows, columns=["less", "more"])


def overlap(counts: pd.DataFrame, poverty: Poverty) -> pd.DataFrame:
    """Return how often two indicators deprive the same households (or persons), a row a pair.

    Columns: indicator, other ("01", "02"), both (population), both_pct (of all), of_indicator_pct and of_other_pct (of
    those whom the one deprives, how many the other does too), expected_pct (of all, if the two had nothing to do with
    each other), redundancy (both of the rarer one's, from 0 to 1: the measure R0 of the source). Where blanks are
    renormalised, a blank deprives of nothing.
    """
    occurring = counts.groupby("pattern")[poverty.population].sum()
    size, whole = occurring.to_numpy(dtype=float), float(occurring.sum())
    flags = deprivations(occurring.index.to_numpy(), len(poverty.weights)).astype(float)
    both = flags.T @ (size[:, None] * flags)
    single = np.diagonal(both)
    one, other = np.triu_indices(len(single), 1)
    rarer = pd.Series(np.minimum(single[one], single[other]))
    joint = pd.Series(both[one, other])
    return pd.DataFrame(
        {
            "indicator": [f"{place + 1:02}" for place in one],
            "other": [f"{place + 1:02}" for place in other],
            "both": joint,
            "both_pct": 100 * joint / whole,
            "of_indicator_pct": percentage(joint, pd.Series(single[one])),
            "of_other_pct": percentage(joint, pd.Series(single[other])),
            "expected_pct": 100 * single[one] * single[other] / whole**2,
            "redundancy": percentage(joint, rarer) / 100,
        }
    )


def dimension_sets(counts: pd.DataFrame, dimensions: Sequence[str], population: str = "households") -> pd.DataFrame:
    """Return how many households (or persons) lack something in just which dimensions: the areas of a Venn diagram.

    dimensions: of each indicator, in their order. Columns: dimensions (a tuple, () for those that lack nothing),
    population, share_pct; the largest first.
    """
    occurring = counts.groupby("pattern")[population].sum()
    flags = deprivations(occurring.index.to_numpy(), len(dimensions))
    names = list(dict.fromkeys(dimensions))
    lacking = np.column_stack(
        [flags[:, [at for at, of in enumerate(dimensions) if of == name]].any(axis=1) for name in names]
    )
    sets = [tuple(name for name, lacks in zip(names, row, strict=True) if lacks) for row in lacking]
    table = pd.DataFrame({"dimensions": sets, "population": occurring.to_numpy()})
    table = table.groupby("dimensions", as_index=False, sort=False)["population"].sum()
    table = table.sort_values("population", ascending=False, kind="stable", ignore_index=True)
    return table.assign(share_pct=100 * table["population"] / table["population"].sum())


def _signs(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return of each pair of units which has more: 1, 0 or -1. Differences of rounding are none."""
    one, other = np.triu_indices(len(values), 1)
    gaps = values[one] - values[other]
    return np.where(np.abs(gaps) <= 1e-12, 0.0, np.sign(gaps))


def _tau(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> float | None:
    """Return Kendall's tau-b from the signs of two orders; None where one of them orders nothing."""
    ordered = float(np.sqrt((first != 0).sum() * (second != 0).sum()))
    return float((first * second).sum() / ordered) if ordered else None
