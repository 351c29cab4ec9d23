"""Checks of the review results: stocks of households and persons on a day."""

import datetime as dt
import math
from collections.abc import Iterator

import pandas as pd

from giamngheo.checks import grounds
from giamngheo.checks.check import Case, Problem, check, header, once_a_case, problem_in, says_nothing, where
from giamngheo.core.message import Message, message, quoted
from giamngheo.core.rounding import agrees, decimals, shown_rate
from giamngheo.regulation.lookup import NoRuleInForceError, load, provision
from giamngheo.statistics import poverty
from giamngheo.statistics.tree import figures_in

_PARTS = (
    ("ethnic_minority_households", "households"),
    ("poor_ethnic_minority_households", "poor_households"),
    ("near_poor_ethnic_minority_households", "near_poor_households"),
    ("poor_ethnic_minority_households", "ethnic_minority_households"),
    ("near_poor_ethnic_minority_households", "ethnic_minority_households"),
    ("poor_no_labour_households", "poor_households"),
    ("poor_merit_households", "poor_households"),
    ("poor_other_group_households", "poor_households"),
    ("near_poor_no_labour_households", "near_poor_households"),
    ("near_poor_merit_households", "near_poor_households"),
    ("near_poor_other_group_households", "near_poor_households"),
    ("poor_persons", "persons"),
    ("near_poor_persons", "persons"),
    ("average_persons", "persons"),
)
_HOUSEHOLDS_AND_PERSONS = (
    ("households", "persons"),
    ("poor_households", "poor_persons"),
    ("near_poor_households", "near_poor_persons"),
    ("average_households", "average_persons"),
)


_LACKS = {"poor_lacks": "poor", "near_poor_lacks": "near_poor"}
"""The tables of deprivations with the class that each is of."""


def _counted(column: str, count: int) -> Message:
    return message("{header} is {count}", header=header("reviews", column), count=int(count))


@check("review-says-nothing", "error", ground=grounds.KNOWN, lasting=True)
def review_says_nothing(case: Case) -> Iterator[Problem]:
    """A row of the review has at least one figure."""
    yield from says_nothing(case["reviews"], "reviews", "households")


@check("published-rate-differs", "error", ground=grounds.REVIEW, explainable=True, lasting=True)
def published_rate_differs(case: Case) -> Iterator[Problem]:
    """A published rate is that of its counts, as far as it was rounded."""
    columns = {name: f"published_{name}_rate_pct" for name in poverty.RATED}
    reviews = case["reviews"][case["reviews"][[*columns.values()]].notna().any(axis=1)]
    if reviews.empty:
        return
    counted = poverty.counted_rates(reviews)
    for name, column in columns.items():
        rate = counted[f"{name}_rate_pct"]
        for position, row in reviews[reviews[column].notna() & rate.notna()].iterrows():
            if not agrees(row[column], rate[position]):
                found = message("{header} is {count}", header=header("reviews", column), count=float(row[column]))
                expected = message("{count}, which the households give", count=float(shown_rate(rate[position])))
                yield Problem("reviews", column, row["row"], found, expected)


@check("published-rates-do-not-add-up", "error", ground=grounds.SUM, explainable=True, lasting=True)
def published_rates_do_not_add_up(case: Case) -> Iterator[Problem]:
    """The multidimensional rate is that of the poor and that of the near-poor together, but for rounding."""
    reviews = case["reviews"]
    both = "published_multidimensional_rate_pct"
    names = [both, "published_poor_rate_pct", "published_near_poor_rate_pct"]
    for _, row in reviews.dropna(subset=names).iterrows():
        whole, poor, near_poor = (row[name] for name in names)
        step = 10.0 ** -min(map(decimals, (whole, poor, near_poor)))
        if abs(whole - poor - near_poor) > 1.01 * step:
            found = message("{header} is {count}", header=header("reviews", both), count=float(whole))
            expected = message("{count}, the two rates together", count=float(shown_rate(poor + near_poor)))
            yield Problem("reviews", both, row["row"], found, expected)


@check("rate-is-a-fraction", "warning", ground=message("rates are typed in percent"), explainable=True, lasting=True)
def rate_is_a_fraction(case: Case) -> Iterator[Problem]:
    """A rate in percent is not so small, and so exact, that it must be a part of one."""
    for name in poverty.RATED:
        column = f"published_{name}_rate_pct"
        reviews, rate = case["reviews"], case["reviews"][column].fillna(0)
        if not rate.any():
            continue
        for _, row in where(reviews, (rate > 0) & (rate < 1) & ((rate * 100 % 1).round(6) % 1 != 0)):
            found = message("{header} is {count}", header=header("reviews", column), count=float(row[column]))
            expected = message("{count}, if it is a part of one", count=float(shown_rate(row[column] * 100)))
            yield Problem("reviews", column, row["row"], found, expected)


@check("part-above-total", "error", ground=grounds.PART, explainable=True, lasting=True)
def part_above_total(case: Case) -> Iterator[Problem]:
    """Households of ethnic minorities and persons of a class are part of their total."""
    reviews = case.reviews
    for part, whole in _PARTS:
        for _, row in where(reviews, reviews[part] > reviews[whole]):
            limit = message("at most {limit}, {header}", limit=int(row[whole]), header=header("reviews", whole))
            yield problem_in(row, ("reviews", part), _counted(part, row[part]), limit)


@check("classes-above-households", "error", ground=grounds.STANDARD, explainable=True, lasting=True)
def classes_above_households(case: Case) -> Iterator[Problem]:
    """Poor, near-poor and average households together are at most all households."""
    reviews = case.reviews
    names = ["poor_households", "near_poor_households", "average_households"]
    classes = reviews[names].fillna(0).sum(axis=1)
    for position, row in where(reviews, classes > reviews["households"]):
        found = message("poor, near-poor and average households are {count} together", count=int(classes[position]))
        expected = message("at most all {households} households", households=int(row["households"]))
        yield problem_in(row, ("reviews", "households"), found, expected)


@check("fewer-persons-than-households", "error", ground=grounds.REVIEW, explainable=True, lasting=True)
def fewer_persons_than_households(case: Case) -> Iterator[Problem]:
    """A household has at least one person."""
    reviews = case.reviews
    for households, persons in _HOUSEHOLDS_AND_PERSONS:
        for _, row in where(reviews, reviews[persons] < reviews[households]):
            expected = message("at least one person for each of {count} households", count=int(row[households]))
            yield problem_in(row, ("reviews", persons), _counted(persons, row[persons]), expected)


@check("deprivations-out-of-bounds", "error", ground=grounds.STANDARD, explainable=True, lasting=True)
def deprivations_out_of_bounds(case: Case) -> Iterator[Problem]:
    """A poor household lacks at least as many indicators as the standard says, a near-poor one fewer."""
    reviews = case.reviews
    given = reviews["poor_deprivations"].notna() | reviews["near_poor_deprivations"].notna()
    for day, rows in reviews[given].groupby("date"):
        for name, (low, high) in _deprivation_bounds(day).items():
            column, households = f"{name}_deprivations", rows[f"{name}_households"]
            outside = (rows[column] < low * households) | (rows[column] > high * households)
            for _, row in where(rows, outside):
                count = int(row[f"{name}_households"])
                expected = message("{low} to {high}", low=low * count, high=high * count)
                yield problem_in(row, ("reviews", column), _counted(column, row[column]), expected)


def _deprivation_bounds(day: pd.Timestamp) -> dict[str, tuple[int, int]]:
    """Return fewest and most indicators that one household of a class lacks; nothing before the standard."""
    try:
        bounds = provision("poverty/deprivations", on=day.date()).value
    except NoRuleInForceError:
        return {}
    return {name: (low, high) for name, (low, high) in bounds.items()}


def _beside_households(case: Case) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the tables of deprivations with the households of their class in the review of the same unit and day."""
    for name, group in _LACKS.items():
        if len(case.summed[name]):
            reviews = case.reviews[["date", "unit_code", f"{group}_households"]]
            reviews = reviews.set_axis(["date", "unit_code", "reviewed"], axis=1)
            yield name, case.summed[name].merge(reviews, on=["date", "unit_code"], how="left")


@check("more-lacking-than-households", "error", *_LACKS, "reviews", ground=grounds.PART, explainable=True, lasting=True)
def more_lacking_than_households(case: Case) -> Iterator[Problem]:
    """No more households lack an indicator than there are households of the class."""
    for name, lacks in _beside_households(case):
        for column in figures_in(case.data[name]):
            for _, row in where(lacks, lacks[column] > lacks["reviewed"]):
                found = message("{header} is {count}", header=header(name, column), count=int(row[column]))
                limit = message("at most all {households} households of the class", households=int(row["reviewed"]))
                yield problem_in(row, (name, column), found, limit)


@check("lacking-of-another-standard", "error", ground=grounds.STANDARD, lasting=True)
def lacking_of_another_standard(case: Case) -> Iterator[Problem]:
    """Households are told by the indicators of the standard of their day, which are those of the columns since 2022."""
    since = provision("poverty/indicators", on=dt.date(2022, 1, 1))
    for name in _LACKS:
        rows = case.data[name]
        for _, row in where(rows, rows["date"] < pd.Timestamp(since.begins)):
            day = row["date"].date()
            expected = message("no row: the columns are the indicators since {day}", day=since.begins)
            yield Problem(name, "date", row["row"], _indicators_then(day), expected)


def _indicators_then(day: dt.date) -> Message:
    try:
        found = provision("poverty/indicators", on=day)
    except NoRuleInForceError:
        return message("of {day} no standard is known", day=day)
    law = load("laws")[found.law]["number"]
    return message("on {day} the indicators were the {count} of {law}", day=day, count=len(found.value), law=law)


@check("lacking-out-of-bounds", "error", *_LACKS, "reviews", ground=grounds.STANDARD, explainable=True, lasting=True)
def lacking_out_of_bounds(case: Case) -> Iterator[Problem]:
    """The indicators together are what so many households of the class can lack by the standard."""
    for name, lacks in _beside_households(case):
        figures, group = figures_in(case.data[name]), _LACKS[name]
        together = lacks[figures].sum(axis=1, skipna=False)
        for day, rows in lacks[together.notna() & lacks["reviewed"].notna()].groupby("date"):
            low, high = _deprivation_bounds(day).get(group, (0, len(figures)))
            sums = together[rows.index]
            for position, row in where(rows, (sums < low * rows["reviewed"]) | (sums > high * rows["reviewed"])):
                households = int(row["reviewed"])
                found = message("the indicators are {count} together", count=int(sums[position]))
                bounds = message(
                    "{low} to {high} for {count} households",
                    low=low * households,
                    high=high * households,
                    count=households,
                )
                yield problem_in(row, (name, figures[0]), found, bounds)


@check("households-jump", "warning", "form", "units", "reviews", ground=grounds.GROWTH, explainable=True, lasting=True)
def households_jump(case: Case) -> Iterator[Problem]:
    """The households of a unit are about those of its review before."""
    yield from _jumps(case, "household_growth_pct", below="household_jump_pct")


@check("households-leap", "error", "form", "units", "reviews", ground=grounds.GROWTH, explainable=True, lasting=True)
def households_leap(case: Case) -> Iterator[Problem]:
    """The households of a unit are not so many more or fewer than in its review before that some must be missing."""
    yield from _jumps(case, "household_jump_pct")


def _jumps(case: Case, limit: str, below: str = "") -> Iterator[Problem]:
    """Yield the reviews of one and the same unit whose households changed by more than a limit, and less than another.

    Within a year the limit is that of a year; over more years it is as many times that.
    """
    on = dt.date(case.year, 12, 31)
    least = provision(f"plausibility/{limit}", on=on).value
    most = provision(f"plausibility/{below}", on=on).value if below else None
    both = _successive(case)
    years = ((both["date"] - both["date_before"]).dt.days / 366).clip(lower=1).apply(math.ceil)
    change = (both["households"] - both["households_before"]).abs() * 100 / both["households_before"]
    far = (change > least * years) & ((change <= most * years) if most else True)
    for _, row in where(both, far & (both["households_before"] > 0)):
        expected = message(
            "about {count}, the households on {day}", count=int(row["households_before"]), day=row["date_before"].date()
        )
        yield problem_in(row, ("reviews", "households"), _counted("households", row["households"]), expected)


@once_a_case
def _successive(case: Case) -> pd.DataFrame:
    """Return the reviews beside the one before of the same unit, or of those it was made from, by date_before."""
    pairs = [_with_before(reviews, some["date"].min()) for some, reviews in case.with_reviews(case.reviews)]
    return pd.concat(pairs, ignore_index=True) if pairs else _with_before(case.reviews, pd.Timestamp(case.day))


def _with_before(reviews: pd.DataFrame, first: pd.Timestamp) -> pd.DataFrame:
    """Return the reviews from a day on with date_before and households_before, those of the one before."""
    known = reviews.dropna(subset="households").sort_values("date", kind="stable")
    before = known.groupby("unit_code")[["date", "households"]].shift().add_suffix("_before")
    both = pd.concat([known, before], axis=1).dropna(subset="date_before")
    return both[both["date"] >= first]


@check("no-review", "warning", "form", "units", "reviews", ground=grounds.REVIEW)
def no_review(case: Case) -> Iterator[Problem]:
    """The unit's review at the end of the year before is the stock the report starts from."""
    day = dt.date(case.year - 1, 12, 31)
    known = case.reviews_now[case.reviews_now["date"] == pd.Timestamp(day)]
    if case.lists_unit and not known["unit_code"].isin(_unit_and_parts(case)).any():
        found = message("there is no review of unit {unit} on {day}", unit=quoted(case.unit), day=day)
        yield Problem("reviews", "date", 0, found, message("the review results of {day}", day=day))


def _unit_and_parts(case: Case) -> set[str]:
    units = case["units"]
    return {case.unit, *units.loc[units["parent_code"] == case.unit, "code"]}
