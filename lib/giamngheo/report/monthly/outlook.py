"""Part III: what the year's end may bring, from the curves of earlier years; said as a projection, with its errors."""

from typing import Any

import pandas as pd

from giamngheo.report import yardsticks
from giamngheo.report.drawing import GREY, Line, Stroke, figure, month_fan, month_name, sheet
from giamngheo.report.elements import Figure, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.numbers import exact_percent, percent
from giamngheo.statistics.forecast import CONFIDENCE, YEAR_END, Outlook, shares_of_rest
from giamngheo.statistics.ratio import percentage


def outlook(facts: Facts) -> Prose:
    """Return what the year's end may bring; empty at the year's end and without enough earlier curves."""
    if facts.outlook is None:
        return Prose("")
    ends = facts.outlook.ends
    used = shares_of_rest(facts.curves, facts.period.month)
    values = {
        "year": facts.year,
        "month": month_name(facts.period.month),
        "curves": int(ends["curves"]),
        "years": _years(used["fund_year"]),
        "units": used["unit"].nunique(),
        "estimate": ends["estimate_pct"],
        "low": ends["low_pct"],
        "high": ends["high_pct"],
        "confidence": exact_percent(100 * CONFIDENCE),
        "aim": _beside_aim(facts, ends),
        "tested": _tested(facts.outlook),
    }
    return Prose(narrative("monthly/outlook", **values))


def projected_figures(facts: Facts) -> list[tuple[str, str, float, str]]:
    """Return name, kind (percent, points, aim), number and source of what the projection states; none without one."""
    if facts.outlook is None:
        return []
    ends, tested = facts.outlook.ends, _tested(facts.outlook)
    how = f"{int(ends['curves'])} đường lũy kế của tệp disbursement_history.csv"
    source = f"Phần còn lại được giải ngân đến hết năm ở {how}; cộng tỷ lệ đã giải ngân"
    shown = [("Dự báo giải ngân đến hết năm", "estimate"), ("Dự báo thấp nhất", "low"), ("Dự báo cao nhất", "high")]
    figures = [(name, "percent", float(ends[f"{end}_pct"]), source) for name, end in shown]
    figures.append(("Mức tin cậy của dự báo", "aim", 100 * CONFIDENCE, "Chọn trước, của cách dự báo"))
    errors = [("Sai số trung vị của dự báo", "median"), ("Sai số lớn nhất của dự báo", "largest")]
    return figures + [(name, "points", tested[which], f"Dự báo lại {how}") for name, which in errors if tested]


def outlook_figure(facts: Facts) -> Figure | Prose:
    """Return the year's curve and its projection with the band; empty where there is none."""
    if facts.outlook is None:
        return Prose("")
    month, own = facts.period.month, {float(at): rate for at, rate in facts.outlook.rates.items()}
    ends = {name: float(facts.outlook.ends[f"{name}_pct"]) for name in ("estimate", "low", "high")}
    line, now = Line(f"Năm {facts.year}", own, Stroke("solid", "circle"), reach=1), own[float(month)]
    ahead = Line("Dự báo", {float(month): now, float(YEAR_END): ends["estimate"]}, Stroke("dashed"))
    usual = Line("Trung vị các năm trước", _usual(facts), Stroke("dotted", "square", GREY), reach=1)
    band = (f"Khoảng dự báo {exact_percent(100 * CONFIDENCE)}", (month, now), (YEAR_END, ends["low"], ends["high"]))
    caption = f"Lũy kế giải ngân vốn năm {facts.year} và dự báo đến hết năm"
    alt = (
        f"{caption}, phần trăm kế hoạch vốn: hết tháng {month_name(month)} {percent(now)}; dự báo hết tháng 12 "
        f"{percent(ends['estimate'])}, từ {percent(ends['low'])} đến {percent(ends['high'])}."
    )
    with sheet() as axes:
        drawn = month_fan(axes, [line, ahead, usual], band, "Lũy kế so với kế hoạch vốn (%)")
        return figure(drawn, alt=alt, caption=caption, name="outlook_figure")


def _usual(facts: Facts) -> dict[float, float]:
    """Return the median rate of the earlier curves at the end of each month of which as many are known as of any."""
    curves = facts.curves
    rates = curves.assign(rate=percentage(curves["disbursed_vnd"], curves["planned_vnd"])).groupby("month")["rate"]
    median, known = rates.median(), rates.count()
    return {float(month): float(rate) for month, rate in median[known == known.max()].items()}


def _years(years: pd.Series) -> str:
    first, last = years.min(), years.max()
    return f"năm {first}" if first == last else f"các năm {first}-{last}"


def _beside_aim(facts: Facts, ends: pd.Series) -> str:
    """Return how the projection stands beside the Government's aim; "" where no aim is known."""
    aim = yardsticks.aim_pct(facts.period)
    if aim is None:
        return ""
    if ends["high_pct"] < aim:
        return f"cả khoảng thấp hơn mục tiêu {exact_percent(aim)}"
    return (
        f"cả khoảng đạt mục tiêu {exact_percent(aim)}"
        if ends["low_pct"] >= aim
        else f"mục tiêu là {exact_percent(aim)}"
    )


def _tested(outlook: Outlook) -> dict[str, Any] | None:
    """Return how far such projections of earlier years were off; None where there are none."""
    row = outlook.errors
    if row is None:
        return None
    return {"count": int(row["projections"]), "median": row["median_error_pp"], "largest": row["largest_error_pp"]}
