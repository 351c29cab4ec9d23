"""Reports fanned out over the processes of a dask cluster."""

import logging
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any, TypeVar

from giamngheo.errors import GiamngheoError
from giamngheo.run import worker

if TYPE_CHECKING:
    from distributed import Client, Future

Job = TypeVar("Job")
Result = TypeVar("Result")

MEMORY = "1GiB"
"""What a worker process may hold before it is started anew; a report takes a fifth of it."""

PATIENCE = 30
"""Seconds a running cluster has to answer."""

_SETTINGS = {
    "distributed.comm.timeouts.connect": "30s",
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.monitor-interval": "1s",
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
}
"""A worker that holds too much is started anew: one that pauses waits for ever, since nothing else frees its memory.

dask looks after tasks of milliseconds up to a hundred times a second; ours take seconds, and that would cost a tenth.
"""

_KILLED = (
    "Tiến trình lập báo cáo dừng giữa chừng nhiều lần (thường do thiếu bộ nhớ); báo cáo cũ còn nguyên, đóng bớt chương"
    " trình khác rồi chạy lại."
)
_LOST = "Cụm dask không trả lời nữa; báo cáo cũ còn nguyên, kiểm tra cụm rồi chạy lại để làm tiếp."


class NoSchedulerError(GiamngheoError):
    """The cluster named on the command line does not answer."""

    def __init__(self, address: str) -> None:
        super().__init__(f"Không kết nối được với dask scheduler ở {address}; kiểm tra địa chỉ rồi chạy lại.")


def results(
    task: Callable[[Job], Result], jobs: Sequence[Job], scheduler: str = ""
) -> Iterator[tuple[Job, Result | GiamngheoError]]:
    """Every job with what the task makes of it, or why that came to nothing, as they come.

    scheduler: address of a running cluster, by default one of this machine's cores that ends with the last job. Its
    processes have working directories of their own. Raises NoSchedulerError.
    """
    from distributed import as_completed

    if not jobs:
        return
    with _cluster(scheduler, len(jobs)) as client:
        futures = {client.submit(task, job, pure=False): job for job in jobs}
        arrived = as_completed(futures, with_results=True, raise_errors=False)  # type: ignore[no-untyped-call]
        for future, result in arrived:
            yield futures[future], result if future.status == "finished" else _raised(future)
            future.release()


def _raised(future: "Future[Any]") -> GiamngheoError:
    """Why a worker gave no result: it died again and again, the cluster is gone, or an error that is not of ours."""
    from distributed import KilledWorker

    if future.status in {"cancelled", "lost"}:
        return GiamngheoError(_LOST)
    error = future.exception()  # type: ignore[no-untyped-call]
    return GiamngheoError(_KILLED if isinstance(error, KilledWorker) else f"{type(error).__name__}: {error}")


@contextmanager
def _cluster(address: str, jobs: int) -> Iterator["Client"]:
    import dask
    from dask.system import CPU_COUNT
    from distributed import Client, LocalCluster

    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # a cluster that goes away is told by our outcomes
    with dask.config.set(_SETTINGS):
        if address:
            try:
                client = Client(address, timeout=PATIENCE)  # type: ignore[no-untyped-call]
            except (OSError, ValueError) as error:
                raise NoSchedulerError(address) from error
            with client:
                yield client
            return
        with ExitStack() as stack:
            with _uninterrupted():
                local = LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=min(CPU_COUNT, jobs),
                    threads_per_worker=1,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",
                    memory_limit=MEMORY,
                    preload=[worker.__name__],
                    silence_logs=logging.CRITICAL,
                )
                stack.callback(signal.signal, signal.SIGINT, signal.getsignal(signal.SIGINT))
                client = stack.enter_context(Client(stack.enter_context(local)))  # type: ignore[no-untyped-call]
                stack.callback(signal.signal, signal.SIGINT, signal.SIG_IGN)  # who presses Ctrl-C again has to wait
            yield client


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Holds Ctrl-C back until what is inside is done, and for ever from the processes that are started inside.

    A cluster that is stopped while it starts leaves its workers' tracebacks on the terminal.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # multiprocessing would start it inside, and let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
