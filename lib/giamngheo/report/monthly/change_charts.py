"""Figures of change: rates of the units below, cumulative disbursement by month."""

import pandas as pd

from giamngheo.report import yardsticks
from giamngheo.report.drawing import (
    DARK,
    GREY,
    MOST_BARS,
    WHITE,
    Line,
    Look,
    Series,
    Stroke,
    figure,
    month_lines,
    month_name,
    sheet,
    stacked_bars,
)
from giamngheo.report.elements import Figure
from giamngheo.report.facts import Facts
from giamngheo.report.language.numbers import count, percent
from giamngheo.report.monthly.captions import part_word
from giamngheo.report.monthly.poverty_words import TITLES

_LOOKS = {"poor": Look(DARK), "near_poor": Look(WHITE, "lines")}
_DECEMBER = 12


def parts_figure(facts: Facts, caption: str) -> Figure:
    """Rates of poor and near-poor households of the whole unit and the units below, the highest first, not too many."""
    known = facts.change.parts.dropna(subset="multidimensional_rate_pct")
    parts = known.sort_values("multidimensional_rate_pct", ascending=False, kind="stable")
    whole = facts.part_reviews.tail(1).dropna(subset="multidimensional_rate_pct")
    whole = whole.assign(name=f"Toàn {facts.unit_level}")
    rows = pd.concat([whole, parts.head(MOST_BARS)], ignore_index=True)
    names, totals = list(rows["name"]), [percent(rate) for rate in rows["multidimensional_rate_pct"]]
    series = [
        Series(title, [float(rate) for rate in rows[f"{name}_rate_pct"]], totals, _LOOKS[name])
        for name, title in TITLES.items()
    ]
    spoken = "; ".join(f"{name} {total}" for name, total in zip(names, totals, strict=True))
    most = f", {MOST_BARS} {part_word(facts)} cao nhất" if len(parts) > MOST_BARS else ""
    alt = f"Biểu đồ thanh tỷ lệ nghèo đa chiều theo {part_word(facts)}{most}, gồm hộ nghèo và hộ cận nghèo. {spoken}."
    axis = f"Tỷ lệ hộ nghèo, hộ cận nghèo (%){most}"
    with sheet() as axes:
        return figure(stacked_bars(axes, names, series, axis), alt=alt, caption=caption)


def months_figure(facts: Facts, caption: str) -> Figure:
    """Cumulative disbursement in percent of the plan by month, the pace to the aim, and the year before."""
    planned = facts.change.months["planned_vnd"].iloc[-1]
    own = _rates(facts.change.months, planned)
    lines = [Line(f"Năm {facts.year}", own, Stroke("solid", "circle"), reach=1, is_labelled=True)]
    needed, aim = _needed(facts, own)
    if needed:
        lines.append(Line(f"Tiến độ cần có để đạt {count(aim)}%", needed, Stroke("dashed")))
    before = facts.change.months_before
    if len(before) and before["planned_vnd"].iloc[-1]:
        rates = _rates(before, before["planned_vnd"].iloc[-1])
        lines.append(Line(f"Năm {facts.year - 1}", rates, Stroke("dotted", "square", GREY), reach=1))
    alt = f"Biểu đồ đường lũy kế giải ngân theo tháng, phần trăm kế hoạch vốn năm {facts.year}. {_spoken(lines)}."
    last = int(max([_DECEMBER, *needed]))
    with sheet() as axes:
        drawn = month_lines(axes, lines, "Lũy kế so với kế hoạch vốn (%)", last=last)
        return figure(drawn, alt=alt, caption=caption)


def _rates(months: pd.DataFrame, planned: int) -> dict[float, float]:
    """Percent of the plan at the end of each month that is known and has money."""
    known = months[months["disbursed_vnd"].notna() & (months["planned_vnd"] > 0)]
    return {float(row["month"]): float(100 * row["disbursed_vnd"] / planned) for _, row in known.iterrows()}


def _needed(facts: Facts, own: dict[float, float]) -> tuple[dict[float, float], float]:
    """The straight way from the latest month to the aim at the deadline, which lies in month 13; none when reached."""
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
