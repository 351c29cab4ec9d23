"""Folders of temporary files, which outlive no run: neither a SIGTERM nor, for long, a kill.

A run holds a lock in its folder as long as it lives; the next run takes away the folders whose lock nobody holds.
"""

import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from types import FrameType

from giamngheo.core.errors import MachineError
from giamngheo.core.lock import is_free, locked
from giamngheo.core.shared import is_own_folder

PREFIX = "giamngheo-"

HELD = "held"
"""A file that is there once the lock is held: a folder without it may be another's who is about to hold it."""

_LOCK = "lock"

_IN_USE: dict[int, Path] = {}
"""The folder of temporary files of this process by its number, which a forked one does not share."""

_TERMINATED = 128 + signal.SIGTERM


@contextmanager
def scratch_folder(what: str, *, beside: Path | None = None) -> Iterator[Path]:
    """Provide a folder that only this user can read, gone at the end.

    what: is in it; part of its name. beside: the folder that holds it, in place of that of temporary files, where what
    is in it will be moved to a place on the same disk. Raises OSError.
    """
    where = Path(gettempdir()) if beside is None else beside
    sweep_scratch(where)
    folder = Path(mkdtemp(dir=where, prefix=f"{PREFIX}{what}-"))
    try:
        with locked(folder / _LOCK):
            (folder / HELD).touch()
            try:
                yield folder
            finally:
                _empty(folder)
    finally:
        _take_away(folder)


@contextmanager
def temporary_files() -> Iterator[Path]:
    """Keep every temporary file of this process and its children in a scratch folder. Raises MachineError.

    What pandoc, openpyxl or DuckDB leave when they are killed goes away with it. Inside another one it is the same
    folder: the place of temporary files is one for all threads, and one that changes it takes theirs away.
    """
    if _IN_USE.get(os.getpid()):
        yield _IN_USE[os.getpid()]
        return
    names, before = ("TMPDIR", "TEMP", "TMP"), tempfile.tempdir
    environment = {name: os.environ.get(name) for name in names}
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(scratch_folder("run"))
        except OSError as error:
            raise MachineError(error) from error
        tempfile.tempdir = str(folder)
        os.environ.update(dict.fromkeys(names, str(folder)))
        _IN_USE[os.getpid()] = folder
        try:
            yield folder
        finally:
            del _IN_USE[os.getpid()]
            tempfile.tempdir = before
            for name, value in environment.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def sweep_scratch(where: Path | None = None) -> None:
    """Take away the folders of this user's runs that were killed.

    where: what holds them, if not the folder of temporary files.
    """
    for held in (where or Path(gettempdir())).glob(f"{PREFIX}*/{HELD}"):
        if is_own_folder(held.parent) and is_free(held.with_name(_LOCK)):
            _empty(held.parent)
            _take_away(held.parent)


def _empty(folder: Path) -> None:
    """Remove what is in a folder but the marks that it may be swept; a link in its place is not followed.

    Who shares the folder that it lies in may put one there at any moment.
    """
    with suppress(OSError):
        handle = None if os.name == "nt" else os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            for entry in list(os.scandir(folder if handle is None else handle)):
                place = entry.path if handle is None else entry.name
                if entry.name in (HELD, _LOCK):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(place, ignore_errors=True, dir_fd=handle)
                else:
                    os.unlink(place, dir_fd=handle)
        finally:
            if handle is not None:
                os.close(handle)


def _take_away(folder: Path) -> None:
    """Remove an empty folder; one from which something could not be removed keeps its marks, for the next sweep."""
    with suppress(OSError):
        if {entry.name for entry in folder.iterdir()} <= {HELD, _LOCK}:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def ended_in_order(stop: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Let SIGTERM end what runs inside as an exit does, so that it can clean up, unless SIGTERM is handled elsewhere.

    `stop` is called at once, from another thread: Python tells of a signal only when a long call has come back.
    """
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return
    told: list[int] = []

    def leave(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        sys.exit(_TERMINATED)

    signal.signal(signal.SIGTERM, leave)
    try:
        with _told_at_once(stop):
            yield
    except BaseException:
        if told:  # the engine makes an error of its own of the exit
            sys.exit(_TERMINATED)
        raise
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextmanager
def _told_at_once(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` in a thread of its own when SIGTERM comes, as long as the block lasts."""
    told, tell = os.pipe()
    os.set_blocking(tell, False)

    def listen() -> None:
        while number := os.read(told, 1):
            if number[0] == signal.SIGTERM:
                stop()

    listener = threading.Thread(target=listen, daemon=True)
    before = signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    listener.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(tell)
        listener.join()
        os.close(told)
