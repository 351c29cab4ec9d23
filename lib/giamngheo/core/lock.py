"""A lock that one process at a time holds, whichever process that is; the system lets go of it when it dies."""

import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, *, wait: bool = True) -> None:
        msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int, *, wait: bool = True) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


FOLDER_LOCK = ".giamngheo-lock"
"""File in a folder that whoever puts something in place there holds."""

PATIENCE = 60.0
"""Seconds to wait for the lock of a folder that others may write: any of them could hold it for ever."""

_PAUSE = 0.01
_SETTLED = 1.0
"""Seconds after which a lock file that cannot be opened is not one that is just being made."""

_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until nobody else holds the lock file `path`, then hold it. Raises OSError where it cannot be made.

    The file stays: taking it away would let two in.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o666)
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


@contextmanager
def passing_lock(path: Path) -> Iterator[None]:
    """Hold the lock file `path` as `locked` does, and take it away at the end: for a folder that belongs to others.

    Nobody waits longer than PATIENCE for it. What is no file of this kind, a link or folder that others may have put
    there, is taken away and never followed. Raises OSError.
    """
    handle = _taken(path)
    try:
        yield
    finally:
        with suppress(OSError):  # Windows keeps a file for which somebody waits
            path.unlink()
        os.close(handle)


def _taken(path: Path) -> int:
    """Return the handle of the lock file, held. Raises OSError."""
    start = time.monotonic()
    while (waited := time.monotonic() - start) < PATIENCE:
        handle = _attempted(path, waited)
        if handle is not None:
            return handle
        time.sleep(_PAUSE)
    raise OSError(errno.ETIMEDOUT, f"lệnh khác đang ghi ở đó đã quá {PATIENCE:g} giây", str(path))


def _attempted(path: Path, waited: float) -> int | None:
    """Return the handle of the lock file if it can be held at once. Raises OSError where it will never be."""
    try:
        handle = _opened(path)
    except FileExistsError:  # somebody was faster
        return None
    except PermissionError:
        if not os.path.lexists(path):
            raise
        if waited > _SETTLED:  # every user can open a lock file of ours
            path.unlink()
        return None
    with suppress(OSError):
        _lock(handle, wait=False)
        if _is_at(handle, path):  # who waited for a file that was taken away meanwhile has locked nothing
            return handle
    os.close(handle)
    return None


def _opened(path: Path) -> int:
    """Return the handle of the lock file, made for every user where there is none: it holds nothing. Raises OSError."""
    with suppress(FileNotFoundError):
        kind = path.lstat().st_mode
        if stat.S_ISREG(kind):
            return os.open(path, os.O_RDWR | _NO_LINK)
        if stat.S_ISDIR(kind):
            path.rmdir()
        else:
            path.unlink()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o666)
    if os.name != "nt":
        os.fchmod(handle, 0o666)
    return handle


def _is_at(handle: int, path: Path) -> bool:
    """Return whether an open file is still the one at `path`."""
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except OSError:
        return False


def is_free(path: Path) -> bool:
    """Return whether the lock file `path` is there and nobody holds it."""
    try:
        handle = os.open(path, os.O_RDWR | _NO_LINK)
    except OSError:
        return False
    try:
        _lock(handle, wait=False)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
