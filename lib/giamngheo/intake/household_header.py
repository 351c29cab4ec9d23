"""Which column of a household file is which, from its header."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from giamngheo.intake.grid import folded
from giamngheo.intake.household_errors import HouseholdColumnsError, LegacyEncodingError
from giamngheo.intake.household_schema import deprivation_columns, household_columns
from giamngheo.intake.legacy_text import LEGACY


def known_columns(header: Sequence[str]) -> dict[int, str]:
    """Position in the header of every column that the schema knows, by name or heading."""
    names = {folded(label): c.name for c in household_columns() for label in (c.name, c.header)}
    return {index: names[folded(text)] for index, text in enumerate(header) if folded(text) in names}


def column_places(path: Path, header: Sequence[str]) -> Mapping[str, int]:
    """Position of each column of the file, by its name in the schema.

    Raises LegacyEncodingError where the header is written in an old Vietnamese encoding, and
    HouseholdColumnsError with every column that is missing or is there twice.
    """
    known = known_columns(header)
    if (encoding := legacy_encoding(header, len(known))) is not None:
        raise LegacyEncodingError(path, encoding, line=1)
    present = list(known.values())
    repeated = sorted({name for name in present if present.count(name) > 1})
    missing = list(_missing(set(present)))
    if missing or repeated:
        raise HouseholdColumnsError(path, missing, repeated)
    return {name: index for index, name in known.items()}


def legacy_encoding(header: Sequence[str], known: int) -> str | None:
    """Name of the old encoding in which more than `known` headings are known, or None."""
    recognised = {name: len(known_columns([decode(text) for text in header])) for name, decode in LEGACY.items()}
    best = max(recognised, key=lambda name: recognised[name])
    return best if recognised[best] > known else None


def _missing(present: set[str]) -> Iterator[str]:
    """What the file lacks, in the words of the header."""
    for column in household_columns():
        if column.need == "required" and column.name not in present:
            yield f"{column.header!r} ({column.name})"
    if not present & {"income_vnd", "b1_score"}:
        yield "'Thu nhập bình quân' (income_vnd) hoặc 'Điểm B1' (b1_score)"
    if "b2_score" not in present and not present >= set(deprivation_columns()):
        yield "đủ các cột 'Thiếu hụt …' (deprivation_01 …) hoặc 'Điểm B2' (b2_score)"
