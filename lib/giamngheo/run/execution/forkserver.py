"""The process that others are forked from: it has imported what they need, runs no thread and does no work itself.

It ends when its owner does, and with it all that it forked. For a new process its owner sends None and a socket, and is
answered with its number; a number that the owner sends is that of a process to end.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from typing import Any, NoReturn

from giamngheo.core.errors import GiamngheoError, MachineError, shown
from giamngheo.core.isolation import forbid_core_files
from giamngheo.core.scratch import temporary_files

_OBJECTS_BETWEEN_COLLECTIONS = 1_000_000
"""With Python's own number, 700, a process spends some percent of its time looking for garbage that is hardly there."""


@dataclass(frozen=True)
class Beat:
    """A sign of life: the seconds within which another comes (None: any number), parts of the work done and to do."""

    silence: float | None
    done: int
    total: int


def main() -> None:
    """Serve the owner, whose socket is the first argument, until it hangs up."""
    forbid_core_files()
    owner = Connection(int(sys.argv[1]))
    prepare: Callable[[], object] = owner.recv()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    prepare()
    gc.freeze()  # or every collection of a process walks through all the libraries and copies their pages
    while True:
        try:
            asked = owner.recv()
            owner.send(_forked(owner) if asked is None else _ended(asked))
        except (EOFError, OSError):
            os.killpg(0, signal.SIGKILL)


def _forked(owner: Any) -> int | OSError:
    """Fork a process that works for whoever holds the other end of the socket that the owner sends."""
    connection = Connection(recv_handle(owner))
    try:
        pid = os.fork()
    except OSError as error:
        return error
    if pid == 0:
        owner.close()
        try:
            work(connection)
        finally:
            os._exit(1)
    connection.close()
    return pid


def _ended(pid: int) -> int:
    """End a process that still runs; return its status. Only its parent can know that the number is still its."""
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def work(connection: Any) -> NoReturn:
    """Do what is asked over a connection: a task, and the jobs it is called with, one after the other.

    Answered for each with its result or with the error of ours it raises, and with beats on the way. Temporary files,
    and what Jupyter and IPython look for in a home folder, are in a folder that goes away.
    """
    task, jobs = connection.recv()
    try:
        with temporary_files() as folder:
            for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
                os.environ[name] = str(folder / name.lower())
            os.environ.pop("JUPYTER_PATH", None)
            for job in jobs:
                connection.send(_answer(task, job, connection))
    except MachineError as error:
        connection.send(error)
    os._exit(0)


def _answer(task: Callable[..., Any], job: Any, connection: Any) -> Any:
    """Return what the task makes of a job, or why that failed."""
    try:
        return task(job, tell=lambda *beat: connection.send(Beat(*beat)))
    except GiamngheoError as error:
        return error
    except Exception as error:
        return GiamngheoError(shown(" ".join(f"{type(error).__name__}: {error}".split())))
