"""Known defects planted in made-up workbooks, each with the code and cell by which it is to be found.

Each kind has units, lines and months of its own, so that several in one workbook do not hide each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from giamngheo.intake.dataset import Dataset
from giamngheo.intake.schema import table
from giamngheo.intake.template import HEADER_ROW


@dataclass(frozen=True)
class Defect:
    """A dataset with a defect, and where: the code of the rule it breaks, table, column and label of the row."""

    data: Dataset
    code: str
    table: str
    column: str
    label: Any


@dataclass(frozen=True)
class Place:
    """Where a defect is to be found: the code of the finding, the sheet, the cell."""

    code: str
    sheet: str
    cell: str


Kind = Callable[[Dataset], Defect]


def planted(data: Dataset, kinds: Sequence[Kind]) -> tuple[Dataset, list[Place]]:
    """The dataset with a defect of each kind, its rows numbered as they will stand on the sheets, and the places."""
    found = []
    for kind in kinds:
        found.append(kind(data))
        data = found[-1].data
    data = replace(data, tables={name: _numbered(frame) for name, frame in data.tables.items()})
    places = [
        Place(
            defect.code,
            table(defect.table).sheet,
            data.cell(defect.table, defect.column, data[defect.table].loc[defect.label, "row"]),
        )
        for defect in found
    ]
    return data, places


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(row=range(HEADER_ROW + 1, HEADER_ROW + 1 + len(frame)))


def with_table(data: Dataset, name: str, frame: pd.DataFrame) -> Dataset:
    """The dataset with another frame for one of its tables."""
    return replace(data, tables={**data.tables, name: frame})


def typed(data: Dataset, code: str, where: tuple[str, str, Any], value: Any) -> Defect:
    """The defect of one cell, given by table, column and row, in which `value` stands."""
    name, column, label = where
    frame = data[name].copy()
    if isinstance(value, str):
        frame[column] = frame[column].astype(object)
    frame.loc[label, column] = value
    return Defect(with_table(data, name, frame), code, name, column, label)


def added(data: Dataset, code: str, name: str, column: str, row: pd.Series) -> Defect:
    """The defect of one more row."""
    frame = data[name]
    more = row.to_frame().T.set_axis([frame.index.max() + 1]).astype(frame.dtypes)
    return Defect(with_table(data, name, pd.concat([frame, more])), code, name, column, more.index[0])
