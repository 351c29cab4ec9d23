"""Made-up communes of today and their province."""

from functools import cache

import pandas as pd
import pytest

from giamngheo.checks.consistency import findings
from giamngheo.core.period import Period
from giamngheo.demo.merged import Group, settled
from giamngheo.demo.stocks import adds_up
from giamngheo.demo.today import make_communes, today
from giamngheo.report.book import Book
from giamngheo.report.facts import added_up, facts_of
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.read.workbook import reading


@cache
def made(seed: int) -> dict[tuple[str, int], Dataset]:
    """The workbooks of two communes and of their province, by unit and year."""
    return {(data.unit, data.year): data for data in today(seed, 2)}


@pytest.mark.parametrize("seed", [1])
def test_nothing_is_wrong_in_any_workbook(seed: int) -> None:
    for place, data in enumerate(made(seed).values()):
        period = (None, f"{data.year}-04", f"{data.year}-10", str(data.year))[(place + seed) % 4]
        found = findings(data, Period.parse(period) if period else None)
        assert [str(finding) for finding in found if finding.code != "after-cut-off"] == []


def test_a_commune_has_money_of_both_programmes_and_of_all_groups_of_sources() -> None:
    data = made(1)["nhan-ma", 2026]
    assert set(data["capital"]["fund_year"]) == {2025, 2026}
    used = {*data["capital"]["source"], *data["mobilised"]["source"]}
    programme = data.catalogue.programme(2026)
    assert programme is not None
    parents = {entry.code: entry.parent or entry.code for entry in programme.sources}
    assert {parents[code] for code in used if code in parents} == set(parents.values())


def test_a_commune_starts_from_the_two_it_was_made_from() -> None:
    data = made(1)["nhan-ma", 2025]
    facts = facts_of(Book(added_up(data)), Period(2025, 10), "internal")
    before = data["reviews"][data["reviews"]["date"] == pd.Timestamp("2024-12-31")]
    assert list(facts.predecessors["code"]) == list(before["unit_code"])
    assert len(before) == 2
    assert facts.review_base["households"].iloc[0] == before["households"].sum()
    assert facts.funds[2025].iloc[0]["planned_vnd"] == data["capital"]["planned_vnd"].sum()


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_the_communes_add_up_to_the_province(year: int) -> None:
    period = Period(year, 10)
    *parts, whole = (
        facts_of(Book(added_up(data)), period, "internal") for (_, of), data in made(1).items() if of == year
    )
    for figure in ("planned_vnd", "disbursed_vnd"):
        assert whole.funds[year].iloc[0][figure] == sum(part.funds[year].iloc[0][figure] for part in parts)
    for review in ("review_now", "review_base", "review_before"):
        sums = [getattr(one, review)["poor_households"].iloc[0] for one in (whole, *parts)]
        assert sums[0] == sum(sums[1:])


def test_a_file_reads_as_the_same_seed_gives_it_again(tmp_path) -> None:
    one, *_ = make_communes(tmp_path, seed=3, count=1)
    found = reading(one, one.parent.name, 2025)
    assert found.findings == ()
    data = next(today(3, 1))
    for name in ("units", "capital", "disbursements", "reviews"):
        pd.testing.assert_frame_equal(found.dataset[name], data[name])


def test_totals_agree_at_every_level() -> None:
    poor, near_poor = pd.Series([120, 333, 57, 91]).to_numpy(), pd.Series([40, 77, 31, 12]).to_numpy()
    wanted = pd.Series([700, 901, 333, 777]).to_numpy()
    tree = Group.of([Group.of([Group((0,)), Group((1,))]), Group.of([Group((2,)), Group((3,))])])
    totals = settled(wanted, [poor, near_poor], tree)
    assert (totals >= wanted).all()
    for members in ([0], [1], [2], [3], [0, 1], [2, 3], [0, 1, 2, 3]):
        assert adds_up(totals[members].sum(), poor[members].sum(), near_poor[members].sum())
