"""The mail beside a report, and the archive to hand over."""

import shutil
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from giamngheo.run.provenance.manifest import ChangedReportError, NoManifestError, read_manifest
from giamngheo.run.publishing.mail import ReplacedReportError, hand_over, mail, sent
from tests.conftest import Command

FILES = {name: b"x" * size for name, size in (("report.html", 9), ("report.pdf", 2048), ("annex.pdf", 5000))}
FIGURES = {"subject": "Kết quả tháng 8", "unit": "huyện A", "marking": "", "summary": "Một.\nHai."}


def test_the_mail_has_subject_sentences_and_files_with_their_sizes() -> None:
    assert mail(FIGURES, sent(FILES, is_public=False)) == (
        "Tiêu đề: Kết quả tháng 8 - huyện A\n\nGửi kèm báo cáo: Kết quả tháng 8.\n\nMột.\n\nHai.\n\n"
        "Tệp gửi kèm:\n- report.pdf (2 KB)\n"
    )
    assert mail({"unit": "huyện A"}, {}) == ""
    assert mail(FIGURES | {"marking": "GIẢ LẬP"}, {}).startswith("Tiêu đề: [GIẢ LẬP] Kết quả")


def test_what_tells_cells_of_the_workbook_is_sent_of_a_public_edition_only() -> None:
    assert list(sent(FILES, is_public=False)) == ["report.pdf"]
    assert list(sent(FILES, is_public=True)) == ["report.pdf", "report.html"]


def test_the_mail_of_the_seed_says_what_the_report_says(report_folder: Path) -> None:
    text = (report_folder / "mail.txt").read_text("utf-8")
    assert text.splitlines()[4:12:2] == [
        "Kết quả rà soát cuối năm 2022: hộ nghèo 2.859 hộ (41,06%); hộ cận nghèo 432 hộ (6,20%); tỷ lệ nghèo đa chiều"
        " 47,26%, giảm 12,93% so với cuối năm 2021.",
        "Kế hoạch năm 2023: giảm 562 hộ nghèo và 137 hộ cận nghèo.",
        "Vốn giao năm 2023: 71.972 triệu đồng.",
        "Lũy kế giải ngân: 4.569,482 triệu đồng, đạt 6,35% kế hoạch vốn; còn lại 67.402,518 triệu đồng.",
    ]
    assert "annex" not in text


def test_the_archive_has_what_is_sent_and_nothing_else(report_folder: Path, tmp_path: Path) -> None:
    needed, first, second = read_manifest(report_folder).recipe, tmp_path / "a.zip", tmp_path / "b.zip"
    assert hand_over(report_folder, first, needed) == ("index.html", "report.pdf", "report.docx", "mail.txt")
    hand_over(report_folder, second, needed)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert archive.read("mail.txt") == (report_folder / "mail.txt").read_bytes()
        page = archive.read("index.html").decode()
        pages = PdfReader(BytesIO(archive.read("report.pdf"))).pages
    assert '<a href="report.pdf">' in page
    assert "<h1>Kết quả thực hiện" in page
    assert "chưa được giải thích" not in "".join(each.extract_text() for each in pages)


def test_a_report_that_is_not_there_is_not_handed_over(report_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NoManifestError):
        hand_over(tmp_path, tmp_path / "a.zip", read_manifest(report_folder).recipe)
    assert not (tmp_path / "a.zip").exists()


def test_a_report_that_another_made_meanwhile_is_not_handed_over(report_folder: Path, tmp_path: Path) -> None:
    public = replace(read_manifest(report_folder).recipe, parameters={"audience": "public"})
    with pytest.raises(ReplacedReportError, match=r"vừa được thay bởi lệnh khác"):
        hand_over(report_folder, tmp_path / "a.zip", public)
    assert not (tmp_path / "a.zip").exists()


def test_hostile_words_stay_words_on_the_page(report_folder: Path, tmp_path: Path, monkeypatch) -> None:
    kept = read_manifest(report_folder)
    hostile = {"subject": "<script>x</script>", "unit": "{title}", "marking": "", "summary": "<img src=x>"}
    monkeypatch.setattr(
        "giamngheo.run.publishing.mail.read_manifest", lambda folder: type(kept)(**vars(kept) | {"figures": hostile})
    )
    hand_over(report_folder, tmp_path / "a.zip", kept.recipe)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        page = archive.read("index.html").decode()
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;script&gt;x&lt;/script&gt; - {title}" in page


def test_the_command_writes_the_archive(called: Command, tmp_path: Path) -> None:
    out, archive = tmp_path / "out", tmp_path / "gửi.zip"
    words = ("report", "tu-mo-rong", "2023-08", "--out", out, "--formats", "pdf", "--zip", archive)
    done = called(*words)
    assert done.returncode == 0, done.stderr
    assert f"{archive}: index.html, report.pdf, mail.txt" in done.stdout
    with zipfile.ZipFile(archive) as found:
        assert found.namelist() == ["index.html", "report.pdf", "mail.txt"]


def test_a_file_that_somebody_put_in_the_place_of_the_report_is_not_sent(report_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(report_folder, tmp_path / "2023-08")
    (tmp_path / "secret").write_text("of another folder")
    (tmp_path / "2023-08" / "report.pdf").unlink()
    (tmp_path / "2023-08" / "report.pdf").symlink_to(tmp_path / "secret")
    with pytest.raises(ChangedReportError, match=r"report\.pdf đã bị sửa sau khi lập"):
        hand_over(tmp_path / "2023-08", tmp_path / "a.zip", read_manifest(report_folder).recipe)
    assert not (tmp_path / "a.zip").exists()


def test_what_is_handed_over_takes_the_place_of_no_other_kind_of_file(called: Command, tmp_path: Path) -> None:
    (book := tmp_path / "2023.xlsx").write_bytes(b"typed")
    (tmp_path / "link.zip").symlink_to(book)
    for archive in (book, tmp_path / "link.zip", tmp_path / "report.pdf"):
        done = called("report", "tu-mo-rong", "2023-08", "--out", tmp_path / "out", "--zip", archive)
        assert (done.returncode, "không phải tên tệp .zip" in done.stderr) == (2, True)
    assert book.read_bytes() == b"typed"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2023.xlsx", "link.zip"]
