"""Checks of documents: dated, and each under one number and symbol."""

import re
from collections.abc import Iterator

import pandas as pd

from giamngheo.checks import grounds
from giamngheo.checks.check import Case, Problem, check, where
from giamngheo.core.message import message, quoted
from giamngheo.core.text import folded
from giamngheo.workbook.read.typed import CellError, typed_date

_CITED = re.compile(r"(?P<number>[0-9]+/[\w&-]*[\w&]),? ngày (?P<day>[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})")
_TEXTS = {"documents": "subject", "activities": "text", "tasks": "text", "solutions": "text", "next_steps": "text"}


@check("undated-document", "warning", "documents", ground=grounds.DOCUMENT_FORM)
def undated_document(case: Case) -> Iterator[Problem]:
    """Every document cited has its date."""
    documents = case["documents"]
    for _, row in where(documents, documents["date"].isna()):
        found = message("{kind} {number} has no date", kind=row["kind"], number=row["number"])
        yield Problem("documents", "date", row["row"], found, message("its date"))


@check("two-symbols", "warning", "documents", ground=grounds.DOCUMENT_FORM)
def two_symbols(case: Case) -> Iterator[Problem]:
    """One document, of one kind, number, issuer and date, has one symbol."""
    documents = case["documents"].dropna(subset="date")
    same = [documents["number"].map(_serial), documents["date"], documents["kind"], documents["issuer"]]
    first = documents.groupby(same)["number"].transform("first")
    for position, row in where(documents, documents["number"].map(folded) != first.map(folded)):
        found = message("the number is {number}", number=quoted(row["number"]))
        yield Problem(
            "documents", "number", row["row"], found, message("{number}, as above", number=quoted(first[position]))
        )


@check("cited-otherwise", "warning", *_TEXTS, ground=grounds.DOCUMENT_FORM)
def cited_otherwise(case: Case) -> Iterator[Problem]:
    """A text cites a listed document by the number and symbol of the list."""
    listed = _listed(case)
    for name, column in _TEXTS.items():
        for text, row in case[name][[column, "row"]].itertuples(index=False):
            for number, day in _citations(text):
                known = listed.get((_serial(number), day), set())
                if known and number.casefold() not in {entry.casefold() for entry in known}:
                    found = message("the text cites {number}", number=quoted(number))
                    expected = message("{number}, as in the list of documents", number=" / ".join(sorted(known)))
                    yield Problem(name, column, row, found, expected)


def _listed(case: Case) -> dict[tuple[str, pd.Timestamp], set[str]]:
    """Return numbers of the documents listed, by their serial number and date."""
    known: dict[tuple[str, pd.Timestamp], set[str]] = {}
    for number, day in case["documents"][["number", "date"]].dropna().itertuples(index=False):
        known.setdefault((_serial(number), day), set()).add(number)
    return known


def _citations(text: str) -> Iterator[tuple[str, pd.Timestamp]]:
    for found in _CITED.finditer(text):
        try:
            yield found["number"], pd.Timestamp(typed_date(found["day"]))
        except CellError:
            continue


def _serial(number: str) -> str:
    return re.split(r"[/-]", number, maxsplit=1)[0].lstrip("0").strip()
