import datetime as dt

import pandas as pd
import pytest

from giamngheo.households.classification import classified
from giamngheo.households.counts import (
    UnknownDeprivationsError,
    alike,
    class_counts,
    ethnicity_counts,
    pattern_counts,
)
from giamngheo.households.engine import households
from giamngheo.households.places import ancestry, counts_at
from giamngheo.households.tables import (
    cause_table,
    deprivation_table,
    ethnicity_table,
    group_table,
    summary,
)
from giamngheo.statistics.tree import rolled_up
from giamngheo.statistics.units import units_on

POOR = {"b1_score": 100, "deprivation_01": 1, "deprivation_04": 1, "deprivation_12": 1}
NEAR = {"b1_score": 100, "deprivation_04": 1}
ABOVE = {"b1_score": 150}
AVERAGE = {"b1_score": "", "income_vnd": 2_000_000}

ROWS = (
    POOR | {"unit_code": "23404-1", "members": 5, "cause_land": 1, "household_group": "merit"},
    POOR | {"unit_code": "23404-2", "members": 3, "ethnic_minority": 0, "ethnic_group": "Kinh"},
    NEAR | {"unit_code": "23404-2", "members": 2, "cause_land": 1, "cause_illness": 1},
    ABOVE | {"unit_code": "23404-2", "members": 4},
    AVERAGE | {"unit_code": "23407", "members": 6, "ethnic_minority": 0, "ethnic_group": "Kinh"},
    NEAR | {"unit_code": "23407", "members": 1},
)


ITSELF = pd.DataFrame({"unit_code": ["23404", "23404-1", "23404-2", "23407"]}).assign(base=lambda t: t["unit_code"])


@pytest.fixture
def rows(work, written, standard):
    return classified(households(work, written(*ROWS)), standard)


@pytest.fixture
def of_communes(rows, units):
    return counts_at(of_classes(rows), ancestry(units), "commune")


def of_classes(rows):
    with alike(rows) as groups:
        return class_counts(rows, groups)


def test_the_summary_has_the_columns_of_the_workbook(of_communes):
    expected = pd.DataFrame(
        {
            "date": pd.to_datetime(["2022-12-31"] * 2).as_unit("us"),
            "unit_code": ["23404", "23407"],
            "households": [4, 2],
            "persons": [14, 7],
            "ethnic_minority_households": [3, 1],
            "poor_households": [2, 0],
            "poor_persons": [8, 0],
            "poor_ethnic_minority_households": [1, 0],
            "near_poor_households": [1, 1],
            "near_poor_persons": [2, 1],
            "near_poor_ethnic_minority_households": [1, 1],
            "average_households": [0, 1],
            "average_persons": [0, 6],
        }
    )
    found = summary(of_communes, dt.date(2022, 12, 31))
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_households_of_a_commune_and_of_its_villages_both_count():
    villages = pd.DataFrame([("C", "commune", ""), ("C-1", "village", "C")], columns=["code", "level", "parent_code"])
    counts = pd.DataFrame({"unit_code": pd.Categorical(["C", "C-1"]), "class": "poor", "households": [2, 3]})

    assert counts_at(counts, ancestry(villages), "commune")["households"].tolist() == [5]

    typed = counts.astype({"unit_code": "str", "households": "Int64"})
    tree = pd.DataFrame({"code": ["C-1"], "above": ["C"]})
    as_whole = rolled_up(typed, tree, node="unit_code", by=["class"], absent="unknown").set_index("unit_code")
    assert as_whole.loc["C", "households"] == 2, "a figure of a whole stands for its parts"


@pytest.mark.parametrize("level", ["village", "commune", "district", "province"])
def test_levels_add_up(rows, units, level):
    table = summary(counts_at(of_classes(rows), ancestry(units), level), dt.date(2022, 12, 31))
    in_communes_only = 2 if level == "village" else 0
    assert table["households"].sum() == 6 - in_communes_only
    assert table["poor_households"].sum() == 2


def test_deprivations_by_indicator(of_communes):
    table = deprivation_table(of_communes)
    poor = table[(table["unit_code"] == "23404") & (table["class"] == "poor")]
    assert poor["indicator"].tolist() == [f"{i:02}" for i in range(1, 13)]
    assert poor["households"].tolist() == [2, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2]
    assert poor["rate_pct"].tolist()[:2] == [100.0, 0.0]


def test_causes_may_be_several(of_communes):
    table = cause_table(of_communes).query("unit_code == '23404' and households > 0")
    assert table[["class", "cause", "households", "rate_pct"]].values.tolist() == [
        ["near_poor", "illness", 1, 100.0],
        ["near_poor", "land", 1, 100.0],
        ["poor", "land", 1, 50.0],
    ]


def test_groups_with_the_ethnic_minorities_across_them(of_communes):
    table = group_table(of_communes).query("unit_code == '23404' and households > 0")
    assert table[["class", "group", "households"]].values.tolist() == [
        ["near_poor", "ethnic_minority", 1],
        ["poor", "ethnic_minority", 1],
        ["poor", "merit", 1],
    ]


def test_ethnic_groups_with_their_rates(rows, units):
    with alike(rows) as groups:
        counts = counts_at(ethnicity_counts(groups), ancestry(units), "district")
    table = ethnicity_table(counts)
    shown = ["ethnic_group", "households", "persons", "poor_households", "poor_rate_pct"]
    assert table[shown].values.tolist() == [["Kinh", 2, 9, 1, 50.0], ["Xơ Đăng", 4, 12, 1, 25.0]]


def test_counts_of_a_class_in_two_rows_are_added(of_communes):
    table = summary(pd.concat([of_communes, of_communes]), dt.date(2022, 12, 31))
    assert table[["households", "persons", "poor_households"]].values.tolist() == [[8, 28, 4], [4, 14, 0]]


def test_a_blank_people_and_a_missing_one_are_one(work, written, standard, as_parquet, tmp_path):
    file = written(*(ABOVE | {"unit_code": "23407", "members": members} for members in (1, 2, 3)))
    people = "case members when 1 then ''::blob when 2 then null else 'Kinh'::blob end"
    as_parquet(f"select * replace ({people} as ethnic_group) from '{file}'", path := tmp_path / "h.parquet")
    with alike(classified(households(work, path), standard)) as groups:
        table = ethnicity_table(ethnicity_counts(groups))
    assert table[["ethnic_group", "households", "persons"]].values.tolist() == [["", 2, 3], ["Kinh", 1, 3]]


def test_patterns_are_the_bits_of_the_deprivations(rows):
    counted = pattern_counts(rows, ITSELF).query("unit_code == '23404-2'")
    pattern_of_poor = 1 + (1 << 3) + (1 << 11)
    assert counted[["pattern", "households", "persons"]].values.tolist() == [
        [0, 1, 4],
        [1 << 3, 1, 2],
        [pattern_of_poor, 1, 3],
    ]


def test_patterns_of_a_file_with_b2_only_are_refused(work, written, standard):
    path = written({"b2_score": 30}, without=("deprivation_01",))
    with pytest.raises(UnknownDeprivationsError, match=r"csv: 1 hộ chỉ có điểm B2"):
        pattern_counts(classified(households(work, path), standard), ITSELF)


def test_units_have_their_days():
    units = pd.DataFrame(
        {
            "code": ["23425", "23425"],
            "name": ["Đăk Hà", "Tu Mơ Rông"],
            "valid_from": [pd.NaT, pd.Timestamp(2025, 7, 1)],
            "valid_to": [pd.Timestamp(2025, 6, 30), pd.NaT],
        }
    )
    assert units_on(units, dt.date(2025, 6, 30))["name"].tolist() == ["Đăk Hà"]
    assert units_on(units, dt.date(2025, 7, 1))["name"].tolist() == ["Tu Mơ Rông"]


def test_a_commune_without_a_district_belongs_to_its_province():
    units = pd.DataFrame(
        [("51", "province", ""), ("23425", "commune", "51")],
        columns=["code", "level", "parent_code"],
    )
    above = ancestry(units).set_index("unit_code").loc["23425"]
    assert above[above != ""].to_dict() == {"commune": "23425", "province": "51"}
