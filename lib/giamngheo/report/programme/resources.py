"""Part II and forms 07 (province), 11 (commune): the resources of the programme by source."""

from typing import Any

import pandas as pd

from giamngheo.regulation.programme import Source
from giamngheo.report.elements import Column, DataTable, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.words import following
from giamngheo.report.programme.cells import told_of_resources
from giamngheo.report.programme.settings import (
    MONEY,
    budget_note,
    completed,
    form_name,
    forms_of,
    has_money,
    has_rest,
    head,
    numbered,
    resources_of,
    summed_from,
    total_name,
    untold_note,
    untold_of,
)
from giamngheo.report.programmes import programme_of
from giamngheo.report.snapshots import as_of
from giamngheo.statistics.resources import TOTAL


def resources(facts: Facts) -> Prose:
    """Return part II: what was raised of the year's plan, by source; the plan of the rest; what is not known."""
    table = _by_source(facts)
    sources = programme_of(facts, facts.year).sources
    parts = {
        source.code: [_told(table, one) for one in sources if one.parent == source.code]
        for source in sources
        if not source.parent
    }
    text = narrative(
        "programme/resources",
        year=facts.year,
        cutoff=facts.period.cutoff,
        as_of=as_of(facts, "disbursements", "mobilised"),
        form=form_name(forms_of(facts)["resources"]),
        total=table.loc[TOTAL],
        groups=[_told(table, source) | {"parts": parts[source.code]} for source in sources if not source.parent],
        rest=following(facts.period) if has_rest(facts) else "",
        untold=untold_of(facts, resources_of(facts)),
        of_units=summed_from(facts, *MONEY),
        others=[_other(facts, year) for year in facts.funds if year != facts.year],
    )
    return Prose(text)


def resources_form(facts: Facts) -> DataTable:
    """Return the form: plan of the year, result, and in the half-year the plan of the rest, by source."""
    form, table = forms_of(facts)["resources"], _by_source(facts)
    lacking = untold_of(facts, resources_of(facts))
    sources = programme_of(facts, facts.year).sources
    numbers = numbered((source.code, source.parent) for source in sources)
    rows = [("", total_name(facts, form, lacking, *MONEY), TOTAL)]
    rows += [(numbers[one.code], one.name if one.parent else one.name.upper(), one.code) for one in sources]
    frame = pd.DataFrame(rows, columns=["number", "name", "source"]).merge(table, left_on="source", right_index=True)
    columns = [
        Column("number", (head(facts, form, "number"),), "code", 0.6),
        Column("name", (head(facts, form, "named"),), "text", 3.2),
        *(Column(f"{name}_vnd", (head(facts, form, name),), "money", 1.3) for name in _figures(facts)),
    ]
    figures = [column.name for column in columns if column.kind == "money"]
    places = [(TOTAL, source) for source in frame["source"]]
    part = [bool(source.parent) for source in sources]
    shown = DataTable(
        frame[[column.name for column in columns]],
        tuple(columns),
        "",
        strong_rows=(0, *(row for row, is_part in enumerate(part, 1) if not is_part)),
        indented_rows=tuple(row for row, is_part in enumerate(part, 1) if is_part),
        row_codes=("total", *(source.code for source in sources)),
        origins=told_of_resources(facts, frame, {name: (name, places) for name in figures}),
    )
    return completed(facts, shown, form, budget_note(facts), *summed_from(facts, *MONEY), untold_note(lacking))


def _figures(facts: Facts) -> list[str]:
    return ["planned", "done", "rest"] if has_rest(facts) else ["planned", "done"]


def _by_source(facts: Facts) -> pd.DataFrame:
    table = resources_of(facts)
    return table[table["project_code"] == TOTAL].set_index("source").drop(columns="project_code")


def _told(table: pd.DataFrame, source: Source) -> dict[str, Any]:
    row = table.loc[source.code]
    is_told = pd.notna(row["done_vnd"]) and has_money(row)
    return {"name": source.name, "mobilised": source.mobilised, "is_told": is_told, **row}


def _other(facts: Facts, fund_year: int) -> dict[str, Any]:
    """Return year, plan and programme of money that the forms leave out."""
    planned = facts.funds[fund_year].iloc[0]["planned_vnd"]
    return {"year": fund_year, "planned_vnd": planned, "programme": programme_of(facts, fund_year).short}
