"""The measures of a household file as a sample, with their errors; of a full review, without any."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from giamngheo.households.engine import Households, narrowed
from giamngheo.households.file.schema import deprivation_columns
from giamngheo.households.measures.alkire_foster import Poverty, scored
from giamngheo.households.measures.income import FGT, income_totals
from giamngheo.households.measures.survey import ALKIRE_FOSTER, DESIGN, bootstrapped, linearized, sample_counts
from giamngheo.regulation.poverty import Standard

Errors = Literal["linearization", "bootstrap"]

SEED = 2022
"""Of the bootstrap: the same file gives the same errors."""


@dataclass(frozen=True)
class Sample:
    """Weighted counts of a file by stratum and cluster: by unit_code and pattern (none with B2 only), and of incomes.

    is_drawn: whether the file says how it was drawn; otherwise it is a full review, which has no sampling error.
    """

    is_drawn: bool
    counts: pd.DataFrame
    incomes: pd.DataFrame


def sample(rows: Households, standard: Standard) -> Sample:
    """Count a file by stratum and cluster, for its measures and their errors."""
    is_drawn = bool({"weight", *DESIGN} & rows.given)
    of_one = rows if is_drawn else narrowed(rows, "select * replace ('' as cluster) from households")
    known = set(deprivation_columns()) <= rows.given
    counts = sample_counts(of_one, ["unit_code"]) if known else pd.DataFrame()
    return Sample(is_drawn, counts, income_totals(of_one, standard))


def sample_measures(drawn: Sample, poverty: Poverty, errors: Errors = "linearization") -> pd.DataFrame:
    """Return H, A, M0 and FGT(0), FGT(1), FGT(2) of a file, from 0 to 1.

    Columns: measure, estimate, standard_error, low, high (of the interval of 95 %; blank of a full review). Raises
    LonelyClusterError.
    """
    scores = pd.DataFrame() if drawn.counts.empty else scored(drawn.counts, poverty)
    given = [(totals, ratios) for totals, ratios in ((scores, ALKIRE_FOSTER), (drawn.incomes, FGT)) if not totals.empty]
    parts = []
    for totals, ratios in given:
        if not drawn.is_drawn:
            sums = totals.select_dtypes("number").sum()
            exact = [
                (name, sums[part] / sums[whole] if sums[whole] else pd.NA) for name, (part, whole) in ratios.items()
            ]
            parts.append(pd.DataFrame(exact, columns=["measure", "estimate"]))
        elif errors == "bootstrap":
            parts.append(bootstrapped(totals, ratios, seed=SEED))
        else:
            parts.append(linearized(totals, ratios))
    columns = ["measure", "estimate", "standard_error", "low", "high"]
    return pd.concat([pd.DataFrame(columns=columns, dtype=object), *parts], ignore_index=True)[columns]
