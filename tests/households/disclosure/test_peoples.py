"""Peoples and minorities are counted in two tables of a public review: the one tells nothing small of the other."""

import pandas as pd
import pytest

from giamngheo.households.disclosure.edition import Printed, hidden_of

POOR = {
    "three of no minority whose people is not told": ({"Kinh": 20, "Ba Na": 10, "Xơ Đăng": 10, "": 13}, 30),
    "three of a minority whose people is not told": ({"Kinh": 20, "Ba Na": 10, "Xơ Đăng": 10, "Khác": 13}, 23),
    "three of a minority whose head is Kinh": ({"Kinh": 20, "Ba Na": 10, "Xơ Đăng": 10}, 23),
}


def hidden(poor, minority):
    """The cells hidden of poor households by people and of how many of them are of a minority."""
    peoples = pd.DataFrame({"ethnic_group": list(poor), "poor_households": list(poor.values())})
    peoples = peoples.assign(households=100, persons=400, near_poor_households=20)
    near, all_poor = 20 * len(poor), sum(poor.values())
    summary = pd.DataFrame({"unit_code": ["d"], "households": 100 * len(poor), "poor_households": all_poor})
    summary = summary.assign(near_poor_households=near, average_households=pd.NA)
    groups = pd.DataFrame({"class": ["poor", "near_poor"], "households": [minority, near - 20], "group": GROUP})
    return hidden_of(Printed(summary, {"group": groups.assign(unit_code="d")}, peoples=peoples), 5)


GROUP = "ethnic_minority"
PART = ("part", "d", "poor", "group", GROUP)


@pytest.mark.parametrize(("poor", "minority"), POOR.values(), ids=POOR)
def test_the_few_that_the_tables_count_apart_are_not_told_by_them(poor, minority):
    assert hidden(poor, minority) & {PART, *(("people", name, "poor") for name in poor)}


def test_where_the_tables_count_alike_all_is_told():
    assert not hidden({"Kinh": 20, "Ba Na": 10, "Xơ Đăng": 10}, 20)
