"""How the report of the review forms begins."""

from giamngheo.report.elements import Letterhead, Prose
from giamngheo.report.facts import Facts, letterhead_of
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.numbers import UNKNOWN


def letterhead(facts: Facts) -> Letterhead:
    """Return the head of the document (Decree 30/2020, annex I)."""
    return letterhead_of(
        facts, f"Biểu kết quả rà soát hộ nghèo, hộ cận nghèo năm {facts.year} trên địa bàn {facts.unit}"
    )


def opening(facts: Facts) -> Prose:
    """Return the sentence that says whose forms these are."""
    author = facts.data.form["author_name"]
    return Prose(narrative("forms/opening", author=author, year=facts.year, unit=facts.unit, unknown=UNKNOWN))
