"""Rules of the units: those used are listed, listed ones stand in the register, and on the day they are used."""

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from giamngheo.checks import grounds
from giamngheo.checks.rule import MOST_NAMED, Case, Problem, named, rule, where
from giamngheo.core.message import Message, message, quoted
from giamngheo.core.text import accented, bare, text
from giamngheo.regulation import units as register
from giamngheo.regulation.lookup import NoRuleInForceError

USERS = ("reviews", "poor_flows", "near_poor_flows", "plans")
"""Tables with a row a unit."""

_ALWAYS = (pd.Timestamp(1900, 1, 1), pd.Timestamp(2200, 1, 1))


@rule("no-units", "error", "units", ground=grounds.UNITS)
def no_units(case: Case) -> Iterator[Problem]:
    """The list of units has the unit that reports and those below it."""
    if case["units"].empty:
        expected = message("the unit that reports, and the units below it where they have figures of their own")
        yield Problem("units", "code", 0, message("no unit is listed"), expected)


@rule("report-unit-missing", "error", "form", "units", ground=grounds.UNITS)
def report_unit_missing(case: Case) -> Iterator[Problem]:
    """The unit that reports stands in the list of units."""
    if case.unit and not case["units"].empty and not case.lists_unit:
        found = message("the code {code} is not in the list of units", code=quoted(case.unit))
        yield Problem("form", "unit_code", 0, found, _listed(case["units"], case.unit))


@rule("unknown-unit", "error", "units", ground=grounds.UNITS)
def unknown_unit(case: Case) -> Iterator[Problem]:
    """Every unit with figures stands in the list of units."""
    known = set(case["units"]["code"])
    for name in USERS if known else ():
        frame = case[name]
        for _, row in where(frame, ~frame["unit_code"].isin(known)):
            found = message("the code {code} is not in the list of units", code=quoted(row["unit_code"]))
            yield Problem(name, "unit_code", row["row"], found, _listed(case["units"], row["unit_code"]))


def _listed(units: pd.DataFrame, typed: str) -> Message:
    """The code that is meant where a name was typed, else the codes that there are, with their names."""
    meant = units[units["name"].map(bare) == bare(typed)]
    offered = units if meant.empty else meant
    return message("a code of the sheet of units: {codes}", codes=named(offered))


@rule("unit-not-valid", "error", "units", ground=grounds.UNITS)
def unit_not_valid(case: Case) -> Iterator[Problem]:
    """A unit has figures only for days on which it stands."""
    spans = _spans(case["units"])
    for name in USERS if spans else ():
        frame = case[name]
        bound = frame.loc[frame["unit_code"].isin(list(spans)) & frame["date"].notna(), ["unit_code", "date", "row"]]
        for unit, day, row in bound.itertuples(index=False):
            if not any(low <= day <= high for low, high in spans[unit]):
                found = message("unit {unit} does not stand on {day}", unit=quoted(unit), day=day.date())
                yield Problem(name, "unit_code", row, found, message("a unit that stands on that day"))


def _spans(units: pd.DataFrame) -> dict[str, list[tuple[pd.Timestamp, pd.Timestamp]]]:
    """First and last days of the units that do not stand for ever, by code."""
    always = units["valid_from"].isna() & units["valid_to"].isna()
    bound = units[~units["code"].isin(list(units.loc[always, "code"]))]
    if bound.empty:
        return {}
    known = bound.fillna({"valid_from": _ALWAYS[0], "valid_to": _ALWAYS[1]}).groupby("code")
    return {str(code): list(zip(rows["valid_from"], rows["valid_to"], strict=True)) for code, rows in known}


@rule("unit-not-in-register", "error", "units", ground=grounds.UNITS)
def unit_not_in_register(case: Case) -> Iterator[Problem]:
    """A unit stands in the register under its code and parent, for the days the list gives."""
    for _, row in case.registered_units.iterrows():
        if problem := _unregistered(row, dt.date(case.year, 1, 1)):
            yield Problem("units", "code", row["row"], *problem)


def _unregistered(row: pd.Series, year_start: dt.date) -> tuple[Message, Message] | None:
    code, day = row["code"], _first_day(row, year_start)
    if not register.known(code):
        parent = row["parent_code"]
        siblings = register.children(parent, on=day) if register.complete(parent, on=day) else ()
        codes = ", ".join(f"{unit.code} {unit.name}" for unit in siblings[:MOST_NAMED])
        more = " …" if siblings[MOST_NAMED:] else ""
        return (_not_there(code), message("one of: {labels}", labels=codes + more)) if siblings else None
    try:
        entry = register.unit(code, on=day)
    except NoRuleInForceError:
        return _not_standing(code, day), message("a unit that stands on that day")
    last = row["valid_to"].date() if not pd.isna(row["valid_to"]) else None
    if entry.ends and entry.ends < dt.date(year_start.year, 12, 31) and (last is None or last > entry.ends):
        found = message("unit {unit} ends on {day}", unit=quoted(code), day=entry.ends)
        return found, message("{day} in the column of the last day", day=entry.ends)
    return None


def _first_day(row: pd.Series, year_start: dt.date) -> dt.date:
    """First day of the year, or of the unit, or its last where that is before, on which it should stand."""
    first = year_start if pd.isna(row["valid_from"]) else max(row["valid_from"].date(), year_start)
    return first if pd.isna(row["valid_to"]) else min(row["valid_to"].date(), first)


def _not_there(code: str) -> Message:
    return message("the register has no unit {code}", code=quoted(code))


def _not_standing(code: str, day: dt.date) -> Message:
    return message("unit {unit} does not stand on {day}", unit=quoted(code), day=day)


@rule("unit-name", "warning", "units", ground=grounds.UNITS)
def unit_name(case: Case) -> Iterator[Problem]:
    """A unit has the name of the register, in the spelling of the district or of the statistics office."""
    for _, row in case.registered_units.iterrows():
        day = _first_day(row, dt.date(case.year, 1, 1))
        try:
            names = register.unit(row["code"], on=day).names if register.known(row["code"]) else ()
        except NoRuleInForceError:
            continue
        if names and accented(text(row["name"])) not in map(accented, names):
            found = message("unit {code} is called {name}", code=row["code"], name=quoted(row["name"]))
            yield Problem("units", "name", row["row"], found, message("{names}", names=" / ".join(names)))


@rule("parent-not-listed", "warning", "units", ground=grounds.UNITS)
def parent_not_listed(case: Case) -> Iterator[Problem]:
    """A commune or village stands below a unit of the list."""
    units = case["units"]
    below = units["level"].isin(["commune", "village"]) & (units["code"] != case.unit)
    for _, row in where(units, below & ~units["parent_code"].isin(set(units["code"]))):
        found = message("the parent unit {code} is not in the list", code=quoted(row["parent_code"]))
        yield Problem("units", "parent_code", row["row"], found, _listed(units, row["parent_code"]))
