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
    for folder in (here, *here.parents, project):
        if (folder / name).exists():
            return folder / name
    raise NoFolderError(name)


def units(data: Path) -> list[str]:
    """Names of the folders in `data` that hold workbooks, in their order. Raises UnreadableError.

    A folder that this user cannot read is named too: what it holds is missed where it is asked for.
    """
    return [folder.name for folder in _inside(data) if folder.is_dir() and _may_hold_workbooks(folder)]


def workbook_paths(data: Path, unit: str) -> list[Path]:
    """Paths of the unit's workbooks, one a year, in their order. Raises UnknownUnitError, UnreadableError."""
    known = units(data)
    if unit not in known:
        raise UnknownUnitError(unit, data, known)
    return [path for path in _inside(data / unit) if path.match(_YEARS)]


def workbook_path(data: Path, unit: str, period: Period) -> Path:
    """Path of the unit's workbook of the period's year.

    Raises UnknownUnitError, UnreadableError, NoWorkbookError.
    """
    paths = workbook_paths(data, unit)
    path = data / unit / f"{period.year}.xlsx"
    if path not in paths:
        raise NoWorkbookError(period, data / unit, [known.stem for known in paths])
    return path


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise UnreadableError(folder, error) from error


def _may_hold_workbooks(folder: Path) -> bool:
    try:
        return any(path.match(_YEARS) for path in folder.iterdir())
    except OSError:
        return True


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
