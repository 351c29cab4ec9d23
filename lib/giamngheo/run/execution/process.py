"""Work done in isolated processes: one that hangs, is killed or crashes harms nobody but the job it was at."""

import os
import signal
import socket
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from typing import Any

from giamngheo.core.errors import GiamngheoError, MachineError
from giamngheo.core.isolation import isolated
from giamngheo.core.scratch import sweep_scratch
from giamngheo.run.execution.forkserver import Beat, work

_ENVIRONMENT = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
}
"""A process with threads cannot be forked safely; the tables are too small for them, and each core has a process.

The last is of Typst: a batch of 50 took a twentieth longer with two threads in each of two processes.
"""

Watch = Callable[[int, int], None]
"""Is told how many parts of a job are done, and how many there are."""


class TooLongError(GiamngheoError):
    """A part of the work took longer than it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"Một ô của sổ tay chạy quá {seconds:g} giây nên đã dừng; báo cáo cũ còn nguyên. Đặt thời hạn bằng"
            " --timeout."
        )


class DiedError(GiamngheoError):
    """The process was killed, or crashed."""

    def __init__(self) -> None:
        super().__init__(
            "Tiến trình lập báo cáo dừng giữa chừng (có thể do thiếu bộ nhớ); báo cáo cũ còn nguyên, hãy chạy lại."
        )


class _ForkServer:
    """A running process of giamngheo.run.execution.forkserver."""

    def __init__(self, prepare: Callable[[], object]) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                isolated("from giamngheo.run.execution.forkserver import main; main()", str(theirs.fileno())),
                pass_fds=[theirs.fileno()],
                env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | _ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._link = Connection(ours.detach())
        self._turn = threading.Lock()
        self._link.send(prepare)

    def asked(self, request: int | None, handle: socket.socket | None = None) -> int:
        """Return the answer to a request. Raises DiedError, OSError where it cannot be met."""
        with self._turn:
            try:
                self._link.send(request)
                if handle:
                    send_handle(self._link, handle.fileno(), self.process.pid)
                answer: int | OSError = self._link.recv()
            except (EOFError, ConnectionError) as error:
                raise DiedError from error
        if isinstance(answer, OSError):
            raise answer
        return answer

    def end_one(self, pid: int) -> None:
        """End a process that it forked."""
        try:
            self.asked(pid)
        except (DiedError, OSError):  # it has ended itself
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def end(self) -> None:
        """End it and all that it forked."""
        if self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._link.close()


class Processes:
    """A source of processes: forked from one that is prepared, or started one by one where nothing can fork.

    prepare: a function of ours that imports what they will need; it begins at once.
    """

    def __init__(self, prepare: Callable[[], object]) -> None:
        self._prepare = prepare
        self._turn = threading.Lock()
        self._closed = False
        self._server: _ForkServer | None = None
        if hasattr(os, "fork"):
            self._running()

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *raised: object) -> None:
        """End all of them; nothing is started any more."""
        self._closed = True
        for _ in range(2):  # without waiting for one that is being started, and then that one as well
            if self._server:
                self._server.end()
            with self._turn:
                pass
        sweep_scratch()

    def one(self) -> AbstractContextManager[Any]:
        """Return the connection to a process that waits for work (forkserver.work) and is ended at the end.

        Raises DiedError, OSError.
        """
        return self._forked() if hasattr(os, "fork") else _spawned()

    @contextmanager
    def _forked(self) -> Iterator[Any]:
        ours, theirs = socket.socketpair()
        connection = Connection(ours.detach())
        try:
            with theirs:
                server = self._running()
                pid = server.asked(None, theirs)
            try:
                yield connection
            finally:
                server.end_one(pid)
        finally:
            connection.close()

    def _running(self) -> _ForkServer:
        """Return the process that others are forked from, started anew when it died. Raises DiedError, OSError."""
        with self._turn:
            if self._closed:
                raise DiedError
            if self._server is None or self._server.process.poll() is not None:
                self._server = _ForkServer(self._prepare)
            return self._server


@contextmanager
def _spawned() -> Iterator[Any]:
    """Provide the connection to a process that is started for one time, where nothing can fork."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.kill()
        process.join()


def answers(
    processes: Processes, task: Callable[..., Any], jobs: Sequence[Any], watch: Watch = lambda done, total: None
) -> Generator[tuple[Any, Any]]:
    """Yield each job with what `task` makes of it, or the error of ours that came of it, in their order.

    They are done in one process; one that dies or takes too long fails the job it was at, and another does the rest.
    """
    left = deque(jobs)
    while left:
        try:
            with processes.one() as connection:
                connection.send((task, list(left)))
                sound = True
                while left and sound:
                    answer = _answer(connection, watch)
                    sound = not isinstance(answer, TooLongError | DiedError)
                    yield left.popleft(), answer
                if sound:
                    _await_end(connection)
        except DiedError as error:
            yield left.popleft(), error
        except OSError as error:
            yield left.popleft(), MachineError(error)


def _answer(connection: Any, watch: Watch) -> Any:
    silence = None
    try:
        while connection.poll(silence):
            heard = connection.recv()
            if not isinstance(heard, Beat):
                return heard
            silence = heard.silence
            watch(heard.done, heard.total)
    except (EOFError, OSError):
        return DiedError()
    return TooLongError(silence or 0)


def _await_end(connection: Any) -> None:
    """Wait until a process has cleared up."""
    with suppress(EOFError, OSError):
        connection.recv()
