"""What is judged in every table that has the columns for it: also in those that somebody adds to the workbook."""

import datetime as dt
from dataclasses import replace

import pytest

from giamngheo.checks import entries, units
from giamngheo.checks.check import Case, Sums
from giamngheo.checks.money import capital
from giamngheo.core.period import Period
from giamngheo.workbook.new_year import table_of
from giamngheo.workbook.read.workbook import reading
from giamngheo.workbook.schema import table, tables

DATED = [entry.name for entry in tables() if entry.is_dated]
OF_THE_YEAR = [name for name in DATED if not table(name).any_date]
BY_UNIT = [entry.name for entry in tables() if entry.is_by_unit]


@pytest.fixture
def case_with(records, written):
    """The units of the small workbook, and one row in one table, of a unit and a day, as of August 2023."""

    def made(name, unit="991", day=(2023, 8, 1)):
        clean = reading(written(records), "mau", 2023).dataset
        row = {"date": dt.datetime(*day), "unit_code": unit}  # noqa: DTZ001 - a day of the calendar
        known = {column.name for column in table(name).columns} & set(row)
        rows = table_of(name, [{column: row[column] for column in known}])
        others = {other: rows if other == "units" else rows[:0] for other, rows in clean.tables.items()}
        dataset = replace(clean, tables={**others, name: rows})
        return Case(dataset, Sums(dataset), Period.parse("2023-08"))

    return made


def places(check, case):
    return [(problem.table, problem.column) for problem in check.problems(case)]


@pytest.mark.parametrize("name", OF_THE_YEAR)
@pytest.mark.parametrize("day", [(2003, 12, 31), (2025, 1, 1)])
def test_a_date_far_outside_the_year_is_told(case_with, name, day):
    assert places(entries.date_outside_year, case_with(name, day=day)) == [(name, "date")]
    assert places(entries.date_outside_year, case_with(name)) == []


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("reviews", (2021, 1, 1), (2023, 12, 31)),
        ("poor_lacks", (2021, 1, 1), (2023, 12, 31)),
        ("plans", (2022, 1, 1), (2023, 12, 31)),
        ("disbursements", (2023, 1, 1), (2024, 1, 31)),
        ("works", (2023, 1, 1), (2023, 12, 31)),
    ],
)
def test_dates_lie_near_the_year_as_their_table_allows(case_with, name, first, last):
    beyond = [dt.date(*first) - dt.timedelta(days=1), dt.date(*last) + dt.timedelta(days=1)]
    assert [places(entries.date_outside_year, case_with(name, day=day)) for day in (first, last)] == [[], []]
    for day in beyond:
        assert places(entries.date_outside_year, case_with(name, day=day.timetuple()[:3])) == [(name, "date")]


@pytest.mark.parametrize("name", [name for name in DATED if name != "explanations"])
def test_a_row_after_the_cut_off_is_told(case_with, name):
    assert places(entries.after_cut_off, case_with(name, day=(2023, 9, 1))) == [(name, "date")]
    assert places(entries.after_cut_off, case_with(name, day=(2023, 8, 31))) == []


@pytest.mark.parametrize("name", BY_UNIT)
def test_a_unit_that_the_list_lacks_is_told_once(case_with, name):
    both = (units.unknown_unit, capital.money_unit)
    assert [place for check in both for place in places(check, case_with(name, unit="999"))] == [(name, "unit_code")]
    assert [place for check in both for place in places(check, case_with(name))] == []


@pytest.mark.parametrize("name", BY_UNIT)
def test_a_unit_has_figures_from_its_first_day_only(case_with, name):
    both = (units.unit_not_valid, capital.money_of_days)

    def told(day):
        case = case_with(name, day=day)
        case["units"].loc[case["units"]["code"] == "991", "valid_from"] = dt.datetime(2023, 8, 1)  # noqa: DTZ001
        return [place for check in both for place in places(check, case)]

    assert told((2023, 7, 31)) == [(name, "unit_code")]
    assert told((2023, 8, 1)) == []


@pytest.mark.parametrize("entry", tables(), ids=lambda entry: entry.name)
def test_the_columns_of_a_unit_and_of_a_day_have_one_name(entry):
    assert all(column.name == "unit_code" for column in entry.columns if column.choices == "units")
    assert all(column.kind == "date" for column in entry.columns if column.name == "date")


@pytest.mark.parametrize("name", [entry.name for entry in tables() if entry.adds_up])
def test_what_adds_up_has_a_unit_and_a_day_and_communes_send_it(name):
    entry = table(name)
    assert (entry.is_by_unit, entry.is_dated, entry.communes_send) == (True, True, True)
