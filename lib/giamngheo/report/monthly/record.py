"""What the manifest keeps of a monthly report: its key figures, the sentences of its mail, and findings."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from giamngheo.core.finding import Finding, of_severity
from giamngheo.report.elements.record import Record, plain
from giamngheo.report.facts import Facts, first_row
from giamngheo.report.language import words
from giamngheo.report.language.numbers import count, money, percent
from giamngheo.report.monthly.disbursement_change import of_period
from giamngheo.report.monthly.opening import letterhead
from giamngheo.report.monthly.poverty import TITLES

_REVIEW = ("households", "poor_households", "near_poor_households", "poor_rate_pct", "near_poor_rate_pct")
_FUNDS = ("planned_vnd", "disbursed_vnd", "rate_pct")


def record(facts: Facts) -> Record:
    """Return the record of a report."""
    review, funds = first_row(facts.review_now), facts.funds.get(facts.year)
    figures: dict[str, Any] = {"unit": facts.unit, "code": facts.data.form["unit_code"], **_place(facts)}
    figures["marking"] = facts.data.form.get("marking", "")
    figures["reviewed"] = None if review is None else f"{review['date']:%Y-%m-%d}"
    figures |= {name: None if review is None else plain(review[name]) for name in _REVIEW}
    figures |= {name: None if funds is None else plain(funds.iloc[0][name]) for name in _FUNDS}
    figures |= {"subject": letterhead(facts).subject, "summary": "\n".join(_summary(facts))}
    figures["warnings"] = len(of_severity(facts.findings, "warning"))
    return Record(figures, () if facts.audience == "public" else tuple(map(_told, facts.findings)))


def _place(facts: Facts) -> dict[str, str]:
    """Return the level of the unit, and the unit above it with its level, "tỉnh Kon Tum", "" where none is named."""
    units = facts.units
    own = units[units["code"] == facts.data.form["unit_code"]].iloc[0]
    above = first_row(units[units["code"] == own["parent_code"]])
    within = "" if above is None else words.unit_words(above)
    return {"level": own["level"], "within": within}


def _summary(facts: Facts) -> Iterator[str]:
    """Yield a sentence each on households, the plan, the capital, what was disbursed and what the period added."""
    yield from _households(facts)
    plan = first_row(facts.targets)
    if plan is not None:
        reductions = [(title, plan[f"{name}_reduction_households"]) for name, title in TITLES.items()]
        said = [f"{count(number)} {title.lower()}" for title, number in reductions if not pd.isna(number)]
        yield from [f"Kế hoạch năm {facts.year}: giảm {' và '.join(said)}."] if said else []
    funds = facts.funds.get(facts.year)
    total = None if funds is None else first_row(funds)
    if total is None or pd.isna(total["planned_vnd"]):
        return
    yield f"Vốn giao năm {facts.year}: {money(total['planned_vnd'])} triệu đồng."
    if pd.isna(total["disbursed_vnd"]):
        yield "Chưa có đủ số liệu giải ngân."
        return
    rate = f", đạt {percent(total['rate_pct'])} kế hoạch vốn" if not pd.isna(total["rate_pct"]) else ""
    rest = words.remaining(total["remaining_vnd"])
    yield f"Lũy kế giải ngân: {money(total['disbursed_vnd'])} triệu đồng{rate}; {rest}."
    if (paid := of_period(facts)) is not None:
        yield f"Trong {words.name(facts.period)} giải ngân {money(paid['vnd'])} triệu đồng."


def _households(facts: Facts) -> Iterator[str]:
    now, before = first_row(facts.review_now), first_row(facts.review_base)
    if now is None:
        return
    before = first_row(facts.review_before) if before is None or before["date"] == now["date"] else before
    said = [
        f"{title.lower()} {count(now[f'{name}_households'])} hộ ({percent(now[f'{name}_rate_pct'])})"
        for name, title in TITLES.items()
        if not pd.isna(now[f"{name}_households"])
    ]
    rate, change = now["multidimensional_rate_pct"], ""
    if before is not None and (moved := words.change(before["multidimensional_rate_pct"], rate)):
        change = f", {moved} so với {words.review_time(before['date'])}"
    if not pd.isna(rate):
        said.append(f"tỷ lệ nghèo đa chiều {percent(rate)}{change}")
    if said:
        yield f"Kết quả rà soát {words.review_time(now['date'])}: {'; '.join(said)}."


def _told(finding: Finding) -> dict[str, str]:
    why = finding.explanation
    explained = {} if why is None else {"explanation": why.text, "by": why.decided_by, "on": why.decided_on.isoformat()}
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": finding.file,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "text": str(finding),
        **explained,
    }
