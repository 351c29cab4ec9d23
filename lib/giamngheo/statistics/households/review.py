"""A review of households as a whole: its file checked, classified, counted, compared with last year's."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from giamngheo.intake.household_errors import UnreadableHouseholdFileError
from giamngheo.regulation.poverty import Standard, poverty_standard
from giamngheo.statistics.households.classification import POOR_CLASSES, By, classified
from giamngheo.statistics.households.counts import ReviewCounts, alike, disagreements, review_counts
from giamngheo.statistics.households.engine import (
    MEMORY_LIMIT,
    Households,
    Workspace,
    beside,
    frame,
    households,
    workspace,
)
from giamngheo.statistics.households.flows import between, concerning, flow_table, transitions
from giamngheo.statistics.households.places import LEVELS, ancestry, rolled_up, units_on
from giamngheo.statistics.households.problems import HouseholdProblem, InvalidHouseholdFileError, checked, problems
from giamngheo.statistics.households.tables import summary

_Moved = tuple[pd.DataFrame | None, dict[tuple[str, str], pd.DataFrame]]
"""The moves from last year's file and the flow tables of a review."""


@dataclass(frozen=True)
class Method:
    """How a review is done: the units it knows, by what it classifies, a province's own standard."""

    units: pd.DataFrame
    by: By = "score"
    own: Path | None = None
    memory: str = MEMORY_LIMIT


@dataclass(frozen=True)
class Review:
    """What a review found, in counts: no household is in it.

    units: those that exist on `day`; tree: their places.ancestry; communes: the commune (`base`) of every unit_code,
    of last year too; disagreements: counts.disagreements;
    moves: flows.transitions from last year's file, by village, None without such a file; stock_flows: flows.flow_table
    by class ("poor", "near_poor") and by village or commune, empty without such a file.
    """

    day: dt.date
    standard: Standard
    units: pd.DataFrame
    tree: pd.DataFrame
    communes: pd.DataFrame
    counts: ReviewCounts
    disagreements: pd.DataFrame
    moves: pd.DataFrame | None
    stock_flows: Mapping[tuple[str, str], pd.DataFrame]


def review(path: Path, method: Method, *, before: Path | None = None) -> Review:
    """The review of a household file, and of what changed since the file of the review before.

    Raises HouseholdFileError, InvalidHouseholdFileError with every problem, RefusedClassificationError,
    NoRuleInForceError.
    """
    with workspace(method.memory) as work:
        day, standard, now = _classified(work, path, method)
        units, communes = units_on(method.units, day), _bases(method.units, "commune")
        with _aside(now, lambda rows: _moved(rows, method, before, day)) as moved, alike(now) as groups:
            counts, differing = review_counts(now, groups, communes), disagreements(groups)
    moves, stock_flows = moved.result()
    return Review(
        day=day,
        standard=standard,
        units=units,
        tree=ancestry(units),
        communes=communes,
        counts=counts,
        disagreements=differing,
        moves=moves,
        stock_flows=stock_flows,
    )


def file_problems(path: Path, method: Method) -> tuple[HouseholdProblem, ...]:
    """Every kind of problem of a household file, with nothing computed from it. Raises HouseholdFileError."""
    with workspace(method.memory) as work:
        rows = households(work, path)
        try:
            day = review_day(rows, path, method.units)
        except InvalidHouseholdFileError as error:
            return error.problems
        standard = poverty_standard(on=day, own=method.own)
        return problems(rows, day, units=units_on(method.units, day), points=standard.deprivation_points)


def review_day(rows: Households, path: Path, units: pd.DataFrame) -> dt.date:
    """The day of the review: the date that most rows have.

    Raises InvalidHouseholdFileError with every problem that shows without, where no row has one;
    UnreadableHouseholdFileError where there is no row.
    """
    day = frame(rows, "select mode(date) as day from households")["day"].iloc[0]
    if pd.isna(day):
        checked(rows, None, units=units, points=None)
        raise UnreadableHouseholdFileError(path, "không có hộ nào")
    return pd.Timestamp(day).date()


def summaries(result: Review) -> pd.DataFrame:
    """The summary of every unit from the communes up, in the columns of the workbook's `reviews`."""
    tables = [summary(at_level(result, level), result.day) for level in LEVELS[1:]]
    return pd.concat(tables, ignore_index=True)


def at_level(result: Review, level: str) -> pd.DataFrame:
    """The class counts of the review by unit of a level."""
    return rolled_up(result.counts.classes, result.tree, level)


def flows(result: Review, name: str, level: str) -> pd.DataFrame | None:
    """The flow table of "poor" or "near_poor" by unit of a level; None without last year's file.

    A household that moves counts at the level of communes and above between communes, at that of villages
    between villages: so the communes add up to their district.
    """
    if result.moves is None:
        return None
    base = "village" if level == "village" else "commune"
    table = rolled_up(result.stock_flows[name, base], result.tree, level)
    return table.assign(unit_code=table["unit_code"].astype("str"))


@contextmanager
def _aside(now: Households, make: Callable[[Households], _Moved]) -> Iterator[Future[_Moved]]:
    """What a thread of its own makes of the rows while others ask them; loaded rows are left to it at first."""
    with beside(now) as rows, ThreadPoolExecutor(1) as thread:
        made = thread.submit(make, rows)
        if now.is_loaded:
            made.result()
        yield made


def _stock_flows(moves: pd.DataFrame, communes: pd.DataFrame, day: dt.date) -> dict[tuple[str, str], pd.DataFrame]:
    tables = {}
    for name in POOR_CLASSES:
        of_class = concerning(moves, name)
        tables[name, "village"] = flow_table(of_class, name, day)
        tables[name, "commune"] = flow_table(between(of_class, communes), name, day)
    return tables


def _bases(units: pd.DataFrame, level: str) -> pd.DataFrame:
    """The unit of a level (`base`) above each unit_code, the unit itself where there is none."""
    tree = ancestry(units.drop_duplicates("code", keep="last"))
    base = tree[level].where(tree[level] != "", tree["unit_code"])
    return pd.DataFrame({"unit_code": tree["unit_code"], "base": base})


def _classified(work: Workspace, path: Path, method: Method) -> tuple[dt.date, Standard, Households]:
    rows = households(work, path)
    day = review_day(rows, path, method.units)
    standard = poverty_standard(on=day, own=method.own)
    known = units_on(method.units, day)
    good = checked(rows, day, units=known, points=standard.deprivation_points)
    return day, standard, classified(good, standard, by=method.by)


def _moved(now: Households, method: Method, before: Path | None, on: dt.date) -> _Moved:
    if before is None:
        return None, {}
    _, _, past = _classified(now.work, before, method)
    moves = transitions(past, now, method.units["code"])
    return moves, _stock_flows(moves, _bases(method.units, "commune"), on)
