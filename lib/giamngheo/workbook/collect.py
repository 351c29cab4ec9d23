"""What communes send back, put together: who is missing, who sent twice, what contradicts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import ascii_uppercase
from typing import Any

import pandas as pd

from giamngheo.core.finding import Finding, Severity
from giamngheo.core.message import Message, message, quoted
from giamngheo.core.text import folded
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.own_contents import unplaced
from giamngheo.workbook.schema import commune_tables, table

TABLES = tuple(entry.name for entry in commune_tables() if entry.is_by_unit)

_GIVEN_BEFORE = frozenset({"opening_households", "opening_persons"})
"""Figures that stand in a commune's workbook before anybody types: a row of these alone says nothing."""


@dataclass(frozen=True)
class Collected:
    """Rows to put into the workbook, by table; what there is to say; codes of the units that sent nothing."""

    frames: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    """A row of a table with the dataset it stands in; by column, the rows that the figures put into it stand in."""

    data: Dataset
    table: str
    row: Mapping[Any, Any]
    others: Mapping[str, "_Row"] = field(default_factory=dict)

    @property
    def key(self) -> tuple[Any, ...]:
        texts = {column.name for column in table(self.table).columns if column.kind == "text"}
        values = ((name, self.row[name]) for name in table(self.table).key)
        return tuple(None if pd.isna(value) else folded(value) if name in texts else value for name, value in values)

    def finding(self, code: str, severity: Severity, column: str, words: tuple[Message, Message]) -> Finding:
        return Finding(code, severity, self._at(column).data.file, table(self.table).sheet, self._cell(column), *words)

    def place(self, column: str) -> Message:
        file, sheet = self._at(column).data.file, table(self.table).sheet
        return message("{file}, sheet '{sheet}', cell {cell}", file=file, sheet=sheet, cell=self._cell(column))

    def _at(self, column: str) -> "_Row":
        return self.others.get(column, self)

    def _cell(self, column: str) -> str:
        place = self._at(column)
        return place.data.cell(self.table, column, place.row["row"])


def collected(workbook: Dataset, submissions: Sequence[Dataset], *, is_replaced: bool) -> Collected:
    """Return what the submissions add to a workbook.

    A figure of the workbook is written over only where it `is_replaced`; one that differs is reported either way. What
    several files say of a row is put together; of what two say differently neither counts: that is an error, as is a
    unit that the workbook or the file itself does not list, and with `is_replaced` a row of another year.
    """
    findings: list[Finding] = []
    frames, heard = {}, set()
    listed = {content.code for one in workbook.catalogue.programmes() for content in one.contents}
    for name in TABLES:
        sent = [row for data in submissions for row in _sent(workbook, data, name) if _says_something(row)]
        heard |= {row.row["unit_code"] for row in sent}
        findings += _unlisted(workbook, sent)
        standing = {row.key: row for row in _rows(workbook, name)}
        new = [row for row in sent if row.key not in standing or not _is_part(row, standing[row.key])]
        findings += _of_another_year(workbook, new, "error" if is_replaced else "warning")
        rows = _in_list_of(workbook, _put_together(sent, listed, findings), listed, findings)
        findings += _not_sent(standing, sent, rows)
        kept = [_merged(row, standing.get(row.key), findings, is_replaced=is_replaced) for row in rows]
        if kept:
            frames[name] = pd.DataFrame(kept)
    findings += _misplaced(workbook, submissions)
    return Collected(frames, tuple(findings), tuple(_silent(workbook, heard)))


def explanations(workbook: Dataset, submissions: Sequence[Dataset]) -> pd.DataFrame:
    """Return the explanations in submissions, by the keys of the workbook: one that names no unit is of its sender."""
    rows = [row.row for data in submissions for row in _sent(workbook, data, "explanations")]
    types = workbook["explanations"].dtypes
    return pd.DataFrame(rows, columns=list(types.index)).astype(types).drop(columns="row")


def _in_list_of(workbook: Dataset, sent: Sequence[_Row], listed: set[str], findings: list[Finding]) -> list[_Row]:
    """Return rows with the money of contents that only a commune's list has as that of those above them.

    The workbook adds money up along its own list, in which communes have the same contents.
    """
    found: dict[tuple[Any, ...], _Row] = {}
    told: set[tuple[str, str]] = set()
    for row in sent:
        code = row.row.get("project_code", "")
        place = _nearest(code, listed, row.data)
        if place != code and (row.data.file, code) not in told:
            told.add((row.data.file, code))
            words = message("the list of {file} has no {code}", file=workbook.file, code=quoted(code))
            wanted = message("it there, or nothing: its money counts as that of {parent}", parent=quoted(place))
            findings.append(row.finding("content-of-commune", "info", "project_code", (words, wanted)))
        moved = row if place == code else replace(row, row={**row.row, "project_code": place})
        found[moved.key] = _together(found[moved.key], moved) if moved.key in found else moved
    return list(found.values())


def _nearest(code: str, listed: set[str], data: Dataset) -> str:
    """Return the content of a list that a code is or, by the list of a commune, stands below; the code where none."""
    parents = dict(zip(data["contents"]["code"], data["contents"]["parent_code"], strict=True))
    place = code
    while place not in listed and place in parents:
        place = parents.pop(place)
    return place if place in listed else code


def _together(row: _Row, other: _Row) -> _Row:
    """Return a row with the amounts of another added; one that is blank in either is blank."""
    amounts = [column.name for column in table(row.table).columns if column.kind == "money"]
    return replace(row, row={**row.row, **{name: row.row[name] + other.row[name] for name in amounts}})


def _misplaced(workbook: Dataset, submissions: Sequence[Dataset]) -> Iterator[Finding]:
    """Yield findings of contents that communes added without a name or a place."""
    for data in submissions:
        for wrong in unplaced(workbook.catalogue, data["contents"]):
            row = _Row(data, "contents", {"row": wrong.row})
            yield row.finding("own-content", "error", wrong.column, (wrong.found, wrong.expected))


def is_untouched(submission: Dataset) -> bool:
    """Return whether a commune's workbook says nothing but what stood in it before anybody typed."""
    return not any(_says_something(row) for name in TABLES for row in _rows(submission, name))


def is_of_untouched_row(submission: Dataset, finding: Finding) -> bool:
    """Whether a finding tells blank cells of rows that say nothing but what stood in them before anybody typed."""
    name = next((name for name in TABLES if table(name).sheet == finding.sheet), "")
    if finding.code != "blank-cell" or not name:
        return False
    silent = {row.row["row"] for row in _rows(submission, name) if not _says_something(row)}
    return all(int(cell.lstrip(ascii_uppercase)) in silent for cell in finding.cells)


def _rows(data: Dataset, name: str) -> Iterator[_Row]:
    return (_Row(data, name, row) for row in data[name].to_dict("records"))


def _sent(workbook: Dataset, data: Dataset, name: str) -> Iterator[_Row]:
    """Yield the rows of a submission; money that names no unit is that of the unit that sends it."""
    units = data["units"]
    own = units[_standing(workbook, units) & ~units["code"].isin([*_above(workbook)])]
    sender = set(own.loc[~own["parent_code"].isin(own["code"]), "code"])
    for row in _rows(data, name):
        of_sender = not row.row["unit_code"] and len(sender) == 1
        yield _Row(data, name, {**row.row, "unit_code": min(sender)}) if of_sender else row


def _figures(row: _Row) -> dict[str, Any]:
    known = {"row", *table(row.table).key}
    return {str(name): value for name, value in row.row.items() if name not in known and _is_given(value)}


def _is_given(value: Any) -> bool:
    return not pd.isna(value) and value != ""


def _says_something(row: _Row) -> bool:
    return bool(_figures(row).keys() - _GIVEN_BEFORE)


def _unlisted(workbook: Dataset, sent: Sequence[_Row]) -> Iterator[Finding]:
    """Yield findings of rows of units that the workbook does not list, or that are not those of their file."""
    known, above = set(workbook["units"]["code"]), set(_above(workbook))
    for row in sent:
        code = row.row["unit_code"]
        own = sorted(set(row.data["units"]["code"]) - above)
        if code not in known:
            found = message("the code {code} is not in the list of units", code=quoted(code))
            expected = message("a unit of {file}", file=workbook.file)
            yield row.finding("unknown-unit", "error", "unit_code", (found, expected))
        elif code not in own:
            found = message("the code {code} is not that of the unit that sends the file", code=quoted(code))
            expected = message("the code in the list of units of the file: {codes}", codes=", ".join(own) or "?")
            yield row.finding("another-unit", "error", "unit_code", (found, expected))


def _above(workbook: Dataset) -> Iterator[str]:
    """Yield the unit that reports, and those above it: they are listed in the files of its parts too."""
    parents = dict(zip(workbook["units"]["code"], workbook["units"]["parent_code"], strict=True))
    code = workbook.form["unit_code"]
    while code in parents:
        yield code
        code = parents.pop(code)


def _of_another_year(workbook: Dataset, sent: Sequence[_Row], severity: Severity) -> Iterator[Finding]:
    for row in sent:
        if row.table != "capital" and not pd.isna(row.row["date"]) and row.row["date"].year != workbook.year:
            found = message(
                "the day {day} is not of the year of {file}", day=row.row["date"].date(), file=workbook.file
            )
            expected = message("a day of the year {year}", year=str(workbook.year))
            yield row.finding("another-year", severity, "date", (found, expected))


def _put_together(sent: Sequence[_Row], listed: set[str], findings: list[Finding]) -> list[_Row]:
    """Return one row of each key with the figures of all files, and tell what several files say of it.

    Contents of one code that two files place otherwise are two.
    """
    found: dict[tuple[Any, ...], _Row] = {}
    for row in sent:
        key = (*row.key, _nearest(row.row.get("project_code", ""), listed, row.data))
        earlier = found.setdefault(key, row)
        if earlier is row:
            continue
        added = {name: value for name, value in _figures(row).items() if name not in _figures(earlier)}
        findings += _of_both(row, earlier, list(added))
        found[key] = replace(
            earlier, row={**earlier.row, **added}, others={**earlier.others, **dict.fromkeys(added, row)}
        )
    return list(found.values())


def _of_both(row: _Row, earlier: _Row, added: Sequence[str]) -> Iterator[Finding]:
    """Yield findings of a row that earlier files have too: a contradiction, other figures, or the same again."""
    differing = _differing(row, earlier)
    for column, value in differing.items():
        expected = message("the same figure in both, or one of the two files")
        yield row.finding("contradiction", "error", column, (_beside(value, earlier, column), expected))
    if differing:
        return
    if added:
        headers = ", ".join(quoted(table(row.table).column(name).header) for name in added)
        found = message("{file} has this row too, without {columns}", file=earlier.data.file, columns=headers)
        yield row.finding(
            "sent-in-parts", "info", added[0], (found, message("two parts of what one unit sends: both are written"))
        )
    else:
        found = message("the same row stands in {file} too", file=earlier.data.file)
        yield row.finding("sent-twice", "info", "unit_code", (found, message("one file from each unit")))


def _beside(value: Any, other: _Row, column: str) -> Message:
    """Return a figure and that of another row; alike for all columns, so that many are told as one."""
    return message(
        "{value} stands here, {other} in {place}",
        value=quoted(str(value)),
        other=quoted(str(other.row[column])),
        place=other.place(column),
    )


def _not_sent(standing: Mapping[Any, _Row], sent: Sequence[_Row], kept: Sequence[_Row]) -> Iterator[Finding]:
    """Yield findings of rows of the workbook that would count beside those that their units send, and are not there.

    Capital is the sum of all rows; of a snapshot, those of its day, and a later day would be the latest.
    """
    days: dict[str, list[Any]] = {}
    for row in kept:
        days.setdefault(row.row["unit_code"], []).append(row.row["date"])
    there = {row.key for row in (*sent, *kept)}
    for key, row in standing.items():
        of_unit, day = days.get(row.row["unit_code"]), row.row["date"]
        if key in there or of_unit is None or not _says_something(row):
            continue
        if row.table == "capital" or day in of_unit or all(other < day for other in of_unit):
            found = message("this row of {unit} is not in what it sends now", unit=row.row["unit_code"])
            expected = message("it there too; or, where the unit has corrected it or taken it out, no such row here")
            yield row.finding("not-sent-again", "warning", "date", (found, expected))


def _is_part(row: _Row, other: _Row) -> bool:
    """Return whether another row has every figure of a row, and no other one in its place."""
    return _figures(row).keys() <= _figures(other).keys() and not _differing(row, other)


def _differing(row: _Row, other: _Row) -> dict[str, Any]:
    """Return figures of a row that the other row has otherwise."""
    theirs = _figures(other)
    return {name: value for name, value in _figures(row).items() if name in theirs and theirs[name] != value}


def _merged(row: _Row, standing: _Row | None, findings: list[Finding], *, is_replaced: bool) -> dict[str, Any]:
    """Return the row to write; what stands in the workbook stays, unless it is replaced, and its key as it is typed."""
    given = {name: value for name, value in row.row.items() if name != "row" and _is_given(value)}
    if standing is None:
        return given
    given |= {name: standing.row[name] for name in table(row.table).key if name in given}
    differing = _differing(row, standing)
    for column, value in differing.items():
        expected = message("the same figure in both, or --replace to write over that of the workbook")
        if is_replaced:
            expected = message("nothing more: the figure of the workbook is written over")
        words = _beside(value, standing, column), expected
        findings.append(row.finding("differs-from-workbook", "info" if is_replaced else "warning", column, words))
    return given if is_replaced else {name: value for name, value in given.items() if name not in differing}


def _silent(workbook: Dataset, heard: set[str]) -> Iterator[str]:
    """Yield units below the one that reports, standing at the end of the year, of which nothing came.

    Of a unit of which only parts sent theirs, the parts that did not.
    """
    units = workbook["units"][_standing(workbook, workbook["units"])]
    names, parents = (dict(zip(units["code"], units[column], strict=True)) for column in ("name", "parent_code"))
    in_part: set[str] = set()
    for unit in heard:
        code = unit
        while code in parents and code not in in_part:
            in_part.add(code)
            code = parents[code]
    parts = {code: list(rows["code"]) for code, rows in units.groupby("parent_code")}
    waiting = parts.pop(workbook.form["unit_code"], [])
    while waiting:
        code = waiting.pop(0)
        if code not in in_part:
            yield f"{code} {names[code]}"
        elif code not in heard:
            waiting = [*parts.pop(code, []), *waiting]


def _standing(workbook: Dataset, units: pd.DataFrame) -> pd.Series:
    """Return which of a list of units stand at the end of the year of a workbook."""
    return units["valid_to"].isna() | (units["valid_to"] >= pd.Timestamp(workbook.year, 12, 31))
