import datetime as dt
import errno
import os

import pandas as pd
import pytest

from giamngheo.demo.households import make_household_demo
from giamngheo.households.classification import classified
from giamngheo.households.demo import Demo, demo_units, make_households
from giamngheo.households.engine import frame, households
from giamngheo.households.flows import between, flow_table, transitions
from giamngheo.households.places import ancestry
from giamngheo.households.problems import problems
from giamngheo.regulation.poverty import poverty_standard
from giamngheo.workbook.write.save import NotWrittenError

SIZE = 3_000
UNITS = demo_units(SIZE)


@pytest.fixture
def made(work, tmp_path):
    def make(year, seed=1, name=None):
        day = dt.date(year, 12, 31)
        path = tmp_path / (name or f"{year}.parquet")
        standard = poverty_standard(on=day)
        make_households(work, path, Demo(SIZE, day, seed), UNITS, standard=standard)
        return path

    return make


@pytest.mark.parametrize("name", ["households.parquet", "households.csv"])
def test_made_households_are_as_many_as_wanted_and_without_a_problem(work, made, name):
    rows = households(work, made(2023, name=name))
    assert frame(rows, "select count(*) as n from households")["n"].tolist() == [SIZE]
    assert problems(rows, dt.date(2023, 12, 31), units=UNITS, standard=poverty_standard(on=dt.date(2023, 12, 31))) == ()


def test_the_same_seed_makes_the_same_bytes_and_another_does_not(made):
    one, again, other = made(2023, name="1"), made(2023, name="2"), made(2023, seed=2, name="3")
    assert one.read_bytes() == again.read_bytes()
    assert one.read_bytes() != other.read_bytes()


def test_two_years_have_every_flow(work, made):
    years = [
        classified(households(work, made(y)), poverty_standard(on=dt.date(y, 12, 31)), by="income")
        for y in (2022, 2023)
    ]
    bases = ancestry(UNITS)[["unit_code", "commune"]].rename(columns={"commune": "base"})
    table = flow_table(between(transitions(*years, UNITS["code"]), bases), "poor", dt.date(2023, 12, 31))
    for flow in ("opening", "left_above", "other_decrease", "fell_back", "new", "other_increase"):
        assert table[f"{flow}_households"].sum() > 0, flow


def test_after_2026_no_score_is_made(work, made):
    rows = households(work, made(2027))
    assert frame(rows, "select count(b1_score) as n from households")["n"].tolist() == [0]


def test_units_are_a_tree_of_four_levels_that_says_it_is_made_up():
    tree = ancestry(UNITS)
    villages = tree[tree["village"] != ""]
    assert (villages[["commune", "district", "province"]] != "").all().all()
    assert UNITS["code"].is_unique
    assert set(UNITS.loc[UNITS["level"] != "village", "name"].str[:7]) == {"Giả lập"}
    assert pd.isna(UNITS["valid_from"]).all()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="gives a link to another user")
@pytest.mark.parametrize("name", ["units.csv", "households-2022.parquet"])
def test_a_link_that_another_user_put_there_is_not_followed(tmp_path, name):
    (tmp_path / "demo").mkdir()
    link = tmp_path / "demo" / name
    link.symlink_to(tmp_path / "precious")
    os.lchown(link, 65534, -1)
    with pytest.raises(NotWrittenError, match="do người dùng khác đặt"):
        make_household_demo(tmp_path / "demo", 50, year=2023, seed=1)
    assert not (tmp_path / "precious").exists()


def test_a_full_disk_leaves_no_household_file_that_stops_the_next_demo(tmp_path, monkeypatch):
    def full(handle):
        if os.fstat(handle).st_size > 1024:  # there is room for the marks of hidden folders
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWrittenError, match="đĩa đầy"):
        make_household_demo(tmp_path / "demo", 50, year=2023, seed=1)
    assert list(tmp_path.iterdir()) == []
