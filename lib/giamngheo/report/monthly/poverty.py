"""Part II.1: review results beside last year and the plan, and how they moved since."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from giamngheo.core.rounding import shown_difference
from giamngheo.report.drawing import LOOKS, Series, figure, grouped_bars, sheet
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.elements.table import ColumnKind
from giamngheo.report.facts import Facts, first_row
from giamngheo.report.formula import Formula, difference, percentage, plus, shown_less, told
from giamngheo.report.language import words
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.numbers import count, known_number, percent, points
from giamngheo.report.origins import known
from giamngheo.statistics.poverty import escaped

TITLES = {"poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo"}

_EXITS = {"poor": "thoát nghèo", "near_poor": "thoát cận nghèo"}

_FLOWS = {"poor": "poor_flows", "near_poor": "near_poor_flows"}

_CLASSES = {
    "poor": "Hộ nghèo",
    "near_poor": "Hộ cận nghèo",
    "multidimensional": "Nghèo đa chiều (hộ nghèo và hộ cận nghèo)",
}

_SERIES_LOOKS = (LOOKS[2], LOOKS[0], LOOKS[1], LOOKS[3])

_GROUPS = ("Hộ nghèo", "Hộ cận nghèo", "Nghèo đa chiều")


@dataclass(frozen=True)
class _Block:
    """A pair of columns of the table: households and rates, a row each of all households and of each class.

    is_change: they are differences. formulas: of the households and of the rates.
    """

    title: str
    households: list[Any]
    rates: list[Any]
    formulas: tuple[list[Formula | None], list[Formula | None]]
    is_change: bool = False


def poverty(facts: Facts) -> Prose:
    """Return part II.1: review results and plan."""
    note = facts.hidden_note[:1].lower() + facts.hidden_note[1:]
    values = {
        "year": facts.year,
        "review": _review(facts),
        "plan": _plan(facts),
        "hidden_note": note,
        "formed": _formed(facts),
        "left": _left_in_year(facts),
    }
    return Prose(narrative("monthly/poverty", **values))


def poverty_table(facts: Facts) -> DataTable | Prose:
    """Return households and rates of each class: a year before, at the year's start, lately, and as planned.

    Differences of rates are those of the shown rates. Empty where no review is known.
    """
    reviews = facts.reviews_shown
    if reviews.empty:
        return Prose("")
    frame = pd.DataFrame({"name": ["Tổng số hộ", *_CLASSES.values()]})
    columns = [Column("name", ("Chỉ tiêu",), "text", 3.2)]
    origins: dict[str, list[str]] = {}
    blocks = list(_blocks(facts, reviews))
    for number, block in enumerate(blocks):
        kind: ColumnKind = "points" if block.is_change else "percent"
        counts, rates = f"households_{number}", f"rate_{number}"
        frame[counts], frame[rates] = pd.array(block.households, dtype="Int64"), block.rates
        columns.append(Column(counts, (block.title, "Số hộ"), "count", 1.1))
        columns.append(Column(rates, (block.title, "Tỷ lệ"), kind, 1.2, missing=""))
        for name, formulas in zip((counts, rates), block.formulas, strict=True):
            origins[name] = [told(*pair) for pair in zip(formulas, map(known, frame[name]), strict=True)]
    is_blank = frame.filter(like="households").isna().any(axis=None) or frame.filter(like="rate")[1:].isna().any(
        axis=None
    )
    is_moved = any(block.is_change for block in blocks)
    moved = "Mức tăng (+), giảm (-) của tỷ lệ tính bằng điểm phần trăm." if is_moved else ""
    note = f"{moved} {facts.blank_note(is_blank)}".strip()
    caption = "Hộ nghèo, hộ cận nghèo" + (" so với năm trước và kế hoạch" if len(blocks) > 1 else "")
    return DataTable(frame, tuple(columns), caption, note=note, name="poverty_table", origins=origins)


def poverty_figure(facts: Facts) -> Figure | Prose:
    """Return rates of poor, near-poor and both: last year, now, plan. Empty where no review is known."""
    columns = {name: rates for name, rates in _rate_columns(facts).items() if any(rate is not None for rate in rates)}
    if not columns:
        return Prose("")
    series = [
        Series(name, values, [percent(value) for value in values], look)
        for (name, values), look in zip(columns.items(), _SERIES_LOOKS, strict=False)
    ]
    spoken = "; ".join(f"{entry.name}: {words.pairs(_GROUPS, entry.labels, between=', ')}" for entry in series)
    caption = "Tỷ lệ hộ nghèo, hộ cận nghèo và kế hoạch năm"
    alt = f"Biểu đồ cột tỷ lệ hộ nghèo, hộ cận nghèo. {spoken}."
    with sheet() as axes:
        drawn = grouped_bars(axes, _GROUPS, series, "Tỷ lệ (%)")
        return figure(drawn, alt=alt, caption=caption, name="poverty_figure")


def poverty_change(facts: Facts) -> Prose:
    """Return part II.1.c: stocks since the month and the year before; empty without a review in the month."""
    eve, year = first_row(facts.change.since_eve), first_row(facts.change.since_year)
    now = year if eve is None else eve
    if now is None:
        return Prose("")
    is_same = eve is not None and year is not None and eve["date_before"] == year["date_before"]
    comparisons = [] if eve is None else [_comparison(facts, eve, words.review_time(eve["date_before"]))]
    if year is not None and not is_same:
        comparisons.append(_comparison(facts, year, f"cùng kỳ năm trước ({words.review_time(year['date_before'])})"))
    when = words.review_time(now["date"])
    period = words.name(facts.period)
    return Prose(
        narrative("monthly/poverty_change", period=period, when=when, now=_known(facts, now), since=comparisons)
    )


def has_change(facts: Facts) -> bool:
    """Return whether a review of the month is compared with that of an earlier month."""
    return len(facts.change.since_eve) + len(facts.change.since_year) > 0


def _known(facts: Facts, now: pd.Series) -> list[str]:
    """Return what is known of each class in words; that nothing is where it is so."""
    said = [f"{title.lower()} {words_of}" for name, title in TITLES.items() if (words_of := _said(facts, now, name))]
    rate = now["multidimensional_rate_pct"]
    both = [] if pd.isna(rate) and not facts.hidden_note else [f"tỷ lệ nghèo đa chiều {percent(rate)}"]
    return [*said, *both] or [words.UNKNOWN]


def _said(facts: Facts, now: pd.Series, name: str) -> str:
    said = share(facts, now, name)
    return "" if said == words.UNKNOWN else said


def _comparison(facts: Facts, row: pd.Series, when: str) -> dict[str, Any]:
    classes = [moved for name, title in TITLES.items() if (moved := _class_moved(row, name, title.lower()))]
    if multidimensional := rate_moved(row, "multidimensional"):
        classes.append(f"tỷ lệ nghèo đa chiều {multidimensional}")
    return {"when": when, "classes": classes or ["không nêu số liệu" if facts.hidden_note else words.UNKNOWN]}


def _class_moved(row: pd.Series, name: str, word: str) -> str:
    """Return how a class and its rate moved, "hộ nghèo giảm 14 hộ, tỷ lệ giảm 0,21%": what is known of it."""
    households, rate = row[f"{name}_change_households"], rate_moved(row, name)
    if pd.isna(households):
        return f"tỷ lệ {word} {rate}" if rate else ""
    return f"{word} {words.decrease(-households)}" + (f", tỷ lệ {rate}" if rate else "")


def rate_moved(row: pd.Series, name: str) -> str:
    """Return how the rate of a class moved, in words, in a row of statistics.change.stock_changes."""
    return words.change(row[f"{name}_rate_before_pct"], row[f"{name}_rate_pct"])


def _formed(facts: Facts) -> dict[str, Any] | None:
    """Return what the reporting unit was made from, and whether of whole units; None of one that was not made so."""
    parts = facts.predecessors
    last = parts[parts["valid_to"] == parts["valid_to"].max()]
    if len(last) < 2 and last["whole"].all():
        return None
    return {
        "unit": facts.unit[:1].upper() + facts.unit[1:],
        "day": last["valid_to"].iloc[0] + pd.Timedelta(days=1),
        "parts": ", ".join(map(words.unit_words, last.to_dict("records"))),
        "whole": bool(last["whole"].all()),
    }


def _review(facts: Facts) -> dict[str, Any] | None:
    """Return the review that the year starts from beside the one a year earlier; None where there is none."""
    now = first_row(facts.review_base) if len(facts.review_base) else first_row(facts.review_now)
    if now is None:
        return None
    before = first_row(facts.review_before)
    before = None if before is None or before["date"] >= now["date"] else before
    return {
        "when": words.review_time(now["date"]),
        "before": "" if before is None else words.review_time(before["date"]),
        "flow_year": f"trong năm {now['date'].year}",
        "multidimensional": share(facts, now, "multidimensional"),
        "multidimensional_change": _change(before, now, "multidimensional_rate_pct"),
        "classes": [_class(facts, name, now, before) for name in TITLES],
    }


def share(facts: Facts, row: pd.Series, name: str) -> str:
    """Return the households of a class among all and their rate in words, of a row of poverty.rates."""
    return _part_of(facts)(row[f"{name}_households"], row["households"], row[f"{name}_rate_pct"])


def _part_of(facts: Facts) -> Callable[[Any, Any, Any], str]:
    """Return how a part of households is said: what a reader is not shown has a sign, what nobody knows is left out."""
    return words.hidden_part_of if facts.hidden_note else words.part_of


def _class(facts: Facts, name: str, now: pd.Series, before: pd.Series | None) -> dict[str, Any]:
    minority = f"{name}_ethnic_minority_households"
    return {
        "title": TITLES[name],
        "word": TITLES[name].lower(),
        "share": share(facts, now, name),
        "minority": now[minority],
        "minority_part": _part_of(facts)(
            now[minority], now[f"{name}_households"], now[f"{name}_ethnic_minority_share_pct"]
        ),
        "change": _change(before, now, f"{name}_rate_pct"),
        "rate_before": before[f"{name}_rate_pct"] if before is not None else None,
        "left": _left(facts, name, now),
        "exit_word": _EXITS[name],
    }


def _change(before: pd.Series | None, now: pd.Series, column: str) -> str:
    return "" if before is None else words.change(before[column], now[column])


def _left(facts: Facts, name: str, now: pd.Series) -> Any:
    """Return households that left the class in the flows that end on the day of the review."""
    flows = facts.data[_FLOWS[name]]
    same = flows[(flows["unit_code"] == now["unit_code"]) & (flows["date"] == now["date"])]
    return escaped(same, name).iloc[0] if len(same) else pd.NA


def review_of_year(facts: Facts) -> pd.Series | None:
    """Return the annual review in the internal report of its year, which says how many left poverty in the year."""
    now = first_row(facts.review_now)
    if now is None or facts.period.kind != "year" or facts.audience == "public":
        return None
    return now if now["date"].year == facts.year else None


def _left_in_year(facts: Facts) -> list[str]:
    now = review_of_year(facts)
    left = {} if now is None else {name: _left(facts, name, now) for name in TITLES}
    return [f"{count(number)} hộ {_EXITS[name]}" for name, number in left.items() if not pd.isna(number)]


def _plan(facts: Facts) -> dict[str, Any] | None:
    """Return the year's plan and, where there has been a review since, its result."""
    target, progress = first_row(facts.targets), first_row(facts.progress)
    if target is None or progress is None:
        return None
    base = first_row(facts.review_base)
    classes = [entry for name in TITLES if (entry := _planned_class(facts, name, target))]
    return {
        "classes": classes,
        "multidimensional_reduction": target["multidimensional_reduction_pp"],
        "done": [_done_class(name, progress) for name in TITLES if _reviewed(progress, name)],
        "is_base_known": base is not None and not all(pd.isna(base[f"{name}_households"]) for name in TITLES),
        "is_reviewed": base is not None and facts.review_now["date"].iloc[0] > base["date"],
        "done_when": "" if facts.review_now.empty else words.review_time(facts.review_now["date"].iloc[0]),
    }


def _planned_class(facts: Facts, name: str, target: pd.Series) -> dict[str, str]:
    """Return what a plan says of a class, and what it leaves of it; nothing of a class of which it says nothing."""
    word, households, fall = (
        TITLES[name].lower(),
        target[f"{name}_reduction_households"],
        target[f"{name}_reduction_pp"],
    )
    if pd.isna(households) and pd.isna(fall) and not facts.hidden_note:
        return {}
    goal = f"Giảm {count(households)} {word}, tương ứng giảm tỷ lệ {points(fall)}"
    if not facts.hidden_note and pd.isna(fall):
        goal = f"Giảm {count(households)} {word}"
    elif not facts.hidden_note and pd.isna(households):
        goal = f"Giảm tỷ lệ {word} {points(fall)}"
    left = target[f"{name}_remaining_households"], target["expected_households"], target[f"{name}_remaining_rate_pct"]
    if facts.hidden_note or not pd.isna(left[0]):
        return {"goal": goal, "remaining": f"đến cuối năm còn {_part_of(facts)(*left)}"}
    return {"goal": goal, "remaining": "" if pd.isna(left[2]) else f"đến cuối năm tỷ lệ còn {percent(left[2])}"}


def _reviewed(progress: pd.Series, name: str) -> bool:
    return not (pd.isna(progress[f"{name}_reduced_households"]) and pd.isna(progress[f"{name}_reduced_pp"]))


def _done_class(name: str, progress: pd.Series) -> dict[str, Any]:
    households, word = progress[f"{name}_reduced_households"], TITLES[name].lower()
    of_rate = words.change(progress[f"{name}_reduced_pp"], 0.0)
    moved = f"tỷ lệ {word} {of_rate}" if pd.isna(households) else f"{word} {words.decrease(households)}"
    return {"moved": moved, "done_pct": progress[f"{name}_plan_done_pct"]}


def _blocks(facts: Facts, reviews: pd.DataFrame) -> Iterator[_Block]:
    """Yield the reviews, the change between the last two and what is planned."""
    blocks = [_review_block(facts, row) for _, row in reviews.iterrows()]
    yield from blocks
    if len(blocks) > 1:
        yield _change_block(*blocks[-2:])
    target = first_row(facts.targets)
    if target is not None:
        yield _plan_block(facts, target)


def _review_block(facts: Facts, row: pd.Series) -> _Block:
    households = [row["households"], *(row[f"{name}_households"] for name in _CLASSES)]
    rates = [None, *(row[f"{name}_rate_pct"] for name in _CLASSES)]
    return _Block(words.review_time(row["date"]).capitalize(), households, rates, _review_formulas(facts, row))


def _review_formulas(facts: Facts, row: pd.Series) -> tuple[list[Formula | None], list[Formula | None]]:
    """Return the formulas of the households of a review and of their rates."""
    if facts.origins is None:
        return _NO_FORMULAS
    columns = [("households",), *CLASS_COLUMNS.values()]
    counts = [facts.origins.review(row["unit_code"], row["date"], *names) for names in columns]
    return counts, [None, *(percentage(count, counts[0]) for count in counts[1:])]


CLASS_COLUMNS = {
    "poor": ("poor_households",),
    "near_poor": ("near_poor_households",),
    "multidimensional": ("poor_households", "near_poor_households"),
}
"""The columns of the reviews that each class is the sum of."""

_NO_FORMULAS: tuple[list[Formula | None], list[Formula | None]] = ([None] * 4, [None] * 4)


def _change_block(before: _Block, now: _Block) -> _Block:
    households = [later - earlier for later, earlier in zip(now.households, before.households, strict=True)]
    rates = [difference_pp(*pair) for pair in zip(now.rates[1:], before.rates[1:], strict=True)]
    counts, shares = (list(zip(*both, strict=True)) for both in zip(now.formulas, before.formulas, strict=True))
    formulas = [difference(*pair) for pair in counts], [shown_less(*pair) for pair in shares]
    return _Block("Tăng (+), giảm (-)", households, [None, *rates], formulas, is_change=True)


def difference_pp(now: float, before: float) -> float | None:
    """Return the difference of two rates as shown, None where one is unknown."""
    return None if pd.isna(now) or pd.isna(before) else float(shown_difference(now, before))


def _plan_block(facts: Facts, target: pd.Series) -> _Block:
    households = [
        target["expected_households"],
        *(target[f"{name}_remaining_households"] for name in _CLASSES),
    ]
    rates = [None, *(target[f"{name}_remaining_rate_pct"] for name in _CLASSES)]
    return _Block(f"Kế hoạch {facts.year}", households, rates, _plan_formulas(facts, target))


def _plan_formulas(facts: Facts, target: pd.Series) -> tuple[list[Formula | None], list[Formula | None]]:
    """Return the formulas of the households that the plan leaves and of their rates."""
    base = first_row(facts.review_base)
    if facts.origins is None or base is None:
        return _NO_FORMULAS
    unit, origins = target["unit_code"], facts.origins
    expected = origins.row("plans", unit, "expected_households", facts.year)
    poor, near_poor = (
        difference(
            origins.review(unit, base["date"], f"{name}_households"),
            origins.row("plans", unit, f"{name}_reduction_households", facts.year),
        )
        for name in TITLES
    )
    counts = [expected, poor, near_poor, plus(poor, near_poor)]
    return counts, [None, *(percentage(count, expected) for count in counts[1:])]


def _rate_columns(facts: Facts) -> dict[str, list[float | None]]:
    """Return rates of the three groups by the time they are of, in order of time."""
    columns = {
        words.review_time(row["date"]).capitalize(): [
            known_number(row[f"{name}_rate_pct"]) for name in (*TITLES, "multidimensional")
        ]
        for _, row in facts.reviews_shown.iterrows()
    }
    target = first_row(facts.targets)
    if columns and target is not None:
        planned = [known_number(target[f"{name}_remaining_rate_pct"]) for name in (*TITLES, "multidimensional")]
        columns[f"Kế hoạch {facts.year}"] = planned
    return columns
