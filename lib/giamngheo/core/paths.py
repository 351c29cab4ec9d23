"""Where the project's folders are, from wherever one works."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import giamngheo
from giamngheo.core.errors import GiamngheoError, UnreadableError, WrongUseError, shown
from giamngheo.core.message import quoted
from giamngheo.core.period import Period
from giamngheo.core.text import folded, is_of_households

_YEARS = "[0-9][0-9][0-9][0-9].xlsx"

_YEAR = re.compile("20[0-9]{2}")
_SHEETS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv"})
"""How files end that office programs open as tables, in small letters."""

_COPY = r"{year}[^\w.][^.]*|(copy of|bản sao( của)?) {year}.*|{year}_.*"
"""How copies of a workbook are called, without their ending."""

SHARED = HISTORY, BOUNDARIES = "disbursement_history.csv", "boundaries.geojson"
"""Files that a data folder may have for all of its units: curves of disbursement of earlier years, and their areas."""

FILES: Mapping[str, str] = {
    "html": "report.html",
    "pdf": "report.pdf",
    "docx": "report.docx",
    "xlsx": "tables.xlsx",
}
"""Name of the file of a report in each format."""

ANNEX = "annex.pdf"
"""Name of the file beside the PDF that has what the office keeps for itself; none where there is nothing."""

EXECUTED, MANIFEST, MAIL = "report.ipynb", "manifest.json", "mail.txt"
"""Names of the files beside a report: the executed notebook, the record of what it was made from, its mail."""

PUBLISHED = "published"
"""Name of the folder in that of a report that holds its published versions: 1, 2, ..."""

_MOST_TOLD = 5
"""Files that a message names."""

_LISTS = frozenset({HISTORY, "units.csv"})
"""Other tables of the project that may lie beside workbooks and are none."""


class UnknownUnitError(WrongUseError):
    """No folder of that name holds workbooks."""

    def __init__(self, unit: str, data: Path, known: list[str]) -> None:
        have = ", ".join(map(shown, known)) or "chưa có đơn vị nào"
        super().__init__(f"Không có đơn vị {quoted(unit)} trong {shown(data)}; các đơn vị có: {have}.")


class NoWorkbookError(GiamngheoError):
    """The unit has no workbook for that year."""

    def __init__(self, period: Period, folder: Path, known: list[str]) -> None:
        have = ", ".join(known) or "chưa có năm nào"
        super().__init__(f"Kỳ {period} không có số liệu: thiếu {folder / f'{period.year}.xlsx'}; các năm có: {have}.")


class MisnamedWorkbookError(GiamngheoError):
    """The folder of the unit lacks a workbook by its right name, and holds files that may be meant."""

    def __init__(self, folder: Path, misnamed: Sequence[Path], year: int | None) -> None:
        told = "; ".join(_renaming(path, year) for path in misnamed[:_MOST_TOLD]) + "; …" * bool(misnamed[_MOST_TOLD:])
        super().__init__(f"{folder} không có sổ tên {year or 'NĂM'}.xlsx (tên sổ là năm). Trong thư mục: {told}.")


class NotAFolderError(WrongUseError):
    """A file stands where the folder of the data is looked for."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{shown(path)} là tệp, không phải thư mục chứa sổ tính của các đơn vị; ghi tên thư mục.")


class NoOutputFolderError(WrongUseError):
    """A file stands where the folder of the reports is to be."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{shown(path)} là tệp, không phải thư mục báo cáo; ghi tên thư mục, ví dụ outputs.")


class UnitNameError(WrongUseError):
    """The folder of a unit has a name that none can have."""


class UnprintableNameError(UnitNameError):
    """The name of a folder could not be printed in the report or recorded in its manifest."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Tên thư mục {name!r} có ký tự không in được (xuống dòng, ký tự điều khiển, bảng mã khác UTF-8);"
            " đổi tên thư mục rồi chạy lại."
        )


class ReservedNameError(UnitNameError):
    """The name of a unit's folder is that of the folder which holds published versions."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{shown(folder)}: tên này là của thư mục các bản đã phát hành; đổi tên thư mục rồi chạy lại.")


class HiddenUnitError(UnitNameError):
    """The name of a unit's folder begins with a dot: such folders are no units for lists and for `verify`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{shown(folder)}: tên bắt đầu bằng dấu chấm là thư mục ẩn; đổi tên thư mục rồi chạy lại.")


class NoFolderError(WrongUseError):
    """The folder named on the command line or in the notebook does not exist."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Không tìm thấy {quoted(name)} trong thư mục hiện tại và các thư mục cấp trên.")


class NotGivenError(WrongUseError):
    """A report asks for a file that it was not given: its manifest would not name it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Báo cáo chỉ đọc các tệp ghi trong {MANIFEST} của nó, không đọc {quoted(name)}. Khai tệp của đơn vị ở"
            " inputs trong metadata giamngheo / report của sổ tay; chuẩn nghèo riêng của tỉnh để ở"
            " regulation/poverty.toml trong thư mục số liệu."
        )


_GIVEN: list[Path] = []
"""The folder with the files that the report is given which this process makes, the innermost last."""


@contextmanager
def only_given(folder: Path) -> Iterator[None]:
    """Let what runs inside find the files of a folder and no others, whatever lies above it or in the project."""
    _GIVEN.append(folder.absolute())
    try:
        yield
    finally:
        _GIVEN.pop()


def located(name: str) -> Path:
    """Return the path of a file or folder, looked for in the working directory, above it, then in the project.

    A name that begins with a dot, as `./data`, says itself where it is: in the working directory alone. A report that
    is made finds what it is given (only_given). Raises NoFolderError, NotGivenError.
    """
    if _GIVEN:
        return _given(name, _GIVEN[-1])
    here, project = Path.cwd(), Path(giamngheo.__file__).parents[2]
    farther = () if name.startswith(".") else (*here.parents, project)
    for folder in (here, *farther) if name.strip() else ():
        with suppress(OSError):  # a name too long for the system is the name of nothing
            if (folder / name).exists():
                return folder / name
    raise NoFolderError(name)


def _given(name: str, folder: Path) -> Path:
    """Return the path of a file or folder among those that a report is given. Raises NotGivenError."""
    path = Path(os.path.normpath(folder / name))
    if name.strip() and path.is_relative_to(folder) and os.path.exists(path):  # noqa: PTH110 - as in recipe.placed
        return path
    raise NotGivenError(name)


def output_folder(path: Path) -> Path:
    """Return the folder of the reports, which is there or can be made. Raises NoOutputFolderError."""
    there = next((place for place in (path, *path.parents) if os.path.lexists(place)), path)
    if there.is_file():
        raise NoOutputFolderError(there)
    return path


def units(data: Path) -> list[str]:
    """Return the names of the folders in `data` that hold workbooks, in their order. Raises UnreadableError.

    A folder that this user cannot read, or whose workbooks have wrong names, is named too: what it holds is missed
    where it is asked for. A hidden one is none of a unit: it may hold what a command is writing.
    """
    folders = (path for path in inside(data) if _is_folder(path) and not path.name.startswith("."))
    return [folder.name for folder in folders if _may_hold_workbooks(folder)]


def shared_files(data: Path) -> list[Path]:
    """Return the files of a data folder that are for all of its units (SHARED)."""
    return [path for name in SHARED if is_there(path := data / name)]


def workbook_paths(data: Path, unit: str) -> list[Path]:
    """Return the paths of the unit's workbooks, one a year, in their order.

    Raises UnknownUnitError, MisnamedWorkbookError where none has its right name, UnreadableError.
    """
    folder = unit_folder(data, unit)
    found = _named_rightly(folder)
    if not found:
        raise MisnamedWorkbookError(folder, [*_misnamed(folder), *_household_files(folder)], None)
    return found


def workbook_path(data: Path, unit: str, period: Period) -> Path:
    """Return the path of the unit's workbook of the period's year.

    Raises UnknownUnitError, NoWorkbookError, MisnamedWorkbookError, UnreadableError.
    """
    folder = unit_folder(data, unit)
    found = _named_rightly(folder)
    path = folder / f"{period.year}.xlsx"
    if path in found:
        return path
    if meant := [other for other in _misnamed(folder) if not found or str(period.year) in other.name]:
        raise MisnamedWorkbookError(folder, meant, period.year)
    raise NoWorkbookError(period, folder, [known.stem for known in found])


def opened(file: Path) -> list[str]:
    """Return what to say of a file that an office program has open; nothing of one that is closed."""
    if not any((file.parent / lock).exists() for lock in (f"~${file.name}", f".~lock.{file.name}#")):
        return []
    return [f"{file} đang mở ở Excel hoặc LibreOffice: phần chưa lưu không được đọc; lưu tệp rồi chạy lại."]


def beside(workbook: Path) -> list[str]:
    """Return what to say of files beside a workbook: that it is open in Excel, and copies that are not read."""
    said = opened(workbook)
    called = re.compile(_COPY.format(year=re.escape(workbook.stem)))
    copies: list[str] = []
    with suppress(UnreadableError):  # a folder that may be entered and not listed: said where it is read
        copies = [path.name for path in _misnamed(workbook.parent) if called.fullmatch(folded(path.stem))]
    if copies:
        told = ", ".join(map(quoted, copies[:_MOST_TOLD])) + ", …" * bool(copies[_MOST_TOLD:])
        said.append(f"Chỉ đọc {workbook}; bản sao bên cạnh không được đọc: {told}.")
    return said


def unit_folder(data: Path, unit: str) -> Path:
    """Return the folder of a unit, which holds workbooks, by their right names or not.

    Raises UnknownUnitError, UnprintableNameError, ReservedNameError, HiddenUnitError.
    """
    folder = next((folder for folder in inside(data) if folder.name == unit and _is_folder(folder)), None)
    if folder is None or not (_named_rightly(folder) or _misnamed(folder) or _household_files(folder)):
        raise UnknownUnitError(unit, data, units(data))
    for name in (os.path.realpath(data), unit):
        if not name.isprintable():
            raise UnprintableNameError(name)
    if unit.casefold() == PUBLISHED:
        raise ReservedNameError(folder)
    if unit.startswith("."):
        raise HiddenUnitError(folder)
    return folder


def _named_rightly(folder: Path) -> list[Path]:
    return [path for path in inside(folder) if path.match(_YEARS)]


def _misnamed(folder: Path) -> list[Path]:
    """Return the files of a unit's folder that may be workbooks by another name than theirs."""
    return [path for path in _other_tables(folder) if not is_of_households(path.name)]


def _household_files(folder: Path) -> list[Path]:
    return [path for path in _other_tables(folder) if is_of_households(path.name)]


def _other_tables(folder: Path) -> list[Path]:
    """Return the files of a unit's folder that office programs open as tables, without its workbooks and our lists."""
    others = (path for path in inside(folder) if not path.match(_YEARS) and not path.name.startswith("."))
    return [path for path in others if path.suffix.casefold() in _SHEETS and path.name not in _LISTS]


def _renaming(path: Path, year: int | None) -> str:
    """Return what is to be done with a file so that it is found as a workbook."""
    if path.name.startswith("~$"):
        return f"{path.name!r} là tệp tạm của Excel, không phải sổ"
    if is_of_households(path.name):
        return f"{path.name!r} có tên của tệp hộ, không phải sổ; giữ nguyên tên"
    said = _YEAR.search(path.stem)
    name = f"{said[0] if said else year or 'NĂM'}.xlsx"
    if path.suffix.casefold() == ".xlsx":
        return f"{path.name!r}: đổi tên thành {name}"
    return f"{path.name!r}: mở bằng Excel, lưu dạng Excel Workbook (.xlsx) với tên {name}"


def is_there(path: Path) -> bool:
    """Return whether anything has the name of a file that there may be, so that it is read or its reading is refused.

    A link that leads nowhere, as into a share that is not mounted, a pipe and a folder are there, and so is whatever a
    folder may hold that cannot be entered: only a file that nobody put there may be done without.
    """
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return os.path.lexists(path.parent) and not path.parent.is_dir()
    except OSError:
        return True
    return True


def inside(folder: Path) -> list[Path]:
    """Return what lies in a folder, by name. Raises UnreadableError."""
    try:
        return sorted(folder.iterdir())
    except NotADirectoryError:
        raise NotAFolderError(folder) from None
    except OSError as error:
        raise UnreadableError(folder, error) from error


def is_lost_folder(path: Path) -> bool:
    """Return whether a path is of a link to a folder that is gone, as of a share that is not mounted.

    Nothing tells that it was a folder but the name of the link: "notes.docx" and ".lock" are those of files.
    """
    is_called_so = not path.suffix and not path.name.startswith(".")
    return is_called_so and path.is_symlink() and not os.path.exists(path)  # noqa: PTH110 - an error of Path's own


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path) or is_lost_folder(path)  # noqa: PTH112 - as in is_lost_folder


def _may_hold_workbooks(folder: Path) -> bool:
    try:
        return bool(_named_rightly(folder)) or any(_YEAR.search(path.stem) for path in _other_tables(folder))
    except UnreadableError:
        return True
