"""Folders that several users may write: which links and folders in them a command of one user takes for its own.

Whoever may write in a folder may rename what lies in it, though he may not change it: a folder of somebody's work gets
the hidden name of one that is about to be removed. So what this code makes to be removed holds a mark, a file that
names it, and it is looked at and emptied by its handle, which stays with the folder that was looked at.
"""

import errno
import os
import shutil
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from giamngheo.core.errors import shown

_MOST_LINKS = 40
"""Links that lead to links, as Linux follows them."""

FOREIGN_LINK = "là liên kết do người dùng khác đặt"
"""What is said of one: it could have a command read what its user may read, and tell others, or write it."""


def is_own_folder(folder: Path) -> bool:
    """Return whether a folder is no link and nobody else's."""
    try:
        about = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(about.st_mode) and (os.name == "nt" or about.st_uid == os.geteuid())


@contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """Make a folder with those above it; those that were not there go again where the block fails. Raises OSError."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for place in missing:
            with suppress(OSError):  # somebody has put something there meanwhile
                place.rmdir()
        raise


def foreign_link(path: Path, left: int = _MOST_LINKS) -> Path | None:
    """Return the first link on the way to a file or folder that is another user's, and neither this one's nor root's.

    Whoever shares a folder can put a link there, and have what is written end wherever this user may write.
    """
    whole = path.absolute()
    for place in (*reversed(whole.parents), whole) if os.name != "nt" and left else ():
        if not place.is_symlink():
            continue
        if place.lstat().st_uid not in (0, os.geteuid()):
            return place
        if found := foreign_link(place.parent / place.readlink(), left - 1):
            return found
    return None


def is_foreign_link(path: Path) -> bool:
    """Return whether a file or folder is a link, and another user's or by way of another user's."""
    return path.is_symlink() and foreign_link(path) is not None


def refuse_foreign_link(path: Path) -> None:
    """Raise OSError where a link of another user is on the way to a file or folder that is to be written."""
    if link := foreign_link(path):
        raise OSError(errno.EXDEV, f"{shown(link)} {FOREIGN_LINK}; ghi thẳng đường dẫn thật")


MARK = ".giamngheo-mark"
"""File in a folder made here, with the name of the folder: it is written first and goes last."""

_LONGEST_NAME = 1024
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@contextmanager
def opened(folder: Path) -> Iterator[int | None]:
    """Give a handle of a folder, whatever becomes of its path; None on Windows, which has none of folders.

    Raises OSError, too where it is a link.
    """
    if os.name == "nt":
        yield None
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield handle
    finally:
        os.close(handle)


def entries(folder: Path, handle: int | None) -> set[str]:
    """Return the names of what an opened folder holds. Raises OSError."""
    with os.scandir(folder if handle is None else handle) as found:
        return {entry.name for entry in found}


def mark(folder: Path, handle: int | None, name: str, *, beside: Collection[str] = ()) -> None:
    """Mark an opened folder, just made, as one made here that is or will be called `name`.

    beside: what may lie in it. Raises OSError, too where it holds something else: it was put in the place of the other.
    """
    if entries(folder, handle) - set(beside):
        raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), str(folder))
    place = _in(folder, handle, MARK)
    file = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o644, dir_fd=handle)
    try:
        if os.name != "nt":
            os.fchmod(file, 0o644)  # others who share the folder finish what is killed
        os.write(file, os.fsencode(name))
    except OSError:
        os.unlink(place, dir_fd=handle)
        raise
    finally:
        os.close(file)


def is_marked(folder: Path, handle: int | None) -> bool:
    """Return whether an opened folder was made here, by its owner, to have the name that it has."""
    try:
        file = os.open(_in(folder, handle, MARK), os.O_RDONLY | _NO_LINK, dir_fd=handle)
    except OSError:
        return False
    try:
        about, whole = os.fstat(file), folder.stat() if handle is None else os.fstat(handle)
        return (
            stat.S_ISREG(about.st_mode)
            and about.st_uid == whole.st_uid
            and not _may_be_written_by_others(about.st_mode)
            and os.read(file, _LONGEST_NAME) == os.fsencode(folder.name)
        )
    finally:
        os.close(file)


def _may_be_written_by_others(mode: int) -> bool:
    """Return whether others may have written a mark; a disk without permissions shows every file as a program."""
    return os.name != "nt" and bool(mode & 0o022) and not mode & 0o111


def _in(folder: Path, handle: int | None, name: str) -> str:
    return name if handle is not None else str(folder / name)


def empty(folder: Path, handle: int | None, *, but: Collection[str] = (MARK,)) -> None:
    """Remove what an opened folder holds but some names. Raises OSError where something stays."""
    for name in entries(folder, handle) - set(but):
        place = _in(folder, handle, name)
        if stat.S_ISDIR(os.stat(place, dir_fd=handle, follow_symlinks=False).st_mode):
            shutil.rmtree(place, ignore_errors=True, dir_fd=handle)
        else:
            os.unlink(place, dir_fd=handle)
    if left := entries(folder, handle) - set(but):
        raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), str(folder / min(left)))


def remove_made(folder: Path, *, whole: bool = True) -> None:
    """Remove a folder if it was made here, or is empty; where not `whole`, its mark and itself only.

    Raises OSError where it or something in it stays; then it keeps its mark.
    """
    with opened(folder) as handle:
        if is_marked(folder, handle):
            if whole:
                empty(folder, handle)
            os.unlink(_in(folder, handle, MARK), dir_fd=handle)
    folder.rmdir()
