"""Curves of disbursement of earlier years, of many units: a small file beside their folders that reports project by.

The only file that a report reads of other units, so that each report says in its manifest all that it was made from,
and a province need not read the workbooks of a hundred communes for each of their reports.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import pandas as pd

from giamngheo.core.errors import GiamngheoError
from giamngheo.core.foreign import content
from giamngheo.core.message import quoted, shortened
from giamngheo.core.paths import HISTORY, is_there
from giamngheo.core.text import text

_CURVE = ["unit", "fund_year"]
_KEYS = [*_CURVE, "month"]

COLUMNS = (*_KEYS, "planned_vnd", "disbursed_vnd")
"""unit: the folder of the unit's workbooks. A row a unit, year of the funds and month; money in whole đồng."""

LARGEST = 20_000_000
"""Bytes of a file that is read: a thousand units in ten years take half of it."""

_MOST_ROWS = 500_000
"""Rows: three thousand communes in ten years have fewer."""

FORMULA = ("=", "+", "-", "@")
"""What Excel takes for a formula where a cell of a CSV file begins with it."""

_MOST_TOLD = 20
"""Lines of a message."""

_RANGES = {"fund_year": (2000, 2100), "month": (1, 12), "planned_vnd": (0, 10**15), "disbursed_vnd": (0, 10**15)}


class HistoryFileError(GiamngheoError):
    """The file of earlier curves cannot be used: one line a fault."""

    def __init__(self, path: Path, faults: Sequence[str]) -> None:
        rest = [f"{path}: và {len(faults) - _MOST_TOLD} lỗi khác."] if len(faults) > _MOST_TOLD else []
        super().__init__("\n".join([*(f"{path}: {fault}." for fault in faults[:_MOST_TOLD]), *rest]))


def history(data: Path) -> pd.DataFrame:
    """Return the earlier curves of a data folder, in COLUMNS; no rows without the file.

    Raises UnreadableError; HistoryFileError with every fault: no UTF-8, a column that is missing or unknown, a cell
    that is no whole number in its range, a month that stands twice.
    """
    path = data / HISTORY
    return _table(path) if is_there(path) else pd.DataFrame(columns=list(COLUMNS)).astype(_types())


def joined(*curves: pd.DataFrame) -> pd.DataFrame:
    """Return curves in one table: what several tables have of a month is as the first of them has it."""
    rows = pd.concat([each for each in curves if len(each)] or curves[-1:], ignore_index=True)
    return rows.drop_duplicates(_KEYS, ignore_index=True)[list(COLUMNS)]


def replaced(kept: pd.DataFrame, curves: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return kept curves with others in place of those of the same unit and year, and which of these were not the same.

    The table is in order; the words are "ngan-ha 2023".
    """
    kept, curves = kept.astype(_types()), curves.astype(_types())
    again = pd.MultiIndex.from_frame(kept[_CURVE]).isin(pd.MultiIndex.from_frame(curves[_CURVE]))
    before = pd.MultiIndex.from_frame(kept.loc[again, _CURVE])
    anew = curves[pd.MultiIndex.from_frame(curves[_CURVE]).isin(before)]
    both = kept[again].merge(anew, "outer", list(COLUMNS), indicator="where")
    different = both.loc[both["where"] != "both", _CURVE].drop_duplicates().sort_values(_CURVE)
    table = pd.concat([kept[~again], curves], ignore_index=True).sort_values(_KEYS, ignore_index=True)
    return table[list(COLUMNS)], [f"{unit} {year}" for unit, year in different.itertuples(index=False)]


def _table(path: Path) -> pd.DataFrame:
    try:
        written = content(path, LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise HistoryFileError(path, ["không phải chữ UTF-8; lưu lại dạng CSV UTF-8"]) from None
    head = written.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        header, *lines = list(
            islice(csv.reader(io.StringIO(written), delimiter=delimiter, strict=True), _MOST_ROWS)
        ) or [[]]
    except csv.Error:
        raise HistoryFileError(path, ["không phải bảng CSV"]) from None
    names = [text(name) for name in header]
    if sorted(names) != sorted(COLUMNS):
        there = shortened(", ".join(names)) or "—"
        raise HistoryFileError(path, [f"dòng 1 cần đúng các cột {', '.join(COLUMNS)}; có: {there}"])
    if len(lines) == _MOST_ROWS - 1:
        raise HistoryFileError(path, [f"hơn {_MOST_ROWS} dòng"])
    for number, line in enumerate(lines, 2):  # "1,000,000" without quotation marks is three cells
        if any(line[len(names) :]):
            raise HistoryFileError(path, [f"dòng {number} có {len(line)} ô; cần {len(names)}, số không có dấu ngăn"])
    rows = {number: dict(zip(names, line, strict=False)) for number, line in enumerate(lines, 2) if any(line)}
    if faults := [fault for number, row in rows.items() for fault in _faults(number, row)] or list(_twice(rows)):
        raise HistoryFileError(path, faults)
    table = pd.DataFrame(list(rows.values()), columns=list(COLUMNS))
    return table.assign(unit=table["unit"].map(text)).astype(_types())


def _faults(number: int, row: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong in a row."""
    if not text(row.get("unit", "")) or "\n" in row["unit"]:
        yield f"dòng {number}, cột unit: trống, hoặc nhiều dòng; cần tên thư mục của đơn vị"
    elif text(row["unit"]).startswith(FORMULA):
        yield f"dòng {number}, cột unit: {quoted(row['unit'])}; cần tên không bắt đầu bằng {' '.join(FORMULA)}"
    for name, (least, most) in _RANGES.items():
        typed = row.get(name, "").strip()
        if not (typed.isascii() and typed.isdecimal() and len(typed) <= len(str(most)) and least <= int(typed) <= most):
            yield f"dòng {number}, cột {name}: {quoted(typed)}; cần số nguyên từ {least} đến {most}, không có dấu ngăn"


def _twice(rows: Mapping[int, Mapping[str, str]]) -> Iterator[str]:
    keys = [(text(row["unit"]), int(row["fund_year"]), int(row["month"])) for row in rows.values()]
    for (unit, year, month), times in Counter(keys).items():
        if times > 1:
            yield f"{quoted(unit)} tháng {month} năm {year} có {times} dòng; chỉ giữ một"


def _types() -> dict[str, str]:
    return {"unit": "str", "fund_year": "int64", "month": "int64", "planned_vnd": "Int64", "disbursed_vnd": "Int64"}
