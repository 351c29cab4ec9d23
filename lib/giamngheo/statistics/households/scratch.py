"""A private folder for rows that do not fit in memory, which outlives no run: neither a SIGTERM nor, for long, a kill.

A run holds a lock in its folder as long as it lives; the next run takes away the folders whose lock nobody holds.
"""

import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from types import FrameType

PREFIX = "giamngheo-households-"

_LOCK = "lock"

_TERMINATED = 128 + signal.SIGTERM

if sys.platform == "win32":
    import msvcrt

    def _locked(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _locked(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder that only this user can read, gone at the end."""
    sweep_scratch()
    folder = Path(mkdtemp(prefix=PREFIX))
    with (folder / f"{_LOCK}.new").open("wb") as lock:
        _locked(lock.fileno())
        (folder / f"{_LOCK}.new").rename(folder / _LOCK)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sweep_scratch() -> None:
    """Takes away the folders of runs that were killed."""
    for folder in Path(gettempdir()).glob(f"{PREFIX}*"):
        try:
            with (folder / _LOCK).open("r+b") as lock:
                _locked(lock.fileno())
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # alive, another user's, or gone already


@contextmanager
def ended_in_order(stop: Callable[[], None] = lambda: None) -> Iterator[None]:
    """SIGTERM ends what runs inside as an exit does, so that it can clear up; only where nobody else has a say.

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
    """Calls `stop` in a thread of its own when SIGTERM comes."""
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
