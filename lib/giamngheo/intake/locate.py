"""Where the project's folders are, from wherever one works."""

import errno
import hashlib
from collections.abc import Iterator
from pathlib import Path

import giamngheo
from giamngheo.errors import GiamngheoError, WrongUseError, reason
from giamngheo.intake.period import Period

_YEARS = "[0-9][0-9][0-9][0-9].xlsx"

_BLOCK = 1 << 20


class UnknownUnitError(WrongUseError):
    """No folder of that name holds workbooks."""

    def __init__(self, unit: str, data: Path, known: list[str]) -> None:
        have = ", ".join(known) or "chưa có đơn vị nào"
        super().__init__(f"Không có đơn vị {unit!r} trong {data}; các đơn vị có: {have}.")


class NoWorkbookError(GiamngheoError):
    """The unit has no workbook for that year."""

    def __init__(self, period: Period, folder: Path, known: list[str]) -> None:
        have = ", ".join(known) or "chưa có năm nào"
        super().__init__(f"Kỳ {period} không có số liệu: thiếu {folder / f'{period.year}.xlsx'}; các năm có: {have}.")


class MisnamedWorkbookError(GiamngheoError):
    """The folder of the unit holds no workbook of that year by its right name, but files that may be meant."""

    def __init__(self, folder: Path, misnamed: Sequence[Path], year: int | None) -> None:
        told = "; ".join(_renaming(path, year) for path in misnamed[:MOST_TOLD]) + (
            "; …" if misnamed[MOST_TOLD:] else ""
        )
        super().__init__(
            f"{folder}: thiếu sổ {year or 'NĂM'}.xlsx; tên sổ là năm, đuôi .xlsx. Trong thư mục có {told}."
        )


class NotAFolderError(WrongUseError):
    """A file stands where a folder is meant."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} không phải thư mục; cần thư mục có mỗi đơn vị một thư mục, ví dụ data.")


class UnreadableError(GiamngheoError):
    """A folder or file of the data is there, but not for this user or not now."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            f"Không đọc được {path}: {reason(error)}. Kiểm tra quyền đọc, ổ đĩa hoặc thư mục mạng rồi chạy lại."
        )


class NoFolderError(WrongUseError):
    """The folder named on the command line or in the notebook does not exist."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Không tìm thấy {name!r} trong thư mục hiện tại và các thư mục cấp trên.")


def located(name: str) -> Path:
    """Path of a file or folder, looked for in the working directory, then above it, then in the project.

    Raises NoFolderError.
    """
    project = Path(giamngheo.__file__).parents[2]
    here = Path.cwd()
    for folder in (here, *here.parents, project) if name.strip() else ():
        with suppress(OSError):  # a name too long for the system is the name of nothing
            if (folder / name).exists():
                return folder / name
    raise NoFolderError(name)


def units(data: Path) -> list[str]:
    """Names of the folders in `data` that hold workbooks, in their order. Raises UnreadableError, NotAFolderError.

    A folder that this user cannot read, or whose workbooks have wrong names, is named too: what it holds is missed
    where it is asked for.
    """
    return [folder.name for folder in _inside(data) if folder.is_dir() and _may_hold_workbooks(folder)]


def workbook_paths(data: Path, unit: str) -> list[Path]:
    """Paths of the unit's workbooks, one a year, in their order.

    Raises UnknownUnitError, MisnamedWorkbookError where none has its right name, UnreadableError.
    """
    folders = {folder.name: folder for folder in _inside(data)}
    folder = folders.get(unit)
    if folder is None or not folder.is_dir():
        raise UnknownUnitError(unit, data, units(data))
    found = [path for path in _inside(folder) if path.match(_YEARS)]
    if not found:
        raise _missing(folder, None) or UnknownUnitError(unit, data, units(data))
    return found


def workbook_path(data: Path, unit: str, period: Period) -> Path:
    """Path of the unit's workbook of the period's year.

    Raises UnknownUnitError, UnreadableError, MisnamedWorkbookError, NoWorkbookError.
    """
    folder = data / unit if unit in units(data) else None
    paths = [] if folder and not any(map(_is_workbook, _inside(folder))) else workbook_paths(data, unit)
    path = data / unit / f"{period.year}.xlsx"
    if path not in paths:
        raise _missing(path.parent, period.year) or NoWorkbookError(
            period, path.parent, [known.stem for known in paths]
        )
    return path


def digest(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal. Raises UnreadableError."""
    found = hashlib.sha256()
    for block in blocks(path):
        found.update(block)
    return found.hexdigest()


def content(path: Path) -> bytes:
    """Return the content of a file. Raises UnreadableError."""
    return b"".join(blocks(path))


def blocks(path: Path) -> Iterator[bytes]:
    """Yield the content of a file in blocks, read through one open file. Raises UnreadableError."""
    try:
        if path.exists() and not path.is_file():  # opening a pipe would wait for whoever writes into it
            raise OSError(errno.EINVAL, "không phải là tệp thường")
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except OSError as error:
        raise UnreadableError(path, error) from error
