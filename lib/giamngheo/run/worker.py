"""What dask runs as a worker process of ours starts: `--preload giamngheo.run.worker`."""

import signal
from typing import Any

from giamngheo.run.warm import zygote


def dask_setup(worker: Any) -> None:
    """Leaves Ctrl-C to the command, which ends its workers; has the process kernels are forked from start meanwhile."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    zygote()
