import pandas as pd

from giamngheo.statistics.aggregate import families, missing_parts, sums_of_parts, with_sums

DAY = "2022-12-31"


def units(*rows):
    frame = pd.DataFrame(rows, columns=["code", "parent_code", "valid_from", "valid_to"])
    return frame.astype({"valid_from": "datetime64[us]", "valid_to": "datetime64[us]"})


DISTRICT = units(("62", "", None, None), ("617", "62", None, None), ("A", "617", None, None), ("B", "617", None, None))


def counts(*rows):
    frame = pd.DataFrame(rows, columns=["row", "date", "unit_code", "households", "poor_persons", "note"])
    types = {"date": "datetime64[us]", "households": "Int64", "poor_persons": "Int64", "note": "str"}
    return frame.astype(types)


def test_a_district_is_the_sum_of_its_communes():
    summed = with_sums(counts((5, DAY, "A", 100, 30, ""), (6, DAY, "B", 200, 50, "")), DISTRICT, "617")

    district = summed[summed["unit_code"] == "617"].iloc[0]
    assert (district["households"], district["poor_persons"], district["note"]) == (100 + 200, 30 + 50, "")
    assert district["row"] == 5
    assert len(summed) == 3


def test_the_sum_takes_the_place_of_what_was_typed_and_keeps_its_row_and_note():
    typed = counts((4, DAY, "617", 999, 80, "in"), (5, DAY, "A", 100, 30, ""), (6, DAY, "B", 200, 50, ""))

    district = with_sums(typed, DISTRICT, "617").query("unit_code == '617'").iloc[0]

    assert (district["households"], district["row"], district["note"]) == (300, 4, "in")


def test_a_blank_part_leaves_a_blank_sum_and_what_was_typed_stands():
    typed = counts((4, DAY, "617", 300, 80, ""), (5, DAY, "A", 100, None, ""), (6, DAY, "B", 200, 50, ""))

    assert sums_of_parts(families(typed, DISTRICT.iloc[2:]))["poor_persons"].isna().all()
    assert with_sums(typed, DISTRICT, "617").query("unit_code == '617'")["poor_persons"].tolist() == [80]


def test_there_is_no_sum_while_a_commune_is_missing_and_nothing_above_the_unit_is_made():
    typed = counts((5, DAY, "A", 100, 30, ""))

    pd.testing.assert_frame_equal(with_sums(typed, DISTRICT, "617"), typed)
    gap = missing_parts(families(typed, DISTRICT.iloc[2:]), typed).iloc[0]
    assert (gap["unit_code"], gap["missing"], gap["typed"], gap["row"]) == ("617", ("B",), False, 5)


def test_a_commune_that_no_longer_stands_is_not_missed():
    merged = units(("617", "", None, None), ("A", "617", None, None), ("B", "617", None, "2022-06-30"))

    summed = with_sums(counts((5, DAY, "A", 100, 30, "")), merged, "617")

    assert summed[summed["unit_code"] == "617"]["households"].tolist() == [100]
    typed = counts((5, DAY, "A", 100, 30, ""))
    assert missing_parts(families(typed, merged), typed).empty
