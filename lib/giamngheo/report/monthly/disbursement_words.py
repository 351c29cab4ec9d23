"""What part III says: what was disbursed, what was not and why, the yardstick and the pace."""

import datetime as dt
from typing import Any

import pandas as pd

from giamngheo.report import yardsticks
from giamngheo.report.facts import Facts, first_row
from giamngheo.report.language import words
from giamngheo.report.language.numbers import count, money
from giamngheo.report.monthly.funding_words import carried
from giamngheo.statistics import funding

WHOLE_PCT = 100.0


def disbursement_context(facts: Facts) -> dict[str, Any]:
    """Values of disbursement.md.j2."""
    table = facts.funds.get(facts.year)
    lines = facts.lines[(facts.lines["fund_year"] == facts.year) & (facts.lines["source"] == funding.TOTAL)]
    total = None if table is None else first_row(table)
    return {
        "year": facts.year,
        "cutoff": facts.period.cutoff,
        "unit": facts.unit,
        "date": lines["date"].max(),
        "total": total,
        "paid": _paid(facts, lines),
        "unpaid": _unpaid(facts, lines),
        "unknown": _labels(facts, lines[lines["disbursed_vnd"].isna()]),
        "national": _national(facts, total),
        "pace": _pace(facts, total, lines["date"].max()),
        "carried": carried(facts),
    }


def _paid(facts: Facts, lines: pd.DataFrame) -> list[pd.Series]:
    """Lines with something disbursed, with their label and status."""
    rated = funding.with_rates(lines[lines["disbursed_vnd"].fillna(0) > 0])
    said = zip(_labels(facts, rated), _statuses(facts, rated), strict=True)
    return [
        pd.concat([row, pd.Series({"label": label, "status": status})])
        for (_, row), (label, status) in zip(rated.iterrows(), said, strict=True)
    ]


def _labels(facts: Facts, lines: pd.DataFrame) -> list[str]:
    """Return what texts call the content of each line: "Tiểu dự án 1 (Dự án 1)"."""
    return [facts.labels[facts.year, code]["full_label"] for code in lines["project_code"]]


def _unpaid(facts: Facts, lines: pd.DataFrame) -> list[dict[str, Any]]:
    """Lines with capital and nothing disbursed, together where they are in the same situation."""
    waiting = funding.undisbursed(lines)
    situations = waiting.assign(status=_statuses(facts, waiting)).groupby("status", sort=False)
    return [
        {
            "labels": _labels(facts, group),
            "planned_vnd": group["planned_vnd"].sum(),
            "status": status,
        }
        for status, group in situations
    ]


def _statuses(facts: Facts, lines: pd.DataFrame) -> list[str]:
    """What the snapshot says of the situation of each line: its first words, "" when it says nothing."""
    snapshots = facts.data["disbursements"]
    first = snapshots[snapshots["status"] != ""].drop_duplicates(["project_code", "fund_year", "date"])
    keys = ["project_code", "fund_year", "date"]
    found = lines[keys].merge(first[[*keys, "status"]], on=keys, how="left")["status"].fillna("")
    return [words.sentence(text) for text in found]


def _national(facts: Facts, total: pd.Series | None) -> dict[str, Any] | None:
    """The national rate of the year beside the programme's, where both are known."""
    yardstick = yardsticks.national_rate(facts.period)
    if yardstick is None or total is None or pd.isna(total["rate_pct"]):
        return None
    return {
        "months": yardstick.months,
        "rate": yardstick.rate_pct,
        "comparison": words.above_or_below(total["rate_pct"], yardstick.rate_pct),
    }


def _pace(facts: Facts, total: pd.Series | None, snapshot: dt.date) -> dict[str, Any] | None:
    """Monthly pace up to the snapshot and one sentence for each aim: the Government's, then the whole plan."""
    if total is None or pd.isna(total["rate_pct"]):
        return None
    months = {"months_gone": snapshot.month, "months_left": yardsticks.months_left(facts.period)}
    aims = {
        aim: funding.pace(total["planned_vnd"], total["disbursed_vnd"], aim, **months)
        for aim in (yardsticks.aim_pct(facts.period), WHOLE_PCT)
        if aim is not None
    }
    return {
        "so_far_vnd": aims[WHOLE_PCT]["so_far_vnd"],
        "aims": [_aim(aim, found, facts) for aim, found in aims.items()],
    }


def _aim(aim_pct: float, found: pd.Series, facts: Facts) -> str:
    aim = f"{count(aim_pct)}%"
    if found["missing_vnd"] == 0:
        return f"Mức {aim} kế hoạch đã đạt."
    deadline = words.long_date(yardsticks.deadline(facts.period))
    return (
        f"Để đạt {aim} kế hoạch vào {deadline}, còn phải giải ngân {money(found['missing_vnd'])} triệu đồng,"
        f" bình quân {money(found['needed_vnd'])} triệu đồng mỗi tháng trong"
        f" {yardsticks.months_left(facts.period)} tháng tới."
    )
