"""Work fanned out: over the cores of this machine, or over the machines of a dask cluster."""

import logging
import signal
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from giamngheo.core.errors import GiamngheoError
from giamngheo.report.markup import one_line
from giamngheo.run.execution.execute import prepare
from giamngheo.run.execution.process import Processes, answers
from giamngheo.run.provenance.software import software
from giamngheo.run.publishing.exports import FORMATS, load_exporters

if TYPE_CHECKING:
    from distributed import Security

Job = TypeVar("Job")
Result = TypeVar("Result")

PATIENCE = 30
"""Seconds a running cluster has to answer."""

_FEW = 3
"""Reports that take about as long as it takes to read the workbooks of a year."""

_KILLED = (
    "Tiến trình lập báo cáo dừng giữa chừng nhiều lần (thường do thiếu bộ nhớ); báo cáo cũ còn nguyên, đóng bớt chương"
    " trình khác rồi chạy lại."
)
_LOST = "Cụm dask không trả lời nữa; báo cáo cũ còn nguyên, kiểm tra cụm rồi chạy lại để làm tiếp."


class Scheduler(NamedTuple):
    """The scheduler of a running dask cluster: its address and, of one that talks over TLS, three files in PEM."""

    address: str
    ca_file: str | None = None
    cert: str | None = None
    key: str | None = None


class NoSchedulerError(GiamngheoError):
    """The cluster named on the command line does not answer."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"Không kết nối được với dask scheduler ở {address}; kiểm tra địa chỉ và các tệp TLS rồi chạy lại."
        )


class DaskSettingsError(GiamngheoError):
    """A file of dask's settings, which dask reads even where it only counts the cores, is broken."""

    def __init__(self, error: ValueError) -> None:
        super().__init__(
            f"Không đọc được cấu hình dask của máy này: {one_line(str(error))}. Sửa hoặc chuyển tệp đó đi (thư mục"
            " ~/.config/dask, /etc/dask hoặc biến môi trường DASK_CONFIG) rồi chạy lại."
        )


def results(
    task: Callable[..., Result], jobs: Sequence[Job], scheduler: Scheduler | None, shared: Callable[[Job], Hashable]
) -> Iterator[tuple[Job, Result | GiamngheoError]]:
    """Yield every job with what the task makes of it, or why that came to nothing, as they come.

    scheduler: of a running cluster, by default the cores of this machine do the work. shared: jobs with the same
    value are done in the same process, one after the other, as long as every core has work. Raises NoSchedulerError.
    """
    if not jobs:
        return
    with _executor(scheduler) as (executor, work, cores):
        futures = {executor.submit(work, task, group): group for group in _groups(jobs, shared, cores)}
        for future in as_completed(futures):
            yield from _done(future, futures.pop(future))


def _done(future: "Future[Any]", group: Sequence[Job]) -> Sequence[tuple[Job, Any]]:
    """Return what became of the jobs of a group: a cluster may die, or be gone, with all of them."""
    try:
        return future.result()
    except CancelledError:
        reason = _LOST
    except Exception as error:
        reason = _KILLED if type(error).__name__ == "KilledWorker" else f"{type(error).__name__}: {error}"
    return [(job, GiamngheoError(reason)) for job in group]


def _groups(jobs: Sequence[Job], shared: Callable[[Job], Hashable], cores: int) -> Iterator[Sequence[Job]]:
    """Yield jobs that share something, in groups of about the share of a core in the jobs that are left, or smaller.

    So those at the end are small, and no core waits long for another. No few are apart from the others, as each group
    reads its workbooks anew.
    """
    together: dict[Hashable, list[Job]] = {}
    for job in jobs:
        together.setdefault(shared(job), []).append(job)
    left = len(jobs)
    for group in together.values():
        while group:
            size = max(-(-left // cores), _FEW)
            if len(group) < size + _FEW:
                size = len(group)
            yield group[:size]
            left -= size
            group = group[size:]


@contextmanager
def _executor(scheduler: Scheduler | None) -> Iterator[tuple[Executor, Callable[..., Any], int]]:
    """Provide who does the work, the function it is done with, and how many do it at once.

    Raises NoSchedulerError, DaskSettingsError.
    """
    if scheduler is None:
        alone = threading.current_thread() is threading.main_thread()
        with ExitStack() as last, Processes(warm_up) as processes, ExitStack() as first:
            cores = _cores()  # importing dask, while the processes get ready
            if alone:
                last.callback(signal.signal, signal.SIGINT, signal.getsignal(signal.SIGINT))
            pool = last.enter_context(ThreadPoolExecutor(cores))
            first.callback(pool.shutdown, wait=False, cancel_futures=True)
            if alone:
                first.callback(signal.signal, signal.SIGINT, signal.SIG_IGN)  # who presses Ctrl-C again has to wait
            yield pool, partial(_all_answers, processes), cores
        return
    try:
        from distributed import Client
    except ValueError as error:
        raise DaskSettingsError(error) from error
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # a cluster that goes away is told by our outcomes
    try:
        client = Client(scheduler.address, timeout=PATIENCE, security=_security(scheduler))  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError, RuntimeError) as error:  # the last where dask's settings demand TLS
        raise NoSchedulerError(scheduler.address) from error
    with client:
        cores = sum(client.ncores().values()) or 1  # type: ignore[no-untyped-call]
        yield client.get_executor(pure=False), _answers_of_worker, cores  # type: ignore[no-untyped-call]


def _cores() -> int:
    """Return how many cores this process may use. Raises DaskSettingsError."""
    try:
        from dask.system import CPU_COUNT
    except ValueError as error:
        raise DaskSettingsError(error) from error
    return CPU_COUNT


def _security(scheduler: Scheduler) -> "Security | None":
    """Return what a cluster that talks over TLS asks for; None where no file is named. Raises OSError, ValueError."""
    if not any(scheduler[1:]):
        return None
    from distributed import Security

    files = {"tls_ca_file": scheduler.ca_file, "tls_client_cert": scheduler.cert, "tls_client_key": scheduler.key}
    return Security(require_encryption=True, **files)  # type: ignore[no-untyped-call]


def warm_up() -> None:
    """Import what reports of every month need, read the fonts, compile the templates. Starts no thread."""
    from giamngheo.report.rehearsal import rehearse

    prepare()
    load_exporters(FORMATS)
    rehearse()
    software()


def _all_answers(
    processes: Processes, task: Callable[..., Result], group: Sequence[Job]
) -> list[tuple[Job, Result | GiamngheoError]]:
    return list(answers(processes, task, group))


def _answers_of_worker(task: Callable[..., Result], group: Sequence[Job]) -> list[tuple[Job, Result | GiamngheoError]]:
    """Return the same, in a worker of a dask cluster."""
    return _all_answers(_processes_of_worker(), task, group)


@cache
def _processes_of_worker() -> Processes:
    return Processes(warm_up)
