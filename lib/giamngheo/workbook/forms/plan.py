"""What forms bring into a workbook: which figure goes where, what is not known, what contradicts."""

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
from openpyxl.utils import get_column_letter

from giamngheo.core.errors import shown
from giamngheo.core.rounding import shown_rate
from giamngheo.core.text import folded, number_text, text
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.forms.figures import NOTHING, Answers, Figure, Identity, Key, Part, Said, Told, named_place
from giamngheo.workbook.forms.layout import Form, Heading, Line, counted_as, forms_in, is_figure, seen
from giamngheo.workbook.forms.money import money_part
from giamngheo.workbook.forms.places import MOST_OFFERED, Places, places
from giamngheo.workbook.forms.tables import MOST_ROWS, FormTable
from giamngheo.workbook.forms.title import day_of
from giamngheo.workbook.read.cells import as_shown, cell_value
from giamngheo.workbook.read.marks import MOST_COLUMNS
from giamngheo.workbook.read.sheets import Fraction, Other
from giamngheo.workbook.read.typed import CellError, readings
from giamngheo.workbook.schema import Table, table, tables_that_add_up
from giamngheo.workbook.schema import tables as all_tables

_UNTOLD = (
    "loại tệp này không cho biết định dạng số (phần trăm, chia nghìn), chữ nâng hay gạch bỏ, dòng, cột ẩn, ô bị gộp "
    "che; đối chiếu với bản in, hoặc lưu lại thành .xlsx"
)

_OWN_SHEETS = 3
"""Sheets of the workbook's names: so many are in no file of forms."""


@dataclass(frozen=True)
class Plan:
    """What is to be written, by key; errors, each of which keeps everything out; doubts, which do not.

    kept: figures of the workbook that differ and stay.
    """

    parts: tuple[Part, ...]
    figures: Mapping[Key, Figure]
    errors: tuple[str, ...]
    doubts: tuple[str, ...]
    kept: int = 0

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return the rows to write, by table."""
        rows: dict[str, dict[tuple[dt.date | None, Identity], dict[str, Any]]] = {}
        for figure in self.figures.values():
            row = rows.setdefault(figure.table, {}).setdefault((figure.day, figure.row), {})
            row[figure.column] = figure.value
        return {name: _frame(name, entries) for name, entries in rows.items()}


def plan(files: Iterable[Sequence[FormTable]], workbook: Dataset, answers: Answers, *, replace: bool) -> Plan:
    """Return what the forms of some files bring into a workbook.

    A figure of the workbook that differs stays, unless `replace`; two forms that differ are an error.
    """
    errors: list[str] = []
    doubts: list[str] = []
    parts: list[Part] = []
    for tables in files:
        if _is_workbook(tables):
            errors.append(
                f"{shown(tables[0].file)}: là sổ của chương trình, không phải biểu; sổ xã gửi về thì dùng giamngheo "
                "collect, sổ năm trước thì dùng giamngheo new --from"
            )
            continue
        found = [(table, form) for table in tables for form in forms_in(table, answers.day)]
        read = {id(table) for table, _ in found}
        unknown = [one for one in tables if id(one) not in read and _holds_figures(one)]
        for unread in unknown if read else unknown or tables[:1]:
            words = f"{named_place(unread)}: không nhận ra biểu nào theo tiêu đề cột, không đọc"
            (doubts if read else errors).append(words)
        doubts += [f"{shown(tables[0].file)}: {_UNTOLD}" for _ in found[:1] if not tables[0].tells_looks]
        cut = {id(table): words for table, _ in found if (words := _cut_off(table))}
        errors += cut.values()
        for one, form in found:
            if id(one) in cut:
                continue
            read_part = money_part if form.kind == "disbursements" else _part
            parts.append(read_part(form, workbook, answers, (errors, doubts)))
            errors += _wrong(form, answers)
            doubts += [f"{named_place(form.table)}: {words}" for words in (*_unseen(form), *_left_out(form))]
    figures = _agreed([figure for part in parts for figure in part.figures], errors)
    counts = _standing(workbook) | {key: value for key, one in figures.items() if isinstance(value := one.value, int)}
    doubts += [words for part in parts for told in part.told if (words := _unlike(told, counts))]
    new, kept = _against(figures, workbook, doubts, replace=replace)
    return Plan(tuple(parts), new, tuple(errors), tuple(doubts), kept)


def _is_workbook(tables: Sequence[FormTable]) -> bool:
    """Return whether a file has sheets of our own workbooks, which no published form has together."""
    known = {folded(entry.sheet) for entry in all_tables()}
    return len({folded(one.sheet) for one in tables} & known) >= _OWN_SHEETS


def _cut_off(table: FormTable) -> str:
    """Return what is wrong with a table of which rows or columns were not read; "" of others."""
    where = named_place(table)
    if len(table.rows) > MOST_ROWS:
        return f"{where}: bảng dài hơn {MOST_ROWS} dòng; chia thành nhiều tệp, mỗi tệp một phần của bảng"
    if any(table.value(row, MOST_COLUMNS) is not None for row in range(1, len(table.rows) + 1)):
        return f"{where}: bảng rộng từ {MOST_COLUMNS} cột trở lên; chia thành nhiều bảng, mỗi bảng một phần"
    return ""


def _holds_figures(table: FormTable) -> bool:
    return sum(isinstance(value, int | float) for row in table.rows for value in row) >= 3 or len(table.rows) > 3


def _part(form: Form, workbook: Dataset, answers: Answers, said: Said) -> Part:
    errors, doubts = said
    where = named_place(form.table)
    for row in form.nameless:
        errors.append(f"{where}, dòng {row}: có số mà không có tên đơn vị; ghi tên ở dòng ấy")
    if form.day is None:
        errors.append(f"{where}: tiêu đề không nêu rõ ngày chốt; ghi --date 31/12/{workbook.year}")
        return Part(form, Places({}))
    if form.day.year not in {workbook.year, workbook.year - 1}:
        errors.append(f"{where}: số liệu ngày {form.day:%d/%m/%Y} không thuộc sổ năm {workbook.year}")
        return Part(form, Places({}))
    if form.scale:
        errors.append(f"{where}: đơn vị tính {form.scale!r} chưa đọc được; ghi số theo hộ, khẩu")
    found = places([line.name for line in form.lines], workbook, form.day, answers.units)
    errors += [f"{where}, dòng {_row_of(form, name)}: {words}" for name, words in found.unknown.items()]
    if missing := found.missing:
        more = f" và {len(missing) - MOST_OFFERED} đơn vị khác" if len(missing) > MOST_OFFERED else ""
        doubts.append(f"{where}: biểu không có dòng của {', '.join(missing[:MOST_OFFERED])}{more} ở trang 'Đơn vị'")
    repeated = _repeated(form)
    columns = [heading for heading in form.headings if heading.name and heading.name not in repeated]
    figures: list[Figure] = []
    told: list[Told] = []
    blanks = 0
    for line in (line for line in form.lines if line.name in found.codes):
        cells = {heading: form.table.value(line.row, heading.column) for heading in columns}
        blanks += sum(seen(value) in NOTHING for value in cells.values())
        figures += _figures(form, line, (cells, found.codes[line.name]), errors)
        told += _told(form, line, (cells, found.codes[line.name]))
    return Part(form, found, tuple(figures), tuple(told), blanks)


def _unseen(form: Form) -> Iterator[str]:
    """Yield what of a form is read that nobody sees."""
    rows = sorted(form.table.hidden & {line.row for line in form.lines})
    columns = [
        get_column_letter(one.column)
        for one in form.headings
        if one.name and any(first <= one.column <= last for first, last in form.table.hidden_columns)
    ]
    for what, hidden in (("dòng", list(map(str, rows))), ("cột", columns)):
        if hidden:
            yield f"{what} {', '.join(hidden)} bị ẩn, vẫn được đọc"


def _left_out(form: Form) -> Iterator[str]:
    """Yield what a form has and nobody reads."""
    if unread := [heading.said for heading in form.headings if not heading.name and _has_figures(form, heading)]:
        yield f"có số mà không nhận ra tiêu đề, không đọc: {'; '.join(unread)}"
    if not form.lines:
        yield f"nhận ra {form.name} mà không có dòng số liệu nào"


def _has_figures(form: Form, heading: Heading) -> bool:
    """Return whether most rows of a form have a number in a column."""
    values = [form.table.value(line.row, heading.column) for line in form.lines]
    return 2 * sum(bool(readings(text(value))) for value in values) > len(values)


def _wrong(form: Form, answers: Answers) -> Iterator[str]:
    """Yield what is wrong with a form, wherever its figures go."""
    where = named_place(form.table)
    yield from (f"{where}: {words}" for words in _repeated(form).values())
    yield from (f"{where}, {words}" for words in _shared_figures(form))
    stated = day_of(form.title, of_year=False) if answers.day else None
    if answers.day and stated not in {None, answers.day}:  # it is an answer for titles that state none
        unlike = f"tiêu đề nêu ngày {stated:%d/%m/%Y}, --date ghi {answers.day:%d/%m/%Y}"
        yield f"{where}: {unlike}; bỏ --date, hoặc sửa tiêu đề"


def _shared_figures(form: Form) -> Iterator[str]:
    """Yield the merged cells in which one number stands for several figures: nobody knows what of it is whose.

    A rate of a unit may stand once beside its households and its persons.
    """
    names = {line.row: line.name for line in form.lines}
    areas = {area for line in form.lines for area in form.table.merged_in.get(line.row, ())}
    for left, top, right, bottom in sorted(areas):
        columns = [column for column in range(left, right + 1) if column in form.columns]
        below = enumerate(form.table.rows[top:bottom], start=top + 1)
        others = [row for row, values in below if any(map(seen, values))]
        of_others = any(names.get(row) != names.get(top) for row in others)
        if columns and is_figure(form.table.value(top, left)) and (columns != [left] or of_others):
            cells = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
            yield f"ô {cells}: một số ở ô gộp, chưa rõ của dòng, cột nào; bỏ gộp, ghi số vào từng ô"


def _row_of(form: Form, name: str) -> int:
    return next((line.row for line in form.lines if line.name == name), form.lines[0].row if form.lines else 0)


def _repeated(form: Form) -> dict[str, str]:
    """Return what to say of the figures for which a form has several columns."""
    columns: dict[str, list[Heading]] = {}
    for heading in form.headings:
        if heading.name:
            columns.setdefault(heading.name, []).append(heading)
    return {
        name: f"{' và '.join(one.said for one in found)} cùng một nghĩa; sửa tiêu đề để mỗi cột một nghĩa"
        for name, found in columns.items()
        if len(found) > 1
    }


def _figures(form: Form, line: Line, of_row: tuple[Mapping[Heading, Any], str], errors: list[str]) -> Iterator[Figure]:
    """Yield the counts of a row; cells that cannot be read are errors."""
    cells, code = of_row
    known = table(form.kind)
    names = {column.name for column in known.columns}
    for heading, value in cells.items():
        name = counted_as(heading.name, line.measure or "households")
        if name in PUBLISHED and (rate := _rate(value)) is not None:
            place = form.table.place(line.row, heading.column)
            exact = _exact(name, {column.name: cell for column, cell in cells.items()}, known)
            if exact is None and not form.table.tells_looks and not isinstance(value, str) and 0 < rate <= 1:
                errors.append(f"{place}: có {seen(value)!r}, chưa rõ có phải phần trăm không; lưu biểu lại thành .xlsx")
                continue
            is_share = exact is not None and not isinstance(value, Fraction) and _is_share(exact, rate)
            figure = float(rate * 100 if is_share else rate)
            assert form.day is not None
            yield Figure(form.kind, PUBLISHED[name], (("unit_code", code),), form.day, figure, place)
        if "/" in name or "=" in name or not seen(value) or seen(value) in NOTHING:
            continue
        place = form.table.place(line.row, heading.column)
        if name not in names:
            errors.append(f"{place}: dòng ghi số khẩu mà cột không có số khẩu; sửa tiêu đề cột hoặc dòng")
            continue
        try:
            number = cell_value(as_shown(value), known.column(name)).value
        except CellError as error:
            errors.append(f"{place}: có {seen(number_text(value))!r}; cần {error.needed}")
            continue
        assert form.day is not None
        yield Figure(form.kind, name, (("unit_code", code),), form.day, number, place)


PUBLISHED = {
    "poor_households/households": "published_poor_rate_pct",
    "near_poor_households/households": "published_near_poor_rate_pct",
}
"""Rates that are kept as published, beside the counts that they are of."""


def _exact(name: str, cells: Mapping[str, Any], known: Table) -> Decimal | None:
    """Return the rate in per cent that the counts of the same row give; None where one is not a number."""
    try:
        part, whole = (cell_value(cells.get(one), known.column(one)).value for one in name.split("/"))
    except CellError:
        return None
    return Decimal(100 * part) / whole if part is not None and whole else None


def _told(form: Form, line: Line, of_row: tuple[Mapping[Heading, Any], str]) -> Iterator[Told]:
    """Yield what a row says of figures that stand elsewhere."""
    cells, code = of_row
    for heading, value in cells.items():
        part, _, whole = heading.name.removeprefix("=").partition("/")
        number = _rate(value)
        if number is None or not (whole or heading.name.startswith("=")):
            continue
        place = form.table.place(line.row, heading.column)
        yield Told(_key(form, code, part), _key(form, code, whole) if whole else None, number, place)


def _key(form: Form, code: str, column: str) -> Key:
    name, _, own = column.rpartition(".")
    assert form.day is not None
    return name or form.kind, form.day, (("unit_code", code),), own


def _unlike(told: Told, counts: Mapping[Key, int]) -> str:
    """Return what to say where a form tells a count or a rate otherwise than the figures that are known."""
    part, whole = counts.get(told.part), counts.get(told.whole) if told.whole else None
    typed = str(told.value).replace(".", ",")
    if told.whole is None:
        return "" if part in {None, told.value} else f"{told.place}: ghi {typed}, nơi khác ghi {part}"
    if part is None or not whole or _is_rounded(exact := Decimal(100 * part) / whole, told.value):
        return ""
    shown = str(shown_rate(exact)).replace(".", ",")
    return f"{told.place}: tỷ lệ đã công bố {typed}%, tính từ {part} / {whole} là {shown}%"


def _rate(value: Any) -> Decimal | None:
    """Return a rate in per cent; None where the cell holds none."""
    if isinstance(value, int | float) and not isinstance(value, bool | Other) and math.isfinite(value):
        return Decimal(str(float(value))) * 100 if isinstance(value, Fraction) else Decimal(str(value))
    found = (
        [number for number in readings(number_text(value).rstrip("% ")) if number <= 100]
        if isinstance(value, str)
        else []
    )
    return found[0] if len(found) == 1 else None


def _is_rounded(exact: Decimal, published: Decimal) -> bool:
    """Return whether a rate is another one rounded to the digits it has, at most two; or that as a share of one."""
    return _is_near(exact, published) or _is_near(exact, published * 100)


def _is_share(exact: Decimal, published: Decimal) -> bool:
    """Return whether a rate is published as a share of one."""
    return _is_near(exact, published * 100) and not _is_near(exact, published)


def _is_near(exact: Decimal, rate: Decimal) -> bool:
    digits = min(2, max(0, -int(rate.normalize().as_tuple().exponent)))
    return abs(exact - rate) <= Decimal(5).scaleb(-digits - 1)


def _agreed(figures: Sequence[Figure], errors: list[str]) -> dict[Key, Figure]:
    """Return one figure a cell of the workbook; where two forms differ, that is an error."""
    found: dict[Key, Figure] = {}
    for figure in figures:
        other = found.setdefault(figure.key, figure)
        if other.value != figure.value:
            errors.append(f"{figure.place}: ghi {figure.value}, nhưng {other.place} ghi {other.value}")
    return found


def _against(
    figures: Mapping[Key, Figure], workbook: Dataset, doubts: list[str], *, replace: bool
) -> tuple[dict[Key, Figure], int]:
    """Return the figures to write, and how many of the workbook differ and stay."""
    standing = {name: _rows(workbook, name) for name in {figure.table for figure in figures.values()}}
    new: dict[Key, Figure] = {}
    kept = 0
    for key, figure in figures.items():
        row = standing[figure.table].get((figure.day, figure.row), {})
        old = row.get(figure.column)
        is_known = old is not None and not pd.isna(old)
        if is_known and old == figure.value:
            continue
        if not is_known or replace:
            new[key] = figure
        if is_known:
            cell = workbook.cell(figure.table, figure.column, int(row["row"]))
            done = "được ghi đè" if replace else "giữ nguyên; --replace để ghi đè"
            sheet = table(figure.table).sheet
            doubts.append(f"{figure.place}: ghi {figure.value}, sổ ghi {old} ở trang {sheet!r}, ô {cell}: {done}")
            kept += not replace
    return new, kept


def _standing(workbook: Dataset) -> dict[Key, int]:
    """Return the counts that the workbook has of units, by key."""
    found: dict[Key, int] = {}
    for name in tables_that_add_up():
        counts = [column.name for column in table(name).columns if column.unit]
        for (day, row), cells in _rows(workbook, name).items():
            found |= {(name, day, row, column): int(cells[column]) for column in counts if not pd.isna(cells[column])}
    return found


def _rows(workbook: Dataset, name: str) -> dict[tuple[dt.date | None, Identity], Mapping[Any, Any]]:
    """Return the dated rows of a table of the workbook, by day and identity."""
    frame, own = workbook[name], table(name).key[1:]
    dated = frame[frame["date"].notna()].to_dict("records")
    return {(row["date"].date(), tuple((column, row[column]) for column in own)): row for row in dated}


def _frame(name: str, rows: Mapping[tuple[dt.date | None, Identity], Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows by day and identity as a frame; what a row does not say is NA."""
    columns = [column.name for column in table(name).columns if any(column.name in row for row in rows.values())]
    data: dict[str, Any] = {"date": [pd.Timestamp(day) for day, _ in rows]}
    data |= {column: [dict(row)[column] for _, row in rows] for column in table(name).key[1:]}
    kinds = {column.name: "Float64" if column.kind == "percent" else "Int64" for column in table(name).columns}
    data |= {column: pd.array([row.get(column) for row in rows.values()], dtype=kinds[column]) for column in columns}
    return pd.DataFrame(data)
