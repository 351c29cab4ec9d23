"""Folders that several users may write: which links and folders in them a command of one user takes for its own.

Whoever may write in a folder may rename what lies in it, though he may not change it: a folder of somebody's work gets
the hidden name of one that is about to be removed. So what this code makes to be removed holds a mark, a file that
names it, and it is looked at and emptied by its handle, which stays with the folder that was looked at. Only a run of
its owner removes it: he could have moved into it what only others may remove.
"""

import errno
import os
import shutil
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

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

HALF_MARK = f"{MARK}-new"
"""What the mark is called until all of it is on the disk."""

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
    half, whole = (_in(folder, handle, each) for each in (HALF_MARK, MARK))
    file = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o644, dir_fd=handle)
    try:
        try:
            if os.name != "nt":
                os.fchmod(file, 0o644)  # others who share the folder finish what is killed
            os.write(file, os.fsencode(name))
            os.fsync(file)  # or a power cut leaves a mark that says nothing, and the folder stays for ever
        finally:
            os.close(file)
        os.replace(half, whole, src_dir_fd=handle, dst_dir_fd=handle)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(half, dir_fd=handle)
        raise


def is_marked(folder: Path, handle: int | None) -> bool:
    """Return whether an opened folder was made here, by its owner, to have the name that it has."""
    try:
        file = os.open(_in(folder, handle, MARK), os.O_RDONLY | _NO_LINK, dir_fd=handle)
    except OSError:
        return False
    try:
        about = os.fstat(file)
        return (
            stat.S_ISREG(about.st_mode)
            and about.st_uid == _about(folder, handle).st_uid
            and os.read(file, _LONGEST_NAME) == os.fsencode(folder.name)
            and not (_is_open_to_others(about) and _keeps_permissions(folder, handle))
        )
    finally:
        os.close(file)


def _about(folder: Path, handle: int | None) -> os.stat_result:
    return folder.stat() if handle is None else os.fstat(handle)


def _is_open_to_others(about: os.stat_result) -> bool:
    return os.name != "nt" and bool(about.st_mode & 0o022)


def _keeps_permissions(folder: Path, handle: int | None) -> bool:
    """Return whether the disk of an opened folder keeps who may write a file; exFAT shows all files alike."""
    made = _made_now(folder, handle)
    return made is None or not _is_open_to_others(made)


def is_own(folder: Path, handle: int | None) -> bool:
    """Return whether an opened folder is this user's, or of the only owner that its disk knows."""
    owner = _about(folder, handle).st_uid
    if os.name == "nt" or owner == os.geteuid():
        return True
    made = _made_now(folder, handle)
    return made is not None and made.st_uid == owner


def _made_now(folder: Path, handle: int | None) -> os.stat_result | None:
    """Return what the disk says of a file that is made in an opened folder and removed; None where none can be."""
    place = _in(folder, handle, f"{MARK}-{token_hex(8)}")
    try:
        file = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o600, dir_fd=handle)
    except OSError:
        return None
    try:
        return os.fstat(file)
    finally:
        os.close(file)
        os.unlink(place, dir_fd=handle)


def _in(folder: Path, handle: int | None, name: str) -> str:
    return name if handle is not None else str(folder / name)


def empty(folder: Path, handle: int | None, *, but: Collection[str] = (MARK,), folders: bool = True) -> None:
    """Remove what an opened folder holds but some names. Raises OSError where something stays.

    folders: go too, with what is in them; else only files may lie there.
    """
    for name in entries(folder, handle) - set(but):
        place = _in(folder, handle, name)
        if not stat.S_ISDIR(os.stat(place, dir_fd=handle, follow_symlinks=False).st_mode):
            os.unlink(place, dir_fd=handle)
        elif folders:
            shutil.rmtree(place, ignore_errors=True, dir_fd=handle)
    if left := entries(folder, handle) - set(but):
        raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), str(folder / min(left)))


def remove_made(folder: Path, *, whole: bool = True, folders: bool = True) -> None:
    """Remove a folder that this user made here, or an empty one; where not `whole`, its mark and itself only.

    Another user's stays: he can have had moved into it what only this user can remove. folders: as in `empty`. Raises
    OSError where it or something in it stays; then it keeps its mark.
    """
    with opened(folder) as handle:
        if is_marked(folder, handle):
            if not is_own(folder, handle):
                return
            if whole:
                empty(folder, handle, folders=folders)
            os.unlink(_in(folder, handle, MARK), dir_fd=handle)
        elif entries(folder, handle) == {HALF_MARK}:
            os.unlink(_in(folder, handle, HALF_MARK), dir_fd=handle)
    folder.rmdir()
