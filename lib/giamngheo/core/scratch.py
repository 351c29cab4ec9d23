"""Folders of temporary files, which outlive no run: neither a SIGTERM or SIGHUP nor, for long, a kill.

A run holds a lock in its folder as long as it lives; the next run takes away the folders whose lock nobody holds.
"""

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from types import FrameType

from giamngheo.core.errors import MachineError
from giamngheo.core.lock import is_free, locked
from giamngheo.core.shared import HALF_MARK, MARK, empty, entries, is_marked, is_own, is_own_folder, mark, opened

PREFIX = "giamngheo-"

_LOCK = "lock"
_SIGNS = frozenset({MARK, HALF_MARK, _LOCK})
"""What a run removes last. The mark is there once the lock is held: without it the lock may be about to be held."""

_BEGUN = 600.0
"""Seconds after which no run is still about to hold the lock of a folder that it made: it was killed."""

_IN_USE: dict[int, Path] = {}
"""The folder of temporary files of this process by its number, which a forked one does not share."""

_ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals that ask a run to end: of the system, and of a terminal that is closed."""

_STATUS = 128
"""Exit status of what a signal ended, less the number of the signal."""


@contextmanager
def scratch_folder(what: str, *, beside: Path | None = None) -> Iterator[Path]:
    """Provide a folder that only this user can read, gone at the end.

    what: is in it; part of its name. beside: the folder that holds it, in place of that of temporary files, where what
    is in it will be moved to a place on the same disk; its name is hidden then. Raises OSError.
    """
    where, beginning = (Path(gettempdir()), PREFIX) if beside is None else (beside, f".{PREFIX}{what}-")
    sweep_scratch(where, beginning)
    folder = Path(mkdtemp(dir=where, prefix=f"{PREFIX}{what}-" if beside is None else beginning))
    try:
        with locked(folder / _LOCK), opened(folder) as handle:
            mark(folder, handle, folder.name, beside={_LOCK})
            try:
                yield folder
            finally:
                with suppress(OSError):
                    empty(folder, handle, but=_SIGNS)
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


def sweep_scratch(where: Path | None = None, beginning: str = PREFIX) -> None:
    """Take away the folders of this user's runs that were killed.

    where: what holds them, if not the folder of temporary files. beginning: of their names.
    """
    for folder in (where or Path(gettempdir())).glob(f"{beginning}*"):
        with suppress(OSError):
            if not is_own_folder(folder):
                continue
            with opened(folder) as handle:
                was_held = is_free(folder / _LOCK) and is_own(folder, handle) and is_marked(folder, handle)
                if was_held:
                    empty(folder, handle, but=_SIGNS)
            if was_held or _was_killed_early(folder):
                _take_away(folder)


def _was_killed_early(folder: Path) -> bool:
    """Return whether a run was killed in the moment it began or ended: no lock tells it from one that begins now."""
    lock = folder / _LOCK
    with suppress(OSError):
        is_old = time.time() - folder.stat().st_mtime > _BEGUN
        return is_old and (is_free(lock) or not os.path.lexists(lock))
    return False


def _take_away(folder: Path) -> None:
    """Remove an empty folder; one from which something could not be removed keeps its marks, for the next sweep."""
    with suppress(OSError):
        with opened(folder) as handle:
            if (there := entries(folder, handle)) <= _SIGNS:
                for name in sorted(there):
                    os.unlink(name if handle is not None else folder / name, dir_fd=handle)
        folder.rmdir()


@contextmanager
def ended_in_order(stop: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Let SIGTERM and SIGHUP end what runs inside as an exit does, so that it can clean up.

    They do not where SIGTERM is handled elsewhere; a SIGHUP that is ignored, as by nohup, still is. `stop` is called at
    once, from another thread: Python tells of a signal only when a long call has come back.
    """
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return
    told: list[int] = []

    def leave(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        sys.exit(_STATUS + number)

    ours = [number for number in _ENDING if signal.getsignal(number) == signal.SIG_DFL]
    for number in ours:
        signal.signal(number, leave)
    try:
        with _told_at_once(stop):
            yield
    except BaseException:
        if told:  # the engine makes an error of its own of the exit
            sys.exit(_STATUS + told[0])
        raise
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def _told_at_once(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` in a thread of its own when a signal asks to end, as long as the block lasts."""
    told, tell = os.pipe()
    os.set_blocking(tell, False)

    def listen() -> None:
        while number := os.read(told, 1):
            if number[0] in _ENDING:
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
