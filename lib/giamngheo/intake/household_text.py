"""A household file as comma-separated UTF-8 text.

What a CSV file is written in, and how it is parted.
"""

import codecs
import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from giamngheo.intake.household_errors import LegacyEncodingError, UnreadableHouseholdFileError
from giamngheo.intake.household_header import known_columns, legacy_encoding

SAMPLE_BYTES = 1 << 16
GARBAGE_LINES = 100
DELIMITERS = (",", ";", "\t", "|")

_SIGNATURES = {
    b"\xd0\xcf\x11\xe0": "sổ tính Excel kiểu cũ (.xls) hoặc có mật khẩu",
    b"%PDF": "tệp PDF",
    b"\x1f\x8b": "tệp nén gzip",
    b"Rar!": "tệp nén RAR",
}
_TCVN3_SIGNS = re.compile("[¸µ¶·¹®¨©ª«¬§¡¢£¤¥¦]")
_VNI_SIGNS = re.compile("[aeiouyôöAEIOUYÔÖ][ùøûõïâáàåãäêéèúüë]|ñ", re.IGNORECASE)


@dataclass(frozen=True)
class DelimitedText:
    """A UTF-8 text file of delimited columns; `header` is its first line."""

    path: Path
    delimiter: str
    header: tuple[str, ...]


def delimited_text(path: Path, scratch: Path) -> DelimitedText:
    """The text file at `path`, or a UTF-8 copy of it in `scratch` when it is written in UTF-16.

    Raises UnreadableHouseholdFileError, LegacyEncodingError.
    """
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE_BYTES)
    encoding = _encoding(path, sample)
    line = _first_line(path, sample.decode(encoding, errors="ignore"))
    delimiter = max(DELIMITERS, key=lambda mark: (len(known_columns(_parted(line, mark))), line.count(mark)))
    header = tuple(_parted(line, delimiter))
    _refuse_garbage(path, sample.decode(encoding, errors="ignore").splitlines()[1:-1], delimiter, len(header))
    readable = path if encoding == "utf-8-sig" else _copied_as_utf8(path, encoding, scratch)
    return DelimitedText(readable, delimiter, header)


def _refuse_garbage(path: Path, lines: Sequence[str], delimiter: str, columns: int) -> None:
    """Many lines of which none has the columns of the header are no table: not worth reading to the end."""
    if len(lines) >= GARBAGE_LINES and all(line.count(delimiter) + 1 < columns for line in lines):
        raise UnreadableHouseholdFileError(
            path, f"các dòng sau dòng tiêu đề đều không đủ {columns} cột như dòng tiêu đề"
        )


def _encoding(path: Path, sample: bytes) -> str:
    for signature, kind in _SIGNATURES.items():
        if sample.startswith(signature):
            raise UnreadableHouseholdFileError(path, f"là {kind}")
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if sample.count(0) > len(sample) // 4:
        return "utf-16-le" if sample[1:64:2].count(0) > sample[0:64:2].count(0) else "utf-16-be"
    if b"\0" in sample:
        raise UnreadableHouseholdFileError(path, "không phải tệp văn bản")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError as error:
        line = sample.count(b"\n", 0, error.start) + 1
        raise _not_unicode(path, sample.decode("latin-1"), line) from None
    return "utf-8-sig"


def _not_unicode(path: Path, text: str, line: int) -> Exception:
    """The error that says in what a text that is not UTF-8 is probably written."""
    header = re.split("[,;\t|]", text.partition("\n")[0])
    named = legacy_encoding(header, len(known_columns(header))) if line == 1 else None
    tcvn3, vni = len(_TCVN3_SIGNS.findall(text)), len(_VNI_SIGNS.findall(text))
    printable = sum(letter.isprintable() or letter in "\r\n\t\xad" for letter in text)
    if named is None and (max(tcvn3, vni) == 0 or printable < 0.95 * len(text)):
        return UnreadableHouseholdFileError(path, f"từ dòng {line} không phải chữ Unicode UTF-8")
    return LegacyEncodingError(path, named or ("TCVN3 (ABC)" if tcvn3 >= vni else "VNI"), line)


def _first_line(path: Path, text: str) -> str:
    line, newline, _ = text.lstrip("\r\n").partition("\n")
    if not newline or (not line.isprintable() and not line.rstrip("\r").replace("\t", "").isprintable()):
        raise UnreadableHouseholdFileError(path, "không có dòng tiêu đề và dòng số liệu")
    return line.rstrip("\r")


def _parted(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def _copied_as_utf8(path: Path, encoding: str, scratch: Path) -> Path:
    copy = scratch / "households.csv"
    try:
        with (
            path.open(encoding=encoding, newline="") as source,
            copy.open("w", encoding="utf-8", newline="") as target,
        ):
            while block := source.read(SAMPLE_BYTES):
                target.write(block)
    except UnicodeError:
        raise UnreadableHouseholdFileError(path, "không phải chữ Unicode UTF-16 hợp lệ") from None
    return copy


def first_line_not_unicode(path: Path) -> Exception | None:
    """The error of the first block of a text file that is not UTF-8; None where all of it is."""
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
