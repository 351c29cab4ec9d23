"""Warm kernels: a jupyter_client kernel provisioner that forks them from a process that has imported the libraries."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import List

from giamngheo.run.kernel import started_kernel

PROVISIONER = "giamngheo-warm"
"""Name of the provisioner's entry point."""

Book = tuple[str, str, int]
"""Path of a workbook, its unit, its year."""

_SETTINGS = {
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""A process with threads cannot be forked safely; the tables are too small for them anyway. The debugger is silent."""


class ZygoteDiedError(OSError):
    """The process that kernels are forked from does not answer."""


class Zygote:
    """A running process of giamngheo.run.zygote; it ends with this process."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "giamngheo.run.zygote", str(theirs.fileno())]
            self._process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                env=os.environ | _SETTINGS,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._socket = ours
        self._answers = ours.makefile("r", encoding="utf-8")
        self._turn = threading.Lock()

    @property
    def pid(self) -> int:
        """Number of its process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def asked(self, **request: Any) -> dict[str, Any]:
        """The answer to a request. Raises ZygoteDiedError."""
        with self._turn:
            try:
                self._socket.sendall(f"{json.dumps(request)}\n".encode())
                line = self._answers.readline()
            except OSError as error:
                raise ZygoteDiedError from error
        if not line:
            raise ZygoteDiedError
        answer: dict[str, Any] = json.loads(line)
        return answer

    def end(self) -> None:
        """Ends the process."""
        self._answers.close()
        self._socket.close()
        self._process.kill()
        self._process.wait()


class ForkedProcess:
    """A kernel forked from a zygote, with what jupyter_client needs of a subprocess.Popen."""

    stdin = stdout = stderr = None

    def __init__(self, zygote: Zygote, books: Sequence[Book], **start: Any) -> None:
        self._zygote = zygote
        self.returncode: int | None = None
        self.pid: int = zygote.asked(start=start, books=books)["pid"]

    def poll(self, *, wait: bool = False) -> int | None:
        """The exit status, None while it runs unless it is waited for; a kernel does not outlive its zygote."""
        if self.returncode is None:
            try:
                self.returncode = self._zygote.asked(poll=self.pid, wait=wait)["status"]
            except ZygoteDiedError:
                self.returncode = -signal.SIGKILL
        return self.returncode

    def wait(self) -> int | None:
        """The exit status of a process that jupyter_client has seen ending."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Sends a signal unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)


class WarmProvisioner(LocalProvisioner):
    """Provisioner of Python kernels that are forked where that is possible and started as usual elsewhere.

    books: workbooks that are read before the fork.
    """

    books: Any = List()
    _forked: ForkedProcess | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Starts the kernel; what to connect to."""
        if not hasattr(os, "fork") or "ipykernel_launcher" not in cmd:
            return await super().launch_kernel(cmd, **kwargs)
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        start = {"arguments": arguments, "environment": dict(kwargs["env"])}
        cwd = str(kwargs.get("cwd") or Path.cwd())
        try:
            process = ForkedProcess(zygote(), self.books, cwd=cwd, **start)
        except OSError:
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self._forked = cast("subprocess.Popen[bytes]", process), process
        self.pid, self.pgid, self.cwd = process.pid, process.pid, kwargs.get("cwd")
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Ends the kernel at once; a forked one has ended then, and nobody looks every 0.1 seconds whether it has."""
        await super().kill(restart)
        if self._forked:
            self._forked.poll(wait=True)


class _WarmKernelSpecs(KernelSpecManager):
    """The kernels of this machine, all through our provisioner."""

    books: Any = List()

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        spec = super().get_kernel_spec(kernel_name)
        spec.metadata["kernel_provisioner"] = {"provisioner_name": PROVISIONER, "config": {"books": self.books}}
        return spec


@contextmanager
def warm_kernel(*, cwd: Path, books: Sequence[Book] = ()) -> Iterator[AsyncKernelManager]:
    """A kernel like that of `started_kernel`, forked from this process's zygote where that is possible.

    books: workbooks that it will read, by their paths from `cwd` on, with their unit and year; the zygote keeps the
    last ones, read, for all kernels.
    """
    found = [(str(cwd / path), unit, year) for path, unit, year in books]
    with started_kernel(cwd=cwd, specs=_WarmKernelSpecs(books=found)) as kernel:
        yield kernel


_ZYGOTES: list[Zygote] = []


def zygote() -> Zygote:
    """The zygote of this process, started anew when it died. Raises OSError where it cannot be started."""
    if _ZYGOTES and not _ZYGOTES[0].alive:
        _ZYGOTES.pop().end()
    if not _ZYGOTES:
        _ZYGOTES.append(Zygote())
    return _ZYGOTES[0]
