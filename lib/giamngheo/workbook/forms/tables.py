"""The tables of a file that an office publishes: .xlsx, .xls, .xlsb, .ods, .docx, or delimited text."""

import csv
import io
import json
import lzma
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from openpyxl.utils import get_column_letter

from giamngheo.core.errors import GiamngheoError, UnreadableError, shown
from giamngheo.core.foreign import content, few_parts
from giamngheo.core.isolation import isolated
from giamngheo.core.pandoc import environment, pandoc
from giamngheo.core.scratch import scratch_folder
from giamngheo.workbook.forms.word import UNREADABLE, as_seen
from giamngheo.workbook.read.book_parts import HostileXmlError, raised, struck
from giamngheo.workbook.read.marks import MOST_COLUMNS, MOST_READ, Area, boundaries, by_row, cells_read
from giamngheo.workbook.read.package import LARGEST_FILE, OTHERS, is_swollen, refusal
from giamngheo.workbook.read.sheets import UNCALCULATED, sheets

MOST_ROWS = 5_000
"""Of a table of a published form; of a longer one the first row more tells that it is too long.

A province of 200 communes has 400 rows of households and persons.
"""

_SECONDS = 120
_MEMORY = 2_000_000_000
"""Bytes that a program that reads a foreign file may take."""

_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, NotImplementedError, RuntimeError, ValueError),
)
"""What zipfile raises of an archive that was cut off or altered."""

_DAMAGE = "tệp bị hỏng hoặc bị cắt khi chuyển", "bản nguyên vẹn của biểu"

_NESTED = "bảng lồng quá nhiều lớp", "biểu mà ô chỉ có chữ và số"
_LONG = "văn bản quá dài", "tệp chỉ có các bảng của biểu"

_MOST_TOLD = 5
"""Cells that a message names."""

_DELIMITERS = "\t;,|"


class UnreadableFormError(GiamngheoError):
    """A file cannot be read as a form."""

    def __init__(self, path: Path, found: str, needed: str) -> None:
        super().__init__(f"{shown(path.name)}: {found}; cần {needed}.")


@dataclass(frozen=True)
class FormTable:
    """One table of a file: its rows as values from the first, and the areas of merged cells, counted from 1.

    sheet: the name of its sheet, or "bảng 2" in a file of several tables. hidden, hidden_columns: rows, and first and
    last of each run of columns, that nobody sees. tells_looks: whether its file tells what these are, and formats.
    """

    file: str
    sheet: str
    rows: Sequence[Sequence[Any]]
    merged: Sequence[Area] = ()
    hidden: frozenset[int] = frozenset()
    hidden_columns: Sequence[tuple[int, int]] = ()
    tells_looks: bool = True

    @cached_property
    def merged_in(self) -> Mapping[int, Sequence[Area]]:
        """The areas of merged cells that lie in each row."""
        return by_row(self.merged)

    def value(self, row: int, column: int) -> Any:
        """Return what stands in a cell, counted from 1; None outside of the table, and under a merged cell."""
        for left, top, right, _ in self.merged_in.get(row, ()):
            if left <= column <= right and (column, row) != (left, top):
                return None
        cells = self.rows[row - 1] if 1 <= row <= len(self.rows) else ()
        return cells[column - 1] if 1 <= column <= len(cells) else None

    def place(self, row: int, column: int) -> str:
        """Return where a cell stands, in words."""
        sheet = f", trang {self.sheet!r}" if self.sheet else ""
        return f"{shown(self.file)}{sheet}, ô {get_column_letter(column)}{row}"


def tables_of(path: Path) -> list[FormTable]:
    """Return the tables of a file, in order. Raises UnreadableFormError, InvalidWorkbookError, UnreadableError."""
    if path.name.startswith("~$"):
        needed = f"chính sổ ấy, tên {path.name.removeprefix('~$')}, sau khi lưu và đóng Excel"
        raise UnreadableFormError(path, "là tệp tạm mà Excel tạo khi sổ đang mở", needed)
    reader = _READERS.get(path.suffix.casefold())
    if reader is None:
        raise UnreadableFormError(path, f"không đọc được loại tệp {path.suffix or 'không đuôi'!r}", _KINDS)
    try:
        if not path.is_file():
            raise UnreadableFormError(path, "không có tệp này", "tên đúng của biểu")
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableFormError(path, "tệp lớn hơn 100 MB", "biểu không kèm ảnh, tệp đính kèm")
        found = reader(path)
    except OSError as error:
        raise UnreadableError(path, error) from error
    if not any(seen for table in found for row in table.rows for seen in row):
        raise UnreadableFormError(path, "không có bảng nào", "tệp có bảng của biểu")
    return found


def _of_workbook(path: Path) -> list[FormTable]:
    """Return the visible sheets of a workbook, whatever its name says of its kind."""
    refused = refusal(path)
    if refused is not None and refused[0] in OTHERS:
        return _of_other_workbook(path)
    found = [
        FormTable(
            path.name,
            one.title,
            one.rows,
            [boundaries(area) for area in one.marks.merged],
            one.marks.hidden_rows,
            one.marks.hidden_columns,
        )
        for one in sheets(path)
        if one.rows and not one.hidden
    ]
    for table in found:
        _refuse_uncalculated(path, table)
    return found


def _refuse_uncalculated(path: Path, table: FormTable) -> None:
    """Raise UnreadableFormError where a formula has no result: it would be read as a blank, or as no row."""
    cells = [
        f"{get_column_letter(column)}{row}"
        for row, values in enumerate(table.rows, start=1)
        for column, value in enumerate(values, start=1)
        if value is UNCALCULATED
    ]
    if cells:
        more = f" và {len(cells) - _MOST_TOLD} ô khác" if len(cells) > _MOST_TOLD else ""
        found = f"trang {table.sheet!r}, ô {', '.join(cells[:_MOST_TOLD])}{more} có công thức chưa tính"
        raise UnreadableFormError(path, found, "biểu mở bằng Excel rồi lưu lại, hoặc số thay cho công thức")


def _of_other_workbook(path: Path) -> list[FormTable]:
    """Return the sheets of a workbook of another program, read in a process that cannot take all memory."""
    if zipfile.is_zipfile(path):
        _refuse_unsound(path)
    code = "from giamngheo.workbook.forms.other_workbook import main; main()"
    bounds = map(str, (MOST_ROWS + 1, MOST_COLUMNS, _MEMORY))
    done = _bounded(path, isolated(code, str(path.resolve()), *bounds))
    try:
        found = json.loads(done)
    except ValueError:
        found = {}
    if "error" in found or not found:
        raise UnreadableFormError(path, found.get("error", "tệp bị hỏng"), "biểu lưu lại thành .xlsx, không mật khẩu")
    given = [
        FormTable(
            path.name, sheet["title"], sheet["rows"], [_area(area) for area in sheet["merged"]], tells_looks=False
        )
        for sheet in found["sheets"]
        if sheet["rows"]
    ]
    if any(sum(map(cells_read, table.merged)) > MOST_READ for table in given):
        raise UnreadableFormError(path, "có ô gộp chồng lên nhau", "biểu mở bằng Excel rồi lưu lại thành .xlsx")
    return given


def _area(area: Sequence[int]) -> Area:
    left, top, right, bottom = area
    return left, top, right, bottom


def _refuse_unsound(path: Path) -> None:
    """Raise UnreadableFormError for an archive that is swollen, closed or damaged: who reads it does not say so."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise UnreadableFormError(path, "tệp có mật khẩu", "biểu lưu lại không mật khẩu")
            if is_swollen(parts):
                raise UnreadableFormError(path, "bung ra thì tệp chiếm hết bộ nhớ", "biểu không có phần độn")
            damaged = archive.testzip()
    except _DAMAGED as error:
        raise UnreadableFormError(path, *_DAMAGE) from error
    if damaged is not None:
        raise UnreadableFormError(path, *_DAMAGE)


def _bounded(path: Path, command: Sequence[str]) -> bytes:
    """Return what a program writes of a file, within bounds of time."""
    with scratch_folder("form") as folder:
        try:
            done = subprocess.run(
                command, cwd=folder, env=environment(folder), capture_output=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise UnreadableFormError(path, "đọc quá lâu", "tệp chỉ có các bảng của biểu") from error
    if done.returncode:
        raise UnreadableFormError(path, "tệp bị hỏng hoặc quá lớn", "bản nguyên vẹn, chỉ có các bảng của biểu")
    return done.stdout


def _of_document(path: Path) -> list[FormTable]:
    """Return the tables of a Word document, as pandoc reads them: changes that were tracked count as accepted."""
    if not zipfile.is_zipfile(path):
        raise UnreadableFormError(path, "không phải tệp .docx, hoặc có mật khẩu", "tệp lưu lại thành .docx")
    _refuse_unsound(path)
    with scratch_folder("form") as folder:
        seen = folder / "seen.docx"
        try:
            as_seen(path, seen)
        except KeyError as error:
            words = "không phải văn bản Word, hoặc bị hỏng", "bản nguyên vẹn, dạng .docx"
            raise UnreadableFormError(path, *words) from error
        except (ExpatError, HostileXmlError) as error:
            raise UnreadableFormError(path, "không phải văn bản Word", "tệp lưu lại thành .docx") from error
        except RecursionError as error:
            raise UnreadableFormError(path, *_NESTED) from error
        except ValueError as error:
            raise UnreadableFormError(path, *_LONG) from error
        options = ["--sandbox", "--from=docx", "--to=json", str(seen)]
        done = _bounded(path, [pandoc(), "+RTS", f"-M{_MEMORY}", "-RTS", *options])
    try:
        document = json.loads(few_parts(done))
        found = [_document_table(path, title, table) for title, table in _blocks(document["blocks"])]
    except RecursionError as error:
        raise UnreadableFormError(path, *_NESTED) from error
    except ValueError as error:
        raise UnreadableFormError(path, *_LONG) from error
    return [table for table in found if table.rows]


def _blocks(blocks: Sequence[Mapping[str, Any]]) -> Iterator[tuple[list[str], tuple[int, Mapping[str, Any]]]]:
    """Yield the tables of a document, numbered, each with the paragraphs between it and the one before."""
    above: list[str] = []
    number = 0
    for block in blocks:
        if block["t"] == "Table":
            number += 1
            yield above, (number, block)
            above = []
        elif line := _text(block):
            above.append(line)


def _document_table(path: Path, above: Sequence[str], numbered: tuple[int, Mapping[str, Any]]) -> FormTable:
    """Return a table of a document; the paragraphs above it are rows of one cell, so that its title stands with it.

    One cell may say that it is merged with millions: only those that are read are counted.
    """
    number, table = numbered
    _, _, _, head, bodies, foot = table["c"]
    rows = [*head[1], *(row for body in bodies for row in (*body[2], *body[3])), *foot[1]][: MOST_ROWS + 1]
    below, beside = len(above) + len(rows) + 1, MOST_COLUMNS + 1
    grid: dict[tuple[int, int], str] = {}
    taken: set[tuple[int, int]] = set()
    merged: list[Area] = []
    for at, row in enumerate(rows, start=len(above) + 1):
        column = 1
        for _, _, height, width, blocks in row[1]:
            while (at, column) in taken:
                column += 1
            area = (column, at, column + width - 1, at + height - 1)
            covered = range(at, min(at + height, below)), range(column, min(column + width, beside))
            taken |= set(product(*covered))
            grid[at, column] = "\n".join(filter(None, map(_text, blocks)))
            if height > 1 or width > 1:
                merged.append(area)
            column += width
    width = max((c for _, c in taken), default=0)
    body = [[grid.get((at, c)) or None for c in range(1, width + 1)] for at in range(len(above) + 1, below)]
    return FormTable(path.name, f"bảng {number}", [*([line] for line in above), *body], merged)


def _text(node: Any) -> str:
    """Return the words of a part of a document, as pandoc gives it."""
    if isinstance(node, list):
        return "".join(map(_text, node))
    if not isinstance(node, dict):
        return ""
    kind, content = node.get("t", ""), node.get("c", "")
    if kind == "Str":
        return str(content)
    if kind in {"Space", "SoftBreak"}:
        return " "
    if kind == "LineBreak":
        return "\n"
    if kind in {"Note", "Image", "RawInline"}:
        return ""  # the mark of a note is no digit of the figure that it stands at
    if kind == "Math":
        return UNREADABLE
    if kind in {"Code", "CodeBlock"}:
        return str(content[1])
    if kind in {"Superscript", "Subscript"}:
        return raised(_text(content))
    if kind == "Strikeout":
        return struck(_text(content))
    return _text(content) + ("\n" if kind in {"Para", "Plain", "Div"} else "")


def _of_text(path: Path) -> list[FormTable]:
    """Return the table of a CSV file, or of cells pasted into a text file."""
    written = content(path, LARGEST_FILE)
    encoding = "utf-16" if written[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        typed = written.decode(encoding)
    except UnicodeError as error:
        raise UnreadableFormError(path, "chữ không phải Unicode", "tệp lưu lại kiểu 'CSV UTF-8'") from error
    delimiter = max(_DELIMITERS, key=lambda sign: sum(sign in line for line in io.StringIO(typed, newline=None)))
    reader = csv.reader(io.StringIO(typed, newline=None), delimiter=delimiter, strict=True)
    try:  # a quotation mark that does not close would take all rows below into its cell
        rows = list(islice(reader, MOST_ROWS + 1))
    except csv.Error as error:
        found = f"đến dòng {reader.line_num} có ngoặc kép không khép, hoặc ô dài quá"
        raise UnreadableFormError(path, found, "tệp CSV UTF-8 mà Excel lưu") from error
    return [FormTable(path.name, "", [[cell.strip() or None for cell in row[:MOST_COLUMNS]] for row in rows])]


_READERS: Mapping[str, Callable[[Path], list[FormTable]]] = {
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"), _of_workbook),
    ".docx": _of_document,
    **dict.fromkeys((".csv", ".tsv", ".txt"), _of_text),
}
_KINDS = "một tệp .xlsx, .xls, .xlsb, .ods, .docx hoặc .csv"
