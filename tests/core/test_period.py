import datetime as dt

import pytest

from giamngheo.core.period import MalformedPeriodError, Period


@pytest.mark.parametrize(
    ("written", "kind", "begin", "cutoff"),
    [
        ("2023-01", "month", "2023-01-01", "2023-01-31"),
        ("2023-08", "month", "2023-08-01", "2023-08-31"),
        ("2024-02", "month", "2024-02-01", "2024-02-29"),
        ("2023-Q1", "quarter", "2023-01-01", "2023-03-31"),
        ("2023-Q3", "quarter", "2023-07-01", "2023-09-30"),
        ("2023-H1", "half", "2023-01-01", "2023-06-30"),
        ("2023-9M", "nine_months", "2023-01-01", "2023-09-30"),
        ("2023", "year", "2023-01-01", "2023-12-31"),
    ],
)
def test_a_period_is_written_as_it_is_read(written: str, kind: str, begin: str, cutoff: str) -> None:
    period = Period.parse(written)
    assert str(period) == written
    assert period.kind == kind
    assert (period.begin, period.cutoff) == (dt.date.fromisoformat(begin), dt.date.fromisoformat(cutoff))


@pytest.mark.parametrize(
    "text", ["2023-13", "2023-00", "2023-8", "2023-Q5", "2023-H2", "2023-6M", "23-08", "", "2023-"]
)
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(MalformedPeriodError, match=r"ví dụ 2023-08, hoặc 2023-Q3 \(quý III\)"):
        Period.parse(text)


def test_a_month_needs_no_kind() -> None:
    assert Period(2023, 8) == Period.parse("2023-08")
    assert Period(2023, 8) < Period(2023, 9) < Period(2024, 1)


def test_the_day_before_and_the_year_before() -> None:
    assert Period.parse("2023-01").eve == dt.date(2022, 12, 31)
    assert Period.parse("2023-Q3").eve == dt.date(2023, 6, 30)
    assert Period.parse("2023").eve == dt.date(2022, 12, 31)
    assert str(Period.parse("2023-9M").year_before) == "2022-9M"
    assert Period.parse("2024-02").year_before.cutoff == dt.date(2023, 2, 28)
