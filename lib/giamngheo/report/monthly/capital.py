"""Part II.2: the capital allocated, by source, project and sub-project, and what of it in the period."""

from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any

import pandas as pd

from giamngheo.regulation.programme import extended_to
from giamngheo.report.drawing import LOOKS, Series, figure, sheet, stacked_bars
from giamngheo.report.elements import Figure, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.language import words
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.numbers import VND_PER_MILLION, day, money, percent
from giamngheo.report.programmes import earlier_years, former_years, lowest_sources, programme_of, shown_sources
from giamngheo.statistics import funding
from giamngheo.workbook.schema import choices


def allocation(facts: Facts) -> Prose:
    """Return part II.2: the capital allocated."""
    former = former_years(facts)
    values = {
        "year": facts.year,
        "fund": _of_year(facts),
        "carried": carried(facts),
        "formers": [of_earlier(facts, year) for year in former],
        "former_name": programme_of(facts, former[0]).full_name if former else "",
    }
    return Prose(narrative("monthly/allocation", **values))


def capital_change(facts: Facts) -> Prose:
    """Return the capital allocated in the month or quarter; empty where there is none."""
    new = facts.change.capital[facts.change.capital["planned_vnd"] > 0]
    if new.empty or facts.period.kind not in {"month", "quarter"}:
        return Prose("")
    years = [_allocated(int(year), rows, facts.year) for year, rows in sorted(new.groupby("fund_year"), reverse=True)]
    return Prose(narrative("monthly/capital_change", period=words.name(facts.period), allocated=years))


def allocation_figure(facts: Facts) -> Figure | Prose:
    """Return capital of the year by project and source; empty where no project has any."""
    if not has_capital(facts):
        return Prose("")
    table, rows = facts.funds[facts.year], projects(facts, facts.year)
    names = content_names(facts, rows)
    totals = [money(row["planned_vnd"]) for row in rows]
    series = [
        Series(
            source["name"],
            [row[f"planned_vnd/{source['code']}"] / VND_PER_MILLION for row in rows],
            totals,
            look,
        )
        for (_, source), look in zip(shown_sources(facts, table).iterrows(), cycle(LOOKS), strict=False)
    ]
    top = programme_of(facts, facts.year).top
    caption = f"Vốn giao năm {facts.year} theo {top} và nguồn vốn"
    alt = f"Biểu đồ thanh vốn giao theo {top} và nguồn vốn, triệu đồng. {words.pairs(names, totals)}."
    with sheet() as axes:
        drawn = stacked_bars(axes, names, series, "Triệu đồng")
        return figure(drawn, alt=alt, caption=caption, name="allocation_figure")


def carried(facts: Facts) -> list[dict[str, Any]]:
    """Return what texts say of the money of earlier years of the same programme, the newest first."""
    return [of_earlier(facts, year) for year in earlier_years(facts)]


def of_earlier(facts: Facts, fund_year: int) -> dict[str, Any]:
    """Return year, programme row, sources and deadline of the money of an earlier year."""
    total = facts.funds[fund_year].iloc[0]
    deadline = _deadline(fund_year, facts.year)
    return {"year": fund_year, "total": total, "sources": _of_sources(facts, total), "deadline": deadline}


def _deadline(fund_year: int, year: int) -> str:
    """Say to which day investment money of an earlier year is paid."""
    last = extended_to(fund_year)
    if last.year < year:
        return f"thời hạn kéo dài giải ngân vốn đầu tư theo Luật Đầu tư công đã hết ngày {day(last)}"
    return f"vốn đầu tư được giải ngân chậm nhất đến hết ngày {day(last)}"


def fund_name(fund_year: int, year: int) -> str:
    """Return what a text of a year calls the money of a year of funds."""
    return f"vốn năm {fund_year}" if fund_year == year else f"vốn năm {fund_year} chuyển sang"


def projects(facts: Facts, fund_year: int) -> Sequence[pd.Series]:
    """Return the budgeted projects of the programme table of a year of the funds."""
    return facts.below.get(fund_year, {}).get(funding.TOTAL, ())


def content_names(facts: Facts, rows: Sequence[pd.Series]) -> list[str]:
    """Return number and short name of each content; the programme's own row is the whole programme."""
    codes = [(int(row["fund_year"]), row["project_code"]) for row in rows]
    return [f"{key[1]}. {facts.labels[key]['short']}" if key[1] else "Toàn Chương trình" for key in codes]


def has_capital(facts: Facts) -> bool:
    """Return whether some project has money of the year."""
    return any(row["planned_vnd"] > 0 for row in projects(facts, facts.year))


def _of_year(facts: Facts) -> dict[str, Any] | None:
    table = facts.funds.get(facts.year)
    if table is None:
        return None
    return {
        "total": table.iloc[0],
        "sources": _of_sources(facts, table.iloc[0]),
        "level_words": _level_words(facts),
        "parts": programme_of(facts, facts.year).parts,
        "entries": list(_entries(facts, facts.below[facts.year], funding.TOTAL)),
    }


def _of_sources(facts: Facts, row: pd.Series) -> list[dict[str, Any]]:
    """Return name, plan, share and parts with money of each source in a row of a programme table."""
    lowest = lowest_sources(facts, row)
    return [
        {
            "name": source["name"],
            "planned_vnd": row[f"planned_vnd/{source['code']}"],
            "share_pct": row[f"share_pct/{source['code']}"],
            "parts": _amounts(lowest[lowest["above"] == source["code"]], row),
        }
        for _, source in shown_sources(facts, row.to_frame().T).iterrows()
    ]


def _level_words(facts: Facts) -> str:
    """Return whose budget the capital comes from: one level, or the amount of each; "" where sources say it."""
    if any(source.level for source in programme_of(facts, facts.year).sources):
        return ""
    levels = funding.by_budget_level(facts.data["capital"], facts.year)
    named = [f"vốn ngân sách {choices('budget_level')[level]}" for level in levels["budget_level"]]
    if len(named) == 1:
        return named[0]
    return "; ".join(
        f"{words} {money(vnd)} triệu đồng" for words, vnd in zip(named, levels["planned_vnd"], strict=True)
    )


def _entries(facts: Facts, rows: funding.Below, parent: str, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the budgeted contents below one, each followed by its parts, further in. rows: by the content above."""
    for row in rows.get(parent, ()):
        content = facts.labels[facts.year, row["project_code"]]
        parts = list(_entries(facts, rows, row["project_code"], depth + 1))
        amount = _amount(facts, row, with_share=parent == funding.TOTAL, with_source=not parts)
        yield {"depth": depth, "label": content["label"], "name": content["name"], "amount": amount}
        yield from parts


def _amount(facts: Facts, row: pd.Series, *, with_share: bool, with_source: bool) -> str:
    """Return the capital of a content: "46.440 triệu đồng, chiếm 64,53% tổng vốn", "442 triệu đồng (vốn sự nghiệp)"."""
    if row["planned_vnd"] == 0:
        return "không bố trí vốn"
    share = f", chiếm {percent(row['programme_share_pct'])} tổng vốn" if with_share else ""
    sources = f" ({_sources(facts, row)})" if with_source else ""
    return f"{money(row['planned_vnd'])} triệu đồng{share}{sources}"


def _sources(facts: Facts, row: pd.Series) -> str:
    given = lowest_sources(facts, row)
    return str(given["name"].iloc[0]).lower() if len(given) == 1 else _amounts(given, row)


def _amounts(sources: pd.DataFrame, row: pd.Series) -> str:
    """Return the capital of each source: "vốn đầu tư 42.218 triệu đồng, vốn sự nghiệp 4.222 triệu đồng"."""
    amounts = [f"{money(row[f'planned_vnd/{code}'])} triệu đồng" for code in sources["code"]]
    return words.pairs(map(str.lower, sources["name"]), amounts, between=", ")


def _allocated(fund_year: int, rows: pd.DataFrame, year: int) -> str:
    """Return what was allocated of one fund: "1.123 triệu đồng vốn năm 2024 theo Quyết định số 702/QĐ-UBND"."""
    decisions = ", ".join(dict.fromkeys(text for text in rows["decision"] if text))
    said = f"{money(rows['planned_vnd'].sum())} triệu đồng {fund_name(fund_year, year)}"
    return f"{said} theo Quyết định số {decisions}" if decisions else said
