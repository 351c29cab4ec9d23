"""The report of the demo district in every format: marked on every page, its tables and figures numbered in a row."""

import html
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from pypdf import PdfReader

Command = Callable[..., CompletedProcess[str]]

MARKING = "SỐ LIỆU GIẢ LẬP"
FORMS = ["report.html", "report.pdf", "report.docx"]


@pytest.fixture(scope="module")
def folder(called: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo")
    done = called("report", "ngan-ha", "2024-08", "--data", "data/demo", "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    return out / "ngan-ha" / "2024-08"


@pytest.fixture(scope="module")
def texts(folder: Path) -> dict[str, str]:
    page = re.sub(r"<style>.*?</style>", "", (folder / "report.html").read_text("utf-8"), flags=re.DOTALL)
    with zipfile.ZipFile(folder / "report.docx") as archive:
        word = archive.read("word/document.xml").decode().replace("</w:p>", "\n")
    return {
        "report.html": html.unescape(re.sub(r"<[^>]+>", "", page)),
        "report.docx": html.unescape(re.sub(r"<[^>]+>", "", word)),
        "report.pdf": "\n".join(page.extract_text() for page in PdfReader(folder / "report.pdf").pages),
    }


def test_every_page_is_marked_in_head_and_foot(folder: Path) -> None:
    pages = PdfReader(folder / "report.pdf").pages
    assert len(pages) > 5
    assert all(page.extract_text().count(MARKING) == 2 for page in pages)
    with zipfile.ZipFile(folder / "report.docx") as archive:
        edges = [name for name in archive.namelist() if re.match(r"word/(header|footer)\d*\.xml", name)]
        marked = [name for name in edges if MARKING in archive.read(name).decode()]
    assert {re.sub(r"\W|\d", "", name) for name in marked} == {"wordheaderxml", "wordfooterxml"}
    assert (folder / "report.html").read_text("utf-8").count(f">{MARKING}<") == 2


def test_real_figures_are_not_marked(report_folder: Path) -> None:
    assert MARKING not in (report_folder / "report.html").read_text("utf-8")
    assert all(MARKING not in page.extract_text() for page in PdfReader(report_folder / "report.pdf").pages)


@pytest.mark.parametrize("form", FORMS)
def test_tables_and_figures_are_numbered_in_a_row(texts: dict[str, str], form: str) -> None:
    assert re.findall(r"^\s*Bảng (\d)\. ", texts[form], re.MULTILINE) == list("12345")
    assert re.findall(r"^\s*Hình (\d)\. ", texts[form], re.MULTILINE) == list("123456")


@pytest.mark.parametrize("form", FORMS)
def test_what_moved_stands_in_every_format(texts: dict[str, str], form: str) -> None:
    text = " ".join(texts[form].split())
    for words in (
        "c) Biến động trong tháng 8 năm 2024",
        "So với tháng 7 năm 2024: hộ nghèo giảm 14 hộ, tỷ lệ giảm 0,21%",
        "d) Kết quả theo xã",
        "Bạch Dương (giảm 1,89%)",
        "Trong tháng 8 năm 2024 giải ngân",
        "tỷ lệ giải ngân năm nay thấp hơn",
    ):
        assert words in text


def test_the_real_district_has_no_section_without_data(report_folder: Path) -> None:
    page = (report_folder / "report.html").read_text("utf-8")
    for words in ("c) Biến động", "Kết quả theo", "Riêng trong", "Cùng kỳ năm", "Số giải ngân riêng"):
        assert words not in page
    numbered = sorted(set(re.findall(r"(Bảng|Hình) (\d)\. ", page)))
    assert numbered == [("Bảng", "1"), ("Bảng", "2"), ("Hình", "1"), ("Hình", "2"), ("Hình", "3")]


def test_other_periods_have_folders_of_their_names(called: Command, tmp_path: Path) -> None:
    for period, subject in (("2024-Q3", "quý III năm 2024"), ("2024", "năm 2024")):
        options = ("--data", "data/demo", "--out", tmp_path, "--formats", "html")
        assert called("report", "ngan-ha", period, *options).returncode == 0
        page = (tmp_path / "ngan-ha" / period / "report.html").read_text("utf-8")
        assert f"giảm nghèo bền vững {subject}</span>" in page
