"""How the report begins and ends: letterhead, first sentence, recipients and signature."""

from giamngheo.report.elements import Closing, Letterhead, Prose
from giamngheo.report.facts import Facts, letterhead_of
from giamngheo.report.language import words
from giamngheo.report.language.narrative import narrative
from giamngheo.report.programmes import programme_of


def letterhead(facts: Facts) -> Letterhead:
    """Return the head of the document, subject, addressee and legal bases (Decree 30/2020, annex I)."""
    subject = f"Kết quả thực hiện {programme_of(facts, facts.year).name} {words.subject_time(facts.period)}"
    bases = tuple(f"Căn cứ {words.citation(document)}" for document in facts.documents("basis"))
    return letterhead_of(facts, subject, bases)


def opening(facts: Facts) -> Prose:
    """Return the sentence that says what the report is about and up to which day."""
    time = f"năm {facts.year}" if facts.period.kind == "month" else words.name(facts.period)
    programme = programme_of(facts, facts.year).name
    context = {"programme": programme, "author": facts.data.form["author_name"], "time": time, "unit": facts.unit}
    return Prose(narrative("monthly/opening", cutoff=facts.period.cutoff, **context))


def closing(facts: Facts) -> Closing:
    """Return recipients and signature."""
    form = facts.data.form
    recipients = facts.data["recipients"].sort_values("position")["text"]
    return Closing(tuple(recipients), form["signatory_office"], form["signatory_name"])
