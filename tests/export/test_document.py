import datetime as dt
import re
from dataclasses import replace

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from giamngheo.export.document import UNDATED, document
from giamngheo.export.refusals import FailedNotebookError, UnexecutedNotebookError
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.elements.captions import full_caption

TABLE = DataTable(pd.DataFrame({"a": [1]}), (Column("a", ("A",), "count"),), "Vốn")
FIGURE = Figure('<svg xmlns="http://www.w3.org/2000/svg"/>', "mô tả", "Tỷ lệ")


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


def captions(made):
    return [full_caption(part) for part in made.parts if isinstance(part, DataTable | Figure)]


def test_tables_and_figures_number_themselves_in_the_order_in_which_they_are_shown(executed):
    annex = replace(TABLE, series="Biểu")
    made = document(executed(TABLE, FIGURE, Prose("# Lời"), replace(TABLE, caption=""), TABLE, annex, FIGURE, annex))
    assert captions(made) == [
        "Bảng 1. Vốn",
        "Hình 1. Tỷ lệ",
        "",
        "Bảng 2. Vốn",
        "Biểu 1. Vốn",
        "Hình 2. Tỷ lệ",
        "Biểu 2. Vốn",
    ]
    assert [table["title"] for table in made.tables] == [
        "Bảng 1. Vốn",
        "",
        "Bảng 2. Vốn",
        "Biểu 1. Vốn",
        "Biểu 2. Vốn",
    ]


def test_numbers_stay_when_a_cell_is_run_again_or_taken_out(executed):
    notebook = executed(TABLE, FIGURE, TABLE, FIGURE)
    assert captions(document(notebook)) == captions(document(notebook))
    del notebook.cells[0].outputs[0]
    assert captions(document(notebook)) == ["Hình 1. Tỷ lệ", "Bảng 1. Vốn", "Hình 2. Tỷ lệ"]


def test_figure_that_cannot_be_shown_keeps_its_number(executed):
    made = document(executed(replace(FIGURE, svg="<svg><iframe/></svg>"), FIGURE))
    assert "Hình không hiển thị được: Hình 1. Tỷ lệ" in made.parts[1].html()
    assert captions(made) == ["Hình 2. Tỷ lệ"]


def test_words_refer_to_tables_and_figures_by_their_numbers(executed, notebook):
    words = Prose("Xem [bảng vốn](#funding), [hình](#rates), [bảng](#none) và [trang](https://example.org).")
    made = document(executed(words, TABLE, replace(FIGURE, name="rates"), replace(TABLE, name="funding")))
    text = "Xem Bảng 2, Hình 1, bảng và"
    assert text in made.parts[1].html()
    assert '<a href="https://example.org">trang</a>' in made.parts[1].html()
    assert text in words._repr_mimebundle_()[0]["text/html"].replace("bảng vốn", "Bảng 2").replace("hình", "Hình 1")


def test_words_of_an_analyst_refer_to_tables_too(executed):
    notebook = executed(replace(TABLE, name="funding"))
    notebook.cells.append(new_markdown_cell("- **[bảng](#funding)**"))
    assert "<strong>Bảng 1</strong>" in document(notebook).parts[-1].html()


def test_table_of_pandas_keeps_the_words_of_its_caption(notebook):
    html = pd.DataFrame({"a": [1]}).style.set_caption("Bảng 7. Của tôi").to_html()
    cell = new_code_cell("x", execution_count=1, outputs=[new_output("display_data", {"text/html": html})])
    assert captions(document(notebook(cell))) == ["Bảng 7. Của tôi"]


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
