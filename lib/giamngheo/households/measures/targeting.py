"""The two errors of targeting: who is poor by income and not counted by the scores, and the other way round.

Source: Cornia and Stewart (1993), Two errors of targeting, Journal of International Development 5.
"""

from collections.abc import Sequence

import pandas as pd

from giamngheo.statistics.ratio import percentage

LOW = ("poor", "near_poor")
"""Classes below the line: poor and near-poor differ by deprivations, which both ways count alike."""


def targeting(both: pd.DataFrame, by: Sequence[str] = (), *, population: str = "households") -> pd.DataFrame:
    """Return how far scores and income find the same households below the line, of those that have both classes.

    both: counts.both_classes. Columns: `by`, population, by_income and by_score (below the line), by_both,
    excluded (by income, not by the scores), included (by the scores, not by income), exclusion_error_pct (excluded, of
    those by income: under-coverage), inclusion_error_pct (included, of those by the scores: leakage).
    """
    income, score = both["class_by_income"].isin(LOW), both["class_by_score"].isin(LOW)
    sides = {
        "population": income | ~income,
        "by_income": income,
        "by_score": score,
        "by_both": income & score,
        "excluded": income & ~score,
        "included": score & ~income,
    }
    sums = both[list(by)].assign(**{name: both[population].where(side, 0) for name, side in sides.items()})
    table = sums.groupby(list(by), as_index=False, observed=True).sum() if by else sums.sum().to_frame().T
    return table.assign(
        exclusion_error_pct=percentage(table["excluded"], table["by_income"]),
        inclusion_error_pct=percentage(table["included"], table["by_score"]),
    )
