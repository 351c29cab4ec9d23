"""What part II.2 says: the capital allocated, by source, project and sub-project."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from giamngheo.intake.schema import choices
from giamngheo.report.facts import Facts
from giamngheo.report.numbers import money, percent
from giamngheo.statistics import funding

SOURCE_WORDS = {"investment": "vốn đầu tư", "recurrent": "vốn sự nghiệp"}


def allocation_context(facts: Facts) -> dict[str, Any]:
    """Values of text/allocation.md.j2."""
    return {"year": facts.year, "fund": _fund(facts), "carried": carried(facts)}


def carried(facts: Facts) -> list[pd.Series]:
    """Programme rows of the money of earlier years, newest first, each with its `year`."""
    earlier = {year: table for year, table in facts.funds.items() if year < facts.year}
    return [pd.concat([table.iloc[0], pd.Series({"year": year})]) for year, table in earlier.items()]


def label(code: str, *, alone: bool = False) -> str:
    """Name of a project by its number: "Dự án 1", "Tiểu dự án 1" or, `alone`, "Tiểu dự án 1 (Dự án 1)"."""
    project, _, sub_project = code.partition(".")
    if not sub_project:
        return f"Dự án {project}"
    return f"Tiểu dự án {sub_project} (Dự án {project})" if alone else f"Tiểu dự án {sub_project}"


def _fund(facts: Facts) -> dict[str, Any] | None:
    table = facts.funds.get(facts.year)
    if table is None:
        return None
    return {
        "total": table.iloc[0],
        "level_words": _level_words(facts),
        "projects": [entry for row in rows_below(facts, table, "") if (entry := _entry(facts, table, row))],
    }


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
    """Rows of the programme table one step below a project, in the programme's order."""
    codes = _codes_below(facts).get(parent)
    return [row for _, row in table[table["project_code"].isin(codes)].iterrows()] if codes else []


@lru_cache(maxsize=1)
def _names(facts: Facts) -> Mapping[str, str]:
    """Official names of the projects by code."""
    return dict(zip(facts.projects["code"], facts.projects["name"], strict=True))


@lru_cache(maxsize=1)
def _codes_below(facts: Facts) -> Mapping[str, Sequence[str]]:
    """Codes of the projects one step below each."""
    return {parent: list(rows["code"]) for parent, rows in facts.projects.groupby("parent_code")}


def _entry(facts: Facts, table: pd.DataFrame, row: pd.Series) -> dict[str, Any] | None:
    """One project with its budgeted sub-projects; None for one that nobody budgeted."""
    if pd.isna(row["planned_vnd"]):
        return None
    code = row["project_code"]
    children = [entry for child in rows_below(facts, table, code) if (entry := _entry(facts, table, child))]
    return {
        "label": label(code),
        "name": _names(facts)[code],
        "amount": _amount(row, with_share="." not in code, with_source=not children),
        "children": children,
    }


def _amount(row: pd.Series, *, with_share: bool, with_source: bool) -> str:
    """Capital of a project: "46.440 triệu đồng, chiếm 64,53% tổng vốn", "442 triệu đồng (vốn sự nghiệp)"."""
    if row["planned_vnd"] == 0:
        return "không bố trí vốn"
    share = f", chiếm {percent(row['share_pct'])} tổng vốn" if with_share else ""
    sources = f" ({_sources(row)})" if with_source else ""
    return f"{money(row['planned_vnd'])} triệu đồng{share}{sources}"


def _sources(row: pd.Series) -> str:
    given = {source: row[f"planned_{source}_vnd"] for source in SOURCE_WORDS}
    given = {source: vnd for source, vnd in given.items() if vnd != 0}
    if len(given) == 1:
        return SOURCE_WORDS[next(iter(given))]
    return ", ".join(f"{SOURCE_WORDS[source]} {money(vnd)} triệu đồng" for source, vnd in given.items())
