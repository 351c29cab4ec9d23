"""What reports say of the days of snapshots of money: as of which day they are, and whose are of an earlier month."""

from collections.abc import Mapping

import pandas as pd

from giamngheo.report.facts import Facts
from giamngheo.report.language.numbers import day
from giamngheo.statistics.unit_money import LINES, OWN, behind, counted, latest_days, units_above

MOST_NAMED = 12
"""Units that a sentence names."""

CALLED: Mapping[str, str] = {
    "capital": "kế hoạch vốn ngân sách",
    "disbursements": "số giải ngân",
    "mobilised": "nguồn lực ngoài ngân sách",
    "works": "số liệu theo loại công trình",
}
"""What sentences call the tables of money."""


def above_in(facts: Facts) -> dict[str, str]:
    """Return the unit above each of those below the one that reports (unit_money.units_above)."""
    return units_above(facts.data["units"], facts.data.form["unit_code"])


def counted_rows(facts: Facts, name: str) -> pd.DataFrame:
    """Return the rows of a table of money that make up the year's money of the unit that reports."""
    rows = _of_year(facts, name)
    return rows[counted(rows, above_in(facts), line=LINES[name])]


def _of_year(facts: Facts, name: str) -> pd.DataFrame:
    rows = facts.data[name]
    return rows[rows["fund_year"] == facts.year] if "fund_year" in rows else rows


def as_of(facts: Facts, *names: str) -> str:
    """Say as of which day tables of snapshots are: the cut-off, their newest day before it, or the day of each."""
    days = {name: rows["date"].max().date() for name in names if len(rows := counted_rows(facts, name))}
    cutoff = facts.period.cutoff
    if all(date == cutoff for date in days.values()):
        return f"Đến hết ngày {day(cutoff)}"
    if len(set(days.values())) == 1:
        return f"Theo số liệu chốt ngày {day(next(iter(days.values())))}"
    return f"Theo {', '.join(f'{CALLED[name]} chốt ngày {day(date)}' for name, date in days.items())}"


def older_in(facts: Facts, name: str) -> str:
    """Say of which units the latest figures of a table of snapshots are of an earlier month; "" where none are."""
    days = latest_days(_of_year(facts, name), above_in(facts), line=LINES[name])
    names = dict(zip(facts.units["code"], facts.units["name"], strict=True)) | {OWN: facts.unit}
    return older(days.assign(name=days["unit_code"].map(names)))


def older(days: pd.DataFrame) -> str:
    """Say of which units (name, date: of the latest snapshot) the figures are of a month before the newest of all.

    "" where none are. Units of one day stand together, the oldest first.
    """
    late = behind(days).sort_values("date", kind="stable")
    if late.empty:
        return ""
    shown, newest = late.head(MOST_NAMED), late["newest"].iloc[0]
    more = f" và {len(late) - MOST_NAMED} đơn vị khác" if len(late) > MOST_NAMED else ""
    named = [f"{', '.join(rows['name'])} (tính theo số chốt ngày {day(date)})" for date, rows in shown.groupby("date")]
    return f"chưa có số liệu tháng {newest.month}/{newest.year} của {'; '.join(named)}{more}"
