"""A day as people type it into a text cell: day, month and year in the order of Vietnam, or ISO 8601."""

import datetime as dt
import re
import unicodedata

from giamngheo.core.message import Message, message
from giamngheo.workbook.read.typed_number import CellError

_DAY_FIRST = re.compile(r"(?:ngày )?(?P<day>[0-9]{1,2}) ?[/.-] ?(?P<month>[0-9]{1,2}) ?[/.-] ?(?P<year>[0-9]{4})")
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_IN_WORDS = re.compile(r"(?:ngày )?(?P<day>[0-9]{1,2}) tháng (?P<month>[0-9]{1,2}) năm (?P<year>[0-9]{4})")


def typed_date(text: str) -> dt.datetime:
    """Midnight of the day that a text says. Raises CellError."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    for way in (_DAY_FIRST, _YEAR_FIRST, _IN_WORDS):
        if found := way.fullmatch(plain):
            return _existing(int(found["year"]), int(found["month"]), int(found["day"]))
    raise CellError(wanted())


def wanted() -> Message:
    """What is needed where no day stands."""
    return message("a date with day, month and a year of four digits, such as 31/12/2022")


def _existing(year: int, month: int, day: int) -> dt.datetime:
    try:
        return dt.datetime(year, month, day)  # noqa: DTZ001 - a day of the calendar, not a moment
    except ValueError:
        raise CellError(_turned_round(year, month, day)) from None


def _turned_round(year: int, month: int, day: int) -> Message:
    """What is needed where there is no such day; the day that is meant where the month was typed first."""
    try:
        meant = dt.date(year, day, month)
    except ValueError:
        return message("a day of the calendar, day before month, such as 31/12/2022")
    return message("the day before the month: {day}, if that is meant", day=meant)
