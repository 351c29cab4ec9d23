"""Where the counts typed in a workbook differ from the household forms behind them."""

from collections.abc import Mapping

import pandas as pd

KEYS = ("date", "unit_code")


def reconciliation(typed: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Return counts of one workbook table that are not those of the forms, one row a unit and count.

    `typed` is the table of the workbook, with `row`; `counted` is the same table made from the forms. Columns:
    row (NA where the workbook lacks the unit), date, unit_code, column, typed, counted (0 of a unit that is typed on a
    day of the forms which have nothing of it), difference (typed less counted). A blank cell has typed nothing and does
    not differ; a unit that is not typed at all does.
    """
    columns = [name for name in counted.columns if name not in KEYS and name in typed]
    there = typed[["row", *KEYS, *columns]].astype({"row": "Int64"})
    of_days = there[there["date"].isin(counted["date"])]
    both = counted.merge(of_days, on=list(KEYS), how="outer", suffixes=("", "_typed"), indicator="found_in")
    both.loc[both["found_in"] == "right_only", columns] = 0
    parts = [_differences(both, name) for name in columns]
    return pd.concat(parts).sort_values([*KEYS, "row"], kind="stable", ignore_index=True)


def _differences(both: pd.DataFrame, name: str) -> pd.DataFrame:
    typed, counted = both[f"{name}_typed"], both[name].astype("Int64")
    missing = both["row"].isna() & counted.gt(0)
    wrong = (typed.notna() & typed.ne(counted)).fillna(value=False) | missing.fillna(value=False)
    found: Mapping[str, object] = {
        "column": name,
        "typed": typed,
        "counted": counted,
        "difference": typed - counted,
    }
    return both[["row", *KEYS]].assign(**found)[wrong]
