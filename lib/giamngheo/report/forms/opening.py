"""How the report of the review forms begins."""

from giamngheo.report.elements import Letterhead, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.numbers import UNKNOWN


def letterhead(facts: Facts) -> Letterhead:
    """Return the head of the document (Decree 30/2020, annex I)."""
    form = facts.data.form
    return Letterhead(
        parent_body=form["parent_body"],
        issuing_body=form["issuing_body"],
        symbol=form["number_symbol"],
        place=form["place"],
        year=facts.period.year,
        month=facts.period.month,
        subject=f"Biểu kết quả rà soát hộ nghèo, hộ cận nghèo năm {facts.year} trên địa bàn {facts.unit}",
        addressee=form["addressee"],
        bases=(),
        marking=form.get("marking", ""),
    )


def opening(facts: Facts) -> Prose:
    """Return the sentence that says whose forms these are."""
    author = facts.data.form["author_name"]
    return Prose(narrative("forms/opening", author=author, year=facts.year, unit=facts.unit, unknown=UNKNOWN))
