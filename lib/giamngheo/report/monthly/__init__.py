"""The monthly report, one function for each cell of its notebook, in the order they are read.

Each takes the Facts and returns an element that shows itself in JupyterLab and in every export.
"""

from collections.abc import Callable
from typing import TypeVar

from giamngheo.core.finding import of_severity
from giamngheo.report.elements import Closing, DataTable, Figure, Letterhead, Prose
from giamngheo.report.facts import Facts, facts
from giamngheo.report.language import words
from giamngheo.report.language.narrative import narrative
from giamngheo.report.monthly import change_charts, change_tables, charts, tables
from giamngheo.report.monthly.captions import caption
from giamngheo.report.monthly.change_words import (
    capital_change_context,
    disbursement_change_context,
    new_documents,
    parts_context,
    poverty_change_context,
)
from giamngheo.report.monthly.disbursement_words import disbursement_context
from giamngheo.report.monthly.funding_words import allocation_context
from giamngheo.report.monthly.poverty_words import poverty_context
from giamngheo.report.monthly.record import record

Element = TypeVar("Element", DataTable, Figure)

__all__ = [
    "allocation",
    "allocation_figure",
    "annex",
    "capital_change",
    "carried_table",
    "closing",
    "direction",
    "disbursement",
    "disbursement_change",
    "disbursement_figure",
    "facts",
    "funding_table",
    "letterhead",
    "months_figure",
    "next_steps",
    "opening",
    "parts",
    "parts_figure",
    "parts_table",
    "period_table",
    "poverty",
    "poverty_change",
    "poverty_figure",
    "poverty_table",
    "record",
    "tasks",
]


def letterhead(report: Facts) -> Letterhead:
    """Head of the document, subject, addressee and legal bases (Decree 30/2020, annex I)."""
    form = report.data.form
    return Letterhead(
        parent_body=form["parent_body"],
        issuing_body=form["issuing_body"],
        symbol=form["number_symbol"],
        place=form["place"],
        year=report.period.year,
        month=report.period.month,
        subject=(
            f"Kết quả thực hiện Chương trình mục tiêu quốc gia giảm nghèo bền vững {words.subject_time(report.period)}"
        ),
        addressee=form["addressee"],
        bases=tuple(f"Căn cứ {words.citation(document)}" for document in report.documents("basis")),
        marking=form.get("marking", ""),
    )


def opening(report: Facts) -> Prose:
    """The sentence that says what the report is about and up to which day."""
    time = f"năm {report.year}" if report.period.kind == "month" else words.name(report.period)
    context = {"author": _author(report), "time": time, "unit": report.unit}
    return Prose(narrative("monthly/opening", cutoff=report.period.cutoff, **context))


def direction(report: Facts) -> Prose:
    """Part I: documents issued and other activities."""
    activities = report.data["activities"]["text"]
    text = narrative(
        "monthly/direction",
        months_upper=words.months_gone(report.period).upper(),
        year=report.year,
        author=_author(report),
        issued=report.documents("issued"),
        new=new_documents(report),
        period=words.name(report.period),
        directives=report.documents("directive"),
        activities=[words.sentence(activity) for activity in activities],
    )
    return Prose(text)


def poverty(report: Facts) -> Prose:
    """Part II.1: review results and plan."""
    return Prose(narrative("monthly/poverty", **poverty_context(report)))


def poverty_table(report: Facts) -> DataTable | Prose:
    """Poverty results against last year and the plan."""
    return _captioned(report, "poverty_table", tables.poverty_table)


def poverty_figure(report: Facts) -> Figure | Prose:
    """Rates last year, now and planned."""
    return _captioned(report, "poverty_figure", charts.poverty_figure)


def poverty_change(report: Facts) -> Prose:
    """Part II.1.c: stocks since the month and the year before; empty without a review in the month."""
    context = poverty_change_context(report)
    return Prose("" if context is None else narrative("monthly/poverty_change", **context))


def parts(report: Facts) -> Prose:
    """The units below in words: highest and lowest rates, best and worst movers; empty without their figures."""
    context = parts_context(report)
    return Prose("" if context is None else narrative("monthly/parts", **context))


def parts_table(report: Facts) -> DataTable | Prose:
    """The units below: households, rates, change, ranks."""
    return _captioned(report, "parts_table", change_tables.parts_table)


def parts_figure(report: Facts) -> Figure | Prose:
    """Rates of the units below, the highest first."""
    return _captioned(report, "parts_figure", change_charts.parts_figure)


def allocation(report: Facts) -> Prose:
    """Part II.2: the capital allocated."""
    return Prose(narrative("monthly/allocation", **allocation_context(report)))


def capital_change(report: Facts) -> Prose:
    """The capital allocated in the month or quarter; empty where there is none."""
    context = capital_change_context(report)
    return Prose("" if context is None else narrative("monthly/capital_change", **context))


def allocation_figure(report: Facts) -> Figure | Prose:
    """Capital by project and source."""
    return _captioned(report, "allocation_figure", charts.allocation_figure)


def disbursement(report: Facts) -> Prose:
    """Part III: disbursed, rates, what is not disbursed, the pace needed."""
    return Prose(narrative("monthly/disbursement", **disbursement_context(report)))


def funding_table(report: Facts) -> DataTable | Prose:
    """Capital and disbursement by project and sub-project, money of the year."""
    return _captioned(report, "funding_table", tables.funding_table)


def carried_table(report: Facts) -> DataTable | Prose:
    """Capital and disbursement of the money carried over from earlier years."""
    return _captioned(report, "carried_table", tables.carried_table)


def disbursement_change(report: Facts) -> Prose:
    """What the month or quarter disbursed, beside the one before and the year before; empty where nothing is known."""
    return Prose(narrative("monthly/disbursement_change", **disbursement_change_context(report)))


def period_table(report: Facts) -> DataTable | Prose:
    """What the month or quarter disbursed by project and sub-project."""
    return _captioned(report, "period_table", change_tables.period_table)


def months_figure(report: Facts) -> Figure | Prose:
    """Cumulative disbursement by month, the pace needed and the year before."""
    return _captioned(report, "months_figure", change_charts.months_figure)


def disbursement_figure(report: Facts) -> Figure | Prose:
    """Disbursed against plan by project."""
    return _captioned(report, "disbursement_figure", charts.disbursement_figure)


def tasks(report: Facts) -> Prose:
    """Part IV: responsibilities by agency and solutions."""
    assigned = report.data["tasks"].sort_values(["position", "row"])
    agencies = [
        {"name": rows["agency"].iloc[0], "tasks": [words.sentence(text) for text in rows["text"]]}
        for _, rows in assigned.groupby("position")
    ]
    solutions = [words.sentence(text) for text in report.data["solutions"]["text"]]
    return Prose(narrative("monthly/tasks", agencies=agencies, solutions=solutions))


def next_steps(report: Facts) -> Prose:
    """Part V and the closing sentence."""
    text = narrative(
        "monthly/next_steps",
        following_upper=words.following(report.period).upper(),
        steps=[words.sentence(text) for text in report.data["next_steps"]["text"]],
        author=_author(report),
        addressee=report.data.form["addressee"],
    )
    return Prose(text)


def closing(report: Facts) -> Closing:
    """Recipients and signature."""
    form = report.data.form
    recipients = report.data["recipients"].sort_values("position")["text"]
    return Closing(tuple(recipients), form["signatory_office"], form["signatory_name"])


def annex(report: Facts) -> Prose:
    """What the data does not explain; nothing for a public audience."""
    if report.audience == "public":
        return Prose("")
    notes = [str(finding) for finding in of_severity(report.findings, "warning")]
    return Prose(narrative("monthly/annex", notes=notes))


def _captioned(report: Facts, name: str, make: Callable[[Facts, str], Element]) -> Element | Prose:
    """A table or figure under its number, or nothing where the report has none."""
    words_above = caption(report, name)
    return make(report, words_above) if words_above else Prose("")


def _author(report: Facts) -> str:
    return report.data.form["author_name"]
