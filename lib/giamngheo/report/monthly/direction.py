"""Part I: documents issued and other activities."""

import pandas as pd

from giamngheo.report.elements import Prose
from giamngheo.report.facts import Facts
from giamngheo.report.language import words
from giamngheo.report.language.narrative import narrative


def direction(facts: Facts) -> Prose:
    """Return part I: documents issued and other activities."""
    activities = facts.data["activities"]["text"]
    text = narrative(
        "monthly/direction",
        months_upper=words.months_gone(facts.period).upper(),
        year=facts.year,
        author=facts.data.form["author_name"],
        issued=facts.documents("issued"),
        new=_new_documents(facts),
        period=words.name(facts.period),
        directives=facts.documents("directive"),
        activities=[words.sentence(activity) for activity in activities],
    )
    return Prose(text)


def _new_documents(facts: Facts) -> list[str]:
    """Return documents issued in the month itself, where the report lists more of the year."""
    issued, begin = facts.documents("issued"), pd.Timestamp(facts.period.begin)
    new = [document for document in issued if not pd.isna(document["date"]) and document["date"] >= begin]
    if facts.period.kind != "month" or len(new) == len(issued):
        return []
    return [f"{document['kind']} số {document['number']}" for document in new]
