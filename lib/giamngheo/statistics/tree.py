"""Figures added up along a tree: administrative units, contents of a programme, sources of funds.

A tree is a table with the columns code and above, the node that it is part of. Where it changes with time it has a
column more that says when each row holds: the day of a figure for units, the year of the funds for contents and
sources. One rule serves all three: a node is what was typed for it and, where nothing was, the sum of its parts as far
as every part is known. Source of the identity: Decision 24/2021/QĐ-TTg, communes add up to the district.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

FIGURES = ("_households", "_persons", "_deprivations", "_vnd")
"""How the names of the columns end that add up; `households` and `persons` do so too."""

Absent = Literal["unknown", "nothing"]
"""What it means that a part has no row: its figures are unknown, or it has none, so that it is no part."""

_Counts = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]


class OutsideTreeError(ValueError):
    """Figures of nodes that the tree does not have: they would vanish from every sum."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(f"not in the tree: {', '.join(codes)}")


@dataclass(frozen=True)
class _Grid:
    """Figures as arrays: a place for each time or other key, each node and each figure.

    keys: the values of the columns `by`, one row a key. nodes: codes. above: the place of each node's parent, -1 for
    none. row, values: of the table; known and given: whether a figure, and whether a row, is there.
    """

    keys: pd.DataFrame
    nodes: pd.Index
    above: npt.NDArray[np.intp]
    row: _Counts
    values: _Counts
    known: _Flags
    given: _Flags


def figures_in(table: pd.DataFrame) -> list[str]:
    """Return the columns of a table that add up."""
    return [name for name in table if f"_{name}".endswith(FIGURES)]


def rolled_up(
    figures: pd.DataFrame, tree: pd.DataFrame, *, node: str, by: Sequence[str], absent: Absent
) -> pd.DataFrame:
    """Return the figures of every node of a tree: what was typed, else the sum of its parts where all are known.

    figures: a row for each combination of `by` and `node`, with the figures (Int64) and, where it has one, `row`.
    tree: code, above and, where it changes, one of the columns `by`. absent: what a part without a row means.
    The result has the columns of `figures`, in the order of `by` and of the tree, and parts and given, how many parts
    a node has and how many of them have a row, and typed, whether the node itself has one. A node that nobody typed
    has the row of its first part, and blank figures where a part is not known. Raises OutsideTreeError.
    """
    if figures.empty:
        return figures.assign(parts=0, given=0, typed=True)
    grid = _grid(figures, tree, node, by)
    parts, given, there = _summed(grid, absent)
    return _table(grid, figures, node, (parts, given, there))


def sums_of_parts(summed: pd.DataFrame, tree: pd.DataFrame, *, node: str, by: Sequence[str]) -> pd.DataFrame:
    """Return, for each node of which every part has a row, the sums of the figures of its parts.

    summed: of rolled_up. Columns: `by`, `node` and the figures, blank where one of a part is.
    """
    parts = tree.rename(columns={"code": node}).merge(summed.assign(found=True), on=[*by, node], how="left")
    grouped = parts.groupby([*by, "above"])
    complete = grouped["found"].count() == grouped.size()
    sums = grouped[figures_in(summed)].sum(skipna=False)[complete]
    return sums.reset_index().rename(columns={"above": node})


def outside(figures: pd.DataFrame, tree: pd.DataFrame, *, node: str, by: Sequence[str]) -> pd.Series:
    """Return which rows of `figures` are of a node that the tree does not have at their time (rolled_up)."""
    if figures.empty:
        return pd.Series(False, figures.index)
    at_key, keys, nodes = _keys(figures, tree, by)
    lost = _outside((at_key, nodes.get_indexer(figures[node])), _above(keys, nodes, tree), ~nodes.isin(tree["code"]))
    return pd.Series(lost, figures.index)


def _keys(
    figures: pd.DataFrame, tree: pd.DataFrame, by: Sequence[str]
) -> tuple[npt.NDArray[np.intp], pd.DataFrame, pd.Index]:
    """Return the number of each row's key, the keys, and the nodes of the tree in its order, those on top first."""
    at_key = figures.groupby([*by], dropna=False).ngroup().to_numpy()
    keys = figures[[*by]].iloc[np.unique(at_key, return_index=True)[1]].reset_index(drop=True)
    tops = tree.loc[~tree["above"].isin(tree["code"]), "above"]
    return at_key, keys, pd.Index(pd.concat([tops, tree["code"]]).unique())


def _outside(
    at: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]], above: npt.NDArray[np.intp], is_top: _Flags
) -> _Flags:
    """Return which figures, by key and node, are of no node, or of one that has a parent at other times only."""
    return (at[1] < 0) | (above[at] < 0) & ~is_top[at[1]]


def _grid(figures: pd.DataFrame, tree: pd.DataFrame, node: str, by: Sequence[str]) -> _Grid:
    names = figures_in(figures)
    at_key, keys, nodes = _keys(figures, tree, by)
    at_node, above = nodes.get_indexer(figures[node]), _above(keys, nodes, tree)
    at = (at_key, at_node)
    if (lost := _outside(at, above, ~nodes.isin(tree["code"]))).any():
        raise OutsideTreeError(sorted(set(figures.loc[lost, node])))
    shape = above.shape
    row, given = np.zeros(shape, np.int64), np.zeros(shape, np.bool_)
    values, known = np.zeros((*shape, len(names)), np.int64), np.zeros((*shape, len(names)), np.bool_)
    given[at], row[at] = True, figures.get("row", 0)
    for place, name in enumerate(names):
        column = figures[name]
        values[(*at, place)], known[(*at, place)] = column.to_numpy("int64", na_value=0), column.notna()
    return _Grid(keys, nodes, above, row, values, known, given)


def _above(keys: pd.DataFrame, nodes: pd.Index, tree: pd.DataFrame) -> npt.NDArray[np.intp]:
    """Return the place of the parent of each node for each key, -1 for none."""
    above = np.full((len(keys), len(nodes)), -1, np.intp)
    child, parent = nodes.get_indexer(tree["code"]), nodes.get_indexer(tree["above"])
    when = [name for name in keys if name in tree]
    if not when:
        above[:, child] = parent
        return above
    for place, moment in enumerate(keys[when[0]]):
        holds = (tree[when[0]] == moment).to_numpy(np.bool_)
        above[place, child[holds]] = parent[holds]
    return above


def _summed(grid: _Grid, absent: Absent) -> tuple[_Counts, _Counts, _Flags]:
    """Write the sums into the grid, the smallest parts first; return parts, parts given, and which nodes are there."""
    there = grid.given.copy()
    parts, given = np.zeros(there.shape, np.int64), np.zeros(there.shape, np.int64)
    for parent, children in _families(grid.above):
        is_part = grid.above[:, children] == parent
        has_row = there[:, children] & is_part
        wanted = is_part if absent == "unknown" else has_row
        known = grid.known[:, children] | ~wanted[..., None]
        complete = known.all(axis=1) & has_row.any(axis=1)[:, None]
        sums = np.where(wanted[..., None], grid.values[:, children], 0).sum(axis=1)
        grid.values[:, parent] = np.where(complete & ~grid.known[:, parent], sums, grid.values[:, parent])
        grid.known[:, parent] |= complete
        parts[:, parent], given[:, parent] = wanted.sum(axis=1), has_row.sum(axis=1)
        first = np.where(has_row, grid.row[:, children], np.iinfo(np.int64).max).min(axis=1)
        made = has_row.any(axis=1) & ~there[:, parent]
        grid.row[:, parent] = np.where(made, first, grid.row[:, parent])
        there[:, parent] |= made
    return parts, given, there


def _families(above: npt.NDArray[np.intp]) -> Iterator[tuple[int, npt.NDArray[np.intp]]]:
    """Yield each node that has parts with the places of the parts it has at any time, the deepest first."""
    depth = np.zeros(above.shape[1], np.intp)
    for _ in range(above.shape[1]):
        deeper = np.where(above >= 0, depth[above] + 1, 0).max(axis=0)
        if (deeper == depth).all():
            break
        depth = deeper
    parents = np.unique(above[above >= 0])
    for parent in sorted(parents, key=lambda place: -depth[place]):
        yield int(parent), np.flatnonzero((above == parent).any(axis=0))


def _table(grid: _Grid, figures: pd.DataFrame, node: str, found: tuple[_Counts, _Counts, _Flags]) -> pd.DataFrame:
    """Return the nodes that are there as a table with the columns and types of the figures."""
    parts, given, there = found
    at_key, at_node = np.nonzero(there)
    table = grid.keys.iloc[at_key].reset_index(drop=True)
    table[node] = grid.nodes[at_node].to_numpy()
    names = figures_in(figures)
    values, known = grid.values[there], grid.known[there]
    for place, name in enumerate(names):
        table[name] = pd.arrays.IntegerArray(values[:, place], ~known[:, place])
    counted = {"parts": parts[there], "given": given[there], "typed": grid.given[there]}
    if "row" in figures:
        table["row"] = grid.row[there]
    return _with_rest(table, figures, [*grid.keys, node]).assign(**counted)


def _with_rest(table: pd.DataFrame, figures: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the table with the other columns of the figures: as typed for a node, blank for one that nobody typed."""
    rest = [name for name in figures if name not in table]
    if rest:
        table = table.merge(figures[[*keys, *rest]], on=keys, how="left")
        texts = {name: table[name].fillna("") for name in rest if figures[name].dtype == "str"}
        table = table.assign(**texts)
    return table[list(figures)].astype(figures.dtypes)
