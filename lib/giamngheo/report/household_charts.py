"""What the figures of an annual review show; in public ones small cells are left out."""

import pandas as pd

from giamngheo.report.elements import Figure, Prose
from giamngheo.report.figures import Series, stacked_bars
from giamngheo.report.figures_households import Band, alluvial, heat_map, small_multiples
from giamngheo.report.household_facts import HouseholdFacts
from giamngheo.report.household_tables import named
from giamngheo.report.numbers import count, percent
from giamngheo.statistics.households import disclosure, tables
from giamngheo.statistics.households.alkire_foster import dimension_contributions, indicator_measures, measures
from giamngheo.statistics.households.disclosure import SMALLEST_SHOWN
from giamngheo.statistics.ratio import percentage

ABOVE = "above"
ABSENT = ""
_CLASSES = {
    "poor": "Hộ nghèo",
    "near_poor": "Hộ cận nghèo",
    ABOVE: "Trên chuẩn",
    ABSENT: "Không có trong tệp",
}
_LOOKS = (("#1f4e78", ""), ("#9dc3e6", ""), ("#ffffff", "///"), ("#9dc3e6", "..."), ("#d9d9d9", "xx"), ("#ffffff", ""))


def deprivation_map(facts: HouseholdFacts, caption: str) -> Figure:
    """Share of the poor households of each unit below that each indicator deprives, as a heat map."""
    counts = pd.concat([facts.counts, facts.whole], ignore_index=True)
    table = tables.deprivation_table(counts)
    if facts.is_public:
        table = disclosure.public_shares(table, "indicator", facts.hidden, facts.rows)
    poor = table[table["class"] == "poor"].pivot(index="unit_code", columns="indicator", values="rate_pct")
    shown = named(facts, poor.reindex([code for code in facts.rows if code in poor.index]).reset_index())
    names = [entry.name for entry in facts.indicators]
    values = [[_value(row[entry.code]) for entry in facts.indicators] for _, row in shown.iterrows()]
    alt = "Bản đồ nhiệt tỷ lệ hộ nghèo thiếu hụt từng chỉ số theo đơn vị, %. " + "; ".join(
        f"{name}: " + ", ".join(f"{i} {percent(v)}" for i, v in zip(names, line, strict=True))
        for name, line in zip(shown["name"], values, strict=True)
    )
    return heat_map(list(shown["name"]), names, values, alt=alt, caption=caption)


def contribution_figure(facts: HouseholdFacts, caption: str) -> Figure | Prose:
    """What each dimension adds to the M0 of each unit, in percent; empty where the file has B2 only."""
    patterns = facts.of_unit(facts.review.counts.patterns)
    if patterns.empty:
        return Prose("")
    whole = patterns.assign(unit_code=facts.unit)
    both = pd.concat([patterns, whole], ignore_index=True)
    if facts.is_public:
        measured = disclosure.public_measures(measures(both, facts.poverty, ["unit_code"]))
        both = both[both["unit_code"].isin(measured.loc[measured["poor"].notna(), "unit_code"])]
    indicators = indicator_measures(both, facts.poverty, ["unit_code"])
    dimension_of = {entry.code: entry.dimension for entry in facts.indicators}
    parts = dimension_contributions(indicators, dimension_of, ["unit_code"])
    order = [*dict.fromkeys(dimension_of.values())]
    wide = parts.pivot(index="unit_code", columns="dimension", values="contribution_pct")[order]
    wide = wide.reindex([code for code in facts.rows if code in wide.index])
    shown = named(facts, wide.reset_index())
    series = [
        Series(name, [_value(value) for value in shown[name]], [""] * len(shown), *style)
        for name, style in zip(wide.columns, _LOOKS, strict=True)
    ]
    alt = "Biểu đồ thanh đóng góp của từng chiều vào M0, %. " + "; ".join(
        f"{row['name']}: " + ", ".join(f"{name} {percent(row[name])}" for name in wide.columns)
        for _, row in shown.iterrows()
    )
    return stacked_bars(list(shown["name"]), series, "Đóng góp vào M0 (%)", ends_at=100, alt=alt, caption=caption)


def class_flow_figure(facts: HouseholdFacts, caption: str) -> Figure | Prose:
    """From the classes of last year's review to this year's; empty without last year's file."""
    if facts.review.moves is None:
        return Prose("")
    bands = [band for band in _bands(facts) if not facts.is_public or band.households >= SMALLEST_SHOWN]
    spoken = "; ".join(f"từ {_CLASSES[b.before]} sang {_CLASSES[b.now]} {count(b.households)} hộ" for b in bands)
    ends = ("Kỳ trước", f"Năm {facts.review.day.year}")
    return alluvial(_CLASSES, bands, ends, alt=f"Sơ đồ dòng hộ giữa hai kỳ rà soát: {spoken}.", caption=caption)


def rate_multiples(facts: HouseholdFacts, caption: str) -> Figure:
    """Rates of the poor and the near-poor in each unit below, in small charts of one scale."""
    table = named(facts, facts.summary)
    groups = {"poor": "Nghèo", "near_poor": "Cận nghèo"}
    rates = [[_value(rate) for rate in percentage(table[f"{name}_households"], table["households"])] for name in groups]
    values = [value for pair in zip(*rates, strict=True) for value in pair]
    series = [Series("Tỷ lệ hộ (%)", values, [], "#9dc3e6")]
    alt = "Biểu đồ nhỏ tỷ lệ hộ nghèo, hộ cận nghèo theo đơn vị. " + "; ".join(
        f"{name}: {percent(poor)}, {percent(near)}" for name, poor, near in zip(table["name"], *rates, strict=True)
    )
    return small_multiples(list(table["name"]), series, list(groups.values()), alt=alt, caption=caption)


def _bands(facts: HouseholdFacts) -> list[Band]:
    moves = facts.review.moves
    if moves is None:
        return []
    level = facts.review.units.set_index("code")["level"][facts.unit]
    inside = set(facts.review.tree.loc[facts.review.tree[level] == facts.unit, "unit_code"])
    here, there = moves["from_unit"].isin(inside), moves["to_unit"].isin(inside)
    simple = moves[["from_class", "to_class"]].astype(str).replace({"average": ABOVE, "not_poor": ABOVE})
    ends = pd.DataFrame(
        {
            "before": simple["from_class"].where(here, ABSENT),
            "now": simple["to_class"].where(there, ABSENT),
            "households": moves["households"],
        }
    )[here | there]
    summed = ends.groupby(["before", "now"], as_index=False)["households"].sum()
    return [Band(row["before"], row["now"], int(row["households"])) for _, row in summed.iterrows()]


def _value(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type]
