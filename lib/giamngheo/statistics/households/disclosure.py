"""Which cells of a public review are left out: all its tables as one system of sums.

A cell is named (table, unit, ...). The tables of one level of units are protected together; those of another level, or
of another year, are another system: publish one of them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pandas as pd

from giamngheo.statistics.households.classification import CLASSES
from giamngheo.statistics.households.flows import OTHER_CLASS
from giamngheo.statistics.households.printed import Printed
from giamngheo.statistics.households.suppression import Cell, Published, Sum, hidden_cells

MAJORITY = "Kinh"
"""The people that is no ethnic minority."""

Hidden = frozenset[Cell]

Entry = tuple[dict[Cell, int], set[Cell]]
"""The cells of one sum, the whole first, and those of them that no table prints."""

_LEAVING = ("left_to_other_class", "left_above", "other_decrease")
_COMING = ("entered_from_other_class", "fell_back", "new", "other_increase")
_PARTITIONS = ("group",)
_DEAR_UNIT, _DEAR_ALL, _DEAR_CLASS = 1e6, 1e6, 1e3


def hidden_of(printed: Printed) -> Hidden:
    """The cells of a public review that are left out of every table, figure and sentence."""
    whole = str(printed.summary["unit_code"].iloc[-1])
    values: dict[Cell, int] = {}
    sums: list[Sum] = []
    implied: set[Cell] = set()
    for found in (
        _classes(printed),
        _parts(printed, whole),
        _flows(printed),
        _peoples(printed, whole),
        _burdens(printed),
    ):
        for entry, rest in found:
            values |= entry
            cells = tuple(entry)
            sums.append(Sum(cells[0], cells[1:]))
            implied |= rest
    sums += _over_units(values, whole)
    dear = {cell: _dearness(cell, whole) for cell in values}
    return hidden_cells(Published(values, sums, frozenset(implied), dear))


def flow_cell(unit: str, name: str, flow: str) -> Cell:
    """The cell of a flow: what leaves one class for the other is what enters that one, what closes is the class."""
    if flow == "closing":
        return ("class", unit, name)
    if name == "near_poor" and flow in {"left_to_other_class", "entered_from_other_class"}:
        other = {"left_to_other_class": "entered_from_other_class", "entered_from_other_class": "left_to_other_class"}
        return ("flow", unit, OTHER_CLASS[name], other[flow])
    return ("flow", unit, name, flow)


def _classes(printed: Printed) -> Iterator[Entry]:
    known = not printed.summary["average_households"].isna().any()
    for row in printed.summary.to_dict("records"):
        unit, every = str(row["unit_code"]), int(row["households"])
        kinds = {name: int(row[f"{name}_households"]) for name in (CLASSES[:3] if known else CLASSES[:2])}
        parts: dict[Cell, int] = {("class", unit, name): count for name, count in kinds.items()}
        rest: Cell = ("class", unit, "rest")
        yield {("class", unit, "all"): every} | parts | {rest: every - sum(kinds.values())}, {rest}


def _parts(printed: Printed, whole: str) -> Iterator[Entry]:
    """Parts of the classes of the whole; of each unit those that the heat map shows.

    The groups make up their class where every household has one; every part has a rest of its own.
    """
    for name, table in printed.parts.items():
        for (unit, kind), rows in table.groupby(["unit_code", "class"]):
            if unit != whole and (name, kind) != ("indicator", "poor"):
                continue
            of_class: dict[Cell, int] = {("class", str(unit), str(kind)): int(rows["of_households"].iloc[0])}
            counts = dict(zip(rows[name], map(int, rows["households"]), strict=True))
            whole_of = [tuple(code for code in counts if code != "ethnic_minority")] if name in _PARTITIONS else []
            for codes in (*whole_of, *((code,) for code in counts)):
                cells: dict[Cell, int] = {("part", str(unit), str(kind), name, code): counts[code] for code in codes}
                rest: Cell = ("rest", str(unit), str(kind), name, *codes)
                left = sum(of_class.values()) - sum(cells.values())
                is_all = left == 0 and codes in whole_of
                yield (of_class | cells, set()) if is_all else (of_class | cells | {rest: left}, {rest})


def _flows(printed: Printed) -> Iterator[Entry]:
    """The flows of the whole: by units, where nearly all would be hidden, they are not published."""
    for name, table in printed.flows.items():
        for row in table.tail(1).to_dict("records"):
            unit = str(row["unit_code"])
            stayed = ("stayed", unit, name)
            for end, flows in (("opening", _LEAVING), ("closing", _COMING)):
                cells = {flow_cell(unit, name, flow): int(row[f"{flow}_households"]) for flow in (end, *flows)}
                first, *others = cells.values()
                yield cells | {stayed: first - sum(others)}, {stayed}


def _peoples(printed: Printed, whole: str) -> Iterator[Entry]:
    columns: dict[str, dict[Cell, int]] = defaultdict(dict)
    for row in printed.peoples.to_dict("records"):
        name, every = row["ethnic_group"], int(row["households"])
        cells: dict[Cell, int] = {("people", name, kind): int(row[f"{kind}_households"]) for kind in CLASSES[:2]}
        rest: Cell = ("people", name, "rest")
        yield {("people", name, "all"): every} | cells | {rest: every - sum(cells.values())}, {rest}
        for kind, (cell, count) in zip(CLASSES[:2], cells.items(), strict=True):
            columns[kind][cell] = count
        columns["all"][("people", name, "all")] = every
    for kind, cells in columns.items():
        yield {("class", whole, kind): sum(cells.values())} | cells, set()
        others = ("rest", whole, kind, "group", "ethnic_minority")
        majority = ("people", MAJORITY, kind)
        if kind != "all" and majority in cells and "group" in printed.parts:
            yield from _same(others, majority, cells[majority], printed.parts["group"])


def _same(others: Cell, majority: Cell, count: int, groups: pd.DataFrame) -> Iterator[Entry]:
    """Those who are no minority are the majority people, where the file says so."""
    _, unit, kind, *_ = others
    rows = groups[(groups["unit_code"] == unit) & (groups["class"] == kind) & (groups["group"] == "ethnic_minority")]
    if (rows["of_households"] - rows["households"] == count).any():
        yield {others: count, majority: count}, {others}


def _burdens(printed: Printed) -> Iterator[Entry]:
    summary = printed.summary.set_index("unit_code")
    for row in printed.burdens.to_dict("records"):
        unit, poor = str(row["unit_code"]), int(row["poor"])
        every, of_class = (int(summary.loc[unit, name]) for name in ("households", "poor_households"))
        deprived, rest, above = ("deprived", unit), ("not_deprived", unit), ("deprived_above", unit)
        yield {("class", unit, "all"): every, deprived: poor, rest: every - poor}, {rest}
        if poor >= of_class:
            yield {deprived: poor, ("class", unit, "poor"): of_class, above: poor - of_class}, {above}
        by: dict[Cell, int] = {
            ("burden", unit, name): int(row[name]) for name in row if name not in {"unit_code", "poor"}
        }
        total: dict[Cell, int] = {("burden", unit): sum(by.values())}
        yield total | by, set()


def _over_units(values: Mapping[Cell, int], whole: str) -> Iterator[Sum]:
    """Every cell of the whole as the sum of the same cells of the units."""
    parts = defaultdict(list)
    for table, unit, *rest in values:
        if unit != whole and table != "people":
            parts[(table, *rest)].append((table, unit, *rest))
    for table, unit, *rest in values:
        if unit == whole and parts[(table, *rest)]:
            yield Sum((table, unit, *rest), tuple(parts[(table, *rest)]))


def _dearness(cell: Cell, whole: str) -> float:
    table, unit, *rest = cell
    dear = _DEAR_UNIT if unit == whole else 1.0
    if rest == ["all"]:
        return dear * _DEAR_ALL
    return dear * (_DEAR_CLASS if table == "class" else 1.0)
