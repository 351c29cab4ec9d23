"""The cells that the figures of a report come from.

They are found in what was typed, by other steps than those of the statistics, and are told only where they give the
figure that is printed: who reads them has the figure computed twice.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from giamngheo.report.formula import Cell, Formula, less, percentage, told, total
from giamngheo.statistics.funding import TOTAL, UNSPLIT
from giamngheo.statistics.mobilised import FIGURES, NO_CONTENT
from giamngheo.statistics.units import gone, with_first_days
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.schema import table, tables_that_add_up

_Rows = list[Mapping[Any, Any]]


@dataclass(frozen=True)
class Line:
    """Money of a year of the funds: of a content and a source, with all below them; unit: of a unit and those below."""

    fund_year: int
    content: str = TOTAL
    source: str = TOTAL
    unit: str = ""


@dataclass(frozen=True, eq=False)
class Origins:
    """Where the figures of a report stand in its workbooks.

    books: the tables of the year as typed and added up, and those of the year before where it is read. known: those
    tables whose money the report counts. contents, sources: the trees of the years of funds. on: the cut-off. eve: the
    last day before the period. home: the file of the report's own workbook, whose cells are named without it.
    """

    books: tuple[Dataset, ...]
    known: Dataset
    contents: pd.DataFrame
    sources: pd.DataFrame
    on: dt.date
    eve: dt.date
    home: str

    def review(self, unit: str, day: Any, *columns: str) -> Formula | None:
        """Return the sum of columns of the reviews of a unit on a day, or of the units that it is the sum of.

        Before its first day a unit is what it was made from: its code may have been that of another unit then.
        """
        begun_later = any(row["valid_from"] > day for row in self._units_standing.get(unit, ()))
        units = self._made_from(unit, day) if begun_later else [unit]
        cells = [self._figure("reviews", each, day, column) for column in columns for each in units]
        return None if None in cells else total(cell for some in cells if some for cell in some)

    def flow(self, name: str, unit: str, day: Any, *columns: str) -> Formula | None:
        """Return the first of the columns of a flow or lack that is known for a unit and day, typed or added up."""
        for row in self._by_unit[0, name].get((unit, day), ()):
            given = next((column for column in columns if not pd.isna(row[column])), None)
            cells = self._figure(name, unit, day, given) if given else None
            return total(cells) if cells else None
        return None

    def row(self, name: str, unit: str, column: str, year: int) -> Formula | None:
        """Return a cell of the last row of a unit and year of a table such as the plans."""
        own: _Rows = [
            row
            for row in self.known.records(name)
            if row["unit_code"] == unit and known(row["year"]) == year and not pd.isna(row[column])
        ]
        dated = sorted((row for row in own if not pd.isna(row["date"])), key=lambda row: row["date"])
        return self._total(name, (dated or own)[-1:], column)

    def cells(self, name: str, rows: pd.DataFrame, column: str) -> Formula | None:
        """Return the sum of a column of rows of a table."""
        return self._total(name, rows.to_dict("records"), column)

    def planned(self, line: Line) -> Formula | None:
        """Return the capital of a line."""
        if line not in self._planned:
            self._planned[line] = self._total("capital", self._rows("capital", line), "planned_vnd")
        return self._planned[line]

    def disbursed(self, line: Line, *, on: dt.date | None = None) -> Formula | None:
        """Return what had been disbursed of a line on a day, the cut-off where none is given.

        A snapshot that does not tell the sources apart takes the place of those of sources up to its day.
        """
        key = line, on or self.on
        if key not in self._disbursed:
            self._disbursed[key] = self._paid(*key)
        return self._disbursed[key]

    @cached_property
    def _planned(self) -> dict[Line, Formula | None]:
        """What was asked for: a table shows an amount, what remains of it and a rate."""
        return {}

    @cached_property
    def _disbursed(self) -> dict[tuple[Line, dt.date], Formula | None]:
        return {}

    def _paid(self, line: Line, on: dt.date) -> Formula | None:
        day = pd.Timestamp(on)
        sources = self._with_below("sources", line.fund_year, line.source)
        of_all = self._rows("disbursements", replace(line, source=TOTAL))
        lines = _grouped([row for row in of_all if row["date"] <= day], ("unit_code", "project_code")).values()
        last = [row for rows in lines for row in _latest(rows) if line.source == TOTAL or row["source"] in sources]
        return self._total("disbursements", last, "disbursed_vnd")

    def mobilised(self, column: str, content: str = TOTAL, source: str = TOTAL) -> Formula | None:
        """Return a column of the last rows of the resources of a content and source with all below them."""
        sources, contents = (
            self._with_below(tree, self.on.year, node) for tree, node in (("sources", source), ("contents", content))
        )
        rows = [
            row
            for row in self._mobilised[column]
            if (source == TOTAL or row["source"] in sources) and (content == TOTAL or row["project_code"] in contents)
        ]
        return self._total("mobilised", rows, column)

    def of_resources(self, content: str, source: str) -> dict[str, Formula | None]:
        """Return the formulas of a row of a table of resources by column."""
        found = {column: self.mobilised(column, content, source) for column in FIGURES}
        return found | {"rate_pct": percentage(found["mobilised_vnd"], found["planned_vnd"])}

    def of_money(self, column: str, line: Line) -> Formula | None:
        """Return the formula of a column of a table of funds: "rate_pct", "planned_vnd/investment"."""
        figure, _, source = column.partition("/")
        of_source = replace(line, source=source)
        planned, paid = self.planned(of_source), self.disbursed(of_source)
        match figure:
            case "planned_vnd":
                return planned
            case "disbursed_vnd":
                return paid
            case "remaining_vnd":
                return less(planned, paid)
            case "rate_pct":
                return percentage(paid, planned)
            case "share_pct":
                return percentage(planned, self.planned(line))
            case "programme_share_pct":
                return percentage(planned, self.planned(Line(line.fund_year)))
            case "before_vnd":
                return self.disbursed(of_source, on=self.eve)
            case "period_vnd":
                return less(paid, self.disbursed(of_source, on=self.eve))
        return None

    def of_funds(self, rows: pd.DataFrame, columns: Iterable[str]) -> dict[str, list[str]]:
        """Return where the columns of a table of funds come from, cell by cell (told); others are left out."""
        lines = [Line(int(year), code) for year, code in zip(rows["fund_year"], rows["project_code"], strict=True)]
        return {
            column: [
                told_of_money(self.of_money(column, line), value)
                for line, value in zip(lines, rows[column], strict=True)
            ]
            for column in columns
            if column.partition("/")[0].endswith(("_vnd", "_pct"))
        }

    def _figure(
        self, name: str, unit: str, day: Any, column: str, *, above: frozenset[str] = frozenset()
    ) -> list[Cell] | None:
        """Return the cells of a unit's figure on a day, None where one is missing. above: units that it is part of."""
        for place, book in enumerate(self.books):
            for row in self._by_unit[place, name].get((unit, day), ()):
                if row["typed"] and not pd.isna(row[column]):
                    return [self._cell(book, name, row, column)]
        parts = self._parts(unit, day)
        if not parts or unit in above:
            return None
        found = [self._figure(name, part, day, column, above=above | {unit}) for part in parts]
        return None if None in found else [cell for cells in found if cells for cell in cells]

    def _parts(self, unit: str, day: Any) -> list[str]:
        """Return the units that one is the sum of on a day: those below it, or what it was made from."""
        standing = [row for row in self._unit_rows if not (row["valid_from"] > day or row["valid_to"] < day)]
        if any(row["code"] == unit for row in standing):
            return [row["code"] for row in standing if row["parent_code"] == unit]
        return self._made_from(unit, day)

    def _made_from(self, unit: str, day: Any) -> list[str]:
        """Return the units that one was made from and that stood on a day; none where one was divided."""
        parts = self._gone.get((unit,), ())
        standing = [row for row in parts if not (row["valid_from"] > day or row["valid_to"] < day)]
        return [row["code"] for row in standing] if all(row["whole"] for row in standing) else []

    @cached_property
    def _gone(self) -> dict[tuple[str], _Rows]:
        """The units that ended by the cut-off, the first that ended first, by what they went into."""
        return _grouped(gone(self._units, self.on).sort_values(["valid_to", "code"]).to_dict("records"), ("into",))

    @cached_property
    def _units(self) -> pd.DataFrame:
        return with_first_days(self.books[0]["units"], self.on)

    @cached_property
    def _unit_rows(self) -> _Rows:
        return self._units.to_dict("records")

    @cached_property
    def _units_standing(self) -> dict[str, _Rows]:
        """The units that have not ended by the cut-off, by code."""
        on = pd.Timestamp(self.on)
        found = _grouped([row for row in self._unit_rows if not row["valid_to"] < on], ("code",))
        return {code: rows for (code,), rows in found.items()}

    def _total(self, name: str, rows: _Rows, column: str) -> Formula | None:
        return total(self._cell(self.known, name, row, column) for row in rows)

    def _cell(self, book: Dataset, name: str, row: Mapping[Any, Any], column: str) -> Cell:
        """Return a cell of a workbook, as Excel names those of another: "[2022.xlsx]Rà soát"."""
        sheet = table(name).sheet if book.file == self.home else f"[{book.file}]{table(name).sheet}"
        return Cell(sheet, book.letters[name].get(column, "A"), int(row["row"]), int(row[column]))

    @cached_property
    def _mobilised(self) -> dict[str, _Rows]:
        """The last rows of resources with each figure; the content of those without one is NO_CONTENT."""
        rows = self.known["mobilised"].sort_values("date")
        rows = rows.assign(content=rows["project_code"].replace("", NO_CONTENT))
        key = ["project_code", "source", "unit_code"]
        last = {name: rows[rows[name].notna()].drop_duplicates(key, keep="last") for name in FIGURES}
        return {
            name: frame.assign(project_code=frame.pop("content")).to_dict("records") for name, frame in last.items()
        }

    @cached_property
    def _by_unit(self) -> dict[tuple[int, str], dict[tuple[str, Any], _Rows]]:
        """The rows of reviews, flows and lacks by unit and day."""
        return {
            (place, name): _grouped(book.records(name), ("unit_code", "date"))
            for place, book in enumerate(self.books)
            for name in tables_that_add_up()
        }

    @cached_property
    def _money(self) -> dict[tuple[str, int], dict[str, _Rows]]:
        """The rows of money that count, by table and year of the funds, and then by content."""
        found: dict[tuple[str, int], dict[str, _Rows]] = {}
        for name, amount in (("capital", "planned_vnd"), ("disbursements", "disbursed_vnd")):
            for row in self.known[name].dropna(subset=[amount, "fund_year"]).to_dict("records"):
                found.setdefault((name, int(row["fund_year"])), {}).setdefault(row["project_code"], []).append(row)
        return found

    def _rows(self, name: str, line: Line) -> _Rows:
        """Return the rows of money of a line."""
        of_year = self._money.get((name, line.fund_year), {})
        is_all = line.content == TOTAL
        contents = of_year if is_all else self._with_below("contents", line.fund_year, line.content)
        sources = self._with_below("sources", line.fund_year, line.source)
        units = self._units_below(line.unit) if line.unit else None
        return [
            row
            for code in contents
            for row in of_year.get(code, ())
            if (line.source == TOTAL or row["source"] in sources) and (units is None or row["unit_code"] in units)
        ]

    def _units_below(self, unit: str) -> set[str]:
        units, found, more = self.books[0]["units"], set[str](), {unit}
        while more:
            found |= more
            more = set(units.loc[units["parent_code"].isin(more), "code"]) - found
        return found

    def _with_below(self, tree: str, fund_year: int, node: str) -> set[str]:
        """Return a node of the contents or sources of a year of the funds with those below it, however far."""
        found: set[str] = set()
        more = {node}
        while more:
            found |= more
            more = {code for code, above in self._trees[tree].get(fund_year, ()) if above in more} - found
        return found

    @cached_property
    def _trees(self) -> dict[str, dict[int, list[tuple[str, str]]]]:
        found: dict[str, dict[int, list[tuple[str, str]]]] = {"contents": {}, "sources": {}}
        for name, tree in (("contents", self.contents), ("sources", self.sources)):
            for year, code, above in zip(tree["fund_year"], tree["code"], tree["above"], strict=True):
                found[name].setdefault(int(year), []).append((code, above))
        return found


def told_of_money(formula: Formula | None, value: Any) -> str:
    """Return where an amount comes from; of nothing that nobody typed, that there is no row of it."""
    if formula is None and not pd.isna(value) and value == 0:
        return "Sổ không có khoản này"
    return told(formula, known(value))


def known(value: Any) -> Any:
    """Return a number of a frame as Python has it, None where it is blank."""
    return None if pd.isna(value) else value.item() if hasattr(value, "item") else value


def _grouped(rows: Iterable[Mapping[Any, Any]], keys: tuple[str, ...]) -> dict[Any, _Rows]:
    found: dict[Any, _Rows] = {}
    for row in rows:
        found.setdefault(tuple(row[key] for key in keys), []).append(row)
    return found


def _latest(line: _Rows) -> Iterator[Mapping[Any, Any]]:
    """Yield the rows of a line's snapshots that count: the last of each source, or of all sources together."""
    whole = max((row["date"] for row in line if row["source"] == UNSPLIT), default=pd.Timestamp.min)
    days = {
        source: max(row["date"] for row in line if row["source"] == source) for source in {r["source"] for r in line}
    }
    is_split = any(day > whole for source, day in days.items() if source != UNSPLIT)
    for row in line:
        if row["date"] != days[row["source"]] or (row["source"] == UNSPLIT) == is_split:
            continue
        if row["source"] == UNSPLIT or row["date"] > whole:
            yield row
