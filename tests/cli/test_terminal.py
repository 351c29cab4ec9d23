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

resource = pytest.importorskip("resource")

COMMAND = (sys.executable, "-m", "giamngheo", "--version")


@pytest.mark.parametrize(("output", "why"), [(">&-", "đã đóng"), ("> /dev/full", "đĩa đầy"), (">&- <&-", "đã đóng")])
def test_an_output_that_nothing_can_be_written_to_is_said(output: str, why: str) -> None:
    if "full" in output and not os.path.exists("/dev/full"):  # noqa: PTH110 - it is no file
        pytest.skip("a system without /dev/full")
    shell = ["/bin/sh", "-c", f'exec "$@" {output}', "sh", *COMMAND]
    done = subprocess.run(shell, capture_output=True, encoding="utf-8", timeout=60)
    assert (done.returncode, done.stderr) == (1, f"Không ghi được ra đầu ra chuẩn (stdout): {why}.\n")


def test_a_command_without_any_stream_ends() -> None:
    shell = ["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *COMMAND]
    assert subprocess.run(shell, timeout=60).returncode == 1


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
    for name in ("households.parquet", "held", "lock"):
        (left / name).touch()
    done = CliRunner().invoke(main, ["status", "--help"])
    assert done.exit_code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("is_linked", [False, True])
def test_the_command_of_a_copied_environment_runs_nothing_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, is_linked: bool
) -> None:
    copied = tmp_path / "copy" / ".venv"
    copied.parent.mkdir()
    if is_linked:
        copied.symlink_to(sys.prefix)
    else:
        (copied / "bin").mkdir(parents=True)
        (copied / "pyvenv.cfg").touch()
    monkeypatch.setattr(sys, "argv", [str(copied / "bin" / "giamngheo"), "report"])
    monkeypatch.setattr(__main__, "_start_again", lambda: sys.exit(0))
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    assert ended.value.code == (0 if is_linked else 2)
    assert ("là bản chép, sẽ chạy mã của" in capsys.readouterr().err) is not is_linked


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
