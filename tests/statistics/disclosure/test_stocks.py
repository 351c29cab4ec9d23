"""Stocks and flows are hidden in one way for every edition, by what stands in them alone."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from giamngheo.statistics.disclosure.stocks import (
    COMING,
    FLOWS,
    LEAVING,
    LIVING_STANDARDS,
    NoPublicEditionError,
    blank_classes,
    every_flow,
    hidden_flows,
    hidden_in_commune,
    hidden_stocks,
    smallest_shown,
    stocks_draft,
    untold,
)
from giamngheo.statistics.disclosure.suppression import System
from giamngheo.statistics.disclosure.workbook import (
    fullest,
    hidden_by_day,
    public_flows,
    public_plans,
    public_reviews,
    public_tables,
)
from giamngheo.statistics.poverty import escaped
from tests.statistics.disclosure.test_suppression import interval

DAY, BEFORE = pd.Timestamp("2023-12-31"), pd.Timestamp("2022-12-20")
CODES = ["a", "b", "c", "d"]


def reviews(poor, near=(20, 20, 20), **more):
    """A review of three units and their whole, d."""
    frame = pd.DataFrame({"unit_code": CODES, "households": [100, 100, 100, 300], "persons": [400, 400, 400, 1200]})
    for name, counts in {"poor": poor, "near_poor": near, **more}.items():
        frame[f"{name}_households"] = pd.array([*counts, sum(counts)], "Int64")
        frame[f"{name}_persons"] = frame[f"{name}_households"] * 4
    return frame.assign(date=DAY, row=range(4))


def flow_row(**counts):
    return {f"{flow}_households": counts.get(flow, pd.NA) for flow in FLOWS}


UNITS = pd.DataFrame({"code": CODES, "parent_code": ["d", "d", "d", ""]}).assign(valid_from=pd.NaT, valid_to=pd.NaT)


def test_a_small_stock_takes_the_cheapest_other_along():
    assert hidden_stocks(reviews([3, 41, 42]), "d", 5) == {("class", "a", "poor"), ("class", "b", "poor")}
    assert hidden_stocks(reviews([0, 41, 42]), "d", 5) == frozenset()


def test_units_in_another_order_and_other_columns_are_hidden_alike():
    """The workbook and the household file have the same stocks: both editions hide the same."""
    table = reviews([3, 41, 41])
    turned = table.iloc[::-1].assign(poor_deprivations=7).reset_index(drop=True)
    assert hidden_stocks(table, "d", 5) == hidden_stocks(turned, "d", 5)


def test_a_unit_that_is_not_reported_is_the_rest_of_the_others():
    """The three poor of unit a are the total less those of b and c."""
    assert hidden_stocks(reviews([3, 41, 42])[1:], "d", 5) == {("class", "b", "poor")}
    assert hidden_stocks(reviews([3, 41, 42]).drop(index=1), "d", 5) == {("class", "a", "poor")}


@pytest.mark.parametrize("lacks_all", [True, False])
def test_the_few_of_a_unit_that_is_not_reported_who_are_neither_poor_nor_near_poor_are_not_told(lacks_all):
    """Of the whole 100 households, 42 poor and 55 near-poor are left for unit a: three are neither."""
    table = reviews([42, 41, 42], near=(55, 20, 20))
    a = table["unit_code"] == "a"
    told = table.assign(households=table["households"].astype("Int64").mask(a)) if lacks_all else table[~a]
    assert hidden_stocks(told, "d", 5)
    assert not hidden_stocks(table.assign(near_poor_households=[20, 20, 20, 60])[1:], "d", 5)


def test_a_flow_is_hidden_with_the_cheapest_other_flow():
    counts = {"opening": 90, "left": 14, "left_to_other_class": 11, "left_above": 3, "fell_back": 6, "closing": 82}
    flows = {"poor": flow_row(**dict.fromkeys(FLOWS, 0) | counts)}
    hidden = {cell[-1] for cell in hidden_flows(flows, {}, unit="d", smallest=5)}
    assert {"left_above"} < hidden <= {"left", "left_above", "left_to_other_class", "fell_back"}


def test_no_flow_is_published_of_a_small_stock():
    flows = {"poor": flow_row(opening=9, left=5, closing=4)}
    assert hidden_flows(flows, {}, unit="d", smallest=5) == every_flow("d")


def test_who_fell_was_above_the_lines():
    """Nine households were above the lines: beside the five that are new those that fell back would be four at most."""
    poor, near = (
        dict(zip(FLOWS, counts, strict=True))
        for counts in ((44, 8, 7, 1, 1, 5, 0, 0, 3, 43), (46, 8, 5, 3, 2, 7, 1, 5, 2, 51))
    )
    flows = {"poor": flow_row(**poor), "near_poor": flow_row(**near)}
    review = {"poor_households": 44, "near_poor_households": 46}
    few, many, unknown = (
        hidden_flows(flows, {"opening": review | {"households": 90 + above}}, unit="d", smallest=5)
        for above in (9, 200, pd.NA)
    )
    assert unknown == many
    assert few - many == {("flow", "d", "near_poor", "new")}


def test_total_exits_alone_are_shown():
    flows = {"poor": flow_row(opening=3546, left=742, closing=2859)}
    assert hidden_flows(flows, {}, unit="d", smallest=5) == frozenset()


def test_what_is_hidden_is_blank_in_households_and_persons_and_in_what_is_part_of_it():
    table = reviews([3, 41, 42], poor_ethnic_minority=(2, 30, 40))
    shown = public_reviews(table, hidden_by_day(table, UNITS, "d", 5))
    for column in ("poor_households", "poor_persons", "poor_ethnic_minority_households"):
        assert shown[column].isna().tolist()[:2] == [True, True]
    assert shown["poor_households"].tolist()[2:] == [42, 86]
    assert shown["near_poor_households"].notna().all()


def test_a_day_that_is_shown_is_judged_where_the_joined_lists_have_no_sum_of_it():
    table = reviews([3, 41, 42])
    columns = ("year", *(f"{name}_reduction_households" for name in ("poor", "near_poor")))
    known = {"reviews": table, "plans": pd.DataFrame(columns=columns)}
    known |= {f"{name}_{what}": table[:0] for name in ("poor", "near_poor") for what in ("flows", "lacks")}
    shown, hidden = public_tables(known, table, table[:0], UNITS, whole="d", on=DAY.date())
    assert hidden == hidden_by_day(table, UNITS, "d", 5)
    assert shown["reviews"]["poor_households"].isna().tolist() == [True, True, False, False]


def test_of_two_workbooks_a_day_has_every_figure_that_one_has():
    old, new = reviews([3, 41, 42], average=(9, 9, 9)), reviews([4, 41, 42])[1:]
    new["households"] = new["households"].astype("Int64").mask(new["unit_code"] == "b")
    other = new.assign(date=BEFORE)
    found = fullest([other, new, old]).set_index(["date", "unit_code"]).loc[DAY]
    assert found["poor_households"].to_dict() == {"b": 41, "c": 42, "d": 87, "a": 3}
    assert found["average_households"].to_dict() == {"b": 9, "c": 9, "d": 27, "a": 9}
    assert found["households"].to_dict() == {"b": 100, "c": 100, "d": 300, "a": 100}
    assert hidden_by_day(fullest([old]), UNITS, "d", 5) == hidden_by_day(old, UNITS, "d", 5)


@pytest.mark.parametrize("blank", ["new", "left_to_other_class"])
def test_flows_of_which_some_are_blank_are_not_shown(blank):
    """The public review of the households, which has all, may show seven of eleven who left, and hide four."""
    table = pd.concat([reviews([60, 60, 60]), reviews([60, 60, 60]).assign(date=BEFORE)])
    row = flow_row(
        **dict.fromkeys(FLOWS, 0) | {"opening": 180, "left": 11, "left_above": 11, "new": 11, "closing": 180}
    )
    hidden = hidden_by_day(table, UNITS, "d", 5)
    for known, is_told in ((row, True), (row | {f"{blank}_households": pd.NA}, False)):
        flows = pd.DataFrame([known]).assign(date=DAY, unit_code="d").convert_dtypes()
        told = public_flows({"poor": flows}, table, hidden, "d", smallest=5)["poor"]
        assert told["left_households"].notna().tolist() == [is_told]


def test_all_who_left_are_known_to_readers_of_the_review_where_the_workbook_has_their_parts_only():
    """The review prints (2)+(3), so both editions leave out the same of the others."""
    table = pd.concat(
        [
            reviews([57, 57, 57], near=(25, 26, 26)).assign(households=[120, 140, 140, 400]),
            reviews([60, 60, 60]).assign(date=BEFORE),
        ]
    )
    counts = {"near_poor": (60, 12, 9, 3, 1, 12, 0, 9, 9, 77), "poor": (180, 21, 12, 9, 2, 9, 0, 0, 5, 171)}
    flows = {
        name: pd.DataFrame([flow_row(**dict(zip(FLOWS, row, strict=True)))]).assign(date=DAY, unit_code="d")
        for name, row in counts.items()
    }
    parted = {name: table.assign(left_households=pd.NA).convert_dtypes() for name, table in flows.items()}
    hidden = hidden_by_day(table, UNITS, "d", 5)
    parts = [f"{flow}_households" for flow in (*LEAVING, *COMING)]
    told, of_review = (public_flows(of, table, hidden, "d", smallest=5) for of in (parted, flows))
    for name in counts:
        assert told[name][parts].isna().equals(of_review[name][parts].isna())
    assert of_review["poor"][parts].isna().sum(axis=None) == 3


def test_flows_are_not_shown_where_the_households_of_the_review_before_are_unknown():
    """Who fell was above the lines: the review, which knows how many were, may hide other flows."""
    before = reviews([60, 60, 60]).assign(date=BEFORE)
    row = flow_row(
        **dict.fromkeys(FLOWS, 0) | {"opening": 180, "left": 11, "left_above": 11, "new": 11, "closing": 180}
    )
    flows = pd.DataFrame([row]).assign(date=DAY, unit_code="d").convert_dtypes()
    for households, is_told in ((before["households"], True), (pd.NA, False)):
        table = pd.concat([reviews([60, 60, 60]), before.assign(households=households)]).convert_dtypes()
        hidden = hidden_by_day(table, UNITS, "d", 5)
        told = public_flows({"poor": flows}, table, hidden, "d", smallest=5)["poor"]
        assert told["left_households"].notna().tolist() == [is_told]


def test_parts_that_are_more_than_their_total_are_not_shown():
    """A reader subtracts all the same: of 85 poor 41 and 42 leave two, where three were typed."""
    table = reviews([3, 41, 42])
    table.loc[table["unit_code"] == "d", "poor_households"] = 85
    hidden = hidden_stocks(table, "d", 5)
    assert {("class", unit, "poor") for unit in "abc"} <= hidden
    assert ("class", "d", "poor") not in hidden


@pytest.mark.parametrize("near", [(1, 1, 3), (20, 20, 20)])
def test_villages_of_a_workbook_are_hidden_as_the_review_hides_them(near):
    table, villages = reviews([60, 60, 60], near=near), UNITS.assign(level=["village"] * 3 + ["commune"])
    of_review = hidden_in_commune(table, "d", 5)
    of_review |= blank_classes(stocks_draft(table, "d"), "d", of_review)
    assert hidden_by_day(table, villages, "d", 5) == {DAY: of_review}
    assert ("class", "d", "near_poor") not in of_review


@pytest.mark.parametrize(("poor", "is_told"), [([30, 30, 30], True), ([1, 1, 2], False)])
def test_flows_and_plans_of_a_hidden_stock_are_blank(poor, is_told):
    table = pd.concat([reviews(poor), reviews([30, 30, 30]).assign(date=BEFORE)])
    hidden = hidden_by_day(table, UNITS, "d", 5)
    counts = dict.fromkeys(FLOWS, 0) | {"left": 7, "left_above": 7, "new": 7}
    flows = pd.DataFrame([flow_row(**counts | {"opening": pd.NA, "closing": pd.NA})]).assign(date=DAY, unit_code="d")
    told = public_flows({"poor": flows}, table, hidden, "d", smallest=5)["poor"]["left_households"].notna()
    plans = pd.DataFrame({"year": [2023, 2024], "unit_code": "d"}).assign(
        poor_reduction_households=3, near_poor_reduction_households=2
    )
    kept = public_plans(plans, table[table["unit_code"] == "d"], hidden, "d")["poor_reduction_households"].notna()
    assert told.tolist() == [is_told]
    assert kept.tolist() == [True, is_told]


@pytest.mark.parametrize(("day", "poor"), [("2022-12-31", 1), ("2022-12-20", 1), (None, 30)])
def test_flows_open_with_the_last_review_of_the_year_before_and_are_blank_where_nobody_knows_it(day, poor):
    """It is seldom of the same day of the year; another edition may have hidden one that the workbook lacks."""
    earlier = reviews([poor, 1, 2]).assign(date=pd.Timestamp(day)) if day else reviews([poor] * 3)[:0]
    table = pd.concat([reviews([30, 30, 30]), earlier])
    hidden = hidden_by_day(table, UNITS, "d", 5)
    flows = pd.DataFrame([flow_row(left=7)]).assign(date=DAY, unit_code="d")
    told = public_flows({"poor": flows}, table, hidden, "d", smallest=5)["poor"]
    assert told["left_households"].isna().all()


@pytest.mark.parametrize("above", [27, pd.NA])
def test_where_those_who_escaped_near_poverty_are_hidden_all_who_left_it_do_not_stand_for_them(above):
    """Thirty left, of whom three became poor: hidden with the 27 who rose above the line, whom the report tells."""
    table = pd.concat([reviews([90, 90, 90]), reviews([90, 90, 90]).assign(date=BEFORE)])
    row = flow_row(left=30, left_to_other_class=3, left_above=above, other_decrease=10, closing=60)
    flows = {"near_poor": pd.DataFrame([row]).assign(date=DAY, unit_code="d")}
    hidden = hidden_by_day(table, UNITS, "d", 5)
    assert escaped(flows["near_poor"], "near_poor").tolist() == [27]
    assert escaped(public_flows(flows, table, hidden, "d", smallest=5)["near_poor"], "near_poor").isna().all()


def test_the_plan_of_a_unit_s_first_year_is_blank_where_its_first_review_is_suppressed():
    first = pd.Timestamp("2025-07-01")
    of_others = reviews([30, 30, 30])[:1].assign(date=BEFORE)
    last = reviews([30, 30, 30]).assign(date=pd.Timestamp("2026-12-31"))
    table = pd.concat([of_others, reviews([1, 1, 2]).assign(date=first), last])
    plans = pd.DataFrame({"year": [2025, 2026, 2027], "unit_code": "d"}).assign(poor_reduction_households=3)
    stocks, hidden = table[table["unit_code"] == "d"], hidden_by_day(table, UNITS, "d", 5)
    assert public_plans(plans, stocks, hidden, "d")["poor_reduction_households"].notna().tolist() == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("known", [{}, {"poor_households": pd.NA}, {"date": pd.Timestamp("2021-12-31")}])
def test_a_plan_of_a_stock_that_nobody_knows_is_blank(known):
    """Its review of the year before may be hidden in another edition; one within the year is not what is reduced."""
    before = reviews([30, 30, 30]).assign(**{"date": BEFORE, **known})
    table = pd.concat([before, reviews([30, 30, 30])])[lambda rows: rows["unit_code"] == "d"]
    plans = pd.DataFrame({"year": [2023], "unit_code": "d"})
    plans = plans.assign(poor_reduction_households=3, multidimensional_reduction_pp=1.5)
    shown = public_plans(plans, table, hidden_by_day(table, UNITS, "d", 5), "d")
    assert shown.drop(columns=["year", "unit_code"]).notna().to_numpy().all() == (not known)


def test_the_threshold_is_data():
    assert smallest_shown(dt.date(2016, 7, 1)) == 5
    with pytest.raises(NoPublicEditionError, match=r"bản công khai của ngày 30/06/2016.*01/07/2016"):
        smallest_shown(dt.date(2016, 6, 30))


few = st.sampled_from([0, 1, 2, 3, 4, 5, 6, 9, 40])
units = st.lists(st.tuples(few, few, few, st.sampled_from([0, 1, 3, 5, 100])), min_size=1, max_size=4)


def small_world(units):
    """Reviews of units of so many poor, near-poor, average and other households, and of their whole, w.

    Half of the poor are of minorities.
    """
    counts = pd.DataFrame(units, columns=["poor", "near_poor", "average", "others"])
    counts.loc[len(counts)] = counts.sum()
    frame = pd.DataFrame({"unit_code": [*map(str, range(len(units))), "w"], "households": counts.sum(axis=1)})
    minorities = {f"{name}_ethnic_minority_households": counts[name] // 2 for name in ("poor", "near_poor")}
    return frame.assign(**{f"{name}_households": counts[name] for name in LIVING_STANDARDS}, **minorities)


@given(units=units)
def test_what_only_one_edition_knows_changes_nothing_of_what_every_edition_hides(units):
    """Of a file with scores only the review knows no average households; its workbook may have them."""
    full = small_world(units)
    minorities = [name for name in full if "minority" in name]
    hidden = {name: hidden_stocks(full.drop(columns=left_out), "w", 5) for name, left_out in {
        "all": [], "average": minorities, "minorities": ["average_households"],
        "neither": [*minorities, "average_households"]}.items()}  # fmt: skip
    assert len({frozenset(of_all(cells)) for cells in hidden.values()}) == 1


def of_all(hidden):
    """The cells that every edition knows."""
    return {cell for cell in hidden if cell[0] == "class" and cell[2] != "average"}


@given(units=units)
def test_nobody_can_tell_that_a_hidden_stock_is_small_who_knows_average_households_too(units):
    full = small_world(units)
    draft, hidden = stocks_draft(full, "w"), hidden_stocks(full, "w", 5)
    system = System(draft.values, draft.relations, frozenset(draft.unprinted) | untold(draft, hidden))
    for cell, value in draft.values.items():
        if 0 < value < 5:
            low, high = interval(system, hidden, cell)
            assert high > 5 - 1e-6, cell
            assert low < 1 + 1e-6 or high - low > 4 - 1e-6, cell


def test_average_households_that_one_workbook_has_tell_nothing_of_the_poor_that_the_review_hides():
    """21 - 6 - 6 - 6 was what b has, with one 6 from each edition."""
    world = small_world([(6, 20, 50, 200), (3, 20, 100, 200), (6, 30, 198, 200), (6, 20, 198, 2)])
    by_review = of_all(hidden_stocks(world.drop(columns="average_households"), "w", 5))
    assert of_all(hidden_stocks(world, "w", 5)) == by_review == {("class", "0", "poor"), ("class", "1", "poor")}
