"""What the figures of an annual review show; in public ones small cells are left out."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from giamngheo.households.disclosure.tables import shown_burdens, shown_parts
from giamngheo.households.flows import OTHER_CLASS
from giamngheo.households.measures.alkire_foster import dimension_contributions, indicator_measures
from giamngheo.report.drawing import (
    DARK,
    LIGHT,
    MOST_BARS,
    PALE,
    WHITE,
    Band,
    Look,
    Series,
    alluvial,
    figure,
    heat_map,
    sheet,
    small_bars,
    stacked_bars,
)
from giamngheo.report.elements import Figure, Prose
from giamngheo.report.language.numbers import count, percent
from giamngheo.report.review.facts import HouseholdFacts
from giamngheo.report.review.tables import named
from giamngheo.statistics.ratio import percentage

ABOVE = "above"
ABSENT = ""
_CLASSES = {
    "poor": "Hộ nghèo",
    "near_poor": "Hộ cận nghèo",
    ABOVE: "Trên chuẩn",
    ABSENT: "Tăng, giảm khác",
}
_LOOKS = (
    Look(DARK),
    Look(LIGHT),
    Look(WHITE, "lines"),
    Look(LIGHT, "rows"),
    Look(PALE, "crosses"),
    Look(WHITE),
)


def deprivation_map(facts: HouseholdFacts, caption: str) -> Figure | Prose:
    """Share of the poor households of each unit below that each indicator deprives, as a heat map; empty without any.

    Units without a poor household have no row.
    """
    table = shown_parts(facts.printed.parts["indicator"], "indicator", facts.hidden)
    poor = table[table["class"] == "poor"].pivot(index="unit_code", columns="indicator", values="rate_pct")
    if poor.empty:
        return Prose("")
    codes, most = _fitting(facts, poor.index)
    shown = named(facts, poor.reindex(codes).reset_index())
    names = [entry.name for entry in facts.indicators]
    values = [[_value(row[entry.code]) for entry in facts.indicators] for _, row in shown.iterrows()]
    alt = f"Bản đồ nhiệt tỷ lệ hộ nghèo thiếu hụt từng chỉ số theo đơn vị{most}, %. " + "; ".join(
        f"{name}: " + ", ".join(f"{i} {percent(v)}" for i, v in zip(names, line, strict=True))
        for name, line in zip(shown["name"], values, strict=True)
    )
    with sheet() as axes:
        return figure(heat_map(axes, list(shown["name"]), names, values), alt=alt, caption=caption + most)


def contribution_figure(facts: HouseholdFacts, caption: str) -> Figure | Prose:
    """What each dimension adds to the M0 of each unit, in percent; empty where the file has B2 only.

    Units where nobody is poor have no bar, nor have those of which a public reader is not told a part.
    """
    dimension_of = {entry.code: entry.dimension for entry in facts.indicators}
    order = [*dict.fromkeys(dimension_of.values())]
    burdens = facts.printed.burdens
    if burdens.empty or (burdens["poor"] == 0).all():
        return Prose("")
    known = shown_burdens(burdens.loc[burdens["poor"] > 0, "unit_code"], order, facts.hidden)
    patterns = facts.printed.patterns
    measured = indicator_measures(patterns[patterns["unit_code"].isin(known)], facts.poverty, ["unit_code"])
    parts = dimension_contributions(measured, dimension_of, ["unit_code"])
    wide = parts.pivot(index="unit_code", columns="dimension", values="contribution_pct").reindex(columns=order)
    codes, most = _fitting(facts, wide.index)
    shown = named(facts, wide.reindex(codes).reset_index())
    if shown.empty:
        return Prose("")
    series = [
        Series(name, [_value(value) for value in shown[name]], [""] * len(shown), style)
        for name, style in zip(order, _LOOKS, strict=True)
    ]
    alt = f"Biểu đồ thanh đóng góp của từng chiều vào M0{most}, %. " + "; ".join(
        f"{row['name']}: " + ", ".join(f"{name} {percent(row[name])}" for name in order) for _, row in shown.iterrows()
    )
    with sheet() as axes:
        drawn = stacked_bars(axes, list(shown["name"]), series, "Đóng góp vào M0 (%)", ends_at=100)
        return figure(drawn, alt=alt, caption=caption + most)


def class_flow_figure(facts: HouseholdFacts, caption: str) -> Figure | Prose:
    """How the poor and the near-poor came and went since last year: the flows of the official tables, as bands.

    Empty without last year's file, or where a public reader is told no flow.
    """
    bands = _bands(facts)
    told = [band for band in bands if band.households]
    if not told:
        return Prose("")
    spoken = "; ".join(f"từ {_CLASSES[b.before]} sang {_CLASSES[b.now]} {count(b.households)} hộ" for b in told)
    ends = ("Kỳ trước", f"Năm {facts.review.day.year}")
    with sheet() as axes:
        drawn = alluvial(axes, _CLASSES, bands, ends)
        return figure(drawn, alt=f"Sơ đồ dòng hộ giữa hai kỳ rà soát: {spoken}.", caption=caption)


def rate_multiples(facts: HouseholdFacts, caption: str) -> Figure:
    """Rates of the poor and the near-poor in each unit below, in small charts of one scale."""
    codes, most = _fitting(facts, facts.summary["unit_code"])
    table = named(facts, facts.summary[facts.summary["unit_code"].isin(codes)])
    groups = {"poor": "Nghèo", "near_poor": "Cận nghèo"}
    rates = [[_value(rate) for rate in percentage(table[f"{name}_households"], table["households"])] for name in groups]
    alt = f"Biểu đồ nhỏ tỷ lệ hộ nghèo, hộ cận nghèo theo đơn vị{most}. " + "; ".join(
        f"{name}: {percent(poor)}, {percent(near)}" for name, poor, near in zip(table["name"], *rates, strict=True)
    )
    with sheet() as axes:
        drawn = small_bars(axes, list(table["name"]), list(groups.values()), list(zip(*rates, strict=True)))
        return figure(drawn, alt=alt, caption=caption + most)


def _fitting(facts: HouseholdFacts, known: Iterable[str]) -> tuple[list[str], str]:
    """Return the units that a figure shows and what its caption says of them; the tables have all.

    Where there are too many for a page they are those with the highest rates, and the unit itself.
    """
    codes = [code for code in facts.rows if code in set(known)]
    if len(codes) <= MOST_BARS + 1:
        return codes, ""
    table = facts.summary.set_index("unit_code")
    both = table["poor_households"] + table["near_poor_households"]
    highest = percentage(both, table["households"]).drop(facts.unit).reindex(codes).astype("Float64")
    kept = {facts.unit, *highest.sort_values(ascending=False, kind="stable").index[:MOST_BARS]}
    return [code for code in codes if code in kept], f", {MOST_BARS} đơn vị có tỷ lệ nghèo cao nhất"


def _bands(facts: HouseholdFacts) -> list[Band]:
    """The flows of the unit as bands; without households where they are not told."""
    found: dict[tuple[str, str], Any] = {}
    for name, table in facts.flows.items():
        row = table.iloc[-1]
        flow = {column.removesuffix("_households"): row[column] for column in row.index}
        found[name, name] = flow["opening"] - flow["left"] - flow["other_decrease"]
        found[name, OTHER_CLASS[name]] = flow["left_to_other_class"]
        found[name, ABOVE] = flow["left_above"]
        found[name, ABSENT] = flow["other_decrease"]
        found[ABOVE, name] = flow["fell_back"] + flow["new"]
        found[ABSENT, name] = flow["other_increase"]
    return [Band(*ends, None if pd.isna(size) else int(size)) for ends, size in found.items()]


def _value(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type]
