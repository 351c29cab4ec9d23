"""Where memory or the output fails the command ends with a sentence, and not as if all were well."""

import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner

from giamngheo import __main__
from giamngheo.cli import main
from giamngheo.cli.terminal import LEAST_MEMORY, ended_in_words
from tests.conftest import marked

resource = pytest.importorskip("resource")


@pytest.fixture(autouse=True)
def own_interrupts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command leaves Ctrl-C to the process of the tests."""
    monkeypatch.setattr(__main__, "end_when_interrupted", lambda: None)


COMMAND = (sys.executable, "-m", "giamngheo", "--version")


@pytest.mark.parametrize(("output", "why"), [(">&-", "đã đóng"), ("> /dev/full", "đĩa đầy"), (">&- <&-", "đã đóng")])
def test_an_output_that_nothing_can_be_written_to_is_said(output: str, why: str) -> None:
    if "full" in output and not os.path.exists("/dev/full"):  # noqa: PTH110 - it is no file
        pytest.skip("a system without /dev/full")
    shell = ["/bin/sh", "-c", f'exec "$@" {output}', "sh", *COMMAND]
    done = subprocess.run(shell, capture_output=True, encoding="utf-8", timeout=120)
    assert (done.returncode, done.stderr) == (1, f"Không ghi được ra đầu ra chuẩn (stdout): {why}.\n")


def test_a_command_without_any_stream_ends() -> None:
    shell = ["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *COMMAND]
    assert subprocess.run(shell, timeout=120).returncode == 1


@pytest.mark.parametrize(
    ("limit", "is_enough"),
    [(LEAST_MEMORY - 1, False), (400_000_000, False), (LEAST_MEMORY, True), (resource.RLIM_INFINITY, True)],
)
def test_a_limit_of_memory_that_is_too_low_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], limit: int, is_enough: bool
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda which: (limit, limit))
    with nullcontext() if is_enough else pytest.raises(SystemExit, match="1"), ended_in_words():
        print("ran")  # noqa: T201 - the work of the command
    told = capsys.readouterr()
    assert (told.out == "ran\n", "ulimit -v" in told.err) == (is_enough, not is_enough)


def test_threads_that_the_user_may_not_have_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="1"), ended_in_words():
        raise RuntimeError("can't start new thread")
    assert capsys.readouterr().err.startswith("Máy không cho mở thêm luồng (ulimit -u)")


def test_memory_that_runs_out_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="1"), ended_in_words():
        raise MemoryError
    assert capsys.readouterr().err.startswith("Thiếu bộ nhớ")


def test_every_command_takes_away_what_a_killed_run_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "giamngheo-run-1"
    left.mkdir()
    for name in ("households.parquet", "lock"):
        (left / name).touch()
    marked(left)
    done = CliRunner().invoke(main, ["status", "--help"])
    assert done.exit_code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("called", "is_refused"),
    [("copy/.venv/bin/giamngheo", True), ("linked/bin/giamngheo", False), ("copy/.venv/work/-c", False)],
)
def test_the_command_of_a_copied_environment_runs_nothing_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, called: str, *, is_refused: bool
) -> None:
    """A word that is no file, as the code of `python -c`, is no command of the folder that somebody works in."""
    (tmp_path / "copy" / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "copy" / ".venv" / "pyvenv.cfg").touch()
    (tmp_path / "copy" / ".venv" / "bin" / "giamngheo").touch()
    (tmp_path / "linked").symlink_to(sys.prefix)
    monkeypatch.setattr(sys, "argv", [str(tmp_path / called), "report"])
    assert ended(monkeypatch) == (2 if is_refused else 0)


@pytest.mark.skipif(os.name == "nt", reason="Windows removes no folder that somebody works in")
def test_a_working_folder_that_is_gone_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    monkeypatch.setattr(sys, "argv", ["-c", "site"])
    assert ended(monkeypatch) == 2
    assert capsys.readouterr().err == "Thư mục hiện tại không còn; cd sang thư mục khác rồi chạy lại.\n"


@pytest.mark.parametrize("has_own", [False, True])
def test_the_python_of_a_copied_project_runs_nothing_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, has_own: bool
) -> None:
    (tmp_path / ".venv").mkdir()
    if has_own:
        (tmp_path / "lib" / "giamngheo").mkdir(parents=True)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    monkeypatch.setattr(sys, "argv", ["-m", "report"])
    assert ended(monkeypatch) == (2 if has_own else 0)
    assert ("thuộc một bản chép, sẽ chạy mã của" in capsys.readouterr().err) is has_own


def ended(monkeypatch: pytest.MonkeyPatch) -> object:
    """Return the exit status of the command; 0 where it would start."""
    monkeypatch.setattr(__main__, "_start_again", lambda: sys.exit(0))
    with pytest.raises(SystemExit) as end:
        __main__.main()
    return end.value.code


class Unfinished:
    """Something of a library that fails when it is cleared away."""

    def __del__(self) -> None:
        raise OSError


def test_nothing_is_said_of_what_fails_when_it_is_cleared_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)
    monkeypatch.setattr(__main__, "_start_again", lambda: None)
    monkeypatch.setattr(__main__, "forbid_core_files", lambda: None)
    monkeypatch.setattr("giamngheo.cli.main", lambda prog_name: Unfinished())
    __main__.main()
    assert capsys.readouterr().err == ""
