"""How the report of the programme begins, and its last part."""

from giamngheo.report.elements import Letterhead, Prose
from giamngheo.report.facts import Facts, letterhead_of
from giamngheo.report.language import words
from giamngheo.report.language.narrative import narrative
from giamngheo.report.programme.settings import form_name, forms_of
from giamngheo.report.programmes import programme_of


def letterhead(facts: Facts) -> Letterhead:
    """Return the head of the document, subject, addressee and legal bases (Decree 30/2020, annex I)."""
    subject = f"Kết quả thực hiện {programme_of(facts, facts.year).name} {words.name(facts.period)}"
    bases = tuple(f"Căn cứ {words.citation(document)}" for document in facts.documents("basis"))
    return letterhead_of(facts, subject, bases)


def opening(facts: Facts) -> Prose:
    """Return the sentence that says what the report is about, up to which day, and which forms are attached."""
    forms = forms_of(facts).values()
    text = narrative(
        "programme/opening",
        author=facts.data.form["author_name"],
        programme=programme_of(facts, facts.year).full_name,
        time=words.name(facts.period),
        unit=facts.unit,
        cutoff=facts.period.cutoff,
        forms=[form_name(form) for form in forms],
        sample=next(form.sample for form in forms),
    )
    return Prose(text)


def next_steps(facts: Facts) -> Prose:
    """Return the last part and the closing sentence."""
    text = narrative(
        "programme/next_steps",
        following_upper=words.following(facts.period).upper(),
        steps=[words.sentence(text) for text in facts.data["next_steps"]["text"]],
        author=facts.data.form["author_name"],
        addressee=facts.data.form["addressee"],
    )
    return Prose(text)
