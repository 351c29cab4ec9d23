"""Any survey: its indicators from a small table, its households counted by pattern of deprivations.

The table of indicators has a row each: `code`, `name`, `dimension`, `weight` (a number or a fraction, "1/6"), `column`
of the survey, and when a household is deprived: `below` or `above` a number, or with one of the values `among` (several
with | between); without any of the three the column says 1 (deprived) or 0 itself. As TOML it is [[indicator]] blocks.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, get_args

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from giamngheo.core.errors import GiamngheoError, WrongUseError
from giamngheo.core.foreign import content
from giamngheo.core.message import quoted
from giamngheo.core.text import text
from giamngheo.households.engine import literal, workspace
from giamngheo.households.measures.alkire_foster import Poverty
from giamngheo.regulation.file import read
from giamngheo.workbook.read.package import refusal

Blanks = Literal["drop", "renormalise"]
"""What becomes of a household of which an indicator is blank.

drop: it is left out. renormalise: its other indicators weigh so much more that all its weights are those of all; one
that has none is left out.
"""

_FIELDS = ("code", "name", "dimension", "weight", "column", "below", "above", "among")
_RULES = ("below", "above", "among")

_WEIGHT = re.compile(r"[0-9.]{1,20}(e-?[0-9]{1,2}|/[0-9]{1,20})?")
"""A number or a fraction; one with an exponent of ten digits would fill the memory."""

_MOST_TOLD = 20
"""Lines of a message."""


class IndicatorTableError(GiamngheoError):
    """A table of indicators, or a survey beside it, cannot be used: one line a fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        rest = [f"… và {len(faults) - _MOST_TOLD} lỗi khác."] if len(faults) > _MOST_TOLD else []
        super().__init__("\n".join([*(f"{fault}." for fault in faults[:_MOST_TOLD]), *rest]))


class UnknownBlanksError(WrongUseError):
    """The rule for blank indicators is none of those there are."""

    def __init__(self, blanks: str) -> None:
        super().__init__(f"Cách xử lý ô trống {blanks!r} không có; có: {', '.join(get_args(Blanks))}.")


@dataclass(frozen=True)
class SurveyIndicator:
    """An indicator of a survey: a row of the table of indicators. among: "" where the rule is another."""

    code: str
    name: str
    dimension: str
    weight: float
    column: str
    below: float | None = None
    above: float | None = None
    among: tuple[str, ...] = ()


@dataclass(frozen=True)
class Columns:
    """Which columns of a survey say what; "" where it has none.

    weight: of a household; members: persons in it; stratum, cluster: how it was drawn.
    """

    weight: str = ""
    members: str = ""
    stratum: str = ""
    cluster: str = ""

    @property
    def given(self) -> list[str]:
        """Names of the columns that there are."""
        return [name for name in (self.weight, self.members, self.stratum, self.cluster) if name]


@dataclass(frozen=True)
class Survey:
    """A survey in counts: no household is in it.

    counts: households and persons (weighted) by stratum, cluster, groups and pattern, with `known` where blanks are
    renormalised (alkire_foster). households: rows read; left_out: of them, for what is blank; is_drawn: whether the
    columns say how it was drawn, so that there are sampling errors.
    """

    counts: pd.DataFrame
    households: int
    left_out: int
    is_drawn: bool


def indicator_table(source: pd.DataFrame | str | Path) -> tuple[SurveyIndicator, ...]:
    """Return the indicators of a table: a frame, or a file (.toml, .csv, .xlsx). Raises IndicatorTableError.

    Weights are scaled to add up to 1.
    """
    rows = _rows(source)
    faults = [fault for number, row in enumerate(rows, 1) for fault in _faults(number, row)]
    codes = Counter(text(row.get("code")) for row in rows)
    faults += [f"Mã chỉ số {quoted(code)} ghi {times} lần" for code, times in codes.items() if times > 1]
    if faults or not rows:
        raise IndicatorTableError(faults or ["Bảng chỉ số không có chỉ số nào"])
    whole = sum((Fraction(text(row["weight"])) for row in rows), Fraction())
    return tuple(_indicator(row, whole) for row in rows)


def poverty_of(indicators: Sequence[SurveyIndicator], cutoff: float, population: str = "households") -> Poverty:
    """Return the way to identify the poor by the weights of indicators: deprived in at least `cutoff` (0 to 1)."""
    return Poverty(tuple(entry.weight for entry in indicators), cutoff, population)


def survey_table(path: str | Path) -> pd.DataFrame:
    """Return the rows of a survey from a file: .csv, .xlsx or .parquet, as they stand.

    Raises IndicatorTableError, UnreadableError.
    """
    source = Path(path)
    if source.suffix.lower() != ".parquet":
        return _sheet(source)
    content(source)
    with workspace() as work:
        query = f"from read_parquet({literal(work, source)}, hive_partitioning=false)"
        try:
            return work.connection.sql(query).df()
        except duckdb.Error:
            raise _unreadable(source) from None


def survey_counts(
    rows: pd.DataFrame,
    indicators: Sequence[SurveyIndicator],
    columns: Columns | None = None,
    *,
    by: Sequence[str] = (),
    blanks: Blanks = "drop",
) -> Survey:
    """Count the households of a survey by pattern. by: columns of groups, whose blanks are the group "".

    Raises IndicatorTableError for every column that is missing and every value that fits no rule, UnknownBlanksError.
    """
    if blanks not in get_args(Blanks):
        raise UnknownBlanksError(blanks)
    columns = columns or Columns()
    if faults := list(_survey_faults(rows, indicators, columns, by)):
        raise IndicatorTableError(faults)
    deprived, known = _flags(rows, indicators)
    kept = known.all(axis=1) if blanks == "drop" else known @ [entry.weight for entry in indicators] > 0
    weight = _number(rows[columns.weight]) if columns.weight else pd.Series(1.0, index=rows.index)
    counted = pd.DataFrame(
        {
            "stratum": rows[columns.stratum].map(value_text) if columns.stratum else "",
            "cluster": rows[columns.cluster].map(value_text) if columns.cluster else np.arange(len(rows)).astype(str),
            **{name: rows[name].map(value_text) for name in by},
            "pattern": _bits(deprived & known),
            **({"known": _bits(known)} if blanks == "renormalise" else {}),
            "households": weight,
            "persons": weight * (_number(rows[columns.members]) if columns.members else 1),
        },
        index=rows.index,
    )[kept]
    keys = [name for name in counted if name not in {"households", "persons"}]
    sums = counted.groupby(keys, as_index=False, sort=True)[["households", "persons"]].sum()
    is_drawn = bool(columns.weight or columns.stratum or columns.cluster)
    return Survey(sums, len(rows), len(rows) - int(kept.sum()), is_drawn)


def _rows(source: pd.DataFrame | str | Path) -> list[dict[str, Any]]:
    """Return the rows of a table of indicators. Raises IndicatorTableError."""
    if not isinstance(source, pd.DataFrame):
        if Path(source).suffix.lower() == ".toml":
            return _blocks(Path(source))
        source = _sheet(Path(source))
    records = source.to_dict("records")
    return [{str(name): value for name, value in row.items() if not pd.isna(value)} for row in records]


def _blocks(path: Path) -> list[dict[str, Any]]:
    told = read(path, path.name)
    blocks = told.get("indicator")
    if set(told) != {"indicator"} or not isinstance(blocks, list) or not all(isinstance(row, dict) for row in blocks):
        raise IndicatorTableError([f"{path.name}: cần các khối [[indicator]], không có mục nào khác"])
    return blocks


def _sheet(path: Path) -> pd.DataFrame:
    """Return the rows of a CSV or XLSX file. Raises IndicatorTableError, UnreadableError."""
    raw = content(path)
    try:
        if path.suffix.lower() == ".xlsx":
            if refusal(path) is not None:
                raise _unreadable(path)
            return pd.read_excel(io.BytesIO(raw), engine="calamine")
        written = raw.decode("utf-8-sig")
        return pd.read_csv(io.StringIO(written), sep=max(",;\t", key=written.partition("\n")[0].count))
    except Exception:  # each library has its own of a torn file, and their words could hold values of it
        raise _unreadable(path) from None


def _unreadable(path: Path) -> IndicatorTableError:
    return IndicatorTableError([f"{path.name}: không đọc được bảng; cần CSV (UTF-8), XLSX, Parquet, cột ở dòng đầu"])


def _faults(number: int, row: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong in a row of a table of indicators."""
    place = f"Chỉ số thứ {number}"
    for name in ("code", "column", "weight"):
        if text(row.get(name)) == "":
            yield f"{place}: thiếu {name}"
    for name in sorted(set(row) - set(_FIELDS)):
        yield f"{place}: không có mục {quoted(name)}; các mục: {', '.join(_FIELDS)}"
    if (weight := text(row.get("weight"))) and not _is_weight(weight):
        yield f"{place}: trọng số {quoted(weight)}; cần số lớn hơn 0 hoặc phân số như 1/6"
    if len(rules := [name for name in _RULES if name in row]) > 1:
        yield f"{place}: có cả {' và '.join(rules)}; chỉ ghi một"
    for name in ("below", "above"):
        if name in row and np.isnan(_as_number(row[name])):
            yield f"{place}: {name} {quoted(text(row[name]))} không phải số"


def _is_weight(written: str) -> bool:
    try:
        return _WEIGHT.fullmatch(written) is not None and Fraction(written) > 0
    except (ValueError, ZeroDivisionError):
        return False


def _indicator(row: Mapping[str, Any], whole: Fraction) -> SurveyIndicator:
    given = {name: text(row.get(name)) for name in _FIELDS}
    return SurveyIndicator(
        code=given["code"],
        name=given["name"] or given["code"],
        dimension=given["dimension"] or given["name"] or given["code"],
        weight=float(Fraction(given["weight"]) / whole),
        column=given["column"],
        below=_as_number(row["below"]) if "below" in row else None,
        above=_as_number(row["above"]) if "above" in row else None,
        among=tuple(_values(row["among"])) if "among" in row else (),
    )


def _values(among: Any) -> list[str]:
    parts = among if isinstance(among, list) else text(among).split("|")
    return [text(part) for part in parts]


def _survey_faults(
    rows: pd.DataFrame, indicators: Sequence[SurveyIndicator], columns: Columns, by: Sequence[str]
) -> Iterator[str]:
    """Yield what a survey lacks, and values that fit no rule, by their column and how many; never a value itself."""
    wanted = dict.fromkeys([*(entry.column for entry in indicators), *columns.given, *by])
    if missing := [name for name in wanted if name not in rows]:
        yield f"Bảng khảo sát không có cột {', '.join(map(quoted, missing))}"
    for entry in indicators:
        if entry.column in rows and not entry.among:
            values = _number(rows[entry.column])
            is_flag = entry.below is None and entry.above is None
            wrong = values.isna() & ~_blank(rows[entry.column]) | (~values.isin([0, 1]) & values.notna() & is_flag)
            if wrong.any():
                need = "0, 1 hoặc trống" if is_flag else "số hoặc trống"
                yield f"Chỉ số {quoted(entry.code)}, cột {quoted(entry.column)}: {int(wrong.sum())} ô không phải {need}"
    for name, least in ((columns.weight, 0.0), (columns.members, 1.0)):
        if name and name in rows and (wrong := ~(_number(rows[name]) >= least)).any():
            yield f"Cột {quoted(name)}: {int(wrong.sum())} ô trống hoặc không phải số từ {least:g} trở lên"
    for name in (columns.stratum, columns.cluster):
        if name and name in rows and (wrong := _blank(rows[name])).any():
            yield f"Cột {quoted(name)}: {int(wrong.sum())} ô trống; hộ nào cũng cần tầng, cụm"


def _flags(
    rows: pd.DataFrame, indicators: Sequence[SurveyIndicator]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return by row and indicator whether it is deprived, and whether that is known."""
    deprived = [_deprived(rows[entry.column], entry).to_numpy(dtype=bool) for entry in indicators]
    known = [~_blank(rows[entry.column]).to_numpy(dtype=bool) for entry in indicators]
    return np.column_stack(deprived), np.column_stack(known)


def _deprived(values: pd.Series, entry: SurveyIndicator) -> pd.Series:
    if entry.among:
        return values.map(value_text).isin(entry.among)
    numbers = _number(values)
    if entry.below is not None:
        return numbers < entry.below
    return numbers > entry.above if entry.above is not None else numbers == 1


def _bits(flags: npt.NDArray[np.bool_]) -> Any:
    """Return each row of flags as one whole number, bit i for the i-th; numbers of Python where 64 bits are too few."""
    width = flags.shape[1]
    if width <= 62:
        return flags @ (1 << np.arange(width, dtype="int64"))
    occurring, place = np.unique(flags, axis=0, return_inverse=True)
    numbers = [sum(1 << int(at) for at in np.flatnonzero(row)) for row in occurring]
    return np.array([*numbers, None], dtype=object)[place.ravel()]


def _blank(values: pd.Series) -> pd.Series:
    return values.isna() | values.map(lambda value: isinstance(value, str) and not value.strip())


def _number(values: pd.Series) -> pd.Series:
    """Return numbers, NaN where a value is none."""
    return pd.to_numeric(values, errors="coerce").astype("float64")


def _as_number(value: Any) -> float:
    return float(pd.to_numeric(value, errors="coerce"))


def value_text(value: Any) -> str:
    """Return a value as a table names it, "" for a blank: 3.0 of a column with blanks is "3"."""
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    return text(int(value) if isinstance(value, float) and value.is_integer() else value)
