"""Versions that were published, and what differs between reports."""

import datetime as dt
import difflib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from giamngheo.run.execution.normalise import NoNotebookError
from giamngheo.run.provenance.manifest import ChangedReportError, manifest_bytes, read_manifest
from giamngheo.run.provenance.recipe import sha256
from giamngheo.run.publishing.difference import _of_sentences, differences
from giamngheo.run.publishing.publication import (
    ChangedWorkbookError,
    ForeignRecordError,
    SameVersionError,
    UnfitVersionError,
    publications,
    publish_version,
    record_verified,
    verified_on,
    version_folder,
    with_note,
)
from giamngheo.run.publishing.publish import write_new
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
    (tmp_path / "ký.PDF").write_bytes(b"%PDF-1.4")
    signed = {"number": "12/BC", "date": "2023-09-05", "scan": tmp_path / "ký.PDF"}
    made = publish_version(place, **signed, data=ROOT / "data")
    frozen = version_folder(place, 1)
    assert made.words == "bản 1, số 12/BC, ngày 2023-09-05"
    assert names(frozen) == (names(place) - {"published"}) | {"publication.json", "scan.pdf", BOOK}
    assert all((frozen / name).read_bytes() == (place / name).read_bytes() for name in names(place) - {"published"})
    assert publications(place) == [made]
    assert made.kept == {name: sha256((frozen / name).read_bytes()) for name in ("scan.pdf", BOOK)}


def test_the_same_report_is_one_version_and_a_changed_one_is_none(place: Path) -> None:
    publish_version(place)
    with pytest.raises(SameVersionError, match="là bản 1"):
        publish_version(place)
    (place / "report.pdf").write_bytes(b"other")
    with pytest.raises(ChangedReportError, match=r"report\.pdf"):
        publish_version(place)
    assert names(place / "published") == {"1"}


@pytest.mark.parametrize("asked", ["tu-mo-rong/2023-07", "ngan-ha/2023-08"])
def test_a_report_in_the_folder_of_another_is_not_published_as_that(called: Command, place: Path, asked: str) -> None:
    other = place.parents[1] / asked
    other.parent.mkdir(exist_ok=True)
    shutil.copytree(place, other)
    done = called("publish", *asked.split("/"), "--out", place.parents[1])
    assert done.returncode == 1
    assert f"{asked}/manifest.json là của báo cáo khác (tu-mo-rong/2023-08)" in done.stderr
    assert publications(other) == []


ENDED = """
import os, signal, sys
from giamngheo.cli import main
from giamngheo.run.publishing import publish, publication
signal.signal(signal.SIGTERM, signal.SIG_DFL)  # whoever runs the tests may ignore it
publish.write_new = publication.write_new = lambda path, data: os.kill(os.getpid(), signal.SIGTERM)
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without telling it")
@pytest.mark.parametrize("words", [("publish", "tu-mo-rong", "2023-08"), ("site",)], ids=["publish", "site"])
def test_a_command_that_is_asked_to_end_leaves_nothing_beside_the_report(place: Path, words: tuple[str, ...]) -> None:
    out = place.parents[1]
    before = sorted(out.rglob("*"))
    done = subprocess.run([sys.executable, "-c", ENDED, *words, "--out", out], cwd=ROOT, check=False)
    assert done.returncode == 128 + signal.SIGTERM
    assert sorted(out.rglob("*")) == before


@pytest.mark.parametrize("moved", ["report", "version"])
def test_a_report_is_not_compared_with_the_version_of_another(called: Command, place: Path, moved: str) -> None:
    other = place.with_name("2023-07")
    publish_version(place)
    shutil.copytree(place, other)
    if moved == "version":
        kept = read_manifest(other)
        right = replace(kept, recipe=replace(kept.recipe, folder="2023-07"))
        (other / "manifest.json").write_bytes(manifest_bytes(right))
        assert with_note(right.recipe, other).note == ""
    done = called("changed", other)
    assert done.returncode == 1
    assert "là của báo cáo khác (tu-mo-rong/2023-08)" in done.stderr
    assert called("changed", other, place).stdout, "two folders may be of two reports"


def test_a_workbook_that_was_changed_since_is_not_kept_with_it(place: Path, tmp_path: Path) -> None:
    (tmp_path / "data" / "tu-mo-rong").mkdir(parents=True)
    (tmp_path / "data" / "tu-mo-rong" / BOOK).write_bytes(b"other")
    with pytest.raises(ChangedWorkbookError, match="lập lại báo cáo"):
        publish_version(place, data=tmp_path / "data")
    assert publications(place) == []


@pytest.mark.parametrize("text", ["", "[]", '{"version": "1"}', '{"version": 7, "number": 1}', "{", "[" * 9999])
def test_a_record_that_says_nothing_is_no_version(place: Path, text: str) -> None:
    publish_version(place)
    (version_folder(place, 1) / "publication.json").write_text(text)
    assert publications(place) == []


@pytest.mark.parametrize(
    "forged",
    [
        *({"version": value} for value in ("1", [1], True, 1.0, 2)),
        *({"number": value} for value in (1, "x" * 101, "1\x1b[2J", "1\u2028")),
        *({"scan": value} for value in ("../../report.pdf", "scan.html", "report.html", "x\n.pdf")),
        *({"workbook": value} for value in ("../2023.xlsx", "tables.xlsx", "2023.xlsx\n", 2023)),
    ],
    ids=str,
)
def test_a_forged_record_is_no_version_and_no_new_one_takes_its_place(place: Path, forged: dict[str, object]) -> None:
    publish_version(place)
    record = version_folder(place, 1) / "publication.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | forged))
    assert publications(place) == []
    kept = (version_folder(place, 1) / "report.html").read_bytes()
    assert publish_version(place).version == 2
    assert (version_folder(place, 1) / "report.html").read_bytes() == kept


def test_two_who_publish_at_once_make_one_version(place: Path) -> None:
    with ThreadPoolExecutor() as pool:
        tried = [pool.submit(publish_version, place, number=str(number)) for number in range(4)]
    made = [attempt.result() for attempt in tried if attempt.exception() is None]
    assert made == publications(place)
    assert len(made) == 1


@pytest.mark.parametrize("name", ["signed.pdf", "signed.jpg", "signed.png", "signed.TIFF"])
@pytest.mark.parametrize("written", [b"", b"<html><script>", b"MZ", b"PK\x03\x04"])
def test_a_file_of_another_kind_is_no_scan_whatever_its_name(
    place: Path, tmp_path: Path, name: str, written: bytes
) -> None:
    (tmp_path / name).write_bytes(written)
    with pytest.raises(UnfitVersionError, match="đúng loại"):
        publish_version(place, scan=tmp_path / name)
    assert publications(place) == []


@pytest.mark.parametrize(("scan", "number"), [("signed.html", ""), ("signed", ""), ("", "x" * 101)])
def test_what_is_no_scan_or_number_is_refused(place: Path, tmp_path: Path, scan: str, number: str) -> None:
    with pytest.raises(UnfitVersionError, match=r"\.pdf, .*không quá 100 chữ"):
        publish_version(place, number=number, scan=tmp_path / scan if scan else None)


def forged(place: Path, change: Callable[[Any], object]) -> None:
    """Changes the notebook of a report, and its manifest so that it is the one that was made."""
    path, manifest = place / "report.ipynb", place / "manifest.json"
    before, notebook = sha256(path.read_bytes()), json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(change(notebook) or notebook), "utf-8")
    manifest.write_text(manifest.read_text("utf-8").replace(before, sha256(path.read_bytes())), "utf-8")


@pytest.mark.parametrize(
    "told", [[], {}, {"nbformat": 4, "cells": [3]}, {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 1}]
)
def test_what_is_no_notebook_is_not_compared(place: Path, told: object) -> None:
    publish_version(place)
    (place / "report.ipynb").write_text("x")
    with pytest.raises(ChangedReportError, match=r"report\.ipynb đã bị sửa"):
        list(differences(version_folder(place, 1), place))
    shutil.copy(version_folder(place, 1) / "report.ipynb", place)
    forged(place, lambda notebook: told or [3])
    with pytest.raises(NoNotebookError, match="không phải sổ tay"):
        list(differences(version_folder(place, 1), place))


def test_a_forged_origin_and_sentence_fill_no_memory_and_steer_no_terminal(called: Command, place: Path) -> None:
    publish_version(place, data=ROOT / "data")

    def change(notebook: Any) -> object:
        text = json.dumps(notebook, ensure_ascii=False)
        text = text.replace("!E5:E15", "!E5:E9999999").replace("9,84", "9,85").replace("lũy kế", "lũy \\u001b[2J kế")
        return json.loads(text)

    forged(place, change)
    told = called("changed", place)
    assert told.returncode == 1
    assert "lũy [2J kế" in told.stdout
    assert "\x1b" not in told.stdout


def test_sentences_by_the_thousand_that_look_alike_are_not_put_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of so many their order would take hours."""
    monkeypatch.setattr(difflib, "unified_diff", None)
    many = [str(at % 150) for at in range(20_000)]
    assert list(_of_sentences(many, many[::-1])) == ["thứ tự các câu: đã khác"]
    assert list(_of_sentences(many, [*many[1:], "x"])) == ["bỏ: 0", "thêm: x"]
    assert list(_of_sentences(many, many)) == []


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
    assert "\nbỏ: Để đạt 100% kế hoạch" in told.stdout, "each item of a list by itself"
    assert "Kế hoạch vốn – Tổng số" not in told.stdout, "capital is as it was"
    assert called("verify", out, "--data", data).returncode == 0
    assert called("publish", *words).stdout.strip().endswith("bản 2")
    assert "báo cáo: 1 mới" in called("status", *words).stdout, "it is what was published"
    assert called("report", *words, "--formats", "html").returncode == 0
    assert (place / "report.html").read_bytes() == (version_folder(place, 2) / "report.html").read_bytes()
    assert called("verify", out, "--data", data).returncode == 0
    assert called("report", *words, "--formats", "html", "--parameter", "audience=public").returncode == 0
    assert "khác bản đã phát hành (bản 2)" in (place / "report.html").read_text("utf-8")


def test_cells_are_compared_of_no_other_workbooks_than_those_of_the_reports(
    called: Command, place: Path, tmp_path: Path
) -> None:
    publish_version(place, data=ROOT / "data")
    shutil.copy(changed_data(tmp_path) / "tu-mo-rong" / BOOK, version_folder(place, 1))
    assert called("changed", place).stdout.strip() == "Không có gì khác."


def test_the_list_of_reports_names_the_versions(called: Command, place: Path) -> None:
    publish_version(place, number="12/BC")
    assert called("site", "--out", place.parents[1]).returncode == 0
    page = (place.parents[1] / "index.html").read_text("utf-8")
    assert '<a href="tu-mo-rong/2023-08/published/1/report.html">Bản 1, số 12/BC<' in page


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


def test_the_day_of_a_verification_is_that_of_the_report_as_it_is(place: Path) -> None:
    day = dt.date(2023, 9, 5)
    assert verified_on(place) is None
    record_verified(place, day, sha256((place / "manifest.json").read_bytes()))
    assert verified_on(place) == day
    (place / "verified.json").write_text('{"date": 5, "manifest_sha256": []}', "utf-8")
    assert verified_on(place) is None
    record_verified(place, day, sha256(b"another"))
    assert verified_on(place) is None


def test_a_file_put_there_while_the_day_is_written_stays(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(path: Path, content: bytes) -> None:
        write_new(path, content)
        (place / "verified.json").write_text("mine", "utf-8")

    monkeypatch.setattr("giamngheo.run.publishing.publish.write_new", meanwhile)
    with pytest.raises(ForeignRecordError):
        record_verified(place, dt.date(2023, 9, 5), sha256(b"a"))
    assert (place / "verified.json").read_text("utf-8") == "mine"


@pytest.mark.parametrize("mine", ["kept by hand since 2021", '{"date": "2023-09-05"}', "[]"])
def test_a_file_of_ones_own_is_no_record_of_a_verification(place: Path, mine: str) -> None:
    (place / "verified.json").write_text(mine, "utf-8")
    with pytest.raises(ForeignRecordError, match=r"verified\.json không phải do giamngheo verify ghi"):
        record_verified(place, dt.date(2023, 9, 5), sha256(b"a"))
    assert (place / "verified.json").read_text("utf-8") == mine
