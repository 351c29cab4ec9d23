"""Notebooks of other people: long lines, high rows, HTML of all kinds, cells that nbconvert leaves out or empties."""

import io
import re
import time
import warnings
import zipfile
from collections.abc import Callable

import nbformat
import openpyxl
import pypdf
import pytest
from nbconvert.exporters import get_exporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from traitlets.config import Config

from giamngheo.export.document import document
from giamngheo.export.html import html
from giamngheo.export.pdf import pdf
from giamngheo.export.refusals import FailedNotebookError, UnexecutedNotebookError
from giamngheo.export.word.exporter import docx
from giamngheo.export.xlsx import xlsx
from giamngheo.report.elements import DataTable

WORDS = " ".join(f"từ{number}" for number in range(3000))


def markdown(text: str) -> NotebookNode:
    return nbformat.v4.new_notebook(cells=[new_markdown_cell(text)])


def displayed(**data: str) -> NotebookNode:
    formats = {f"text/{name}": text for name, text in data.items()}
    return nbformat.v4.new_notebook(cells=[ran("x", new_output("display_data", formats))])


def ran(source: str, *outputs: NotebookNode, tags: tuple[str, ...] = ()) -> NotebookNode:
    return new_code_cell(source, execution_count=1, outputs=list(outputs), metadata={"tags": list(tags)})


def words(content: bytes) -> set[str]:
    return set(
        re.findall(r"từ\d+", "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))
    )


@pytest.mark.parametrize(
    "notebook",
    [
        displayed(html=f"<table><tr><td>{WORDS}</td></tr></table>"),
        displayed(html=f"<table><tr><td>a</td><td>{WORDS}</td></tr><tr><td>b</td><td>c</td></tr></table>"),
        displayed(html=f"<table><thead><tr><th>{WORDS}</th></tr></thead><tr><td>a</td></tr></table>"),
        markdown(f"|a|b|\n|-|-|\n|{WORDS}|c|"),
        displayed(plain=WORDS),
        markdown(WORDS),
    ],
    ids=["one row", "first of two rows", "header", "Markdown", "printed", "paragraph"],
)
def test_what_is_higher_than_a_page_goes_on_on_the_next(notebook: NotebookNode) -> None:
    assert len(words(pdf(document(notebook)))) == 3000


LONG: dict[str, Callable[[int], NotebookNode]] = {
    "a word of Markdown": lambda length: markdown("a" * length),
    "words of Markdown": lambda length: markdown("từ " * (length // 3)),
    "a printed line": lambda length: displayed(plain="a" * length),
    "a word of HTML": lambda length: displayed(html=f"<p>{'a' * length}</p>"),
    "ampersands": lambda length: displayed(html="&" * (length // 5)),
    "open tags": lambda length: displayed(html="<a " * (length // 3)),
    "open comments": lambda length: displayed(html="<!--" * (length // 4)),
    "open drawings": lambda length: displayed(html="<svg" * (length // 4)),
    "a cell": lambda length: displayed(html=f"<table><tr><td>{'a' * length}</td></tr></table>"),
    "words of a cell": lambda length: displayed(html=f"<table><tr><td>{'từ ' * (length // 3)}</td></tr></table>"),
}


SECONDS = 30
"""Of processor: these texts take less than one, which no busy machine makes thirty."""


def seconds(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


@pytest.mark.parametrize("name", LONG)
def test_long_lines_take_linear_time_in_html(name: str) -> None:
    assert seconds(lambda: html(document(LONG[name](1_000_000)))) < SECONDS


@pytest.mark.parametrize("name", ["a word of Markdown", "words of Markdown", "a printed line", "a cell"])
def test_long_lines_take_linear_time_in_pdf(name: str) -> None:
    assert seconds(lambda: pdf(document(LONG[name](80_000)))) < SECONDS


def test_a_text_longer_than_a_cell_of_excel_is_said_to_be_cut() -> None:
    made = document(displayed(html=f"<table><tr><td>{'a' * 50_000}</td></tr></table>"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sheet, *_ = openpyxl.load_workbook(io.BytesIO(xlsx(made))).worksheets
    assert len(sheet["A4"].value) == 32_767
    assert sheet["A4"].value.endswith("xem đủ ở báo cáo]")


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (["00001", "00004"], ["00001", "00004"]),
        (["001085012345", "131085012345"], ["001085012345", "131085012345"]),
        (["1", "02"], ["1", "02"]),
        (["-01", "2"], ["-01", "2"]),
        (["1234567890123456", "1"], ["1234567890123456", "1"]),
        (["1e5", "2"], ["1e5", "2"]),
        (["0", "12", "NaN"], [0, 12, None]),
        (["0.5", "-1.25"], [0.5, -1.25]),
        (["1.000000e+05", "2"], [100_000, 2]),
        (["131085012345"], [131085012345]),
    ],
)
def test_codes_stay_texts_and_numbers_are_numbers(column: list[str], values: list[object]) -> None:
    made = document(displayed(html="<table>" + "".join(f"<tr><td>{text}</td></tr>" for text in column) + "</table>"))
    sheet, *_ = openpyxl.load_workbook(io.BytesIO(xlsx(made))).worksheets
    assert [row[0].value for row in sheet.iter_rows(min_row=4)] == values
    page = html(made)
    assert all(f">{text}</t" in page for text in column if text != "NaN" and "e+" not in text)


def test_a_cell_that_spans_more_rows_than_a_hundred_stands_in_each() -> None:
    rows = "".join(f"<tr>{'<th rowspan=150>huyện</th>' if not row else ''}<td>{row}</td></tr>" for row in range(150))
    (table,) = document(displayed(html=f"<table>{rows}</table>")).tables
    assert {row["1"] for row in table["data"]} == {"huyện"}
    assert [row["2"] for row in table["data"]] == list(range(150))


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<h2>Tên</h2><p>một</p><p>hai</p>", '<h2 id="muc-1">Tên</h2>\n<p>một</p>\n<p>hai</p>'),
        ("a<br>b<div>c</div>d", "<p>a</p>\n<p>b</p>\n<p>c</p>\n<p>d</p>"),
        ("<ul><li>một</li></ul>", "<p>- một</p>"),
        ("<b>a</b><i>b</i>", "<p><strong>a</strong><em>b</em></p>"),
        ("<p>một  <b>hai <i>ba</i></b> bốn</p>", "<p>một <strong>hai </strong><strong><em>ba</em></strong> bốn</p>"),
        ("<pre>a\n  b</pre>", "<pre>a\n  b</pre>"),
        ("&lt;script&gt; &amp; *x*", "<p>&lt;script&gt; &amp; *x*</p>"),
        ("<script>x()</script><style>p{}</style><p>chữ</p><!-- x -->", "<p>chữ</p>"),
        ('<p onclick="x()">chữ</p><iframe srcdoc="x"></iframe>', "<p>chữ</p>"),
        ('<img src="/a.png" alt="x">', "<p><em>[Hình không hiển thị được: x (nằm ngoài sổ tay)]</em></p>"),
    ],
)
def test_html_that_is_no_table_keeps_its_text(source: str, shown: str) -> None:
    assert html(document(displayed(html=source))).partition("</h1>")[2].split("</main>")[0].strip() == shown


def test_text_around_a_table_stands_where_it_stood() -> None:
    page = html(document(displayed(html="<p>trước</p><table><tr><td>a</td></tr></table><p>sau</p>")))
    assert page.index("trước") < page.index("<table") < page.index("sau")


def test_a_drawing_in_html_is_a_picture() -> None:
    page = html(document(displayed(html="<p>a</p><svg width='9' height='9'><rect width='9' height='9'/></svg>")))
    assert '<img src="data:image/svg+xml;charset=utf-8,' in page


@pytest.mark.parametrize(
    "data", [{"html": "<script>x()</script>"}, {"latex": "x"}, {"html": "<iframe src='x'></iframe>"}]
)
def test_what_only_a_browser_shows_is_told(data: dict[str, str]) -> None:
    assert "[Kết quả chỉ xem được trong sổ tay: text/" in html(document(displayed(**data)))


FAILED = new_output("error", ename="ValueError", evalue="sai", traceback=[])
PRINTED = new_output("stream", name="stdout", text="BÍ MẬT")


def exported(*cells: NotebookNode, **remove: set[str]) -> str:
    config = Config(TagRemovePreprocessor={"enabled": True, **remove})
    exporter = get_exporter("giamngheo-html")(config=config)
    return str(exporter.from_notebook_node(nbformat.v4.new_notebook(cells=list(cells)))[0])


@pytest.mark.parametrize("trait", ["remove_cell_tags", "remove_all_outputs_tags"])
def test_a_cell_left_out_or_emptied_is_taken_as_nbconvert_takes_it(trait: str) -> None:
    page = exported(new_markdown_cell("chữ"), ran("x", PRINTED, tags=("ẩn",)), **{trait: {"ẩn"}})
    assert "chữ" in page
    assert "BÍ MẬT" not in page
    assert "BÍ MẬT" in exported(ran("x", PRINTED, tags=("ẩn",)), remove_input_tags={"ẩn"})


def test_a_single_output_is_left_out() -> None:
    hidden = new_output("display_data", {"text/plain": "BÍ MẬT"}, metadata={"tags": ["ẩn"]})
    assert "BÍ MẬT" not in exported(ran("x", hidden), remove_single_output_tags={"ẩn"})


def test_a_cell_left_out_may_have_failed_or_not_run() -> None:
    never_run = new_code_cell("x", metadata={"tags": ["ẩn"]})
    assert exported(ran("x", FAILED, tags=("ẩn",)), never_run, remove_cell_tags={"ẩn"})


def test_an_emptied_cell_that_never_ran_is_refused_by_its_number() -> None:
    waiting = new_code_cell("x", metadata={"tags": ["trống"]})
    with pytest.raises(UnexecutedNotebookError, match=r"ô số 3"):
        exported(ran("x", tags=("ẩn",)), ran("y"), waiting, remove_all_outputs_tags={"trống"}, remove_cell_tags={"ẩn"})


def test_a_cell_that_nbconvert_itself_runs_is_not_waiting() -> None:
    def execute(notebook: NotebookNode, resources: object) -> tuple[NotebookNode, object]:
        for count, cell in enumerate(notebook.cells, 1):
            cell.execution_count, cell.outputs = count, [new_output("stream", text=f"đã chạy {count}")]
        return notebook, resources

    exporter = get_exporter("giamngheo-html")()
    exporter.register_preprocessor(execute, enabled=True)
    page, _ = exporter.from_notebook_node(nbformat.v4.new_notebook(cells=[new_code_cell("x"), new_code_cell("y")]))
    assert "đã chạy 2" in page


def test_a_cell_that_may_fail_shows_its_error_and_another_is_refused() -> None:
    assert "ValueError: sai" in exported(ran("x", FAILED, tags=("raises-exception",)))
    with pytest.raises(FailedNotebookError):
        exported(ran("x", FAILED))


def test_a_cell_that_is_never_run_is_no_waiting_cell() -> None:
    assert exported(new_code_cell("x", metadata={"tags": ["skip-execution"]}))


@pytest.mark.parametrize("tags", [None, "note", 3, {}])
def test_tags_that_are_none_are_none(tags: object) -> None:
    made = markdown("chữ")
    made.cells[0].metadata["tags"] = tags
    assert "chữ" in html(document(made))


def test_word_goes_on_too() -> None:
    for text, whole in ((WORDS, False), ("từ", True)):
        written = docx(document(displayed(html=f"<table><tr><td>{text}</td></tr><tr><td>a</td></tr></table>")))
        with zipfile.ZipFile(io.BytesIO(written)) as archive:
            _, first, last = archive.read("word/document.xml").decode().split("<w:tr>")[1:]
        assert ("cantSplit" in first, "cantSplit" in last) == (whole, True)


def test_html_in_a_cell_of_text_is_what_a_reader_sees_of_it():
    div, table = "<div>Chữ <b>đậm</b><script>alert(1)</script></div>", "<table><tr><td>một</td></tr></table>"
    page = exported(new_markdown_cell(f"# Vốn\n\n{div}\n\n{table}\n\n<!-- x -->"))
    body = page[page.index("<main") :]
    assert "<p>Chữ <strong>đậm</strong></p>" in body
    assert ">một<" in body
    assert not {"alert", "&lt;", "<!--"} & set(re.findall("alert|&lt;|<!--", body))


def test_headings_of_one_level_stay_of_one_level():
    text = "# Tên\n\n## Một\n\n### a\n\n## Hai\n\n#### b\n\n## Ba"
    page = html(document(markdown(text)))
    found = re.findall(r"<h(\d)[^>]*>(\w+)", page[page.index("<main") :])
    assert found == [("1", "Tên"), ("2", "Một"), ("3", "a"), ("2", "Hai"), ("3", "b"), ("2", "Ba")]


def test_a_table_too_wide_for_a_page_is_in_parts_that_name_their_rows():
    head = "".join(f"<th>Tháng {month}</th>" for month in range(1, 22))
    body = "".join(f"<td>{1_234_567 + month}</td>" for month in range(1, 22))
    table = f"<table><thead><tr><th>Xã</th>{head}</tr></thead><tbody><tr><th>Đắk Hà</th>{body}</tr></tbody></table>"
    cell = ran("x", new_output("display_data", {"text/html": table}))
    cell.metadata["giamngheo"] = {"caption": "Thu theo tháng", "name": "thu"}
    made = document(nbformat.v4.new_notebook(cells=[new_markdown_cell("Xem [bảng](#thu)."), cell]))
    (whole,) = (part for part in made.parts if isinstance(part, DataTable))
    pages = whole.pages()
    assert [page.caption for page in pages] == [f"Bảng 1. Thu theo tháng (phần {n} trong 2)" for n in (1, 2)]
    assert [page.columns[0].header for page in pages] == [("Xã",)] * 2
    shown = [column.header[0] for page in pages for column in page.columns[1:]]
    assert shown == [f"Tháng {month}" for month in range(1, 22)]
    text = pypdf.PdfReader(io.BytesIO(pdf(made))).pages[0].extract_text()
    assert text.count("Đắk Hà") == 2
    assert html(made).count("<table") == 1
    assert "Xem Bảng 1." in html(made)


def test_a_cell_says_what_its_figure_is():
    svg = "<svg width='9' height='9'><rect width='9' height='9'/></svg>"
    cells = [ran("x", new_output("display_data", {"text/html": svg})) for _ in range(3)]
    cells[0].metadata["giamngheo"] = {"caption": "Một <b>", "alt": "Tăng", "name": "a"}
    cells[1].metadata["giamngheo"] = {"caption": "Hai"}
    cells[2].metadata["giamngheo"] = ["không phải"]
    page = html(document(nbformat.v4.new_notebook(cells=cells)))
    assert re.findall(r'alt="([^"]*)"', page) == ["Tăng", "Hai", "Hình không có mô tả"]
    assert [f"Hình {n}. {words}" in page for n, words in ((1, "Một &lt;b&gt;"), (2, "Hai"))] == [True, True]


def test_a_formula_that_a_cell_shows_is_one():
    assert "<msup>" in html(document(displayed(latex="$\\displaystyle x^{2}$")))


def test_an_error_of_ours_is_refused_by_its_sentence_alone():
    said = new_output("error", ename="NoWorkbookError", evalue="Thiếu sổ 2023.", traceback=["Thiếu sổ 2023."])
    with pytest.raises(FailedNotebookError, match=r"bị lỗi: Thiếu sổ 2023\."):
        exported(ran("x", said))
