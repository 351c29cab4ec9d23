"""What analysts import: all workbooks of a data folder as tidy tables, and the review in a household file."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from pathlib import Path

import pandas as pd

from giamngheo.core.errors import WrongUseError
from giamngheo.core.foreign import digest
from giamngheo.core.paths import located, shared_files, units, workbook_paths
from giamngheo.core.period import Period
from giamngheo.households.classification import By
from giamngheo.households.measures.alkire_foster import Poverty
from giamngheo.households.places import FROM_COMMUNE
from giamngheo.households.review import Method, Review, flows, review, summaries
from giamngheo.regulation.own import own_files, own_standard
from giamngheo.regulation.poverty import indicators
from giamngheo.report.book import Book, curve_of, money_of_day
from giamngheo.report.elements import Marking
from giamngheo.report.facts import added_up
from giamngheo.report.parameters import chosen_code
from giamngheo.statistics.funding import execution, with_rates
from giamngheo.statistics.poverty import rates
from giamngheo.statistics.programme import contents_of, sources_of
from giamngheo.statistics.unit_money import units_above
from giamngheo.statistics.units import units_on
from giamngheo.workbook.dataset import Dataset, last_day
from giamngheo.workbook.history import history, joined
from giamngheo.workbook.read.workbook import read_workbook
from giamngheo.workbook.schema import choices

_FLOWS = {"poor_flows": "poor", "near_poor_flows": "near_poor"}
_FRONT = (
    *("unit", "year", "unit_code", "unit_name", "level", "level_name"),
    *("class", "date", "fund_year", "project_code", "project_name", "source", "source_name"),
)
"""Columns that a table begins with, as far as it has them."""

_TABLES = (
    *("units", "reviews", "flows", "deprivations", "plans", "capital", "disbursements", "execution"),
    *("resources", "documents", "programme"),
)

_LACKS = {"poor_lacks": "poor", "near_poor_lacks": "near_poor"}

_READ: dict[str, Dataset] = {}
"""Workbooks that were read in this process, by where they lie and the SHA-256 of their content."""

_OPENED: "dict[tuple[str, ...], Data]" = {}
"""The data of the folder that was opened last, by the keys of its workbooks: its tables are made once."""


class NoTableError(WrongUseError):
    """The data folder has no workbook, or its workbooks have no such table."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(f"{folder}: không có bảng {name}; thư mục chưa có sổ tính nào, hoặc tên bảng sai.")


@dataclass(frozen=True, eq=False)
class Data:
    """All workbooks of a data folder as tidy tables: a row a fact, names beside codes.

    Every table begins with `unit`, the folder of the workbook, and `year`, the workbook's; its `row` is the row of the
    sheet, blank for a figure that is not typed but the sum of the units below. earlier: curves of disbursement of the
    folder's file of them (workbook.history).
    """

    folder: Path
    books: tuple[Dataset, ...]
    earlier: pd.DataFrame
    day: dt.date | None = None
    _made: dict[str, pd.DataFrame] = field(init=False, default_factory=dict)

    @property
    def units(self) -> pd.DataFrame:
        """Return the administrative units: code, name, level, parent_code, valid_from, valid_to, and level_name."""
        return self._stacked("units", lambda book: book["units"])

    @property
    def reviews(self) -> pd.DataFrame:
        """Return stocks by unit_code and date with their rates (statistics.poverty.rates), in households and persons.

        A review that the workbooks of several years repeat is there once, as the newest has it.
        """
        return self._stacked("reviews", lambda book: rates(book["reviews"]), once=["unit", "unit_code", "date"])

    @property
    def flows(self) -> pd.DataFrame:
        """Return flows by unit_code, date and `class`, "poor" or "near_poor": opening_households to closing_persons."""
        return self._stacked("flows", lambda book: _both_classes(book, _FLOWS))

    @property
    def deprivations(self) -> pd.DataFrame:
        """Return how many households of a `class` each indicator deprives: indicator, indicator_name, households.

        Blank where it is not known; by unit_code and date. From the sheets *Thiếu hụt*, which many workbooks lack.
        """
        return self._stacked("deprivations", _deprivations)

    @property
    def curves(self) -> pd.DataFrame:
        """Return curves of disbursement (statistics.forecast): unit, fund_year, month, planned_vnd, disbursed_vnd.

        A row a month of a workbook's own funds that is known, disbursed by then; of units and years without a workbook,
        those of data/disbursement_history.csv.
        """
        if "curves" not in self._made:
            self._made["curves"] = joined(*(curve_of(Book(book)).dropna() for book in self.books), self.earlier)
        return self._made["curves"].copy(deep=False)

    @property
    def plans(self) -> pd.DataFrame:
        """Return plans by unit_code and plan_year: the decreases, poor_reduction_households and near_poor_…."""
        return self._stacked("plans", lambda book: book["plans"].rename(columns={"year": "plan_year"}))

    @property
    def capital(self) -> pd.DataFrame:
        """Return capital assigned by decision: project_code, source, fund_year, planned_vnd (whole đồng)."""
        return self._stacked("capital", lambda book: book["capital"])

    @property
    def disbursements(self) -> pd.DataFrame:
        """Return cumulative disbursement by snapshot: project_code, source, fund_year, disbursed_vnd (whole đồng)."""
        return self._stacked("disbursements", lambda book: book["disbursements"])

    @property
    def execution(self) -> pd.DataFrame:
        """Return capital and the newest disbursement of each line and source, with its rate_pct, unrounded.

        source "" is all sources of the line (statistics.funding.execution).
        """
        return self._stacked("execution", _executed)

    @property
    def resources(self) -> pd.DataFrame:
        """Return resources beyond the budget: project_code, source, planned_vnd, mobilised_vnd, rest_vnd.

        Cumulative snapshots by date (whole đồng); workbooks of the years before 2026 have none.
        """
        return self._stacked("resources", lambda book: book["mobilised"])

    @property
    def documents(self) -> pd.DataFrame:
        """Return documents: role, kind, number, date, issuer, subject."""
        return self._stacked("documents", lambda book: book["documents"])

    @property
    def programme(self) -> pd.DataFrame:
        """Return contents of the programmes that the money is of: fund_year, code, above (its parent), name, label."""
        return self._stacked("programme", lambda book: contents_of(_fund_years(book), book.catalogue))

    def table(self, name: str) -> pd.DataFrame:
        """Return any other table of the workbooks by its name in docs/workbook.md. Raises NoTableError."""
        if not self.books or name not in self.books[0].tables:
            raise NoTableError(name, self.folder)
        return self._stacked(name, lambda book: book[name])

    def of(self, unit: object) -> "Data":
        """Return the data of one unit, by the name of its folder; papermill makes a number of "9000003".

        Raises UnknownChoiceError.
        """
        chosen = chosen_code("Đơn vị", unit, sorted({book.unit for book in self.books}))
        own = self.earlier[self.earlier["unit"] == chosen]
        return replace(self, books=tuple(book for book in self.books if book.unit == chosen), earlier=own)

    @property
    def marking(self) -> Marking:
        """What a report of the data has on every page, as "SỐ LIỆU GIẢ LẬP"; show it in a cell of your notebook."""
        return Marking(" · ".join(sorted({book.form.get("marking", "") for book in self.books} - {""})))

    def on(self, day: dt.date | str | int) -> "Data":
        """Return what was known on a day: rows of a later date are gone, those without a date stay.

        day: "2024-06-30", or a period, "2024-06", "2024-Q2", "2024": its last day. Raises MalformedPeriodError.
        """
        last = pd.Timestamp(_day(day))
        ends = pd.to_datetime(self.earlier[["month"]].assign(year=self.earlier["fund_year"], day=1))
        known = self.earlier[ends + pd.offsets.MonthEnd() <= last]
        return replace(self, books=tuple(_until(book, last) for book in self.books), earlier=known, day=last.date())

    def _stacked(self, name: str, table: Callable[[Dataset], pd.DataFrame], once: Sequence[str] = ()) -> pd.DataFrame:
        """Return the table of every workbook, one below the other, with the names of what its codes name.

        It is made once; each who asks has a frame to change as he likes. once: columns of which each combination is
        there once, as the newest workbook has it, in the order of their days.
        """
        if name not in self._made:
            whole = self._whole(table)
            if once:
                whole = whole.drop_duplicates(once, keep="last").sort_values(["unit", "date"], kind="stable")
            self._made[name] = whole.reset_index(drop=True)
        return self._made[name].copy(deep=False)

    def _whole(self, table: Callable[[Dataset], pd.DataFrame]) -> pd.DataFrame:
        frames = [_named(table(book), book) for book in self.books]
        if not frames:
            return pd.DataFrame(columns=["unit", "year"])
        stacked = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
        front = [column for column in _FRONT if column in stacked]
        rest = [column for column in stacked if column not in {*front, "row", "note"}]
        return stacked[[*front, *rest, *(["row"] if "row" in stacked else [])]]

    def __repr__(self) -> str:
        known = f", known on {self.day:%d/%m/%Y}" if self.day else ""
        folders, years = {book.unit for book in self.books}, sorted({book.year for book in self.books})
        span = f"{years[0]}–{years[-1]}" if years else "no year"
        return f"<giamngheo data {self.folder}: {len(folders)} units, {len(self.books)} workbooks, {span}{known}>"

    def _repr_html_(self) -> str:
        lines = "".join(f"<tr><th>{name}</th>{_described(getattr(self, name))}</tr>" for name in _TABLES)
        head = f"<caption>{escape(repr(self))}</caption><tr><th></th><th>rows</th><th>dates</th></tr>"
        return f"<table>{head}{lines}</table>"


@dataclass(frozen=True, eq=False)
class HouseholdReview:
    """The review in a household file, in counts; no household is in it. result: households.review.Review."""

    result: Review

    @property
    def patterns(self) -> pd.DataFrame:
        """Return households and persons of each unit_code (communes) by pattern of deprivations, for the measures.

        Empty where the file has the score B2 in place of deprivations.
        """
        return self.result.counts.patterns.copy(deep=False)

    @property
    def units(self) -> pd.DataFrame:
        """Return the administrative units of the day of the review: code, name, level, parent_code."""
        return self.result.units[["code", "name", "level", "parent_code"]]

    @property
    def indicators(self) -> pd.DataFrame:
        """Return the indicators in the order of `patterns` and of weights: code ("01"), dimension, name."""
        return pd.DataFrame([vars(entry) for entry in indicators(on=self.result.day)])[["code", "dimension", "name"]]

    @property
    def poverty(self) -> Poverty:
        """How the decree counts: every indicator the same, poor from its cut-off on."""
        return Poverty((1.0,) * len(indicators(on=self.result.day)), self.result.standard.deprivation_cutoff)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Return households and persons of each class by unit_code of every level, with rates, as `Data.reviews`."""
        table = rates(summaries(self.result))
        units = self.result.units.set_index("code")
        return table.assign(
            unit_name=table["unit_code"].map(units["name"]), level=table["unit_code"].map(units["level"])
        )

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Return flows since the file of the review before, as in `Data.flows`; empty without such a file."""
        found = [
            table.assign(**{"class": name})
            for name in _FLOWS.values()
            for level in FROM_COMMUNE
            if (table := flows(self.result, name, level)) is not None
        ]
        return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["unit_code", "class"])

    def __repr__(self) -> str:
        households = int(self.result.counts.classes["households"].sum())
        return f"<giamngheo review of {self.result.day:%d/%m/%Y}: {households} households>"


def open_data(data: str = "data", *only: object) -> Data:
    """Return all workbooks of a data folder as tidy tables, or those of some units, by the names of their folders.

    The folder is looked for in the working folder and above it. A workbook is read once in a process as long as its
    content stays. Raises NoFolderError, UnknownChoiceError, UnreadableError, InvalidWorkbookError with every cell that
    cannot be read.
    """
    folder = located(data)
    known_units = units(folder)
    asked = [chosen_code("Đơn vị", unit, known_units) for unit in only] or known_units
    paths = [(path, unit) for unit in asked for path in workbook_paths(folder, unit)]
    law = [f"{path.name} {digest(path)}" for path in own_files(folder)]
    keys = {f"{path.absolute()} {digest(path)}": (path, unit) for path, unit in paths}
    known = (*law, *(asked if only else ()), *(f"{path.name} {digest(path)}" for path in shared_files(folder)), *keys)
    if known not in _OPENED:
        books = tuple(_read(" ".join((*law, key)), *place) for key, place in keys.items())
        _OPENED.clear()
        earlier = history(folder)
        _OPENED[known] = Data(folder, books, earlier[earlier["unit"].isin(asked)] if only else earlier)
    return _OPENED[known]


def household_review(
    file: str, workbook: str, *, before: str = "", by: By = "score", standard: str = ""
) -> HouseholdReview:
    """Return the review in a household file for the units that a workbook lists.

    before: the file of the review before, for the flows. by: "score" or "income". standard: a province's own (TOML), by
    default that of the data folder (regulation/poverty.toml), if it has one.
    Raises NoFolderError, HouseholdFileError, InvalidWorkbookError.
    """
    path = located(workbook)
    listed = read_workbook(path, path.parent.name, int(path.stem) if path.stem.isdigit() else 0)["units"]
    own = located(standard) if standard else own_standard(path.absolute().parent.parent)
    method = Method(listed, by=by, own=own)
    return HouseholdReview(review(located(file), method, before=located(before) if before else None))


def _read(key: str, path: Path, unit: str) -> Dataset:
    if key not in _READ:
        _READ[key] = added_up(read_workbook(path, unit, int(path.stem)))
    return _READ[key]


def _day(told: dt.date | str | int) -> dt.date:
    if isinstance(told, dt.date):
        return told
    try:
        return dt.date.fromisoformat(str(told))
    except ValueError:
        return Period.parse(str(told)).cutoff


def _until(book: Dataset, day: pd.Timestamp) -> Dataset:
    tables = {
        name: frame[frame["date"].isna() | (frame["date"] <= day)].reset_index(drop=True) if "date" in frame else frame
        for name, frame in book.tables.items()
    }
    return replace(book, tables=tables)


def _both_classes(book: Dataset, tables: Mapping[str, str]) -> pd.DataFrame:
    frames = [book[name].assign(**{"class": of}) for name, of in tables.items()]
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


def _deprivations(book: Dataset) -> pd.DataFrame:
    wide = _both_classes(book, _LACKS)
    counts = {f"lacking_{entry.code}_households": entry for entry in indicators(on=dt.date(book.year, 12, 31))}
    kept = [column for column in wide if column not in {*counts, "note"}]
    long = wide.melt(kept, list(counts), var_name="indicator", value_name="households")
    names = {column: entry.name for column, entry in counts.items()}
    codes = {column: entry.code for column, entry in counts.items()}
    long = long.assign(indicator_name=long["indicator"].map(names), indicator=long["indicator"].map(codes))
    return long[[*(name for name in long if name not in {"households", "row"}), "households", "row"]]


def _fund_years(book: Dataset) -> Iterable[int]:
    money = pd.concat([book["capital"]["fund_year"], book["disbursements"]["fund_year"]])
    return {int(year) for year in money.dropna()}


def _executed(book: Dataset) -> pd.DataFrame:
    day = last_day(book)
    money, above = money_of_day(book, day), units_above(units_on(book["units"], day), book.form["unit_code"])
    sources = sources_of(_fund_years(book), book.catalogue)
    lines = execution(money["capital"], money["disbursements"], sources, above)
    return with_rates(lines).drop(columns="programme_share_pct")


def _named(frame: pd.DataFrame, book: Dataset) -> pd.DataFrame:
    """Return a table of a workbook with its unit and year, and the names of what its codes name."""
    named = frame.assign(unit=book.unit, year=book.year)
    if "level" in frame:
        named = named.assign(level_name=named["level"].map(choices("level")))
    if "unit_code" in frame:
        named = _with_units(named, book["units"])
    if "project_code" in frame:
        contents = contents_of(_fund_years(book), book.catalogue)[["fund_year", "code", "short"]]
        contents = contents.set_axis(["fund_year", "project_code", "project_name"], axis=1)
        if "fund_year" not in named:
            named = named.assign(fund_year=book.year)
        named = named.merge(contents, "left", ["fund_year", "project_code"])
    if "source" in frame:
        words = {**choices("paid_source", book.catalogue), **choices("mobilised_source", book.catalogue)}
        named = named.assign(source_name=named["source"].map({"": "Tất cả nguồn", **words}))
    return named


def _with_units(frame: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Return a table with unit_name and level: those of the unit of that code on the day of the figure."""
    listed = listed[["code", "name", "level", "valid_from", "valid_to"]]
    listed = listed.set_axis(["unit_code", "unit_name", "level", "valid_from", "valid_to"], axis=1)
    joined = frame.reset_index(names="place").merge(listed, "left", "unit_code")
    day = joined["date"] if "date" in joined else pd.Series(pd.NaT, index=joined.index)
    joined = joined.assign(stands=~((joined["valid_from"] > day) | (joined["valid_to"] < day)))
    joined = joined.sort_values(["place", "stands"], kind="stable").drop_duplicates("place", keep="last")
    joined = joined.assign(level_name=joined["level"].map(choices("level")))
    return joined.drop(columns=["place", "stands", "valid_from", "valid_to"]).reset_index(drop=True)


def _described(frame: pd.DataFrame) -> str:
    days = frame["date"].dropna() if "date" in frame else pd.Series(dtype="datetime64[us]")
    span = "" if days.empty else f"{days.min():%d/%m/%Y} – {days.max():%d/%m/%Y}"
    return f"<td>{len(frame)}</td><td>{span}</td>"
