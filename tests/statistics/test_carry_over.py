import datetime as dt

import pandas as pd

from giamngheo.statistics.carry_over import carried_capital, opening_stocks

SOURCES = pd.DataFrame({"code": ["investment", "recurrent"], "above": ["", ""]})


def capital(*rows):
    columns = ["project_code", "source", "budget_level", "fund_year", "planned_vnd"]
    return (
        pd.DataFrame(rows, columns=columns).astype({"fund_year": "Int64", "planned_vnd": "Int64"}).assign(unit_code="")
    )


def paid(*rows):
    columns = ["date", "project_code", "source", "fund_year", "disbursed_vnd"]
    types = {"date": "datetime64[us]", "fund_year": "Int64", "disbursed_vnd": "Int64"}
    return pd.DataFrame(rows, columns=columns).astype(types).assign(unit_code="")


def left(capital_rows, paid_rows):
    carried = carried_capital(capital_rows, paid_rows, SOURCES)
    return carried[["project_code", "source", "fund_year", "planned_vnd"]].values.tolist()


def test_what_the_latest_snapshot_leaves_is_carried_over_in_its_year_of_funds():
    given = capital(("2", "recurrent", "central", 2023, 500), ("2", "recurrent", "central", 2022, 80))
    snapshots = paid(
        ("2023-11-30", "2", "recurrent", 2023, 100),
        ("2023-12-31", "2", "recurrent", 2023, 420),
        ("2023-12-31", "2", "recurrent", 2022, 80),
    )
    assert left(given, snapshots) == [["2", "recurrent", 2023, 500 - 420]]


def test_what_is_left_of_money_of_which_no_snapshot_tells_is_unknown():
    amounts = carried_capital(capital(("5", "recurrent", "central", 2023, 90)), paid(), SOURCES)
    assert amounts[["planned_vnd", "disbursed_vnd"]].isna().all(axis=None)


def test_a_source_that_the_last_snapshot_lacks_keeps_its_last_amount():
    given = capital(("1.1", "investment", "central", 2023, 42), ("1.1", "recurrent", "central", 2023, 10))
    snapshots = paid(
        ("2023-11-30", "1.1", "investment", 2023, 20),
        ("2023-11-30", "1.1", "recurrent", 2023, 3),
        ("2023-12-31", "1.1", "investment", 2023, 30),
    )
    assert left(given, snapshots) == [["1.1", "investment", 2023, 42 - 30], ["1.1", "recurrent", 2023, 10 - 3]]


def test_what_is_left_is_blank_where_disbursement_is_not_split():
    given = capital(("1.1", "investment", "central", 2023, 42), ("1.1", "recurrent", "central", 2023, 4))

    amounts = carried_capital(given, paid(("2023-12-31", "1.1", "unsplit", 2023, 6)), SOURCES)

    assert amounts["planned_vnd"].isna().tolist() == [True, True]
    assert amounts["disbursed_vnd"].tolist() == [6, 6]


def test_what_is_left_is_blank_where_two_budgets_share_a_source():
    given = capital(("2", "recurrent", "central", 2023, 42), ("2", "recurrent", "province", 2023, 4))

    assert carried_capital(given, paid(("2023-12-31", "2", "recurrent", 2023, 6)), SOURCES)["planned_vnd"].isna().all()
    assert left(given, paid(("2023-12-31", "2", "recurrent", 2023, 0))) == [
        ["2", "recurrent", 2023, 42],
        ["2", "recurrent", 2023, 4],
    ]


def test_a_closing_stock_is_the_opening_stock():
    reviews = pd.DataFrame(
        {
            "date": pd.to_datetime(["2022-12-31", "2023-12-31"]),
            "unit_code": ["991", "991"],
            "poor_households": pd.array([50, 40], dtype="Int64"),
            "poor_persons": pd.array([200, None], dtype="Int64"),
        }
    )
    opening = opening_stocks(reviews, "poor", dt.date(2023, 12, 31))

    assert opening["opening_households"].tolist() == [40]
    assert opening["opening_persons"].isna().tolist() == [True]
