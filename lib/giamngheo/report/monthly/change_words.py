"""What a report says of change: stocks since the month and the year before, units below, money of the period."""

from typing import Any

import pandas as pd

from giamngheo.report.facts import Facts, first_row
from giamngheo.report.language import words
from giamngheo.report.language.numbers import money, percent
from giamngheo.report.monthly.captions import has_parts, part_word
from giamngheo.report.monthly.poverty_words import TITLES
from giamngheo.statistics import change
from giamngheo.statistics.funding import TOTAL

_UNMOVED = "không thay đổi"


def poverty_change_context(facts: Facts) -> dict[str, Any] | None:
    """Values of poverty_change.md.j2; None where no review is compared with an earlier month."""
    eve, year = first_row(facts.change.since_eve), first_row(facts.change.since_year)
    known = [row for row in (eve, year) if row is not None]
    if not known:
        return None
    is_same = eve is not None and year is not None and eve["date_before"] == year["date_before"]
    comparisons = [] if eve is None else [_comparison(eve, words.review_time(eve["date_before"]))]
    if year is not None and not is_same:
        comparisons.append(_comparison(year, f"cùng kỳ năm trước ({words.review_time(year['date_before'])})"))
    now = known[0]
    return {
        "period": words.name(facts.period),
        "when": words.review_time(now["date"]),
        "now": now,
        "since": comparisons,
    }


def _comparison(row: pd.Series, when: str) -> dict[str, Any]:
    classes = [
        f"{title.lower()} {words.decrease(-row[f'{name}_change_households'])}, tỷ lệ {_moved(row, name)}"
        for name, title in TITLES.items()
        if not pd.isna(row[f"{name}_change_households"])
    ]
    if multidimensional := _moved(row, "multidimensional"):
        classes.append(f"tỷ lệ nghèo đa chiều {multidimensional}")
    return {"when": when, "classes": classes or ["không nêu số liệu"]}


def _moved(row: pd.Series, name: str) -> str:
    return words.change(row[f"{name}_rate_before_pct"], row[f"{name}_rate_pct"])


def parts_context(facts: Facts) -> dict[str, Any] | None:
    """Values of parts.md.j2; None where the units below have no figures."""
    if not has_parts(facts):
        return None
    parts = facts.change.parts
    known = parts.dropna(subset="multidimensional_rate_pct")
    dates = facts.part_reviews["date"]
    return {
        "letter": "c" if poverty_change_context(facts) is None else "d",
        "part": part_word(facts),
        "when": words.review_time(dates.iloc[-1]),
        "before": words.review_time(dates.iloc[-2]) if len(dates) > 1 else "",
        "highest": _rated(known.nlargest(_few(known), "multidimensional_rate_pct")),
        "lowest": _rated(known.nsmallest(_few(known), "multidimensional_rate_pct")),
        "missing": list(parts.loc[parts["date"].isna(), "name"]),
        "are_some_hidden": len(known) < parts["date"].count(),
        "moves": _moves(known, part_word(facts)),
        "best": _movers(change.best_movers(known, _few(known)), leave_out=_UNMOVED),
        "worst": _movers(change.worst_movers(known, _few(known))),
    }


def _few(parts: pd.DataFrame) -> int:
    """How many units a sentence names: three, or a third of few."""
    return max(min(3, len(parts) // 3), 1)


def _rated(parts: pd.DataFrame) -> list[str]:
    return [f"{row['name']} ({percent(row['multidimensional_rate_pct'])})" for _, row in parts.iterrows()]


def _movers(parts: pd.DataFrame, leave_out: str = "") -> list[str]:
    moved = [(row["name"], _moved(row, "multidimensional")) for _, row in parts.iterrows()]
    return [f"{name} ({said})" for name, said in moved if said != leave_out]


def _moves(parts: pd.DataFrame, part: str) -> list[str]:
    """How many units fell, rose and stayed, by the rates as shown: "07 xã giảm"; nothing where none is compared."""
    said = [text.split(" ")[0] for _, row in parts.iterrows() if (text := _moved(row, "multidimensional"))]
    named = {"giảm": "giảm", "tăng": "tăng", "không": _UNMOVED}
    return [f"{said.count(first):02} {part} {move}" for first, move in named.items() if first in said]


def capital_change_context(facts: Facts) -> dict[str, Any] | None:
    """Values of capital_change.md.j2: what was allocated in a month or quarter; None where nothing was."""
    new = facts.change.capital[facts.change.capital["planned_vnd"] > 0]
    if new.empty or facts.period.kind not in {"month", "quarter"}:
        return None
    years = [_allocated(int(year), rows, facts.year) for year, rows in sorted(new.groupby("fund_year"), reverse=True)]
    return {"period": words.name(facts.period), "allocated": years}


def _allocated(fund_year: int, rows: pd.DataFrame, year: int) -> str:
    """What was allocated of one fund: "1.123 triệu đồng vốn năm 2024 theo Quyết định số 702/QĐ-UBND"."""
    decisions = ", ".join(dict.fromkeys(text for text in rows["decision"] if text))
    said = f"{money(rows['planned_vnd'].sum())} triệu đồng {_fund(fund_year, year)}"
    return f"{said} theo Quyết định số {decisions}" if decisions else said


def _fund(fund_year: int, year: int) -> str:
    return f"vốn năm {fund_year}" if fund_year == year else f"vốn năm {fund_year} chuyển sang"


def disbursement_change_context(facts: Facts) -> dict[str, Any]:
    """Values of disbursement_change.md.j2."""
    return {
        "period": words.name(facts.period),
        "of_period": _of_period(facts),
        "unknown": _unknown(facts),
        "carried": _carried(facts),
        "year_before": _year_before(facts),
    }


def _of_period(facts: Facts) -> dict[str, Any] | None:
    """What the period disbursed of the year's money, beside the period before; None where it is unknown."""
    vnd = _total(facts.change.lines, facts.year)
    if facts.period.begin.month == 1 or pd.isna(vnd):
        return None
    before = _total(facts.change.lines_before, facts.year)
    fund = facts.funds[facts.year].iloc[0]
    return {
        "fund": _fund(facts.year, facts.year),
        "vnd": vnd,
        "share": 100 * vnd / fund["planned_vnd"] if fund["planned_vnd"] else pd.NA,
        "before": before,
        "more": vnd - before,
        "when_before": _period_before(facts),
    }


def _total(lines: pd.DataFrame, fund_year: int) -> Any:
    own = lines.loc[(lines["fund_year"] == fund_year) & (lines["source"] == TOTAL), "period_vnd"]
    return own.sum(skipna=False) if len(own) else pd.NA


def _period_before(facts: Facts) -> str:
    """The month or quarter before, by its last day."""
    period, eve = facts.period, facts.period.eve
    return words.name(type(period)(eve.year, eve.month, period.kind))


def _unknown(facts: Facts) -> str:
    """The month whose snapshot is missing, where there are others, so that the period's own amount is unknown."""
    months = facts.change.months
    known = months["disbursed_vnd"].notna() & (months["planned_vnd"] > 0)
    if facts.period.begin.month == 1 or not known.iloc[:-1].any():
        return ""
    if not known.iloc[-1]:
        return words.review_time(facts.period.cutoff)
    eve = months.loc[months["month"] == facts.period.eve.month, "disbursed_vnd"]
    return words.review_time(facts.period.eve) if eve.isna().all() else ""


def _carried(facts: Facts) -> list[dict[str, Any]]:
    """What the period disbursed of the money of each earlier year."""
    if facts.period.begin.month == 1:
        return []
    years = sorted((year for year in facts.funds if year < facts.year), reverse=True)
    amounts = [(_fund(year, facts.year), _total(facts.change.lines, year)) for year in years]
    return [{"fund": fund, "vnd": vnd} for fund, vnd in amounts if not pd.isna(vnd)]


def _year_before(facts: Facts) -> dict[str, Any] | None:
    """The rate at the same time of the year before, and how this year's compares."""
    then = facts.change.months_before[facts.change.months_before["month"] == facts.period.month]
    now = facts.change.months.iloc[-1]
    rate, rate_then = _rate(now), _rate(first_row(then))
    if rate is None or rate_then is None:
        return None
    return {
        "year": facts.year - 1,
        "cutoff": facts.period.year_before.cutoff,
        "row": then.iloc[0],
        "rate": rate_then,
        "comparison": words.above_or_below(rate, rate_then),
    }


def _rate(row: pd.Series | None) -> float | None:
    if row is None or pd.isna(row["disbursed_vnd"]) or not row["planned_vnd"]:
        return None
    return float(100 * row["disbursed_vnd"] / row["planned_vnd"])


def new_documents(facts: Facts) -> list[str]:
    """Documents issued in the month itself, where the report lists more of the year."""
    issued, begin = facts.documents("issued"), pd.Timestamp(facts.period.begin)
    new = [document for document in issued if not pd.isna(document["date"]) and document["date"] >= begin]
    if facts.period.kind != "month" or len(new) == len(issued):
        return []
    return [f"{document['kind']} số {document['number']}" for document in new]
