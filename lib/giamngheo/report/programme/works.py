"""Part IV and forms 08 (province), 13 (commune): investment from the central budget by kind of work."""

import pandas as pd

from giamngheo.report.elements import Column, DataTable, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.numbers import money, percent
from giamngheo.report.programme.cells import told_of_works
from giamngheo.report.programme.settings import (
    completed,
    form_name,
    forms_of,
    has_money,
    head,
    resources_of,
    summed_from,
    total_name,
    works_of,
)
from giamngheo.report.programmes import programme_of
from giamngheo.statistics.unit_money import OWN
from giamngheo.statistics.works import TOTAL


def works(facts: Facts) -> Prose:
    """Return part IV: plan and result of all kinds of work and of those with money; what the budget has of them."""
    programme, table = programme_of(facts, facts.year), works_of(facts).set_index("work")
    budget = resources_of(facts).set_index(["project_code", "source"]).loc[(TOTAL, programme.work_source)]
    source = programme.source(programme.work_source)
    names = {work.code: work.name for work in programme.works}
    rows = [row for code, row in table.iterrows() if code != TOTAL and has_money(row)]
    text = narrative(
        "programme/works",
        year=facts.year,
        form=form_name(forms_of(facts)["works"]),
        source="" if source is None else source.name,
        is_known=not facts.data["works"].empty,
        total=table.loc[TOTAL],
        budget=budget,
        works=[f"{names[str(row.name)]}: {_amounts(row)}" for row in rows],
        idle=[names[str(row.name)] for row in rows if row["done_vnd"] == 0],
        day=facts.data["works"]["date"].max(),
        of_units=summed_from(facts, "works"),
    )
    return Prose(text)


def works_form(facts: Facts) -> DataTable:
    """Return the form: plan, result and the share of the plan that is done, by kind of work."""
    form, table = forms_of(facts)["works"], works_of(facts)
    entries = programme_of(facts, facts.year).works
    names = {TOTAL: total_name(facts, form, (), "works"), **{work.code: work.name for work in entries}}
    notes = _notes(facts)
    frame = table.assign(
        number=["", *map(str, range(1, len(entries) + 1))],
        name=table["work"].map(names),
        note=[notes.get(code, "") for code in table["work"]],
    )
    columns = (
        Column("number", (head(facts, form, "number"),), "code", 0.5),
        Column("name", (head(facts, form, "named"),), "text", 3.0),
        Column("planned_vnd", (head(facts, form, "planned"),), "money", 1.2),
        Column("done_vnd", (head(facts, form, "done"),), "money", 1.2),
        Column("rate_pct", (head(facts, form, "share"),), "percent", 1.1, missing="-"),
        Column("note", (head(facts, form, "note"),), "text", 1.0, missing=""),
    )
    shown = DataTable(
        frame[[column.name for column in columns]],
        columns,
        "",
        strong_rows=(0,),
        row_codes=tuple(code or "total" for code in table["work"]),
        origins=told_of_works(facts, table),
    )
    return completed(facts, shown, form, *summed_from(facts, "works"))


def _amounts(row: pd.Series) -> str:
    rate = "" if pd.isna(row["rate_pct"]) else f", đạt {percent(row['rate_pct'])}"
    return f"{money(row['done_vnd'])}/{money(row['planned_vnd'])} triệu đồng{rate}"


def _notes(facts: Facts) -> dict[str, str]:
    """Return what the unit itself typed last beside each kind of work."""
    rows = facts.data["works"]
    own = rows[rows["unit_code"].eq(OWN) & rows["note"].ne("")].sort_values("date", kind="stable")
    return dict(zip(own["work"], own["note"], strict=True))
