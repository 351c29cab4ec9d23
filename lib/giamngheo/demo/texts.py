"""Form, recipients, documents, tasks and other texts of a made-up district's year."""

import datetime as dt
from typing import Any

import pandas as pd

from giamngheo.demo.content import content, filled
from giamngheo.demo.places import District


def form(district: District) -> dict[str, str]:
    """Values of the form sheet."""
    written = {key: filled(text, unit=district.name, year=0) for key, text in content()["form"].items()}
    return written | {"unit_code": district.code, "marking": content()["marking"]}


def texts(district: District, year: int) -> dict[str, pd.DataFrame]:
    """The tables of a year that hold texts."""
    said = {
        name: [filled(text, unit=district.name, year=year) for text in content()["texts"][name]]
        for name in ("activities", "solutions", "next_steps")
    }
    recipients = content()["recipients"]
    return {
        "recipients": pd.DataFrame({"position": range(1, len(recipients) + 1), "text": recipients}),
        "documents": pd.DataFrame([_document(entry, district, year) for entry in content()["documents"]]),
        "tasks": pd.DataFrame(_tasks(), columns=["position", "agency", "text"]),
    } | {name: pd.DataFrame({"text": entries}) for name, entries in said.items()}


def _document(entry: dict[str, Any], district: District, year: int) -> dict[str, Any]:
    fixed = {key: entry[key] for key in ("role", "kind", "number")}
    words = {key: filled(entry[key], unit=district.name, year=year) for key in ("issuer", "subject")}
    return fixed | words | {"date": pd.Timestamp(entry.get("date") or _day(entry["day"], year))}


def _day(day: dict[str, Any], year: int) -> dt.date:
    return dt.date(year - day.get("before", False), day["month"], day["day"])


def _tasks() -> list[tuple[int, str, str]]:
    return [
        (position, entry["agency"], text)
        for position, entry in enumerate(content()["tasks"], start=1)
        for text in entry["texts"]
    ]
