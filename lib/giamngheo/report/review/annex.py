"""The annex of a review: its official tables by unit, for the inside only (of a unit most cells are small)."""

from collections.abc import Mapping
from dataclasses import dataclass

from giamngheo.households.disclosure.edition import peoples_by_unit
from giamngheo.households.file.schema import POOR_CLASSES, household_choices
from giamngheo.report.elements import Column, DataTable, Prose
from giamngheo.report.review.facts import HouseholdFacts
from giamngheo.report.review.tables import CLASS_WORDS, named

_WORDS = {"indicator": "thiếu hụt theo chỉ số", "group": "theo nhóm đối tượng", "cause": "theo nguyên nhân"}
_VALUES = {"households": "Số", "rate_pct": "Tỷ lệ"}
_ORDER = [(part, kind, value) for part in _WORDS for kind in POOR_CLASSES for value in _VALUES]


@dataclass(frozen=True)
class Choice:
    """Which table: of the "indicator", "group" or "cause"; of "poor" or "near_poor"; "households" or "rate_pct"."""

    part: str = "indicator"
    kind: str = "poor"
    value: str = "households"


def has_annex(facts: HouseholdFacts) -> bool:
    """Whether there are units to tell apart, and a reader who may."""
    return not facts.is_public and len(facts.rows) > 1


def unit_table(facts: HouseholdFacts, choice: Choice) -> DataTable | Prose:
    """Households of a class by unit and part, or their share of the class; empty where there is no annex."""
    if not has_annex(facts):
        return Prose("")
    table = facts.printed.parts[choice.part]
    of_class = table[table["class"] == choice.kind]
    names = _names(facts)[choice.part]
    wide = of_class.pivot(index="unit_code", columns=choice.part, values=choice.value)
    wide = wide.reindex(index=list(facts.rows), columns=list(names))
    if choice.value == "households":
        wide = wide.fillna(0).astype("int64")
    heads = {code: f"({number})" for number, code in enumerate(names, start=1)}
    style = "count" if choice.value == "households" else "percent"
    columns = [Column("name", ("Đơn vị",), "text", 2.2)]
    columns += [Column(code, (head,), style, missing="-") for code, head in heads.items()]  # type: ignore[arg-type]
    frame = named(facts, wide.reset_index())
    note = "; ".join(f"{heads[code]} {name}" for code, name in names.items()) + "."
    return DataTable(frame, tuple(columns), _caption(choice), strong_rows=(len(frame) - 1,), note=note)


def peoples_table(facts: HouseholdFacts) -> DataTable | Prose:
    """Peoples of every unit with poor or near-poor households; empty where there is no annex."""
    if not has_annex(facts):
        return Prose("")
    table = peoples_by_unit(facts.review, facts.unit, facts.below)
    frame = named(facts, table).assign(people=table["ethnic_group"].replace("", "Không ghi"))
    columns = [Column("name", ("Đơn vị",), "text", 2), Column("people", ("Dân tộc",), "text", 1.6)]
    columns.append(Column("households", ("Tổng số hộ",), "count"))
    for kind in POOR_CLASSES:
        columns.append(Column(f"{kind}_households", (CLASS_WORDS[kind], "Số hộ"), "count"))
        columns.append(Column(f"{kind}_rate_pct", (CLASS_WORDS[kind], "Tỷ lệ"), "percent"))
    number = len(_ORDER) + 1
    return DataTable(frame, tuple(columns), f"Biểu {number}. Hộ nghèo, hộ cận nghèo theo đơn vị và dân tộc")


def _names(facts: HouseholdFacts) -> Mapping[str, Mapping[str, str]]:
    """The parts of each kind of table with their names, in the order of its columns."""
    return {
        "indicator": {entry.code: entry.name for entry in facts.indicators},
        "group": {"ethnic_minority": "Dân tộc thiểu số"} | dict(household_choices("group")),
        "cause": household_choices("cause"),
    }


def _caption(choice: Choice) -> str:
    number = 1 + _ORDER.index((choice.part, choice.kind, choice.value))
    what = f"{_VALUES[choice.value]} {CLASS_WORDS[choice.kind].lower()} {_WORDS[choice.part]} và đơn vị"
    return f"Biểu {number}. {what}" + (" (%)" if choice.value == "rate_pct" else "")
