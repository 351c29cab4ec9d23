"""A private folder for rows that do not fit in memory, which outlives no run: neither a SIGTERM nor, for long, a kill.

A run holds a lock in its folder as long as it lives; the next run takes away the folders whose lock nobody holds.
"""

import shutil
import signal
import sys
import threading
from collections.abc import Iterator
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
    """A folder that only this user can read; gone at the end, also where SIGTERM ends the run."""
    sweep_scratch()
    folder = Path(mkdtemp(prefix=PREFIX))
    with ended_in_order(), (folder / f"{_LOCK}.new").open("wb") as lock:
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
def ended_in_order() -> Iterator[None]:
    """SIGTERM ends what runs inside as an exit does, so that it can clear up; only where nobody else has a say."""
    told: list[int] = []

    def leave(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        sys.exit(_TERMINATED)

    ours = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    if ours:
        signal.signal(signal.SIGTERM, leave)
    try:
        yield
    except BaseException:
        if told:  # the engine makes an error of its own of the exit
            sys.exit(_TERMINATED)
        raise
    finally:
        if ours:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
