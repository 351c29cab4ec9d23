"""Part III and forms 09 (province), 12 (commune): the resources of the programme by component, content and source."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from giamngheo.regulation.programme import Content, Form, Source
from giamngheo.report.elements import Column, DataTable, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.numbers import money
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
from giamngheo.statistics.mobilised import NO_CONTENT
from giamngheo.statistics.ratio import percentage
from giamngheo.statistics.resources import BUDGET, TOTAL

_FEW = 3


def contents(facts: Facts) -> Prose:
    """Return part III: the result of each component, its largest contents, those with a plan and no result."""
    table = resources_of(facts)
    of_all = table[table["source"] == TOTAL].set_index("project_code")
    of_all["share_pct"] = percentage(of_all["done_vnd"], pd.Series(of_all.loc[TOTAL, "done_vnd"], of_all.index))
    entries = _shown_contents(facts)
    parts = [entry for entry in entries if entry.code not in {one.parent for one in entries}]
    idle = [one.full_label for one in parts if _is_idle(of_all.loc[one.code])]
    tops = [one for one in entries if not one.parent]
    told = [one for one in tops if _is_told(of_all.loc[one.code])]
    text = narrative(
        "programme/contents",
        form=form_name(forms_of(facts)["contents"]),
        groups=[_told(of_all, one, entries) for one in told or tops],
        rest=of_all.loc[NO_CONTENT] if NO_CONTENT in of_all.index else None,
        idle=idle,
        is_complete=not untold_of(facts, table),
    )
    return Prose(text)


def contents_form(facts: Facts) -> DataTable:
    """Return the form: the result by content and source, and in the half-year the plan of the rest, side by side."""
    form, table = forms_of(facts)["contents"], resources_of(facts)
    lacking, entries = untold_of(facts, table), _shown_contents(facts)
    numbers = numbered((entry.code, entry.parent) for entry in entries)
    rows = [("", total_name(facts, form, lacking, *MONEY), TOTAL)]
    rows += [(numbers[entry.code], _name(entry), entry.code) for entry in entries]
    if NO_CONTENT in set(table["project_code"]):
        rows.append(("", "Chưa tách theo nội dung", NO_CONTENT))
    columns = list(_columns(facts, form))
    wide = table.pivot(index="project_code", columns="source", values=["done_vnd", "rest_vnd"])
    wide.columns = [f"{figure}/{source or 'total'}" for figure, source in wide.columns]
    frame = pd.DataFrame(rows, columns=["number", "name", "code"]).merge(wide, left_on="code", right_index=True)
    tops = [
        row for row, (_, _, code) in enumerate(rows) if code not in {entry.code for entry in entries if entry.parent}
    ]
    shown = DataTable(
        frame.assign(note="")[[column.name for column in columns]],
        tuple(columns),
        "",
        strong_rows=tuple(tops),
        row_codes=tuple(code or "total" for _, _, code in rows),
        origins=_origins(facts, frame, columns),
    )
    return completed(facts, shown, form, budget_note(facts), *summed_from(facts, *MONEY), untold_note(lacking))


def _origins(facts: Facts, frame: pd.DataFrame, columns: list[Column]) -> dict[str, list[str]]:
    """Return where the figures of the form come from, by column."""
    asked = {}
    for name in (column.name for column in columns if column.kind == "money"):
        figure, _, source = name.partition("/")
        asked[name] = figure, [(code, TOTAL if source == "total" else source) for code in frame["code"]]
    return told_of_resources(facts, frame, asked)


def _shown_contents(facts: Facts) -> list[Content]:
    """Return components and contents; further levels below a content are part of it."""
    entries = programme_of(facts, facts.year).contents
    tops = {entry.code for entry in entries if not entry.parent}
    return [entry for entry in entries if not entry.parent or entry.parent in tops]


def _name(entry: Content) -> str:
    """Return a content as the form names it: by its label as long as its name is a placeholder."""
    return entry.label if entry.provisional else f"{entry.label}: {entry.name}" if not entry.parent else entry.name


def _columns(facts: Facts, form: Form) -> Iterator[Column]:
    yield Column("number", (head(facts, form, "number"),), "code", 0.5)
    yield Column("name", (head(facts, form, "named"),), "text", 2.5)
    sources = programme_of(facts, facts.year).sources
    for figure in ("done", "rest") if has_rest(facts) else ("done",):
        over, whole = head(facts, form, figure), head(facts, form, "whole")
        direct = head(facts, form, "budget")
        yield Column(f"{figure}_vnd/total", (over, whole), "money")
        yield Column(f"{figure}_vnd/{BUDGET}", (over, direct, whole), "money")
        for group in (source for source in sources if not source.parent):
            parts = [source for source in sources if source.parent == group.code] if group.code in form.parted else []
            above = (over,) if group.mobilised else (over, direct)
            for part in parts:
                yield Column(f"{figure}_vnd/{part.code}", (*above, _head(group), _head(part)), "money")
            if not parts:
                yield Column(f"{figure}_vnd/{group.code}", (*above, _head(group)), "money")
    yield Column("note", (head(facts, form, "note"),), "text", 0.6, missing="")


def _head(source: Source) -> str:
    return source.head or source.short


def _told(of_all: pd.DataFrame, entry: Content, entries: list[Content]) -> dict[str, Any]:
    """Return what a text says of a component: its figures, and its contents with the largest results."""
    parts = of_all.loc[[one.code for one in entries if one.parent == entry.code]]
    labels = {one.code: one.label for one in entries}
    known = parts[parts["done_vnd"].fillna(0) > 0].nlargest(_FEW, "done_vnd")
    largest = [f"{labels[code]} ({money(vnd)} triệu đồng)" for code, vnd in known["done_vnd"].items()]
    return {"name": _name(entry), "largest": largest, **of_all.loc[entry.code]}


def _is_told(row: pd.Series) -> bool:
    """Return whether a text speaks of a component; of one without plan and result only the form does."""
    return has_money(row) or pd.isna(row["done_vnd"])


def _is_idle(row: pd.Series) -> bool:
    return (
        pd.notna(row["planned_vnd"]) and row["planned_vnd"] > 0 and pd.notna(row["done_vnd"]) and row["done_vnd"] == 0
    )
