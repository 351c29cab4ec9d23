import datetime as dt

import pandas as pd

from giamngheo.statistics.units import (
    below,
    by_era,
    in_units_of,
    joined_lists,
    made_from,
    missing_parts,
    outside_units,
    plans_in_units_of,
    summed_units,
    unit_tree,
    units_on,
    with_first_days,
    without_sum,
)

DAY = "2022-12-31"


def units(*rows):
    frame = pd.DataFrame(rows, columns=["code", "parent_code", "valid_from", "valid_to"])
    return frame.astype({"valid_from": "datetime64[us]", "valid_to": "datetime64[us]"})


DISTRICT = units(("62", "", None, None), ("617", "62", None, None), ("A", "617", None, None), ("B", "617", None, None))


def counts(*rows):
    frame = pd.DataFrame(rows, columns=["row", "date", "unit_code", "households", "poor_persons", "note"])
    types = {"date": "datetime64[us]", "households": "Int64", "poor_persons": "Int64", "note": "str"}
    return frame.astype(types)


def summed(figures, listed=DISTRICT, root="617"):
    return summed_units(figures, unit_tree(listed, root, figures["date"]))


def test_a_district_is_the_sum_of_its_communes():
    table = summed(counts((5, DAY, "A", 100, 30, ""), (6, DAY, "B", 200, 50, "")))

    district = table[table["unit_code"] == "617"].iloc[0]
    assert (district["households"], district["poor_persons"], district["note"]) == (100 + 200, 30 + 50, "")
    assert (district["row"], district["typed"]) == (5, False)
    assert len(table) == 3


def test_the_sum_fills_what_was_left_blank_and_keeps_row_and_note():
    typed = counts((4, DAY, "617", None, 80, "in"), (5, DAY, "A", 100, 30, ""), (6, DAY, "B", 200, 50, ""))

    district = summed(typed).query("unit_code == '617'").iloc[0]

    assert (district["households"], district["row"], district["note"]) == (300, 4, "in")


def test_a_blank_part_leaves_what_was_typed():
    typed = counts((4, DAY, "617", 300, 80, ""), (5, DAY, "A", 100, None, ""), (6, DAY, "B", 200, 50, ""))

    assert summed(typed).query("unit_code == '617'")["poor_persons"].tolist() == [80]


def test_there_is_no_sum_while_a_commune_is_missing_and_nothing_above_the_unit_is_made():
    table = summed(counts((5, DAY, "A", 100, 30, "")))

    assert table["unit_code"].tolist() == ["617", "A"]
    assert table["households"].isna().tolist() == [True, False]
    gap = missing_parts(table, unit_tree(DISTRICT, "617", table["date"])).iloc[0]
    assert (gap["unit_code"], gap["missing"], gap["typed"], gap["row"]) == ("617", ("B",), False, 5)


def test_a_commune_that_no_longer_stands_is_not_missed():
    merged = units(("617", "", None, None), ("A", "617", None, None), ("B", "617", None, "2022-06-30"))

    table = summed(counts((5, DAY, "A", 100, 30, "")), merged)

    assert table[table["unit_code"] == "617"]["households"].tolist() == [100]
    assert missing_parts(table, unit_tree(merged, "617", table["date"])).empty


def test_three_levels_add_up_through_each_other():
    listed = units(("617", "", None, None), ("A", "617", None, None), ("v1", "A", None, None), ("v2", "A", None, None))
    table = summed(counts((5, DAY, "v1", 10, 3, ""), (6, DAY, "v2", 20, 5, "")), listed)
    assert table.set_index("unit_code")["households"].to_dict() == {"617": 30, "A": 30, "v1": 10, "v2": 20}


def test_figures_of_a_unit_elsewhere_are_no_part_and_are_found():
    figures = counts((5, DAY, "A", 100, 30, ""), (6, DAY, "B", 200, 50, ""), (7, DAY, "Z", 1, 1, ""))
    assert outside_units(figures, unit_tree(DISTRICT, "617", figures["date"])).tolist() == [False, False, True]
    table = summed(figures).set_index("unit_code")["households"]
    assert (table["617"], table["Z"]) == (300, 1)


def test_a_renamed_unit_is_the_one_of_the_day():
    listed = units(("A", "617", None, "2023-06-30"), ("A", "617", "2023-07-01", None)).assign(name=["Old", "New"])
    assert units_on(listed, dt.date(2023, 6, 30))["name"].tolist() == ["Old"]
    assert units_on(listed, dt.date(2023, 7, 1))["name"].tolist() == ["New"]
    assert len(unit_tree(listed, "617", pd.Series(pd.to_datetime(["2023-07-01"])))) == 1


def test_what_stands_below_in_a_circle_is_found_once():
    assert below(units(("A", "B", None, None), ("B", "A", None, None)), "A")["code"].tolist() == ["B"]


MERGED = "2025-06-30"
BORN = "2025-07-01"
AFTER = dt.date(2025, 8, 31)
BEFORE = "2024-12-31"


def lineage(*rows):
    """Units with what they went into: code, parent, first day, last day, merged_into."""
    frame = pd.DataFrame(rows, columns=["code", "parent_code", "valid_from", "valid_to", "merged_into"])
    return frame.astype({"valid_from": "datetime64[us]", "valid_to": "datetime64[us]", "merged_into": "str"})


TU_MO_RONG = lineage(
    ("617", "62", None, MERGED, ""),
    ("23422", "617", None, MERGED, "23425"),
    ("23425", "617", None, MERGED, "23425"),
    ("23425", "51", BORN, None, ""),
)


def now(figures, listed=TU_MO_RONG, on=AFTER):
    table = in_units_of(figures, listed, on)
    return {(f"{row.date:%Y-%m-%d}", row.unit_code): (row.households, row.poor_persons) for row in table.itertuples()}


def test_a_unit_of_whole_others_is_their_sum_before_and_itself_after():
    figures = counts(
        (5, BEFORE, "23422", 810, 300, "a"),
        (6, BEFORE, "23425", 910, 400, "b"),
        (7, "2025-07-31", "23425", 1730, 600, ""),
    )

    assert now(figures) == {(BEFORE, "23425"): (810 + 910, 300 + 400), ("2025-07-31", "23425"): (1730, 600)}
    table = in_units_of(figures, TU_MO_RONG, AFTER).set_index("date")
    assert table.loc[BEFORE, ["row", "note"]].tolist() == [5, ""]


def test_before_the_merger_each_unit_has_its_own_figures():
    figures = counts((5, BEFORE, "23422", 810, 300, ""), (6, BEFORE, "23425", 910, 400, ""))
    assert in_units_of(figures, TU_MO_RONG, dt.date(2025, 6, 30)) is figures


def test_a_blank_figure_of_one_leaves_that_of_the_sum_blank():
    figures = counts((5, BEFORE, "23422", 810, None, ""), (6, BEFORE, "23425", 910, 400, ""))
    (both,) = now(figures).values()
    assert both[0] == 1720
    assert both[1] is pd.NA


def test_half_of_the_predecessors_is_no_sum_and_is_told():
    figures = counts((6, BEFORE, "23425", 910, 400, ""))
    assert now(figures) == {}
    gap = without_sum(figures, TU_MO_RONG, AFTER).iloc[0]
    assert (gap["unit_code"], gap["missing"], gap["divided"], gap["row"]) == ("23425", ("23422",), (), 6)


def test_of_a_divided_unit_no_sum_is_made():
    divided = lineage(
        ("A", "d", None, MERGED, "X"),
        ("B", "d", None, MERGED, "một phần X, Y"),
        ("X", "p", BORN, None, ""),
        ("Y", "p", BORN, None, ""),
    )
    figures = counts((5, BEFORE, "A", 100, 30, ""), (6, BEFORE, "B", 200, 50, ""))

    assert now(figures, divided) == {}
    found = without_sum(figures, divided, AFTER).set_index("unit_code")[["missing", "divided"]]
    assert found.to_dict("index") == {"X": {"missing": (), "divided": ("B",)}, "Y": {"missing": (), "divided": ("B",)}}


def test_a_part_of_a_unit_whose_rest_is_not_known_is_no_sum_either():
    listed = lineage(("A", "d", None, MERGED, "một phần X"), ("X", "p", BORN, None, ""))
    assert now(counts((5, BEFORE, "A", 100, 30, "")), listed) == {}


def test_a_unit_that_takes_in_another_was_smaller_before():
    listed = lineage(("A", "d", None, None, ""), ("B", "d", None, MERGED, "A"))
    figures = counts((5, BEFORE, "A", 100, 30, ""), (6, BEFORE, "B", 200, 50, ""), (7, "2025-07-31", "A", 310, 70, ""))
    assert now(figures, listed) == {(BEFORE, "A"): (300, 80), ("2025-07-31", "A"): (310, 70)}
    assert now(figures[figures["unit_code"] == "A"], listed) == {("2025-07-31", "A"): (310, 70)}


def test_units_merge_in_several_steps():
    listed = lineage(
        ("A", "d", None, "2024-10-31", "B"),
        ("B", "d", None, "2024-10-31", "B"),
        ("B", "d", "2024-11-01", MERGED, "X"),
        ("C", "d", None, MERGED, "X"),
        ("X", "p", BORN, None, ""),
    )
    old = [(5, "2023-12-31", "A", 1, 1, ""), (6, "2023-12-31", "B", 2, 1, ""), (7, "2023-12-31", "C", 4, 1, "")]
    figures = counts(*old, (8, BEFORE, "B", 30, 2, ""), (9, BEFORE, "C", 40, 2, ""))
    assert now(figures, listed) == {("2023-12-31", "X"): (7, 3), (BEFORE, "X"): (70, 4)}
    assert made_from(listed, "X", AFTER)["code"].tolist() == ["A", "B", "B", "C"]


def test_a_unit_that_went_nowhere_has_no_figures_under_another():
    listed = lineage(("23425", "617", None, MERGED, ""), ("23425", "51", BORN, None, ""))
    assert now(counts((5, BEFORE, "23425", 910, 400, "")), listed) == {}


def test_the_tree_of_a_day_before_is_that_of_the_predecessors():
    listed = lineage(
        ("51", "", None, MERGED, "51"),
        ("62", "", None, MERGED, "51"),
        ("617", "62", None, MERGED, ""),
        ("522", "51", None, MERGED, ""),
        ("51", "", BORN, None, ""),
        ("23425", "51", BORN, None, ""),
    )
    tree = unit_tree(listed, "51", pd.Series(pd.to_datetime([BEFORE, BORN])))
    assert tree[["code", "above"]].values.tolist() == [["617", "62"], ["522", "51"], ["23425", "51"]]
    figures = counts((5, BEFORE, "617", 100, 30, ""), (6, BEFORE, "522", 200, 50, ""))
    assert now(summed_units(figures, unit_tree(listed, "51", figures["date"])), listed) == {(BEFORE, "51"): (300, 80)}


def test_plans_of_predecessors_add_up_each_as_last_given():
    plans = pd.DataFrame(
        [
            (5, None, 2025, "23422", 810, 30),
            (6, "2025-03-01", 2025, "23422", 815, 35),
            (7, None, 2025, "23425", 910, 40),
            (8, "2025-08-15", 2025, "23425", 1730, 90),
        ],
        columns=["row", "date", "year", "unit_code", "expected_households", "poor_reduction_households"],
    ).astype(
        {
            "date": "datetime64[us]",
            "year": "Int64",
            "expected_households": "Int64",
            "poor_reduction_households": "Int64",
        }
    )

    found = plans_in_units_of(plans, TU_MO_RONG, AFTER).sort_values("date")

    assert found["unit_code"].tolist() == ["23425", "23425"]
    assert found["expected_households"].tolist() == [815 + 910, 1730]
    assert found["poor_reduction_households"].tolist() == [35 + 40, 90]
    assert f"{found['date'].iloc[0]:%d/%m/%Y}" == "01/01/2025"


def test_the_code_of_a_unit_of_the_merger_named_another_before():
    listed = lineage(("23425", "51", None, None, ""), ("99001", "51", None, None, ""), ("01", "", None, None, ""))
    born = with_first_days(listed, dt.date(2026, 1, 1))["valid_from"]
    assert born.tolist() == [pd.Timestamp(2025, 7, 1), pd.NaT, pd.NaT]


def test_lists_of_two_years_are_one():
    earlier = lineage(
        ("23422", "617", None, MERGED, "23425"),
        ("23425", "617", None, MERGED, "23425"),
        ("23425", "51", BORN, None, ""),
    )
    this_year = lineage(("23425", "51", None, None, ""), ("23416", "51", None, None, ""))

    both = joined_lists(this_year, earlier)

    figures = counts((5, BEFORE, "23422", 810, 300, ""), (6, BEFORE, "23425", 910, 400, ""))
    assert now(figures, both, dt.date(2026, 5, 31)) == {(BEFORE, "23425"): (1720, 700)}
    assert len(both) == 4


def test_days_are_told_apart_by_the_ends_of_units():
    figures = counts((5, BEFORE, "A", 1, 1, ""), (6, MERGED, "A", 1, 1, ""), (7, BORN, "X", 1, 1, ""))
    found = [(rows["row"].tolist(), str(last)) for rows, last in by_era(figures, TU_MO_RONG)]
    assert found == [([5, 6], MERGED), ([7], BORN)]


def test_a_nation_is_the_sum_of_its_regions_and_these_of_their_provinces():
    listed = units(
        ("VN", "", None, None),
        *((region, "VN", None, None) for region in ("N", "S")),
        *((province, province[0], None, None) for province in ("N1", "N2", "S1")),
    )
    provinces = counts((5, DAY, "N1", 100, 30, ""), (6, DAY, "N2", 200, 50, ""), (7, DAY, "S1", 50, 5, ""))

    found = summed(provinces, listed, "VN").set_index("unit_code")["households"]

    assert found[["N", "S", "VN"]].tolist() == [100 + 200, 50, 100 + 200 + 50]


def test_a_unit_of_which_some_parts_are_listed_is_no_sum_of_theirs():
    some = DISTRICT.assign(parts_listed=["", "some", "", ""])
    table = summed(counts((5, DAY, "A", 100, 30, ""), (6, DAY, "B", 200, 50, "")), some)
    assert table["unit_code"].tolist() == ["A", "B"]
    assert table["typed"].all()
