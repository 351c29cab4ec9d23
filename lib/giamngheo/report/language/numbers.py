"""Numbers and dates as the official text prints them."""

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pandas as pd
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from giamngheo.core.rounding import rounded, shown_rate

LOCALE = Locale("vi")

UNKNOWN = "…"
"""Stands for a value that exists but is not known."""

VND_PER_MILLION = 1_000_000


def count(number: Any, *, missing: str = UNKNOWN) -> str:
    """Return a count as "6.963"; `missing` where it is blank."""
    return missing if pd.isna(number) else _shown(rounded(number, 0), "#,##0")


def decimal(number: Any, *, missing: str = UNKNOWN) -> str:
    """Return a number with up to three decimals as "0,5" or "6.963"; `missing` where it is blank."""
    return missing if pd.isna(number) else _shown(rounded(number, 3), "#,##0.###")


def money(vnd: Any, *, missing: str = UNKNOWN) -> str:
    """Return an amount of đồng in triệu đồng with up to three decimals, "4.569,482"; `missing` where it is blank."""
    return missing if pd.isna(vnd) else _shown(millions(vnd), "#,##0.###")


def percent(rate: Any, *, missing: str = UNKNOWN) -> str:
    """Return a rate in percent with two decimals, "41,06%", and the whole as "100%"; `missing` where it is blank."""
    if pd.isna(rate):
        return missing
    return "100%" if float(rate) == 100 else points(rate)


def points(difference: Any, *, missing: str = UNKNOWN) -> str:
    """Return a difference of rates with two decimals, "8,48%"; `missing` where it is blank."""
    return missing if pd.isna(difference) else _shown(shown_rate(difference), "#,##0.00") + "%"


def exact_percent(rate: Any) -> str:
    """Return a rate in percent that somebody set, an aim, with the decimals that it has: "95%", "97,5%"."""
    return f"{decimal(rate)}%"


def plain(number: Any, *, missing: str = UNKNOWN) -> str:
    """Return a number as it is; `missing` where it is blank."""
    return missing if pd.isna(number) else str(number)


def known_number(value: Any) -> float | None:
    """Return a number that a figure is to show; None where it is blank."""
    return None if pd.isna(value) else float(value)


def millions(vnd: Any) -> Decimal:
    """Return an amount of đồng in triệu đồng, rounded to three decimals."""
    return rounded(Decimal(str(vnd)) / VND_PER_MILLION, 3)


def day(date: Any, *, missing: str = UNKNOWN) -> str:
    """Return a date as "07/02/2023" or "16/3/2023": a leading zero for days below 10 and for January and February."""
    if pd.isna(date):
        return missing
    return format_date(_date(date), "dd/MM/yyyy" if date.month <= 2 else "dd/M/yyyy", locale=LOCALE)


def _date(date: Any) -> dt.date:
    return dt.date(date.year, date.month, date.day)


@lru_cache(maxsize=4096)  # the same numbers stand in the text, tables and figures, and on their axes
def _shown(number: Decimal, pattern: str) -> str:
    return format_decimal(number, pattern, locale=LOCALE, decimal_quantization=False)
