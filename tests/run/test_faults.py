"""Faults of the machine and of others at work: said in a line, earlier reports whole, the next run repairs."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from giamngheo.cli.terminal import STOPPED
from giamngheo.run.execution.execute import _failure
from giamngheo.run.provenance.manifest import NoManifestError, read_manifest
from giamngheo.run.provenance.recipe import sha256

Command = Callable[..., subprocess.CompletedProcess[str]]

HTML = ("--formats", "html")
PATIENCE = 120
"""Seconds after which something will not come any more, on a slow machine."""

posix = pytest.mark.skipif(os.name != "posix", reason="limits and shells of POSIX")


def whole(folder: Path) -> bool:
    """Whether a report is there and its files are those of its manifest."""
    try:
        kept = read_manifest(folder).outputs
        return all(sha256((folder / name).read_bytes()) == digest for name, digest in kept.items())
    except (NoManifestError, OSError):
        return False


def reports(project: Path) -> list[Path]:
    return sorted(path for path in (project / "outputs").glob("*/*") if not path.name.startswith("."))


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def command(project: Path) -> list[str]:
    """The command of a project's own package."""
    return [sys.executable, "-I", "-B", str(project / "giamngheo")]  # Python leaves torn .pyc files on a full disk


def begun(project: Path, *words: str) -> subprocess.Popen[str]:
    """A command that runs, in a terminal of its own as it were."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    return subprocess.Popen([*command(project), *words], cwd=project, start_new_session=True, **pipes)


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def limited(project: Path, limit: str, *words: str) -> subprocess.CompletedProcess[str]:
    """The command under a limit of the system, in words of the shell's ulimit."""
    shell = ["/bin/sh", "-c", f'ulimit {limit}; exec "$@"', "sh", *command(project), *words]
    return subprocess.run(shell, cwd=project, capture_output=True, encoding="utf-8", check=False)


@posix
@pytest.mark.parametrize(
    ("blocks", "told"), [(8, "Không ghi được vào outputs/dong/2023-01"), (0, "Máy không cho lập báo cáo")]
)
def test_a_full_disk_is_said_and_the_earlier_report_stands(
    called: Command, project: Path, blocks: int, told: str
) -> None:
    assert called("report", "dong", "2023-01", *HTML, cwd=project).returncode == 0
    (report,) = reports(project)
    before = content(report)
    (project / "data" / "dong" / "2023.xlsx").write_text("corrected", "utf-8")
    done = limited(project, f"-f {blocks}", "report", "dong", "2023-01", *HTML)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert done.stderr.startswith(told)
    assert content(report) == before
    assert called("report", "dong", "2023-01", *HTML, cwd=project).returncode == 0
    assert content(report) != before
    assert whole(report)
    assert [path.name for path in report.parent.rglob(".*")] == []


def test_outputs_deleted_while_a_batch_runs(batch: Command, project: Path, on_cluster: tuple[str, str]) -> None:
    running = begun(project, "batch", "dong", "nam", "2023-01..2023-02", *HTML, *on_cluster)
    wait_for(lambda: reports(project))
    shutil.rmtree(project / "outputs", ignore_errors=True)
    _, errors = running.communicate(timeout=PATIENCE)
    assert running.returncode in (0, 1)  # 1 where the folder went away under a report being put in place
    assert [line for line in errors.splitlines() if " 2023-0" not in line or "Không ghi được vào" not in line] == []
    assert batch("dong", "nam", "2023-01..2023-02", *HTML).returncode == 0
    assert len(reports(project)) == 4
    assert all(map(whole, reports(project)))


def test_two_batches_of_the_same_reports_at_once(project: Path, on_cluster: tuple[str, str]) -> None:
    words = ("batch", "dong", "nam", "2023-01", *HTML, *on_cluster)
    for batch in [begun(project, *words), begun(project, *words, "--force")]:
        assert (batch.communicate(timeout=PATIENCE)[1], batch.returncode) == ("", 0)
    assert len(reports(project)) == 2
    assert all(map(whole, reports(project)))
    assert [path.name for path in (project / "outputs").rglob(".*")] == []


def interrupted(command: subprocess.Popen[str]) -> tuple[int, list[str]]:
    """Exit status and errors of a command after Ctrl-C, which reaches all of its processes."""
    os.killpg(command.pid, signal.SIGINT)
    errors = command.communicate(timeout=PATIENCE)[1]
    return command.returncode, errors.splitlines()


@posix
def test_ctrl_c_while_the_processes_of_a_batch_start(project: Path) -> None:
    (project / "data" / "dong" / "2023.xlsx").write_text(f"hang {project / 'hangs'}", "utf-8")  # none ends before
    batch = begun(project, "batch", "--all", "2023-01..2023-06", *HTML)
    wait_for(psutil.Process(batch.pid).children)
    assert interrupted(batch) == (130, [STOPPED])


@posix
def test_ctrl_c_while_a_cell_runs(project: Path) -> None:
    (project / "data" / "dong" / "2023.xlsx").write_text(f"hang {project / 'hangs'}", "utf-8")
    report = begun(project, "report", "dong", "2023-01", *HTML)
    wait_for((project / "hangs").exists)
    kernels = psutil.Process(report.pid).children(recursive=True)
    assert interrupted(report) == (130, [STOPPED])
    assert psutil.wait_procs(kernels, timeout=PATIENCE)[1] == []


def test_a_workbook_that_cannot_be_read_is_said(called: Command, project: Path) -> None:
    book = project / "data" / "tay" / "2023.xlsx"
    book.unlink()
    book.mkdir()
    done = called("batch", "tay", "2023-01", *HTML, cwd=project)
    (line,) = done.stderr.splitlines()
    assert (done.returncode, line.startswith(f"tay 2023-01: Không đọc được {book}: ")) == (1, True)


@pytest.mark.parametrize("words", [("batch", "--all", "latest"), ("report", "dong", "2023-01")])
def test_a_data_folder_that_is_a_file_is_said(called: Command, project: Path, words: tuple[str, ...]) -> None:
    (project / "book.xlsx").write_text("in the way", "utf-8")
    done = called(*words, "--data", "book.xlsx", cwd=project)
    (line,) = done.stderr.splitlines()
    assert (done.returncode, "book.xlsx là tệp, không phải thư mục" in line) == (2, True)


@posix
@pytest.mark.parametrize("files", [8, 64])
def test_few_open_files_are_enough_or_said(project: Path, files: int) -> None:
    done = limited(project, f"-n {files}", "batch", "--all", "2023-01", *HTML)
    assert "Traceback" not in done.stderr
    assert (done.returncode, "quá nhiều tệp" in done.stderr) in {(0, False), (1, True)}
    assert files < 64 or done.returncode == 0


@posix
def test_a_long_folder_of_temporary_files_and_one_left_by_a_kill(project: Path) -> None:
    temporary = project / ("long" * 40)
    temporary.mkdir()
    (project / "data" / "dong" / "2023.xlsx").write_text(f"hang {project / 'hangs'}", "utf-8")
    words = [*command(project), "report", "dong", "2023-01", *HTML]
    environment = os.environ | {"TMPDIR": str(temporary)}
    with subprocess.Popen(words, cwd=project, env=environment) as report:
        wait_for((project / "hangs").exists)
        processes = [psutil.Process(report.pid), *psutil.Process(report.pid).children(recursive=True)]
        assert [process.net_connections("inet") for process in processes] == [[]] * len(processes)
        report.kill()
    assert psutil.wait_procs(processes[1:], timeout=PATIENCE)[1] == []
    assert [path.stat().st_mode & 0o077 for path in temporary.iterdir()] == [0]
    (project / "data" / "dong" / "2023.xlsx").write_text("well", "utf-8")
    assert subprocess.run(words, cwd=project, env=environment, check=False).returncode == 0
    assert list(temporary.iterdir()) == []


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be another user")
def test_another_user_reads_nothing_of_a_run(project: Path) -> None:
    with TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o1777)
        (project / "data" / "dong" / "2023.xlsx").write_text(f"hang {project / 'hangs'}", "utf-8")
        words = [*command(project), "report", "dong", "2023-01", *HTML]
        report = subprocess.Popen(words, cwd=project, env=os.environ | {"TMPDIR": temporary})
        try:
            wait_for((project / "hangs").exists)
            processes = [psutil.Process(report.pid), *psutil.Process(report.pid).children(recursive=True)]
            numbers = [process.pid for process in processes]
            folders, files, told = spied(temporary, numbers)
        finally:
            report.kill()
            report.wait()
        assert psutil.wait_procs(processes[1:], timeout=PATIENCE)[1] == []
        assert folders >= 1
        assert (files, told) == ([], [])
        assert spied(temporary, [os.getpid()], user=0)[2] != []


def spied(temporary: str, numbers: list[int], user: int = 1001) -> list[Any]:
    """Return what a user finds of a run: how many folders, which files, what of its processes."""
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
        files = [name for _, _, names in os.walk(temporary) for name in names]
        told = []
        for number in numbers:
            with suppress(OSError):
                told += [entry.name for entry in os.scandir(f"/proc/{number}/fd")]
            for name in ("environ", "mem", "maps"):
                with suppress(OSError):
                    told.append(len(os.read(os.open(f"/proc/{number}/{name}", os.O_RDONLY), 1)))
        os.write(writer, json.dumps([len(list(os.scandir(temporary))), files, told]).encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as found:
        return json.load(found)


def test_words_of_an_error_forge_no_lines() -> None:
    error = SimpleNamespace(ename="ValueError", evalue="a\nb: giống hệt\x1b[2J", exec_count=3)
    assert str(_failure(error)) == r"Ô số 3 của sổ tay hỏng: 'ValueError: a b: giống hệt\x1b[2J'"
