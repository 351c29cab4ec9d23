"""The month a report is about."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from giamngheo.errors import WrongUseError


class MalformedPeriodError(WrongUseError):
    """The period is not written as a year and a month."""

    def __init__(self, text: str) -> None:
        super().__init__(f"Kỳ báo cáo {text!r} không đúng; ghi năm và tháng, ví dụ 2023-08.")


@dataclass(frozen=True, order=True)
class Period:
    """One month; `str(period)` is what `Period.parse` reads, "2023-08"."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Period written as "2023-08". Raises MalformedPeriodError."""
        match = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", text)
        if match is None:
            raise MalformedPeriodError(text)
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    @property
    def cutoff(self) -> dt.date:
        """Last day whose facts the report may know: the last day of the month."""
        return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])
