"""What part II.2 says: the capital allocated, by source, project and sub-project."""

from typing import Any

import pandas as pd

from giamngheo.report.facts import Facts
from giamngheo.report.language.numbers import money, percent
from giamngheo.statistics import funding
from giamngheo.workbook.schema import choices


def allocation_context(facts: Facts) -> dict[str, Any]:
    """Values of allocation.md.j2."""
    return {"year": facts.year, "fund": _fund(facts), "carried": carried(facts)}


def carried(facts: Facts) -> list[dict[str, Any]]:
    """Return year, programme row and sources of the money of earlier years, the newest first."""
    earlier = {year: table for year, table in facts.funds.items() if year < facts.year}
    return [
        {"year": year, "total": table.iloc[0], "sources": _of_sources(facts, table.iloc[0])}
        for year, table in earlier.items()
    ]


def _fund(facts: Facts) -> dict[str, Any] | None:
    table = facts.funds.get(facts.year)
    if table is None:
        return None
    return {
        "total": table.iloc[0],
        "sources": _of_sources(facts, table.iloc[0]),
        "level_words": _level_words(facts),
        "projects": [_entry(facts, table, row) for row in rows_below(facts, table, funding.TOTAL)],
    }


def _of_sources(facts: Facts, row: pd.Series) -> list[dict[str, Any]]:
    """Return name, plan and share of each source in a row of a programme table."""
    return [
        {
            "name": source["name"],
            "planned_vnd": row[f"planned_vnd/{source['code']}"],
            "share_pct": row[f"share_pct/{source['code']}"],
        }
        for _, source in facts.sources_of(row["fund_year"]).iterrows()
    ]


def _level_words(facts: Facts) -> str:
    """Whose budget the year's capital comes from: one level, or the amount of each."""
    levels = funding.by_budget_level(facts.data["capital"], facts.year)
    named = [f"vốn ngân sách {choices('budget_level')[level]}" for level in levels["budget_level"]]
    if len(named) == 1:
        return named[0]
    return "; ".join(
        f"{words} {money(vnd)} triệu đồng" for words, vnd in zip(named, levels["planned_vnd"], strict=True)
    )


def rows_below(facts: Facts, table: pd.DataFrame, parent: str) -> list[pd.Series]:
    """Return the rows of a programme table one step below a content, in the programme's order."""
    above = [_above(facts, row) for row in table[["fund_year", "project_code"]].itertuples(index=False)]
    return [row for _, row in table[[node == parent for node in above]].iterrows()]


def _above(facts: Facts, row: Any) -> str | None:
    """Return the content that a row's content is part of, None for the programme itself."""
    content = facts.labels.get((int(row.fund_year), row.project_code))
    return None if content is None else content["above"]


def _entry(facts: Facts, table: pd.DataFrame, row: pd.Series) -> dict[str, Any]:
    """Return one content with its budgeted parts."""
    content = facts.labels[facts.year, row["project_code"]]
    children = [_entry(facts, table, child) for child in rows_below(facts, table, row["project_code"])]
    return {
        "label": content["label"],
        "name": content["name"],
        "amount": _amount(facts, row, with_share=content["above"] == funding.TOTAL, with_source=not children),
        "children": children,
    }


def _amount(facts: Facts, row: pd.Series, *, with_share: bool, with_source: bool) -> str:
    """Return the capital of a content: "46.440 triệu đồng, chiếm 64,53% tổng vốn", "442 triệu đồng (vốn sự nghiệp)"."""
    if row["planned_vnd"] == 0:
        return "không bố trí vốn"
    share = f", chiếm {percent(row['programme_share_pct'])} tổng vốn" if with_share else ""
    sources = f" ({_sources(facts, row)})" if with_source else ""
    return f"{money(row['planned_vnd'])} triệu đồng{share}{sources}"


def _sources(facts: Facts, row: pd.Series) -> str:
    given = [source for source in _of_sources(facts, row) if source["planned_vnd"] != 0]
    if len(given) == 1:
        return str(given[0]["name"]).lower()
    return ", ".join(f"{source['name'].lower()} {money(source['planned_vnd'])} triệu đồng" for source in given)
