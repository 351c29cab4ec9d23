"""Ranges of periods."""

import pytest

from giamngheo.core.period import MalformedPeriodError
from giamngheo.run.periods import MalformedRangeError, periods


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-08", ["2023-08"]),
        ("2023-11..2024-02", ["2023-11", "2023-12", "2024-01", "2024-02"]),
        ("2023-Q3..2024-Q1", ["2023-Q3", "2023-Q4", "2024-Q1"]),
        ("2022-H1..2024-H1", ["2022-H1", "2023-H1", "2024-H1"]),
        ("2022-9M..2023-9M", ["2022-9M", "2023-9M"]),
        ("2022..2023", ["2022", "2023"]),
        ("2023-08..2023-08", ["2023-08"]),
    ],
)
def test_a_range_is_every_period_of_its_kind(text: str, expected: list[str]) -> None:
    assert [str(period) for period in periods(text)] == expected


@pytest.mark.parametrize("text", ["2023-09..2023-08", "2023-08..2023-Q4", "2023..2023-12"])
def test_a_range_goes_forward_and_keeps_its_kind(text: str) -> None:
    with pytest.raises(MalformedRangeError, match=r"2023-01\.\.2023-12"):
        periods(text)


@pytest.mark.parametrize("text", ["2023-08..", "..2023-08", "2023-08..2023-13", "a..b"])
def test_both_ends_are_periods(text: str) -> None:
    with pytest.raises(MalformedPeriodError):
        periods(text)
