"""The forms of a report in their official order, behind the signature."""

from collections.abc import Callable, Mapping

from giamngheo.regulation.programme import FormKind
from giamngheo.report.elements import DataTable, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.programme.contents import contents_form
from giamngheo.report.programme.policies import policies_form
from giamngheo.report.programme.resources import resources_form
from giamngheo.report.programme.settings import forms_of
from giamngheo.report.programme.works import works_form

_FORMS: Mapping[FormKind, Callable[[Facts], DataTable]] = {
    "policies": policies_form,
    "resources": resources_form,
    "works": works_form,
    "contents": contents_form,
}


def form(facts: Facts, place: int) -> DataTable | Prose:
    """Return the form that is the first, the second … of the report; nothing where it has fewer."""
    kinds = sorted(forms_of(facts).values(), key=lambda one: one.code)
    return _FORMS[kinds[place - 1].kind](facts) if place <= len(kinds) else Prose("")
