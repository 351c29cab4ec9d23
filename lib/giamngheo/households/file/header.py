"""Which column of a household file is which, from its header."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from giamngheo.core.legacy_text import LEGACY
from giamngheo.households.file.refusals import HouseholdColumnsError, LegacyEncodingError
from giamngheo.households.file.schema import deprivation_columns, household_choices, household_columns
from giamngheo.workbook.grid import folded

HEADER_SEARCH_ROWS = 10
"""How far down the header is looked for: a title may stand above it."""

_LEAST_KNOWN = 3
"""Headings by which a row is known as the header."""

_NUMBER_OF_COLUMN = re.compile(r"[(\[]?(?P<number>[0-9]+|[a-z])[)\].]?( ?=.*)?")


def known_columns(header: Sequence[str]) -> dict[int, str]:
    """Position in the header of every column that the schema knows, by name or heading."""
    names = {_alike(label): c.name for c in household_columns() for label in (c.name, c.header)}
    return {index: names[_alike(text)] for index, text in enumerate(header) if _alike(text) in names}


def is_known_word(text: str) -> bool:
    """Return whether a cell is a heading or an entry of a closed list of the household file."""
    headings = {label for column in household_columns() for label in (column.name, column.header)}
    lists = {column.choices for column in household_columns() if column.kind == "choice"}
    labels = {label for name in lists for label in household_choices(name).values()}
    return _alike(text) in {_alike(label) for label in headings | labels}


def recognised(header: Sequence[str]) -> int:
    """Return how many headings are known, as they stand or in an old encoding."""
    return max(len(known_columns(header)), *(len(known_columns(words)) for words in _decoded(header).values()))


def is_header(cells: Sequence[str]) -> bool:
    """Return whether a row is the header of a household file."""
    return recognised(cells) >= _LEAST_KNOWN


def are_column_numbers(cells: Sequence[str]) -> bool:
    """Return whether a row below the header only numbers the columns: (1), (2), (3), or A, B, 1, 2."""
    found = [_NUMBER_OF_COLUMN.fullmatch(folded(cell)) for cell in cells if folded(cell)]
    numbers = [int(match["number"]) for match in found if match and match["number"].isdecimal()]
    whole = len(numbers) >= _LEAST_KNOWN and None not in found
    return whole and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def column_places(path: Path, header: Sequence[str]) -> Mapping[str, int]:
    """Position of each column of the file, by its name in the schema.

    Raises LegacyEncodingError where the header is written in an old Vietnamese encoding, and
    HouseholdColumnsError with every column that is missing or is there twice.
    """
    known = known_columns(header)
    refuse_legacy(path, header, line=1)
    present = list(known.values())
    repeated = sorted({name for name in present if present.count(name) > 1})
    missing = list(_missing(set(present)))
    if missing or repeated:
        raise HouseholdColumnsError(path, missing, repeated)
    return {name: index for index, name in known.items()}


def refuse_legacy(path: Path, header: Sequence[str], *, line: int) -> None:
    """Raise LegacyEncodingError where more headings are known in an old encoding than as they stand."""
    if (encoding := legacy_encoding(header)) is not None:
        raise LegacyEncodingError(path, encoding, line)


def legacy_encoding(header: Sequence[str]) -> str | None:
    """Return the name of the old encoding in which more headings are known than as they stand, or None."""
    counts = {name: len(known_columns(words)) for name, words in _decoded(header).items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] > len(known_columns(header)) else None


def _decoded(header: Sequence[str]) -> dict[str, list[str]]:
    return {name: [decode(text) for text in header] for name, decode in LEGACY.items()}


def _alike(label: str) -> str:
    """Text by which two headings are the same; the letter eth is typed for đ."""
    return folded(label).replace("ð", "đ")


def _missing(present: set[str]) -> Iterator[str]:
    """What the file lacks, in the words of the header."""
    for column in household_columns():
        if column.need == "required" and column.name not in present:
            yield f"{column.header!r} ({column.name})"
    if not present & {"income_vnd", "b1_score"}:
        yield "'Thu nhập bình quân' (income_vnd) hoặc 'Điểm B1' (b1_score)"
    if "b2_score" not in present and not present >= set(deprivation_columns()):
        yield "đủ các cột 'Thiếu hụt …' (deprivation_01 …) hoặc 'Điểm B2' (b2_score)"
