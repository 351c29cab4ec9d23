import datetime as dt
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from giamngheo.export.document import UNDATED, document
from giamngheo.export.refusals import FailedNotebookError, UnexecutedNotebookError
from giamngheo.report.elements import Prose


def headings(made):
    return re.findall(r"<(h[1-6])", "".join(part.html() for part in made.parts))


def test_letterhead_says_what_the_document_is(report):
    made = document(report)
    assert made.title.startswith("Báo cáo: Kết quả thực hiện Chương trình")
    assert made.author == "PHÒNG LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"
    assert (made.date, made.lang, made.running_head) == (dt.date(2023, 8, 31), "vi", "")


def test_code_and_notes_do_not_show(report):
    html = "".join(part.html() for part in document(report).parts)
    assert "monthly.part" not in html
    assert "Ô này để chọn" not in html


def test_untagged_text_is_kept(notebook):
    made = document(notebook(new_markdown_cell("# Tên"), new_markdown_cell("một đoạn")))
    assert "<p>một đoạn</p>" in made.parts[1].html()


def test_parts_stand_in_the_order_of_the_cells(report):
    html = "".join(part.html() for part in document(report).parts)
    marks = ["BÁO CÁO", "Bảng 1.", "Hình 1.", "Bảng 2.", "Hình 2.", "Hình 3.", "Nơi nhận", "Phụ lục"]
    assert [html.index(mark) for mark in marks] == sorted(html.index(mark) for mark in marks)


def test_notebook_without_letterhead_has_its_first_heading_as_title(analysis):
    made = document(analysis)
    assert made.title == "Khảo sát tỷ lệ theo xã"
    assert made.parts[0].html().startswith("<h1>Khảo sát <em>tỷ lệ</em> theo xã</h1>")
    assert "document-title(" in made.parts[0].typst()
    assert made.date == UNDATED


def test_notebook_without_any_heading_still_has_a_title(notebook):
    made = document(notebook(new_markdown_cell("chỉ có chữ")))
    assert made.title == "Sổ tay"
    assert headings(made) == ["h1"]


def test_headings_never_skip_a_level(executed, letterhead):
    made = document(executed(letterhead, Prose("### a)\n\n# I.\n\n### b)\n\n###### c")))
    assert headings(made) == ["h1", "h2", "h2", "h3", "h4"]


def test_notebook_with_a_cell_that_did_not_run_is_refused(notebook):
    with pytest.raises(UnexecutedNotebookError, match=r"2 ô mã chưa chạy \(ô số 2, 4\)"):
        document(notebook(new_markdown_cell("a"), new_code_cell("a"), new_code_cell(" "), new_code_cell("b")))


def test_notebook_with_a_failed_cell_is_refused_with_its_words(notebook):
    error = new_output("error", ename="ValueError", evalue="thiếu cột\n'xã'", traceback=[])
    failed = new_code_cell("a", execution_count=1, outputs=[error])
    with pytest.raises(FailedNotebookError, match=r"Ô số 1 của sổ tay bị lỗi: ValueError: thiếu cột 'xã'"):
        document(notebook(failed, new_code_cell("b")))


def test_document_is_the_same_after_the_notebook_was_saved(report, tmp_path):
    nbformat.write(report, tmp_path / "a.ipynb")
    saved, made = document(nbformat.read(tmp_path / "a.ipynb", as_version=4)), document(report)
    assert (saved.title, saved.author, saved.date, saved.tables) == (made.title, made.author, made.date, made.tables)
    assert [(part.html(), part.typst()) for part in saved.parts] == [(part.html(), part.typst()) for part in made.parts]
