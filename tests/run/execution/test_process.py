"""Work in processes of its own: the same results every time, nothing of the machine, one that dies costs one job."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil
import pytest

from giamngheo.core.errors import GiamngheoError
from giamngheo.run.execution import process
from giamngheo.run.execution.cluster import warm_up
from giamngheo.run.execution.execute import ReportFailedError, Run, UnknownParameterError, executed, prepare
from giamngheo.run.execution.process import DiedError, Processes, TooLongError, answers

Said = Callable[..., list[object]]

HANG = "import time\ntime.sleep(600)"
DIE = "import os\nos.kill(os.getpid(), 9)"

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Run]:
    """Makes a run of a notebook of cells, the first of which holds the parameter `number`, in a folder."""

    def made(*sources: str, timeout: int | None = None, **parameters: object) -> Run:
        first = nbformat.v4.new_code_cell("number = 1", metadata={"tags": ["parameters"]})
        cells = [first, *map(nbformat.v4.new_code_cell, sources)]
        about = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=about), path)
        return Run(path, {"number": 2} | parameters, tmp_path, timeout)

    return made


def test_a_notebook_runs_in_a_folder_whose_name_has_braces_and_quotes(
    processes: Processes, run: Callable[..., Run], tmp_path: Path
) -> None:
    first = run("print(number)")
    folder = tmp_path / "{number} {0} {x} 'y' \"z\" %s"
    folder.mkdir()
    moved = first._replace(notebook=first.notebook.rename(folder / "{n}.ipynb"), cwd=folder)
    ((_, answer),) = answers(processes, executed, [moved])
    assert printed(answer) == "2"


@pytest.fixture
def said(processes: Processes, run: Callable[..., Run]) -> Said:
    """What the last cells of notebooks print, one a source, in one process where they let it live; or what failed."""

    def said(*sources: str, timeout: int | None = None) -> list[object]:
        runs = [run(source, timeout=timeout) for source in sources]
        return [printed(answer) for _, answer in answers(processes, executed, runs)]

    return said


def printed(answer: object) -> object:
    if isinstance(answer, GiamngheoError):
        return answer
    (output,) = answer.cells[-1].outputs
    return output["text"].strip()


@forks
def test_no_file_is_open_that_forked_processes_would_read_together(said: Said) -> None:
    files = "[file.path for file in psutil.Process().open_files() if not file.path.endswith('lock')]"
    assert said(f"import psutil; print({files})") == ["[]"]


def test_a_run_has_its_folder_and_parameters_and_no_variable_of_the_run_before(said: Said, tmp_path: Path) -> None:
    look = "print(number, 'left' in globals())\nleft = True"
    assert said(look, look) == ["2 False", "2 False"]
    assert said("import os; print(os.getcwd())") == [str(tmp_path)]


@forks
def test_one_that_dies_or_hangs_costs_no_other_run(said: Said) -> None:
    start = time.monotonic()
    first, hung, dead, stuck, last = said("print(number)", HANG, DIE, "while True: pass", "print(number)", timeout=1)
    assert (first, last) == ("2", "2")
    assert isinstance(hung, TooLongError)
    assert "quá 1 giây" in str(hung)
    assert isinstance(dead, DiedError)
    assert isinstance(stuck, TooLongError)
    assert time.monotonic() - start < 120


def test_errors_come_with_their_class_words_and_status(processes: Processes, run: Callable[..., Run]) -> None:
    wrong = "from giamngheo.run.periods import periods\nperiods('2023-05..2023-02')"
    shown = "from IPython.display import display\ndisplay({'text/html': 5}, raw=True)"
    runs = [run("1 / 0"), run("1 1", "2"), run(shown), run(wrong), run("", unknown=1), run("print(number)")]
    failed, unreadable, no_html, misused, unknown, well = (answer for _, answer in answers(processes, executed, runs))
    assert (str(failed), failed.exit_status) == ("Ô số 3 của sổ tay hỏng: ZeroDivisionError: division by zero", 1)
    assert "SyntaxError" in str(unreadable)
    assert (str(no_html).startswith("Ô số 3 của sổ tay hỏng: "), no_html.exit_status) == (True, 1)
    assert (type(misused), misused.exit_status) == (ReportFailedError, 2)
    assert (type(unknown), unknown.exit_status) == (UnknownParameterError, 2)
    assert printed(well) == "2"


def test_what_cells_show_is_kept_as_a_kernel_would(processes: Processes, run: Callable[..., Run]) -> None:
    cells = [
        "print('a'); print('b')\nnumber",
        "from IPython.display import display, HTML\ndisplay(HTML('<b>x</b>'), display_id='x')\nNone",
        "number;",
        "await __import__('asyncio').sleep(0)\n_",
    ]
    ((_, done),) = answers(processes, executed, [run(*cells)])
    first, second, third, last = done.cells[-4:]
    assert [output.output_type for output in first.outputs] == ["stream", "execute_result"]
    assert first.outputs[0].text == "a\nb\n"
    assert first.outputs[1].execution_count == first.execution_count == 3
    assert second.outputs[0].data["text/html"] == "<b>x</b>"
    assert third.outputs == []
    assert last.outputs[0].data == {"text/plain": "2"}
    assert done.metadata.language_info.name == "python"


def test_warnings_and_messages_which_name_paths_are_not_kept(processes: Processes, run: Callable[..., Run]) -> None:
    loud = "import logging, os, sys, warnings\nwarnings.warn(__import__('os').getcwd())\nprint('x', file=sys.stderr)"
    ((_, done),) = answers(processes, executed, [run(f"{loud}\nlogging.warning('y')\nos.write(2, b'z')\nNone")])
    assert done.cells[-1].outputs == []


@forks
def test_nothing_of_the_caller_or_the_home_folder_runs(
    tmp_path: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = f"open({str(tmp_path / 'ran')!r}, 'a').write(__name__)"
    startup = tmp_path / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    user = tmp_path / ".local" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    user.mkdir(parents=True)
    for path in [startup / "00.py", startup.parent / "ipython_config.py", *(user / f"{name}.py" for name in NAMES)]:
        path.write_text(ran, "utf-8")
    for name in (*NAMES, "giamngheo", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(ran, "utf-8")
    for name in ("HOME", "PYTHONPATH", "IPYTHONDIR", "JUPYTER_PATH", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path / ".ipython" if name == "IPYTHONDIR" else tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "lxml.py"))
    monkeypatch.chdir(tmp_path)
    look = "import papermill, openpyxl, pandas, typst, sys, os\nprint(sys.path, os.environ['IPYTHONDIR'])"
    with Processes(prepare) as processes:
        ((_, done),) = answers(processes, executed, [run(look)])
    assert str(tmp_path) not in printed(done)
    assert not (tmp_path / "ran").exists()


NAMES = ("lxml", "pandas", "typst", "openpyxl", "papermill", "IPython", "nbformat", "usercustomize")


def test_no_crash_leaves_memory_and_no_report_needs_dask(said: Said) -> None:
    loaded = "{'dask', 'distributed'} & {*sys.modules}"
    look = f"import resource, sys; print(resource.getrlimit(resource.RLIMIT_CORE)[0], {loaded})"
    assert said(look) == ["1 set()"]


@forks
def test_processes_open_no_port_and_end_with_their_source(said: Said, processes: Processes) -> None:
    assert said("import psutil; print(psutil.Process().net_connections('inet'))") == ["[]"]
    own = Processes(prepare)
    with own.one():
        server = psutil.Process(own._server.process.pid)
        (worker,) = server.children()
        own.__exit__()
        assert psutil.wait_procs([server, worker], timeout=120)[1] == []
    with pytest.raises(DiedError), own.one():
        pass


@forks
def test_processes_end_with_a_killed_owner(tmp_path: Path, run: Callable[..., Run]) -> None:
    job = run(f"import pathlib, os; pathlib.Path('pid').write_text(str(os.getpid()))\n{HANG}")
    if (owner := os.fork()) == 0:
        try:
            list(answers(Processes(prepare), executed, [job]))
        finally:
            os._exit(1)
    deadline = time.monotonic() + 120
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    hanging = psutil.Process(int((tmp_path / "pid").read_text()))
    os.kill(owner, signal.SIGKILL)
    os.waitpid(owner, 0)
    assert psutil.wait_procs([hanging], timeout=120)[1] == []


@forks
def test_a_fork_server_that_is_killed_is_started_anew(said: Said, processes: Processes) -> None:
    os.kill(processes._server.process.pid, signal.SIGKILL)
    processes._server.process.wait()
    assert said("print(number)") == ["2"]


def test_where_nothing_can_fork_processes_are_started(run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Processes, "one", lambda self: process._spawned())
    monkeypatch.setattr(Processes, "_running", lambda self: None)
    with Processes(prepare) as processes:
        done, dead = answers(processes, executed, [run("print(number)"), run(DIE)])
    assert printed(done[1]) == "2"
    assert isinstance(dead[1], DiedError)


def test_what_every_report_needs_is_ready_before_the_first(said: Said) -> None:
    names = ("giamngheo.report.monthly", "giamngheo.export.html", "papermill")
    assert said(f"import sys; print([name in sys.modules for name in {names}])") == ["[True, True, True]"]
    assert warm_up.__module__ == "giamngheo.run.execution.cluster"
