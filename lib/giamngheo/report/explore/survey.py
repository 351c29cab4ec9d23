"""Any survey explored: multidimensional poverty by indicators, weights and cut-off of a small table."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from giamngheo.core.paths import located
from giamngheo.households.measures import indicators as surveys
from giamngheo.households.measures.alkire_foster import (
    Poverty,
    dimension_contributions,
    indicator_measures,
    measures,
    scored,
)
from giamngheo.households.measures.groups import groups
from giamngheo.households.measures.indicators import Blanks, Columns, Survey, SurveyIndicator
from giamngheo.households.measures.robustness import dominance_curves, overlap
from giamngheo.households.measures.survey import ALKIRE_FOSTER, linearized
from giamngheo.regulation.peoples import OTHER
from giamngheo.report.drawing import LOOKS, MOST_BARS, Series, curves, figure, heat_map, sheet, stacked_bars
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.language.numbers import count, decimal, known_number, percent
from giamngheo.report.language.words import OTHER_NOTE

_WHOLE = "Tất cả"
_TOLD = "group as told"
_MOST_CURVES = 4
_COUNTED = {"households": "hộ", "persons": "người"}
_LEFT_OUT = {
    "drop": "có chỉ số để trống bị loại",
    "renormalise": "không có chỉ số nào bị loại; hộ thiếu vài chỉ số thì trọng số các chỉ số còn lại được quy về đủ 1",
}


@dataclass(frozen=True)
class SurveyFacts:
    """A survey in counts, its indicators and how the poor are identified.

    group: the column of groups, "" without; unlisted: households whose people is none of the official list.
    """

    survey: Survey
    indicators: tuple[SurveyIndicator, ...]
    poverty: Poverty
    group: str
    blanks: Blanks
    unlisted: int = 0

    def __repr__(self) -> str:
        return f"<giamngheo survey of {self.group or 'one group'}: {len(self.indicators)} indicators>"

    @property
    def counts(self) -> pd.DataFrame:
        """The counts with a column `group`: each household in its group and, under "" as well, in the whole."""
        whole = self.survey.counts.assign(group=_WHOLE)
        if not self.group:
            return whole
        named = self.survey.counts[_TOLD].replace("", "(trống)")
        return pd.concat([self.survey.counts.assign(group=named), whole], ignore_index=True)


def survey_facts(
    file: str,
    indicators: str,
    *,
    group: str = "",
    weight: str = "",
    members: str = "",
    stratum: str = "",
    cluster: str = "",
    cutoff: float = 1 / 3,
    population: str = "households",
    blanks: Blanks = "drop",
) -> SurveyFacts:
    """Return a survey by the indicators of a table, both files; the others name its columns, "" where it has none.

    cutoff: share of all weights from which on a household is poor. group: as households.measures.groups tells it.
    Raises GiamngheoError.
    """
    table = surveys.indicator_table(located(indicators))
    columns = Columns(weight=weight, members=members, stratum=stratum, cluster=cluster)
    path = located(file)
    rows = surveys.survey_table(path)
    by, unlisted = [group] if group else [], 0
    if group in rows:
        told = groups(path, rows, group)
        rows, by, unlisted = rows.assign(**{_TOLD: told.names}), [_TOLD], told.unlisted
    counted = surveys.survey_counts(rows, table, columns, by=by, blanks=blanks)
    return SurveyFacts(counted, table, surveys.poverty_of(table, cutoff, population), group, blanks, unlisted)


def sample_text(facts: SurveyFacts) -> Prose:
    """Return how many households were read and left out, and by which rule."""
    found, rule = facts.survey, _LEFT_OUT[facts.blanks]
    others = f" {count(facts.unlisted)} hộ có tên dân tộc ngoài danh mục 54 dân tộc, được tính là {OTHER!r}."
    return Prose(
        f"Đọc {count(found.households)} hộ; {count(found.left_out)} hộ {rule}. {len(facts.indicators)} chỉ số, "
        f"nghèo là thiếu hụt từ {percent(100 * facts.poverty.cutoff)} tổng trọng số; "
        f"đơn vị tính: {_COUNTED[facts.poverty.population]}." + (others if facts.unlisted else "")
    )


def measures_table(facts: SurveyFacts) -> DataTable:
    """Return H, A and M0 of each group and of all; of a sample with the error and interval of M0.

    Raises LonelyClusterError.
    """
    frame = measures(facts.counts, facts.poverty, ["group"]).set_index("group")
    frame["m0_pct"] = 100 * frame["adjusted_headcount"]
    columns = [
        Column("group", (facts.group or "Nhóm",), "text", 2.2),
        Column("incidence_pct", ("H",), "percent"),
        Column("intensity_pct", ("A",), "percent", missing="-"),
        Column("m0_pct", ("M0",), "percent"),
    ]
    if facts.survey.is_drawn:
        found = linearized(scored(facts.counts, facts.poverty), ALKIRE_FOSTER, ["group"]).set_index("group")
        for measure, words in (("incidence", "H"), ("adjusted_headcount", "M0")):
            own = found[found["measure"] == measure]
            for name, head in (("standard_error", "Sai số chuẩn"), ("low", "Từ"), ("high", "Đến")):
                frame[f"{measure}_{name}"] = 100 * own[name]
                columns.append(Column(f"{measure}_{name}", (f"{words}, khoảng tin cậy 95%", head), "percent"))
    shown = frame.loc[[*frame.index.drop(_WHOLE), _WHOLE]].reset_index()
    note = OTHER_NOTE if facts.unlisted else ""
    return DataTable(shown, tuple(columns), _caption("H, A, M0", facts), strong_rows=(len(shown) - 1,), note=note)


def indicator_table(facts: SurveyFacts) -> DataTable:
    """Return uncensored and censored headcounts and contributions by indicator."""
    frame = indicator_measures(facts.survey.counts, facts.poverty).assign(
        dimension=[entry.dimension for entry in facts.indicators],
        name=[entry.name for entry in facts.indicators],
        weight_pct=[100 * entry.weight for entry in facts.indicators],
    )
    columns = (
        Column("dimension", ("Chiều",), "text", 1.6),
        Column("name", ("Chỉ số",), "text", 2.4),
        Column("weight_pct", ("Trọng số",), "percent"),
        Column("uncensored_pct", ("Tỷ lệ thiếu hụt", "Tất cả"), "percent"),
        Column("censored_pct", ("Tỷ lệ thiếu hụt", "Nghèo đa chiều"), "percent"),
        Column("contribution_pct", ("Đóng góp vào M0",), "percent", missing="-"),
    )
    return DataTable(frame, columns, _caption("Thiếu hụt theo chỉ số", facts))


def contributions_figure(facts: SurveyFacts) -> Figure | Prose:
    """Return what each dimension adds to the M0 of each group; empty where nobody is poor, or of too many."""
    dimensions = {f"{place:02}": entry.dimension for place, entry in enumerate(facts.indicators, 1)}
    order = list(dict.fromkeys(dimensions.values()))
    parts = dimension_contributions(indicator_measures(facts.counts, facts.poverty, ["group"]), dimensions, ["group"])
    wide = parts.pivot(index="group", columns="dimension", values="contribution_pct").dropna()[order]
    if wide.empty or len(order) > len(LOOKS):
        return Prose("")
    groups = [*[name for name in wide.index if name != _WHOLE][: MOST_BARS - 1], _WHOLE]
    series = [
        Series(name, [known_number(value) for value in wide.loc[groups, name]], [""] * len(groups), look)
        for name, look in zip(order, LOOKS, strict=False)
    ]
    caption = _caption("Đóng góp của các chiều vào M0 (%)", facts)
    alt = f"{caption}: " + "; ".join(
        f"{group}: " + ", ".join(f"{name} {percent(wide.loc[group, name])}" for name in order) for group in groups
    )
    with sheet() as axes:
        drawn = stacked_bars(axes, groups, series, "Đóng góp vào M0 (%)", ends_at=100)
        return figure(drawn, alt=alt, caption=caption)


def dominance_figure(facts: SurveyFacts) -> Figure:
    """Return the share deprived in at least each part of all weights, of all and of the largest groups."""
    cutoffs = [round(0.1 * step, 1) for step in range(1, 11)]
    found = dominance_curves(facts.counts, facts.poverty, cutoffs, "group")
    size = facts.counts.groupby("group")[facts.poverty.population].sum().sort_values(ascending=False, kind="stable")
    lines = {str(name): [float(value) for value in found.loc[name]] for name in size.index[:_MOST_CURVES]}
    caption = _caption("Tỷ lệ thiếu hụt từ một phần tổng trọng số trở lên", facts)
    alt = f"{caption}: " + "; ".join(f"{name} {', '.join(map(percent, line))}" for name, line in lines.items())
    with sheet() as axes:
        drawn = curves(axes, cutoffs, lines, ("Phần tổng trọng số thiếu hụt từ k", "Tỷ lệ (%)"))
        return figure(drawn, alt=alt, caption=caption)


def overlap_figure(facts: SurveyFacts) -> Figure | Prose:
    """Return, of those whom each indicator deprives, how many each other one deprives too; empty of too many."""
    names = [entry.name for entry in facts.indicators]
    if not 1 < len(names) <= MOST_BARS:
        return Prose("")
    values: list[list[float | None]] = [[100.0 if one == other else None for other in names] for one in names]
    for _, row in overlap(facts.survey.counts, facts.poverty).iterrows():
        one, other = int(row["indicator"]) - 1, int(row["other"]) - 1
        values[one][other] = known_number(row["of_indicator_pct"])
        values[other][one] = known_number(row["of_other_pct"])
    caption = _caption("Trong số thiếu hụt chỉ số ở hàng, tỷ lệ thiếu hụt cả chỉ số ở cột (%)", facts)
    alt = f"Bản đồ nhiệt. {caption}. " + _spoken(names, values)
    with sheet() as axes:
        return figure(heat_map(axes, names, names, values), alt=alt, caption=caption)


def _spoken(names: Sequence[str], values: Sequence[Sequence[float | None]]) -> str:
    return "; ".join(
        f"{name}: " + ", ".join(f"{other} {percent(value)}" for other, value in zip(names, line, strict=True))
        for name, line in zip(names, values, strict=True)
    )


def _caption(words: str, facts: SurveyFacts) -> str:
    return f"{words} (k = {decimal(facts.poverty.cutoff)}, {len(facts.indicators)} chỉ số)"
