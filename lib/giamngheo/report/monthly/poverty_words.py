"""What part II.1 says: review results, plan, result against plan."""

from typing import Any

import pandas as pd

from giamngheo.core.rounding import shown_difference
from giamngheo.report.facts import Facts, first_row
from giamngheo.report.language import words
from giamngheo.statistics.poverty import escaped

TITLES = {"poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo"}
_EXITS = {"poor": "thoát nghèo", "near_poor": "thoát cận nghèo"}
_FLOWS = {"poor": "poor_flows", "near_poor": "near_poor_flows"}


def poverty_context(facts: Facts) -> dict[str, Any]:
    """Values of poverty.md.j2."""
    note = facts.hidden_note[:1].lower() + facts.hidden_note[1:]
    return {"year": facts.year, "review": _review(facts), "plan": _plan(facts), "hidden_note": note}


def _review(facts: Facts) -> dict[str, Any] | None:
    """The review that the year starts from beside the one a year earlier; None where there is none."""
    now = first_row(facts.review_base) if len(facts.review_base) else first_row(facts.review_now)
    if now is None:
        return None
    before = first_row(facts.review_before)
    return {
        "when": words.review_time(now["date"]),
        "before": "" if before is None else words.review_time(before["date"]),
        "flow_year": f"trong năm {now['date'].year}",
        "households": now["households"],
        "multidimensional": now["multidimensional_households"],
        "multidimensional_rate": now["multidimensional_rate_pct"],
        "multidimensional_change": _change(before, now, "multidimensional_rate_pct"),
        "classes": [_class(facts, name, now, before) for name in TITLES],
    }


def _class(facts: Facts, name: str, now: pd.Series, before: pd.Series | None) -> dict[str, Any]:
    return {
        "title": TITLES[name],
        "word": TITLES[name].lower(),
        "households": now[f"{name}_households"],
        "rate": now[f"{name}_rate_pct"],
        "minority": now[f"{name}_ethnic_minority_households"],
        "minority_share": now[f"{name}_ethnic_minority_share_pct"],
        "change": _change(before, now, f"{name}_rate_pct"),
        "rate_before": before[f"{name}_rate_pct"] if before is not None else None,
        "left": _left(facts, name, now),
        "exit_word": _EXITS[name],
    }


def _change(before: pd.Series | None, now: pd.Series, column: str) -> str:
    return "" if before is None else words.change(before[column], now[column])


def _left(facts: Facts, name: str, now: pd.Series) -> Any:
    """Households that left the class in the flows that end on the day of the review."""
    flows = facts.data[_FLOWS[name]]
    same = flows[(flows["unit_code"] == now["unit_code"]) & (flows["date"] == now["date"])]
    return escaped(same, name).iloc[0] if len(same) else pd.NA


def _plan(facts: Facts) -> dict[str, Any] | None:
    """The year's plan and, where there has been a review since, its result."""
    target, progress = first_row(facts.targets), first_row(facts.progress)
    if target is None or progress is None:
        return None
    base = first_row(facts.review_base)
    classes = [_planned_class(name, target, base) for name in TITLES]
    reductions = [entry["rate_reduction"] for entry in classes]
    return {
        "expected": target["expected_households"],
        "classes": classes,
        "multidimensional_reduction": None if None in reductions else sum(reductions),
        "done": [_done_class(name, progress) for name in TITLES if _reviewed(progress, name)],
        "done_when": "" if facts.review_now.empty else words.review_time(facts.review_now["date"].iloc[0]),
    }


def _planned_class(name: str, target: pd.Series, base: pd.Series | None) -> dict[str, Any]:
    rate = target[f"{name}_remaining_rate_pct"]
    return {
        "word": TITLES[name].lower(),
        "reduction": target[f"{name}_reduction_households"],
        "rate_reduction": None if base is None or pd.isna(rate) else shown_difference(base[f"{name}_rate_pct"], rate),
        "remaining": target[f"{name}_remaining_households"],
        "remaining_rate": rate,
    }


def _reviewed(progress: pd.Series, name: str) -> bool:
    return not pd.isna(progress[f"{name}_reduced_households"])


def _done_class(name: str, progress: pd.Series) -> dict[str, Any]:
    return {
        "word": TITLES[name].lower(),
        "reduced": progress[f"{name}_reduced_households"],
        "done_pct": progress[f"{name}_plan_done_pct"],
    }
