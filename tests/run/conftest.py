"""A project whose notebook is small, so that many reports cost little, and a cluster that makes them."""

import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import nbformat
import pytest
from distributed import Client, LocalCluster

import giamngheo

Command = Callable[..., subprocess.CompletedProcess[str]]

WORKERS = 2

WORK = """\
from pathlib import Path
import os
import time
task = (Path(data) / unit / f"{period[:4]}.xlsx").read_text("utf-8")
if task == "error":
    raise ValueError("a bad workbook")
if task.startswith("hang"):
    for flag in task.split()[1:]:
        Path(flag).touch()
    time.sleep(600)
if task == "slow":
    print("first")
    time.sleep(0.3)
if task == "die":
    os.kill(os.getpid(), 9)
print(unit, period, task)"""


REPORT = {
    "title": "Báo cáo",
    "folder": "{period}",
    "periods": ["month", "year"],
    "inputs": [{"files": ["{year}.xlsx"], "needed": True}, {"files": ["{last_year}.xlsx"], "needed": False}],
}

COMMAND = """\
import sys
sys.path.insert(0, {path!r})
from giamngheo.__main__ import main
main()"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder of a project with three units, whose notebook does what their workbooks say.

    It is the project of the package that this process uses, and of that of the command in its file `giamngheo`.
    """
    parameters = 'unit = ""\nperiod = ""\ndata = ""'
    first = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    about = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    about["giamngheo"] = {"report": REPORT}
    notebook = nbformat.v4.new_notebook(cells=[first, nbformat.v4.new_code_cell(WORK)], metadata=about)
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "monthly_report.ipynb")
    monkeypatch.setattr("giamngheo.run.kinds.PROJECT", tmp_path)
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "giamngheo").symlink_to(Path(giamngheo.__file__).parent)
    (tmp_path / "requirements.lock").symlink_to(Path(giamngheo.__file__).parents[2] / "requirements.lock")
    (tmp_path / "giamngheo").write_text(COMMAND.format(path=str(tmp_path / "lib")), "utf-8")
    for unit in ("dong", "nam", "tay"):
        (tmp_path / "data" / unit).mkdir(parents=True)
        (tmp_path / "data" / unit / "2023.xlsx").write_text("well", "utf-8")
    return tmp_path


@pytest.fixture(scope="session")
def cluster() -> Iterator[LocalCluster]:
    """A cluster that was there before, of two worker processes."""
    options = {"threads_per_worker": 1, "dashboard_address": "127.0.0.1:0", "silence_logs": 50}
    with LocalCluster(n_workers=WORKERS, host="127.0.0.1", **options) as cluster:
        yield cluster


@pytest.fixture
def on_cluster(cluster: LocalCluster, project: Path) -> tuple[str, str]:
    """Words with which a batch of the project runs on that cluster."""
    with Client(cluster) as client:
        client.wait_for_workers(WORKERS)  # a test before may have killed one
    return "--scheduler", cluster.scheduler_address


@pytest.fixture
def batch(called: Command, on_cluster: tuple[str, str], project: Path) -> Command:
    """Runs `giamngheo batch` in the project, without the time that a cluster of its own takes to start."""
    return partial(called, "batch", *on_cluster, cwd=project)
