"""The same inputs give the same bytes, wherever and whenever; giamngheo verify says so."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

ROOT = Path(__file__).parents[2]

Command = Callable[..., "CompletedProcess[str]"]

ELSEWHERE = {
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "tr_TR.UTF-8",
    "LANG": "C",
    "PYTHONHASHSEED": "4711",
    "SOURCE_DATE_EPOCH": "1",
    "MPLBACKEND": "svg",
    "COLUMNS": "40",
}


@pytest.fixture(scope="module")
def again(giamngheo: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report made from a copy of the data in another place, time zone, locale and hash order."""
    place = tmp_path_factory.mktemp("nơi khác")
    shutil.copytree(ROOT / "data" / "tu-mo-rong", place / "data" / "tu-mo-rong")
    home = place / "home"
    home.mkdir()
    done = giamngheo("report", "tu-mo-rong", "2023-08", cwd=place, **ELSEWHERE, HOME=str(home))
    assert done.returncode == 0, done.stderr
    return place / "outputs" / "tu-mo-rong" / "2023-08"


def test_another_place_time_locale_and_hash_seed_give_the_same_bytes(report_folder: Path, again: Path) -> None:
    names = sorted(path.name for path in report_folder.iterdir())
    assert names == [
        "annex.pdf",
        "mail.txt",
        "manifest.json",
        "report.docx",
        "report.html",
        "report.ipynb",
        "report.pdf",
        "tables.xlsx",
    ]
    assert names == sorted(path.name for path in again.iterdir())
    assert [name for name in names if (report_folder / name).read_bytes() != (again / name).read_bytes()] == []


@pytest.mark.parametrize("name", ["report.ipynb", "report.html", "manifest.json"])
def test_no_path_of_the_machine_is_told(again: Path, name: str) -> None:
    text = (again / name).read_text("utf-8")
    assert str(ROOT) not in text
    assert str(again.parents[3]) not in text


def test_the_manifest_names_inputs_and_outputs(report_folder: Path) -> None:
    told = json.loads((report_folder / "manifest.json").read_text("utf-8"))
    assert {"input:data/tu-mo-rong/2023.xlsx", "input:notebooks/monthly_report.ipynb", "output:report.pdf"} <= set(
        told["entity"]
    )
    assert told["entity"]["finding:1"]["giamngheo:code"] == "unexplained-flow"
    assert told["activity"]["run:report"]["figure:poor_households"] == 2859


def test_verify_makes_the_report_again_and_says_what_alone_differs(called: Command, again: Path) -> None:
    (again / "report.html").write_text("touched", "utf-8")
    done = called("verify", again, "--data", again.parents[2] / "data")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == f"{again / 'report.html'}: đã bị sửa sau khi lập.\n", "the other files are the same"


def test_verify_wants_the_same_workbook(called: Command, report_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "tu-mo-rong").mkdir()
    (tmp_path / "tu-mo-rong" / "2023.xlsx").write_bytes(b"another")
    done = called("verify", report_folder, "--data", tmp_path)
    assert done.returncode == 1
    assert "data/tu-mo-rong/2023.xlsx: đã sửa đổi." in done.stderr


def test_verify_wants_a_manifest(giamngheo: Command, tmp_path: Path) -> None:
    done = giamngheo("verify", tmp_path)
    assert done.returncode == 1
    assert "manifest.json" in done.stderr


def test_an_unchanged_report_is_not_made_again(called: Command, report_folder: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in report_folder.iterdir()}
    done = called("report", "tu-mo-rong", "latest", "--out", report_folder.parents[1])
    assert done.returncode == 0
    assert "không có gì thay đổi" in done.stdout
    assert {path.name: path.stat().st_mtime_ns for path in report_folder.iterdir()} == before


def test_verify_looks_in_the_folder_that_the_report_was_made_from(called: Command, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    shutil.copytree(ROOT / "data" / "tu-mo-rong", tmp_path / "figures" / "tu-mo-rong")
    options = ("--data", "figures", "--formats", "html")
    assert called("report", "tu-mo-rong", "2023-08", *options, cwd=tmp_path).returncode == 0
    done = called("verify", "outputs/tu-mo-rong/2023-08", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "giống hệt từng byte" in done.stdout
