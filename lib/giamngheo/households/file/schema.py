"""The one description of the household file: its columns and closed lists, its header, and why a file is refused.

No message of a refusal holds a value of the file: it could name a household.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from giamngheo.core.errors import GiamngheoError, shown
from giamngheo.core.text import LEGACY, folded

GUIDE = "docs/households.md"


class HouseholdFileError(GiamngheoError):
    """The household file cannot be used."""


class UnreadableHouseholdFileError(HouseholdFileError):
    """The file is no CSV, Parquet or XLSX file that can be read."""

    def __init__(self, path: Path, found: str) -> None:
        super().__init__(
            f"{shown(path.name)}: {found}; cần tệp CSV (UTF-8), Parquet hoặc XLSX với các cột như {GUIDE}."
        )


class LegacyEncodingError(HouseholdFileError):
    """The file is written in an encoding from before Unicode."""

    def __init__(self, path: Path, encoding: str, line: int) -> None:
        super().__init__(
            f"{shown(path.name)}, dòng {line}: chữ Việt viết bằng bảng mã {encoding}; "
            "cần Unicode (UTF-8). Hãy chuyển mã (ví dụ UniKey: Ctrl+Shift+F6) hoặc lưu lại "
            "từ Excel dạng 'CSV UTF-8', rồi chạy lại."
        )


class HouseholdColumnsError(HouseholdFileError):
    """The header lacks columns or has one twice."""

    def __init__(self, path: Path, missing: Sequence[str], repeated: Sequence[str]) -> None:
        lacks = [f"thiếu cột {header}" for header in missing]
        twice = [f"cột {header!r} có hai lần" for header in repeated]
        super().__init__(f"{shown(path.name)}: {'; '.join([*lacks, *twice])}; cần các cột như {GUIDE}.")


class SeveralTablesError(HouseholdFileError):
    """Sheets of one workbook hold households, and do not belong together for certain."""

    def __init__(self, path: Path, sheets: Sequence[str], hidden: Sequence[str]) -> None:
        named = ", ".join(sheets)
        why = f"trong đó {', '.join(hidden)} bị ẩn" if hidden else "với các cột khác nhau"
        super().__init__(
            f"{shown(path.name)}: các trang {named} đều có bảng hộ, {why}; không rõ cần đọc trang nào. Hãy lưu một bản "
            "sao chỉ gồm những trang cần đọc, không ẩn, cùng các cột, rồi chạy lại với bản sao đó."
        )


HouseholdKind = Literal["people", "code", "choice", "flag", "count", "money", "number", "date"]
Need = Literal["required", "one_of_income_score", "one_of_deprivations", "optional"]

CLASSES = ("poor", "near_poor", "average", "not_poor")

POOR_CLASSES = ("poor", "near_poor")

CLASS = f"enum{CLASSES}"
"""The type of a class in SQL: compared and grouped as a small number."""


@dataclass(frozen=True)
class HouseholdColumn:
    """One column of the household file."""

    name: str
    header: str
    kind: HouseholdKind
    need: Need
    meaning: str
    choices: str = ""
    law: str = ""


@cache
def household_columns() -> tuple[HouseholdColumn, ...]:
    """Return every column of the household file, in the order of the documentation."""
    declared = _declaration()["columns"]
    return tuple(column for name, entry in declared.items() for column in _columns(name, entry))


@cache
def household_choices(name: str) -> Mapping[str, str]:
    """Return the codes of a closed list of the household file with their Vietnamese words."""
    return dict(_declaration()["choices"][name])


def deprivation_columns() -> tuple[str, ...]:
    """Return the names of the deprivation columns, in the order of the indicators of the standard."""
    return tuple(f"deprivation_{code}" for code in household_choices("indicator"))


def cause_columns() -> tuple[str, ...]:
    """Return the names of the columns of causes of poverty."""
    return tuple(f"cause_{code}" for code in household_choices("cause"))


@cache
def _declaration() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("households.toml").read_text("utf-8"))


def _columns(name: str, entry: Mapping[str, str]) -> Iterator[HouseholdColumn]:
    """Yield one column, or one for each entry of the list named by `each`."""
    fields: dict[str, Any] = {key: value for key, value in entry.items() if key != "each"}
    if "each" not in entry:
        yield HouseholdColumn(name, **fields)
        return
    for code, label in household_choices(entry["each"]).items():
        worded = {key: value.format(code=code, label=label) for key, value in fields.items()}
        yield HouseholdColumn(f"{name}_{code}", **worded)


HEADER_SEARCH_ROWS = 10
"""How far down the header is looked for: a title may stand above it."""

_LEAST_KNOWN = 3
"""Headings by which a row is known as the header."""

_NUMBER_OF_COLUMN = re.compile(r"[(\[]?(?P<number>[0-9]+|[a-z])[)\].]?( ?=.*)?")


def known_columns(header: Sequence[str]) -> dict[int, str]:
    """Return the columns of the schema that a header has, by position; they are known by name or heading."""
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
    """Return the position of each column of the file, by its name in the schema.

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
    """Return the text by which two headings are the same; the letter eth is read as đ, for which it is typed."""
    return folded(label).replace("ð", "đ")


def _missing(present: set[str]) -> Iterator[str]:
    """Yield the columns that the file lacks, in the words of the header."""
    for column in household_columns():
        if column.need == "required" and column.name not in present:
            yield f"{column.header!r} ({column.name})"
    if not present & {"income_vnd", "b1_score"}:
        yield "'Thu nhập bình quân' (income_vnd) hoặc 'Điểm B1' (b1_score)"
    if "b2_score" not in present and not present >= set(deprivation_columns()):
        yield "'Điểm B2' (b2_score), hoặc một trong mọi cột 'Thiếu hụt …' (deprivation_01 …)"
