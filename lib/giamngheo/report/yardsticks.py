"""What disbursement is measured by: the deadline, the Government's aim, the national rate."""

import datetime as dt
from dataclasses import dataclass

from giamngheo.core.period import Period
from giamngheo.regulation import NoRuleInForceError, provision
from giamngheo.regulation.lookup import load


@dataclass(frozen=True)
class NationalRate:
    """Disbursed of the year's plan in the whole country after some months."""

    months: int
    rate_pct: float


def aim_pct(period: Period) -> float | None:
    """Return the share of the plan, in percent, that the Government wants disbursed; None where no aim is known."""
    try:
        return float(provision("disbursement/aim_pct", on=period.cutoff).value)
    except NoRuleInForceError:
        return None


def deadline(period: Period) -> dt.date:
    """Return the last day on which investment money of the year is paid."""
    day = provision("disbursement/deadline", on=period.cutoff).value
    return dt.date(period.year + 1, day["month"], day["day"])


def months_left(period: Period) -> int:
    """Return months from the cut-off to the deadline."""
    end = deadline(period)
    return (end.year - period.year) * 12 + end.month - period.month


def national_rate(period: Period) -> NationalRate | None:
    """Return the latest national rate of the period's year; None where none is known at the cut-off."""
    try:
        found = provision("disbursement/national_rate", on=period.cutoff).value
    except NoRuleInForceError:
        return None
    return NationalRate(found["months"], found["rate_pct"]) if found["year"] == period.year else None


def cited(name: str, period: Period) -> str:
    """Return what a value of the law on disbursement ("aim_pct", "national_rate") is taken from, in words."""
    law = load("laws")[provision(f"disbursement/{name}", on=period.cutoff).law]
    return f"Không lấy từ sổ tính: {law['kind']} của {law['issuer']} {law['subject']}"
