"""The header of a table whose columns stand under common headings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class HeaderCell:
    """A heading over `columns` columns and `rows` rows; `column` is the first column beneath it."""

    text: str
    column: int
    columns: int
    rows: int


def header_rows(headers: Sequence[tuple[str, ...]]) -> list[list[HeaderCell]]:
    """Return rows of headings, from the headings of each column from top to bottom.

    Neighbours with the same headings down to one above the last share that heading; a column with fewer headings
    than another has its last one reach down to the body.
    """
    depth = max(map(len, headers))
    return [
        [
            HeaderCell(path[level], columns[0], len(columns), depth - level if level + 1 == len(path) else 1)
            for columns, path in _runs(headers, level)
        ]
        for level in range(depth)
    ]


def _runs(headers: Sequence[tuple[str, ...]], level: int) -> list[tuple[list[int], tuple[str, ...]]]:
    """Return columns side by side that share their heading at `level`, which is never the last of two columns."""

    def shared(column: int) -> tuple[object, ...]:
        path = headers[column]
        return path[: level + 1] if level + 1 < len(path) else (*path, column)

    runs = [list(run) for _, run in groupby(range(len(headers)), shared)]
    return [(run, headers[run[0]]) for run in runs if level < len(headers[run[0]])]
