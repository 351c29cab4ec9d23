"""What the month or quarter itself disbursed, and the way of disbursement through the year."""

from dataclasses import replace
from typing import Any

import pandas as pd

from giamngheo.report import yardsticks
from giamngheo.report.drawing import GREY, Line, Stroke, figure, month_lines, month_name, sheet
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.facts import Facts, first_row
from giamngheo.report.language import words
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.numbers import day, exact_percent, percent
from giamngheo.report.monthly.capital import fund_name, has_capital
from giamngheo.report.monthly.disbursement import UNIT_NOTE, budgeted, content_table
from giamngheo.report.programmes import earlier_years, former_years, programme_of, shown_sources
from giamngheo.statistics.funding import TOTAL, by_source, programme_table

_DECEMBER = 12


def disbursement_change(facts: Facts) -> Prose:
    """Return what the month or quarter disbursed, beside the one and the year before; empty where nothing is known."""
    values = {
        "period": words.name(facts.period),
        "of_period": of_period(facts),
        "unknown": _unknown(facts),
        "carried": _carried(facts),
        "year_before": _year_before(facts),
    }
    return Prose(narrative("monthly/disbursement_change", **values))


def period_table(facts: Facts) -> DataTable | Prose:
    """Return what a month or quarter disbursed by project and sub-project, between the two cumulative amounts.

    Empty where that is not known, or is that of the whole year.
    """
    if not _has_period_lines(facts):
        return Prose("")
    parts = programme_of(facts, facts.year).parts
    caption = f"Giải ngân vốn năm {facts.year} trong {words.name(facts.period)} theo {parts}"
    rows = _period_rows(facts)
    columns = _period_columns(facts, rows)
    origins = facts.origins and facts.origins.of_funds(rows, [column.name for column in columns])
    table = content_table(rows, columns, caption, UNIT_NOTE)
    return replace(table, name="period_table", origins=origins or {})


def months_figure(facts: Facts) -> Figure | Prose:
    """Return the cumulative disbursement in percent of the plan by month, the pace to the aim, and the year before.

    Empty where fewer than two months are known.
    """
    if not _has_months(facts):
        return Prose("")
    planned = facts.change.months["planned_vnd"].iloc[-1]
    own = _rates(facts.change.months, planned)
    lines = [Line(f"Năm {facts.year}", own, Stroke("solid", "circle"), reach=1, is_labelled=True)]
    needed, aim = _needed(facts, own)
    if needed:
        lines.append(Line(f"Tiến độ cần có để đạt {exact_percent(aim)}", needed, Stroke("dashed")))
    before = _months_before(facts)
    if len(before) and before["planned_vnd"].iloc[-1]:
        rates = _rates(before, before["planned_vnd"].iloc[-1])
        lines.append(Line(f"Năm {facts.year - 1}", rates, Stroke("dotted", "square", GREY), reach=1))
    caption = f"Lũy kế giải ngân vốn năm {facts.year} theo tháng và tiến độ cần có"
    alt = f"Biểu đồ đường lũy kế giải ngân theo tháng, phần trăm kế hoạch vốn năm {facts.year}. {_spoken(lines)}."
    last = int(max([_DECEMBER, *needed]))
    with sheet() as axes:
        drawn = month_lines(axes, lines, "Lũy kế so với kế hoạch vốn (%)", last=last)
        return figure(drawn, alt=alt, caption=caption, name="months_figure")


def _has_months(facts: Facts) -> bool:
    """Return whether the cumulative disbursement of two months is known, so that there is a line."""
    months = facts.change.months
    return has_capital(facts) and bool((months["disbursed_vnd"].notna() & (months["planned_vnd"] > 0)).sum() > 1)


def _has_period_lines(facts: Facts) -> bool:
    """Return whether what the period itself disbursed is known and is not the whole year's."""
    lines = facts.change.lines
    own = lines[(lines["fund_year"] == facts.year) & (lines["source"] == TOTAL)]
    return facts.period.begin.month > 1 and has_capital(facts) and bool(own["period_vnd"].notna().all())


def of_period(facts: Facts) -> dict[str, Any] | None:
    """Return what the period disbursed of the year's money, beside the period before; None where it is unknown."""
    vnd = _total(facts.change.lines, facts.year)
    if facts.period.begin.month == 1 or pd.isna(vnd):
        return None
    before = _total(facts.change.lines_before, facts.year)
    fund = facts.funds[facts.year].iloc[0]
    return {
        "fund": fund_name(facts.year, facts.year),
        "vnd": vnd,
        "share": 100 * vnd / fund["planned_vnd"] if fund["planned_vnd"] else pd.NA,
        "before": before,
        "more": vnd - before,
        "when_before": _period_before(facts),
    }


def _total(lines: pd.DataFrame, fund_year: int) -> Any:
    own = lines.loc[(lines["fund_year"] == fund_year) & (lines["source"] == TOTAL), "period_vnd"]
    return own.sum(skipna=False) if len(own) else pd.NA


def _period_before(facts: Facts) -> str:
    """Return the month or quarter before, by its last day."""
    period, eve = facts.period, facts.period.eve
    return words.name(type(period)(eve.year, eve.month, period.kind))


def _unknown(facts: Facts) -> str:
    """Return the month whose missing snapshot leaves the period's own amount unknown."""
    months = facts.change.months
    known = months["disbursed_vnd"].notna() & (months["planned_vnd"] > 0)
    if facts.period.begin.month == 1 or not known.iloc[:-1].any():
        return ""
    if not known.iloc[-1]:
        return words.review_time(facts.period.cutoff)
    eve = months.loc[months["month"] == facts.period.eve.month, "disbursed_vnd"]
    return words.review_time(facts.period.eve) if eve.isna().all() else ""


def _carried(facts: Facts) -> list[dict[str, Any]]:
    """Return what the period disbursed of the money of each earlier year."""
    if facts.period.begin.month == 1:
        return []
    years = [*earlier_years(facts), *former_years(facts)]
    amounts = [(fund_name(year, facts.year), _total(facts.change.lines, year)) for year in years]
    return [{"fund": fund, "vnd": vnd} for fund, vnd in amounts if not pd.isna(vnd)]


def _year_before(facts: Facts) -> dict[str, Any] | None:
    """Return the rate at the same time of the year before, and how this year's compares."""
    before = _months_before(facts)
    then = before[before["month"] == facts.period.month]
    now = facts.change.months.iloc[-1]
    rate, rate_then = _rate(now), _rate(first_row(then))
    if rate is None or rate_then is None:
        return None
    return {
        "year": facts.year - 1,
        "cutoff": facts.period.year_before.cutoff,
        "row": then.iloc[0],
        "rate": rate_then,
        "comparison": words.above_or_below(rate, rate_then),
    }


def _months_before(facts: Facts) -> pd.DataFrame:
    """Return the months of the year before; none where its funds are of another programme, which is not compared."""
    is_same = programme_of(facts, facts.year - 1).begins == programme_of(facts, facts.year).begins
    return facts.change.months_before if is_same else facts.change.months_before[:0]


def _rate(row: pd.Series | None) -> float | None:
    if row is None or pd.isna(row["disbursed_vnd"]) or not row["planned_vnd"]:
        return None
    return float(100 * row["disbursed_vnd"] / row["planned_vnd"])


def _period_rows(facts: Facts) -> pd.DataFrame:
    """Return the programme table of the year's money with the amounts of the period and before it."""
    lines = facts.change.lines[facts.change.lines["fund_year"] == facts.year]
    table = by_source(programme_table(lines, facts.contents, facts.sources_of(facts.year)))
    return budgeted(facts, table, "Tổng số")


def _period_columns(facts: Facts, rows: pd.DataFrame) -> tuple[Column, ...]:
    of_period = f"Giải ngân trong {words.name(facts.period)}"
    return (
        Column("code", ("Mã",), "code", 0.6),
        Column("name", (programme_of(facts, facts.year).parts.capitalize(),), "text", 3.1),
        Column("planned_vnd", ("Kế hoạch vốn",), "money", 1.15),
        Column("before_vnd", (f"Lũy kế đến {day(facts.period.eve)}",), "money", 1.25),
        Column("period_vnd", (of_period, "Tổng số"), "money", 1.25),
        *(
            Column(f"period_vnd/{source['code']}", (of_period, source["short"]), "money", 1.25)
            for _, source in shown_sources(facts, rows).iterrows()
        ),
        Column("disbursed_vnd", (f"Lũy kế đến {day(facts.period.cutoff)}",), "money", 1.25),
        Column("rate_pct", ("Tỷ lệ",), "percent", 1.0, missing="-"),
    )


def _rates(months: pd.DataFrame, planned: int) -> dict[float, float]:
    """Return percent of the plan at the end of each month that is known and has money."""
    known = months[months["disbursed_vnd"].notna() & (months["planned_vnd"] > 0)]
    return {float(row["month"]): float(100 * row["disbursed_vnd"] / planned) for _, row in known.iterrows()}


def _needed(facts: Facts, own: dict[float, float]) -> tuple[dict[float, float], float]:
    """Return the straight way from the latest month to the aim at the deadline (month 13); none when reached."""
    aim = yardsticks.aim_pct(facts.period) or 100.0
    month = max(own)
    end = facts.period.month + yardsticks.months_left(facts.period)
    return ({month: own[month], end: aim} if own[month] < aim else {}), aim


def _spoken(lines: list[Line]) -> str:
    return "; ".join(
        f"{line.name}: "
        + ", ".join(f"tháng {month_name(int(month))} {percent(rate)}" for month, rate in line.points.items())
        for line in lines
    )
