"""The annex: official tables by unit, for the inside only (of a unit most cells are small)."""

from collections.abc import Mapping
from dataclasses import replace

from giamngheo.households.classification import LACKS, way
from giamngheo.households.disclosure.edition import peoples_by_unit as counted_by_unit
from giamngheo.households.file.schema import POOR_CLASSES, household_choices, household_columns
from giamngheo.report.elements import Column, DataTable, Prose
from giamngheo.report.language.narrative import narrative
from giamngheo.report.review.facts import HouseholdFacts
from giamngheo.report.review.results import CLASS_WORDS, named

_SERIES = "Biểu"
"""What the tables of the annex are called."""

_WORDS = {"indicator": "thiếu hụt theo chỉ số", "group": "theo nhóm đối tượng", "cause": "theo nguyên nhân"}

_VALUES = {"households": "Số", "rate_pct": "Tỷ lệ"}


def annex(facts: HouseholdFacts) -> Prose:
    """Return the title of the annex, and how each number of the report is counted in its files; see _has_annex."""
    if not _has_annex(facts):
        return Prose("")
    values = {
        "file": facts.files[0],
        "before": "".join(facts.files[1:]),
        "headers": {column.name: column.header for column in household_columns()},
        "reference": facts.review.standard.reference,
        "columns": _class_columns(facts),
    }
    return Prose(narrative("review/annex", **values))


def _class_columns(facts: HouseholdFacts) -> str:
    """Return the columns that tell the class of a household, those of the other way for who lacks what is needed."""
    headers = {column.name: column.header for column in household_columns()}
    scores, income = f"{headers['b1_score']}, {headers['b2_score']}", f"{headers['income_vnd']}, các cột thiếu hụt"
    found = way(facts.classes, facts.by)
    is_by_score = (facts.by if found == "both" else found) == "score"
    first, other = (scores, income) if is_by_score else (income, scores)
    return f"{first} (hộ {LACKS[facts.by]}: {other})" if found == "both" else first


def by_unit(
    facts: HouseholdFacts, part: str = "indicator", kind: str = "poor", value: str = "households"
) -> DataTable | Prose:
    """Return households of a class by unit and part, or their share of the class; empty where there is no annex.

    Empty of a part of which the file has no column, too.

    part: "indicator", "group" or "cause"; kind: "poor" or "near_poor"; value: "households" or "rate_pct".
    """
    if not _has_annex(facts):
        return Prose("")
    names = facts.given(part, _names(facts)[part])
    if not names:
        return Prose("")
    table = facts.printed.parts[part]
    of_class = table[table["class"] == kind]
    wide = of_class.pivot(index="unit_code", columns=part, values=value)
    wide = wide.reindex(index=list(facts.rows), columns=list(names))
    if value == "households":
        wide = wide.fillna(0).astype("int64")
    heads = {code: f"({number})" for number, code in enumerate(names, start=1)}
    style = "count" if value == "households" else "percent"
    columns = [Column("name", ("Đơn vị",), "text", 2.2)]
    columns += [Column(code, (head,), style, missing="-") for code, head in heads.items()]  # type: ignore[arg-type]
    frame = named(facts, wide.reset_index())
    note = "; ".join(f"{heads[code]} {name}" for code, name in names.items()) + "."
    caption = f"{_VALUES[value]} {CLASS_WORDS[kind].lower()} {_WORDS[part]} và đơn vị" + (
        " (%)" if value == "rate_pct" else ""
    )
    table = DataTable(frame, tuple(columns), caption, strong_rows=(len(frame) - 1,), note=note, series=_SERIES)
    return replace(table, name=f"{part}_{kind}_{value}")


def peoples_by_unit(facts: HouseholdFacts) -> DataTable | Prose:
    """Return peoples of every unit with poor or near-poor households; empty where there is no annex."""
    if not _has_annex(facts):
        return Prose("")
    table = counted_by_unit(facts.review, facts.unit, facts.below)
    frame = named(facts, table).assign(people=table["ethnic_group"].astype("str").replace("", "Không ghi"))
    columns = [Column("name", ("Đơn vị",), "text", 2), Column("people", ("Dân tộc",), "text", 1.6)]
    columns.append(Column("households", ("Tổng số hộ",), "count"))
    for kind in POOR_CLASSES:
        columns.append(Column(f"{kind}_households", (CLASS_WORDS[kind], "Số hộ"), "count"))
        columns.append(Column(f"{kind}_rate_pct", (CLASS_WORDS[kind], "Tỷ lệ"), "percent"))
    caption = "Hộ nghèo, hộ cận nghèo theo đơn vị và dân tộc"
    return DataTable(frame, tuple(columns), caption, series=_SERIES, name="peoples_by_unit")


def _has_annex(facts: HouseholdFacts) -> bool:
    """Return whether there are units to tell apart, and a reader who may."""
    return not facts.is_public and len(facts.rows) > 1


def _names(facts: HouseholdFacts) -> Mapping[str, Mapping[str, str]]:
    """Return the parts of each kind of table with their names, in the order of its columns."""
    return {
        "indicator": {entry.code: entry.name for entry in facts.indicators},
        "group": {"ethnic_minority": "Dân tộc thiểu số"} | dict(household_choices("group")),
        "cause": household_choices("cause"),
    }
