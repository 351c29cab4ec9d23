import datetime as dt

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giamngheo.households.classification import classified
from giamngheo.households.engine import households
from giamngheo.households.file.schema import CLASSES
from giamngheo.households.flows import FLOWS, between, flow_table, note_on_other_ids, transitions

REVIEW = dt.date(2022, 12, 31)
BASES = pd.DataFrame({"unit_code": ["A1", "A2", "B"], "base": ["A", "A", "B"]})

OF_CLASS = {
    "poor": {"b1_score": 100, "deprivation_01": 1, "deprivation_02": 1, "deprivation_03": 1},
    "near_poor": {"b1_score": 100},
    "average": {"b1_score": "", "income_vnd": 2_000_000},
    "not_poor": {"b1_score": 150},
}


def household(name, unit, kind, members=4, previous=""):
    fields = {"household_id": name, "unit_code": unit, "members": members}
    return OF_CLASS[kind] | fields | {"previous_class": previous}


def moved(work, written, standard, before, now):
    rows = [
        classified(households(work, written(*year, name=f"{i}.csv")), standard) for i, year in enumerate((before, now))
    ]
    return between(transitions(*rows, BASES["unit_code"]), BASES)


BEFORE = [
    household("to near", "A1", "poor"),
    household("above", "A1", "poor"),
    household("gone", "A1", "poor"),
    household("moves", "A1", "poor"),
    household("changes village", "A1", "poor"),
    household("stays", "A1", "poor", members=4),
    household("shrinks", "A1", "poor", members=4),
    household("from near", "A1", "near_poor"),
    household("falls back", "A1", "average", previous="poor"),
    household("newly", "A1", "not_poor", previous="near_poor"),
]
NOW = [
    household("to near", "A1", "near_poor"),
    household("above", "A1", "average"),
    household("moves", "B", "poor"),
    household("changes village", "A2", "poor"),
    household("stays", "A1", "poor", members=6),
    household("shrinks", "A1", "poor", members=3),
    household("from near", "A1", "poor"),
    household("falls back", "A1", "poor"),
    household("newly", "A1", "poor"),
    household("moves in", "A1", "poor"),
]


@pytest.fixture
def moves(work, written, standard):
    return moved(work, written, standard, BEFORE, NOW)


def test_every_flow_of_the_poor_has_its_household(moves):
    table = flow_table(moves, "poor", REVIEW).set_index("unit_code")
    assert table.loc["A", [f"{flow}_households" for flow in FLOWS]].to_dict() == {
        "opening_households": 7,
        "left_households": 2,
        "left_to_other_class_households": 1,
        "left_above_households": 1,
        "other_decrease_households": 2,
        "entered_from_other_class_households": 1,
        "fell_back_households": 1,
        "new_households": 1,
        "other_increase_households": 1,
        "closing_households": 7,
    }
    assert table.loc["B", ["opening_households", "other_increase_households"]].tolist() == [0, 1]


def test_persons_lost_and_gained_by_those_who_stay_are_other_flows(moves):
    table = flow_table(moves, "poor", REVIEW).set_index("unit_code")
    two_left_and_one_lost, one_came_and_two_gained = 2 * 4 + 1, 1 * 4 + 2
    assert table.loc["A", "other_decrease_persons"] == two_left_and_one_lost
    assert table.loc["A", "other_increase_persons"] == one_came_and_two_gained


def test_the_near_poor_table_mirrors_the_transfers(moves):
    near = flow_table(moves, "near_poor", REVIEW).set_index("unit_code").loc["A"]
    assert near["left_to_other_class_households"] == 1
    assert near["entered_from_other_class_households"] == 1
    assert (near["opening_households"], near["closing_households"]) == (1, 1)


@pytest.mark.parametrize(("renumbered", "told"), [(12, ["A"]), (11, []), (9, [])])
def test_a_commune_that_wrote_other_ids_is_told(work, written, standard, renumbered, told):
    """Of A, 12 of 111 households are more than a tenth and 11 of 110 are not; of B, as many only go."""
    kept = [household(f"{unit}{number}", unit, "poor") for unit in ("A1", "B") for number in range(99)]
    went = [household(f"was {unit}{number}", unit, "poor") for unit in ("A2", "B") for number in range(renumbered)]
    came = [household(f"is {number}", "A1", "poor") for number in range(renumbered)]
    rows = [
        classified(households(work, written(*each, name=f"{i}.csv")), standard)
        for i, each in enumerate((kept + went, kept + came))
    ]
    notes = list(note_on_other_ids(transitions(*rows, BASES["unit_code"]), BASES))
    assert [note.split(" có mã")[0] for note in notes] == [f"từ một phần mười số hộ của {unit}" for unit in told]


people = st.lists(
    st.tuples(
        st.sampled_from("ABCDEFGH"),
        st.sampled_from(("A1", "A2", "B")),
        st.sampled_from(CLASSES),
        st.integers(1, 9),
    ),
    unique_by=lambda person: person[0],
    max_size=8,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=people, now=people)
def test_flows_always_close_and_mirror(work, written, standard, before, now):
    outsider = household("outsider", "B", "not_poor")
    years = [[outsider, *(household(*person) for person in year)] for year in (before, now)]
    found = moved(work, written, standard, *years)
    poor, near = (flow_table(found, name, REVIEW) for name in ("poor", "near_poor"))
    for table in (poor, near):
        for count in ("households", "persons"):
            flow = {name: table[f"{name}_{count}"] for name in FLOWS}
            left = flow["left_to_other_class"] + flow["left_above"] + flow["other_decrease"]
            came = flow["entered_from_other_class"] + flow["fell_back"] + flow["new"]
            closing = flow["opening"] - left + came + flow["other_increase"]
            assert (closing == flow["closing"]).all()
    assert poor["left_to_other_class_households"].sum() == near["entered_from_other_class_households"].sum()
    assert poor["entered_from_other_class_households"].sum() == near["left_to_other_class_households"].sum()
    assert poor["left_to_other_class_persons"].sum() == near["entered_from_other_class_persons"].sum()
    assert poor["closing_households"].sum() == sum(kind == "poor" for _, _, kind, _ in now)
