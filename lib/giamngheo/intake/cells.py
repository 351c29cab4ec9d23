"""The value of a cell, by the kind of its column."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from giamngheo.intake.schema import Column, Kind, choices


class CellError(ValueError):
    """The cell does not hold what its column needs; the message is what is needed."""


def text(value: Any) -> str:
    """Text of a cell, NFC-normalised, without space around it; "" when blank."""
    return "" if value is None else unicodedata.normalize("NFC", str(value)).strip()


def cell_value(value: Any, column: Column) -> Any:
    """Value of a cell in the type of its column; None where a number or a date is blank. Raises CellError."""
    blank = text(value) == ""
    if blank and column.required:
        raise CellError(f"{column.header}, không được để trống")
    if column.kind == "choice":
        return _choice(value, column) if not blank else ""
    if blank:
        return "" if column.kind in {"text", "code", "month"} else None
    return _PARSERS[column.kind](value)


def _choice(value: Any, column: Column) -> str:
    labels = choices(column.choices)
    codes = {text(label).casefold(): code for code, label in labels.items()}
    if (label := text(value).casefold()) not in codes:
        raise CellError("một trong: " + ", ".join(labels.values()))
    return codes[label]


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CellError("một số nguyên")
    if value != int(value) or value < 0:
        raise CellError("một số nguyên không âm")
    return int(value)


def _money(value: Any) -> int:
    try:
        return _whole(value)
    except CellError as error:
        raise CellError("số tiền tính bằng đồng, là số nguyên không âm") from error


def _year(value: Any) -> int:
    year = _whole(value)
    if not 2000 <= year <= 2100:
        raise CellError("năm có bốn chữ số, ví dụ 2023")
    return year


def _date(value: Any) -> dt.datetime:
    if not isinstance(value, dt.datetime):
        raise CellError("ngày tháng, ví dụ 31/12/2022")
    return value


def _month(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return f"{value.year}-{value.month:02}"
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text(value)):
        raise CellError("kỳ báo cáo dạng 2023-08")
    return text(value)


def _code(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value == int(value) else text(value)


_PARSERS: Mapping[Kind, Callable[[Any], Any]] = {
    "text": text,
    "code": _code,
    "date": _date,
    "year": _year,
    "month": _month,
    "count": _whole,
    "money": _money,
}
