"""A household file as delimited UTF-8 text.

What a CSV file is written in, how it is parted, where its header stands.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from giamngheo.core.text import WINDOWS, likely_encoding
from giamngheo.households.file.schema import (
    HEADER_SEARCH_ROWS,
    LegacyEncodingError,
    UnreadableHouseholdFileError,
    are_column_numbers,
    is_header,
    is_known_word,
    recognised,
)

SAMPLE_BYTES = 1 << 16
GARBAGE_ROWS = 100
DELIMITERS = (",", ";", "\t", "|")

_SIGNATURES = {
    b"\xd0\xcf\x11\xe0": "sổ tính Excel kiểu cũ (.xls) hoặc có mật khẩu",
    b"PARE": "tệp Parquet có mật khẩu",
    b"%PDF": "tệp PDF",
    b"\x1f\x8b": "tệp nén gzip",
    b"BZh": "tệp nén bzip2",
    b"\x28\xb5\x2f\xfd": "tệp nén zstd",
    b"\xfd7zXZ": "tệp nén xz",
    b"7z\xbc\xaf": "tệp nén 7-Zip",
    b"Rar!": "tệp nén RAR",
    b"<": "trang HTML hoặc tệp XML",
}
_DECLARED = re.compile("sep=(?P<delimiter>.)", re.IGNORECASE)
"""The first line by which Excel is told how a CSV file is parted."""


_BLANK_LINE = re.compile(rb"\n[ \t]*\r?\n")

_LONGEST_BLANK = 1 << 10
"""Spaces of a line that is looked for as blank where it lies across two blocks."""


@dataclass(frozen=True)
class DelimitedText:
    """A UTF-8 text file of delimited columns, headed by its first line.

    header: the headings as they were typed; first: row of the household file in which the first line below the
    header stood, 0 where the first column has the place of each line, which is not one of `header`; parts: names of
    the sheets that the places number, if there are several; notes: what was not read.
    """

    path: Path
    delimiter: str
    header: tuple[str, ...]
    first: int = 2
    parts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Head:
    """What stands above the first household: delimiter, headings, rows down to there and their characters."""

    delimiter: str
    header: tuple[str, ...]
    rows: int
    characters: int

    @property
    def merit(self) -> tuple[int, int]:
        """What the best delimiter has most of: known headings, then columns."""
        return recognised(self.header), len(self.header)


def delimited_text(path: Path, scratch: Path) -> DelimitedText:
    """Return the text file at `path`, or a plain UTF-8 copy of it in `scratch` where the engine could not read it.

    A copy is made of a text in another encoding, with other line ends, with blank lines, or with more above its
    households than one line of headings. Raises UnreadableHouseholdFileError, LegacyEncodingError.
    """
    if path.name.startswith("~$"):
        found = "là tệp tạm mà Excel tạo khi sổ đang mở; cần chính sổ đó, tên không có ~$ ở đầu"
        raise UnreadableHouseholdFileError(path, found)
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE_BYTES)
    encoding = _encoding(path, sample)
    typed = sample.decode(encoding, errors="ignore")
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    head = _head(path, text)
    _refuse_garbage(path, text[head.characters :], head)
    if encoding == "utf-8-sig" and _is_plain(typed, text, head) and not _has_blank_lines(path):
        return DelimitedText(path, head.delimiter, head.header)
    copy = _copied(path, encoding, head, scratch)
    return DelimitedText(copy, head.delimiter, head.header, head.rows + 1)


def _has_blank_lines(path: Path) -> bool:
    """Return whether the file has a blank line, which the engine skips, so that its row numbers would be too low.

    Raises UnreadableHouseholdFileError for what no text has.
    """
    tail = b""
    with path.open("rb") as stream:
        while block := stream.read(SAMPLE_BYTES):
            block = tail + block
            if b"\0" in block:
                raise UnreadableHouseholdFileError(path, "không phải tệp văn bản: có chỗ chỉ toàn byte 0")
            if _BLANK_LINE.search(block):
                return True
            tail = block[max(block.rfind(b"\n"), len(block) - _LONGEST_BLANK) :]
    return False


def _is_plain(typed: str, text: str, head: _Head) -> bool:
    """Return whether the engine can read the file as it is: one line of headings, no line ends of old Macintoshes."""
    one_line = head.rows == 1 and text[: head.characters].count("\n") == 1 and not text.startswith("\ufeff")
    return one_line and "\r" not in typed.replace("\r\n", "")


def _refuse_garbage(path: Path, below: str, head: _Head) -> None:
    """Raise UnreadableHouseholdFileError where no row has as many columns as the header: it is no table.

    A row may have several lines, within quotation marks; the last one may be cut off.
    """
    columns, rows = len(head.header), list(csv.reader(io.StringIO(below, newline=""), delimiter=head.delimiter))[:-1]
    if len(rows) >= GARBAGE_ROWS and all(len(row) < columns for row in rows):
        raise UnreadableHouseholdFileError(
            path, f"các dòng sau dòng tiêu đề đều không đủ {columns} cột như dòng tiêu đề"
        )


def _encoding(path: Path, sample: bytes) -> str:
    for signature, kind in _SIGNATURES.items():
        if sample.startswith(signature):
            raise UnreadableHouseholdFileError(path, f"là {kind}")
    if sample.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if sample.count(0) > len(sample) // 4:
        return "utf-16-le" if sample[1:64:2].count(0) > sample[0:64:2].count(0) else "utf-16-be"
    if b"\0" in sample:
        raise UnreadableHouseholdFileError(path, "không phải tệp văn bản")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError as error:
        before, rest = sample[: error.start], sample[sample.rfind(b"\n", 0, error.start) + 1 :].decode("latin-1")
        if before.isascii() and likely_encoding(rest, is_known_word) == WINDOWS:
            return "cp1258"
        raise _not_unicode(path, rest, before.count(b"\n") + 1) from None
    return "utf-8-sig"


def _not_unicode(path: Path, text: str, line: int) -> Exception:
    """Return the error that names the encoding in which a text that is not UTF-8 is probably written."""
    if (named := likely_encoding(text, is_known_word)) is None:
        return UnreadableHouseholdFileError(path, f"từ dòng {line} không phải chữ Unicode UTF-8")
    return LegacyEncodingError(path, named, line)


def _head(path: Path, text: str) -> _Head:
    """Return the head of a text, with the delimiter that gives the most headings."""
    declared = _DECLARED.match(text.lstrip("\ufeff"))
    delimiters = (declared["delimiter"],) if declared else DELIMITERS
    heads = [head for mark in delimiters if (head := _parted(text, mark)) is not None]
    best = max(heads, key=lambda head: head.merit, default=None)
    if best is None or "\n" not in text.lstrip("\n") or not _is_text(best.header):
        raise UnreadableHouseholdFileError(path, "không có dòng tiêu đề và dòng số liệu")
    return best


def _is_text(header: Sequence[str]) -> bool:
    """Return whether the headings are readable text, or at least one of them is known."""
    return recognised(header) > 0 or all(heading.isprintable() for heading in header)


def _parted(text: str, delimiter: str) -> _Head | None:
    """Return the head of a text for a delimiter; the first row where no row is a header, None where there is no row."""
    try:
        rows = list(_rows(text, delimiter))
    except csv.Error:
        return None
    filled = [number for number, (cells, _) in enumerate(rows) if any(cells)]
    if not filled:
        return None
    at = next((number for number in filled if is_header(rows[number][0])), filled[0])
    below = next((number for number in filled if number > at), at)
    last = below if are_column_numbers(rows[below][0]) else at
    return _Head(delimiter, tuple(rows[at][0]), last + 1, rows[last][1])


def _rows(text: str, delimiter: str) -> Iterator[tuple[list[str], int]]:
    """Yield the cells of the first rows, each with the number of characters down to its end."""
    stream = io.StringIO(text, newline="")
    reader = csv.reader(stream, delimiter=delimiter)
    for _ in range(HEADER_SEARCH_ROWS + 1):
        cells = next(reader, None)
        if cells is None:
            return
        yield cells, stream.tell()


def _copied(path: Path, encoding: str, head: _Head, scratch: Path) -> Path:
    """Copy the households as UTF-8 text below a line without names; return the copy."""
    copy = scratch / "households.csv"
    try:
        with (
            path.open(encoding=encoding) as source,
            copy.open("w", encoding="utf-8", newline="") as target,
        ):
            source.read(head.characters)
            target.write(head.delimiter * (len(head.header) - 1) + "\n")
            target.writelines(_without_blank_lines(source, head.delimiter * (len(head.header) - 1)))
    except UnicodeError:
        raise UnreadableHouseholdFileError(path, "không phải chữ Unicode hợp lệ đến cuối tệp") from None
    return copy


def _without_blank_lines(source: TextIO, blank: str) -> Iterator[str]:
    """Yield the lines of a text, `blank` cells in place of one with none; a line within quotes stays as it is.

    Raises UnicodeError for what no text has.
    """
    is_quoted, is_whole = False, True
    while line := source.readline(SAMPLE_BYTES):
        if "\0" in line:
            raise UnicodeError("a power cut leaves it, and a file of holes is nothing else")
        is_blank = is_whole and not is_quoted and not line.strip()
        yield f"{blank}\n" if is_blank else line
        is_quoted ^= line.count('"') % 2 == 1
        is_whole = line.endswith("\n")


def refuse_open_quotes(path: Path, text: DelimitedText) -> None:
    """Raise UnreadableHouseholdFileError where a cell begins with a quotation mark that does not close in its line.

    The engine takes the households below into that cell, and says nothing of it.
    """
    with text.path.open(encoding="utf-8-sig", errors="replace", newline="") as source:
        reader = csv.reader(iter(lambda: source.readline(SAMPLE_BYTES), ""), delimiter=text.delimiter, strict=True)
        line = 0
        while True:
            try:
                next(reader)
            except StopIteration:
                return
            except csv.Error:
                if reader.line_num > line + 1:
                    found = f"dòng {line + max(text.first, 2) - 1} có ngoặc kép không khép trong ô"
                    raise UnreadableHouseholdFileError(path, found) from None
            line = reader.line_num


def first_line_not_unicode(path: Path) -> Exception | None:
    """Return the error for the first block of a file that is not UTF-8; None where all of it is."""
    decoder, line = codecs.getincrementaldecoder("utf-8")(), 1
    with path.open("rb") as stream:
        while block := stream.read(SAMPLE_BYTES):
            try:
                line += decoder.decode(block).count("\n")
            except UnicodeDecodeError as error:
                start = max(error.start - 2, 0)
                place = line + block.count(b"\n", 0, start)
                return _not_unicode(path, block[start:].decode("latin-1"), place)
    return None
