"""DuckDB underneath: household files queried where they lie, in bounded memory.

The only module that knows it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import pandas as pd

from giamngheo.errors import GiamngheoError
from giamngheo.intake.household_errors import UnreadableHouseholdFileError
from giamngheo.intake.household_header import column_places
from giamngheo.intake.household_sheet import ROW_HEADER, sheet_text
from giamngheo.intake.household_text import DelimitedText, delimited_text, first_line_not_unicode
from giamngheo.scratch import ended_in_order, scratch_folder
from giamngheo.statistics.households.typed import (
    TEXT,
    Raw,
    lenient_source,
    quoted,
    strict_source,
    text_type,
    tidiness,
    typed_select,
)

MEMORY_LIMIT = "1GB"
FILE_STEP = 1 << 40
"""A place is FILE_STEP x the number of the file + the row in it."""


class EngineError(GiamngheoError):
    """The engine gave up; its own words are kept back, because they may quote a household."""

    def __init__(self, error: Exception) -> None:
        super().__init__(
            f"Không tính được từ tệp hộ ({type(error).__name__}); "
            "hãy kiểm tra chỗ trống trên đĩa, bộ nhớ và tệp còn nguyên vẹn."
        )


@dataclass(frozen=True)
class Workspace:
    """An engine at work: its connection, its private folder for what does not fit in memory, all its connections."""

    connection: duckdb.DuckDBPyConnection
    scratch: Path
    opened: list[duckdb.DuckDBPyConnection]


@dataclass(frozen=True)
class Households:
    """Rows of a household file; `given` are the columns the file has.

    select: SQL of the rows with, at least, those columns of the names given that there are. SQL of them all, forty
    with their rules, takes the engine longer to read than it then takes to count a district.
    is_loaded: whether the rows lie in a table, which only the connection that made it sees.
    """

    work: Workspace
    select: Callable[[Set[str]], str]
    given: frozenset[str]
    files: tuple[str, ...]
    is_loaded: bool = False


@contextmanager
def workspace(memory: str = MEMORY_LIMIT) -> Iterator[Workspace]:
    """An engine in bounded memory that loads nothing from afar and leaves nothing behind."""
    opened: list[duckdb.DuckDBPyConnection] = []

    def interrupt() -> None:
        for connection in opened:
            connection.interrupt()

    with ended_in_order(interrupt), scratch_folder("households") as folder:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": str(folder / "spill"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        opened.append(connection := duckdb.connect(str(folder / "households.duckdb"), config=settings))
        try:
            yield Workspace(connection, folder, opened)
        finally:
            opened.clear()
            connection.close()


def households(work: Workspace, path: Path) -> Households:
    """The households of a CSV, Parquet or XLSX file or a folder of Parquet files, to be counted.

    Columns of the rows: `place`, those of the schema (NULL where the file lacks them), and
    `unreadable`, a bit per column whose cell does not fit its kind. Nothing is loaded from Parquet;
    text is copied once, typed, into the workspace. Raises HouseholdFileError, EngineError.
    """
    if path.is_dir():
        return _parquet(work, sorted(path.glob("*.parquet")), path)
    if not path.is_file():
        raise UnreadableHouseholdFileError(path, "không có tệp này")
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic == b"PAR1":
        return _parquet(work, [path], path)
    scratch = Path(mkdtemp(dir=work.scratch))
    text = sheet_text(path, scratch) if magic == b"PK\x03\x04" else delimited_text(path, scratch)
    return _delimited(work, text, path)


@contextmanager
def beside(rows: Households) -> Iterator[Households]:
    """The rows for another thread, to be asked there while they are asked here; not at once where they are loaded."""
    if rows.is_loaded:
        yield rows
        return
    with rows.work.connection.cursor() as connection:
        rows.work.opened.append(connection)
        try:
            yield replace(rows, work=replace(rows.work, connection=connection))
        finally:
            rows.work.opened.remove(connection)


def frame(rows: Households, query: str, **tables: pd.DataFrame) -> pd.DataFrame:
    """Result of a query over `households` (the rows) and the given frames, by name.

    `households` has the columns that the query names; a star stands for no others. Raises EngineError.
    """
    with _given(rows.work, tables) as connection:
        return connection.execute(_over(rows, query)).df()


@contextmanager
def kept(rows: Households, query: str) -> Iterator[Households]:
    """The rows that `query` makes of them, kept in the workspace for as long as it lasts: for rows asked often.

    Raises EngineError.
    """
    with _given(rows.work, {}) as connection:
        connection.execute(f"create temp table kept as {_over(rows, query)}")
    try:
        yield replace(rows, select=lambda _: "select * from kept")
    finally:
        rows.work.connection.execute("drop table kept")


def narrowed(rows: Households, query: str) -> Households:
    """The rows that `query`, a select from `households`, makes of them; nothing is computed yet."""
    return replace(rows, select=lambda names: _over(rows, query, names))


def with_columns(rows: Households, columns: Mapping[str, str]) -> Households:
    """The rows with more columns: their names and SQL; nothing is computed yet, nor ever what nobody asks for."""

    def select(names: Set[str]) -> str:
        wanted = [f"{sql} as {name}" for name, sql in columns.items() if name in names]
        return _over(rows, f"select {', '.join(['*', *wanted])} from households", names)

    return replace(rows, select=select)


def written(work: Workspace, query: str, path: Path, **tables: pd.DataFrame) -> None:
    """Writes the result of a query over the given frames to a Parquet file, or CSV by its name."""
    kind = "csv, header" if path.suffix == ".csv" else "parquet, compression zstd"
    with _given(work, tables) as connection:
        connection.execute(f"copy ({query}) to {quoted(path)} (format {kind})")


@contextmanager
def _given(work: Workspace, tables: Mapping[str, pd.DataFrame]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The engine, which knows the frames by name. Raises EngineError for what fails inside."""
    try:
        for name, table in tables.items():
            work.connection.register(name, table)
        yield work.connection
    except duckdb.Error as error:
        raise EngineError(error) from None
    finally:
        for name in tables:
            work.connection.unregister(name)


def _over(rows: Households, query: str, names: Set[str] = frozenset()) -> str:
    """SQL of the query, in which `households` are the rows with the columns that the query names, and others named."""
    wanted = names | set(re.findall(r"\w+", query))
    return f"with households as ({rows.select(wanted)}) {query}"


def _parquet(work: Workspace, parts: list[Path], path: Path) -> Households:
    if not parts:
        raise UnreadableHouseholdFileError(path, "thư mục không có tệp .parquet nào")
    source = f"read_parquet([{', '.join(quoted(part) for part in parts)}], union_by_name=true)"
    try:
        described = work.connection.execute(f"describe select * from {source}").fetchall()
    except duckdb.Error:
        raise UnreadableHouseholdFileError(path, "không phải tệp Parquet còn nguyên vẹn") from None
    places = column_places(path, [name for name, *_ in described])
    raws = {name: Raw(*described[index][:2]) for name, index in places.items()}
    raws = _told_tidy(work, raws, source)
    place = f"file_index * {FILE_STEP} + file_row_number + 1"
    files = tuple(part.name for part in parts)
    return Households(work, lambda names: typed_select(raws, source, place, names=names), frozenset(raws), files)


def _told_tidy(work: Workspace, raws: Mapping[str, Raw], source: str) -> dict[str, Raw]:
    with _given(work, {}) as connection:
        told = connection.execute(tidiness(raws, source)).df().iloc[0]
    return {name: replace(raw, tidy=bool(told.get(name, False))) for name, raw in raws.items()}


def _delimited(work: Workspace, text: DelimitedText, path: Path) -> Households:
    """Text is typed once into a table: while it is read, or where that fails, cell by cell."""
    places = column_places(path, text.header)
    names = {index: name for name, index in places.items()}
    row = f"c{text.header.index(ROW_HEADER)}::bigint" if ROW_HEADER in text.header else "0"
    table = f"loaded_{text.path.stat().st_ino}"
    types = [text_type(names.get(index)) for index in range(len(text.header))]
    typed = {name: Raw(f"c{index}", types[index]) for name, index in places.items()}
    try:
        _load(work, table, typed_select(typed, strict_source(text, types), row))
    except duckdb.Error:
        last = f"c{len(text.header) - 1}"
        broken = f"coalesce({last} is null or more is not null, false)"
        raws = {name: Raw(f"c{index}", TEXT) for name, index in places.items()}
        _load_leniently(work, table, typed_select(raws, lenient_source(text), row, broken=broken), path)
    numbered = "*" if ROW_HEADER in text.header else "* replace (rowid + 2 as place)"
    select = f"select {numbered} from {table}"
    return Households(work, lambda _: select, frozenset(places), (path.name,), is_loaded=True)


def _load(work: Workspace, table: str, sql: str) -> None:
    work.connection.execute(f"create or replace temp table {table} as {sql}")


def _load_leniently(work: Workspace, table: str, sql: str, path: Path) -> None:
    try:
        _load(work, table, sql)
    except duckdb.Error as error:
        if isinstance(error, duckdb.OutOfMemoryException | duckdb.IOException):
            raise EngineError(error) from None
        found = UnreadableHouseholdFileError(path, "các dòng không tách được thành cột")
        raise (first_line_not_unicode(path) or found) from None
