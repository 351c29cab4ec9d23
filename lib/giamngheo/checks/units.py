"""Checks of the units: those used are listed, listed ones stand in the register, and on the day they are used.

Of units that ended or were made from others: all of those are listed, have figures, and none was divided.
"""

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from giamngheo.checks import grounds
from giamngheo.checks.check import Case, Problem, check, where
from giamngheo.core.message import Message, first_of, message, quoted
from giamngheo.core.text import accented, bare, text
from giamngheo.regulation import units as register
from giamngheo.regulation.lookup import NoRuleInForceError
from giamngheo.regulation.units import destination_words, destinations
from giamngheo.statistics.units import gone, units_on, with_first_days
from giamngheo.workbook.schema import choices, tables, tables_that_add_up

_USERS = tuple(entry for entry in tables() if entry.is_by_unit and not entry.is_of_money)
"""Tables with a row a unit; of which units money is, capital.money_unit judges."""

_ADDED_UP = tables_that_add_up()

_ALWAYS = (pd.Timestamp(1900, 1, 1), pd.Timestamp(2200, 1, 1))


@check("no-units", "error", "units", ground=grounds.UNITS)
def no_units(case: Case) -> Iterator[Problem]:
    """The list of units has the unit that reports and those below it."""
    if case["units"].empty:
        expected = message("the unit that reports, and the units below it where they have figures of their own")
        yield Problem("units", "code", 0, message("no unit is listed"), expected)


@check("report-unit-missing", "error", "form", "units", ground=grounds.UNITS)
def report_unit_missing(case: Case) -> Iterator[Problem]:
    """The unit that reports stands in the list of units."""
    if case.unit and not case["units"].empty and not case.lists_unit:
        found = message("the code {code} is not in the list of units", code=quoted(case.unit))
        yield Problem("form", "unit_code", 0, found, _listed(case["units"], case.unit))


@check("unknown-unit", "error", "units", ground=grounds.UNITS)
def unknown_unit(case: Case) -> Iterator[Problem]:
    """Every unit with figures stands in the list of units."""
    known = set(case["units"]["code"])
    for table in _USERS if known else ():
        frame = case[table.name]
        allowed = known if table.column("unit_code").required else known | {""}
        for _, row in where(frame, ~frame["unit_code"].isin(allowed)):
            found = message("the code {code} is not in the list of units", code=quoted(row["unit_code"]))
            yield Problem(table.name, "unit_code", row["row"], found, _listed(case["units"], row["unit_code"]))


def _listed(units: pd.DataFrame, typed: str) -> Message:
    """Return the code that is meant where a name was typed, or the codes that there are, with their names."""
    meant = units[units["name"].map(bare) == bare(typed)]
    offered = units if meant.empty else meant
    return message(
        "a code of the sheet of units: {codes}", codes=first_of([*(offered["code"] + " " + offered["name"])])
    )


@check("unit-not-valid", "error", "units", ground=grounds.UNITS)
def unit_not_valid(case: Case) -> Iterator[Problem]:
    """A unit has figures only for days on which it stands."""
    units = case["units"]
    spans = _spans(units if case.registered_units.empty else with_first_days(units, dt.date(case.year, 1, 1)))
    for name in (table.name for table in _USERS if table.is_dated) if spans else ():
        frame = case[name]
        bound = frame.loc[frame["unit_code"].isin(list(spans)) & frame["date"].notna(), ["unit_code", "date", "row"]]
        for unit, day, row in bound.itertuples(index=False):
            if not any(low <= day <= high for low, high in spans[unit]):
                found = message("unit {unit} does not stand on {day}", unit=quoted(unit), day=day.date())
                yield Problem(name, "unit_code", row, found, _standing(units, unit, day))


def _standing(units: pd.DataFrame, code: str, day: pd.Timestamp) -> Message:
    """Return the unit that is meant where one of the list ended before a day, and went into others."""
    ended = units[(units["code"] == code) & (units["valid_to"] < day)].sort_values("valid_to")
    codes = destinations(ended["merged_into"].iloc[-1])[0] if len(ended) else ()
    if not codes:
        return message("a unit that stands on that day")
    named = first_of([_named(into, day.date()) for into in codes])
    return message("a unit that stands on that day: it went into {codes}", codes=named)


def _spans(units: pd.DataFrame) -> dict[str, list[tuple[pd.Timestamp, pd.Timestamp]]]:
    """Return the first and last days of the units that do not always stand, by code."""
    always = units["valid_from"].isna() & units["valid_to"].isna()
    bound = units[~units["code"].isin(list(units.loc[always, "code"]))]
    if bound.empty:
        return {}
    known = bound.fillna({"valid_from": _ALWAYS[0], "valid_to": _ALWAYS[1]}).groupby("code")
    return {str(code): list(zip(rows["valid_from"], rows["valid_to"], strict=True)) for code, rows in known}


@check("unit-not-in-register", "error", "units", ground=grounds.UNITS)
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
        codes = first_of([f"{unit.code} {unit.name}" for unit in siblings])
        return (_not_there(code), message("one of: {labels}", labels=codes)) if siblings else None
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
    """Return the first day of the year on which a unit of the list should stand."""
    first = year_start if pd.isna(row["valid_from"]) else max(row["valid_from"].date(), year_start)
    return first if pd.isna(row["valid_to"]) else min(row["valid_to"].date(), first)


def _not_there(code: str) -> Message:
    return message("the register has no unit {code}", code=quoted(code))


def _not_standing(code: str, day: dt.date) -> Message:
    return message("unit {unit} does not stand on {day}", unit=quoted(code), day=day)


@check("unit-name", "warning", "units", ground=grounds.UNITS)
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


_FROM_COMMUNE_DOWN = list(choices("level"))[list(choices("level")).index("commune") :]


@check("parent-not-listed", "warning", "units", ground=grounds.UNITS)
def parent_not_listed(case: Case) -> Iterator[Problem]:
    """A commune or village stands below a unit of the list."""
    units = case["units"]
    below = units["level"].isin(_FROM_COMMUNE_DOWN) & (units["code"] != case.unit)
    for _, row in where(units, below & ~units["parent_code"].isin(set(units["code"]))):
        found = message("the parent unit {code} is not in the list", code=quoted(row["parent_code"]))
        yield Problem("units", "parent_code", row["row"], found, _listed(units, row["parent_code"]))


@check("report-unit-ended", "error", "units", ground=grounds.UNITS)
def report_unit_ended(case: Case) -> Iterator[Problem]:
    """The unit that reports stands on the last day of the report, or in the year of the workbook."""
    units = case["units"]
    own = units[units["code"] == case.unit]
    day = pd.Timestamp(case.year, 1, 1) if case.period is None else pd.Timestamp(case.period.cutoff)
    ended, begun = own["valid_to"] < day, ~(own["valid_from"] > day) | (case.period is None)
    if own.empty or (begun & ~ended).any():
        return
    if not ended.any():
        found = message("unit {unit} begins on {day}", unit=quoted(case.unit), day=own["valid_from"].min().date())
        yield Problem("form", "unit_code", 0, found, message("a period that ends on that day or later"))
        return
    last = own[ended].sort_values("valid_to").iloc[-1]
    found = message(
        "unit {unit} ended on {day}", unit=quoted(f"{case.unit} {last['name']}"), day=last["valid_to"].date()
    )
    yield Problem("form", "unit_code", 0, found, _after(last))


def _after(last: pd.Series) -> Message:
    """Return what is reported on since a unit ended: those that it went into, where the list or the register knows."""
    day = last["valid_to"].date()
    parts = register.successors(last["code"], on=day) if _stands(last["code"], day) else ()
    codes = destinations(last["merged_into"])[0] or tuple(part.code for part in parts)
    if not codes:
        return message("a period that ends on that day or before")
    named = ", ".join(_named(code, day + dt.timedelta(days=1)) for code in codes)
    return message("a report of the unit that it went into: {codes}", codes=named)


def _named(code: str, day: dt.date) -> str:
    return f"{code} {register.unit(code, on=day).name}" if _stands(code, day) else code


@check("predecessors-missing", "error", "units", *_ADDED_UP, ground=grounds.SUM)
def predecessors_missing(case: Case) -> Iterator[Problem]:
    """Where some of the units that the reporting one was made from have figures of a day, all have."""
    for name, gap in _gaps(case):
        if gap["unit_code"] == case.unit and gap["missing"] and not gap["divided"] and not _opened(case, name):
            yield _missing(case, name, gap)


@check("parts-without-base", "warning", "units", *_ADDED_UP, ground=grounds.SUM)
def parts_without_base(case: Case) -> Iterator[Problem]:
    """Where some of the units that one below was made from have figures of a day, all have."""
    for name, gap in _gaps(case):
        if gap["unit_code"] != case.unit and gap["missing"] and not gap["divided"]:
            yield _missing(case, name, gap)


def _missing(case: Case, name: str, gap: pd.Series) -> Problem:
    found = message(
        "on {day} {count} units that {unit} was made from have no figures",
        day=gap["date"].date(),
        count=len(gap["missing"]),
        unit=quoted(gap["unit_code"]),
    )
    wanted = message("the figures of {codes}", codes=_names_before(case, gap["missing"]))
    return Problem(name, "unit_code", gap["row"], found, wanted)


@check("unit-divided", "warning", "units", *_ADDED_UP, ground=grounds.SUM)
def unit_divided(case: Case) -> Iterator[Problem]:
    """The reporting unit was made from whole units, or has a review by its borders of its first day."""
    gaps = ((name, gap) for name, gap in _gaps(case) if gap["unit_code"] == case.unit and gap["divided"])
    name, gap = next(gaps, ("", pd.Series()))
    begun = case["units"].loc[case["units"]["code"] == case.unit, "valid_from"].max()
    if name and not _opened(case, name) and not pd.isna(begun):
        found = message(
            "{unit} was made from parts of {codes}: figures of days before cannot be added up",
            unit=quoted(case.unit),
            codes=_names_before(case, gap["divided"]),
        )
        wanted = message("the figures by the borders of today, dated {day}", day=begun.date())
        yield Problem(name, "unit_code", gap["row"], found, wanted)


@check("parts-divided", "info", "units", "reviews", ground=grounds.SUM)
def parts_divided(case: Case) -> Iterator[Problem]:
    """The units below were made from whole others, so that the report can compare them with days before."""
    divided = [gap for name, gap in _gaps(case) if name == "reviews" and gap["divided"]]
    compared = case.parts & set(case.reviews_now["unit_code"]) if divided else set()
    if gaps := [gap for gap in divided if gap["unit_code"] in compared]:
        of_today = units_on(case["units"], case.day)
        made = of_today[of_today["code"].isin({gap["unit_code"] for gap in gaps})]
        codes = first_of([*(made["code"] + " " + made["name"])])
        found = message("{count} units below were made from parts of others: {codes}", count=len(made), codes=codes)
        last = max(gap["date"] for gap in gaps).date()
        wanted = message("nothing to mend: the report does not compare them with {day}", day=last)
        yield Problem("reviews", "unit_code", gaps[0]["row"], found, wanted)


def _gaps(case: Case) -> Iterator[tuple[str, pd.Series]]:
    """Yield the tables with the units that have no sum on a day before them (units.without_sum)."""
    for name, gaps in case.without_sum.items():
        for _, gap in gaps.iterrows():
            yield name, gap


def _opened(case: Case, name: str) -> bool:
    """Return whether the reporting unit has a figure of its own first day, from which the year can start."""
    figures, units = case.data[name], case["units"]
    begun = units.loc[units["code"] == case.unit, "valid_from"].max()
    return bool(((figures["unit_code"] == case.unit) & (figures["date"] == begun)).any())


def _names_before(case: Case, codes: tuple[str, ...]) -> str:
    """Return codes with the names that the list gives them before the last day that is looked at."""
    units = case["units"]
    ended = units[units["valid_to"] < pd.Timestamp(case.day)]
    names = dict(zip(ended["code"], ended["name"], strict=True))
    return first_of([f"{code} {names.get(code, '')}".rstrip() for code in codes])


@check("predecessors-unlisted", "error", "units", ground=grounds.UNITS)
def predecessors_unlisted(case: Case) -> Iterator[Problem]:
    """Where the list says that a unit was made from others, it has all that the register has."""
    known = case.registered_units
    for code, listed in gone(case["units"], case.day).groupby("into"):
        eve = listed["valid_to"].max()
        rows = known[(known["code"] == code) & ~(known["valid_to"] <= eve)]
        listed = listed.loc[listed["valid_to"] == eve, "code"].unique()
        parts = (
            register.predecessors(str(code), on=eve.date() + dt.timedelta(days=1)) if _is_registered(rows, eve) else ()
        )
        lacking = [part.code for part in parts or () if part.code not in listed]
        if lacking:
            found = message(
                "the list has {count} of the {all} units that {unit} was made from",
                count=len(listed),
                all=len(listed) + len(lacking),
                unit=quoted(str(code)),
            )
            names = first_of([_named(part, eve.date()) for part in lacking])
            wanted = message("a row of each, with its last day and where it went: {codes}", codes=names)
            yield Problem("units", "code", rows["row"].iloc[0], found, wanted)


def _is_registered(rows: pd.DataFrame, eve: pd.Timestamp) -> bool:
    """Return whether the register knows the unit of the rows on the day after."""
    if rows.empty:
        return False
    return _stands(rows["code"].iloc[0], eve.date() + dt.timedelta(days=1))


def _stands(code: str, day: dt.date) -> bool:
    try:
        return register.known(code) and bool(register.unit(code, on=day))
    except NoRuleInForceError:
        return False


@check("merged-into", "warning", "units", ground=grounds.UNITS)
def merged_into(case: Case) -> Iterator[Problem]:
    """A unit that ended went where the register says."""
    for _, row in case.registered_units.dropna(subset="valid_to").iterrows():
        day = row["valid_to"].date()
        parts = register.merged_into(row["code"], on=day) if day < case.day and _stands(row["code"], day) else ()
        typed, wanted = destinations(row["merged_into"]), tuple(part.code for part in parts)
        whole = all(part.whole for part in parts)
        if parts and (set(typed[0]), typed[1]) != (set(wanted), whole):
            found = message("unit {unit} went into {codes}", unit=quoted(row["code"]), codes=quoted(row["merged_into"]))
            words = quoted(destination_words(wanted, whole=whole))
            yield Problem("units", "merged_into", row["row"], found, message("{names}", names=words))
