"""The two sparklines of a unit in the list of reports, drawn from the key figures of its reports."""

import datetime as dt
from collections.abc import Sequence

from giamngheo.core.period import Period
from giamngheo.report.key_figures import KeyFigures
from giamngheo.report.language import numbers
from giamngheo.site.sparkline import Legend, Sparkline, sparkline

Known = Sequence[tuple[Period, KeyFigures]]
"""Key figures of the reports of a unit, the oldest first."""


def poverty_chart(name: str, known: Known) -> Sparkline:
    """Return the rates of poor households of a unit by day of the review, as the newest report of each says."""
    rates: dict[dt.date, float] = {}
    for _, figures in known:
        if figures.reviewed is not None and figures.poor_rate_pct is not None:
            rates[figures.reviewed] = figures.poor_rate_pct
    days = sorted(rates)
    shown = {day: f"{numbers.day(day)}: {numbers.percent(rates[day])}" for day in days}
    legend = Legend(
        caption="Tỷ lệ hộ nghèo theo kết quả rà soát",
        title=f"Tỷ lệ hộ nghèo {name} theo kết quả rà soát",
        ends=(shown[days[0]] if days else "", shown[days[-1]] if len(days) > 1 else ""),
        text="; ".join(shown.values()),
    )
    span = (days[0].toordinal(), days[-1].toordinal()) if days else (0, 0)
    return sparkline([(day.toordinal(), rates[day]) for day in days], legend, span=span)


def disbursement_chart(name: str, known: Known) -> Sparkline:
    """Return the cumulative disbursement of unit `name` by month of the newest year, below the capital of that year."""
    year = max(period.year for period, _ in known)
    months = {period.month: figures for period, figures in known if period.year == year}
    paid = {month: figures.disbursed_vnd for month, figures in sorted(months.items())}
    planned = months[max(months)].planned_vnd
    spoken = [f"hết tháng {month}: {numbers.money(vnd)} triệu đồng" for month, vnd in paid.items() if vnd is not None]
    legend = Legend(
        caption=f"Giải ngân lũy kế năm {year}" + ("" if planned is None else "; nét đứt: vốn giao"),
        title=f"Giải ngân lũy kế năm {year} của {name}",
        ends=("Tháng 01", "Tháng 12"),
        text="; ".join(spoken + ([] if planned is None else [f"vốn giao: {numbers.money(planned)} triệu đồng"])),
    )
    return sparkline(list(paid.items()), legend, span=(1, 12), limit=planned)
