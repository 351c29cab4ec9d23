"""The peoples of a public review as cells and relations: what they make up, and how minorities are among them."""

import pandas as pd

from giamngheo.households.file.schema import POOR_CLASSES
from giamngheo.regulation.peoples import MAJORITY, OTHER
from giamngheo.statistics.disclosure.stocks import Draft, minority_cell
from giamngheo.statistics.disclosure.suppression import Cell

_UNNAMED = ("", OTHER)
"""Whose households may be of a minority or not."""


def add_peoples(draft: Draft, peoples: pd.DataFrame, whole: str) -> None:
    """Add the peoples of the whole, which add up to its classes. peoples: tables.ethnicity_table."""
    rows = peoples.to_dict("records")
    for row in rows:
        every, *kinds = (("people", row["ethnic_group"], kind) for kind in ("all", *POOR_CLASSES))
        draft.values[every] = int(row["households"])
        draft.values.update({kind: int(row[f"{kind[-1]}_households"]) for kind in kinds})
        draft.add_up(every, kinds, rest=("people", row["ethnic_group"], "rest"))
    for kind in ("all", *POOR_CLASSES):
        if rows:
            draft.add_up(("class", whole, kind), [("people", row["ethnic_group"], kind) for row in rows])
        _add_minorities(draft, [row["ethnic_group"] for row in rows], whole, kind)


def _add_minorities(draft: Draft, names: list[str], whole: str, kind: str) -> None:
    """Add that the majority people is what is no minority, and that minorities are of the other peoples.

    Where that does not add up, households have no people that is told, or are counted with a minority though their
    head is of the majority. How many they are no table prints.
    """
    of_minority, majority = minority_cell(whole, kind), ("people", MAJORITY, kind)
    others: Cell = ("rest", *of_minority[1:])
    if others in draft.values and majority in draft.values and not draft.add_up(majority, [others]):
        ends = sorted((others, majority), key=lambda cell: draft.values[cell])
        draft.add_up(ends[1], ends[:1], rest=("people", "of no minority", "others", kind))
    named: list[Cell] = [("people", name, kind) for name in names if name not in (MAJORITY, *_UNNAMED)]
    if named and of_minority in draft.values and not draft.add_up(of_minority, named):
        draft.add_up(of_minority, named, rest=("people", "of a minority", "others", kind))
