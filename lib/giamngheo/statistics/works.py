"""Investment from the central budget by kind of work: plan of the year and what is done of it, in whole đồng."""

from collections.abc import Mapping, Sequence

import pandas as pd

from giamngheo.statistics.ratio import percentage
from giamngheo.statistics.tree import OutsideTreeError
from giamngheo.statistics.unit_money import counted

TOTAL = ""
"""Code of all kinds of work together."""

FIGURES = ["planned_vnd", "done_vnd"]


def works_table(rows: pd.DataFrame, works: Sequence[str], above: Mapping[str, str]) -> pd.DataFrame:
    """Return plan, result and rate of all kinds of work together and of each, in their order.

    rows: cumulative snapshots, of which the last figure that is known of a kind and unit counts. above: as of
    funding.execution. Columns: work, the FIGURES and rate_pct. Where there are rows, a kind without one has nothing;
    a sum with a blank is blank. Raises OutsideTreeError for a kind that is none of `works`.
    """
    if lost := sorted(set(rows["work"]) - set(works)):
        raise OutsideTreeError(lost)
    last = last_rows(rows)
    own = last[counted(last, above, line=["work"])]
    if own.empty:
        table = pd.DataFrame(index=[TOTAL, *works], columns=FIGURES, dtype="Int64")
    else:
        sums = own.groupby("work")[FIGURES].sum(skipna=False).astype("Int64").reindex(works, fill_value=0)
        table = pd.concat([sums.sum(skipna=False).to_frame(TOTAL).T.astype("Int64"), sums])
    table = table.rename_axis("work").reset_index()
    return table.assign(rate_pct=percentage(table["done_vnd"], table["planned_vnd"]))


def last_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the last figures that are known of each kind of work and unit: work, unit_code and the FIGURES."""
    return rows.sort_values("date", kind="stable").groupby(["work", "unit_code"], as_index=False)[FIGURES].last()
