"""A lock that one process at a time holds, whichever process that is; the system lets go of it when it dies."""

import os
import sys
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


_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


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

    Who waited for a file that is taken away meanwhile has locked nothing, and begins anew. A link in its place, which
    others may have put there, is taken away and never followed.
    """
    while True:
        if path.is_symlink():
            path.unlink(missing_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o666)
        try:
            _lock(handle)
            if _is_at(handle, path):
                try:
                    yield
                    return
                finally:
                    with suppress(OSError):  # Windows keeps a file for which somebody waits
                        path.unlink()
        finally:
            os.close(handle)


def _is_at(handle: int, path: Path) -> bool:
    """Return whether an open file is still the one at `path`."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


def is_free(path: Path) -> bool:
    """Return whether the lock file `path` is there and nobody holds it."""
    try:
        handle = os.open(path, os.O_RDWR | _NO_LINK | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        _lock(handle, wait=False)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
