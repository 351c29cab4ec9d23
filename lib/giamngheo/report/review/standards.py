"""Who is poor by which standard: the one in force, and the national one that follows, where the file tells of both."""

from typing import Any

import pandas as pd

from giamngheo.households.file.schema import POOR_CLASSES, household_choices
from giamngheo.households.places import counts_at
from giamngheo.regulation.lookup import provision
from giamngheo.report.elements import Column, DataTable, Prose
from giamngheo.report.language.narrative import narrative
from giamngheo.report.review.facts import HouseholdFacts
from giamngheo.report.review.results import CLASS_WORDS, named, table_by_unit, way_words

_UNKNOWN = "Chưa phân loại được"


def standards(facts: HouseholdFacts) -> Prose:
    """Return the part on the standard that follows; empty without its indicators, or for the public."""
    counts, following = _counts(facts), facts.review.following
    if counts.empty or following is None:
        return Prose("")
    whole = _by_class(counts)
    classes = [{"title": CLASS_WORDS[name], **_sums(whole, name)} for name in POOR_CLASSES]
    unknown = int(whole.loc[whole["class_next"] == "", "households"].sum())
    text = narrative(
        "review/standards",
        day=following.day,
        year=following.day.year,
        reference=following.standard.reference,
        in_force=facts.review.standard.reference,
        way=way_words(facts),
        households=int(whole["households"].sum()),
        unknown=unknown,
        classes=classes,
        reported=provision("poverty/indicators", on=following.day).confidence != "read",
        has_scores=following.standard.score_line is not None,
    )
    return Prose(text)


def standards_by_unit(facts: HouseholdFacts) -> DataTable | Prose:
    """Return the poor and near-poor of each unit by one standard, by the other and by both."""
    counts = _counts(facts)
    if counts.empty:
        return Prose("")
    tables = [counts[counts["unit_code"] == code] for code in facts.rows[:-1]]
    figures = pd.DataFrame([_row(table) for table in (*tables, counts)], dtype="Int64")
    frame = named(facts, figures.assign(unit_code=facts.rows))
    columns = [Column("name", ("Đơn vị",), "text", 2.2)]
    for name in POOR_CLASSES:
        heads = {"now": "Đang áp dụng", "next": "Chuẩn mới", "both": "Cả hai"}
        columns += [Column(f"{name}_{key}", (CLASS_WORDS[name], head), "count") for key, head in heads.items()]
    columns.append(Column("unknown", (_UNKNOWN,), "count"))
    caption = f"Hộ nghèo, hộ cận nghèo theo chuẩn đang áp dụng và chuẩn từ năm {_year(facts)} (hộ)"
    return table_by_unit(facts, frame, columns, caption=caption, name="standards_by_unit")


def standards_crossed(facts: HouseholdFacts) -> DataTable | Prose:
    """Return the households of each class by the standard in force, by their class of the one that follows."""
    counts = _counts(facts)
    if counts.empty:
        return Prose("")
    names, heads = household_choices("class"), [*POOR_CLASSES, "not_poor", ""]
    crossed = _by_class(counts).pivot_table(index="class", columns="class_next", values="households", aggfunc="sum")
    crossed = crossed.reindex(index=list(names), columns=heads).fillna(0).astype("Int64")
    crossed = crossed[crossed.sum(axis=1) > 0].assign(total=lambda table: table.sum(axis=1))
    crossed.loc["total"] = crossed.sum()
    frame = crossed.set_axis([*(f"next_{name}" for name in heads), "total"], axis=1)
    frame.insert(0, "name", [names.get(name, "Cộng") for name in crossed.index])
    words = {name: names.get(name, _UNKNOWN) for name in heads}
    columns = [Column("name", ("Theo chuẩn đang áp dụng",), "text", 2.2)]
    columns += [Column(f"next_{name}", (f"Theo chuẩn từ năm {_year(facts)}", words[name]), "count") for name in heads]
    columns.append(Column("total", ("Cộng",), "count"))
    caption = f"Kết quả rà soát theo chuẩn đang áp dụng và chuẩn từ năm {_year(facts)} (hộ)"
    strong = (len(frame) - 1,)
    return DataTable(frame.reset_index(drop=True), tuple(columns), caption, strong, name="standards_crossed")


def _year(facts: HouseholdFacts) -> str:
    return "" if facts.review.following is None else str(facts.review.following.day.year)


def _counts(facts: HouseholdFacts) -> pd.DataFrame:
    """Return counts.standards_counts by the units that the report shows; none for the public."""
    following = facts.review.following
    if following is None or facts.is_public:
        return pd.DataFrame()
    tree, units = facts.review.tree, facts.review.units.set_index("code")
    inside = tree.loc[tree[units.loc[facts.unit, "level"]] == facts.unit, "unit_code"]
    counts = following.classes[following.classes["unit_code"].isin(inside)].reset_index(drop=True)
    return counts_at(counts, tree, facts.below)


def _by_class(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.groupby(["class", "class_next"], as_index=False)["households"].sum()


def _row(counts: pd.DataFrame) -> dict[str, int]:
    whole = _by_class(counts)
    found = {f"{name}_{key}": value for name in POOR_CLASSES for key, value in _sums(whole, name).items()}
    return found | {"unknown": int(whole.loc[whole["class_next"] == "", "households"].sum())}


def _sums(whole: pd.DataFrame, name: str) -> dict[str, Any]:
    """Return how many households are of a class by the one standard, by the other, and by both."""
    now, following = whole["class"] == name, whole["class_next"] == name
    both = {"now": now, "next": following, "both": now & following}
    return {key: int(whole.loc[mask, "households"].sum()) for key, mask in both.items()}
