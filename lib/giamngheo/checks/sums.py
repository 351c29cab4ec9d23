"""Rules of units and their parts: communes are all there and add up to the district."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from giamngheo.checks import grounds
from giamngheo.checks.rule import Case, Problem, rule
from giamngheo.checks.stocks import header
from giamngheo.intake.message import Message, message, quoted
from giamngheo.statistics.aggregate import FIGURES, families, missing_parts, sums_of_parts

TABLES = ("reviews", "poor_flows", "near_poor_flows")


@rule("communes-do-not-add-up", "error", "units", *TABLES, ground=grounds.REVIEW)
def communes_do_not_add_up(case: Case) -> Iterator[Problem]:
    """The communes, when all are given, add up to the district."""
    for name in TABLES:
        if _has_parts(case, case[name]):
            yield from _unequal(name, case[name], case.families[name])


@rule("plan-communes-do-not-add-up", "warning", "units", "plans", ground=grounds.SUM)
def plan_communes_do_not_add_up(case: Case) -> Iterator[Problem]:
    """The plans of the communes, when all are given, add up to the plan of the district."""
    plans = case["plans"]
    start_of_year = pd.Timestamp(case.year, 1, 1)
    if _has_parts(case, plans):
        dated = plans.assign(date=plans["date"].fillna(start_of_year))
        yield from _unequal("plans", dated, families(dated, case.parts))


def _unequal(name: str, frame: pd.DataFrame, parts: pd.DataFrame) -> Iterator[Problem]:
    both = frame.merge(sums_of_parts(parts), on=["date", "unit_code"], suffixes=("", "_sum"))
    figures = [column for column in frame if column.endswith(FIGURES)]
    typed, summed = (_numbers(both[[f"{column}{end}" for column in figures]]) for end in ("", "_sum"))
    unequal = (typed != summed) & ~np.isnan(typed) & ~np.isnan(summed)
    for column, at in zip(*unequal.T.nonzero(), strict=True):
        found = message("{header} is {count}", header=header(name, figures[column]), count=int(typed[at, column]))
        expected = message("{count}, the sum of the units below", count=int(summed[at, column]))
        yield Problem(name, figures[column], both.at[at, "row"], found, expected)


def _numbers(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Counts, NaN where blank; every count is far below the whole numbers that a float cannot tell apart."""
    return frame.to_numpy(dtype="float64", na_value=np.nan)


@rule("communes-missing", "error", "units", *TABLES, ground=grounds.SUM)
def communes_missing(case: Case) -> Iterator[Problem]:
    """Where some communes are given and the district is not, all communes are given."""
    yield from _missing(case, typed=False)


@rule("communes-incomplete", "warning", "units", *TABLES, ground=grounds.SUM)
def communes_incomplete(case: Case) -> Iterator[Problem]:
    """Where some communes are given beside the district, all communes are given."""
    yield from _missing(case, typed=True)


def _missing(case: Case, *, typed: bool) -> Iterator[Problem]:
    for name in TABLES:
        if not _has_parts(case, case[name]):
            continue
        for entry in missing_parts(case.families[name], case[name]).itertuples():
            if entry.typed == typed:
                found = message(
                    "on {day} {count} units below {unit} have no figures",
                    day=entry.date.date(),
                    count=len(entry.missing),
                    unit=quoted(entry.unit_code),
                )
                yield Problem(name, "unit_code", entry.row, found, _wanted(entry.missing))


def _has_parts(case: Case, frame: pd.DataFrame) -> bool:
    """Whether a unit below the one that reports has a row."""
    return bool(frame["unit_code"].isin(case.parts["code"]).any())


def _wanted(codes: tuple[str, ...]) -> Message:
    return message("the figures of {codes}", codes=", ".join(codes))


RULES = (communes_do_not_add_up, plan_communes_do_not_add_up, communes_missing, communes_incomplete)
