"""Part II: how households and persons came and went since the review before."""

from dataclasses import replace
from typing import Any

import pandas as pd

from giamngheo.households.flows import FLOWS, OTHER_CLASS
from giamngheo.report.drawing import Band, alluvial, figure, sheet
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.numbers import count
from giamngheo.report.review.facts import HouseholdFacts
from giamngheo.report.review.results import CLASS_WORDS, named, table_by_unit

_CLASS_NAMES = {"poor": "nghèo", "near_poor": "cận nghèo"}

_FLOW_WORDS = {
    "opening": "(1) Đầu kỳ",
    "left_to_other_class": "(2) Sang {other}",
    "left_above": "(3) Vượt chuẩn cận nghèo",
    "other_decrease": "(4) Giảm khác",
    "entered_from_other_class": "(5) Từ {other}",
    "fell_back": "(6) Tái {this}",
    "new": "(7) Phát sinh",
    "other_increase": "(8) Tăng khác",
    "closing": "(9) Cuối kỳ",
}

_MOVED_INSIDE = (
    "Các dòng không cộng thành dòng cuối: hộ chuyển trong nội bộ là giảm khác, tăng khác của từng đơn vị, không phải "
    "của cả đơn vị báo cáo."
)

_ABOVE = "above"

_ABSENT = ""

_ENDS = {
    "poor": "Hộ nghèo",
    "near_poor": "Hộ cận nghèo",
    _ABOVE: "Trên chuẩn",
    _ABSENT: "Tăng, giảm khác",
}


def flow_text(facts: HouseholdFacts) -> Prose:
    """Return part II: what changed since the review before.

    Who was near-poor and became poor left the class and did not escape it (poverty.escaped).
    """
    classes, leaving = [], {"poor": "thoát", "near_poor": "ra khỏi diện"}
    for name, word, other in (("poor", "nghèo", "cận nghèo"), ("near_poor", "cận nghèo", "nghèo")):
        if not facts.has_flows:
            break
        row = facts.flows[name].iloc[-1]
        counts = {flow: row[f"{flow}_households"] for flow in FLOWS}
        words = {"title": CLASS_WORDS[name], "word": word, "other": other, "leaving": leaving[name]}
        classes.append(words | counts)
    return Prose(narrative("review/flows", classes=classes, are_hidden=bool(facts.flows) and not classes))


def poor_flows(facts: HouseholdFacts) -> DataTable | Prose:
    """Return the official flow table of the poor, in households; empty without last year's file."""
    return _flow_table(facts, "poor", "households", caption="Diễn biến hộ nghèo (hộ)")


def poor_flows_persons(facts: HouseholdFacts) -> DataTable | Prose:
    """Return the same in persons; not for the public."""
    return _flow_table(facts, "poor", "persons", caption="Diễn biến hộ nghèo (khẩu)")


def near_poor_flows(facts: HouseholdFacts) -> DataTable | Prose:
    """Return the official flow table of the near-poor, in households; empty without last year's file."""
    return _flow_table(facts, "near_poor", "households", caption="Diễn biến hộ cận nghèo (hộ)")


def near_poor_flows_persons(facts: HouseholdFacts) -> DataTable | Prose:
    """Return the same in persons; not for the public."""
    return _flow_table(facts, "near_poor", "persons", caption="Diễn biến hộ cận nghèo (khẩu)")


def classes_figure(facts: HouseholdFacts) -> Figure | Prose:
    """Return how the poor and the near-poor came and went: the flows of the official tables, as bands.

    Empty without last year's file, or where a public reader is told no flow.
    """
    bands = _bands(facts)
    told = [band for band in bands if band.households]
    if not told:
        return Prose("")
    spoken = "; ".join(f"từ {_ENDS[b.before]} sang {_ENDS[b.now]} {count(b.households)} hộ" for b in told)
    ends = ("Kỳ trước", f"Năm {facts.review.day.year}")
    with sheet() as axes:
        drawn = alluvial(axes, _ENDS, bands, ends)
        caption, alt = (
            "Hộ chuyển giữa các nhóm từ kỳ trước sang kỳ này",
            f"Sơ đồ dòng hộ giữa hai kỳ rà soát: {spoken}.",
        )
        return figure(drawn, alt=alt, caption=caption, name="classes_figure")


def _flow_table(facts: HouseholdFacts, name: str, counted: str, *, caption: str) -> DataTable | Prose:
    """Return how the households or persons of a class came and went; empty without last year's file.

    The public reads the households of the whole only, and nothing where no flow is published.
    """
    shown = facts.flows.get(name, pd.DataFrame())
    if f"opening_{counted}" not in shown or not facts.has_flows:
        return Prose("")
    words = {"this": _CLASS_NAMES[name], "other": _CLASS_NAMES["near_poor" if name == "poor" else "poor"]}
    columns = [Column("name", ("Đơn vị",), "text", 2.2)]
    columns += [
        Column(f"{flow}_{counted}", (_FLOW_WORDS[flow].format(**words),), "count") for flow in FLOWS if flow != "left"
    ]
    called = f"{name}_flows" if counted == "households" else f"{name}_flows_{counted}"
    table = table_by_unit(facts, named(facts, shown), columns, caption=caption, name=called)
    counts = shown[[column.name for column in columns[1:]]]
    adds_up = len(counts) == 1 or counts.iloc[:-1].sum().equals(counts.iloc[-1])
    return table if adds_up else replace(table, note=_MOVED_INSIDE)


def _bands(facts: HouseholdFacts) -> list[Band]:
    """Return the flows of the unit as bands; without households where they are not told."""
    found: dict[tuple[str, str], Any] = {}
    for name, table in facts.flows.items():
        row = table.iloc[-1]
        flow = {column.removesuffix("_households"): row[column] for column in row.index}
        found[name, name] = flow["opening"] - flow["left"] - flow["other_decrease"]
        found[name, OTHER_CLASS[name]] = flow["left_to_other_class"]
        found[name, _ABOVE] = flow["left_above"]
        found[name, _ABSENT] = flow["other_decrease"]
        found[_ABOVE, name] = flow["fell_back"] + flow["new"]
        found[_ABSENT, name] = flow["other_increase"]
    return [Band(*ends, None if pd.isna(size) else int(size)) for ends, size in found.items()]
