"""The half-yearly and yearly report of the programme with its forms, one function for each cell of the notebook.

A module a form: its words, and the form itself, which stands behind the signature.
"""

from giamngheo.report.monthly.direction import direction
from giamngheo.report.monthly.opening import closing
from giamngheo.report.monthly.record import record
from giamngheo.report.monthly.tasks import annex
from giamngheo.report.programme.asked import facts
from giamngheo.report.programme.contents import contents
from giamngheo.report.programme.forms import form
from giamngheo.report.programme.opening import letterhead, next_steps, opening
from giamngheo.report.programme.policies import policies
from giamngheo.report.programme.resources import resources
from giamngheo.report.programme.works import works

__all__ = [
    "annex",
    "closing",
    "contents",
    "direction",
    "facts",
    "form",
    "letterhead",
    "next_steps",
    "opening",
    "policies",
    "record",
    "resources",
    "works",
]
