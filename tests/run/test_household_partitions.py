import datetime as dt
from dataclasses import fields

import pandas as pd
import pytest
from distributed import Client, LocalCluster

from giamngheo.regulation.poverty import poverty_standard
from giamngheo.run.household_partitions import counted_on_cluster
from giamngheo.statistics.households.classification import classified
from giamngheo.statistics.households.counts import ReviewCounts, review_counts
from giamngheo.statistics.households.demo import Demo, demo_units, make_households
from giamngheo.statistics.households.engine import households, workspace

DAY = dt.date(2023, 12, 31)
STANDARD = poverty_standard(on=DAY)


@pytest.fixture
def parts(tmp_path):
    """Three files of which two share their villages."""
    made = {"a": (900, 1), "b": (1_300, 2), "c": (400, 3)}
    with workspace() as work:
        for name, (size, seed) in made.items():
            path = tmp_path / f"{name}.parquet"
            make_households(work, path, Demo(size, DAY, seed), demo_units(size), STANDARD)
    return tmp_path


def test_workers_count_the_same_integers_as_one_machine(parts):
    with workspace() as work:
        alone = review_counts(classified(households(work, parts), STANDARD))
    options = {"processes": True, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(n_workers=3, **options) as cluster, Client(cluster) as client:
        together = counted_on_cluster(client, sorted(parts.glob("*.parquet")), STANDARD)
    for field in fields(ReviewCounts):
        left, right = getattr(together, field.name), getattr(alone, field.name)
        pd.testing.assert_frame_equal(left, right)
    assert int(alone.classes["households"].sum()) == 900 + 1_300 + 400
