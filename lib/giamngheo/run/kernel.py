"""The Jupyter kernel a report runs in."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync


class _Manager(AsyncKernelManager):
    """A manager that knows its clients: papermill leaves them open where a cell takes too long or the kernel dies."""

    clients: tuple[Any, ...] = ()

    def client(self, **kwargs: Any) -> Any:
        client = super().client(**kwargs)
        self.clients = (*self.clients, client)
        return client


@contextmanager
def started_kernel(*, cwd: Path, specs: KernelSpecManager | None = None) -> Iterator[AsyncKernelManager]:
    """A kernel that is starting up in the folder `cwd`; it is ended at the end, whatever happens.

    specs: where kernels are looked up, those of this machine by default. It talks over IPC sockets in a folder of
    its own, which other users of the machine cannot reach, where the system has such sockets.
    """
    with tempfile.TemporaryDirectory(prefix="giamngheo-", ignore_cleanup_errors=True) as folder:
        manager = _Manager(
            kernel_name="python3",
            kernel_spec_manager=specs or KernelSpecManager(),
            connection_file=str(Path(folder) / "kernel.json"),
            transport="tcp" if os.name == "nt" else "ipc",
        )
        run_sync(manager.start_kernel)(cwd=str(cwd))
        try:
            yield manager
        finally:
            for client in manager.clients:
                client.stop_channels()
            run_sync(manager.shutdown_kernel)(now=True)
