"""What the three figures of the report show."""

from collections.abc import Sequence
from itertools import cycle

import pandas as pd

from giamngheo.report import yardsticks
from giamngheo.report.drawing import (
    DARK,
    LIGHT,
    WHITE,
    Look,
    Mark,
    Series,
    Stroke,
    figure,
    grouped_bars,
    rate_bars,
    sheet,
    stacked_bars,
)
from giamngheo.report.elements import Figure
from giamngheo.report.facts import Facts, first_row
from giamngheo.report.language import words
from giamngheo.report.language.numbers import VND_PER_MILLION, count, money, percent
from giamngheo.report.monthly.funding_words import rows_below
from giamngheo.report.monthly.poverty_words import TITLES
from giamngheo.statistics.funding import TOTAL

_LOOKS = (Look(LIGHT), Look(DARK), Look(WHITE, "lines"), Look(LIGHT, "rows"))
_SOURCE_LOOKS = (Look(DARK), Look(WHITE, "lines"), Look(LIGHT), Look(LIGHT, "rows"))


def poverty_figure(facts: Facts, caption: str) -> Figure:
    """Rates of poor, near-poor and both: last year, now, plan."""
    columns = _rate_columns(facts)
    series = [
        Series(name, values, [percent(value) for value in values], look)
        for (name, values), look in zip(columns.items(), _LOOKS, strict=False)
    ]
    spoken = "; ".join(f"{s.name}: " + ", ".join(_spoken(_GROUPS, s.labels)) for s in series)
    alt = f"Biểu đồ cột tỷ lệ hộ nghèo, hộ cận nghèo. {spoken}."
    with sheet() as axes:
        return figure(grouped_bars(axes, _GROUPS, series, "Tỷ lệ (%)"), alt=alt, caption=caption)


_GROUPS = ("Hộ nghèo", "Hộ cận nghèo", "Nghèo đa chiều")


def _rate_columns(facts: Facts) -> dict[str, list[float | None]]:
    """Rates of the three groups by the time they are of, in order of time."""
    columns = {
        words.review_time(row["date"]).capitalize(): [
            _known(row[f"{name}_rate_pct"]) for name in (*TITLES, "multidimensional")
        ]
        for _, row in facts.reviews_shown.iterrows()
    }
    target = first_row(facts.targets)
    if columns and target is not None:
        planned = [_known(target[f"{name}_remaining_rate_pct"]) for name in (*TITLES, "multidimensional")]
        columns[f"Kế hoạch {facts.year}"] = planned
    return columns


def _known(rate: object) -> float | None:
    return None if pd.isna(rate) else float(rate)  # type: ignore[arg-type]


def allocation_figure(facts: Facts, caption: str) -> Figure:
    """Capital of the year by project and source."""
    rows = projects(facts)
    names = _names(facts, rows)
    totals = [money(row["planned_vnd"]) for row in rows]
    series = [
        Series(
            source["name"],
            [row[f"planned_vnd/{source['code']}"] / VND_PER_MILLION for row in rows],
            totals,
            look,
        )
        for (_, source), look in zip(facts.sources_of(facts.year).iterrows(), cycle(_SOURCE_LOOKS), strict=False)
    ]
    alt = "Biểu đồ thanh vốn giao theo dự án và nguồn vốn, triệu đồng. " + "; ".join(_spoken(names, totals)) + "."
    with sheet() as axes:
        return figure(stacked_bars(axes, names, series, "Triệu đồng"), alt=alt, caption=caption)


def disbursement_figure(facts: Facts, caption: str) -> Figure:
    """Rate of disbursement of each project beside the national yardstick and the aim."""
    rows = [row for row in projects(facts) if row["planned_vnd"] > 0]
    rows.append(facts.funds[facts.year].iloc[0])
    names = _names(facts, rows)
    rates = [None if pd.isna(row["rate_pct"]) else float(row["rate_pct"]) for row in rows]
    labels = [percent(rate, missing="chưa có số liệu") for rate in rates]
    marks = _marks(facts)
    alt = (
        "Biểu đồ thanh tỷ lệ giải ngân so với kế hoạch vốn theo dự án. "
        + "; ".join(_spoken(names, labels))
        + ". "
        + "; ".join(mark.name for mark in marks)
        + "."
    )
    bars = Series("Tỷ lệ giải ngân", rates, labels, Look(DARK))
    with sheet() as axes:
        return figure(rate_bars(axes, names, bars, marks, "Tỷ lệ giải ngân (%)"), alt=alt, caption=caption)


def _names(facts: Facts, rows: Sequence[pd.Series]) -> list[str]:
    """Number and short name of each project; the programme's own row is the whole programme."""
    codes = [row["project_code"] for row in rows]
    return [f"{code}. {facts.labels[facts.year, code]['short']}" if code else "Toàn Chương trình" for code in codes]


def _marks(facts: Facts) -> list[Mark]:
    """The national rate and the aim, where they are known."""
    aim, national = yardsticks.aim_pct(facts.period), yardsticks.national_rate(facts.period)
    marks = [] if aim is None else [Mark(f"Mục tiêu cả năm ({count(aim)}%)", aim, Stroke("dashed"))]
    if national is not None:
        name = f"Cả nước sau {national.months} tháng ({percent(national.rate_pct)})"
        marks.insert(0, Mark(name, national.rate_pct, Stroke("dotted")))
    return marks


def projects(facts: Facts) -> list[pd.Series]:
    """Budgeted projects of the year's programme table."""
    table = facts.funds.get(facts.year)
    if table is None:
        return []
    return rows_below(facts, table, TOTAL)


def _spoken(names: Sequence[str], values: Sequence[str]) -> list[str]:
    return [f"{name} {value}" for name, value in zip(names, values, strict=True)]
