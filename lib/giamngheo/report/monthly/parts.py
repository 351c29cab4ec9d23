"""The units below the reporting one: highest and lowest rates, best and worst movers, ranks."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from giamngheo.regulation import NoRuleInForceError, UnknownRuleError
from giamngheo.regulation.units import unit
from giamngheo.report.drawing import (
    CLASS_LOOKS,
    MOST_BARS,
    Place,
    Ring,
    Series,
    area_map,
    circle_map,
    figure,
    sheet,
    stacked_bars,
)
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.formula import Formula, percentage, shown_less, told
from giamngheo.report.language import words
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.numbers import known_number, percent
from giamngheo.report.monthly.poverty import CLASS_COLUMNS, TITLES, difference_pp, has_change, rate_moved
from giamngheo.report.origins import Origins, known
from giamngheo.statistics import change

_UNMOVED = "không thay đổi"

_RANKS_NOTE = "Hạng theo tỷ lệ nghèo đa chiều: 1 là cao nhất."
_PARTS_NOTE = (
    "Hạng theo tỷ lệ nghèo đa chiều: 1 là cao nhất; hạng theo mức thay đổi: 1 là giảm nhiều nhất. Mức tăng (+),"
    " giảm (-) tính bằng điểm phần trăm."
)

_SHARE_NOTE = "Tỷ trọng là phần của từng {} trong số hộ nghèo, hộ cận nghèo của {}."

_SHOWN_ONLY_NOTE = "Hạng chỉ tính trong các đơn vị nêu số liệu."


def parts(facts: Facts) -> Prose:
    """Return the units below in words: highest and lowest rates, best and worst movers; empty without their figures."""
    parts = facts.change.parts
    if parts.empty:
        return Prose("")
    rated = parts.dropna(subset="multidimensional_rate_pct")
    compared = rated.dropna(subset="multidimensional_change_pp")
    dates = facts.part_reviews["date"]
    counted, share = listed_share(facts)
    values = {
        "letter": "d" if has_change(facts) else "c",
        "part": facts.part_word,
        "when": _when(facts),
        "before": words.review_time(dates.iloc[-2]) if len(dates) > 1 else "",
        **_ends(rated),
        "share": "" if pd.isna(share) else percent(share),
        "counted": len(counted),
        "whole": facts.whole_unit,
        "missing": list(parts.loc[parts["date"].isna(), "name"]),
        "listed": len(parts),
        "are_some_unknown": len(rated) < parts["date"].count() or facts.lists_some,
        "is_hidden": bool(facts.hidden_note),
        "divided": _divided(facts),
        "moves": _moves(rated, facts.part_word),
        **(_best_and_worst(compared) if len(set(_movements(compared))) > 1 else {"best": [], "worst": []}),
    }
    return Prose(narrative("monthly/parts", **values))


def parts_table(facts: Facts) -> DataTable | Prose:
    """Return households and rates of the units below, their ranks and how the multidimensional rate moved."""
    parts, whole = facts.change.parts, facts.part_reviews
    if parts.empty:
        return Prose("")
    total = whole.tail(1).assign(name=facts.whole_unit.capitalize(), rate_rank=pd.NA, change_rank=pd.NA)
    total = total.assign(multidimensional_rate_before_pct=whole["multidimensional_rate_pct"].iloc[0])
    moved = len(whole) > 1
    frame = pd.concat([parts, total if moved else total.assign(multidimensional_rate_before_pct=pd.NA)])
    frame = frame.reset_index(drop=True)
    frame["share_pct"] = change.shares(frame, whole.tail(1))
    rates = zip(frame["multidimensional_rate_pct"], frame["multidimensional_rate_before_pct"], strict=True)
    frame["change"] = [difference_pp(now, before) for now, before in rates]
    names = [column.name for column in _parts_columns(facts)]
    frame = frame[["unit_code", *names]]
    shown = [column.name for column in _parts_columns(facts) if column.missing]
    is_blank = frame[shown].isna().any(axis=None)
    some = f"{facts.some_note} {_SHARE_NOTE.format(facts.part_word, facts.whole_unit)}" if facts.lists_some else ""
    ranks = _PARTS_NOTE if moved else _RANKS_NOTE
    notes = (ranks, some, facts.hidden_note and _SHOWN_ONLY_NOTE, facts.blank_note(is_blank))
    note = " ".join(filter(None, notes))
    caption = f"Hộ nghèo, hộ cận nghèo theo {facts.part_word} {_when(facts)}"
    return DataTable(
        frame,
        _parts_columns(facts),
        caption,
        strong_rows=(len(parts),),
        note=note,
        name="parts_table",
        origins=_origins(facts, frame),
    )


def _origins(facts: Facts, frame: pd.DataFrame) -> dict[str, list[str]]:
    """Return where the households, rates and changes of the units come from, cell by cell."""
    if facts.origins is None:
        return {}
    days, own = facts.part_reviews["date"], facts.data.form["unit_code"]
    whole = facts.origins.review(own, days.iloc[-1], *CLASS_COLUMNS["multidimensional"])
    rows = [_formulas(facts.origins, unit, days, whole) for unit in [*frame["unit_code"].iloc[:-1], own]]
    return {
        name: [told(row[name], known(value)) for row, value in zip(rows, frame[name], strict=True)]
        for name in rows[0]
        if name in frame
    }


def _formulas(origins: Origins, unit: str, days: pd.Series, whole: Formula | None) -> dict[str, Formula | None]:
    """Return the formulas of a unit's row by column; whole: of the households that its own are a share of."""
    found = {"households": origins.review(unit, days.iloc[-1], "households")}
    for name, columns in CLASS_COLUMNS.items():
        found[f"{name}_households"] = origins.review(unit, days.iloc[-1], *columns)
        found[f"{name}_rate_pct"] = percentage(found[f"{name}_households"], found["households"])
    before = origins.review(unit, days.iloc[0], *CLASS_COLUMNS["multidimensional"])
    found["share_pct"] = percentage(found["multidimensional_households"], whole)
    rate_before = percentage(before, origins.review(unit, days.iloc[0], "households"))
    found["change"] = shown_less(found["multidimensional_rate_pct"], rate_before)
    return found


def parts_figure(facts: Facts) -> Figure | Prose:
    """Return rates of the poor and near-poor of the whole unit and the units below, the highest first, not too many."""
    if facts.change.parts.empty:
        return Prose("")
    rates = [f"{name}_rate_pct" for name in (*TITLES, "multidimensional")]
    rated = facts.change.parts.dropna(subset=rates)
    if rated.empty:
        return Prose("")
    parts = rated.sort_values("multidimensional_rate_pct", ascending=False, kind="stable")
    whole = facts.part_reviews.tail(1).dropna(subset=rates)
    whole = whole.assign(name=facts.whole_unit.capitalize())
    rows = pd.concat([whole, parts.head(MOST_BARS)], ignore_index=True)
    names, totals = list(rows["name"]), [percent(rate) for rate in rows["multidimensional_rate_pct"]]
    series = [
        Series(title, [float(rate) for rate in rows[f"{name}_rate_pct"]], totals, CLASS_LOOKS[name])
        for name, title in TITLES.items()
    ]
    spoken = words.pairs(names, totals)
    most = f", {MOST_BARS} {facts.part_word} cao nhất" if len(parts) > MOST_BARS else ""
    alt = f"Biểu đồ thanh tỷ lệ nghèo đa chiều theo {facts.part_word}{most}, gồm hộ nghèo và hộ cận nghèo. {spoken}."
    axis = f"Tỷ lệ hộ nghèo, hộ cận nghèo (%){most}"
    caption = f"Tỷ lệ nghèo đa chiều theo {facts.part_word} {_when(facts)}"
    with sheet() as axes:
        return figure(stacked_bars(axes, names, series, axis), alt=alt, caption=caption, name="parts_figure")


_FEWEST_ON_MAP = 3


def parts_map(facts: Facts) -> Figure | Prose:
    """Return the units below on a map: circles at their centres, or the areas of the office's own file, by their rates.

    Empty of fewer than three units whose place is known; those without a place are named in the caption.
    """
    known = facts.change.parts.dropna(subset="multidimensional_rate_pct")
    places = {code: place for code, place in _places(facts).items() if code in set(known["unit_code"])}
    areas = {code: rings for code, rings in facts.areas.items() if code in places}
    of_area = len(areas) >= _FEWEST_ON_MAP
    shown = [place for place in places.values() if not of_area or place.code in areas]
    if len(shown) < _FEWEST_ON_MAP:
        return Prose("")
    absent = len(facts.change.parts) - len(shown)
    lacking = f"; {absent} {facts.part_word} không có trên bản đồ" if absent else ""
    caption = f"Bản đồ tỷ lệ nghèo đa chiều theo {facts.part_word} {_when(facts)}{lacking}"
    spoken = words.pairs([place.name for place in shown], [percent(place.rate) for place in shown])
    how = "vùng đậm là tỷ lệ cao" if of_area else "vòng tròn to là nhiều hộ, đậm là tỷ lệ cao"
    alt = f"{caption}, {how}. {spoken}."
    with sheet() as axes:
        if of_area:
            area_map(axes, areas, shown, "Tỷ lệ (%)")
        else:
            circle_map(axes, shown, ("Số hộ", "Tỷ lệ (%)"))
        return figure(axes, alt=alt, caption=caption, name="parts_map")


def _places(facts: Facts) -> dict[str, Place]:
    """Return by their codes the units below whose centre is known: from the register, or the middle of their area."""
    found = {}
    for _, row in facts.change.parts.iterrows():
        rings = facts.areas.get(row["unit_code"])
        centre = _middle(rings) if rings else _centre(row["unit_code"], facts)
        if centre is not None:
            number, rate = (known_number(row[f"multidimensional_{of}"]) for of in ("households", "rate_pct"))
            found[row["unit_code"]] = Place(row["unit_code"], row["name"], centre, number, rate)
    return found


def _centre(code: str, facts: Facts) -> tuple[float, float] | None:
    """Return the centre of a unit in degrees east and north as the register has it; None of a made-up unit."""
    try:
        centre = unit(code, on=facts.period.cutoff).centre
    except (UnknownRuleError, NoRuleInForceError):
        return None
    return (centre[1], centre[0]) if centre else None


def _middle(rings: Sequence[Ring]) -> tuple[float, float]:
    largest = max(rings, key=len)
    east, north = zip(*largest, strict=True)
    return (min(east) + max(east)) / 2, (min(north) + max(north)) / 2


def listed_share(facts: Facts) -> tuple[list[str], Any]:
    """Return the codes of the units of a list of some that have counts, and their share of the whole (change.shares).

    None where the list has all.
    """
    known = facts.change.parts.dropna(subset="multidimensional_households")
    if not facts.lists_some or known.empty:
        return [], pd.NA
    together = known[["multidimensional_households"]].sum().to_frame().T
    return list(known["unit_code"]), change.shares(together, facts.part_reviews.tail(1)).iloc[0]


def _when(facts: Facts) -> str:
    """Return when the latest figures of the units below are from."""
    return words.review_time(facts.part_reviews["date"].iloc[-1])


def _few(parts: pd.DataFrame) -> int:
    """Return how many units a sentence names: three, or a third of few."""
    return max(min(3, len(parts) // 3), 1)


def _ends(rated: pd.DataFrame) -> dict[str, Any]:
    """Return the units of the highest and lowest rates, or the one rate of all: of one unit neither is said."""
    shown = set(map(percent, rated["multidimensional_rate_pct"]))
    few = _few(rated) if len(shown) > 1 else 0
    highest = rated.nlargest(few, "multidimensional_rate_pct")
    lowest = rated.drop(index=highest.index).nsmallest(few, "multidimensional_rate_pct")  # of a tie, another unit
    return {
        "highest": _rated(highest),
        "lowest": _rated(lowest),
        "same": shown.pop() if len(shown) == 1 and len(rated) > 1 else "",
        "shown": len(rated),
    }


def _best_and_worst(compared: pd.DataFrame) -> dict[str, list[str]]:
    few = _few(compared)
    return {
        "best": _movers(change.best_movers(compared, few), leave_out=_UNMOVED),
        "worst": _movers(change.worst_movers(compared, few)),
    }


def _rated(parts: pd.DataFrame) -> list[str]:
    return [f"{row['name']} ({percent(row['multidimensional_rate_pct'])})" for _, row in parts.iterrows()]


def _movers(parts: pd.DataFrame, leave_out: str = "") -> list[str]:
    moved = zip(parts["name"], _movements(parts), strict=True)
    return [f"{name} ({said})" for name, said in moved if said != leave_out]


def _movements(parts: pd.DataFrame) -> list[str]:
    """Return how the shown rate of each unit moved, in words; "" where it is not compared."""
    return [rate_moved(row, "multidimensional") for _, row in parts.iterrows()]


def _divided(facts: Facts) -> list[str]:
    """Return the units without figures of the earlier day, as one of those that they were made from was divided."""
    parts = facts.change.parts
    blank = parts["date"].notna() & parts["date_before"].isna() & parts["unit_code"].isin(facts.divided)
    return list(parts.loc[blank, "name"]) if len(facts.part_reviews) > 1 else []


def _moves(parts: pd.DataFrame, part: str) -> list[str]:
    """Return how many units fell, rose and stayed by the shown rates, "07 xã giảm"; none where none is compared."""
    said = [text.split(" ")[0] for text in _movements(parts) if text]
    named = {"giảm": "giảm", "tăng": "tăng", "không": _UNMOVED}
    return [f"{said.count(first):02} {part} {move}" for first, move in named.items() if first in said]


def _parts_columns(facts: Facts) -> tuple[Column, ...]:
    dates = facts.part_reviews["date"]
    since = f"So với {words.review_time(dates.iloc[-2])}" if len(dates) > 1 else ""
    change = (
        Column("change", (since, "Tăng, giảm"), "points", 1.1),
        Column("change_rank", (since, "Hạng"), "count", 0.7, missing=""),
    )
    share = [Column("share_pct", ("Nghèo đa chiều", "Tỷ trọng"), "percent", 1)] if facts.lists_some else []
    return (
        Column("name", (facts.part_word.capitalize(),), "text", 2.2),
        Column("households", ("Tổng số hộ",), "count", 1),
        Column("poor_households", ("Hộ nghèo", "Số hộ"), "count", 0.9),
        Column("poor_rate_pct", ("Hộ nghèo", "Tỷ lệ"), "percent", 1),
        Column("near_poor_households", ("Hộ cận nghèo", "Số hộ"), "count", 0.9),
        Column("near_poor_rate_pct", ("Hộ cận nghèo", "Tỷ lệ"), "percent", 1),
        Column("multidimensional_rate_pct", ("Nghèo đa chiều", "Tỷ lệ"), "percent", 1),
        *share,
        Column("rate_rank", ("Nghèo đa chiều", "Hạng"), "count", 0.7, missing=""),
        *(change if since else ()),
    )
