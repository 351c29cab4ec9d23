"""Many reports at once, on the processes of a dask cluster; one that fails stops no other."""

import logging
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Literal

from giamngheo.errors import GiamngheoError
from giamngheo.run import worker
from giamngheo.run.recipe import Order, workbooks
from giamngheo.run.report import is_unchanged, make_report
from giamngheo.run.warm import warm_kernel

if TYPE_CHECKING:
    from distributed import Client, Future

State = Literal["made", "unchanged", "failed"]

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


@dataclass(frozen=True)
class Outcome:
    """What became of one report: its name ("tu-mo-rong 2023-08"), seconds it took, why it failed in one line."""

    name: str
    state: State
    seconds: float = 0.0
    reason: str = ""


def outcomes(orders: Sequence[Order], *, force: bool = False, scheduler: str = "") -> Iterator[Outcome]:
    """Outcome of every order, as they come: first those that need no work, then those of the cluster.

    force: make unchanged reports too. scheduler: address of a running cluster, by default one of this machine's
    cores that ends with the batch. Raises NoSchedulerError.
    """
    todo = []
    for order in orders:
        kept = None if force else _kept(order)
        if kept is None:
            todo.append(order)
        else:
            yield kept
    if todo:
        with _cluster(scheduler, len(todo)) as client:
            yield from _distributed(client, todo, force)


def made_or_kept(order: Order, force: bool) -> Outcome:
    """Outcome of one order, in a worker; another batch may have made the report meanwhile."""
    start = time.perf_counter()
    try:
        if not force and is_unchanged(order):
            return Outcome(str(order), "unchanged")
        books = [(str(path), order.unit, int(path.stem)) for path in workbooks(order)]
        make_report(order, kernel=partial(warm_kernel, books=books))
    except GiamngheoError as error:
        return failed(str(order), error, time.perf_counter() - start)
    return Outcome(str(order), "made", time.perf_counter() - start)


def failed(name: str, error: BaseException, seconds: float = 0.0) -> Outcome:
    """Outcome of a report that cannot be made: the first line of the error, the first finding where it has several."""
    lines = str(error).splitlines() or [type(error).__name__]
    return Outcome(name, "failed", seconds, lines[0])


def _kept(order: Order) -> Outcome | None:
    """The outcome where it is known without work."""
    try:
        return Outcome(str(order), "unchanged") if is_unchanged(order) else None
    except GiamngheoError as error:
        return failed(str(order), error)


def _distributed(client: "Client", orders: Sequence[Order], force: bool) -> Iterator[Outcome]:
    from distributed import as_completed

    futures = {client.submit(made_or_kept, order, force, pure=False): order for order in orders}
    arrived = as_completed(futures, with_results=True, raise_errors=False)  # type: ignore[no-untyped-call]
    for future, result in arrived:
        if isinstance(result, Outcome):
            yield result
        else:
            yield failed(str(futures[future]), _raised(future))
        future.release()


def _raised(future: "Future[Outcome]") -> GiamngheoError:
    """Why a worker gave no outcome: it died again and again, the cluster is gone, or an error that is not of ours."""
    from distributed import KilledWorker

    if future.status in {"cancelled", "lost"}:
        return GiamngheoError(_LOST)
    error = future.exception()  # type: ignore[no-untyped-call]
    return GiamngheoError(_KILLED if isinstance(error, KilledWorker) else f"{type(error).__name__}: {error}")


@contextmanager
def _cluster(address: str, reports: int) -> Iterator["Client"]:
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
                    n_workers=min(CPU_COUNT, reports),
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
