"""Totals of households in units that are parts of others, of which the rates shown agree at every level."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from giamngheo.demo.flows import Counts
from giamngheo.demo.stocks import adds_up, same_change


@dataclass(frozen=True)
class Group:
    """A unit as the places of its smallest parts, and the groups that it consists of."""

    members: tuple[int, ...]
    parts: tuple["Group", ...] = ()

    @staticmethod
    def of(groups: Iterable["Group"]) -> "Group":
        """Return the group of several."""
        parts = tuple(groups)
        return Group(tuple(member for part in parts for member in part.members), parts)


Before = tuple[Counts, Sequence[Counts]]
"""Totals of households and counts of poor and near-poor a year before."""


def settled(wanted: Counts, counts: Sequence[Counts], group: Group, before: Before | None = None) -> Counts:
    """Return totals of households from `wanted` on of which the rates shown add up, in each group.

    counts: poor and near-poor households. before: with which the differences shown are to agree, too.
    """
    totals = wanted.copy()
    _settle(totals, counts, group, before)
    return totals


def _settle(totals: Counts, counts: Sequence[Counts], group: Group, before: Before | None) -> None:
    """Raise totals in place until each part of a group, and the group itself, agrees."""
    turn = 0
    for part in group.parts:
        _settle(totals, counts, part, before)
    while not _agrees(totals, counts, list(group.members), before):
        totals[group.members[turn % len(group.members)]] += 1
        turn += 1
        for part in group.parts:
            _settle(totals, counts, part, before)


def _agrees(totals: Counts, counts: Sequence[Counts], members: list[int], before: Before | None) -> bool:
    now, whole = [count[members].sum() for count in counts], totals[members].sum()
    if not adds_up(whole, *now):
        return False
    if before is None:
        return True
    base = before[0][members].sum()
    return all(
        same_change((count[members].sum(), base), (part, whole)) for count, part in zip(before[1], now, strict=True)
    )
