"""The end of part I and form 04 (province): the policies that the province itself has issued for the programme."""

import pandas as pd

from giamngheo.regulation.programme import Form
from giamngheo.report.elements import Column, DataTable, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.language import words
from giamngheo.report.language.narrative import narrative
from giamngheo.report.programme.settings import completed, form_name, forms_of, head

_HEADS = {"named": 1.3, "cited": 1.3, "subject": 2.2, "goal": 1.8, "content": 2.6, "note": 0.8}
"""The columns after the number, with their widths."""


def policies(facts: Facts) -> Prose:
    """Return how many of the documents issued are policies; empty where the report has no form of them."""
    form = forms_of(facts).get("policies")
    if form is None:
        return Prose("")
    listed = _listed(facts, form)
    acts = [act.lower() for act in form.acts]
    text = narrative("programme/policies", form=form_name(form), count=len(listed), acts=acts)
    return Prose(text)


def policies_form(facts: Facts) -> DataTable:
    """Return the form: the policies by kind and day, with their aims and main content as far as they are typed."""
    form = forms_of(facts)["policies"]
    rows = [
        {
            "number": str(number),
            "named": f"{document['kind']} của {document['issuer']}",
            "cited": f"{document['number']}, {words.long_date(document['date'])}"
            if pd.notna(document["date"])
            else document["number"],
            **{name: document[name] for name in ("subject", "goal", "content")},
            "note": "",
        }
        for number, document in enumerate(_listed(facts, form), 1)
    ]
    columns = (
        Column("number", (head(facts, form, "number"),), "code", 0.4),
        *(Column(name, (head(facts, form, name),), "text", width, missing="") for name, width in _HEADS.items()),
    )
    codes = tuple(document["number"] for document in _listed(facts, form))
    empty = {
        "number": "",
        "named": "Chưa ban hành",
        **dict.fromkeys(["cited", "subject", "goal", "content", "note"], ""),
    }
    frame = pd.DataFrame(rows or [empty], columns=[column.name for column in columns])
    table = DataTable(frame, columns, "", row_codes=codes or ("none",))
    return completed(facts, table, form)


def _listed(facts: Facts, form: Form) -> list[pd.Series]:
    """Return the documents issued that are policies, by kind and day."""
    issued = [document for document in facts.documents("issued") if document["kind"] in form.acts]
    return sorted(issued, key=lambda document: form.acts.index(document["kind"]))
