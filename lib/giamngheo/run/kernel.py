"""The Jupyter kernel a report runs in."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from traitlets import Type

from giamngheo.scratch import scratch_folder

_CONNECTION = "kernel.json"

_LONGEST = 80
"""Bytes of a folder below which every system can have sockets: of their paths macOS takes 103, Linux 107."""

_PATIENCE = 5
"""Milliseconds after which we knock again at a kernel that does not listen yet; 100 by default."""

_OPTIONS = ("--IPKernelApp.log_level=ERROR", "--HistoryManager.enabled=False")
"""Nothing on the terminal, and no copy of what the notebook says in the user's own history, which takes time too."""


class _Client(AsyncKernelClient):
    """A client that does not wait for 0.2 seconds of silence before the first cell, as the base class does.

    It is silence that tells the base class that no older message is left; nbclient knows those of its own cells.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Waits until the kernel answers and what it prints is heard. Raises RuntimeError."""
        try:
            async with asyncio.timeout(timeout):
                while not await self._is_heard():
                    if not await self.is_alive():
                        raise RuntimeError("the kernel died before it answered")
        except TimeoutError as error:
            raise RuntimeError("the kernel does not answer") from error

    async def _is_heard(self) -> bool:
        self.kernel_info()
        try:
            reply = await self.shell_channel.get_msg(timeout=1)
            await self.iopub_channel.get_msg(timeout=0.2)
        except Empty:
            return False
        return bool(reply["msg_type"] == "kernel_info_reply")


class _Manager(AsyncKernelManager):
    """A manager that knows its clients: papermill leaves them open where a cell takes too long or the kernel dies."""

    client_factory = Type(_Client)
    clients: tuple[Any, ...] = ()

    def client(self, **kwargs: Any) -> Any:
        client = super().client(**kwargs)
        client.context.setsockopt(zmq.RECONNECT_IVL, _PATIENCE)
        self.clients = (*self.clients, client)
        return client


@contextmanager
def started_kernel(*, cwd: Path, specs: KernelSpecManager | None = None) -> Iterator[AsyncKernelManager]:
    """A kernel that is starting up in the folder `cwd`; it is ended at the end, whatever happens.

    specs: where kernels are looked up, those of this machine by default. It talks over IPC sockets in a folder of
    its own, which other users of the machine cannot reach, where the system can have such sockets.
    """
    with scratch_folder("kernel") as folder:
        manager = _Manager(
            kernel_name="python3",
            kernel_spec_manager=specs or KernelSpecManager(),
            connection_file=str(folder / _CONNECTION),
            transport="ipc" if os.name != "nt" and len(os.fsencode(folder)) <= _LONGEST else "tcp",
        )
        run_sync(manager.start_kernel)(cwd=str(cwd), extra_arguments=list(_OPTIONS))
        try:
            yield manager
        finally:
            for client in manager.clients:
                client.stop_channels()
            run_sync(manager.shutdown_kernel)(now=True)
