"""The sheet of explanations: of which contradiction each row is, and what it says of it."""

import datetime as dt
from collections.abc import Hashable
from typing import Any

import pandas as pd

from giamngheo.core.finding import Contradiction, Explanation
from giamngheo.core.text import folded


def contradiction_of(row: pd.Series) -> Contradiction:
    """Return the contradiction that a row of the table of explanations is of."""
    texts = {name: row[name] for name in ("sheet", "column", "unit_code", "line", "figures")}
    return Contradiction(row["finding_code"], date=day_of(row["date"]), **texts)


def explanation_of(row: pd.Series) -> Explanation | None:
    """Return the explanation in a row of the table; None where it, who decided it or when is not there."""
    text, by, day = row["explanation"], row["decided_by"], day_of(row["decided_on"])
    return Explanation(text, by, day) if text and by and day else None


def day_of(value: Any) -> dt.date | None:
    """Return the day of a cell of a table, None where it is blank."""
    return None if pd.isna(value) else value.date()


def place_and_figures(contradiction: Contradiction) -> tuple[Hashable, ...]:
    """Return what an explanation and its contradiction have in common, however its words are typed."""
    words = (contradiction.sheet, contradiction.column, contradiction.line, contradiction.figures)
    return (contradiction.code, contradiction.unit_code, contradiction.date, *map(folded, words))
