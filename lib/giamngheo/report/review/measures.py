"""Part IV: the measures of Alkire and Foster by unit; where income and scores disagree."""

from dataclasses import replace

from giamngheo.households.disclosure.tables import shown_burdens, shown_measures
from giamngheo.households.file.schema import household_choices
from giamngheo.households.measures import alkire_foster
from giamngheo.report.drawing import LOOKS, Series, figure, sheet, stacked_bars
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.numbers import known_number, percent
from giamngheo.report.review.facts import HouseholdFacts
from giamngheo.report.review.results import fitting, named, table_by_unit

_NOTE = "H, A, M0: Alkire và Foster (2011); cách tính và điều không nói: tài liệu “Các thước đo” (docs/measures.md)."


def measures_text(facts: HouseholdFacts) -> Prose:
    """Return part IV: what the measures of Alkire and Foster are."""
    return Prose(narrative("review/measures", cutoff=facts.poverty.cutoff))


def measures(facts: HouseholdFacts) -> DataTable | Prose:
    """Return H, A, M0 of each unit and its share in them; empty where the file has B2 only."""
    patterns = facts.printed.patterns
    if patterns.empty:
        return Prose("")
    table = alkire_foster.with_contributions(alkire_foster.measures(patterns, facts.poverty, ["unit_code"]), facts.unit)
    frame = named(facts, shown_measures(table, facts.hidden))
    frame["m0_pct"] = 100 * frame["adjusted_headcount"]
    columns = [
        Column("name", ("Đơn vị",), "text", 2.2),
        Column("poor", (f"Hộ thiếu hụt từ {facts.poverty.cutoff} chỉ số",), "count"),
        Column("incidence_pct", ("Tỷ lệ H",), "percent"),
        Column("intensity_pct", ("Mức độ A",), "percent"),
        Column("m0_pct", ("M0 = H × A",), "percent"),
        Column("population_share_pct", ("Tỷ trọng hộ",), "percent"),
        Column("contribution_pct", ("Đóng góp vào M0",), "percent"),
    ]
    caption = "Tỷ lệ (H), mức độ (A) và chỉ số nghèo đa chiều (M0) theo đơn vị"
    table = table_by_unit(facts, frame, columns, caption=caption, name="measures")
    return replace(table, note=" ".join(filter(None, (_NOTE, table.note))))


def contributions(facts: HouseholdFacts) -> Figure | Prose:
    """Return what each dimension adds to the M0 of each unit, in percent; empty where the file has B2 only.

    Units where nobody is poor have no bar, nor have those of which a public reader is not told a part.
    """
    dimension_of = {entry.code: entry.dimension for entry in facts.indicators}
    order = [*dict.fromkeys(dimension_of.values())]
    burdens = facts.printed.burdens
    if burdens.empty or (burdens["poor"] == 0).all():
        return Prose("")
    known = shown_burdens(burdens.loc[burdens["poor"] > 0, "unit_code"], order, facts.hidden)
    patterns = facts.printed.patterns
    measured = alkire_foster.indicator_measures(
        patterns[patterns["unit_code"].isin(known)], facts.poverty, ["unit_code"]
    )
    parts = alkire_foster.dimension_contributions(measured, dimension_of, ["unit_code"])
    wide = parts.pivot(index="unit_code", columns="dimension", values="contribution_pct").reindex(columns=order)
    codes, most = fitting(facts, wide.index)
    shown = named(facts, wide.reindex(codes).reset_index())
    if shown.empty:
        return Prose("")
    series = [
        Series(name, [known_number(value) for value in shown[name]], [""] * len(shown), style)
        for name, style in zip(order, LOOKS, strict=True)
    ]
    alt = f"Biểu đồ thanh đóng góp của từng chiều vào M0{most}, %. " + "; ".join(
        f"{row['name']}: " + ", ".join(f"{name} {percent(row[name])}" for name in order) for _, row in shown.iterrows()
    )
    with sheet() as axes:
        drawn = stacked_bars(axes, list(shown["name"]), series, "Đóng góp vào M0 (%)", ends_at=100)
        caption = f"Đóng góp của các chiều vào chỉ số nghèo đa chiều{most}"
        return figure(drawn, alt=alt, caption=caption, name="contributions")


def disagreements(facts: HouseholdFacts) -> DataTable | Prose:
    """Return households that income and scores put on different sides; empty when there are none, or for the public."""
    found = facts.review.disagreements
    if found.empty or facts.is_public:
        return Prose("")
    names = household_choices("class")
    frame = found.assign(income=found["class_by_income"].map(names), score=found["class_by_score"].map(names))
    columns = (
        Column("income", ("Theo thu nhập",), "text", 2),
        Column("score", ("Theo điểm B1, B2",), "text", 2),
        Column("households", ("Số hộ",), "count"),
        Column("persons", ("Số khẩu",), "count"),
    )
    caption = "Hộ có kết quả khác nhau giữa thu nhập và điểm B1, B2"
    return DataTable(frame, columns, caption, name="disagreements")
