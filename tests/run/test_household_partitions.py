import datetime as dt
from dataclasses import fields

import pandas as pd
import pytest
from distributed import Client, LocalCluster

from giamngheo.regulation.poverty import poverty_standard
from giamngheo.run.household_partitions import counted_on_cluster
from giamngheo.statistics.households.counts import ReviewCounts
from giamngheo.statistics.households.demo import Demo, demo_units, make_households
from giamngheo.statistics.households.engine import workspace
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


def test_workers_count_the_same_integers_as_one_machine(folder):
    method = Method(UNITS)
    alone = review(folder, method).counts
    options = {"processes": True, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(n_workers=3, **options) as cluster, Client(cluster) as client:
        together = counted_on_cluster(client, sorted(folder.glob("*.parquet")), method)
    for field in fields(ReviewCounts):
        left, right = getattr(together, field.name), getattr(alone, field.name)
        pd.testing.assert_frame_equal(left, right)
    assert int(alone.classes["households"].sum()) == sum(SIZES)
