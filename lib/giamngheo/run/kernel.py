"""The Jupyter kernel a report runs in."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync


@contextmanager
def started_kernel(*, cwd: Path) -> Iterator[AsyncKernelManager]:
    """A kernel that is starting up in the folder `cwd`; it is ended at the end, whatever happens.

    It talks over IPC sockets in a folder of its own, which other users of the machine cannot reach, where the
    system has such sockets.
    """
    with tempfile.TemporaryDirectory(prefix="giamngheo-", ignore_cleanup_errors=True) as folder:
        manager = AsyncKernelManager(
            kernel_name="python3",
            connection_file=str(Path(folder) / "kernel.json"),
            transport="tcp" if os.name == "nt" else "ipc",
        )
        run_sync(manager.start_kernel)(cwd=str(cwd))
        try:
            yield manager
        finally:
            run_sync(manager.shutdown_kernel)(now=True)
