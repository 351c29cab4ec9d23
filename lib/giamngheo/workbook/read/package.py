"""Whether a file can be a workbook at all, judged without unpacking it."""

import zipfile
import zlib
from collections.abc import Iterator
from glob import escape
from pathlib import Path

from giamngheo.core.message import Message, message, quoted
from giamngheo.core.text import is_of_households

MILLION = 10**6

LARGEST_FILE = 100 * MILLION
LARGEST_SHEET = 400 * MILLION
"""Bytes of a sheet when unpacked: a million formatted rows of fifteen columns."""
LARGEST_PART = 40 * MILLION
"""Bytes of any other part that is read whole."""
LARGEST_WHOLE = 1000 * MILLION
"""Bytes of all parts when unpacked."""
HIGHEST_RATIO = 200
"""Unpacked bytes a packed byte: sheets of nothing but formats have 12."""
LARGEST_CHANGED = 20 * MILLION
"""Bytes of a part of a workbook that is changed: it is kept in memory, and every element of it is looked at."""
MOST_PARTS = 2000

_TABLES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_MOST_NAMED = 5

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SHEETS = "xl/worksheets/"
_READ = ("xl/", "[Content_Types].xml", "_rels/", "docProps/")

WORKBOOK = message("an Excel workbook (.xlsx)")

_OLD = message("this is a workbook of Excel 97-2003 (.xls)")
_OPEN_DOCUMENT = message("this is an OpenDocument file")
_BINARY = message("this is a binary workbook (.xlsb)")
OTHERS = (_OLD, _OPEN_DOCUMENT, _BINARY)
"""Workbooks that other programs can read."""


def refusal(path: Path) -> tuple[Message, Message] | None:
    """Return what is wrong with a file and what is needed; None when it may be a workbook."""
    if not path.is_file():
        return _missing(path)
    if path.stat().st_size > LARGEST_FILE:
        return message("the file is larger than 100 MB"), message("a workbook without pictures or attachments")
    with path.open("rb") as file:
        head = file.read(len(_OLE))
    if head == _OLE:
        return _old_or_encrypted(path)
    if not head:
        return message("the file is empty"), WORKBOOK
    if not head.startswith(b"PK"):
        return message("this is not an Excel workbook, whatever its name"), WORKBOOK
    return _archive_refusal(path)


def _missing(path: Path) -> tuple[Message, Message]:
    """Return what is said of a file that is not there, or is none; one beside it that may be meant is named."""
    if path.exists():
        return message("this is a folder, a pipe or a device"), WORKBOOK
    if path.is_symlink():
        return message("this is a link to a file that is gone"), WORKBOOK
    others = (other for other in path.parent.glob(f"*{escape(path.stem)}*") if not other.name.startswith((".", "~$")))
    books = (other for other in sorted(others) if other.suffix.casefold() in _TABLES)
    meant = [quoted(other.name) for other in books if not is_of_households(other.name)]
    if not meant:
        return message("there is no such file"), WORKBOOK
    found = message("there is no such file; its folder has {names}", names=", ".join(meant[:_MOST_NAMED]))
    return found, message("the right one of these saved as .xlsx, with the name {name}", name=path.name)


def has_macros(path: Path) -> bool:
    """Return whether a workbook carries macros."""
    with zipfile.ZipFile(path) as archive:
        return "xl/vbaProject.bin" in archive.namelist()


def _old_or_encrypted(path: Path) -> tuple[Message, Message]:
    with path.open("rb") as file:
        is_encrypted = _ENCRYPTED in file.read(LARGEST_FILE)
    if is_encrypted:
        return message("the workbook is protected by a password"), message("the workbook saved without a password")
    return _OLD, message("the same workbook saved as .xlsx")


def _archive_refusal(path: Path) -> tuple[Message, Message] | None:
    try:
        with zipfile.ZipFile(path) as archive:
            return next(_refusals(archive.infolist()), None)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError):
        return message("the file is damaged or was cut off on its way"), message("a whole copy of the workbook")


def _refusals(parts: list[zipfile.ZipInfo]) -> Iterator[tuple[Message, Message]]:
    names = {part.filename for part in parts}
    if "mimetype" in names or "content.xml" in names:
        yield _OPEN_DOCUMENT, message("the same workbook saved as .xlsx")
    if "xl/workbook.bin" in names:
        yield _BINARY, message("the same workbook saved as .xlsx")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        yield message("this is not an Excel workbook, whatever its name"), WORKBOOK
    if any(part.flag_bits & 1 for part in parts):
        yield message("the workbook is protected by a password"), message("the workbook saved without a password")
    if is_swollen(parts):
        yield message("unpacked, the file would fill the memory"), message("a workbook without filler")


def is_swollen(parts: list[zipfile.ZipInfo]) -> bool:
    """Return whether an archive of an office program would fill the memory when unpacked."""
    is_large = len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_WHOLE
    return is_large or any(_swollen(part) for part in parts)


def _swollen(part: zipfile.ZipInfo) -> bool:
    is_small = part.filename.startswith(_READ) and not part.filename.startswith(_SHEETS)
    dense = part.file_size > MILLION and part.file_size > HIGHEST_RATIO * part.compress_size
    return dense or part.file_size > (LARGEST_PART if is_small else LARGEST_SHEET)
