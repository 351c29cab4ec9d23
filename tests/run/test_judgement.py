"""What validate lets pass, a report can be made of; what stops the one stops the other."""

import datetime as dt
from functools import cache

import pytest

from giamngheo.checks.check import Sums
from giamngheo.checks.consistency import findings
from giamngheo.core.errors import GiamngheoError
from giamngheo.core.finding import of_severity
from giamngheo.core.period import Period
from giamngheo.demo.places import districts
from giamngheo.demo.workbook import datasets
from giamngheo.regulation.units import unit
from giamngheo.report import monthly
from giamngheo.report.facts import book_of, facts_of
from giamngheo.report.reading import facts
from giamngheo.run.judgement import judgements, judgements_of
from giamngheo.workbook.new_year import fresh
from tests.checks.conftest import stock, write_plainly
from tests.demo.defects import AGAINST_CHECKS, planted

CELLS = [getattr(monthly, name) for name in monthly.__all__ if name not in {"facts", "record"}]


@cache
def demo():
    (district,) = districts(7, 1)
    return {data.year: data for data in datasets(district)}


@cache
def year_before():
    return book_of(demo()[2023])


@pytest.mark.parametrize("kind", AGAINST_CHECKS, ids=lambda kind: kind.__name__)
def test_a_report_is_made_of_every_defect_that_is_no_error(kind):
    data, _ = planted(demo()[2024], [kind])
    sums, period = Sums(data), Period(2024, 12)
    if of_severity(findings(data, period, sums=sums), "error"):
        return

    report = facts_of(book_of(data, sums), period, "internal", year_before())

    assert all(cell(report) is not None for cell in CELLS)


OLD = [stock("2024-12-31", "23422", 810, 300, 90), stock("2024-12-31", "23425", 910, 400, 60)]
NEW = [stock("2025-12-31", "23425", 1725, 600, 140)]
OCTOBER = [stock("2026-10-31", "23425", 1728, 560, 130)]
FIRST_DAY = [stock("2025-07-01", "23425", 1722, 690, 145)]
TOO_EARLY = [stock("2024-12-31", "20333", 5, 1, 1)]
DISTRICT = [stock("2024-12-31", "617", 7000, 2400, 400), stock("2025-06-30", "617", 7010, 2300, 390)]


def blank_form(records):
    return records | {"form": [records["form"][0] | {"issuing_body": None}]}


def without_unit(records):
    return records | {"units": [entry for entry in records["units"] if entry["code"] != "23425"]}


CASES = {
    "clean": ({2026: ("23425", OLD + NEW + OCTOBER)}, "2026-10", None),
    "nothing typed": ({2026: ("23425", [])}, "2026-10", "nothing-known"),
    "half of the predecessors": ({2025: ("23425", OLD[:1])}, "2025-08", "predecessors-missing"),
    "the first day in place of the sum": (
        {2025: ("23425", FIRST_DAY)},
        "2025-08",
        None,
    ),
    "a district after its end": ({2025: ("617", DISTRICT)}, "2025-09", "report-unit-ended"),
    "a district before its end": ({2025: ("617", DISTRICT)}, "2025-05", None),
    "a workbook after its unit": ({2026: ("617", DISTRICT)}, "2026-03", "report-unit-ended"),
    "the year before not filled in": (
        {2025: ("23425", OLD, blank_form), 2026: ("23425", OLD + NEW + OCTOBER)},
        "2026-10",
        "blank-cell",
    ),
    "the form not filled in": ({2026: ("23425", OLD + NEW, blank_form)}, "2026-10", "blank-cell"),
    "the unit not listed": ({2026: ("23425", NEW, without_unit)}, "2026-10", "report-unit-missing"),
    "a figure before the unit": (
        {2026: ("20333", TOO_EARLY)},
        "2026-10",
        "unit-not-valid",
    ),
    "a stock above the households": (
        {2026: ("23425", [NEW[0] | {"poor_households": 9000}])},
        "2026-10",
        "classes-above-households",
    ),
}


@pytest.mark.parametrize(("books", "period", "code"), CASES.values(), ids=CASES)
def test_validate_and_report_agree(books, period, code, tmp_path):
    for year, (name, reviews, *changes) in books.items():
        on = dt.date(2025, 6, 30) if name == "617" else dt.date(2025, 7, 1)
        records = fresh(unit(name, on=on), min(year, 2025) if name == "617" else year) | {"reviews": reviews}
        for change in changes:
            records = change(records)
        path = tmp_path / "don-vi" / f"{year}.xlsx"
        path.parent.mkdir(exist_ok=True)
        write_plainly(path, records)

    judged = judgements_of(tmp_path, "don-vi", Period.parse(period))
    codes = {finding.code for entry in judged.values() for finding in entry.errors}

    assert (code in codes) if code else codes == set()
    assert bool(codes) == stops(tmp_path, period)
    if not codes:
        assert not any(entry.errors for entry in judgements(tmp_path, "don-vi").values())


def stops(folder, period):
    """Whether the report of the period stops."""
    try:
        facts("don-vi", period, str(folder))
    except GiamngheoError:
        return True
    return False
