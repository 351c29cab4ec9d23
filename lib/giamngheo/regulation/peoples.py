"""The peoples of Viet Nam, by the names under which files have them."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from giamngheo.regulation.lookup import load

OTHER = "Khác"
"""What is printed in place of a name that is not in the list."""


MAJORITY = "Kinh"
"""The people of which the others are the minorities."""


def people_names() -> tuple[str, ...]:
    """Return the official names that are printed, in the order of the list."""
    return tuple(entry["name"] for entry in _entries())


def people_by_spelling() -> Mapping[str, str]:
    """Return the official name by the folded form of each of its spellings.

    All versions of the list count, the latest last: a name that was official once stays readable.
    """
    found = {folded_people(OTHER): OTHER}
    for entry in _entries():
        found |= {folded_people(spelling): entry["name"] for spelling in (entry["name"], *entry["others"])}
    return found


def folded_people(spelling: str) -> str:
    """Return a spelling as letters only, small ones: capitals, spaces, hyphens and apostrophes do not count."""
    small = unicodedata.normalize("NFC", spelling).lower().replace("ð", "đ")
    return "".join(letter for letter in small if letter.isalpha())


def _entries() -> list[Mapping[str, Any]]:
    blocks = load("peoples")["list"]["from"]
    return [entry for day in sorted(blocks) for entry in blocks[day]["value"]]
