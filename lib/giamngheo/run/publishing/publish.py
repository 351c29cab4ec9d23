"""Outputs written aside and put in place whole.

A report goes into the folder that is there: a link is followed, a mount point or the working folder stays what it is,
its rights too, and what is not of the report is never touched. New files are written to a hidden folder in it that
only this user can enter; then the earlier ones are moved aside and, after all of them, the new ones into place. A
folder that is not there yet is written beside its place and appears whole. Whoever comes after a writer that was
killed, to write or to read, finishes that or takes it back.

Who shares the folder can write there too: nobody can foresee the hidden names, none is followed where it is a link,
and a folder that somebody gave such a name is not taken for ours: it has no mark of ours in it.
"""

import errno
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from tempfile import mkdtemp

from giamngheo.core.errors import GiamngheoError, UnreadableError, reason, shown
from giamngheo.core.lock import FOLDER_LOCK, passing_lock
from giamngheo.core.paths import ANNEX, EXECUTED, FILES, MAIL, MANIFEST
from giamngheo.core.shared import (
    MARK,
    empty,
    entries,
    is_marked,
    is_own_folder,
    made_folder,
    mark,
    opened,
    refuse_foreign_link,
    remove_made,
)

REPORT_FILES = frozenset({*FILES.values(), ANNEX, MAIL, EXECUTED, MANIFEST})

_OURS = ".giamngheo-"

_NEW, _READY, _OLD = f"{_OURS}new-", f"{_OURS}ready-", f"{_OURS}old-"
"""Beginnings of the names of hidden folders: files half written, files all written, the earlier ones."""

_SECOND_NS = 1_000_000_000
_TOGETHER_NS = 100_000_000
"""Nanoseconds within which the files of a report are put in place."""

_FRESH = "fresh"
"""What a folder of files half written holds: with the rights that the user gives what he makes."""


class UnwritableOutputError(GiamngheoError):
    """The folder of the outputs cannot be written, or one of its files is open elsewhere."""

    def __init__(self, folder: Path, error: OSError) -> None:
        at = Path(str(error.filename or "")).name
        where = f" ({at})" if is_hidden(at) else ""
        super().__init__(
            f"Không ghi được vào {folder}: {reason(error)}{where}. Đóng các tệp báo cáo đang mở, kiểm tra quyền ghi và"
            " dung lượng đĩa rồi chạy lại; báo cáo cũ còn nguyên."
        )


class InterruptedRunError(GiamngheoError):
    """A run was stopped while it replaced the report in a folder, and this user cannot repair that."""

    def __init__(self, folder: Path, error: OSError | None) -> None:
        because = f" ({reason(error)})" if error else ""
        self.why = (
            f"một lần chạy bị ngắt hoặc chưa xong khi thay tệp báo cáo, lệnh này không đặt lại tệp được{because};"
            " người có quyền ghi ở đó chạy giamngheo report hoặc giamngheo site thì tệp về đúng chỗ"
        )
        super().__init__(f"{shown(folder)}: {self.why}.")


def is_hidden(name: str) -> bool:
    """Return whether a file or folder beside the outputs is one that is there while they are written."""
    return name.startswith(_OURS)


def is_set_aside(name: str) -> bool:
    """Return whether a folder is one that holds files of a report as long as it is being replaced."""
    return name.startswith((_READY, _OLD))


def holds_report(folder: Path) -> bool:
    """Return whether files of a report lie in a folder, put aside by a killed run or not. Raises UnreadableError."""
    try:
        return any(path.name in REPORT_FILES or is_set_aside(path.name) for path in folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise UnreadableError(folder, error) from error


def publish(folder: Path, files: Mapping[str, bytes], *, check: Callable[[], None] = lambda: None) -> None:
    """Write files by name as the whole report in `folder`, or nothing; other files of the folder stay.

    One writer at a time. check: as in `publishing`. Raises UnwritableOutputError, and what `check` raises.
    """
    with publishing(folder, REPORT_FILES.__contains__, check=check) as fresh:
        for name, content in files.items():
            write_new(fresh / name, content)


def with_those_there(formats: Sequence[str], folder: Path) -> tuple[str, ...]:
    """Return the formats that are asked for and those of the files that are there, in the order of FORMATS.

    So no file of a report goes, and all that lie together are of the same inputs. Raises UnwritableOutputError.
    """
    with undisturbed(folder):
        there = formats_there(folder)
    return tuple(form for form in FILES if form in formats or form in there)


def formats_there(folder: Path) -> set[str]:
    """Return the formats of the files in the folder of a report. Raises UnwritableOutputError."""
    try:
        return {form for form, name in FILES.items() if (folder / name).exists()}
    except OSError as error:
        raise UnwritableOutputError(folder, error) from error


def publish_file(path: Path, content: bytes, *, check: Callable[[], None] = lambda: None) -> None:
    """Write a file whole or not at all, through a link to where it leads.

    check: called when it is written, before it takes its place. Raises UnwritableOutputError, and what `check` raises.
    """
    try:
        refuse_foreign_link(path)
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_file():  # a device would become a file
            raise OSError(errno.EINVAL, "không phải là tệp thường")
        with made_folder(target.parent), passing_lock(target.parent / FOLDER_LOCK):
            _sweep(target.parent)
            with _aside(target.parent) as fresh:
                write_new(fresh / target.name, content)
                _save(fresh)
                check()
                (fresh / target.name).replace(target)
    except OSError as error:
        raise UnwritableOutputError(path, error) from error


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet. Raises OSError, too where there is a link in its place."""
    with path.open("xb") as file:
        file.write(content)


def _save(fresh: Path) -> None:
    """Have the disk hold all files of a folder: a power cut would empty them when the earlier ones are gone already.

    After the last is written, and all at once: a disk takes half the time for it. Then they get one time, a whole
    second: files that somebody wrote or copied there have others (written_together). Raises OSError.
    """
    files = [path for path in fresh.rglob("*") if path.is_file()]
    with ThreadPoolExecutor() as pool:
        list(pool.map(_save_one, files))
    second = int(time.time())
    for path in files:
        os.utime(path, (second, second))


def written_together(files: Sequence[os.stat_result]) -> bool:
    """Return whether all files are of one report as it was put in place: by their times alone, without reading them."""
    written, placed = {each.st_mtime_ns for each in files}, [each.st_ctime_ns for each in files]
    is_of_one = len(written) == 1 and not any(when % _SECOND_NS for when in written)
    return is_of_one and max(placed) - min(placed) <= _TOGETHER_NS


def _save_one(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def publishing(
    folder: Path,
    is_ours: Callable[[str], bool] | None,
    *,
    check: Callable[[], None] = lambda: None,
    folders: bool = False,
) -> Iterator[Path]:
    """Give an empty folder to fill, whose content then takes the place of what `is_ours` by its name in `folder`.

    is_ours: None where nothing may be there yet. One writer at a time. check: called when all is written, before the
    first file moves; where it fails, as where filling does, nothing changes. folders: are among what is ours; else what
    lies in one is never removed. Raises UnwritableOutputError, and what `check` raises.
    """
    try:
        refuse_foreign_link(folder)
        with _locked_place(folder, folders=folders) as place, _aside(place) as fresh:
            yield fresh
            _save(fresh)
            check()
            if place != folder:
                fresh.rename(folder)
            elif is_ours is None:
                raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), str(folder))
            else:
                _open_like(folder, fresh)
                _swap(folder, fresh, is_ours, folders=folders)
    except OSError as error:
        raise UnwritableOutputError(folder, error) from error


@contextmanager
def _locked_place(folder: Path, *, folders: bool) -> Iterator[Path]:
    """Hold off other writers and give the folder to write in: this one, its parent where it is not there yet."""
    with ExitStack() as stack:
        stack.enter_context(made_folder(folder.parent))
        if not folder.exists():
            stack.enter_context(passing_lock(folder.parent / FOLDER_LOCK))
        if folder.exists():
            stack.enter_context(passing_lock(folder / FOLDER_LOCK))
            _repair(folder, folders=folders)
            yield folder
        else:
            _sweep(folder.parent)
            yield folder.parent


@contextmanager
def _aside(place: Path) -> Iterator[Path]:
    """Give an empty folder below one in `place` that only this user can enter; what is left in it goes."""
    closed = Path(mkdtemp(dir=place, prefix=_NEW))
    try:
        with opened(closed) as handle:
            mark(closed, handle, closed.name)
            try:
                fresh = closed / _FRESH
                fresh.mkdir()
                yield fresh
            finally:
                with suppress(OSError):
                    empty(closed, handle)
    finally:
        with suppress(OSError):
            remove_made(closed, whole=False)


@contextmanager
def undisturbed(folder: Path) -> Iterator[OSError | None]:
    """Hold off writers while a folder is read, and repair what a killed one left; give why that could not be done."""
    why = None
    with ExitStack() as stack:
        try:
            refuse_foreign_link(folder)
            stack.enter_context(passing_lock(folder / FOLDER_LOCK))
            _repair(folder, folders=False)
        except OSError as error:
            why = error
        yield why


@contextmanager
def whole(folder: Path) -> Iterator[None]:
    """Hold off writers while the report in a folder is read, all of whose files are in place.

    Raises InterruptedRunError where a killed writer left it in parts that this user cannot put together.
    """
    with undisturbed(folder) as why:
        if _is_in_parts(folder):
            raise InterruptedRunError(folder, why)
        yield


def repair(folder: Path) -> None:
    """Put together the report in a folder that is about to be read; where it is whole, nothing is locked or written.

    Raises InterruptedRunError.
    """
    if _is_in_parts(folder):
        with whole(folder):
            pass


def _is_in_parts(folder: Path) -> bool:
    """Return whether hidden folders hold files that belong in place: new ones, or earlier ones moved aside for none.

    What cannot be entered, or lies behind a link of another user, is told by what reads it.
    """
    with suppress(OSError):
        refuse_foreign_link(folder)
        for hidden in (*_left(folder, _READY), *_replaced(folder, were_written=False)):
            with opened(hidden) as handle:
                if entries(hidden, handle) - {MARK}:
                    return True
    return False


def _repair(folder: Path, *, folders: bool) -> None:
    """Finish what killed writers had all written; take back what they had not."""
    _sweep(folder)
    _take_back(folder)
    _put_in_place(folder, folders=folders)


def _sweep(place: Path) -> None:
    """Take away what this user's killed writers had half written, and what is empty: nobody else writes there now."""
    for hidden in [path for beginning in (_NEW, _READY, _OLD) for path in place.glob(f"{beginning}*")]:
        with suppress(OSError):
            if hidden.name.startswith(_NEW) and is_own_folder(hidden):
                remove_made(hidden)
            else:
                hidden.rmdir()


def _left(folder: Path, beginning: str) -> list[Path]:
    """Return the hidden folders of whoever may change this one, in their order.

    Neither links nor folders that somebody renamed are ours.
    """
    own = folder.stat().st_mode & stat.S_ISVTX  # there each user may only change his own
    found = (path for path in sorted(folder.glob(f"{beginning}*")) if path.is_dir() and not path.is_symlink())
    return [path for path in found if (not own or is_own_folder(path)) and _is_made(path)]


def _is_made(hidden: Path) -> bool:
    with opened(hidden) as handle:
        return is_marked(hidden, handle)


def _open_like(folder: Path, hidden: Path) -> None:
    """Let those who may write in `folder` write in a hidden one too, to finish what is killed."""
    with suppress(OSError):
        if os.name != "nt":
            os.chown(hidden, -1, folder.stat().st_gid)
        shutil.copymode(folder, hidden)


def _swap(folder: Path, fresh: Path, is_ours: Callable[[str], bool], *, folders: bool) -> None:
    """Put what is new in the place of what is ours, or leave everything where something is open elsewhere."""
    number = token_hex(8)
    earlier = fresh.with_name("earlier")
    earlier.mkdir()
    for hidden, name in ((earlier, f"{_OLD}{number}"), (fresh, f"{_READY}{number}")):
        with opened(hidden) as handle:
            mark(hidden, handle, name, beside=entries(hidden, handle))
    _open_like(folder, earlier)
    earlier = earlier.rename(folder / f"{_OLD}{number}")
    try:
        for path in sorted(folder.iterdir()):
            if not path.name.startswith(".") and is_ours(path.name):
                path.rename(earlier / path.name)
        fresh.rename(folder / f"{_READY}{number}")
    except OSError:
        _take_back(folder)
        raise
    _put_in_place(folder, folders=folders)


def _take_back(folder: Path) -> None:
    """Put back what was moved aside for files that were not all written."""
    for earlier in _replaced(folder, were_written=False):
        _move_all(earlier, folder)
        remove_made(earlier, whole=False)


def _put_in_place(folder: Path, *, folders: bool) -> None:
    """Put files that were all written in their place, and remove what was moved aside for them."""
    ready = _left(folder, _READY)
    for new in ready:
        _move_all(new, folder)
    for earlier in _replaced(folder, were_written=True):
        remove_made(earlier, folders=folders)
    for new in ready:
        remove_made(new, whole=False)


def _replaced(folder: Path, *, were_written: bool) -> list[Path]:
    """Return folders of what was moved aside by a user for files of his that all are, or are not, written."""
    ready = {(path.name.removeprefix(_READY), path.stat().st_uid) for path in _left(folder, _READY)}
    found = _left(folder, _OLD)
    written = [(path.name.removeprefix(_OLD), path.stat().st_uid) in ready for path in found]
    return [path for path, is_written in zip(found, written, strict=True) if is_written is were_written]


def _move_all(source: Path, target: Path) -> None:
    """Move what a folder holds; one that has become a link or another folder meanwhile is left.

    Raises OSError, then too, and where somebody has put something in the place of a part since a run was killed.
    """
    with opened(source) as handle:
        if not is_marked(source, handle):
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), str(source))
        names = sorted(entries(source, handle) - {MARK})
        if there := [name for name in names if os.path.lexists(target / name)]:
            why = f"một lần chạy bị ngắt chưa xong ở đó, sau đó có người đặt {', '.join(there)}; chuyển đi nơi khác"
            raise OSError(errno.EXDEV, why)
        for name in names:
            os.rename(source / name if handle is None else name, target / name, src_dir_fd=handle)
