import pandas as pd

from giamngheo.households.reconciliation import reconciliation

DAY = pd.Timestamp(2022, 12, 31)


def table(rows, row=True):
    frame = pd.DataFrame(rows, columns=["row", "date", "unit_code", "households", "poor_households"])
    counts = frame.astype({"households": "Int64", "poor_households": "Int64"})
    return counts if row else counts.drop(columns="row")


def test_equal_counts_and_blanks_do_not_differ():
    typed = table([(4, DAY, "a", 10, None)])
    counted = table([(0, DAY, "a", 10, 3)], row=False)
    assert reconciliation(typed, counted).empty


def test_every_count_that_differs_is_listed_with_its_row():
    typed = table([(4, DAY, "a", 10, 3), (5, DAY, "b", 20, 5)])
    counted = table([(0, DAY, "a", 10, 4), (0, DAY, "b", 22, 5)], row=False)
    found = reconciliation(typed, counted)
    assert found[["row", "unit_code", "column", "typed", "counted", "difference"]].values.tolist() == [
        [4, "a", "poor_households", 3, 4, -1],
        [5, "b", "households", 20, 22, -2],
    ]


def test_a_unit_or_a_year_that_is_not_typed_differs_in_every_count():
    typed = table([(4, pd.Timestamp(2021, 12, 31), "a", 10, 3)])
    found = reconciliation(typed, table([(0, DAY, "a", 10, 0)], row=False))
    assert found["column"].tolist() == ["households"]
    assert found["row"].isna().all()
    assert found["typed"].isna().all()


def test_a_unit_that_is_typed_and_of_which_the_forms_have_nothing_differs():
    typed = table([(4, DAY, "a", 10, 3), (5, DAY, "b", 20, 0), (6, pd.Timestamp(2021, 12, 31), "b", 20, 5)])
    found = reconciliation(typed, table([(0, DAY, "a", 10, 3)], row=False))
    assert found[["row", "unit_code", "column", "typed", "counted", "difference"]].values.tolist() == [
        [5, "b", "households", 20, 0, 20]
    ]
