"""Versions that were published, and what differs between reports."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from giamngheo.run.difference import differences
from giamngheo.run.mail import ChangedReportError
from giamngheo.run.publication import (
    ChangedWorkbookError,
    SameVersionError,
    publications,
    publish_version,
    version_folder,
)
from tests.conftest import ROOT, Command

BOOK = "2023.xlsx"


@pytest.fixture
def place(report_folder: Path, tmp_path: Path) -> Path:
    """The report of the seed, in a folder of outputs of its own."""
    folder = tmp_path / "outputs" / "tu-mo-rong" / "2023-08"
    shutil.copytree(report_folder, folder)
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def test_a_version_has_the_files_as_they_are_and_says_what_was_sent(place: Path, tmp_path: Path) -> None:
    (tmp_path / "ký.PDF").write_bytes(b"%PDF")
    book = ROOT / "data" / "tu-mo-rong" / BOOK
    made = publish_version(place, number="12/BC", date="2023-09-05", scan=tmp_path / "ký.PDF", workbook=book)
    frozen = version_folder(place, 1)
    assert made.words == "bản 1, số 12/BC, ngày 2023-09-05"
    assert names(frozen) == (names(place) - {"published"}) | {"publication.json", "scan.pdf", BOOK}
    assert all((frozen / name).read_bytes() == (place / name).read_bytes() for name in names(place) - {"published"})
    assert publications(place) == [made]


def test_the_same_report_is_one_version_and_a_changed_one_is_none(place: Path) -> None:
    publish_version(place)
    with pytest.raises(SameVersionError, match="là bản 1"):
        publish_version(place)
    (place / "report.pdf").write_bytes(b"other")
    with pytest.raises(ChangedReportError, match=r"report\.pdf"):
        publish_version(place)
    assert names(place / "published") == {"1"}


def test_a_workbook_that_was_changed_since_is_not_kept_with_it(place: Path, tmp_path: Path) -> None:
    (tmp_path / BOOK).write_bytes(b"other")
    with pytest.raises(ChangedWorkbookError, match="lập lại báo cáo"):
        publish_version(place, workbook=tmp_path / BOOK)
    assert publications(place) == []


@pytest.mark.parametrize("text", ["", "[]", '{"version": "1"}', '{"version": 7, "number": 1}', "{"])
def test_a_record_that_says_nothing_is_no_version(place: Path, text: str) -> None:
    publish_version(place)
    (version_folder(place, 1) / "publication.json").write_text(text)
    assert publications(place) == []


def changed_data(tmp_path: Path) -> Path:
    """The data of the seed, of which one amount of money and one review is another."""
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "tu-mo-rong", data / "tu-mo-rong")
    book = openpyxl.load_workbook(data / "tu-mo-rong" / BOOK)
    book["Giải ngân"]["E5"] = 4_669_482_000
    book.save(data / "tu-mo-rong" / BOOK)
    return data


def test_a_report_of_other_data_says_so_and_which_cell_changed_which_numbers(
    called: Command, place: Path, tmp_path: Path
) -> None:
    out = place.parents[1]
    assert called("publish", "tu-mo-rong", "2023-08", "--out", out, "--number", "12/BC").returncode == 0
    same = called("changed", place)
    assert (same.returncode, same.stdout.strip()) == (0, "Không có gì khác.")
    data = changed_data(tmp_path)
    words = ("tu-mo-rong", "2023-08", "--data", data, "--out", out)
    assert called("report", *words, "--formats", "html").returncode == 0
    page = (place / "report.html").read_text("utf-8")
    note = "Báo cáo này lập từ số liệu khác bản đã phát hành (bản 1, số 12/BC)."
    assert f'<p class="banner" role="note">{note}</p>' in page
    assert note not in (version_folder(place, 1) / "report.html").read_text("utf-8")
    told = called("changed", place, "--data", data)
    assert told.returncode == 1
    assert "ô 'Giải ngân'!E5: 4569482000 → 4669482000" in told.stdout
    assert "Tỷ lệ: 9,84% → 10,05%; do ô 'Giải ngân'!E5" in told.stdout
    assert "bỏ: Tính đến ngày 18/8/2023, lũy kế giải ngân vốn năm 2023 là 4.569,482/71.972 triệu đồng" in told.stdout
    assert "thêm: Tính đến ngày 18/8/2023, lũy kế giải ngân vốn năm 2023 là 4.669,482/71.972" in told.stdout
    assert "Kế hoạch vốn – Tổng số" not in told.stdout, "capital is as it was"
    assert called("verify", out, "--data", data).returncode == 0
    assert called("publish", *words).stdout.strip().endswith("bản 2")
    assert called("report", *words, "--formats", "html").returncode == 0
    assert note not in (place / "report.html").read_text("utf-8")


def test_the_list_of_reports_names_the_versions(called: Command, place: Path) -> None:
    publish_version(place, number="12/BC")
    assert called("site", "--out", place.parents[1]).returncode == 0
    page = (place.parents[1] / "index.html").read_text("utf-8")
    assert '<a href="tu-mo-rong/2023-08/published/1/report.html">Bản 1, số 12/BC<' in page


def test_a_scan_elsewhere_is_no_version(place: Path) -> None:
    publish_version(place)
    record = version_folder(place, 1) / "publication.json"
    record.write_text(record.read_text().replace('"scan": ""', '"scan": "../../report.pdf"'))
    assert publications(place) == []


def test_without_a_version_there_is_nothing_to_compare(called: Command, place: Path) -> None:
    done = called("changed", place)
    assert done.returncode == 2
    assert "chưa có bản phát hành nào" in done.stderr


def test_inputs_and_parameters_are_compared(report_folder: Path, called: Command, tmp_path: Path) -> None:
    words = ("tu-mo-rong", "2023-08", "--out", tmp_path, "--formats", "html", "--parameter", "audience=public")
    assert called("report", *words).returncode == 0
    found = list(differences(report_folder, tmp_path / "tu-mo-rong" / "2023-08"))
    assert "tham số audience: mới có" in found
    assert not any("tệp đầu vào" in line for line in found)
