"""What a National Target Programme consists of, and the sources of funds that it is paid from."""

import datetime as dt
from dataclasses import dataclass

from giamngheo.regulation.lookup import rule


@dataclass(frozen=True)
class Content:
    """A part of a programme: a project or, with a parent, a sub-project.

    code: "1", "1.1". name: official; short: ours, for tables and figures. label: what texts call it, "Dự án 1",
    "Tiểu dự án 1"; full_label says of what it is a part. capital: codes of the sources that it is paid from.
    """

    code: str
    name: str
    short: str
    label: str
    full_label: str
    capital: tuple[str, ...]
    ministry: str
    parent: str = ""


@dataclass(frozen=True)
class Source:
    """A source of funds or, with a parent, a part of one. name: official; short: for the heads of tables."""

    code: str
    name: str
    short: str
    parent: str = ""


def contents(*, on: dt.date) -> tuple[Content, ...]:
    """Return the contents of the programme in force on a day, in official order.

    Raises NoRuleInForceError. Source: Decision 90/QĐ-TTg for 2021-2025.
    """
    value = rule("programme/contents", on=on).value
    found: dict[str, Content] = {}
    depths = {"": -1}
    for entry in value["tree"]:
        parent = entry.get("parent", "")
        depths[entry["code"]] = depths[parent] + 1
        label = f"{value['levels'][depths[entry['code']]]} {entry.get('number', entry['code'])}"
        full = f"{label} ({found[parent].full_label})" if parent else label
        fields = {name: text for name, text in entry.items() if name != "number"}
        found[entry["code"]] = Content(**fields | {"capital": tuple(entry["capital"])}, label=label, full_label=full)
    return tuple(found.values())


def sources(*, on: dt.date) -> tuple[Source, ...]:
    """Return the sources of funds of the programme in force on a day, in official order. Raises NoRuleInForceError."""
    return tuple(Source(**entry) for entry in rule("programme/sources", on=on).value)
