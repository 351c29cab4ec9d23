"""The time a report is about: a month, a quarter, the first half or nine months of a year, a year."""

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from giamngheo.core.errors import WrongUseError
from giamngheo.core.message import quoted

Span = Literal["month", "quarter", "half", "nine_months", "year"]

MONTHS: Mapping[Span, int] = {"month": 1, "quarter": 3, "half": 6, "nine_months": 9, "year": 12}
"""Months in a period of each kind."""

_WRITTEN = re.compile(
    r"(?P<year>20[0-9]{2})(-((?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|(?P<half>H1)|(?P<nine_months>9M)))?"
)
_MARKS: Mapping[Span, str] = {"half": "-H1", "nine_months": "-9M", "year": ""}


class MalformedPeriodError(WrongUseError):
    """The period is not written as a year, or a year with a month, a quarter, H1 or 9M."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"Kỳ báo cáo {quoted(text)} không đúng; ghi năm và tháng, ví dụ 2023-08, hoặc 2023-Q3 (quý III),"
            " 2023-H1 (6 tháng đầu năm), 2023-9M (9 tháng đầu năm), 2023 (cả năm)."
        )


@dataclass(frozen=True, order=True)
class Period:
    """The months of a year up to and with `month`, as many as its kind has; str(period) is what `parse` reads."""

    year: int
    month: int
    kind: Span = "month"

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read a period: "2023-08", "2023-Q3", "2023-H1", "2023-9M" or "2023". Raises MalformedPeriodError."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise MalformedPeriodError(text)
        year = int(match["year"])
        if match["month"]:
            return cls(year, int(match["month"]))
        if match["quarter"]:
            return cls(year, 3 * int(match["quarter"]), "quarter")
        kind: Span = "half" if match["half"] else "nine_months" if match["nine_months"] else "year"
        return cls(year, MONTHS[kind], kind)

    def __str__(self) -> str:
        if self.kind == "month":
            return f"{self.year}-{self.month:02}"
        if self.kind == "quarter":
            return f"{self.year}-Q{self.quarter}"
        return f"{self.year}{_MARKS[self.kind]}"

    @property
    def quarter(self) -> int:
        """The quarter in which the period ends, 1 to 4."""
        return (self.month + 2) // 3

    @property
    def begin(self) -> dt.date:
        """First day of the period."""
        return dt.date(self.year, self.month - MONTHS[self.kind] + 1, 1)

    @property
    def eve(self) -> dt.date:
        """Last day before the period: from then its changes are counted."""
        return self.begin - dt.timedelta(days=1)

    @property
    def cutoff(self) -> dt.date:
        """Last day whose facts the report may know: the last day of the period."""
        return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def year_before(self) -> "Period":
        """The same period of the year before."""
        return Period(self.year - 1, self.month, self.kind)
