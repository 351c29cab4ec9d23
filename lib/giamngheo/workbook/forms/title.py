"""The day that the title of a published form says its figures are of."""

import calendar
import datetime as dt
import re

from giamngheo.core.text import bare

_DAYS = (
    re.compile(r"(?P<day>[0-9]{1,2})[/.-](?P<month>[0-9]{1,2})[/.-](?P<year>20[0-9]{2})"),
    re.compile(r"ngay (?P<day>[0-9]{1,2}) thang (?P<month>[0-9]{1,2}) nam (?P<year>20[0-9]{2})"),
)
_MONTH = re.compile(r"(?<![0-9] )thang (?P<month>1[0-2]|0?[1-9])[/ -]+(nam )?(?P<year>20[0-9]{2})")
_YEAR = re.compile(r"nam (?P<year>20[0-9]{2})")
_PART_OF_A_YEAR = re.compile(r"(?<!cuoi )(thang|quy|dau nam|giai doan|so ket|uoc)")


def day_of(title: str, of_year: bool = True) -> dt.date | None:
    """Return the one day that a title says its figures are of; None where it says none, or several.

    of_year: figures of a year are those of its end, as a review's are; what was paid of a year's funds need not be.
    """
    said = " ".join(re.sub(r"[^\w/.%-]+", " ", bare(title)).split())
    days = {_existing(found) for way in _DAYS for found in way.finditer(said)}
    if days:
        return next(iter(days)) if len(days) == 1 else None
    if months := {(int(found["year"]), int(found["month"])) for found in _MONTH.finditer(said)}:
        year, month = months.pop()
        return None if months else dt.date(year, month, calendar.monthrange(year, month)[1])
    years = {int(found["year"]) for found in _YEAR.finditer(said)}
    is_whole = of_year and len(years) == 1 and not _PART_OF_A_YEAR.search(said)
    return dt.date(years.pop(), 12, 31) if is_whole else None


def _existing(found: re.Match[str]) -> dt.date | None:
    try:
        return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
