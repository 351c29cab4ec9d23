"""What a user does at the command line, right and wrong."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

import nbformat
import openpyxl
import papermill
import pytest
from nbconvert.nbconvertapp import NbConvertApp

from giamngheo.run.provenance.manifest import read_manifest
from tests.conftest import marked

ROOT = Path(__file__).parents[2]

Command = Callable[..., subprocess.CompletedProcess[str]]

BIN = Path(sys.executable).parent
NOTEBOOK = ROOT / "notebooks" / "monthly_report.ipynb"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the data folder that a test may break."""
    return Path(shutil.copytree(ROOT / "data" / "tu-mo-rong", tmp_path / "data" / "tu-mo-rong")).parent


@contextmanager
def opened(data: Path) -> Iterator[openpyxl.Workbook]:
    path = data / "tu-mo-rong" / "2023.xlsx"
    book = openpyxl.load_workbook(path)
    yield book
    book.save(path)


def test_how_other_programs_bars_look_says_nothing_to_ours(giamngheo: Command) -> None:
    done = giamngheo("report", "--help", TQDM_NCOLS="many")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_names_its_files_in_one_line_and_is_quiet_in_a_pipe(
    made: subprocess.CompletedProcess[str], report_folder: Path
) -> None:
    assert made.stderr == ""
    line, warnings = made.stdout.splitlines()
    assert warnings == "5 cảnh báo: đọc bằng giamngheo validate tu-mo-rong 2023-08; bản nội bộ in ở phụ lục."
    assert line.startswith(f"{report_folder}: ")
    assert {path.name for path in report_folder.iterdir()} == set(line.rpartition(": ")[2].split(", "))


def test_only_the_formats_that_are_asked_for_are_made(called: Command, tmp_path: Path) -> None:
    done = called("report", "tu-mo-rong", "2023-03", "--out", tmp_path, "--formats", "html,pdf")
    folder = tmp_path / "tu-mo-rong" / "2023-03"
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.name for path in folder.iterdir()} >= {"report.html", "report.pdf", "report.ipynb"}
    assert not (folder / "report.docx").exists()
    assert "TRONG 3 THÁNG ĐẦU NĂM 2023" in (folder / "report.html").read_text("utf-8")


def test_other_formats_that_are_there_are_made_again_and_no_file_is_lost(called: Command, tmp_path: Path) -> None:
    def made(formats: str, *more: str) -> tuple[set[str], str]:
        done = called("report", "tu-mo-rong", "2023-03", "--out", tmp_path, "--formats", formats, *more)
        assert done.returncode == 0, done.stderr
        return {path.name for path in folder.iterdir() if not path.name.startswith(".")}, done.stdout

    folder = tmp_path / "tu-mo-rong" / "2023-03"
    always = {"mail.txt", "report.ipynb", "manifest.json"}
    assert made("html")[0] == {"report.html"} | always
    internal = (folder / "report.html").read_bytes()
    assert made("xlsx")[0] == {"report.html", "tables.xlsx"} | always
    assert (folder / "report.html").read_bytes() == internal
    assert "không có gì thay đổi" in made("html")[1]
    names, told = made("xlsx", "--parameter", "audience=public")
    assert names == {"report.html", "tables.xlsx"} | always
    assert (folder / "report.html").read_bytes() != internal, "no file is left of other inputs"
    assert "cảnh báo: đọc bằng giamngheo validate tu-mo-rong 2023-03" in told
    assert set(read_manifest(folder).outputs) == {"report.html", "tables.xlsx", "mail.txt", "report.ipynb"}


@pytest.mark.parametrize("aside", [("manifest.json", "report.ipynb"), ("manifest.json", "report.ipynb", "tables.xlsx")])
def test_a_report_that_a_killed_run_left_moved_aside_is_made_with_all_of_its_files(
    called: Command, tmp_path: Path, aside: tuple[str, ...]
) -> None:
    words = ("report", "tu-mo-rong", "2023-03", "--out", tmp_path, "--formats")
    assert called(*words, "html,xlsx").returncode == 0
    folder = tmp_path / "tu-mo-rong" / "2023-03"
    earlier = folder / ".giamngheo-old-0123"
    earlier.mkdir()
    marked(earlier)
    for name in aside:
        (folder / name).rename(earlier / name)
    done = called(*words, "html", "--force")
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.name for path in folder.iterdir()} >= {"report.html", "tables.xlsx", "report.ipynb", "manifest.json"}
    assert not earlier.exists()


def test_a_public_report_has_no_annex(called: Command, tmp_path: Path, report_folder: Path) -> None:
    done = called(
        "report", "tu-mo-rong", "2023-08", "--out", tmp_path, "--formats", "html", "--parameter", "audience=public"
    )
    assert done.returncode == 0
    public = (tmp_path / "tu-mo-rong" / "2023-08" / "report.html").read_text("utf-8")
    assert "PHỤ LỤC" not in public
    assert "chưa được giải thích" not in public
    assert "PHỤ LỤC: GHI CHÚ SỐ LIỆU" in (report_folder / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["tu-mo-rong", "2023-13"], 2, "Kỳ báo cáo '2023-13' không đúng"),
        (["tu-mo-rong", "thang-8"], 2, "ví dụ 2023-08"),
        (["dak-to", "2023-08"], 2, "Không có đơn vị 'dak-to'"),
        (["../data/tu-mo-rong", "2023-08"], 2, "Không có đơn vị '../data/tu-mo-rong'"),
        (["tu-mo-rong", "2022-08"], 1, "Kỳ 2022-08 không có số liệu"),
        (["tu-mo-rong", "2023-08", "--formats", "html,odt"], 2, "Không có định dạng 'odt'"),
        (["tu-mo-rong", "2023-08", "--parameter", "audience"], 2, "ghi tên=giá_trị"),
        (["tu-mo-rong", "2023-08", "--parameter", "audiance=public"], 2, "không có tham số audiance"),
        (["tu-mo-rong", "2023-08", "--parameter", "audience=all"], 2, "Đối tượng 'all' không có"),
        (["tu-mo-rong", "2023-08", "--data", "no-such-folder"], 2, "Không tìm thấy 'no-such-folder'"),
    ],
)
def test_wrong_use_gives_one_clear_line(
    called: Command, tmp_path: Path, arguments: list[str], status: int, words: str
) -> None:
    done = called("report", *arguments, "--out", tmp_path)
    assert done.returncode == status
    (line,) = done.stderr.splitlines()
    assert words in line
    assert not list(tmp_path.iterdir())


def test_every_bad_cell_is_named_at_once_and_the_earlier_report_stays(
    called: Command, tmp_path: Path, data: Path
) -> None:
    earlier = tmp_path / "out" / "tu-mo-rong" / "2023-08"
    earlier.mkdir(parents=True)
    (earlier / "manifest.json").write_text('{"giamngheo:torn', "utf-8")
    with opened(data) as book:
        book["Rà soát"]["C5"] = "nhiều hộ"
        book["Vốn giao"]["G6"] = -5
        del book["Kế hoạch"]
        book["Giải ngân"]["E4"] = "Đã chi"
    done = called("report", "tu-mo-rong", "2023-08", "--data", data, "--out", tmp_path / "out")
    assert done.returncode == 1
    for part in ("ô C5", "nhiều hộ", "ô G6", "'Kế hoạch'", "Giải ngân lũy kế (đồng)"):
        assert part in done.stderr
    assert len(done.stderr.splitlines()) == 4
    assert [path.name for path in earlier.iterdir()] == ["manifest.json"]
    assert (earlier / "manifest.json").read_text("utf-8") == '{"giamngheo:torn'


def test_a_file_that_is_no_workbook_is_said_to_be_none(called: Command, tmp_path: Path, data: Path) -> None:
    (data / "tu-mo-rong" / "2023.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    done = called("report", "tu-mo-rong", "2023-08", "--data", data, "--out", tmp_path / "out")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "2023.xlsx" in line


def test_text_typed_in_a_cell_stays_text(called: Command, tmp_path: Path, data: Path) -> None:
    hostile = "<script>alert(1)</script> #import *x* [a](javascript:b) {{ 7*7 }} $y$ =1+1"
    with opened(data) as book:
        book["Giải pháp"]["A5"] = hostile
    out = tmp_path / "out"
    done = called("report", "tu-mo-rong", "2023-08", "--data", data, "--out", out, "--formats", "html")
    assert done.returncode == 0, done.stderr
    page = (out / "tu-mo-rong" / "2023-08" / "report.html").read_text("utf-8")
    assert page.count("<script") == 1, "our own"
    assert "&lt;script&gt;alert(1)&lt;/script&gt; #import *x* [a](javascript:b) {{ 7*7 }} $y$ =1+1" in page


def test_help_explains_itself_and_waits_for_nothing_that_only_a_report_needs(called: Command) -> None:
    command = [sys.executable, "-I", "-X", "importtime", "-m", "giamngheo", "batch", "--help"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert "PERIODS" in done.stdout
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "giamngheo.run.report" in imported
    assert not imported & {"jupyterlab", "distributed", "dask", "IPython", "pandas", "matplotlib"}
    told = called("report", "--help").stdout
    assert all(word in told for word in ("UNIT", "PERIOD", "--data", "--out", "--formats", "--parameter"))


def text_of(notebook: Path) -> list[str]:
    """What the cells of an executed notebook show, as HTML."""
    cells = nbformat.read(notebook, as_version=4).cells
    return [output["data"]["text/html"] for cell in cells for output in cell.get("outputs", []) if "data" in output]


def test_the_notebook_runs_the_same_by_papermill_and_by_nbconvert_from_any_folder(
    tmp_path: Path, report_folder: Path
) -> None:
    ours = text_of(report_folder / "report.ipynb")
    with chdir(ROOT / "data"):
        papermill.execute_notebook(NOTEBOOK, tmp_path / "papermill.ipynb", {"period": "2023-08"}, progress_bar=False)
    nbconvert = [BIN / "jupyter", "nbconvert", "--execute", "--to", "notebook", "--output-dir", tmp_path, NOTEBOOK]
    subprocess.run(nbconvert, cwd="/", check=True, capture_output=True)
    assert text_of(tmp_path / "papermill.ipynb") == ours
    assert text_of(tmp_path / "monthly_report.ipynb") == ours


def by_command(arguments: list[str]) -> None:
    subprocess.run([BIN / "jupyter", "nbconvert", *arguments], check=True, capture_output=True)


def within_this_process(arguments: list[str]) -> None:
    NbConvertApp.launch_instance(arguments)
    NbConvertApp.clear_instance()


@pytest.mark.parametrize(
    ("form", "start", "nbconvert"),
    [
        ("html", b"<!DOCTYPE html>", within_this_process),
        ("pdf", b"%PDF-", by_command),
        ("docx", b"PK", within_this_process),
    ],
)
def test_jupyter_nbconvert_has_our_exporters(
    tmp_path: Path, report_folder: Path, form: str, start: bytes, nbconvert: Callable[[list[str]], None]
) -> None:
    nbconvert(["--to", f"giamngheo-{form}", "--output-dir", str(tmp_path), str(report_folder / "report.ipynb")])
    written = (tmp_path / f"report.{form}").read_bytes()
    assert written == (report_folder / f"report.{form}").read_bytes()
    assert written.startswith(start)
