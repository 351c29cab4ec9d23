"""What a rule is: a small pure function over a dataset, with its code, severity and ground."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import pandas as pd

from giamngheo.intake.dataset import Dataset
from giamngheo.intake.finding import Finding, Severity
from giamngheo.intake.message import Message
from giamngheo.intake.period import Period
from giamngheo.intake.schema import table
from giamngheo.statistics import poverty
from giamngheo.statistics.aggregate import below, families, missing_parts, sums_of_parts

ADDED_UP = ("reviews", "poor_flows", "near_poor_flows")
"""Tables whose figures of the communes add up to the district's."""

FLOWS = {"poor_flows": "poor", "near_poor_flows": "near_poor"}
"""The flow tables with the class that each is of."""


@dataclass(frozen=True)
class Case:
    """What a rule looks at: what is known at the period's cut-off, and everything that was typed.

    `period` is None, and both datasets are the same, when a workbook is looked at as a whole.
    """

    data: Dataset
    typed: Dataset
    period: Period | None = None

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.data[name]

    @property
    def year(self) -> int:
        """Year of the workbook."""
        return self.data.year

    @property
    def unit(self) -> str:
        """Code of the unit that reports."""
        return self.data.form.get("unit_code", "")

    @property
    def lists_unit(self) -> bool:
        """Whether the unit that reports stands in the list of units."""
        return self.unit in set(self.data["units"]["code"])

    @cached_property
    def parts(self) -> pd.DataFrame:
        """The units below the one that reports."""
        return below(self.data["units"], self.unit)

    @cached_property
    def families(self) -> dict[str, pd.DataFrame]:
        """The parts of units with their figures (aggregate.families) in each table that adds up."""
        return {name: self._known(found) for name, found in every_family(self.typed).items()}

    @cached_property
    def sums(self) -> dict[str, pd.DataFrame]:
        """The sums of these parts (aggregate.sums_of_parts)."""
        return {name: self._known(found) for name, found in every_sum(self.typed).items()}

    def _known(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of the days up to the cut-off."""
        if self.period is None:
            return frame
        return frame[frame["date"] <= pd.Timestamp(self.period.cutoff)].reset_index(drop=True)

    @cached_property
    def gaps(self) -> dict[str, pd.DataFrame]:
        """The parents of which only some parts have figures (aggregate.missing_parts) in each table that adds up."""
        return {name: missing_parts(self.families[name], self.data[name]) for name in ADDED_UP}

    @cached_property
    def rates(self) -> pd.DataFrame:
        """The reviews with their rates (poverty.rates)."""
        return poverty.rates(self.data["reviews"])

    @cached_property
    def reviewed_once(self) -> pd.DataFrame:
        """Reviews without repetitions, which a rule reports."""
        return self.data["reviews"].drop_duplicates(["unit_code", "date"])

    @cached_property
    def balances(self) -> dict[str, pd.DataFrame]:
        """How the flows of each flow table lead from one stock to the next (poverty.flow_balance)."""
        return {name: poverty.flow_balance(self.data[name], self.reviewed_once, group) for name, group in FLOWS.items()}


@lru_cache(maxsize=4)
def every_family(typed: Dataset) -> dict[str, pd.DataFrame]:
    """The parts of units with their figures (aggregate.families) on every day, in each table that adds up.

    They are of one day each, so all months of a workbook have theirs from here.
    """
    parts = below(typed["units"], typed.form.get("unit_code", ""))
    return {name: families(typed[name], parts) for name in ADDED_UP}


@lru_cache(maxsize=4)
def every_sum(typed: Dataset) -> dict[str, pd.DataFrame]:
    """The sums of those parts (aggregate.sums_of_parts)."""
    return {name: sums_of_parts(found) for name, found in every_family(typed).items()}


@dataclass(frozen=True)
class Problem:
    """One place where a rule is broken: the cell, what stands there, what is expected.

    `row` is 0 in a record sheet, and where the whole table is meant.
    """

    table: str
    column: str
    row: int
    found: Message
    expected: Message


Check = Callable[[Case], Iterator[Problem]]


@dataclass(frozen=True)
class Rule:
    """One rule: its stable code, how bad it is when broken, the tables it reads, why it holds, how it is checked.

    `reads` are the tables that it needs as a whole; of others it judges each row by itself.
    """

    code: str
    severity: Severity
    reads: tuple[str, ...]
    ground: Message
    check: Check

    @property
    def title(self) -> Message:
        """What holds when the rule is kept: the first line of the check's docstring."""
        return Message((self.check.__doc__ or "").strip().splitlines()[0].rstrip("."))

    def findings(self, case: Case) -> Iterator[Finding]:
        """A finding for every place where the rule is broken."""
        for problem in self.check(case):
            place = table(problem.table)
            has_cell = problem.row or place.layout == "record"
            cell = case.data.cell(problem.table, problem.column, problem.row) if has_cell else ""
            where_it_is = (case.data.file, place.sheet, cell)
            yield Finding(self.code, self.severity, *where_it_is, problem.found, problem.expected, self.ground)


def rule(code: str, severity: Severity, *reads: str, ground: Message) -> Callable[[Check], Rule]:
    """Makes a rule of the check that it decorates; `reads` are the tables that it needs as a whole."""

    def decorated(check: Check) -> Rule:
        return Rule(code, severity, reads, ground, check)

    return decorated


MOST_NAMED = 12
"""Units that a message names; more would hide the message."""


def named(units: pd.DataFrame) -> str:
    """Codes of units with their names, "23404 Ngọk Lây, 23407 Đăk Na"."""
    pairs = [f"{code} {name}" for code, name in zip(units["code"], units["name"], strict=True)]
    return ", ".join(pairs[:MOST_NAMED]) + (" …" if pairs[MOST_NAMED:] else "")


def where(frame: pd.DataFrame, mask: pd.Series) -> Iterator[tuple[Hashable, pd.Series]]:
    """Label and row of every row for which the mask holds; where it is NA it does not."""
    hits = mask.to_numpy(dtype=bool, na_value=False)
    if hits.any():
        yield from frame[hits].iterrows()
