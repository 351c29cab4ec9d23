"""Resources mobilised beyond the budget: plan of the year, mobilised so far, plan of the rest; in whole đồng."""

from collections.abc import Mapping

import pandas as pd

from giamngheo.statistics.ratio import percentage
from giamngheo.statistics.tree import rolled_up
from giamngheo.statistics.unit_money import counted

FIGURES = ["planned_vnd", "mobilised_vnd", "rest_vnd"]

NO_CONTENT = "-"
"""Code of what is not told by content, beside the contents."""

_LINE = ["project_code", "source"]


def mobilised(
    rows: pd.DataFrame, contents: pd.DataFrame, sources: pd.DataFrame, above: Mapping[str, str]
) -> pd.DataFrame:
    """Return the resources of each content and source and of the wholes above them, "" of all contents and sources.

    rows: cumulative snapshots, of which the last figure that is known of a content, source and unit counts; a content
    "" is what is not told by content, NO_CONTENT in the result. above: as of funding.execution. Columns: project_code,
    source, the FIGURES, blank where one of a sum is, and rate_pct, mobilised of planned. Raises OutsideTreeError.
    """
    last = rows.sort_values("date").groupby([*_LINE, "unit_code"], as_index=False)[FIGURES].last()
    own = last[counted(last, above, line=_LINE)]
    lines = own.groupby(_LINE, as_index=False)[FIGURES].sum(skipna=False)
    lines["project_code"] = lines["project_code"].replace("", NO_CONTENT)
    tree = pd.concat([contents[["code", "above"]], pd.DataFrame({"code": [NO_CONTENT], "above": [""]})])
    whole = rolled_up(lines, tree, node="project_code", by=["source"], absent="nothing")[[*_LINE, *FIGURES]]
    table = rolled_up(whole, sources, node="source", by=["project_code"], absent="nothing")[[*_LINE, *FIGURES]]
    return table.assign(rate_pct=percentage(table["mobilised_vnd"], table["planned_vnd"]))


def resources_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return snapshots of resources beyond the budget (units.in_codes_of) with one for all units that became one."""
    moved = rows[rows["before"] != ""]
    keys = [*_LINE, "unit_code"]
    sums = []
    for day in sorted(moved["date"].unique()):
        until = moved[moved["date"] <= day].sort_values("date", kind="stable")
        last = until.groupby([*keys, "before"], as_index=False).last()
        now = pd.MultiIndex.from_frame(moved.loc[moved["date"] == day, keys])
        last = last[pd.MultiIndex.from_frame(last[keys]).isin(now)]
        summed = last.groupby(keys, as_index=False)[FIGURES].sum(skipna=False)
        sums.append(summed.merge(last.drop_duplicates(keys)[[*keys, "row", "note"]], on=keys).assign(date=day))
    found = pd.concat([rows[rows["before"] == ""], *sums], ignore_index=True)
    return found[list(rows)].drop(columns="before").astype(rows.dtypes.drop("before"))
