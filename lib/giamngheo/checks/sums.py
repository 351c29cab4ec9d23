"""Rules of units and their parts: communes are all there and add up to the district."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from giamngheo.checks import grounds
from giamngheo.checks.rule import ADDED_UP, Case, Problem, named, rule
from giamngheo.checks.stocks import header
from giamngheo.intake.message import Message, message, quoted
from giamngheo.statistics.aggregate import FIGURES, families, sums_of_parts

_BLANK = -1
"""Stands for a blank among counts, which are never negative."""


@rule("communes-do-not-add-up", "error", "units", *ADDED_UP, ground=grounds.REVIEW)
def communes_do_not_add_up(case: Case) -> Iterator[Problem]:
    """The communes, when all are given, add up to the district."""
    for name in ADDED_UP:
        if _has_parts(case, case[name]):
            yield from _unequal(name, case[name], case.sums[name])


@rule("plan-communes-do-not-add-up", "warning", "units", "plans", ground=grounds.SUM)
def plan_communes_do_not_add_up(case: Case) -> Iterator[Problem]:
    """The plans of the communes, when all are given, add up to the plan of the district."""
    plans = case["plans"]
    start_of_year = pd.Timestamp(case.year, 1, 1)
    if _has_parts(case, plans):
        dated = plans.assign(date=plans["date"].fillna(start_of_year))
        yield from _unequal("plans", dated, sums_of_parts(families(dated, case.parts)))


def _unequal(name: str, frame: pd.DataFrame, sums: pd.DataFrame) -> Iterator[Problem]:
    figures = [column for column in frame if column.endswith(FIGURES)]
    place = _keys(sums).get_indexer(_keys(frame))
    summed = frame[place >= 0]
    typed, added = _counts(summed[figures]), _counts(sums[figures])[place[place >= 0]]
    unequal = (typed != added) & (typed != _BLANK) & (added != _BLANK)
    for which, at in np.argwhere(unequal.T):
        column = figures[which]
        found = message("{header} is {count}", header=header(name, column), count=int(typed[at, which]))
        expected = message("{count}, the sum of the units below", count=int(added[at, which]))
        yield Problem(name, column, summed["row"].iloc[at], found, expected)


def _keys(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[["date", "unit_code"]])


def _counts(figures: pd.DataFrame) -> npt.NDArray[np.int64]:
    return figures.to_numpy(dtype="int64", na_value=_BLANK)


@rule("communes-missing", "error", "units", *ADDED_UP, ground=grounds.SUM)
def communes_missing(case: Case) -> Iterator[Problem]:
    """Where some communes are given and the district is not, all communes are given."""
    yield from _missing(case, typed=False)


@rule("communes-incomplete", "warning", "units", *ADDED_UP, ground=grounds.SUM)
def communes_incomplete(case: Case) -> Iterator[Problem]:
    """Where some communes are given beside the district, all communes are given."""
    yield from _missing(case, typed=True)


def _missing(case: Case, *, typed: bool) -> Iterator[Problem]:
    for name in ADDED_UP:
        if not _has_parts(case, case[name]):
            continue
        for entry in case.gaps[name].itertuples():
            if entry.typed == typed:
                found = message(
                    "on {day} {count} units below {unit} have no figures",
                    day=entry.date.date(),
                    count=len(entry.missing),
                    unit=quoted(entry.unit_code),
                )
                wanted = _figures_of(case, entry.missing)
                either = message("{figures}, or a row of {unit} itself", figures=wanted, unit=quoted(entry.unit_code))
                yield Problem(name, "unit_code", entry.row, found, wanted if typed else either)


def _has_parts(case: Case, frame: pd.DataFrame) -> bool:
    """Whether a unit below the one that reports has a row."""
    return bool(frame["unit_code"].isin(case.parts["code"]).any())


def _figures_of(case: Case, codes: tuple[str, ...]) -> Message:
    units = case["units"].drop_duplicates("code", keep="last")
    return message("the figures of {codes}", codes=named(units[units["code"].isin(codes)]))


RULES = (communes_do_not_add_up, plan_communes_do_not_add_up, communes_missing, communes_incomplete)
