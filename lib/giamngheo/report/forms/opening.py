"""How the report of the review forms begins."""

from giamngheo.report.elements import Letterhead, Prose
from giamngheo.report.facts import Facts, letterhead_of
from giamngheo.report.forms.tables import are_printed
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.numbers import UNKNOWN


def letterhead(facts: Facts) -> Letterhead:
    """Return the head of the document (Decree 30/2020, annex I)."""
    return letterhead_of(
        facts, f"Biểu kết quả rà soát hộ nghèo, hộ cận nghèo năm {facts.year} trên địa bàn {facts.unit}"
    )


def year_annex(facts: Facts) -> Prose:
    """Return the heading of the forms in the report of a year; empty where it has none."""
    reviews = facts.data["reviews"]
    if not are_printed(facts) or not (reviews["date"].dt.year == facts.year).any():
        return Prose("")
    return Prose(narrative("forms/year_annex", year=facts.year, unknown=UNKNOWN))


def opening(facts: Facts) -> Prose:
    """Return the sentence that says whose forms these are."""
    author = facts.data.form["author_name"]
    return Prose(narrative("forms/opening", author=author, year=facts.year, unit=facts.unit, unknown=UNKNOWN))
