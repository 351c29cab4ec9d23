"""Checks of the unit of amounts: those of every table are in đồng, not in thousands or millions of them."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from giamngheo.checks.check import Case, Problem, check, header, once_a_case
from giamngheo.core.finding import MOST_ALIKE
from giamngheo.core.message import Message, first_of, message, quoted
from giamngheo.regulation.lookup import provision
from giamngheo.workbook.schema import Table, choices, tables

TIMES = {
    1000: (message("in thousand đồng"), message("a thousand times too large")),
    10**6: (message("in million đồng"), message("a million times too large")),
}
"""By how much amounts are typed too small, and in what they then are; or too large."""

_FEW = 4
"""Amounts that are too few to have one cause where not all of them are wrong."""

_SEVERAL = 3
"""Amounts of one source, or kind of work, from which on they are told together."""

_NEAR, FAR = 10, 100
"""So many times: amounts of a line are near each other, or so far apart that one is in another unit."""

_LARGEST = 10**14

Range = tuple[int, int]


def likely(amount: int, within: Range) -> dict[int, Message]:
    """Return what an amount may be that is typed in another unit than đồng, with the words that say so.

    Nothing where none of it is within bounds.
    """
    low, high = within
    found = {}
    for times, (too_small, too_large) in TIMES.items():
        if low <= amount * times <= high:
            found[amount * times] = message("{amount}, if it is {unit}", amount=amount * times, unit=too_small)
        if amount % times == 0 and low <= amount // times <= high:
            found[amount // times] = message("{amount}, if it is typed {unit}", amount=amount // times, unit=too_large)
    return found


def joined(words: Sequence[Message]) -> Message:
    """Return messages one after the other."""
    first, *others = words
    return message("{first}; {others}", first=first, others=joined(others)) if others else first


def usual(case: Case, name: str) -> Any:
    """Return what is usual in the year of a case, by its name in the provisions."""
    return provision(f"plausibility/{name}", on=dt.date(max(case.year, 2022), 12, 31)).value


def smallest_amount(case: Case) -> int:
    """Return the đồng below which an amount is hardly one in đồng."""
    return int(usual(case, "smallest_amount"))


def smallest_contribution(case: Case) -> int:
    """Return the đồng below which an amount is hardly one in đồng even of a few households."""
    return int(usual(case, "smallest_contribution"))


def are_many(count: int, of: int) -> bool:
    """Return whether so many of some figures are wrong in one way that they have one cause."""
    return count > MOST_ALIKE and 2 * count > of


def in_whole_dong(case: Case, largest: int) -> Message:
    """Return what is needed in place of a column in another unit: its largest amount in đồng."""
    found = likely(largest, largest_of_level(case) or (0, 0)) or likely(largest, (smallest_amount(case), _LARGEST))
    words = joined(list(found.values()) or [message("an amount in whole đồng")])
    return message("amounts in đồng: {amount}, the largest, is {words}", amount=largest, words=words)


def largest_of_level(case: Case) -> Range | None:
    """Return the bounds of the largest amount of the unit that reports; None where none are known of its level."""
    units = case["units"]
    level = units.loc[units["code"] == case.unit, "level"].max()
    bounds = usual(case, "largest_amount").get(level)
    return (int(bounds[0]), int(bounds[1])) if bounds else None


@once_a_case
def small_amounts(case: Case) -> Mapping[str, pd.DataFrame]:
    """Return whether the amounts of each table are hardly in đồng: a column of bools for each column of amounts."""
    return {entry.name: _small(case, entry, case[entry.name]) for entry in tables() if entry.is_of_money}


def is_small(case: Case, name: str, column: str) -> pd.Series:
    """Return whether the amounts of a column are hardly in đồng."""
    return small_amounts(case)[name][column]


def _small(case: Case, entry: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return which amounts are hardly in đồng: by themselves, or beside the other snapshots of their line.

    Of a plan little may be left, or be done: in thousand đồng that would then be more than the plan.
    """
    limit, ordered = smallest_amount(case), frame.sort_values("date", kind="stable")
    line = [ordered[name] for name in entry.key if name != "date"]
    known = {column.over_year: ordered[column.name].groupby(line).ffill() for column in entry.amounts}
    none = pd.Series(pd.NA, ordered.index, dtype="Int64")
    plan, done = known.get("stays", none), known.get("grows", none)
    found = {}
    for column in entry.amounts:
        amounts = ordered[column.name]
        small, beside = amounts < limit, amounts * FAR
        if column.over_year == "grows":
            is_part = plan.ge(limit) & (plan < amounts * min(TIMES)) & amounts.ge(smallest_contribution(case))
            small = small & ~is_part.fillna(value=False)
            small = small | (beside < done.groupby(line).shift())
        elif column.over_year == "stays":
            small = small | (beside < amounts.groupby(line).transform("median"))
        elif column.over_year == "falls":
            small = small & ~(plan.ge(limit) & (plan - done < limit)).fillna(value=False)
        found[column.name] = small.fillna(value=False).astype("bool") & (amounts > 0).fillna(value=False).astype("bool")
    return pd.DataFrame(found, ordered.index).reindex(frame.index)


def _one_by_one(entry: Table, frame: pd.DataFrame, small: pd.DataFrame) -> pd.DataFrame:
    """Return the amounts of a table above 0, a row each, with column, vnd and is_small."""
    columns = [frame.assign(column=name, vnd=frame[name], is_small=small[name]) for name in small]
    amounts = pd.concat(columns, ignore_index=True)
    return amounts.assign(of=_source(entry, amounts))[(amounts["vnd"] > 0).fillna(value=False)]


def _source(entry: Table, amounts: pd.DataFrame) -> pd.Series:
    """Return the source of amounts, or the kind of work that they are for."""
    return amounts["source" if any(column.name == "source" for column in entry.columns) else "work"]


def _are_most(amounts: pd.DataFrame) -> bool:
    count = int(amounts["is_small"].sum())
    return are_many(count, len(amounts)) or count == len(amounts) >= _FEW


@check("column-in-other-unit", "error", ground=message("amounts are typed in đồng"))
def column_in_other_unit(case: Case) -> Iterator[Problem]:
    """A column of amounts is in đồng, not in thousand or million đồng."""
    limit = smallest_amount(case)
    for entry in (entry for entry in tables() if entry.is_of_money):
        frame = case.typed[entry.name]
        amounts = _one_by_one(entry, frame, _small(case, entry, frame))
        are_low = (amounts["vnd"] < limit).astype("bool")
        amounts["is_small"] &= are_low
        if not _is_beyond_budget(entry) and _are_most(low := amounts.assign(is_small=are_low)):
            amounts = low
        columns = amounts if _are_most(amounts) else amounts.groupby("column", sort=False).filter(_are_most)
        small = columns[columns["is_small"]]
        if small.empty or (_is_beyond_budget(entry) and small["vnd"].min() >= smallest_contribution(case)):
            continue
        names, first = small["column"].unique(), small.iloc[0]
        found = message(
            "{count} amounts of {header} are smaller than {limit} đồng",
            count=len(small),
            header=_headers(entry.name, names),
            limit=limit,
        )
        largest = int(columns.loc[columns["column"].isin(names), "vnd"].max())
        yield Problem(entry.name, first["column"], first["row"], found, in_whole_dong(case, largest))


def _is_beyond_budget(entry: Table) -> bool:
    """Return whether a table is of contributions too, which may be small."""
    return any(column.choices == "mobilised_source" for column in entry.columns)


def _headers(name: str, columns: list[str]) -> str:
    return first_of([header(name, column) for column in columns])


@check("amount-too-small", "warning", ground=message("amounts are typed in đồng"), explainable=True)
def amount_too_small(case: Case) -> Iterator[Problem]:
    """An amount in đồng is not so small that it must be in thousand or million đồng."""
    for entry in (entry for entry in tables() if entry.is_of_money):
        amounts = _one_by_one(entry, case[entry.name], small_amounts(case)[entry.name])
        small = amounts[amounts["is_small"]]
        for day, rows in small.groupby("date"):
            if _are_most(amounts[amounts["date"] == day]) and len(rows) > _SEVERAL:
                yield _many(case, entry, rows, message("of {day}", day=day.date()))
                small = small.drop(index=rows.index)
        words = choices("work" if "work" in small else "source", case.data.catalogue)
        for code, rows in small.groupby("of"):
            if len(rows) >= _SEVERAL and rows["row"].nunique() > 1 and entry.amounts[0].over_year:
                yield _many(case, entry, rows, message("of {source}", source=quoted(words.get(code, code))))
                small = small.drop(index=rows.index)
        for _, rows in small.groupby("row"):
            yield _of_row(case, entry, amounts, rows)


def _many(case: Case, entry: Table, rows: pd.DataFrame, whose: Message | None = None) -> Problem:
    found = message(
        "{count} amounts of {header} are too small to be in đồng",
        count=len(rows),
        header=_headers(entry.name, rows["column"].unique()),
    )
    if whose is not None:
        found = message("{found}, {whose}", found=found, whose=whose)
    first = rows.sort_values("row", kind="stable").iloc[0]
    return Problem(entry.name, first["column"], first["row"], found, in_whole_dong(case, int(rows["vnd"].max())))


def _of_row(case: Case, entry: Table, amounts: pd.DataFrame, small: pd.DataFrame) -> Problem:
    """Return the problem of the amounts of one row: of one, with what it probably is."""
    if len(small) > 1:
        return _many(case, entry, small)
    label, row = next(small.iterrows())
    others = amounts[amounts["column"] == row["column"]].drop(index=label)
    found = message("the amount is {amount} đồng", amount=int(row["vnd"]))
    expected = _likely_of(int(row["vnd"]), _alike(others, row)["vnd"], smallest_amount(case))
    return Problem(entry.name, row["column"], row["row"], found, expected)


def _likely_of(amount: int, alike: pd.Series, smallest: int) -> Message:
    """Return what an amount that is too small probably is: near those that are like it."""
    known = alike[alike >= smallest]
    low, high = (int(known.min()), int(known.max())) if len(known) else (_LARGEST, 0)
    near = (max(smallest, low // _NEAR), high * _NEAR)
    found = likely(amount, (low, high)) or likely(amount, near) or likely(amount, (smallest, _LARGEST))
    return joined(list(found.values()) or [message("an amount in whole đồng")])


def _alike(others: pd.DataFrame, row: pd.Series) -> pd.DataFrame:
    """Return the amounts of the content, source and unit of a row; where there is none, those of its source."""
    same = others[others["unit_code"].ne("").eq(row["unit_code"] != "") & (others["of"] == row["of"])]
    keys = [name for name in ("project_code", "unit_code") if name in others]
    line = same[(same[keys] == row[keys]).all(axis=1)]
    return line if len(line) else same
