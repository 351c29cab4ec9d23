"""The forms of Circular 07/2021/TT-BLĐTBXH: the review, the two flows and what households lack, unit by unit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import pandas as pd

from giamngheo.report.elements import Column, DataTable, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.formula import Formula, told
from giamngheo.report.formula import percentage as percentage_of
from giamngheo.report.language import words
from giamngheo.report.origins import known
from giamngheo.statistics.poverty import rates
from giamngheo.statistics.ratio import percentage
from giamngheo.workbook.schema import COUNTED, table

_CLASSES = {"poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo", "average": "Hộ có mức sống trung bình"}
_PERSONS = {"poor": "Khẩu hộ nghèo", "near_poor": "Khẩu hộ cận nghèo", "average": "Khẩu hộ mức sống trung bình"}
_MINORITY = "ethnic_minority_households"
_GROUPS = {
    "ethnic_minority": "Dân tộc thiểu số",
    "no_labour": "Không có khả năng lao động",
    "merit": "Có người có công",
    "other_group": "Nhóm khác",
}


def are_printed(facts: Facts) -> bool:
    """Return whether a report has the forms of a review: that of a year, and not for the public.

    The summary of the report is made for the public.
    """
    return facts.period.kind == "year" and facts.audience != "public"


def _of_year(form: Callable[[Facts], DataTable | Prose]) -> Callable[[Facts], DataTable | Prose]:
    """Let a form be empty in a report that has none."""

    @wraps(form)
    def printed(facts: Facts) -> DataTable | Prose:
        return form(facts) if are_printed(facts) else Prose("")

    return printed


@_of_year
def review_households(facts: Facts) -> DataTable | Prose:
    """Return the households of each unit by class, with their rates."""
    wholes = Column("households", ("Tổng số hộ",), "count")
    return _summary(facts, (wholes, "Số hộ", _CLASSES), "Kết quả rà soát (hộ)", "review_households")


@_of_year
def review_persons(facts: Facts) -> DataTable | Prose:
    """Return the persons of each unit by class, with their rates."""
    wholes = Column("persons", ("Tổng số khẩu",), "count")
    return _summary(facts, (wholes, "Số khẩu", _PERSONS), "Kết quả rà soát (khẩu)", "review_persons")


@_of_year
def review_minorities(facts: Facts) -> DataTable | Prose:
    """Return the households of ethnic minorities of each unit, and those of them that are poor and near-poor.

    Rates are shares of the households of the unit, and of those of ethnic minorities.
    """
    frame = _newest(facts, "reviews")
    share = percentage(frame[_MINORITY], frame["households"])
    frame, wholes = frame.assign(share_pct=share), {"share_pct": (_MINORITY, "households")}
    columns = [
        Column(_MINORITY, ("Hộ dân tộc thiểu số", "Số hộ"), "count"),
        Column("share_pct", ("Hộ dân tộc thiểu số", "Tỷ lệ"), "percent"),
    ]
    for group in ("poor", "near_poor"):
        count, title = f"{group}_{_MINORITY}", f"Trong đó {_CLASSES[group].lower()}"
        frame[f"{count}_pct"], wholes[f"{count}_pct"] = percentage(frame[count], frame[_MINORITY]), (count, _MINORITY)
        columns += [
            Column(count, (title, "Số hộ"), "count"),
            Column(f"{count}_pct", (title, "Tỷ lệ"), "percent"),
        ]
    return _table(facts, frame, columns, _Called("Hộ dân tộc thiểu số", "review_minorities", "reviews", wholes))


@_of_year
def poor_groups(facts: Facts) -> DataTable | Prose:
    """Return the poor households of each unit by group, with their shares; a household may be of several groups."""
    return _groups(facts, "poor")


@_of_year
def near_poor_groups(facts: Facts) -> DataTable | Prose:
    """Return the near-poor households of each unit by group, with their shares."""
    return _groups(facts, "near_poor")


@_of_year
def deprivation_totals(facts: Facts) -> DataTable | Prose:
    """Return how many indicators the poor and the near-poor households of each unit lack in all."""
    columns = [
        Column(f"{group}_{name}", (_CLASSES[group], head), "count")
        for group in ("poor", "near_poor")
        for name, head in {"households": "Số hộ", "deprivations": "Số chỉ số thiếu hụt"}.items()
    ]
    frame = _newest(facts, "reviews")
    if frame[["poor_deprivations", "near_poor_deprivations"]].isna().all(axis=None):
        return Prose("")
    return _table(
        facts, frame, columns, _Called("Tổng số chỉ số thiếu hụt của các hộ", "deprivation_totals", "reviews")
    )


@_of_year
def poor_flow_households(facts: Facts) -> DataTable | Prose:
    """Return how poor households came and went, columns (1) to (9)."""
    return _flow(facts, "poor", "households")


@_of_year
def poor_flow_persons(facts: Facts) -> DataTable | Prose:
    """Return how persons of poor households came and went."""
    return _flow(facts, "poor", "persons")


@_of_year
def near_poor_flow_households(facts: Facts) -> DataTable | Prose:
    """Return how near-poor households came and went, columns (1) to (9)."""
    return _flow(facts, "near_poor", "households")


@_of_year
def near_poor_flow_persons(facts: Facts) -> DataTable | Prose:
    """Return how persons of near-poor households came and went."""
    return _flow(facts, "near_poor", "persons")


@_of_year
def poor_lacking_households(facts: Facts) -> DataTable | Prose:
    """Return how many poor households lack each indicator."""
    return _lacking(facts, "poor", in_percent=False)


@_of_year
def poor_lacking_rates(facts: Facts) -> DataTable | Prose:
    """Return how many of a hundred poor households lack each indicator."""
    return _lacking(facts, "poor", in_percent=True)


@_of_year
def near_poor_lacking_households(facts: Facts) -> DataTable | Prose:
    """Return how many near-poor households lack each indicator."""
    return _lacking(facts, "near_poor", in_percent=False)


@_of_year
def near_poor_lacking_rates(facts: Facts) -> DataTable | Prose:
    """Return how many of a hundred near-poor households lack each indicator."""
    return _lacking(facts, "near_poor", in_percent=True)


def _summary(facts: Facts, layout: tuple[Column, str, dict[str, str]], caption: str, name: str) -> DataTable | Prose:
    wholes, counted, classes = layout
    frame = rates(_newest(facts, "reviews"))
    columns, shares = [wholes], {}
    for group, title in classes.items():
        count = f"{group}_{wholes.name}"
        of_class = frame.get(f"{group}_rate_pct") if wholes.name == "households" else None
        frame[f"{count}_pct"] = percentage(frame[count], frame[wholes.name]) if of_class is None else of_class
        columns.append(Column(count, (title, counted), "count"))
        columns.append(Column(f"{count}_pct", (title, "Tỷ lệ"), "percent"))
        shares[f"{count}_pct"] = (count, wholes.name)
    return _table(facts, frame, columns, _Called(caption, name, "reviews", shares))


def _groups(facts: Facts, name: str) -> DataTable | Prose:
    """Return the table of a class; nothing where only ethnic minorities are told, which have a table of their own."""
    frame, columns, wholes = _newest(facts, "reviews"), [], {}
    if frame[[f"{name}_{group}_households" for group in [*_GROUPS][1:]]].isna().all(axis=None):
        return Prose("")
    for group, title in _GROUPS.items():
        count = f"{name}_{group}_households"
        frame[f"{count}_pct"] = percentage(frame[count], frame[f"{name}_households"])
        columns += [Column(count, (title, "Số hộ"), "count"), Column(f"{count}_pct", (title, "Tỷ lệ"), "percent")]
        wholes[f"{count}_pct"] = (count, f"{name}_households")
    caption = f"{_CLASSES[name]} theo nhóm đối tượng"
    return _table(facts, frame, columns, _Called(caption, f"{name}_groups", "reviews", wholes))


def _flow(facts: Facts, group: str, counted: str) -> DataTable | Prose:
    frame = _newest(facts, f"{group}_flows")
    unit = COUNTED[counted]
    columns = [
        Column(column.name, (column.header.removesuffix(f", {unit}"),), "count")
        for column in table(f"{group}_flows").columns
        if column.name.endswith(f"_{counted}")
    ]
    caption = f"Diễn biến {_CLASSES[group].lower()} ({unit})"
    return _table(facts, frame, columns, _Called(caption, f"{group}_flow_{counted}", f"{group}_flows"))


def _lacking(facts: Facts, group: str, *, in_percent: bool) -> DataTable | Prose:
    """Return the households of a class that lack each indicator, or their share of the class reviewed on that day."""
    frame = _newest(facts, f"{group}_lacks")
    indicators = [column for column in table(f"{group}_lacks").columns if column.unit]
    reviews = facts.data["reviews"][["date", "unit_code", f"{group}_households"]]
    frame = frame.merge(reviews, on=["date", "unit_code"], how="left")
    if in_percent:
        shares = {one.name: percentage(frame[one.name], frame[f"{group}_households"]) for one in indicators}
        frame = frame.assign(**shares)
    columns = [Column(one.name, (one.header,), "percent" if in_percent else "count") for one in indicators]
    title = _CLASSES[group].lower()
    said = f"Tỷ lệ {title} thiếu hụt từng chỉ số (%)" if in_percent else f"Số {title} thiếu hụt từng chỉ số (hộ)"
    called = f"{group}_lacking_{'rates' if in_percent else 'households'}"
    return _table(facts, frame, columns, _Called(said, called, "" if in_percent else f"{group}_lacks"))


def _newest(facts: Facts, name: str) -> pd.DataFrame:
    """Return the rows of the newest day of a table in the year of the report."""
    frame = facts.data[name]
    frame = frame[frame["date"].dt.year == facts.year]
    return frame[frame["date"] == frame["date"].max()].copy()


@dataclass(frozen=True)
class _Called:
    """What a form is called, and where its figures come from.

    source: the table of the workbook, "" where no cell of it is told. wholes: of a column of rates, the columns that
    they are shares of and in.
    """

    caption: str
    name: str
    source: str
    wholes: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def _table(facts: Facts, frame: pd.DataFrame, columns: Sequence[Column], called: _Called) -> DataTable | Prose:
    """Return the figures of the units below and of the whole; nothing where none of them is known.

    A column of which nothing is known is left out, as it is in the forms of offices that do not count it.
    """
    filled = [column for column in columns if frame[column.name].notna().any()]
    if not filled:
        return Prose("")
    units = facts.units.drop_duplicates("code", keep="last")
    own = units["code"] == facts.data.form["unit_code"]
    listed = pd.concat([units[units["parent_code"] == facts.data.form["unit_code"]], units[own]])
    rows = listed[["code", "name"]].merge(frame, left_on="code", right_on="unit_code", how="left")
    rows.loc[rows.index[-1], "name"] = facts.whole_unit.capitalize()
    is_blank = rows[[column.name for column in filled]].isna().any(axis=None)
    when = words.review_time(frame["date"].max())
    shown = (Column("name", ("Đơn vị",), "text", 2.2), *filled)
    return DataTable(
        rows.assign(unit_code=rows["code"]),
        shown,
        f"{called.caption}, {when}",
        strong_rows=(len(rows) - 1,),
        note=f"{facts.some_note} {facts.blank_note(is_blank)}".strip(),
        name=called.name,
        origins=_origins(facts, rows, filled, called),
    )


def _origins(facts: Facts, rows: pd.DataFrame, columns: Sequence[Column], called: _Called) -> dict[str, list[str]]:
    """Return where the figures of a form come from: the cells of the unit and day, or their shares."""
    origins = facts.origins
    if origins is None or not called.source:
        return {}

    def formula(row: Mapping[str, Any], name: str) -> Formula | None:
        if name in called.wholes:
            part, whole = called.wholes[name]
            return percentage_of(formula(row, part), formula(row, whole))
        if called.source == "reviews":
            return origins.review(row["code"], row["date"], name)
        return origins.flow(called.source, row["code"], row["date"], name)

    lines = rows.to_dict("records")
    return {
        column.name: [
            "" if pd.isna(line["date"]) else told(formula(line, column.name), known(line[column.name]))
            for line in lines
        ]
        for column in columns
    }
