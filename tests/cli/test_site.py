"""giamngheo site as a user runs it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from giamngheo.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(report_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command where outputs holds the report of Tu Mơ Rông and a half one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "outputs" / "tu-mo-rong" / "2023-07").mkdir(parents=True)
    (tmp_path / "outputs" / "tu-mo-rong" / "2023-07" / "report.html").write_bytes(b"half")
    (tmp_path / "outputs" / "tu-mo-rong" / "2023-08").symlink_to(report_folder, target_is_directory=True)
    return lambda *arguments: CliRunner().invoke(main, ["site", *arguments], catch_exceptions=False)


def test_the_list_is_made_and_what_is_left_out_is_said_apart(run: Run, tmp_path: Path) -> None:
    done = run()
    assert done.exit_code == 0
    assert done.stdout == "outputs/index.html: 1 báo cáo của 1 đơn vị\n"
    assert done.stderr == "outputs/tu-mo-rong/2023-07: không có manifest.json đọc được; không đưa vào danh mục.\n"
    assert (tmp_path / "outputs" / "index.html").is_file()


def test_a_report_for_those_inside_is_not_published(run: Run, tmp_path: Path) -> None:
    done = run("--public")
    assert done.exit_code == 1
    assert "chưa có báo cáo công khai nào" in done.stderr
    assert not (tmp_path / "outputs" / "public").exists()


def test_wrong_use_ends_with_2(run: Run) -> None:
    done = run("--into", "www")
    assert (done.exit_code, done.stderr) == (2, "--into chỉ dùng cùng --public.\n")


def test_no_outputs_end_with_1(run: Run) -> None:
    done = run("--out", "elsewhere")
    assert done.exit_code == 1
    assert "elsewhere chưa có báo cáo nào" in done.stderr
