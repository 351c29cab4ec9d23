"""Periods written as a range."""

from collections.abc import Mapping

from giamngheo.core.errors import WrongUseError
from giamngheo.core.message import quoted
from giamngheo.core.period import MONTHS, Period, Span

_ENDS: Mapping[Span, range] = {
    kind: range(months, 13, months) if 2 * months <= 12 and kind != "half" else range(months, months + 1)
    for kind, months in MONTHS.items()
}
"""Months in which the periods of each kind end."""


class MalformedRangeError(WrongUseError):
    """The range does not go forward from one period to another of its kind."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"Khoảng kỳ {quoted(text)} không đúng; ghi từ kỳ trước đến kỳ sau cùng loại, ví dụ 2023-01..2023-12."
        )


def periods(text: str) -> tuple[Period, ...]:
    """Return the periods of a range, "2023-01..2023-12". Raises MalformedPeriodError, MalformedRangeError."""
    begin, dots, end = text.partition("..")
    if not dots:
        return (Period.parse(text),)
    first, last = Period.parse(begin), Period.parse(end)
    if first.kind != last.kind or last < first:
        raise MalformedRangeError(text)
    years = range(first.year, last.year + 1)
    found = (Period(year, month, first.kind) for year in years for month in _ENDS[first.kind])
    return tuple(period for period in found if first <= period <= last)
