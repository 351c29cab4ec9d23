"""The projects and sub-projects of the National Target Programme."""

import datetime as dt
from dataclasses import dataclass

from giamngheo.regulation.lookup import rule


@dataclass(frozen=True)
class Project:
    """A project or, with a parent, a sub-project.

    code: "1", "1.1". name: official; short: ours, for tables and figures. capital: "investment", "recurrent".
    """

    code: str
    name: str
    short: str
    capital: tuple[str, ...]
    ministry: str
    parent: str = ""


def programme(*, on: dt.date) -> tuple[Project, ...]:
    """Projects and sub-projects of the programme in force on a day, in official order.

    Raises NoRuleInForceError. Source: Decision 90/QĐ-TTg for 2021-2025.
    """
    entries = rule("programme/tree", on=on).value
    return tuple(Project(**entry | {"capital": tuple(entry["capital"])}) for entry in entries)
