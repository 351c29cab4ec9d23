"""The tables of an annual review, laid out; in public ones small cells are left out."""

from collections.abc import Mapping, Sequence

import pandas as pd

from giamngheo.households.disclosure import tables as public_tables
from giamngheo.households.file.schema import household_choices
from giamngheo.households.flows import FLOWS
from giamngheo.households.measures.alkire_foster import measures, with_contributions
from giamngheo.regulation.peoples import OTHER
from giamngheo.report.elements import Column, DataTable, Prose
from giamngheo.report.review.facts import HouseholdFacts
from giamngheo.statistics.ratio import percentage

OTHER_NOTE = f"{OTHER}: hộ có tên dân tộc ghi trong tệp hộ không thuộc Danh mục các thành phần dân tộc Việt Nam."

CLASS_WORDS = {"poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo", "average": "Mức sống trung bình"}

COUNTED = {"households": "hộ", "persons": "khẩu"}

_FLOW_WORDS = {
    "opening": "(1) Đầu kỳ",
    "left_to_other_class": "(2) Sang {other}",
    "left_above": "(3) Vượt chuẩn cận nghèo",
    "other_decrease": "(4) Giảm khác",
    "entered_from_other_class": "(5) Từ {other}",
    "fell_back": "(6) Tái {this}",
    "new": "(7) Phát sinh",
    "other_increase": "(8) Tăng khác",
    "closing": "(9) Cuối kỳ",
}
_SHORT = {"poor": "nghèo", "near_poor": "cận nghèo"}


def summary_table(facts: HouseholdFacts, count: str, caption: str) -> DataTable:
    """Results of the review by unit, counted in "households" or "persons", with rates of the classes."""
    frame = named(facts, facts.summary.assign(total=facts.summary[count]))
    columns = [Column("name", ("Đơn vị",), "text", 2.2), Column("total", (f"Tổng số {COUNTED[count]}",), "count")]
    for name, words in CLASS_WORDS.items():
        frame[f"{name}_rate"] = percentage(frame[f"{name}_{count}"], frame["total"])
        columns.append(Column(f"{name}_{count}", (words, f"Số {COUNTED[count]}"), "count"))
        columns.append(Column(f"{name}_rate", (words, "Tỷ lệ"), "percent"))
    return _table(facts, frame, columns, caption)


def flow_table(facts: HouseholdFacts, name: str, count: str, caption: str) -> DataTable | Prose:
    """How the households or persons of a class came and went; empty without last year's file.

    The public reads the households of the whole only, and nothing where no flow is published.
    """
    shown = facts.flows.get(name, pd.DataFrame())
    if f"opening_{count}" not in shown or not facts.has_flows:
        return Prose("")
    words = {"this": _SHORT[name], "other": _SHORT["near_poor" if name == "poor" else "poor"]}
    columns = [Column("name", ("Đơn vị",), "text", 2.2)]
    columns += [
        Column(f"{flow}_{count}", (_FLOW_WORDS[flow].format(**words),), "count") for flow in FLOWS if flow != "left"
    ]
    return _table(facts, named(facts, shown), columns, caption)


def deprivation_table(facts: HouseholdFacts, caption: str) -> DataTable:
    """Deprived households of the poor and the near-poor by indicator, of the reporting unit."""
    names = {entry.code: entry.name for entry in facts.indicators}
    return _parts_table(facts, "indicator", names, words=("Chỉ số thiếu hụt", caption))


def cause_table(facts: HouseholdFacts, caption: str) -> DataTable:
    """Poor and near-poor households by cause of poverty, of the reporting unit."""
    names = household_choices("cause")
    return _parts_table(facts, "cause", names, words=("Nguyên nhân nghèo", caption))


def group_table(facts: HouseholdFacts, caption: str) -> DataTable:
    """Poor and near-poor households by group, of the reporting unit."""
    names = {"ethnic_minority": "Dân tộc thiểu số"} | dict(household_choices("group"))
    return _parts_table(facts, "group", names, words=("Nhóm đối tượng", caption))


def ethnicity_table(facts: HouseholdFacts, caption: str) -> DataTable:
    """Households of each ethnic group, the poor and the near-poor among them, of the reporting unit."""
    table = public_tables.shown_peoples(facts.printed.peoples, facts.hidden)
    frame = table.assign(name=table["ethnic_group"].replace("", "Không ghi"))
    columns = [Column("name", ("Dân tộc",), "text", 2.2), Column("households", ("Tổng số hộ",), "count")]
    for name in ("poor", "near_poor"):
        columns.append(Column(f"{name}_households", (CLASS_WORDS[name], "Số hộ"), "count"))
        columns.append(Column(f"{name}_rate_pct", (CLASS_WORDS[name], "Tỷ lệ"), "percent"))
    note = " ".join(filter(None, (facts.hidden_note, OTHER_NOTE if OTHER in set(table["ethnic_group"]) else "")))
    return DataTable(frame, tuple(columns), caption, note=note)


def measure_table(facts: HouseholdFacts, caption: str) -> DataTable | Prose:
    """H, A, M0 of each unit and its share in them; empty where the file has B2 only."""
    patterns = facts.printed.patterns
    if patterns.empty:
        return Prose("")
    table = with_contributions(measures(patterns, facts.poverty, ["unit_code"]), facts.unit)
    frame = named(facts, public_tables.shown_measures(table, facts.hidden))
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
    return _table(facts, frame, columns, caption)


def disagreement_table(facts: HouseholdFacts, caption: str) -> DataTable | Prose:
    """Households that income and scores put on different sides; empty when there are none, or for the public."""
    found = facts.review.disagreements
    if found.empty or facts.is_public:
        return Prose("")
    words = household_choices("class")
    frame = found.assign(income=found["class_by_income"].map(words), score=found["class_by_score"].map(words))
    columns = (
        Column("income", ("Theo thu nhập",), "text", 2),
        Column("score", ("Theo điểm B1, B2",), "text", 2),
        Column("households", ("Số hộ",), "count"),
        Column("persons", ("Số khẩu",), "count"),
    )
    return DataTable(frame, columns, caption)


def named(facts: HouseholdFacts, table: pd.DataFrame) -> pd.DataFrame:
    """The table with the name of each unit, the reporting one last as the total."""
    names = [f"Toàn {facts.unit_name}" if code == facts.unit else facts.names[code] for code in table["unit_code"]]
    return table.assign(name=names)


def _parts_table(facts: HouseholdFacts, name: str, names: Mapping[str, str], *, words: tuple[str, str]) -> DataTable:
    """Poor and near-poor side by side, one row a part; `words`: heading of the parts, caption."""
    table = facts.printed.parts[name]
    shown = public_tables.shown_parts(table[table["unit_code"] == facts.unit], name, facts.hidden)
    of_class = {kind: rows.set_index(name).reindex(list(names)) for kind, rows in shown.groupby("class")}
    nobody = pd.DataFrame({"households": 0, "rate_pct": pd.NA}, index=list(names))
    frame = pd.DataFrame({"name": list(names.values())})
    columns = [Column("name", (words[0],), "text", 3)]
    for kind in ("poor", "near_poor"):
        for value, heading, style in (("households", "Số hộ", "count"), ("rate_pct", "Tỷ lệ", "percent")):
            frame[f"{kind}_{value}"] = of_class.get(kind, nobody)[value].to_numpy()
            columns.append(Column(f"{kind}_{value}", (CLASS_WORDS[kind], heading), style))  # type: ignore[arg-type]
    return DataTable(frame, tuple(columns), words[1], note=facts.hidden_note)


def _table(facts: HouseholdFacts, frame: pd.DataFrame, columns: Sequence[Column], caption: str) -> DataTable:
    return DataTable(frame, tuple(columns), caption, strong_rows=(len(frame) - 1,), note=facts.hidden_note)
