"""Part IV, for the inside only: how firm the order of units is, where deprivations overlap, what targeting misses.

None of these cells is in an edition for the public: they tell more than its tables do.
"""

import pandas as pd

from giamngheo.households.measures.alkire_foster import Poverty
from giamngheo.households.measures.robustness import (
    dimension_sets,
    dominance_curves,
    dominated,
    order_agreement,
    overlap,
    rank_ranges,
    under_choices,
)
from giamngheo.households.measures.targeting import targeting
from giamngheo.households.places import counts_at
from giamngheo.report.drawing import curves, figure, heat_map, sheet
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.language.numbers import decimal, known_number, percent
from giamngheo.report.review.facts import HouseholdFacts
from giamngheo.report.review.results import named

_MOST_SETS = 12
"""Combinations of dimensions that a table shows; the others are one row."""

_MOST_CURVES = 4
"""Lines that can be told apart without colour."""

_NOTHING = "Không thiếu hụt chiều nào"


def choices_of(facts: HouseholdFacts, chosen: Poverty | None = None) -> dict[str, Poverty]:
    """Return the weights and cut-offs under which units are ordered, by name: first the chosen ones, or the decree's.

    Every indicator the same and every dimension the same, each at the cut-off and one below and above it; weights add
    up to the number of indicators.
    """
    count, cutoff = len(facts.indicators), facts.review.standard.deprivation_cutoff
    dimensions = [entry.dimension for entry in facts.indicators]
    raw = [1 / dimensions.count(name) for name in dimensions]
    ways = {"chỉ số bằng nhau": (1.0,) * count, "chiều bằng nhau": tuple(w * count / sum(raw) for w in raw)}
    every = {
        f"{words}, k = {k}": Poverty(weights, k)
        for words, weights in ways.items()
        for k in sorted({max(cutoff - 1, 1), cutoff, cutoff + 1}, key=lambda k: k != cutoff)
    }
    return ({"như tham số": chosen} if chosen else {}) | every


def order_table(
    facts: HouseholdFacts, patterns: pd.DataFrame | None = None, chosen: Poverty | None = None
) -> DataTable | Prose:
    """Return how many pairs of units keep their order of M0 under other weights and cut-offs; the last row is all.

    Empty for the public, where the file has B2 only, and of fewer than two units. patterns: counts by pattern of
    the units, those of the review where none are given.
    """
    values = _values(facts, patterns, chosen)
    if values is None:
        return Prose("")
    frame = order_agreement(values)
    frame["kendall"] = [decimal(tau, missing="") for tau in frame["kendall"]]
    frame["choice"] = frame["choice"].replace("", "Mọi cách: không cách nào đảo thứ tự")
    columns = (
        Column("choice", ("Trọng số, ngưỡng",), "text", 3),
        Column("pairs", ("Số cặp đơn vị",), "count"),
        Column("kept_pct", ("Cặp giữ thứ tự",), "percent", missing="-"),
        Column("kendall", ("Kendall tau-b",), "code"),
    )
    first = str(values.columns[0])
    note = f"So với cách thứ nhất ({first}), trên các cặp đơn vị có M0 khác nhau theo cách đó."
    caption = f"Độ vững của thứ tự {len(values)} đơn vị theo M0 khi đổi trọng số, ngưỡng k"
    return DataTable(frame, columns, caption, strong_rows=(len(frame) - 1,), note=note, name="order_table")


def ranks_table(
    facts: HouseholdFacts, patterns: pd.DataFrame | None = None, chosen: Poverty | None = None
) -> DataTable | Prose:
    """Return the rank of each unit by M0, and its best and worst under other weights and cut-offs; empty as above."""
    values = _values(facts, patterns, chosen)
    if values is None:
        return Prose("")
    ranked = rank_ranges(values).assign(m0_pct=100 * values.iloc[:, 0]).sort_values("rank", kind="stable")
    columns = (
        Column("name", ("Đơn vị",), "text", 2.2),
        Column("m0_pct", ("M0",), "percent"),
        Column("rank", ("Hạng",), "count"),
        Column("highest_rank", ("Hạng khi đổi cách tính", "Cao nhất"), "count"),
        Column("lowest_rank", ("Hạng khi đổi cách tính", "Thấp nhất"), "count"),
    )
    caption = "Hạng của đơn vị theo M0 và khoảng hạng khi đổi trọng số, ngưỡng k"
    note = f"Hạng 1 là M0 cao nhất. Các cách: {'; '.join(map(str, values.columns))}."
    shown = named(facts, ranked.rename_axis("unit_code").reset_index())
    return DataTable(shown, columns, caption, note=note, name="ranks_table")


def dominance_figure(facts: HouseholdFacts, patterns: pd.DataFrame | None = None) -> Figure | Prose:
    """Return the share of households deprived in at least k indicators, k = 1 …, of the whole and some units.

    The caption says of how many pairs of units one curve is nowhere above the other: their order holds at every k.
    """
    patterns = _patterns(facts, patterns)
    if patterns is None:
        return Prose("")
    cutoffs = range(1, len(facts.indicators) + 1)
    found = dominance_curves(patterns, facts.poverty, list(cutoffs))
    units = found.drop(index=facts.unit, errors="ignore")
    ordered = units.sort_values(units.columns[facts.review.standard.deprivation_cutoff - 1], ascending=False).index
    shown = [facts.unit, *dict.fromkeys([*ordered[:1], *ordered[len(ordered) // 2 :][:1], *ordered[-1:]])]
    lines = {
        str(row["name"]): [float(row[k]) for k in cutoffs]
        for _, row in named(facts, found.loc[shown[:_MOST_CURVES]].reset_index()).iterrows()
    }
    pairs, firm = len(units) * (len(units) - 1) // 2, len(dominated(units))
    told = f"; {firm}/{pairs} cặp đơn vị có thứ tự đúng với mọi k" if pairs else ""
    caption = f"Tỷ lệ hộ thiếu hụt từ k chỉ số trở lên{told}"
    alt = f"{caption}: " + "; ".join(f"{name} {', '.join(map(percent, line))}" for name, line in lines.items())
    with sheet() as axes:
        drawn = curves(axes, [float(k) for k in cutoffs], lines, ("Số chỉ số thiếu hụt từ k", "Tỷ lệ hộ (%)"))
        return figure(drawn, alt=alt, caption=caption, name="dominance_figure")


def overlap_figure(facts: HouseholdFacts, patterns: pd.DataFrame | None = None) -> Figure | Prose:
    """Return, of the households that each indicator deprives, how many each other one deprives too, as a heat map."""
    patterns = _patterns(facts, patterns, few=1)
    if patterns is None:
        return Prose("")
    table = overlap(patterns[patterns["unit_code"] == facts.unit], facts.poverty)
    names = {entry.code: entry.name for entry in facts.indicators}
    cells: dict[tuple[str, str], float | None] = {(code, code): 100.0 for code in names}
    for _, row in table.iterrows():
        cells[row["indicator"], row["other"]] = known_number(row["of_indicator_pct"])
        cells[row["other"], row["indicator"]] = known_number(row["of_other_pct"])
    values = [[cells[row, column] for column in names] for row in names]
    caption = "Trong số hộ thiếu hụt chỉ số ở hàng, tỷ lệ hộ thiếu hụt cả chỉ số ở cột (%)"
    alt = f"Bản đồ nhiệt. {caption}. " + "; ".join(
        f"{name}: " + ", ".join(f"{other} {percent(value)}" for other, value in zip(names.values(), line, strict=True))
        for name, line in zip(names.values(), values, strict=True)
    )
    with sheet() as axes:
        drawn = heat_map(axes, list(names.values()), list(names.values()), values)
        return figure(drawn, alt=alt, caption=caption, name="overlap_figure")


def dimension_sets_table(facts: HouseholdFacts, patterns: pd.DataFrame | None = None) -> DataTable | Prose:
    """Return how many households lack something in just which dimensions, the largest groups first."""
    patterns = _patterns(facts, patterns, few=1)
    if patterns is None:
        return Prose("")
    own = patterns[patterns["unit_code"] == facts.unit]
    table = dimension_sets(own, [entry.dimension for entry in facts.indicators])
    rest = table.iloc[_MOST_SETS:][["population", "share_pct"]].sum()
    frame = table.head(_MOST_SETS).assign(name=table["dimensions"].map(lambda names: " + ".join(names) or _NOTHING))
    if len(table) > _MOST_SETS:
        others = {"name": f"{len(table) - _MOST_SETS} tổ hợp khác", **rest}
        frame = pd.concat([frame, pd.DataFrame([others])], ignore_index=True)
    columns = (
        Column("name", ("Thiếu hụt đúng các chiều",), "text", 4),
        Column("population", ("Số hộ",), "count"),
        Column("share_pct", ("Tỷ lệ",), "percent"),
    )
    return DataTable(frame, columns, "Tổ hợp các chiều thiếu hụt của hộ", name="dimension_sets_table")


def targeting_table(facts: HouseholdFacts) -> DataTable | Prose:
    """Return the errors of inclusion and exclusion between scores and income by unit; empty without both, or public."""
    both = facts.review.both_classes
    tree, level = facts.review.tree.set_index("unit_code"), _level(facts)
    both = both[both["unit_code"].map(tree[level]).eq(facts.unit).to_numpy(dtype=bool)].reset_index(drop=True)
    if facts.is_public or both.empty:
        return Prose("")
    keys = ["class_by_income", "class_by_score"]
    parts = counts_at(both, facts.review.tree, facts.below)
    whole = both.groupby(keys, as_index=False)[["households", "persons"]].sum().assign(unit_code=facts.unit)
    every = pd.concat([parts[parts["unit_code"] != facts.unit], whole], ignore_index=True)
    table = targeting(every.astype({"unit_code": "str"}), ["unit_code"]).set_index("unit_code")
    frame = named(facts, table.reindex([code for code in facts.rows if code in table.index]).reset_index())
    columns = (
        Column("name", ("Đơn vị",), "text", 2.2),
        Column("population", ("Hộ có cả hai",), "count"),
        Column("by_income", ("Hộ nghèo, cận nghèo", "Theo thu nhập"), "count"),
        Column("by_score", ("Hộ nghèo, cận nghèo", "Theo điểm"), "count"),
        Column("excluded", ("Sót", "Số hộ"), "count"),
        Column("exclusion_error_pct", ("Sót", "Tỷ lệ"), "percent", missing="-"),
        Column("included", ("Nhầm", "Số hộ"), "count"),
        Column("inclusion_error_pct", ("Nhầm", "Tỷ lệ"), "percent", missing="-"),
    )
    note = (
        "Sót: dưới chuẩn theo thu nhập mà trên chuẩn theo điểm, trên số hộ theo thu nhập. "
        "Nhầm: dưới chuẩn theo điểm mà trên chuẩn theo thu nhập, trên số hộ theo điểm."
    )
    caption = "Sót và nhầm khi xác định bằng điểm B1 so với thu nhập"
    strong = (len(frame) - 1,)
    return DataTable(frame, columns, caption, strong_rows=strong, note=note, name="targeting_table")


def _level(facts: HouseholdFacts) -> str:
    return str(facts.review.units.set_index("code")["level"][facts.unit])


def _patterns(facts: HouseholdFacts, given: pd.DataFrame | None, few: int = 2) -> pd.DataFrame | None:
    """Return the counts by pattern that a reader may see; None for the public, with B2 only, or of fewer units."""
    patterns = facts.printed.patterns if given is None else given
    if facts.is_public or patterns.empty:
        return None
    shown = patterns[patterns["unit_code"] != ""]
    return shown if few <= 1 or shown["unit_code"].nunique() > few else None


def _values(facts: HouseholdFacts, given: pd.DataFrame | None, chosen: Poverty | None) -> pd.DataFrame | None:
    """Return M0 of each unit below under each choice; None as _patterns."""
    patterns = _patterns(facts, given)
    if patterns is None:
        return None
    return under_choices(patterns[patterns["unit_code"] != facts.unit], choices_of(facts, chosen))
