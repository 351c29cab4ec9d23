import pandas as pd
import pytest

from giamngheo.households.disclosure import edition as disclosure
from giamngheo.households.disclosure.edition import Printed, printed_tables, with_total
from giamngheo.households.disclosure.tables import (
    shown_burdens,
    shown_flows,
    shown_measures,
    shown_parts,
    shown_peoples,
    shown_summary,
)
from giamngheo.households.flows import FLOWS
from giamngheo.households.places import counts_at
from giamngheo.households.review import Method, at_level, review, summaries
from giamngheo.statistics.disclosure.stocks import hidden_stocks
from tests.households.conftest import YEAR_AFTER

OTHERS = ("other_decrease", "other_increase")

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


def hidden_of(printed: Printed):
    return disclosure.hidden_of(printed, 5)


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


@pytest.mark.parametrize("poor", [[1, 1, 1, 1, 1], [3, 2, 0, 0, 0], [4, 9, 0, 0, 7]])
def test_a_commune_shows_what_its_monthly_report_shows_whatever_its_villages_are(poor):
    """Where their sum is told five villages of one each cannot be protected by each other: none is shown."""
    summary = pd.DataFrame({"unit_code": list("abcde"), "poor_households": poor, "poor_persons": poor})
    summary = summary.assign(households=90, persons=360, near_poor_households=20, near_poor_persons=80)
    summary = summary.assign(average_households=pd.NA, average_persons=pd.NA)
    printed = Printed(with_total(summary, "whole"), of_villages=True)
    shown = shown_summary(printed.summary, hidden_of(printed))["poor_households"]
    assert shown.iloc[-1] == sum(poor)
    assert shown.iloc[:-1].isna().sum() == (2 if sum(poor) > 5 else 5)


def test_what_communes_hide_in_the_workbook_a_district_hides_where_some_are_coded_at_itself(written, units, deprived):
    """Its review is of the whole alone; the five poor of two communes are three and two in its monthly report."""
    poor, other = {"b1_score": 100} | deprived(12), {"b1_score": 999}
    rows = [(poor, "23404")] * 3 + [(poor, "23407")] * 2 + [(other, code) for code in ("23404", "23407", "617") * 9]
    rows = [fields | {"unit_code": code} for fields, code in rows]
    before, now = written(*rows, name="before.csv"), written(*(row | YEAR_AFTER for row in rows))
    result = review(now, Method(units), before=before)
    printed = printed_tables(result, "617", "district", at_level(result, "district"))
    assert printed.summary["unit_code"].tolist() == ["617"]
    of_workbook = hidden_stocks(summaries(result).query("unit_code != '62'"), "617", 5)
    hidden = hidden_of(printed)
    assert ("class", "617", "poor") in of_workbook
    assert of_workbook == {cell for cell in hidden if cell[0] == "class"}
    assert shown_summary(printed.summary, hidden)["poor_households"].isna().all()
    assert shown_flows(printed.flows_of_whole["poor"], "poor", hidden)["opening_households"].isna().all()


def test_flows_of_a_unit_are_its_own_and_those_of_units_left_by_all_are_told(written, units, deprived):
    """Three poor, of whom the one of the second village moved to the first: the commune has lost and gained nobody."""
    poor = {"b1_score": 100} | deprived(12)

    def of(*villages, name, **day):
        return written(*(poor | day | {"unit_code": code, "household_id": key} for key, code in villages), name=name)

    before = of(("a", "23404-1"), ("b", "23404-1"), ("c", "23404-2"), ("d", "23407"), name="before.csv")
    now = of(("a", "23404-1"), ("b", "23404-1"), ("c", "23404-1"), name="now.csv", **YEAR_AFTER)
    result = review(now, Method(units), before=before)

    def told(unit, below):
        counts = counts_at(at_level(result, "village"), result.tree, below)
        table = printed_tables(result, unit, below, counts).flows["poor"].set_index("unit_code")
        return {
            code: tuple(table.loc[code, [f"{flow}_households" for flow in ("opening", *OTHERS, "closing")]])
            for code in table.index
        }

    assert told("23404", "village") == {"23404-1": (2, 0, 1, 3), "23404-2": (1, 1, 0, 0), "23404": (3, 0, 0, 3)}
    assert told("617", "commune") == {"23404": (3, 0, 0, 3), "23407": (1, 1, 0, 0), "617": (4, 1, 0, 3)}


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


def test_the_place_of_a_people_tells_nothing_of_its_hidden_households():
    """Between those of 600 and of 100 the Mường would be 100 at least, and the Brâu at most four of the 104 of both."""
    columns = ("households", "poor_households", "near_poor_households")
    rows = {"Kinh": (600, 60, 60), "Mường": (101, 20, 20), "Ba Na": (100, 100, 0), "Brâu": (3, 0, 0)}
    table = pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows.values()]).assign(
        ethnic_group=list(rows)
    )
    table = table.assign(persons=1, poor_persons=1, near_poor_persons=1, poor_rate_pct=1.0, near_poor_rate_pct=1.0)
    whole = WHOLE.tail(1).assign(households=804, poor_households=180, near_poor_households=80, average_households=pd.NA)
    hidden = hidden_of(Printed(whole, peoples=table))
    assert {cell[1] for cell in hidden if cell[-1] == "all"} == {"Mường", "Brâu"}
    assert shown_peoples(table, hidden)["ethnic_group"].tolist() == ["Kinh", "Ba Na", "Brâu", "Mường"]


def test_public_flows_are_those_of_the_whole_without_persons():
    values = {flow: [10, 20, 30] for flow in FLOWS}
    values |= {"left_above": [2, 1, 1], "left": [12, 21, 31], "other_decrease": [0, 0, 0], "closing": [48, 79, 119]}
    flows = pd.DataFrame({"unit_code": ["a", "b", "c"]})
    for flow, numbers in values.items():
        flows[f"{flow}_households"] = numbers
        flows[f"{flow}_persons"] = [4 * n for n in numbers]
    poor = with_total(SUMMARY.assign(poor_households=values["closing"], households=[1000] * 3), "d")
    whole = with_total(flows, "d")
    hidden = hidden_of(Printed(poor, flows_of_whole={"poor": whole.tail(1)}))
    (row,) = shown_flows(whole.tail(1), "poor", hidden).to_dict("records")
    assert row["unit_code"] == "d"
    assert not [name for name in row if name.endswith("_persons")]
    assert pd.isna(row["left_above_households"])
    assert [pd.isna(value) for value in row.values()].count(True) >= 2


def test_deprivations_of_few_households_are_not_told_by_contributions():
    """Of 102 deprivations one is of health: its 0.98 % would say so."""
    burdens = pd.DataFrame(
        {"unit_code": ["a", "b", "c", "d"], "poor": [10, 20, 12, 42], "work": [60, 70, 30, 160]}
    ).assign(health=[1, 20, 8, 29], school=[41, 40, 20, 101])
    dimensions = {name: [name] for name in ("work", "health", "school")}
    hidden = hidden_of(Printed(WHOLE, burdens=burdens, dimensions=dimensions))
    assert shown_burdens(burdens["unit_code"], ["work", "health", "school"], hidden) == ["b", "d"]


def test_measures_of_few_poor_are_left_out_with_those_that_tell_them():
    """Four of unit a have 20 deprivations in all: H, A and M0 would each tell how many they are."""
    poor, burdens = [4, 20, 12, 36], [20, 70, 50, 140]
    frame = pd.DataFrame({"unit_code": ["a", "b", "c", "d"], "poor": poor, **{f"{i:02}": 0 for i in range(1, 13)}})
    for place in range(3):
        frame[f"{place + 1:02}"] = poor
    frame["04"] = [burden - 3 * count for burden, count in zip(burdens, poor, strict=True)]
    dimensions = {"all": [f"{i:02}" for i in range(1, 13)]}
    table = frame[["unit_code", "poor"]].assign(
        incidence_pct=1.0, intensity_pct=1.0, adjusted_headcount=1.0, contribution_pct=1.0, population_share_pct=1.0
    )
    shown = shown_measures(table, hidden_of(Printed(WHOLE, burdens=frame, dimensions=dimensions, cutoff=3)))
    few = shown["poor"].isna()
    assert few[0]
    assert few.sum() >= 2
    for name in ("incidence_pct", "intensity_pct"):
        assert shown[name].isna()[few].all()


@pytest.mark.parametrize(("burden", "is_told"), [(30, True), (31, False), (34, False), (35, True)])
def test_intensity_does_not_tell_that_few_lack_more_than_the_others(burden, is_told):
    """Ten lack at least three indicators each: 31 in all say that exactly one of them lacks a fourth."""
    frame = pd.DataFrame({"unit_code": ["a", "b", "c", "d"], "poor": [10, 20, 12, 42]})
    frame["01"] = frame["02"] = frame["03"] = frame["poor"]
    frame["04"] = [burden - 30, 20, 12, burden + 2]
    frame[[f"{i:02}" for i in range(5, 13)]] = 0
    dimensions = {"all": [f"{i:02}" for i in range(1, 13)]}
    table = frame[["unit_code", "poor"]].assign(intensity_pct=1.0)
    shown = shown_measures(table, hidden_of(Printed(WHOLE, burdens=frame, dimensions=dimensions, cutoff=3)))
    assert shown["intensity_pct"].notna()[0] == is_told


@pytest.mark.parametrize(("kind", "more", "is_told"), [("poor", 1, False), ("poor", 5, True), ("near_poor", 2, False)])
def test_the_indicators_of_a_class_do_not_tell_that_few_lack_other_than_the_others(kind, more, is_told):
    """Twenty poor lack at least three of twelve, twenty near-poor at most two: 61, or 38, tell of one or two."""
    counts = [20, 20, 10 + more, 10] if kind == "poor" else [14, 14, 12 - more]
    counts += [0] * (12 - len(counts))
    indicators = [f"{i:02}" for i in range(1, 13)]
    rows = pd.DataFrame({"unit_code": "b", "class": kind, "indicator": indicators, "households": counts})
    twenty = SUMMARY.iloc[[1]].assign(near_poor_households=20, average_households=40)
    parts_of_class = {"indicator": rows.assign(of_households=20)}
    hidden = hidden_of(Printed(twenty, parts_of_class, cutoff=3))
    assert (not any(cell[0] == "part" for cell in hidden)) == is_told


@pytest.mark.parametrize(("more", "is_told"), [(1, False), (7, True)])
def test_the_burden_does_not_tell_that_few_above_the_lines_lack_an_indicator(more, is_told):
    """Of forty deprived twenty are poor, whose indicators are printed: the rest is of the twenty others."""
    indicators, of_poor = [f"{i:02}" for i in range(1, 5)], [20, 20, 10, 15]
    rows = pd.DataFrame({"unit_code": "b", "class": "poor", "indicator": indicators, "households": of_poor})
    burden = dict(zip(indicators, [40, 40, 30, 15 + more], strict=True))
    printed = Printed(
        SUMMARY.iloc[[1]],
        {"indicator": rows.assign(of_households=20)},
        burdens=pd.DataFrame([{"unit_code": "b", "poor": 40} | burden]),
        dimensions={name: [name] for name in indicators},
        cutoff=3,
    )
    assert (not any(cell[0] in {"part", "burden", "deprived"} for cell in hidden_of(printed))) == is_told


def test_no_ratio_tells_a_total_that_is_hidden():
    hidden = frozenset({("burden", "d"), ("class", "d", "all")})
    table = pd.DataFrame({"unit_code": ["a", "d"], "poor": [10, 20]})
    rates = ("incidence_pct", "intensity_pct", "adjusted_headcount", "contribution_pct", "population_share_pct")
    shown = shown_measures(table.assign(**dict.fromkeys(rates, 1.0)), hidden)
    assert shown.loc[0, list(rates)].isna().tolist() == [False, False, False, True, True]
    assert shown.loc[1, list(rates)].isna().all()


def test_indicators_of_those_who_are_poor_either_way_are_in_their_burden():
    """As many are deprived by Alkire and Foster as are poor: the burden is the sum of the indicators."""
    indicators, counts = [f"{i:02}" for i in range(1, 5)], [10, 10, 7, 3]
    summary = SUMMARY.iloc[[1]].assign(poor_households=10, unit_code="d")
    parts_of_poor = pd.DataFrame({"unit_code": "d", "class": "poor", "indicator": indicators, "households": counts})
    burdens = pd.DataFrame([{"unit_code": "d", "poor": 10} | dict(zip(indicators, counts, strict=True))])
    hidden = hidden_of(
        Printed(
            summary,
            {"indicator": parts_of_poor.assign(of_households=10)},
            burdens=burdens,
            dimensions={name: [name] for name in indicators},
            cutoff=3,
        )
    )
    assert ("part", "d", "poor", "indicator", "04") in hidden
    assert ("burden", "d", "04") in hidden or ("deprived", "d") in hidden


def test_a_block_in_which_nothing_can_be_protected_is_left_out_with_its_noughts():
    """Of a class of five that is shown 1, 1 and 3 are of the groups: no pattern of hidden cells hides them enough."""
    counts = {"ethnic_minority": 5, "no_labour_capacity": 1, "merit": 1, "other": 3}
    summary = WHOLE.assign(poor_households=[0, 0, 5, 5], poor_ethnic_minority_households=[0, 0, 5, 5])
    groups = pd.DataFrame({"unit_code": "d", "class": "poor", "group": list(counts), "households": counts.values()})
    hidden = hidden_of(Printed(summary, {"group": groups.assign(of_households=5)}))
    assert {("part", "d", "poor", "group", name) for name in counts if name != "ethnic_minority"} <= hidden
    assert not any(cell[0] == "class" for cell in hidden)


def flows_of(whole: str, **counts: int) -> pd.DataFrame:
    row = dict.fromkeys((f"{flow}_households" for flow in FLOWS), 0) | {
        f"{name}_households": count for name, count in counts.items()
    }
    return pd.DataFrame([{"unit_code": whole} | row])


def test_no_flow_is_published_where_last_year_hides_the_stock_it_starts_from():
    """Last year the ten units had one poor household each: their ten were hidden, and are the opening of this year."""
    now = with_total(SUMMARY.assign(poor_households=[20, 20, 20]), "d")
    before = pd.concat([SUMMARY.head(1).assign(unit_code=f"u{i}", poor_households=1) for i in range(10)])
    flows = {
        "poor": flows_of("d", opening=10, left=5, left_above=5, new=55, closing=60),
        "near_poor": flows_of("d", opening=31, closing=31),
    }
    hidden = hidden_of(Printed(now, flows_of_whole=flows, before=with_total(before, "d")))
    assert shown_flows(flows["poor"], "poor", hidden).drop(columns="unit_code").isna().all(axis=None)
    shown = shown_flows(flows["poor"], "poor", hidden_of(Printed(now, flows_of_whole=flows)))
    assert shown["left_above_households"].tolist() == [5]


def test_no_flow_is_published_whose_opening_is_the_sum_of_other_units():
    now = with_total(SUMMARY.assign(poor_households=[20, 20, 20]), "d")
    flows = {"poor": flows_of("d", opening=50, left=10, left_above=10, new=20, closing=60)}
    assert shown_flows(flows["poor"], "poor", hidden_of(Printed(now, flows_of_whole=flows)))["left_households"].all()
    hidden = hidden_of(Printed(now, flows_of_whole=flows, is_of_others=True))
    assert shown_flows(flows["poor"], "poor", hidden).drop(columns="unit_code").isna().all(axis=None)


def test_a_small_flow_is_never_hidden_behind_a_stock_that_another_year_shows():
    """Four left, whom the opening less those who stayed would tell: the opening is the stock of last year's report."""
    now = with_total(SUMMARY.assign(poor_households=[20, 20, 20]), "d")
    flows = {"poor": flows_of("d", opening=58, left=4, left_above=4, new=6, closing=60)}
    shown = shown_flows(flows["poor"], "poor", hidden_of(Printed(now, flows_of_whole=flows)))
    blank = {name.removesuffix("_households") for name in shown if shown[name].isna().all()}
    assert blank == {"left", "left_above", "new"}
    alone = {"poor": flows_of("d", opening=64, left=4, left_above=4, closing=60)}
    shown = shown_flows(alone["poor"], "poor", hidden_of(Printed(now, flows_of_whole=alone)))
    assert shown.drop(columns="unit_code").isna().all(axis=None)
