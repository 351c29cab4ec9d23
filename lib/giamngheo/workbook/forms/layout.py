"""Where the headings and rows of a published form stand, and what its columns say, by their words."""

import datetime as dt
import itertools
import re
import tomllib
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from openpyxl.utils import get_column_letter

from giamngheo.core.text import bare, legacy_encoding_of, text, unicode_of
from giamngheo.regulation.lookup import provision
from giamngheo.workbook.forms.tables import FormTable
from giamngheo.workbook.forms.title import day_of
from giamngheo.workbook.schema import table as schema_table

MOST_HEADINGS = 6
"""Rows of headings of a form, its column numbers left out."""

MOST_FORMS = 50
"""Forms of one sheet."""

MEASURES = {"ho": "households", "khau": "persons"}
"""What a row of a pair, or one of two columns side by side, counts."""

_NUMBERED = re.compile(r"[(\[]?[0-9]+([.][0-9]+)*[)\]]?[ .:)–-]+(?=[^\W\d])")
"""The number before the words of a heading: "9 - Nguồn nước", "(2) Tăng"."""

_COLUMN_NUMBER = re.compile(r"[(\[]?([0-9]{1,2}|[A-Za-z])([,/: ]*[=+*x%-]+[ ()0-9=+*/%x-]*|/[ ()0-9=+*/%x-]*)?[)\]]?")
_FIGURE = re.compile(r"[-+]?[0-9][0-9., ]*%?")
_UNIT_NOTE = re.compile(r"don vi( tinh)? (?P<unit>%|(ty le|ho|khau|nhan khau|nguoi|nghin|ngan|trieu|tram|ty|dong)\b.*)")
_SCALED = re.compile(r"\b(nghin|ngan|trieu|tram|chuc)\b")
_ATTACHED = ("(kem theo", "kem theo", "(ban hanh kem", "(dinh kem")


@dataclass(frozen=True)
class Heading:
    """A column of a form: its number, its words from the highest cell down, and the figure of the workbook it is.

    name: of the column of the workbook, "a/b" where it is the rate of two, "=a" where it is a figure of another form,
    to be compared; "" where it is not known. A column of another table has that before it: "reviews.households".
    """

    column: int
    words: tuple[str, ...]
    name: str = ""

    @property
    def said(self) -> str:
        """The column as a message names it."""
        return f"cột {get_column_letter(self.column)} {' / '.join(self.words)!r}"


@dataclass(frozen=True)
class Line:
    """A row of figures: the name of its unit or content, and what it counts where it says so ("households", "").

    number: as the form numbers it, "1.1".
    """

    row: int
    name: str
    measure: str = ""
    number: str = ""


@dataclass(frozen=True)
class Form:
    """A published form that was recognised; day: of its figures, None where its title does not say it."""

    kind: str
    table: FormTable
    title: str
    day: dt.date | None
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    nameless: tuple[int, ...] = ()
    """Rows that have figures and no name."""

    @property
    def scale(self) -> str:
        """The unit in which the form counts where it is not one household or person; "" where it is."""
        note = unit_note(self.title)
        return note if _SCALED.search(note) else ""

    @property
    def columns(self) -> Mapping[int, str]:
        """What each column that is known says."""
        return {heading.column: heading.name for heading in self.headings if heading.name}

    @property
    def name(self) -> str:
        """What the form is called."""
        return str(declared()["forms"][self.kind]["name"])


@cache
def declared() -> dict[str, Any]:
    """Return what forms.toml says."""
    return tomllib.loads(files(__package__).joinpath("forms.toml").read_text("utf-8"))


def seen(value: Any) -> str:
    """Return the text of a cell; one that is typed in an old font is read."""
    typed = text(value)
    encoding = legacy_encoding_of(typed) if typed else None
    return text(unicode_of(typed, encoding)) if encoding else typed


def simple(words: Any) -> str:
    """Return words as small letters without accents and signs."""
    return " ".join(re.sub(r"[^\w%]+", " ", bare(seen(words)).replace("%", " % ")).split())


def reduced(words: str, day: dt.date | None = None) -> str:
    """Return a part of a heading in the words of forms.toml; the day or year of the form itself says nothing."""
    said = f" {simple(_NUMBERED.sub('', words))} "
    if day is not None:
        said = said.replace(f" {day.day} {day.month} {day.year} ", " ").replace(f" nam {day.year} ", " nam ")
    said = re.sub(r"(?<= )[0-9]{1,2}(?= )", "", said)
    said = f" {' '.join(said.split())} "
    for phrase, word in _phrases():
        said = said.replace(f" {phrase} ", f" {word} ".replace("  ", " "))
    return " ".join(word for word, _ in itertools.groupby(said.split()))


@cache
def _phrases() -> Sequence[tuple[str, str]]:
    """Return phrases with the word in their place, the longest first."""
    found = [(phrase, word) for word, phrases in declared()["same"].items() for phrase in phrases]
    found += [(phrase, "") for phrase in declared()["neutral"]]
    return sorted(found, key=lambda pair: -len(pair[0]))


def forms_in(table: FormTable, day: dt.date | None = None) -> list[Form]:
    """Return the forms of a table, one below the other; `day` is that of all figures, in place of their titles'."""
    heads = list(itertools.islice(_heads(table), MOST_FORMS))
    ends = [*(head.top for head in heads[1:]), len(table.rows) + 1][: len(heads)]
    found: list[Form] = []
    above, title = 1, ""
    for head, end in zip(heads, ends, strict=True):
        lines = [seen(value) for row in range(above, head.top) for value in table.rows[row - 1] if seen(value)]
        said = [line for line in lines if not simple(line).startswith(tuple(map(simple, _ATTACHED)))]
        title = "\n".join(said) or title
        if form := _form(table, head, range(head.below, end), (title, day or day_of(title, head.rows == "units"))):
            if found and not said and form.columns == found[-1].columns:  # headings repeated on a new page
                before = found.pop()
                form = replace(before, lines=before.lines + form.lines, nameless=before.nameless + form.nameless)
            found.append(form)
            above = max((line.row for line in form.lines), default=head.below) + 1
    return found


@dataclass(frozen=True)
class _Head:
    """Rows of headings: the first, the first below them; columns of numbers and names, and what these are of."""

    top: int
    below: int
    unit: int
    number: int | None
    rows: str


def _heads(table: FormTable) -> Iterator[_Head]:
    last = 0
    for row in range(1, len(table.rows) + 1):
        columns = {c: simple(value) for c, value in enumerate(table.rows[row - 1], start=1) if seen(value)}
        named = {c: _rows_of(words) for c, words in columns.items() if _rows_of(words)}
        if row <= last or len(columns) < 3 or not named:
            continue
        unit, rows = next(iter(named.items()))
        number = next((c for c, words in columns.items() if re.fullmatch(declared()["numbers"], words)), None)
        above = table.rows[row - 2] if row > 1 else ()  # of figures where headings are repeated on a new page
        top = row - (sum(bool(seen(value)) and not is_figure(value) for value in above) >= 3)
        below = _below(table, row, unit, number)
        last = below - 1
        yield _Head(top, below, unit, number, rows)


def _rows_of(words: str) -> str:
    """Return what the rows below a heading are of, "units" or "contents" of a programme; "" where it is of none."""
    return next((rows for rows in ("units", "contents") if re.fullmatch(declared()[rows], words)), "")


def _below(table: FormTable, row: int, unit: int, number: int | None) -> int:
    """Return the first row below the headings."""
    for at in range(row + 1, min(row + MOST_HEADINGS + 1, len(table.rows) + 1)):
        if _has_column_numbers(table.rows[at - 1]):
            return at + 1
        areas = table.merged_in.get(row, ())
        covered = any(left <= unit <= right and at <= bottom for left, _, right, bottom in areas)
        if not covered and (seen(table.value(at, unit)) or (number and seen(table.value(at, number)))):
            return at
    return row + 1


def _has_column_numbers(row: Sequence[Any]) -> bool:
    """Return whether a row numbers the columns: "A", "B", "(1)", "(4)=(3)/(1)", which rise; figures need not."""
    typed = [seen(value) for value in row if seen(value)]
    counted = [int(found[0]) for cell in typed if (found := re.search("[0-9]+", cell))]
    rises = counted == list(range(counted[0], counted[0] + len(counted))) if counted else False
    return len(counted) >= 3 and rises and all(_COLUMN_NUMBER.fullmatch(cell) for cell in typed)


def _form(table: FormTable, head: _Head, rows: range, said: tuple[str, dt.date | None]) -> Form | None:
    title, day = said
    paths = _paths(table, head)
    forms = {kind for kind, entry in declared()["forms"].items() if entry.get("rows", "units") == head.rows}
    kinds = {kind: named(paths, kind, day) for kind in sorted(forms)}
    kind = _kind({kind: sum(map(bool, names.values())) for kind, names in kinds.items()}, reduced(title, day))
    if kind is None:
        return None
    if "whole" in declared()["forms"][kind] and are_rates(title):
        kinds[kind] = {column: as_rate(name, kind) for column, name in kinds[kind].items()}
    headings = tuple(Heading(column, words, kinds[kind].get(column, "")) for column, words in paths.items())
    lines, nameless = _lines(table, head, rows, headings)
    headings += tuple(_wordless(table, head, paths, lines))
    return Form(kind, table, title, day, headings, tuple(lines), tuple(nameless))


def _wordless(table: FormTable, head: _Head, paths: Container[int], lines: Sequence[Line]) -> Iterator[Heading]:
    """Yield the columns without any words that have figures in most rows."""
    columns = range(head.unit + 1, max(map(len, table.rows), default=0) + 1)
    for column in (column for column in columns if column not in paths):
        if 2 * sum(is_figure(table.value(line.row, column)) for line in lines) > len(lines):
            yield Heading(column, ("không có tiêu đề",))


def _kind(counts: Mapping[str, int], title: str) -> str | None:
    """Return the kind of form of which most columns are there; of several the one that the title names."""
    forms = declared()["forms"]
    most = max(counts.values())
    found = [kind for kind, count in counts.items() if count == most >= forms[kind]["least"]]
    if len(found) > 1:
        found = [kind for kind in found if re.fullmatch(forms[kind].get("title", "(?!)"), title)]
    return found[0] if len(found) == 1 else None


def unit_note(title: str) -> str:
    """Return what a form counts in, as it says above its table; "" where it does not."""
    notes = (found["unit"] for line in title.splitlines() if (found := _UNIT_NOTE.fullmatch(simple(line))))
    return next(notes, "")


def are_rates(title: str) -> bool:
    """Return whether a form has rates in place of counts: by what it says it counts in, or else by its title."""
    note = unit_note(title)
    return note.startswith(("%", "ty le")) or (not note and " ty le " in f" {simple(title)} ")


def as_rate(name: str, kind: str) -> str:
    """Return the rate of a count of a form of parts of one whole."""
    return name if name.startswith("=") or "/" in name else f"{name}/{declared()['forms'][kind]['whole']}"


def _paths(table: FormTable, head: _Head) -> dict[int, tuple[str, ...]]:
    """Return the words above each column of figures, from the highest cell down."""
    rows = [row for row in range(head.top, head.below) if not _has_column_numbers(table.rows[row - 1])]
    width = max((len(table.rows[row - 1]) for row in rows), default=0)
    grid = {(row, column): seen(_shared(table, row, column)) for row in rows for column in range(1, width + 1)}
    for row, below in itertools.pairwise(rows):
        for column in range(2, width + 1):
            has_part = grid[below, column] and not grid[row, column]
            is_free = not _is_merged(table, row, column) and not _is_merged(table, row, column - 1)
            if has_part and is_free and column - 1 not in {head.unit, head.number}:
                grid[row, column] = grid[row, column - 1]
    paths = {}
    for column in range(1, width + 1):
        words = tuple(word for word, _ in itertools.groupby(grid[row, column] for row in rows) if word)
        if words and column not in {head.unit, head.number}:
            paths[column] = words
    return paths


def _is_merged(table: FormTable, row: int, column: int) -> bool:
    return any(left <= column <= right for left, _, right, _ in table.merged_in.get(row, ()))


def _shared(table: FormTable, row: int, column: int) -> Any:
    """Return what a cell shows: of merged ones that of the first."""
    for left, top, right, _ in table.merged_in.get(row, ()):
        if left <= column <= right:
            return table.value(top, left)
    return table.value(row, column)


def named(paths: Mapping[int, Sequence[str]], kind: str, day: dt.date | None) -> dict[int, str]:
    """Return the column of the workbook that each column of a form of a kind says, by its number."""
    entry = declared()["forms"][kind]
    patterns = {**entry["columns"], **entry.get("rates", {})}
    found = {}
    for column, words in paths.items():
        parts = [part for word in words if not re.fullmatch(declared()["groups"], part := reduced(word, day))]
        if "whole" in entry and (name := _indicator(parts, kind)):
            found[column] = name
            continue
        measure = MEASURES.get(parts[-1]) if len(parts) > 1 and kind != "reviews" else None
        said = " ".join(word for word, _ in itertools.groupby(" ".join(parts[:-1] if measure else parts).split()))
        names = [name for name, ways in patterns.items() if any(re.fullmatch(way, said) for way in ways)]
        if len(names) == 1:
            found[column] = counted_as(names[0], measure or "households")
    return found


def _indicator(parts: Sequence[str], kind: str) -> str:
    """Return the indicator that a column of a form of deprivations counts; "" where its words are of something else."""
    last = parts[-1] if parts else ""
    own = [part for part in parts if part not in {"ho", "tyle"}]
    known = {reduced(column.header): column.name for column in schema_table(kind).columns if column.unit}
    if not own or own[-1] not in known or not set(own[:-1]) <= _dimensions() | {own[-1]}:
        return ""
    name = known[own[-1]]
    return as_rate(name, kind) if last == "tyle" else name


@cache
def _dimensions() -> frozenset[str]:
    """Return the dimensions of the standard, under which indicators may stand."""
    indicators = provision("poverty/indicators", on=dt.date(2022, 1, 1)).value
    return frozenset(reduced(entry["dimension"]) for entry in indicators)


def counted_as(name: str, measure: str) -> str:
    """Return the column of the same figure in households or persons; "" where the form already says persons."""
    if measure == "households" or "/" in name or "=" in name or "@" in name:
        return name
    return re.sub("households$", measure, name) if name.endswith("households") else ""


def _lines(table: FormTable, head: _Head, rows: range, headings: Sequence[Heading]) -> tuple[list[Line], list[int]]:
    known = [heading.column for heading in headings if heading.name]
    measured = _measuring_column(table, rows, [heading.column for heading in headings if not heading.name])
    lines: list[Line] = []
    nameless: list[int] = []
    name = ""
    for row in rows:
        if not any(is_figure(table.value(row, column)) for column in known):
            name = _name(table, row, head) or name
            continue
        own = _name(table, row, head)
        measure = MEASURES.get(reduced(own) or "") or (
            MEASURES.get(reduced(seen(table.value(row, measured)))) if measured else None
        )
        name = name if (measure and (not own or reduced(own) in MEASURES)) else own
        if name:
            number = seen(table.value(row, head.number)) if head.number else ""
            lines.append(Line(row, name, measure or "", number))
        else:
            nameless.append(row)
    return lines, nameless


def _measuring_column(table: FormTable, rows: range, columns: Sequence[int]) -> int | None:
    """Return the column that says of each row whether it counts households or persons."""
    for column in columns:
        said = {reduced(seen(table.value(row, column))) for row in rows if seen(table.value(row, column))}
        if len(said & set(MEASURES)) == 2:
            return column
    return None


def _name(table: FormTable, row: int, head: _Head) -> str:
    """Return the name of a row; "Tổng cộng" often stands where its number would."""
    own = seen(table.value(row, head.unit))
    number = seen(table.value(row, head.number)) if head.number else ""
    return own or (number if re.search(r"[^\W\d_]{3}", number) else "")


def is_figure(value: Any) -> bool:
    """Return whether a cell holds a number, typed as one or as text."""
    if isinstance(value, str):
        return bool(_FIGURE.fullmatch(text(value)))
    return isinstance(value, int | float) and not isinstance(value, bool)
