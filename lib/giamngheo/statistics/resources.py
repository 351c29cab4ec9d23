"""All resources of a programme in a year, the budget's and those beyond it, by content and source; in whole đồng."""

from collections.abc import Collection

import pandas as pd

from giamngheo.statistics.mobilised import NO_CONTENT
from giamngheo.statistics.ratio import percentage

TOTAL = ""
"""Code of the whole programme among contents, and of all sources together."""

BUDGET = "budget"
"""What stands in place of a source for all those of the budget."""

FIGURES = ["planned_vnd", "done_vnd", "rest_vnd"]

_LINE = ["project_code", "source"]


def resources(
    budget: pd.DataFrame, beyond: pd.DataFrame, contents: pd.DataFrame, sources: pd.DataFrame
) -> pd.DataFrame:
    """Return plan of the year, result and plan of the rest of each content and source, and of all together.

    budget: funding.programme_table of the year's funds, whose result is what was disbursed and whose rest is what is
    left. beyond: mobilised.mobilised. contents, sources: code and above. Columns: project_code (in the order of the
    contents, TOTAL first and NO_CONTENT last), source, the FIGURES and rate_pct, done of planned. Of a source that is
    told, contents without a row have nothing; one of which nothing is told (`untold`) is blank and part of no sum.
    """
    codes = [TOTAL, *contents["code"], *([NO_CONTENT] if NO_CONTENT in set(beyond["project_code"]) else [])]
    renamed = {"disbursed_vnd": "done_vnd", "remaining_vnd": "rest_vnd"}
    of_budget = _filled(budget.rename(columns=renamed), codes)
    of_others = _filled(beyond.rename(columns={"mobilised_vnd": "done_vnd"}), codes)
    wholes = [frame.xs(TOTAL, level="source") for frame in (of_budget, of_others) if len(frame)]
    total = sum(wholes[1:], wholes[0]) if wholes else pd.DataFrame(index=codes, columns=FIGURES)
    parts = {TOTAL: total, BUDGET: of_budget.xs(TOTAL, level="source") if len(of_budget) else total.mask(total.notna())}
    blank = parts[BUDGET].mask(parts[BUDGET].notna())
    for source in sources["code"]:
        told = next((frame for frame in (of_budget, of_others) if source in frame.index.unique("source")), None)
        parts[source] = blank if told is None else told.xs(source, level="source")
    table = pd.concat(parts, names=["source", "project_code"]).astype("Int64").reset_index()
    return table.assign(rate_pct=percentage(table["done_vnd"], table["planned_vnd"]))[[*_LINE, *FIGURES, "rate_pct"]]


def _filled(table: pd.DataFrame, codes: Collection[str]) -> pd.DataFrame:
    """Return the figures of all contents by content and source; 0 where a source that is told has no row of one."""
    if table.empty:
        return pd.DataFrame(columns=FIGURES, index=pd.MultiIndex.from_arrays([[], []], names=_LINE))
    told = pd.MultiIndex.from_product([codes, table["source"].unique()], names=_LINE)
    return table.set_index(_LINE)[FIGURES].reindex(told, fill_value=0)


def untold(table: pd.DataFrame, sources: pd.DataFrame) -> list[str]:
    """Return the sources of which a table of `resources` tells nothing: no part of a group that is told as a whole."""
    figures = table[table["project_code"] == TOTAL].set_index("source")[FIGURES]
    told = {source for source in sources["code"] if figures.loc[source].notna().any()}
    parts = sources.groupby("above")["code"].agg(list).to_dict()
    found = []
    for group in parts.get(TOTAL, []):
        own = parts.get(group, [])
        if group not in told:
            found.append(group)
        elif told.intersection(own):
            found += [part for part in own if part not in told]
    return found
