"""Made-up communes of 2026."""

import pytest

from giamngheo.checks.check import Sums
from giamngheo.checks.consistency import findings
from giamngheo.core.period import Period
from giamngheo.demo.today import communes, make_communes
from giamngheo.workbook.read.workbook import reading


@pytest.mark.parametrize("seed", range(1, 9))
def test_nothing_is_wrong_in_a_commune_of_2026(seed: int) -> None:
    (data,) = communes(seed, 1)
    sums = Sums(data)
    for period in (None, "2026-04", "2026-H1", "2026"):
        found = findings(data, Period.parse(period) if period else None, sums=sums)
        assert [str(finding) for finding in found if finding.code != "after-cut-off"] == []


def test_a_commune_has_money_of_both_programmes_and_of_all_groups_of_sources() -> None:
    (data,) = communes(1, 1)
    assert set(data["capital"]["fund_year"]) == {2025, 2026}
    used = {*data["capital"]["source"], *data["mobilised"]["source"]}
    programme = data.catalogue.programme(2026)
    assert programme is not None
    parents = {entry.code: entry.parent or entry.code for entry in programme.sources}
    assert {parents[code] for code in used if code in parents} == set(parents.values())


def test_the_same_seed_gives_the_same_file_which_reads_as_it_was_made(tmp_path) -> None:
    (one,), (two,) = (list(make_communes(tmp_path / name, seed=3, count=1)) for name in ("a", "b"))
    assert one.read_bytes() == two.read_bytes()
    assert one.parent.name == two.parent.name
    found = reading(one, one.parent.name, 2026)
    assert found.findings == ()
    (data,) = communes(3, 1)
    assert found.dataset["mobilised"].equals(data["mobilised"])
    assert found.dataset["works"].equals(data["works"])
    assert found.dataset["disbursements"].equals(data["disbursements"])
