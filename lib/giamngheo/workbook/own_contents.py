"""The list of contents in a workbook: where it names one otherwise than the law, and what it adds below."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from giamngheo.core.message import Message, message, quoted
from giamngheo.regulation.programme import Catalogue, Content, Own

MOST_OWN = 1000
"""Contents that a workbook may add: each is looked for among all others, and names those that it is part of."""

_PROVISIONAL = "(chưa có tên chính thức)"
"""How a name ends that is no name yet, in a workbook made before the official one was known."""


@dataclass(frozen=True)
class Unplaced:
    """A row that has no place in any programme: its column at fault, what stands there, what is expected."""

    row: int
    column: str
    found: Message
    expected: Message


def with_own(catalogue: Catalogue, contents: pd.DataFrame) -> Catalogue:
    """Return a catalogue with the names and contents of a sheet, those that have no place left out."""
    lost = {problem.row for problem in unplaced(catalogue, contents)}
    rows = contents[~contents["row"].isin(lost)].drop_duplicates("code").to_dict("records")
    given = _contents(catalogue)
    own = (Own("contents", fields, f"Danh mục, dòng {row['row']}") for row in rows if (fields := _own(row, given)))
    return Catalogue((*catalogue.own, *own))


def unplaced(catalogue: Catalogue, contents: pd.DataFrame) -> list[Unplaced]:
    """Return the rows that have no place: new ones without a name or without a content to stand below."""
    given = _contents(catalogue)
    rows: dict[str, Mapping[str, Any]] = {str(row["code"]): row for row in contents.to_dict("records")[::-1]}
    listed = [*rows.items()][::-1]
    added = [code for code, _ in listed if code not in given]
    if len(added) > MOST_OWN:
        found = message("{count} new codes", count=len(added))
        wanted = message("at most {count} new codes", count=MOST_OWN)
        return [Unplaced(int(rows[code]["row"]), "code", found, wanted) for code in added]
    return [problem for code, row in listed for problem in _problems(code, row, (given, rows))]


def _contents(catalogue: Catalogue) -> dict[str, Content]:
    return {content.code: content for one in catalogue.programmes() for content in one.contents}


_Known = tuple[Mapping[str, Content], Mapping[str, Mapping[str, Any]]]
"""The contents of the law, and the rows of the sheet, by code."""


def _problems(code: str, row: Mapping[str, Any], known: _Known) -> Iterator[Unplaced]:
    given, rows = known
    place, parent = int(row["row"]), str(row["parent_code"])
    if code in given:
        wanted = given[code].parent
        if parent and parent != wanted:
            found = message("{code} stands below {parent}", code=quoted(code), parent=quoted(parent))
            yield Unplaced(place, "parent_code", found, message("{parent}, as the law has it", parent=wanted or "-"))
        return
    if not row["name"]:
        found = message("the new code {code} has no name", code=quoted(code))
        yield Unplaced(place, "name", found, message("the name that reports print"))
    if not parent:
        found = message("the new code {code} stands below no other", code=quoted(code))
        yield Unplaced(place, "parent_code", found, message("the code of the content that it is part of"))
    elif parent not in given and parent not in rows:
        found = message("the code {code} is not in the list", code=quoted(parent))
        yield Unplaced(place, "parent_code", found, message("the code of the content that it is part of"))
    elif not _reaches_law(parent, known):
        found = message("{code} stands below itself", code=quoted(code))
        yield Unplaced(place, "parent_code", found, message("the code of the content that it is part of"))


def _reaches_law(code: str, known: _Known) -> bool:
    """Return whether a code stands, however deep, below a content of the law, or below one that has no parent."""
    given, rows = known
    passed: set[str] = set()
    while code in rows and code not in given and code not in passed:
        passed.add(code)
        code = str(rows[code]["parent_code"])
    return code not in passed


def _own(row: Mapping[str, Any], given: Mapping[str, Content]) -> dict[str, str]:
    """Return what a row says otherwise than the law; empty where it says the same."""
    code, law = str(row["code"]), given.get(str(row["code"]))
    names = {"name": "name", "short": "short", "ministry": "ministry", "parent_code": "parent"}
    typed = {field: str(row[column]) for column, field in names.items() if row[column]}
    if law is None:
        return {"code": code} | typed
    if typed.get("name", "").endswith(_PROVISIONAL):
        typed.pop("name")
    fields = {field: text for field, text in typed.items() if field != "parent" and text != getattr(law, field)}
    return {"code": code} | fields if fields else {}
