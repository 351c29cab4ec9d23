"""The value of a cell, by the kind of its column."""

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from giamngheo.core.message import message, quoted
from giamngheo.core.period import MalformedPeriodError, Period
from giamngheo.core.text import as_typed, number_text, text
from giamngheo.regulation.programme import NATIONAL, Catalogue
from giamngheo.workbook.read.sheets import UNCALCULATED, Fraction, Other
from giamngheo.workbook.read.typed import (
    MILLION,
    CellError,
    bounded,
    fraction,
    readings,
    typed_date,
    typed_percent,
    wanted_date,
    whole_number,
)
from giamngheo.workbook.schema import Column, ColumnKind, meant_choices, spellings

_FEW = 4
"""Amounts among which a unit that is not đồng cannot be told."""

_STRUCK = re.compile("~[^~]+~")
"""A text all of which is struck through (book_parts.struck)."""

EXCEL_ERRORS = {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}


class Typed(NamedTuple):
    """The value of a cell; `converted` when it was typed as text and read as a number or a date."""

    value: Any
    converted: bool = False


def cell_value(value: Any, column: Column, catalogue: Catalogue = NATIONAL) -> Typed:
    """Return the value of a cell in the type of its column; None for a blank number or date. Raises CellError."""
    if value is UNCALCULATED:
        raise _uncalculated()
    typed = text(value)
    if typed in EXCEL_ERRORS:
        raise CellError(message("a value, or a formula that does not fail"))
    if not typed:
        return _blank(column)
    if _STRUCK.fullmatch(typed):
        raise CellError(message("what counts, not struck through"))
    if column.kind == "choice":
        return Typed(_choice(typed, column, catalogue))
    found = _PARSERS[column.kind](value, column)
    return Typed(found, converted=isinstance(value, str) and not isinstance(found, str))


def as_shown(value: Any) -> Any:
    """Return the value of a figure's cell in a form, which says what people see there. Raises CellError."""
    if isinstance(value, Fraction | Other):
        raise CellError(message("a cell that shows its number as it is: of the format General"))
    return value


def _uncalculated() -> CellError:
    needed = message("the workbook opened in Excel and saved, or the value in place of the formula")
    return CellError(needed, ("uncalculated-formula", "error"), message("a formula that was never calculated"))


def _blank(column: Column) -> Typed:
    if column.required:
        raise CellError(
            message("{header}, which may not be blank: {meaning}", header=quoted(column.header), meaning=column.meaning)
        )
    return Typed("" if column.kind in {"text", "code", "period", "choice"} else None)


def _choice(typed: str, column: Column, catalogue: Catalogue) -> str:
    codes = {text(word).casefold(): code for word, code in spellings(column.choices, catalogue).items()}
    if typed.casefold() not in codes:
        labels = ", ".join(meant_choices(column.choices, catalogue))
        raise CellError(message("one of: {labels}", labels=labels))
    return codes[typed.casefold()]


def _text(value: Any, column: Column) -> str:
    """Return a text without the words that the report prints before it; these alone are a text."""
    typed = as_typed(value)
    for words in column.lead:
        found = re.match(rf"{re.escape(words)}(?![^\W_])[\s:…./]*", typed, re.IGNORECASE)
        if found and found.end() < len(typed):
            return typed[found.end() :]
    return typed


def _whole(value: Any, column: Column) -> int:
    if isinstance(value, str):
        if not column.required and not any(map(str.isdigit, value)):
            raise CellError(message("digits; blank where nothing is known yet, 0 where there is none"))
        return whole_number(number_text(value), column.unit)
    if isinstance(value, bool | Fraction) or not isinstance(value, int | float):
        raise CellError(message("a whole number, in digits"))
    if value < 0:
        raise CellError(message("a number that is not negative"))
    if math.isfinite(value) and value != int(value):
        raise CellError(fraction(Decimal(str(value)), column.unit))
    return bounded(value, column.unit)


def _percent(value: Any, column: Column) -> float:
    """Return a percentage: a number that its cell shows in percent is a hundred times what is stored."""
    wanted = CellError(message("a percentage from 0 to 100, such as 41,06"))
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise wanted
    exact = typed_percent(number_text(value)) if isinstance(value, str) else Decimal(str(float(value)))
    percent = float(exact * 100 if isinstance(value, Fraction) else exact)
    if not 0 <= percent <= 100:
        raise wanted
    return percent


def _year(value: Any, column: Column) -> int:
    wanted = CellError(message("a year of four digits, such as 2023"))
    try:
        year = _whole(value, column)
    except CellError:
        raise wanted from None
    if not 2000 <= year <= 2100:
        raise wanted
    return year


def _date(value: Any, column: Column) -> dt.datetime:
    day = typed_date(text(value)) if isinstance(value, str) else value
    if not isinstance(day, dt.datetime):
        raise CellError(wanted_date())
    if not 1990 <= day.year <= 2100:
        raise CellError(message("a date of the years 1990 to 2100"))
    return dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day of the calendar, not a moment


def _period(value: Any, column: Column) -> str:
    if isinstance(value, dt.datetime):
        return f"{value.year}-{value.month:02}"
    try:
        return str(Period.parse(_code(value, column)))
    except MalformedPeriodError:
        raise CellError(message("a period: 2023-08, 2023-Q3, 2023-H1, 2023-9M or 2023")) from None


def _code(value: Any, column: Column) -> str:
    if isinstance(value, dt.datetime):
        raise CellError(message("a code; Excel has made a date of it: format the cell as Text and type it again"))
    return str(int(value)) if isinstance(value, float) and value.is_integer() else text(value)


_PARSERS: Mapping[ColumnKind, Callable[[Any, Column], Any]] = {
    "text": _text,
    "code": _code,
    "date": _date,
    "year": _year,
    "period": _period,
    "count": _whole,
    "money": _whole,
    "percent": _percent,
}


def amounts_in_millions(cells: Sequence[Any]) -> dict[int, Decimal]:
    """Return the cells of a column of amounts, by their places, that are in million đồng; none where most are in đồng.

    They are where most are below a million and some have a fraction, which đồng do not have.
    """
    amounts = {place: amount for place, value in enumerate(cells) if (amount := _amount(value))}
    small = {place: amount for place, amount in amounts.items() if amount < MILLION}
    has_fraction = any(amount != int(amount) for amount in small.values())
    return small if has_fraction and len(small) >= _FEW and 2 * len(small) > len(amounts) else {}


def _amount(value: Any) -> Decimal | None:
    """Return the number of a cell, the largest that its text can be read as; None where it holds none."""
    if isinstance(value, str):
        return max(readings(text(value)), default=None)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return Decimal(str(value))
    return None
