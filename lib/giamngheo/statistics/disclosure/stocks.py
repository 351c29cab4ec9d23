"""What every public edition leaves out of the stocks of a review and of the flows between two reviews.

The stocks, by unit and class, stand in the public review and in the public monthly report, and in next year's as the
opening of its flows. What is left out of them is therefore decided by the stocks alone, in one way for all editions;
what else an edition prints is protected by other cells (households.disclosure). The opening and the closing stock of a
flow table are never hidden for its sake: where one of them is hidden already, or the flows cannot be protected without
it, no flow is published. So what links two years is either shown in both or in none.
"""

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from giamngheo.core.errors import GiamngheoError
from giamngheo.regulation import NoRuleInForceError, provision
from giamngheo.statistics.disclosure.suppression import (
    Cell,
    Hidden,
    Relation,
    System,
    UnprotectableCellError,
    hidden_cells,
)
from giamngheo.statistics.poverty import CLASSES

LIVING_STANDARDS = (*CLASSES, "average")

LEAVING = ("left_to_other_class", "left_above", "other_decrease")

COMING = ("entered_from_other_class", "fell_back", "new", "other_increase")

FLOWS = ("opening", "left", *LEAVING, *COMING, "closing")

_WITH_ABOVE = {"opening": ("fell_back", "new"), "closing": ("left_above",)}
"""The flows from above the lines of poverty, which opened them, and those to there, which close them."""

_SHARED = {"left_to_other_class": "entered_from_other_class", "entered_from_other_class": "left_to_other_class"}

_OF_WHOLE, _OF_ALL = 1e3, 1e3
"""How much more reluctantly than a class of a unit one of the whole is hidden, and all households of a unit."""


@dataclass(frozen=True)
class Draft:
    """The cells and relations of a system while it is put together.

    withheld: parts that are more than their total, as where the figures of both were typed. Readers subtract all the
    same, and no pattern protects what no relation holds: none of them is shown.
    """

    values: dict[Cell, int] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    unprinted: set[Cell] = field(default_factory=set)
    withheld: set[Cell] = field(default_factory=set)

    def add_up(self, total: Cell, parts: Sequence[Cell], *, rest: Cell | None = None, times: int = 1) -> bool:
        """Add the relation that parts, with a rest that no table prints, make up a total; tell whether it is added."""
        left = times * self.values[total] - sum(self.values[part] for part in parts)
        if left < 0 or (left > 0 and rest is None):
            return False
        if rest is not None:
            self.unprinted.add(rest)
            self.values[rest] = left
        self.relations.append({total: -times} | dict.fromkeys((*parts, *([] if rest is None else [rest])), 1))
        return True

    def add_up_to(self, total: Cell, parts: Sequence[Cell], *, rest: Cell) -> None:
        """Add the relation that parts and a rest make up a total; the parts are withheld where they are more."""
        if not self.add_up(total, parts, rest=rest):
            self.withheld.update(parts)


class NoPublicEditionError(GiamngheoError):
    """Nothing says what a public edition of a day may show."""

    def __init__(self, on: dt.date, reason: str) -> None:
        super().__init__(
            f"Chưa làm được bản công khai của ngày {on:%d/%m/%Y}: chưa có mức số hộ nhỏ nhất được công bố ({reason})."
            " Hãy lập bản nội bộ, hoặc bản công khai của kỳ sau."
        )


def smallest_shown(on: dt.date) -> int:
    """Return the households below which no cell is published on a day (0 may be). Raises NoPublicEditionError."""
    try:
        return int(provision("disclosure/smallest_shown", on=on).value)
    except NoRuleInForceError as error:
        raise NoPublicEditionError(on, error.reason) from error


def hidden_stocks(reviews: pd.DataFrame, whole: str, smallest: int) -> Hidden:
    """Return the cells of a review's stocks that no public edition shows.

    reviews: one row a unit, all of one day, in columns of the workbook, blank where unknown: the unit `whole` and its
    parts. Cells: ("class", unit, "all" or one of the classes) and, of the whole, minority_cell.

    First come the cells that every edition knows. What one may know and another not, average households and minorities,
    is protected beside them and changes nothing of them, or two editions would hide them in two ways; where that cannot
    be, nothing of it is shown, noughts neither.
    """
    draft, fuller = (stocks_draft(known, whole) for known in (_known_to_all(reviews), reviews))
    withheld = frozenset(draft.withheld)
    # Some of those who are neither poor nor near-poor may be average, and where these are hidden they are not nought.
    others = frozenset(cell for cell in draft.values if cell[0] == "rest" and draft.values[cell])
    hidden = hidden_cells(_system(draft, whole, withheld, present=others), smallest) | withheld
    added = frozenset(fuller.values.keys() - draft.values.keys() - fuller.unprinted)
    if not added:
        return hidden
    if fuller.withheld != draft.withheld:
        return hidden | added
    kept = frozenset(draft.values) - draft.unprinted - withheld
    try:
        return hidden | hidden_cells(_system(fuller, whole, withheld, kept), smallest, hidden)
    except UnprotectableCellError:
        return hidden | added


def untold(draft: Draft, hidden: Hidden) -> Hidden:
    """Return the average households, or the minorities, of a draft where all are suppressed: some may be nought."""
    average = {cell for cell in draft.values if cell[2:] == ("average",)}
    minorities = {minority_cell(cell[1], name) for cell in draft.values for name in CLASSES} & draft.values.keys()
    return frozenset().union(*(cells for cells in (average, minorities) if cells <= hidden))


def _known_to_all(reviews: pd.DataFrame) -> pd.DataFrame:
    """Return reviews without the columns of which an edition may know nothing though another knows them."""
    some = [f"{name}_ethnic_minority_households" for name in CLASSES]
    return reviews.drop(columns=["average_households", *some], errors="ignore")


def hidden_in_commune(reviews: pd.DataFrame, whole: str, smallest: int) -> Hidden:
    """Return the suppressed stocks of a commune, the last row, and of its villages, which few workbooks have.

    Those of the commune are what they are without its villages, as in its monthly report. Where some villages of a
    class cannot be protected by others none of it is shown, noughts neither.
    """
    alone, draft = hidden_stocks(reviews.tail(1), whole, smallest), stocks_draft(reviews, whole)
    withheld: Hidden = frozenset(draft.withheld) | untold(draft, alone)
    kept = frozenset(cell for cell in draft.values if cell[1] == whole) - withheld
    of_villages = frozenset(cell for cell in draft.values.keys() - kept if cell[0] == "class")
    while True:
        try:
            return hidden_cells(_system(draft, whole, withheld, kept), smallest, alone) | withheld
        except UnprotectableCellError as error:
            if of_villages <= withheld:
                raise
            same = frozenset(cell for cell in of_villages if cell[2:] == error.cell[2:])
            withheld |= (same - withheld) or of_villages


def blank_classes(draft: Draft, whole: str, hidden: Hidden) -> Hidden:
    """Return the stocks of units in the classes of which none is shown: of several units some may have none."""
    cells = [cell for cell in draft.values if cell[0] == "class" and cell[1] != whole]
    told = {cell[2] for cell in cells if cell not in hidden}
    several = len({cell[1] for cell in cells}) > 1
    return frozenset(cell for cell in cells if several and cell[2] not in told)


def _system(
    draft: Draft,
    whole: str,
    withheld: Hidden = frozenset(),
    kept: Hidden = frozenset(),
    *,
    present: Hidden = frozenset(),
) -> System:
    cost = {cell: _cost(cell, value, whole) for cell, value in draft.values.items()}
    unprinted = frozenset(draft.unprinted) | withheld
    return System(draft.values, draft.relations, unprinted, kept=kept, cost=cost, present=present)


def stocks_draft(reviews: pd.DataFrame, whole: str) -> Draft:
    """Return the cells of a review's stocks and their relations, as hidden_stocks knows them."""
    draft = Draft()
    reviews = reviews.sort_values("unit_code")  # so that of two patterns as cheap all editions have the same
    names = (
        LIVING_STANDARDS if "average_households" in reviews and reviews["average_households"].notna().all() else CLASSES
    )
    for row in reviews.to_dict("records"):
        _add_unit(draft, row, names)
        if row["unit_code"] == whole:
            _add_minority(draft, row, whole)
    units = [code for code in reviews["unit_code"] if code != whole]
    for name in ("all", *names):
        total = ("class", whole, name)
        parts = [("class", unit, name) for unit in units if ("class", unit, name) in draft.values]
        if parts and total in draft.values and not draft.add_up(total, parts):
            draft.add_up_to(total, parts, rest=("others", whole, name))
    _add_others(draft, whole, names, units)
    return draft


def hidden_flows(
    flows: Mapping[str, Mapping[str, Any]], ends: Mapping[str, Mapping[str, Any]], *, unit: str, smallest: int
) -> Hidden:
    """Return the cells of a unit's flows that no public edition shows; all where the opening or closing stock is small.

    flows: the row of the flow table of each class, in the workbook's columns, blank where unknown; ends: the rows of
    its reviews at the "opening" and at the "closing", as far as they are known.
    """
    draft = Draft()
    for name, row in flows.items():
        counts = {flow_cell(unit, name, flow): row[f"{flow}_households"] for flow in FLOWS}
        draft.values.update({cell: int(value) for cell, value in counts.items() if not pd.isna(value)})
    for name in flows:
        _add_flows(draft, unit, name)
    stocks = {flow_cell(unit, name, end) for name in flows for end in ("opening", "closing")} & draft.values.keys()
    stocks |= {cell for end, row in ends.items() for cell in _add_above(draft, unit, end, row)}
    if draft.withheld or any(0 < draft.values[stock] < smallest for stock in stocks):
        return every_flow(unit)
    cost = {cell: 1 + math.log2(1 + value) for cell, value in draft.values.items()}
    system = System(draft.values, draft.relations, frozenset(draft.unprinted), kept=frozenset(stocks), cost=cost)
    try:
        return hidden_cells(system, smallest)
    except UnprotectableCellError:
        return every_flow(unit)


def every_flow(unit: str) -> Hidden:
    """Return all cells of a unit's flow tables, where none of them is published."""
    return frozenset(flow_cell(unit, name, flow) for name in CLASSES for flow in FLOWS)


def flow_cell(unit: str, name: str, flow: str) -> Cell:
    """Return the cell of a flow: what leaves one class for the other is what enters that one."""
    if name == "near_poor" and flow in _SHARED:
        return ("flow", unit, "poor", _SHARED[flow])
    return ("flow", unit, name, flow)


def minority_cell(unit: str, name: str) -> Cell:
    """Return the cell of the households of ethnic minorities in a class."""
    return ("part", unit, name, "group", "ethnic_minority")


def _add_unit(draft: Draft, row: Mapping[str, Any], names: Sequence[str]) -> None:
    """Add the classes of a unit, which make up its households with those that are neither."""
    unit = row["unit_code"]
    counts = {("class", unit, "all"): row["households"]}
    counts |= {("class", unit, name): row[f"{name}_households"] for name in names}
    known: dict[Cell, int] = {cell: int(value) for cell, value in counts.items() if not pd.isna(value)}
    draft.values.update(known)
    if ("class", unit, "all") in known:
        draft.add_up_to(("class", unit, "all"), list(known)[1:], rest=("rest", unit))


def _add_others(draft: Draft, whole: str, names: Sequence[str], units: Sequence[str]) -> None:
    """Add that what is left of the whole for units whose households are not reported is in classes, or in neither.

    Of a class that other units lack, too, nobody knows what of it is theirs.
    """
    total: Cell = ("others", whole, "all")
    if total not in draft.values:
        return
    lacking = [unit for unit in units if ("class", unit, "all") not in draft.values]
    parts: list[Cell] = [("class", unit, name) for unit in lacking for name in names]
    parts += [
        ("others", whole, name)
        for name in names
        if all(unit in lacking or ("class", unit, name) in draft.values for unit in units)
    ]
    draft.add_up(total, [part for part in parts if part in draft.values], rest=("others", whole, "rest"))


def _add_flows(draft: Draft, unit: str, name: str) -> None:
    """Add how the flows of a class lead from its opening to its closing stock; some of them may be unknown.

    Those who stayed, whom no table prints, are the rest of both stocks where all flows are known.
    """
    cell = {flow: flow_cell(unit, name, flow) for flow in FLOWS if flow_cell(unit, name, flow) in draft.values}
    exits = [cell[flow] for flow in LEAVING[:2] if flow in cell]
    if "left" in cell and not (len(exits) == 2 and draft.add_up(cell["left"], exits)):
        draft.add_up_to(cell["left"], exits, rest=("exits", unit, name))
    leaving = [cell["left"]] if "left" in cell else exits
    for end, flows, kinds in (
        ("opening", [*leaving, *(cell[flow] for flow in LEAVING[2:] if flow in cell)], LEAVING[2:]),
        ("closing", [cell[flow] for flow in COMING if flow in cell], COMING),
    ):
        if end in cell:
            are_known = all(flow in cell for flow in kinds) and bool(flows)
            rest: Cell = ("stayed", unit, name) if are_known else ("rest", unit, name, end)
            draft.add_up_to(cell[end], flows, rest=rest)


def _add_above(draft: Draft, unit: str, end: str, review: Mapping[str, Any]) -> Iterator[Cell]:
    """Add the households above the lines: those who fell were there at the opening, those who rose at the closing.

    Others who were there, or are, no table prints. Gives the cell of all of them, where they are known.
    """
    left = review["households"] - sum(review[f"{name}_households"] for name in CLASSES)
    if pd.isna(left) or left < 0:
        return
    above, others = ((kind, unit, end) for kind in ("above", "others"))
    draft.values[above] = int(left)
    moved = [flow_cell(unit, name, flow) for name in CLASSES for flow in _WITH_ABOVE[end]]
    draft.add_up_to(above, [cell for cell in moved if cell in draft.values], rest=others)
    yield above


def _add_minority(draft: Draft, row: Mapping[str, Any], whole: str) -> None:
    """Add the households of minorities and of the majority in each class of the whole."""
    for name in CLASSES:
        count, cell = row.get(f"{name}_ethnic_minority_households"), minority_cell(whole, name)
        total: Cell = ("class", whole, name)
        if count is not None and not pd.isna(count) and total in draft.values:
            draft.values[cell] = int(count)
            draft.add_up_to(total, [cell], rest=("rest", *cell[1:]))


def _cost(cell: Cell, value: int, whole: str) -> float:
    dear = _OF_WHOLE if cell[1] == whole and cell[0] == "class" else 1.0
    return (1 + math.log2(1 + value)) * dear * (_OF_ALL if cell[-1] == "all" else 1.0)
