"""The one description of the workbook: tables, columns, choices, as declared in workbook.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from giamngheo.regulation.programme import NATIONAL, Catalogue, Programme

ColumnKind = Literal["text", "code", "choice", "date", "year", "period", "count", "money", "percent"]

COUNTED = {"households": "hộ", "persons": "khẩu"}
"""What the two official flow tables count, one column each."""


@dataclass(frozen=True)
class Column:
    """One column (or, in a record sheet, one line) of the workbook."""

    name: str
    header: str
    kind: ColumnKind
    meaning: str
    required: bool = False
    choices: str = ""
    unit: str = ""
    law: str = ""
    width: int = 0
    optional: bool = False
    """Whether a workbook may do without the column: one made before the column was thought of has none."""
    lead: tuple[str, ...] = ()
    """Words that the report prints before the text: typed there too, they are left out."""
    also: tuple[str, ...] = ()
    """Other headings of the column: those of the years of other programmes."""
    over_year: Literal["", "grows", "stays", "falls"] = ""
    """How an amount goes on from one snapshot of its line to the next; "" where a row is no snapshot."""


@dataclass(frozen=True)
class Table:
    """One sheet of the workbook."""

    name: str
    sheet: str
    title: str
    hint: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    layout: Literal["rows", "record"] = "rows"
    law: str = ""
    adds_up: bool = False
    """Whether the figures of units are the sums of those of the units below."""
    optional: bool = False
    """Whether a workbook may do without the sheet: one made before the table was thought of has none."""
    communes_send: bool = False
    """Whether a commune fills it in and sends it to the unit above."""
    carries_over: bool = False
    """Whether the workbook of a new year begins with its rows."""
    years_before: int = 0
    """How many years before that of the workbook its dates may lie in."""
    paid_after: bool = False
    """Whether its dates may lie after the year, as long as money of the year is paid."""
    snapshot_months: int = 0
    """How many months lie between the ends of two of its cumulative snapshots at most; 0 of a table without any."""
    any_date: bool = False
    """Whether its dates may lie anywhere."""

    @property
    def is_dated(self) -> bool:
        """Whether a row says when it is known."""
        return any(column.name == "date" for column in self.columns)

    @property
    def is_by_unit(self) -> bool:
        """Whether a row says of which unit of the list it is."""
        return any(column.choices == "units" for column in self.columns)

    @property
    def is_of_money(self) -> bool:
        """Whether a row has amounts: one without a unit is then of the unit that reports."""
        return bool(self.amounts)

    @property
    def amounts(self) -> tuple[Column, ...]:
        """Its columns of đồng."""
        return tuple(column for column in self.columns if column.kind == "money")

    def column(self, name: str) -> Column:
        """Return the column called `name` in the code."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Guide:
    """The instructions on the first sheet of a workbook."""

    title: str
    steps: tuple[str, ...]


def guide(kind: str, year: int | None = None) -> Guide:
    """Return the instructions of a workbook of a kind, "unit" or "commune", in the words of the programme of a year."""
    entry, programme = _declaration()["guide"][kind], _programme(year)
    return Guide(entry["title"], tuple(filled(step, programme) for step in entry["steps"]))


@cache
def tables(year: int | None = None) -> tuple[Table, ...]:
    """Return every table of the workbook, in the order of the sheets, in the words of the programme of a year."""
    one, every = _programme(year), list(NATIONAL.programmes())
    declared = _declaration()["tables"]
    return tuple(_worded(_table(name, dict(entry)), one, every) for name, entry in declared.items())


def _programme(year: int | None) -> Programme:
    """Return the programme of a year, the latest where no year is given or none is known."""
    found = NATIONAL.programme(year) if year is not None else None
    return found or list(NATIONAL.programmes())[-1]


def _worded(table: Table, one: Programme, every: Sequence[Programme]) -> Table:
    """Return a table with what contents of a programme are called in its words; the others head its columns, too."""
    columns = []
    for column in table.columns:
        header, *also = dict.fromkeys(filled(column.header, programme) for programme in (one, *every))
        columns.append(replace(column, header=header, meaning=filled(column.meaning, one), also=tuple(also)))
    return replace(table, columns=tuple(columns), hint=filled(table.hint, one))


def filled(words: str, programme: Programme) -> str:
    """Return words with what the contents of a programme are called in place of <noun> and <parts>."""
    for place, called in (("<noun>", programme.noun), ("<parts>", programme.parts)):
        capital = called[:1].upper() + called[1:]
        words = f"{capital}{words.removeprefix(place)}" if words.startswith(place) else words.replace(place, called)
    return words


def table(name: str) -> Table:
    """Return the table called `name` in the code."""
    return next(entry for entry in tables() if entry.name == name)


@cache
def tables_that_add_up() -> tuple[str, ...]:
    """Return the names of the tables in which the figures of units are sums of those of the units below."""
    return tuple(entry.name for entry in tables() if entry.adds_up)


@cache
def commune_tables() -> tuple[Table, ...]:
    """Return the tables that a commune fills in and sends to the unit above it."""
    return tuple(entry for entry in tables() if entry.communes_send)


@cache
def money_tables_by_unit() -> tuple[str, ...]:
    """Return the names of the tables of amounts of units."""
    return tuple(entry.name for entry in tables() if entry.is_by_unit and entry.is_of_money)


@cache
def snapshot_tables() -> tuple[Table, ...]:
    """Return the tables of cumulative snapshots."""
    return tuple(entry for entry in tables() if entry.snapshot_months)


def choices(name: str, catalogue: Catalogue = NATIONAL) -> Mapping[str, str]:
    """Return the codes of a list with the Vietnamese word that stands in the workbook."""
    words: dict[str, str] = {}
    for word, code in spellings(name, catalogue).items():
        words.setdefault(code, word)
    return words


def meant_choices(name: str, catalogue: Catalogue) -> list[str]:
    """Return the words that are meant to stand in a list: of sources, those of the budget or those beyond it."""
    beyond = {source.code for one in catalogue.programmes() for source in one.sources if source.mobilised}
    is_beyond = name == "mobilised_source"
    return [
        word for code, word in choices(name, catalogue).items() if name not in SOURCES or (code in beyond) == is_beyond
    ]


def spellings(name: str, catalogue: Catalogue = NATIONAL) -> Mapping[str, str]:
    """Return the code of every word that may stand in the workbook for an entry of a list, each entry's own first.

    A source of funds or kind of work may be any of all programmes of a catalogue: which, the year says.
    """
    words = catalogue.source_words() if name in SOURCES else catalogue.work_words() if name == WORK else {}
    return words | {word: code for code, word in _declaration()["choices"].get(name, {}).items()}


SOURCES = ("source", "paid_source", "mobilised_source")
"""The lists of sources of funds."""

WORK = "work"
"""The list of kinds of work."""


@cache
def _declaration() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("workbook.toml").read_text("utf-8"))


def _table(name: str, entry: dict[str, Any]) -> Table:
    if "flow_of" in entry:
        words = {"of": entry.pop("flow_of"), "with": entry.pop("flow_with")}
        columns = _flow_columns(words)
    elif "lacks_of" in entry:
        columns = _lack_columns(entry.pop("lacks_of"))
    else:
        columns = tuple(_column(key, value) for key, value in entry.pop("columns").items())
    return Table(name=name, columns=columns, **(entry | {"key": tuple(entry.pop("key", ()))}))


def _column(key: str, entry: Mapping[str, Any]) -> Column:
    return Column(key, **{**entry, "lead": tuple(entry.get("lead", ()))})


def _flow_columns(words: Mapping[str, str]) -> tuple[Column, ...]:
    """Return the columns of a flow table: every count once in households and once in persons."""
    declared = _declaration()["flow_columns"]
    identity = [Column(key, **entry) for key, entry in declared.items() if entry["kind"] != "count"]
    counts = [
        _flow_count(key, entry, unit, words)
        for unit in COUNTED
        for key, entry in declared.items()
        if entry["kind"] == "count"
    ]
    note = Column("note", "Ghi chú", "text", "Không in trong báo cáo", width=40)
    return (*identity, *counts, note)


def _lack_columns(of: str) -> tuple[Column, ...]:
    """Return columns of a table of deprivations: a count of households for each indicator."""
    declared = _declaration()["lack_columns"]
    identity = [Column(key, **entry) for key, entry in declared.items() if not isinstance(entry, str)]
    counts = [
        Column(
            key,
            f"({int(key.split('_')[1])}) {name}",
            "count",
            f"Số {of} thiếu hụt chỉ số này",
            unit=COUNTED["households"],
        )
        for key, name in declared.items()
        if isinstance(name, str)
    ]
    return (*identity, *counts, Column("note", "Ghi chú", "text", "Không in trong báo cáo", width=40))


def _flow_count(key: str, entry: Mapping[str, str], unit: str, words: Mapping[str, str]) -> Column:
    counted = "" if unit == "households" else f"{COUNTED[unit]} của "
    header, meaning = (entry[field].format(counted=counted, **words) for field in ("header", "meaning"))
    return Column(f"{key}_{unit}", f"{header}, {COUNTED[unit]}", "count", meaning, unit=COUNTED[unit])
