import datetime as dt

import pandas as pd

from giamngheo.statistics.units import below, missing_parts, outside_units, summed_units, unit_tree, units_on

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
