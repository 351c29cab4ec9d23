"""What a check is: a small pure function over a dataset, with its code, severity and ground."""

import datetime as dt
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, TypeVar

import pandas as pd

from giamngheo.core.finding import Contradiction, Explanation, Finding, Severity
from giamngheo.core.message import Message, message, numbers, quoted
from giamngheo.core.period import Period
from giamngheo.regulation.programme import Content, Programme
from giamngheo.statistics import poverty
from giamngheo.statistics.units import (
    below,
    by_era,
    has_changed,
    in_codes_of,
    in_units_of,
    lineage,
    missing_parts,
    summed_units,
    sums_of_units,
    unit_tree,
    without_sum,
)
from giamngheo.workbook.dataset import Dataset, last_day
from giamngheo.workbook.explanations import contradiction_of, day_of, explanation_of, place_and_figures
from giamngheo.workbook.schema import table, tables_that_add_up

Found = TypeVar("Found")

FLOWS = {"poor_flows": "poor", "near_poor_flows": "near_poor"}
"""The flow tables with the class that each is of."""


@dataclass(frozen=True, eq=False)
class Sums:
    """The tables of a workbook that add up, summed: of one day each, so that all months of the year share them."""

    typed: Dataset

    @cached_property
    def trees(self) -> Mapping[str, pd.DataFrame]:
        """The units that stand on the days of each table (units.unit_tree)."""
        units, unit = self.typed["units"], self.typed.form.get("unit_code", "")
        return {name: unit_tree(units, unit, self.typed[name]["date"]) for name in tables_that_add_up()}

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """What was typed, and the sums of parts (units.summed_units)."""
        return {name: summed_units(self.typed[name].dropna(subset="date"), tree) for name, tree in self.trees.items()}

    @cached_property
    def incomplete(self) -> Mapping[str, pd.DataFrame]:
        """The units of which only some parts have figures (units.missing_parts)."""
        return {name: missing_parts(self.tables[name], tree) for name, tree in self.trees.items()}

    @cached_property
    def of_parts(self) -> Mapping[str, pd.DataFrame]:
        """The sums of the parts of units, also of those that were typed (units.sums_of_units)."""
        return {name: sums_of_units(self.tables[name], tree) for name, tree in self.trees.items()}

    @cached_property
    def plans_of_parts(self) -> pd.DataFrame:
        """The sums of the plans of parts (units.sums_of_units)."""
        plans = dated_plans(self.typed)
        tree = unit_tree(self.typed["units"], self.typed.form.get("unit_code", ""), plans["date"])
        return sums_of_units(summed_units(plans, tree), tree)

    @cached_property
    def of_year(self) -> "Case | None":
        """The case of the whole workbook; None where a unit begins or ends within the year: its months differ then."""
        days = (self.typed["units"][name] for name in ("valid_from", "valid_to"))
        return None if any((day.dt.year == self.typed.year).any() for day in days) else Case(self.typed, self)


def dated_plans(dataset: Dataset) -> pd.DataFrame:
    """Return the plans of a dataset, those without a date of the first day of its year."""
    plans = dataset["plans"]
    return plans.assign(date=plans["date"].fillna(pd.Timestamp(dataset.year, 1, 1)))


@dataclass(frozen=True)
class Case:
    """What a check looks at: what is known at the period's cut-off, and everything that was typed, with its sums.

    `period` is None, and both datasets are the same, when a workbook is looked at as a whole.
    """

    data: Dataset
    sums: Sums
    period: Period | None = None

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.data[name]

    @property
    def typed(self) -> Dataset:
        """Everything that was typed."""
        return self.sums.typed

    @property
    def year(self) -> int:
        """Year of the workbook."""
        return self.data.year

    @property
    def unit(self) -> str:
        """Code of the unit that reports."""
        return self.data.form.get("unit_code", "")

    def programme(self, fund_year: int) -> Programme | None:
        """Return the programme that the funds of a year belong to; None where none is known."""
        return self.data.catalogue.programme(int(fund_year))

    def noun(self, fund_year: int) -> str:
        """Return what a content of the programme that the funds of a year belong to is called."""
        return one.noun if (one := self.programme(fund_year)) else ""

    def contents(self, fund_year: int) -> Mapping[str, Content]:
        """Return the contents of the programme that the funds of a year belong to, by code."""
        return {each.code: each for each in one.contents} if (one := self.programme(fund_year)) else {}

    @property
    def registered_units(self) -> pd.DataFrame:
        """The units that the register is to know: none of a workbook that says on every page that it is made up."""
        units = self.data["units"]
        return units[:0] if self.data.is_made_up else units

    @property
    def lists_unit(self) -> bool:
        """Whether the unit that reports stands in the list of units."""
        return self.unit in set(self.data["units"]["code"])

    @cached_property
    def parts(self) -> set[str]:
        """The codes of the units below the one that reports, and of those that it was made from and below them."""
        line = lineage(units := self.data["units"], self.unit)
        return {*below(units, *line)["code"], *line} - {self.unit}

    @cached_property
    def money(self) -> Mapping[str, pd.DataFrame]:
        """The tables of money in the codes of the last day that is looked at (units.in_codes_of)."""
        of = self.data["units"], self.unit, self.day
        return {name: in_codes_of(self.data[name], *of) for name in ("capital", "disbursements", "mobilised")}

    @cached_property
    def summed(self) -> Mapping[str, pd.DataFrame]:
        """The tables that add up as the report prints them: what was typed, and the sums of parts (summed_units)."""
        return {name: self._known(frame) for name, frame in self.sums.tables.items()}

    @cached_property
    def incomplete(self) -> Mapping[str, pd.DataFrame]:
        """The units of which only some parts have figures up to the cut-off (units.missing_parts)."""
        return {name: self._known(frame) for name, frame in self.sums.incomplete.items()}

    @cached_property
    def without_sum(self) -> Mapping[str, pd.DataFrame]:
        """The units that have no sum on a day before them, by the last day that is looked at (units.without_sum)."""
        if not self._has_changed:
            return {}
        return {name: without_sum(frame, self.data["units"], self.day) for name, frame in self.summed.items()}

    @cached_property
    def _has_changed(self) -> bool:
        """Whether a unit has begun or ended by the last day that is looked at."""
        return has_changed(self.data["units"], self.day)

    def _known(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the days up to the cut-off."""
        if self.period is None or frame.empty:
            return frame
        return frame[frame["date"] <= pd.Timestamp(self.period.cutoff)].reset_index(drop=True)

    @cached_property
    def day(self) -> dt.date:
        """The last day that is looked at: of the period, of the year or, where the unit ends within it, of the unit."""
        return min(last_day(self.data), dt.date.max if self.period is None else self.period.cutoff)

    @cached_property
    def explanations(self) -> Mapping[Hashable, Explanation]:
        """The explanations that say why, by whom and when, by what they are of (place_and_figures)."""
        return {
            place_and_figures(contradiction_of(row)): explanation
            for _, row in self.data["explanations"].iterrows()
            if (explanation := explanation_of(row)) is not None
        }

    @property
    def reviews(self) -> pd.DataFrame:
        """The reviews, summed, each in the units of its day."""
        return self.summed["reviews"]

    @cached_property
    def reviews_now(self) -> pd.DataFrame:
        """The reviews, summed, in the units of the last day that is looked at (units.in_units_of)."""
        return in_units_of(self.reviews, self.data["units"], self.day)

    def with_reviews(self, rows: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        """Yield dated rows with the reviews up to then in the units of their days: a code names one unit in both."""
        if len(rows) and not self._has_changed:
            yield rows, self.reviews
            return
        for some, last in by_era(rows, self.data["units"]):
            if last not in self.kept:
                until = self.reviews[self.reviews["date"] <= pd.Timestamp(last)]
                self.kept[last] = in_units_of(until, self.data["units"], last)
            yield some, self.kept[last]

    @cached_property
    def rates(self) -> pd.DataFrame:
        """The reviews, summed, with their rates (poverty.rates)."""
        return poverty.rates(self.reviews)

    @cached_property
    def rates_now(self) -> pd.DataFrame:
        """The reviews, summed, in the units of the last day that is looked at, with their rates."""
        return poverty.rates(self.reviews_now) if self._has_changed else self.rates

    @cached_property
    def kept(self) -> dict[Hashable, Any]:
        """What many checks ask for: the reviews by day (with_reviews), problems by check, results by function."""
        return {}


def once_a_case(function: Callable[[Case], Found]) -> Callable[[Case], Found]:
    """Let what a function finds in a case be found once: checks share it, so nobody may change it."""

    @wraps(function)
    def kept(case: Case) -> Found:
        if function not in case.kept:
            case.kept[function] = function(case)
        found: Found = case.kept[function]
        return found

    return kept


@dataclass(frozen=True)
class Problem:
    """One place where a check finds something wrong: the cell, what stands there, what is expected.

    `row` is 0 in a record sheet, and where the whole table is meant. `sum_of` is the unit whose figure nobody typed,
    as it is the sum of its parts: `row` is then that of its first part. `gap` is by how much what stands there is more
    than what is expected, where gaps of parts add up to those of their whole.
    """

    table: str
    column: str
    row: int
    found: Message
    expected: Message
    sum_of: str = ""
    gap: int | None = None


def problem_in(
    row: pd.Series | Mapping[Hashable, Any],
    place: tuple[str, str],
    found: Message,
    expected: Message,
    *,
    gap: int | None = None,
) -> Problem:
    """Return the problem of a figure of a table and column, in a row of Case.summed that nobody may have typed."""
    return Problem(*place, row["row"], found, expected, "" if row["typed"] else row["unit_code"], gap)


def _echoes(case: Case, problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems of typed wholes that are those of their parts once more: their gaps add up to the whole's."""
    typed = [problem for problem in problems if problem.gap is not None and not problem.sum_of]
    if not typed:
        return []
    parents = dict(zip(case["units"]["code"], case["units"]["parent_code"], strict=True))
    of_rows = {name: case[name].set_index("row")[["date", "unit_code"]] for name in {one.table for one in typed}}
    gaps: dict[tuple[Any, ...], int] = {}
    for problem in typed:
        date, unit = of_rows[problem.table].loc[problem.row]
        above = (problem.table, problem.column, date, parents.get(unit))
        gaps[above] = gaps.get(above, 0) + (problem.gap or 0)
    return [
        problem
        for problem in typed
        if gaps.get((problem.table, problem.column, *of_rows[problem.table].loc[problem.row])) == problem.gap
    ]


Problems = Callable[[Case], Iterator[Problem]]


@dataclass(frozen=True)
class Check:
    """One check: its stable code, how bad what it finds is, the tables it reads, why it holds, what it finds.

    `reads` are the tables that it needs as a whole; of others it judges each row by itself. `explainable`: whether what
    it finds is a contradiction of figures that an office may keep, with an explanation. `lasting`: whether it follows
    from rows of that day and of days before, so that it is there in all later months.
    """

    code: str
    severity: Severity
    reads: tuple[str, ...]
    ground: Message
    problems: Problems
    explainable: bool = False
    lasting: bool = False

    @property
    def title(self) -> Message:
        """What holds where it finds nothing: the first line of the docstring of its function."""
        return Message((self.problems.__doc__ or "").strip().splitlines()[0].rstrip("."))

    def findings(self, case: Case) -> Iterator[Finding]:
        """Return a finding for every place where something is wrong.

        What is wrong with a sum is said where its parts are right; where one is wrong, the sum follows from it. What is
        explained is always said, with its explanation.
        """
        problems = self.problems_in(case)
        echoes = _echoes(case, problems)
        in_cells = {(one.table, one.column) for one in problems if not one.sum_of and one not in echoes}
        for problem in problems:
            finding = self._finding(case, problem)
            follows = problem in echoes or (problem.sum_of and (problem.table, problem.column) in in_cells)
            if finding.explanation or not follows:
                yield finding

    def problems_in(self, case: Case) -> Sequence[Problem]:
        """Return what it finds in a case, found once; what lasts is found once a year, here if its row is known."""
        if self.code not in case.kept:
            year = case.sums.of_year if self.lasting and case.period else None
            case.kept[self.code] = (
                list(self.problems(case))
                if year is None
                else [one for one in self.problems_in(year) if (case[one.table]["row"] == one.row).any()]
            )
        return tuple(case.kept[self.code])

    def contradiction(self, case: Case, problem: Problem) -> Contradiction | None:
        """Return what an explanation of a problem is of; None of one that no explanation can be of."""
        if not (self.explainable and problem.row):
            return None
        place, rows = table(problem.table), case.data[problem.table]
        row = rows[rows["row"] == problem.row].iloc[0]
        others = (row[name] for name in place.key if name not in {"date", "unit_code"})
        return Contradiction(
            self.code,
            place.sheet,
            place.column(problem.column).header,
            day_of(row["date"]),
            problem.sum_of or row["unit_code"],
            "; ".join(str(value) for value in others if not pd.isna(value) and value != ""),
            "; ".join([*numbers(problem.found), *numbers(problem.expected)]),
        )

    def _finding(self, case: Case, problem: Problem) -> Finding:
        place = table(problem.table)
        has_cell = problem.row or place.layout == "record"
        cell = case.data.cell(problem.table, problem.column, problem.row) if has_cell else ""
        found = problem.found
        if problem.sum_of:
            found = message("the units below {unit} together: {found}", unit=quoted(problem.sum_of), found=found)
        of = self.contradiction(case, problem)
        why = case.explanations.get(place_and_figures(of)) if of else None
        severity = "explained" if why else self.severity
        where_it_is = (case.data.file, place.sheet, cell)
        return Finding(
            self.code, severity, *where_it_is, found, problem.expected, self.ground, contradiction=of, explanation=why
        )


def check(
    code: str, severity: Severity, *reads: str, ground: Message, explainable: bool = False, lasting: bool = False
) -> Callable[[Problems], Check]:
    """Make the function that it decorates a check; the arguments are those of Check."""
    return lambda problems: Check(code, severity, reads, ground, problems, explainable, lasting)


def says_nothing(frame: pd.DataFrame, name: str, column: str) -> Iterator[Problem]:
    """Yield the rows of a table in which no number stands, at the cell of a column."""
    figures = [entry.name for entry in table(name).columns if entry.kind in {"count", "percent"}]
    for _, row in where(frame, frame[figures].isna().all(axis=1)):
        expected = message("at least one figure, or no row")
        yield Problem(name, column, row["row"], message("the row has no figure"), expected)


def header(name: str, column: str) -> str:
    """Return the heading of a column, in quotes."""
    return quoted(table(name).column(column).header)


def where(frame: pd.DataFrame, mask: pd.Series) -> Iterator[tuple[Hashable, pd.Series]]:
    """Yield label and row of every row for which the mask holds; it does not hold where it is NA."""
    hits = mask.to_numpy(dtype=bool, na_value=False)
    if hits.any():
        yield from frame[hits].iterrows()
