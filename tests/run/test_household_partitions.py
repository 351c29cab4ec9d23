import datetime as dt
from dataclasses import fields

import pandas as pd
import pytest
from distributed import Client

from giamngheo.regulation.poverty import poverty_standard
from giamngheo.run.household_partitions import counted_on_cluster
from giamngheo.statistics.households.counts import ReviewCounts
from giamngheo.statistics.households.demo import Demo, demo_units, make_households
from giamngheo.statistics.households.engine import workspace
from giamngheo.statistics.households.problems import InvalidHouseholdFileError
from giamngheo.statistics.households.repeated import repeated_across
from giamngheo.statistics.households.review import Method, review

DAY = dt.date(2023, 12, 31)
SIZES = (900, 1_300, 400)
UNITS = demo_units(max(SIZES))


@pytest.fixture
def folder(tmp_path):
    """Files that share their villages but no household."""
    with workspace() as work:
        for seed, size in enumerate(SIZES):
            made = tmp_path / f"made-{seed}.parquet"
            make_households(work, made, Demo(size, DAY, seed), UNITS, standard=poverty_standard(on=DAY))
            named = f"select * replace (household_id || '-{seed}' as household_id) from '{made}'"
            (tmp_path / "parts").mkdir(exist_ok=True)
            work.connection.execute(f"copy ({named}) to '{tmp_path}/parts/{seed}.parquet'")
    return tmp_path / "parts"


@pytest.fixture(scope="module")
def client(cluster):
    with Client(cluster) as opened:
        yield opened


def test_workers_count_the_same_integers_as_one_machine(folder, client):
    method = Method(UNITS)
    alone = review(folder, method).counts
    together = counted_on_cluster(client, sorted(folder.glob("*.parquet")), method)
    for field in fields(ReviewCounts):
        left, right = getattr(together, field.name), getattr(alone, field.name)
        pd.testing.assert_frame_equal(left, right)
    assert int(alone.classes["households"].sum()) == sum(SIZES)


def test_an_id_that_files_of_several_workers_share_is_refused_as_on_one_machine(folder, client):
    first, second, third = sorted(folder.glob("*.parquet"))
    with workspace() as work:
        for source, target, rows in ((first, second, (7, 11)), (first, third, (7,))):
            ids = work.connection.execute(f"select household_id from '{source}'").df()["household_id"]
            work.connection.execute(f"create or replace table copied as from '{target}'")
            for row in rows:
                change = "update copied set household_id = ? where rowid = ?"
                work.connection.execute(change, [f" {ids[row]} ", row - 1])
            work.connection.execute(f"copy (from copied) to '{target}'")
    with pytest.raises(InvalidHouseholdFileError) as alone:
        review(folder, Method(UNITS))
    with pytest.raises(InvalidHouseholdFileError) as together:
        counted_on_cluster(client, [first, second, third], Method(UNITS))
    assert together.value.problems == alone.value.problems
    (problem,) = together.value.problems
    seven, eleven = 3, 2
    assert problem.households == seven + eleven
    assert problem.first_places == ("0.parquet dòng 8", "0.parquet dòng 12", "1.parquet dòng 7")


def test_hashes_that_are_the_same_by_chance_are_no_repeated_ids():
    marks = [pd.DataFrame({"fingerprint": [name], "place": [f"{name} dòng 1"]}) for name in ("a", "b")]
    assert repeated_across(marks) is None
