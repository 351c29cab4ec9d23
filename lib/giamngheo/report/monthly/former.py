"""Money of the programme before that of the report's year, carried over: it is followed by itself, and summed last."""

from dataclasses import replace

import pandas as pd

from giamngheo.report.elements import DataTable, Figure, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.language.narrative import narrative
from giamngheo.report.monthly.capital import content_names, of_earlier, projects
from giamngheo.report.monthly.disbursement import budgeted, fund_table, rates_figure
from giamngheo.report.programmes import former_years, programme_of
from giamngheo.statistics.ratio import percentage


def former(facts: Facts) -> Prose:
    """Return the money carried over from the former programme, and all money together; empty without any."""
    years = former_years(facts)
    if not years:
        return Prose("")
    values = {
        "year": facts.year,
        "programme": programme_of(facts, years[0]).full_name,
        "funds": [of_earlier(facts, year) for year in years],
        "all": _all_money(facts),
    }
    return Prose(narrative("monthly/former", **values))


def former_table(facts: Facts) -> DataTable | Prose:
    """Return capital and disbursement of the former programme, each year of the funds under its own total."""
    years = former_years(facts)
    if not years:
        return Prose("")
    rows = pd.concat([budgeted(facts, facts.funds[year], f"Vốn năm {year}") for year in years])
    programme = programme_of(facts, years[0])
    caption = f"Kế hoạch vốn và giải ngân vốn của {programme.short} chuyển sang năm {facts.year}"
    return replace(fund_table(facts, rows, caption), name="former_table")


def former_figure(facts: Facts) -> Figure | Prose:
    """Return the rates of disbursement of the former programme by content and year of the funds."""
    names: list[str] = []
    rates: list[object] = []
    years = former_years(facts)
    for year in years:
        table = facts.funds[year]
        rows = [row for row in projects(facts, year) if row["planned_vnd"] > 0]
        of_year = f", vốn {year}" if len(years) > 1 else ""
        names += [f"{name}{of_year}" for name in content_names(facts, rows)] + [f"Toàn bộ vốn năm {year}"]
        rates += [row["rate_pct"] for row in (*rows, table.iloc[0])]
    if not years:
        return Prose("")
    programme = programme_of(facts, years[0])
    caption = f"Tỷ lệ giải ngân vốn của {programme.short} chuyển sang năm {facts.year}"
    return replace(rates_figure(names, rates, [], caption), name="former_figure")


def _all_money(facts: Facts) -> dict[str, object]:
    """Return the sums over all years of the funds and programmes, blank where a part is, and what they add."""
    totals = pd.DataFrame([table.iloc[0] for table in facts.funds.values()])
    sums = totals[["planned_vnd", "disbursed_vnd"]].astype("Int64").sum(skipna=False)
    frame = sums.to_frame().T.astype("Int64")
    rate = percentage(frame["disbursed_vnd"], frame["planned_vnd"]).iloc[0]
    names: dict[str, list[str]] = {}
    for year in facts.funds:
        names.setdefault(programme_of(facts, year).short, []).append(str(year))
    parts = [f"vốn năm {', '.join(years)} của {name}" for name, years in names.items()]
    return {"parts": " và ".join(parts), "rate_pct": rate, **{str(name): vnd for name, vnd in frame.iloc[0].items()}}
