"""The report of a review tells nothing of the household file but its counts: not its name, not where it lies."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pypdf
import pytest

from giamngheo import household_review
from giamngheo.core.period import Period
from giamngheo.demo.households import make_household_demo
from giamngheo.report.review.facts import household_facts
from giamngheo.run.kinds import kind_named
from giamngheo.run.provenance.recipe import order
from giamngheo.run.publishing.publish import REPORT_FILES

Command = Callable[..., subprocess.CompletedProcess[str]]

SECRET = "Nguyễn Thị Kín 062199000111"
SECRETS = ("Thị Kín", "062199000111", "giamngheo-", "/tmp", "Y Giấu")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A household file of this year and a folder of one of last year, named after persons, and their workbook."""
    folder = tmp_path_factory.mktemp(SECRET)
    before, now, _, workbook = make_household_demo(folder, 1_300, year=2023, seed=2)
    (folder / "Y Giấu").mkdir()
    before = before.rename(folder / "Y Giấu" / f"{SECRET}.parquet")
    return {"now": now.rename(folder / f"{SECRET}.parquet"), "before": before.parent, "workbook": workbook}


def texts(path: Path) -> Iterator[str]:
    """Whatever can be read in a file: its bytes, those of its parts, the text and the properties of a PDF."""
    content = path.read_bytes()
    yield content.decode("utf-8", errors="ignore")
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield "".join(archive.read(name).decode("utf-8", errors="ignore") for name in archive.namelist())
    if content.startswith(b"%PDF"):
        pdf = pypdf.PdfReader(io.BytesIO(content))
        yield f"{pdf.metadata} {pdf.xmp_metadata and pdf.xmp_metadata.stream.get_data()}"
        yield "".join(page.extract_text() for page in pdf.pages)


def test_no_file_of_a_public_report_tells_the_household_file(
    called: Command, files: dict[str, Path], tmp_path: Path
) -> None:
    words = ("--before", files["before"], "--audience", "public", "--out", tmp_path / "out")
    done = called("households", "report", files["now"], files["workbook"], *words)
    assert (done.returncode, done.stderr) == (0, "")
    made = sorted((tmp_path / "out").iterdir())
    assert {path.name for path in made} == REPORT_FILES - {"annex.pdf", "mail.txt"}
    for path in made:
        for text in texts(path):
            assert [secret for secret in SECRETS if secret in text] == [], path


def test_a_unit_without_a_household_is_told_as_a_wrong_use(
    called: Command, files: dict[str, Path], tmp_path: Path
) -> None:
    workbook = shutil.copy(files["workbook"], tmp_path / "2024.xlsx")
    book = openpyxl.load_workbook(workbook)
    book["Đơn vị"].append(["9999", "Khác", "Huyện"])
    (cell,) = (row[1] for row in book["Thể thức"].iter_rows() if row[0].value == "Mã đơn vị báo cáo")
    cell.value = "9999"
    book.save(workbook)
    done = called("households", "report", files["now"], workbook, "--out", tmp_path / "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Tệp hộ không có hộ nào thuộc Khác")
    assert "Ô số" not in done.stderr


def test_a_fault_of_the_household_file_is_told_by_its_own_name(
    called: Command, files: dict[str, Path], tmp_path: Path
) -> None:
    broken = tmp_path / "Hộ dân.csv"
    broken.write_text("household_id,unit_code\nH1,\n", "utf-8")
    done = called("households", "report", broken, files["workbook"], "--out", tmp_path / "out")
    assert done.returncode != 0
    assert done.stderr.startswith("Hộ dân.csv")
    assert "input-file" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_fault_of_a_part_is_told_by_the_names_of_the_folder_and_the_part(
    called: Command, files: dict[str, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "xã A"
    folder.mkdir()
    for name in ("một", "hai"):
        shutil.copyfile(files["now"], folder / f"{name}.parquet")
    done = called("households", "report", folder, files["workbook"], "--out", tmp_path / "out")
    assert "xã A: mã hộ trùng nhau" in done.stderr
    assert "hai.parquet dòng 1" in done.stderr
    assert "input-file" not in done.stderr


def test_a_unit_without_households_gets_its_sentence_and_the_status_of_wrong_use(
    called: Command, files: dict[str, Path], tmp_path: Path
) -> None:
    workbook = Path(shutil.copyfile(files["workbook"], tmp_path / "2023.xlsx"))
    book = openpyxl.load_workbook(workbook)
    book["Thể thức"]["B5"] = "90077"
    book["Đơn vị"].append(["90077", "Trống", "Huyện", "900"])
    book.save(workbook)
    done = called("households", "report", files["now"], workbook, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr == ("Tệp hộ không có hộ nào thuộc Trống; kiểm tra mã đơn vị báo cáo ở trang Thể thức.\n")
    assert not (tmp_path / "out").exists()


def test_other_formats_of_a_review_that_are_there_are_made_again(
    called: Command, files: dict[str, Path], tmp_path: Path
) -> None:
    for formats in ("html", "xlsx"):
        words = ("--out", tmp_path / "out", "--formats", formats)
        assert called("households", "report", files["now"], files["workbook"], *words).returncode == 0
    names = {path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")}
    assert names == {"report.html", "tables.xlsx", "report.ipynb", "manifest.json"}


def test_files_that_are_called_as_those_of_a_report_are_not_written_over(
    called: Command, files: dict[str, Path], tmp_path: Path
) -> None:
    workbook = Path(shutil.copyfile(files["workbook"], tmp_path / "tables.xlsx"))
    before = workbook.read_bytes()
    (tmp_path / "mail.txt").write_text("mine", "utf-8")
    words = ("households", "report", files["now"], workbook, "--formats", "html", "--out", tmp_path)
    done = called(*words)
    assert (done.returncode, f"{tmp_path} có mail.txt, tables.xlsx không phải của báo cáo" in done.stderr) == (1, True)
    (tmp_path / "mail.txt").unlink()
    workbook = workbook.rename(tmp_path / "2024.xlsx")
    assert called(*words[:3], workbook, *words[4:]).returncode == 0
    workbook = workbook.rename(tmp_path / "tables.xlsx")
    assert "tables.xlsx không phải của báo cáo" in called(*words).stderr, "the report that is there has no such file"
    assert workbook.read_bytes() == before


@pytest.mark.parametrize("name", ["manifest.json", "report.ipynb"])
def test_a_manifest_and_a_notebook_of_others_are_not_written_over(
    called: Command, files: dict[str, Path], tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "utf-8")
    before = (tmp_path / name).read_bytes()
    words = ("households", "report", files["now"], files["workbook"], "--formats", "html", "--out", tmp_path)
    assert f"{name} không phải của báo cáo" in called(*words).stderr
    assert (tmp_path / name).read_bytes() == before
    (tmp_path / name).unlink()
    assert called(*words).returncode == 0
    (tmp_path / "manifest.json").unlink()
    assert called(*words).returncode == 0, "of a report that somebody damaged"


OWN = """[income_line.from.2023-01-01]
value = { rural = 90_000_000, urban = 90_000_000 }
law = "Nghị quyết 10/2022/NQ-HĐND"
article = "2"
checked = 2026-11-23
"""


def test_the_standard_of_the_data_folder_is_that_of_its_reviews(files: dict[str, Path], tmp_path: Path) -> None:
    """A line that hardly anybody is above makes nearly all of them poor by income; without the file few are."""
    (tmp_path / "xa").mkdir()
    now = shutil.copyfile(files["now"], tmp_path / "xa" / "households-2023.parquet")
    workbook = shutil.copyfile(files["workbook"], tmp_path / "xa" / "2023.xlsx")
    made = (str(now), str(workbook))
    poor = [household_review(*made, by="income").summary["poor_households"].max()]
    (tmp_path / "regulation").mkdir()
    (tmp_path / "regulation" / "poverty.toml").write_text(OWN, "utf-8")
    poor.append(household_review(*made, by="income").summary["poor_households"].max())
    assert poor[1] > 2 * poor[0] > 0
    report = household_facts(*made, by="income").summary
    assert report["poor_households"].max() == poor[1]
    how = {"data": tmp_path, "out": tmp_path / "out", "formats": ("html",)}
    asked = order("xa", Period.parse("2023"), kind_named("household_review"), **how)
    assert f"{tmp_path.name}/regulation/poverty.toml" in asked.sources
