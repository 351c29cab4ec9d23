"""A notebook executed by papermill with the parameters of a report."""

import importlib
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from giamngheo.errors import GiamngheoError, WrongUseError
from giamngheo.run.imports import without_iri_grammar
from giamngheo.run.kernel import started_kernel

if TYPE_CHECKING:
    from nbformat import NotebookNode


class UnknownParameterError(WrongUseError):
    """The notebook has no such parameter; papermill would only warn."""

    def __init__(self, names: set[str], known: set[str]) -> None:
        super().__init__(
            f"Sổ tay không có tham số {', '.join(sorted(names))}; các tham số có: {', '.join(sorted(known))}."
        )


class ReportFailedError(GiamngheoError):
    """A cell of the notebook failed; the message is the one of its error."""

    def __init__(self, message: str, exit_status: int) -> None:
        super().__init__(message)
        self.exit_status = exit_status


Kernel = Callable[..., AbstractContextManager[Any]]
"""Gives the manager of a kernel that starts in the folder `cwd`."""

_TOO_LONG = "Một ô của sổ tay chạy quá {timeout} giây nên đã dừng; báo cáo cũ còn nguyên. Đặt thời hạn bằng --timeout."
_PROGRESS = {"desc": "Đang lập báo cáo", "unit": "ô"}
_DIED = "Tiến trình lập báo cáo dừng giữa chừng (có thể do thiếu bộ nhớ); báo cáo cũ còn nguyên, hãy chạy lại."


def executed(
    notebook: Path,
    parameters: Mapping[str, Any],
    *,
    cwd: Path,
    kernel: Kernel = started_kernel,
    timeout: int | None = None,
    progress: bool = False,
) -> "NotebookNode":
    """The notebook after a run with `parameters`, in a kernel whose working directory is `cwd`.

    kernel: how it is started. timeout: seconds a cell may take. Raises UnknownParameterError before anything runs,
    ReportFailedError when a cell fails or takes too long, or the kernel dies.
    """
    with kernel(cwd=cwd) as manager:
        with without_iri_grammar():
            import papermill
            from nbclient.exceptions import CellTimeoutError, DeadKernelError
            from papermill.exceptions import PapermillExecutionError
        for name in ("papermill", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is told by our errors
        known = set(papermill.inspect_notebook(str(notebook)))
        if unknown := set(parameters) - known:
            raise UnknownParameterError(unknown, known)
        try:
            ready = papermill.execute_notebook(str(notebook), None, dict(parameters), prepare_only=True)
            return _run(ready, km=manager, execution_timeout=timeout, progress_bar=_PROGRESS if progress else False)
        except PapermillExecutionError as error:
            raise _failure(error) from error
        except CellTimeoutError as error:
            raise ReportFailedError(_TOO_LONG.format(timeout=timeout), 1) from error
        except (DeadKernelError, RuntimeError) as error:
            raise ReportFailedError(_DIED, 1) from error


def _run(ready: "NotebookNode", **how: Any) -> "NotebookNode":
    """The notebook that papermill prepared, executed by its engine; in one go papermill would write it out, unread."""
    from papermill.engines import papermill_engines
    from papermill.execute import raise_for_execution_errors

    kernel_name = papermill_engines.nb_kernel_name(None, ready)
    run: NotebookNode = papermill_engines.execute_notebook_with_engine(None, ready, kernel_name, **how)
    raise_for_execution_errors(run, None)
    return run


def _failure(error: Any) -> ReportFailedError:
    """The error of a cell as ours: its own words when it is one of ours, its kind and words otherwise."""
    importlib.import_module("giamngheo.report.monthly")  # the kernel has it: now its errors have names here too
    ours = {cls.__name__: cls.exit_status for cls in _subclasses(GiamngheoError)}
    if error.ename in ours:
        return ReportFailedError(error.evalue, ours[error.ename])
    return ReportFailedError(f"Ô số {error.exec_count} của sổ tay hỏng: {error.ename}: {error.evalue}", 1)


def _subclasses(cls: type[GiamngheoError]) -> set[type[GiamngheoError]]:
    return {cls}.union(*(_subclasses(sub) for sub in cls.__subclasses__()))
