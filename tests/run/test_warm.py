"""Kernels forked from a warm process: the same results as ordinary ones, each alone, none left behind."""

import os
import shutil
import signal
import textwrap
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import nbformat
import psutil
import pytest

from giamngheo.run import warm
from giamngheo.run.execute import ReportFailedError, executed
from giamngheo.run.warm import Zygote, warm_kernel, zygote

DATA = Path(__file__).parents[2] / "data"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def notebook(folder: Path, *sources: str) -> Path:
    """A notebook of cells, the first of which holds the parameters."""
    first = nbformat.v4.new_code_cell("number = 1", metadata={"tags": ["parameters"]})
    cells = [first, *map(nbformat.v4.new_code_cell, sources)]
    about = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    path = folder / "notebook.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=about), path)
    return path


def said(path: Path, **options: object) -> str:
    """What the last cell of a notebook prints in a warm kernel."""
    run = executed(path, {"number": 2}, cwd=path.parent, **{"kernel": warm_kernel} | options)
    return run.cells[-1].outputs[0]["text"].strip()


@pytest.fixture(scope="module", autouse=True)
def _ended() -> Iterator[None]:
    yield
    while warm._ZYGOTES:
        warm._ZYGOTES.pop().end()


def test_a_warm_kernel_has_the_libraries_its_folder_and_the_parameters(tmp_path: Path) -> None:
    assert said(notebook(tmp_path, "import sys; print('giamngheo.report.monthly' in sys.modules, number)")) == "True 2"
    assert said(notebook(tmp_path, "from pathlib import Path; print(Path.cwd())")) == str(tmp_path)


def test_each_report_has_a_process_of_its_own(tmp_path: Path) -> None:
    path = notebook(tmp_path, "import builtins; builtins.left = getattr(builtins, 'left', 0) + 1; print(left)")
    assert [said(path), said(path)] == ["1", "1"]
    path = notebook(tmp_path, "import os; print(os.getpid(), os.getppid())")
    (first, parent), (second, other) = said(path).split(), said(path).split()
    assert first != second
    assert parent == other == str(zygote().pid)


def test_kernels_open_no_network_port_and_leave_nothing_behind(tmp_path: Path) -> None:
    look = (
        "import psutil; print([c for p in (psutil.Process(), psutil.Process().parent()) for c in p.net_connections()])"
    )
    assert said(notebook(tmp_path, look)) == "[]"
    children = psutil.Process(zygote().pid).children(recursive=True)
    psutil.wait_procs(children, timeout=5)
    assert [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []


def test_a_kernel_that_dies_is_said_and_the_next_one_works(tmp_path: Path) -> None:
    with pytest.raises(ReportFailedError, match="dừng giữa chừng"):
        said(notebook(tmp_path, "import os; os.kill(os.getpid(), 9)"))
    assert said(notebook(tmp_path, "print('well')")) == "well"


def test_a_cell_that_never_ends_is_stopped(tmp_path: Path) -> None:
    start = time.monotonic()
    with pytest.raises(ReportFailedError, match="quá 1 giây"):
        said(notebook(tmp_path, "while True: pass"), timeout=1)
    assert time.monotonic() - start < 20


def test_a_zygote_that_was_killed_is_started_anew(tmp_path: Path) -> None:
    killed = zygote()
    os.kill(killed.pid, signal.SIGKILL)
    killed._process.wait()
    assert said(notebook(tmp_path, "print('well')")) == "well"
    assert zygote().pid != killed.pid


def test_kernels_end_with_their_zygote(tmp_path: Path) -> None:
    own = Zygote()
    arguments = ["-f", str(tmp_path / "kernel.json"), "--IPKernelApp.transport=ipc"]
    pid = own.asked(start={"arguments": arguments, "environment": {}, "cwd": str(tmp_path)})["pid"]
    child = psutil.Process(pid)
    own.end()
    psutil.wait_procs([child], timeout=60)
    assert not child.is_running()


def test_where_fork_is_refused_an_ordinary_kernel_does_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*arguments: object, **options: object) -> None:
        raise OSError("fork refused")

    monkeypatch.setattr(warm, "ForkedProcess", refused)
    path = notebook(tmp_path, "import os; print(number, os.getppid())")
    assert said(path) == f"2 {os.getpid()}"


def test_a_workbook_is_read_before_the_fork_and_again_when_it_is_saved(tmp_path: Path) -> None:
    book = tmp_path / "2023.xlsx"
    look = """
    from pathlib import Path
    from giamngheo.report.facts import _sums, known_sums
    before = _sums.cache_info().hits
    known_sums(Path("2023.xlsx"), "x", 2023)
    print(_sums.cache_info().hits - before)"""
    path = notebook(tmp_path, textwrap.dedent(look))
    kernel = partial(warm_kernel, books=[(str(book), "x", 2023)])
    for _ in range(2):
        shutil.copy(DATA / "tu-mo-rong" / "2023.xlsx", book)
        assert said(path, kernel=kernel) == "1"
        book.write_bytes(b"broken")
        with pytest.raises(ReportFailedError, match=r"2023\.xlsx"):
            said(path, kernel=kernel)
