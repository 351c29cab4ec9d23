"""A notebook executed by papermill with the parameters of a report."""

import importlib
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tqdm import tqdm

from giamngheo.core.errors import GiamngheoError, WrongUseError, shown
from giamngheo.core.foreign import without_format_checkers
from giamngheo.core.paths import only_given
from giamngheo.run.execution.process import Processes, answers

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from giamngheo.run.execution.engine import Tell


class UnknownParameterError(WrongUseError):
    """The notebook has no such parameter; papermill would only warn."""

    def __init__(self, names: set[str], known: set[str]) -> None:
        asked, there = ", ".join(map(shown, sorted(names))), ", ".join(sorted(known))
        super().__init__(f"Sổ tay không có tham số {asked}; các tham số có: {there}.")


class ReportFailedError(GiamngheoError):
    """A cell of the notebook failed; the message is the one of its error."""

    def __init__(self, message: str, exit_status: int) -> None:
        super().__init__(message)
        self.exit_status = exit_status


class Run(NamedTuple):
    """A notebook to execute: with which parameters, how many seconds a cell may take.

    cwd: the working folder, the only one in which our functions find files.
    is_own: whether it is one's own: it may then import the modules that stand beside it, after installed ones of the
    same names, and pyplot's figures are shown.
    """

    notebook: Path
    parameters: Mapping[str, Any]
    cwd: Path
    timeout: int | None = None
    is_own: bool = False


Execute = Callable[[Run], "NotebookNode"]
"""Executes a notebook: `executed` in a process that was made for it, `executed_apart` anywhere."""


def prepare() -> None:
    """Import what executing a notebook needs."""
    with without_format_checkers():
        for name in (
            "papermill",
            "giamngheo.run.execution.engine",
            "IPython.core.magics",
        ):  # papermill first: it asks for its engines
            importlib.import_module(name)
        import nbformat

    nbformat.validate(nbformat.v4.new_notebook())  # the first time compiles the schema
    for name in ("papermill", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is told by our errors


def executed(run: Run, tell: "Tell | None" = None) -> "NotebookNode":
    """Run a notebook in this process, which should have been made for it and stays as the cells leave it.

    tell: is told of each cell before it runs. Raises UnknownParameterError before anything runs, ReportFailedError
    when a cell fails.
    """
    prepare()
    import nbformat
    import papermill
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import raise_for_execution_errors

    from giamngheo.run.execution.engine import InProcessEngine

    notebook = str(run.notebook).replace("{", "{{").replace("}", "}}")  # papermill fills parameters into paths
    known = set(papermill.inspect_notebook(notebook))
    if unknown := set(run.parameters) - known:
        raise UnknownParameterError(unknown, known)
    ready = papermill.execute_notebook(notebook, None, dict(run.parameters), prepare_only=True)
    options = {"progress_bar": False, "timeout": run.timeout, "tell": tell, "plots": run.is_own}
    with chdir(run.cwd), only_given(run.cwd), importable(run.notebook.parent if run.is_own else None):
        done = InProcessEngine.execute_notebook(ready, "python3", **options)
    try:
        raise_for_execution_errors(done, None)
    except PapermillExecutionError as error:
        raise _failure(error) from error
    try:
        nbformat.validate(done)
    except nbformat.ValidationError as error:  # what a cell shows is not looked at until here
        cell = done.cells[error.absolute_path[1]]
        raise _failure_of(cell.execution_count, type(error).__name__, error.message) from error
    return done


@contextmanager
def importable(folder: Path | None) -> Iterator[None]:
    """Let the modules of a folder be imported, after all others; afterwards none of them is there any more.

    Nothing else in it is code, whatever it is called: the inputs lie below it.
    """
    if folder is None:
        yield
        return
    finder = _Beside(folder)
    sys.meta_path.append(finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for path in folder.glob("*.py"):
            loaded = sys.modules.get(path.stem)
            if loaded is not None and Path(loaded.__file__ or "").parent == folder:
                del sys.modules[path.stem]
        importlib.invalidate_caches()


class _Beside(MetaPathFinder):
    """Finds modules that are a file of a folder: no packages, no libraries of the machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return where a module is, None where the folder has none of that name."""
        file = self._folder / f"{fullname}.py"
        return spec_from_file_location(fullname, file) if path is None and file.is_file() else None


def executed_apart(
    run: Run, *, progress: bool = False, meanwhile: Callable[[], object] = lambda: None
) -> "NotebookNode":
    """Return the notebook after a run in an isolated process of its own.

    meanwhile: what this process does as long. Raises what `executed` raises, TooLongError, DiedError, MachineError.
    """
    bar = tqdm(desc="Đang lập báo cáo", unit="ô", disable=not progress)
    with Processes(prepare) as processes, ThreadPoolExecutor(1) as pool, bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        waiting = pool.submit(meanwhile)
        ((_, answer),) = answers(processes, executed, [run], show)
        waiting.result()
    if isinstance(answer, GiamngheoError):
        raise answer
    return answer


def _failure(error: Any) -> ReportFailedError:
    """Return the error of a cell as ours: its own words when it is one of ours, its kind and words otherwise."""
    ours = {cls.__name__: cls.exit_status for cls in _subclasses(GiamngheoError)}
    if error.ename in ours:
        return ReportFailedError(error.evalue, ours[error.ename])
    return _failure_of(error.exec_count, error.ename, error.evalue)


def _failure_of(number: int, kind: str, words: str) -> ReportFailedError:
    """Return an error that is not ours on one line: its words may repeat what stands in a file."""
    told = shown(" ".join(f"{kind}: {words}".split()))
    return ReportFailedError(f"Ô số {number} của sổ tay hỏng: {told}", 1)


def _subclasses(cls: type[GiamngheoError]) -> set[type[GiamngheoError]]:
    return {cls}.union(*(_subclasses(sub) for sub in cls.__subclasses__()))
