import pandas as pd
import pytest

from giamngheo.statistics.households.disclosure import hidden_of
from giamngheo.statistics.households.flows import FLOWS
from giamngheo.statistics.households.printed import Printed, with_total
from giamngheo.statistics.households.public_tables import (
    shown_burdens,
    shown_flows,
    shown_measures,
    shown_parts,
    shown_peoples,
    shown_summary,
)

SUMMARY = pd.DataFrame(
    {
        "unit_code": ["a", "b", "c"],
        "households": [100, 80, 60],
        "persons": [400, 320, 240],
        "poor_households": [3, 20, 10],
        "poor_persons": [12, 80, 40],
        "near_poor_households": [10, 12, 9],
        "near_poor_persons": [40, 48, 36],
        "average_households": [30, 20, 10],
        "average_persons": [120, 80, 40],
    }
).astype(dict.fromkeys(("average_households", "average_persons"), "Int64"))

WHOLE = with_total(SUMMARY, "d")


@pytest.fixture
def public():
    return shown_summary(WHOLE, hidden_of(Printed(WHOLE))).set_index("unit_code")


def test_the_public_summary_hides_the_small_class_with_its_persons(public):
    assert pd.isna(public.loc["a", "poor_households"])
    assert pd.isna(public.loc["a", "poor_persons"])
    assert public["poor_households"].isna().sum() == 2
    assert public.loc["d"].tolist()[:2] == [240, 960]
    assert public.loc["d", "poor_households"] == 33


def test_sums_of_blanks_are_blank_and_the_public_reads_no_average_that_is_not_whole():
    """Where one unit does not know its households of average living standard, nobody knows those of all units."""
    summary = SUMMARY.assign(average_households=SUMMARY["average_households"].mask(SUMMARY["unit_code"] == "b"))
    whole = with_total(summary, "d")
    assert pd.isna(whole["average_households"].iloc[-1])
    shown = shown_summary(whole, hidden_of(Printed(whole)))
    assert shown["average_households"].isna().all()
    assert shown["near_poor_households"].notna().any()


def parts(households, of_households, **keys):
    table = pd.DataFrame({"unit_code": ["a", "b", "c", "d"], "households": households, "of_households": of_households})
    return table.assign(**keys, rate_pct=100 * table["households"] / table["of_households"])


def test_a_part_is_hidden_where_the_rest_of_the_class_is_small():
    """Of the 20 poor of unit b 18 are deprived; the other two are known if that is shown."""
    summary = with_total(SUMMARY.assign(poor_households=[30, 20, 10]), "d")
    table = parts([15, 18, 5, 38], [30, 20, 10, 60], **{"class": "poor", "indicator": "01"})
    shown = shown_parts(table, "indicator", hidden_of(Printed(summary, {"indicator": table})))
    assert pd.isna(shown["households"][1])
    assert shown["households"].isna().sum() == 2
    assert (shown["households"].isna() == shown["rate_pct"].isna()).all()
    assert shown["households"][3] == 38


def test_what_the_heat_map_hides_of_the_whole_no_table_of_the_whole_shows():
    """Only unit a has households deprived, three: the whole has three, too, in every table."""
    summary = with_total(SUMMARY.assign(poor_households=[30, 20, 10]), "d")
    table = parts([3, 0, 0, 3], [30, 20, 10, 60], **{"class": "poor", "indicator": "01"})
    shown = shown_parts(table, "indicator", hidden_of(Printed(summary, {"indicator": table})))
    assert shown["households"].isna().tolist() == [True, False, False, True]


def test_the_last_of_the_groups_that_make_up_a_class_is_not_left_alone():
    counts = {"ethnic_minority": 20, "no_labour_capacity": 6, "merit": 2, "other": 25}
    table = pd.DataFrame({"unit_code": "d", "class": "poor", "group": list(counts), "households": counts.values()})
    table = table.assign(of_households=33, rate_pct=1.0)
    hidden = hidden_of(Printed(WHOLE, {"group": table}))
    groups = {cell[-1] for cell in hidden if cell[0] == "part"}
    assert groups == {"merit", "no_labour_capacity"}


PEOPLES = pd.DataFrame(
    {
        "ethnic_group": ["Kinh", "Xơ Đăng", "Ba Na"],
        "households": [100, 100, 40],
        "persons": [400, 400, 160],
        "poor_households": [7, 24, 2],
        "poor_persons": [28, 96, 8],
        "poor_rate_pct": [7.0, 24.0, 5.0],
        "near_poor_households": [10, 11, 10],
        "near_poor_persons": [40, 44, 40],
        "near_poor_rate_pct": [10.0, 11.0, 25.0],
    }
)


def test_the_majority_is_not_hidden_in_one_table_and_told_by_another():
    """Without the Kinh 26 are poor, the minorities of the table of groups: the seven of the Kinh would follow."""
    minority = {"unit_code": "d", "class": "poor", "group": "ethnic_minority", "households": 26, "of_households": 33}
    groups = pd.DataFrame([minority | {"rate_pct": 78.8}])
    hidden = hidden_of(Printed(WHOLE, {"group": groups}, peoples=PEOPLES))
    shown = shown_peoples(PEOPLES, hidden).set_index("ethnic_group")
    assert pd.isna(shown.loc["Ba Na", "poor_households"])
    assert pd.isna(shown.loc["Ba Na", "poor_rate_pct"])
    kinh_is_hidden = ("people", "Kinh", "poor") in hidden
    assert kinh_is_hidden == (("part", "d", "poor", "group", "ethnic_minority") in hidden)


def test_public_flows_are_those_of_the_whole_without_persons():
    values = {flow: [10, 20, 30] for flow in FLOWS}
    values |= {"left_above": [2, 1, 1], "left": [12, 21, 31], "other_decrease": [0, 0, 0], "closing": [48, 79, 119]}
    flows = pd.DataFrame({"unit_code": ["a", "b", "c"]})
    for flow, numbers in values.items():
        flows[f"{flow}_households"] = numbers
        flows[f"{flow}_persons"] = [4 * n for n in numbers]
    poor = with_total(SUMMARY.assign(poor_households=values["closing"], households=[1000] * 3), "d")
    whole = with_total(flows, "d")
    hidden = hidden_of(Printed(poor, flows={"poor": whole}))
    (row,) = shown_flows(whole, "poor", hidden).to_dict("records")
    assert row["unit_code"] == "d"
    assert not [name for name in row if name.endswith("_persons")]
    assert pd.isna(row["left_above_households"])
    assert pd.isna(row["left_households"])
    assert [pd.isna(value) for value in row.values()].count(True) >= 3


def test_deprivations_of_few_households_are_not_told_by_contributions():
    """Of 102 deprivations one is of health: its 0.98 % would say so."""
    burdens = pd.DataFrame(
        {"unit_code": ["a", "b", "c", "d"], "poor": [10, 20, 12, 42], "work": [60, 70, 30, 160]}
    ).assign(health=[1, 20, 8, 29], school=[41, 40, 20, 101])
    hidden = hidden_of(Printed(WHOLE, burdens=burdens))
    assert shown_burdens(burdens["unit_code"], ["work", "health", "school"], hidden) == ["b", "d"]


def test_measures_of_few_poor_are_left_out_with_those_that_tell_them():
    burdens = pd.DataFrame({"unit_code": ["a", "b", "c", "d"], "poor": [4, 20, 12, 36], "work": [20, 70, 30, 120]})
    table = burdens.rename(columns={"work": "population"}).assign(
        incidence_pct=1.0, intensity_pct=1.0, adjusted_headcount=1.0, contribution_pct=1.0
    )
    shown = shown_measures(table, hidden_of(Printed(WHOLE, burdens=burdens)))
    few = shown["poor"].isna()
    assert few[0]
    assert few.sum() >= 2
    for name in ("incidence_pct", "intensity_pct", "adjusted_headcount", "contribution_pct"):
        assert shown[name].isna()[few].all()
