"""How the report of a review begins and ends: letterhead, last sentence, recipients and signature."""

from giamngheo.report.elements import Closing, Letterhead, Prose
from giamngheo.report.language.narrative import narrative
from giamngheo.report.review.facts import HouseholdFacts


def letterhead(facts: HouseholdFacts) -> Letterhead:
    """Return the head of the document (Decree 30/2020, annex I)."""
    form, day = facts.data.form, facts.review.day
    return Letterhead(
        parent_body=form["parent_body"],
        issuing_body=form["issuing_body"],
        symbol=form["number_symbol"],
        place=form["place"],
        year=day.year,
        month=day.month,
        subject=f"Kết quả rà soát hộ nghèo, hộ cận nghèo năm {day.year} trên địa bàn {facts.unit_name}",
        addressee=form["addressee"],
        bases=(),
        marking=form.get("marking", ""),
    )


def request(facts: HouseholdFacts) -> Prose:
    """Return the closing sentence."""
    form = facts.data.form
    return Prose(narrative("review/request", author=form["author_name"], addressee=form["addressee"]))


def closing(facts: HouseholdFacts) -> Closing:
    """Return recipients and signature."""
    form = facts.data.form
    recipients = facts.data["recipients"].sort_values("position")["text"]
    return Closing(tuple(recipients), form["signatory_office"], form["signatory_name"])
