"""Workbooks put in their place whole, as bytes that depend on nothing but their content: no clock, no times."""

import datetime as dt
import io
import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import chain, count
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from openpyxl.workbook import Workbook
from openpyxl.writer.excel import ExcelWriter

from giamngheo.core.errors import GiamngheoError, reason
from giamngheo.core.foreign import content
from giamngheo.core.lock import FOLDER_LOCK, passing_lock
from giamngheo.core.scratch import ended_in_order, scratch_folder, temporary_files
from giamngheo.core.shared import made_folder, refuse_foreign_link

_MADE = dt.datetime(2021, 1, 1)  # noqa: DTZ001 - openpyxl wants a time without zone
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")

Writer = Callable[[IO[bytes]], object]


class NotWrittenError(GiamngheoError):
    """A file cannot be written; what stood in its place still does."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"Không ghi được {path}: {reason(error)}. Chưa ghi gì.")


class ChangedMeanwhileError(GiamngheoError):
    """Somebody saved a file while what is to take its place was made."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: sổ vừa được lưu từ chỗ khác. Chưa ghi gì; hãy đóng sổ rồi chạy lại.")


def workbook_bytes(book: Workbook) -> bytes:
    """Return the .xlsx file of a workbook, the same for the same content, whatever the clock says."""
    book.properties.creator = "giamngheo"
    book.properties.created = _MADE
    buffer = io.BytesIO()
    with temporary_files(), _TimelessArchive(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).write_data()
    return buffer.getvalue()


class _TimelessArchive(zipfile.ZipFile):
    """An archive whose parts have no times: openpyxl's would be of now, and no zip holds a year before 1980."""

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        """Add a part."""
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        part = data.encode() if isinstance(data, str) else data
        if name == _CORE:
            part = _MODIFIED.sub(rb"\g<1>" + f"{_MADE.isoformat()}Z".encode(), part)
        super().writestr(zipfile.ZipInfo(name, _EPOCH), part, zipfile.ZIP_DEFLATED)

    def write(
        self, filename: Any, arcname: Any = None, compress_type: int | None = None, compresslevel: int | None = None
    ) -> None:
        """Add a part from a file."""
        self.writestr(arcname, Path(filename).read_bytes())


def put(
    files: Mapping[Path, Writer], *, like: Path | None = None, was: Mapping[Path, bytes | None] = MappingProxyType({})
) -> None:
    """Write files, each whole or not at all; one that is a symbolic link is written where it points.

    All are written aside, to the disk, before the first is put in its place; folders that are not there are made. A
    file keeps its group and permissions; a new one has those of the file `like`. was: what files must hold still, None
    for one that must not be there. Raises NotWrittenError, ChangedMeanwhileError.
    """
    with ended_in_order(), ExitStack() as stack:
        targets: dict[Path, Path] = {}
        for path in files:
            with _told(path):
                refuse_foreign_link(path)
                targets[path] = Path(os.path.realpath(path))
                stack.enter_context(made_folder(targets[path].parent))
        for folder, path in sorted({target.parent: path for path, target in targets.items()}.items()):
            with _told(path):  # or who looks meanwhile finds the old ones; who waits has nothing there to be swapped
                stack.enter_context(passing_lock(folder / FOLDER_LOCK))
        aside: list[tuple[Path, Path]] = []
        for path, target in targets.items():
            with _told(path):
                folder = stack.enter_context(scratch_folder("aside", beside=target.parent))
                aside.append((_written(folder / target.name, files[path], (target, like)), target))
        for path, held in was.items():
            with _told(path):
                if (content(path) if path.exists() else None) != held:
                    raise ChangedMeanwhileError(path)
        _swap(aside)


def free_backup(path: Path) -> Path:
    """Return where a file that is to be replaced is kept: no older copy is written over."""
    names = chain([f"{path}.bak"], (f"{path}.bak{number}" for number in count(2)))
    return next(copy for copy in map(Path, names) if not os.path.lexists(copy))


def _swap(aside: Iterable[tuple[Path, Path]]) -> None:
    """Put files in their place; where one cannot be, as one that Excel holds open, those that are new go again."""
    new: list[Path] = []
    for written, target in aside:
        is_new = not os.path.lexists(target)
        try:
            written.replace(target)
        except OSError as error:
            for path in new:
                path.unlink(missing_ok=True)
            raise NotWrittenError(target, error) from error
        if is_new:
            new.append(target)


def _written(path: Path, writer: Writer, like: Iterable[Path | None]) -> Path:
    with path.open("xb") as file:
        writer(file)
        file.flush()
        os.fsync(file.fileno())
    if pattern := next((entry for entry in like if entry is not None and entry.exists()), None):
        _share_like(pattern, path)
    return path


def _share_like(pattern: Path, path: Path) -> None:
    """Give a file the group and the permissions of another.

    Where it cannot have that group, its members count as others from then on, as members of the new group did before:
    each of the two gets only what both had.
    """
    mode = stat.S_IMODE(pattern.stat().st_mode)
    if os.name != "nt" and path.stat().st_gid != pattern.stat().st_gid:
        try:
            os.chown(path, -1, pattern.stat().st_gid)
        except OSError:
            common = mode & mode >> 3 & stat.S_IRWXO
            mode = mode & ~(stat.S_IRWXG | stat.S_IRWXO) | common << 3 | common
    path.chmod(mode)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWrittenError(path, error) from error
