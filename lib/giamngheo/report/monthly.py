"""The monthly report, one function for each cell of its notebook, in the order they are read.

Each takes the Facts and returns an element that shows itself in JupyterLab and in every export.
"""

from giamngheo.checks.consistency import findings
from giamngheo.intake.finding import of_severity
from giamngheo.report import charts, tables, words
from giamngheo.report.disbursement_words import disbursement_context
from giamngheo.report.elements import Closing, DataTable, Figure, Letterhead, Prose
from giamngheo.report.facts import Facts, facts
from giamngheo.report.funding_words import allocation_context
from giamngheo.report.narrative import narrative
from giamngheo.report.poverty_words import poverty_context

__all__ = [
    "allocation",
    "allocation_figure",
    "annex",
    "carried_table",
    "closing",
    "direction",
    "disbursement",
    "disbursement_figure",
    "facts",
    "funding_table",
    "letterhead",
    "next_steps",
    "opening",
    "poverty",
    "poverty_figure",
    "poverty_table",
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
    return Prose(narrative("opening", cutoff=report.period.cutoff, **context))


def direction(report: Facts) -> Prose:
    """Part I: documents issued and other activities."""
    activities = report.data["activities"]["text"]
    text = narrative(
        "direction",
        months_upper=words.months_gone(report.period).upper(),
        year=report.year,
        author=_author(report),
        issued=report.documents("issued"),
        directives=report.documents("directive"),
        activities=[words.sentence(activity) for activity in activities],
    )
    return Prose(text)


def poverty(report: Facts) -> Prose:
    """Part II.1: review results and plan."""
    return Prose(narrative("poverty", **poverty_context(report)))


def poverty_table(report: Facts) -> DataTable | Prose:
    """Poverty results against last year and the plan."""
    return tables.poverty_table(report, "Bảng 1. Hộ nghèo, hộ cận nghèo so với năm trước và kế hoạch")


def poverty_figure(report: Facts) -> Figure | Prose:
    """Rates last year, now and planned."""
    return charts.poverty_figure(report, "Hình 1. Tỷ lệ hộ nghèo, hộ cận nghèo và kế hoạch năm")


def allocation(report: Facts) -> Prose:
    """Part II.2: the capital allocated."""
    return Prose(narrative("allocation", **allocation_context(report)))


def allocation_figure(report: Facts) -> Figure | Prose:
    """Capital by project and source."""
    return charts.allocation_figure(report, f"Hình 2. Vốn giao năm {report.year} theo dự án và nguồn vốn")


def disbursement(report: Facts) -> Prose:
    """Part III: disbursed, rates, what is not disbursed, the pace needed."""
    return Prose(narrative("disbursement", **disbursement_context(report)))


def funding_table(report: Facts) -> DataTable | Prose:
    """Capital and disbursement by project and sub-project, money of the year."""
    caption = f"Bảng 2. Kế hoạch vốn và giải ngân vốn năm {report.year} theo dự án, tiểu dự án"
    return tables.funding_table(report, caption)


def carried_table(report: Facts) -> DataTable | Prose:
    """Capital and disbursement of the money carried over from earlier years."""
    caption = f"Bảng 3. Kế hoạch vốn và giải ngân vốn năm trước chuyển sang năm {report.year}"
    return tables.carried_table(report, caption)


def disbursement_figure(report: Facts) -> Figure | Prose:
    """Disbursed against plan by project."""
    return charts.disbursement_figure(report, "Hình 3. Tỷ lệ giải ngân so với kế hoạch vốn theo dự án")


def tasks(report: Facts) -> Prose:
    """Part IV: responsibilities by agency and solutions."""
    assigned = report.data["tasks"].sort_values(["position", "row"])
    agencies = [
        {"name": rows["agency"].iloc[0], "tasks": [words.sentence(text) for text in rows["text"]]}
        for _, rows in assigned.groupby("position")
    ]
    solutions = [words.sentence(text) for text in report.data["solutions"]["text"]]
    return Prose(narrative("tasks", agencies=agencies, solutions=solutions))


def next_steps(report: Facts) -> Prose:
    """Part V and the closing sentence."""
    text = narrative(
        "next_steps",
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
    notes = [str(finding) for finding in of_severity(findings(report.data, report.period), "warning")]
    return Prose(narrative("annex", notes=notes))


def _author(report: Facts) -> str:
    return report.data.form["author_name"]
