import io
from dataclasses import replace

import psutil
import pypdf
import pytest

from giamngheo.export.document import document
from giamngheo.export.pdf import PdfExporter, pdf
from giamngheo.export.refusals import NoGlyphError
from giamngheo.report.elements import Closing, Column, DataTable, Figure, Prose
from giamngheo.run.publishing.exports import exported

MM = 72 / 25.4


def opened(content):
    return pypdf.PdfReader(io.BytesIO(content))


def page_texts(content):
    return [" ".join(page.extract_text().split()) for page in opened(content).pages]


@pytest.fixture
def written(report):
    return pdf(document(report))


def test_text_reads_as_it_was_written(written):
    text = " ".join(page_texts(written))
    for phrase in ("41,06%", "4.569,482", "71.972", "765/UBND-LĐT&XH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"):
        assert phrase in text


def test_metadata_says_title_author_language_and_date_of_the_report(written):
    reader = opened(written)
    assert reader.metadata.title.startswith("Báo cáo: Kết quả thực hiện")
    assert reader.metadata.author == "PHÒNG LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"
    assert reader.metadata.creation_date_raw == "D:20230831000000Z"
    assert reader.trailer["/Root"]["/Lang"] == "vi"


def test_file_claims_the_standards_it_keeps(written):
    metadata = opened(written).xmp_metadata.stream.get_data().decode()
    assert "pdfuaid:part>1<" in metadata.replace('="1"', ">1<")
    assert "pdfaid:part>2<" in metadata.replace('="2"', ">2<")
    assert opened(written).trailer["/Root"]["/MarkInfo"]["/Marked"]


def tagged(entry, inside=()):
    """The tags of a document, each with those that it stands in."""
    entry = entry.get_object()
    for each in entry if isinstance(entry, list) else [entry]:
        found = each.get_object()
        if isinstance(found, dict) and "/S" in found:
            yield found, inside
        if isinstance(found, dict) and "/K" in found:
            yield from tagged(found["/K"], (*inside, found.get("/S")))


def test_what_is_read_aloud_has_its_tags(written):
    tags = list(tagged(opened(written).trailer["/Root"]["/StructTreeRoot"]))
    kinds = [found["/S"] for found, _ in tags]
    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TR", "/TD", "/Figure", "/Caption"} <= set(kinds)
    assert [found["/Alt"] != "" for found, _ in tags if found["/S"] == "/Figure"] == [True] * kinds.count("/Figure")
    heads = [(found["/A"], inside) for found, inside in tags if found["/S"] == "/TH"]
    assert {"/Table", "/TR"} <= set(heads[0][1])
    assert all("/Scope" in str(told) for told, _ in heads)


def test_paper_is_a4_and_fonts_are_bundled(written):
    reader = opened(written)
    page = reader.pages[0]
    assert (round(page.mediabox.width / MM), round(page.mediabox.height / MM)) == (210, 297)
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert all("LiberationSerif" in font for font in fonts)


def test_pages_are_numbered_from_the_second(written):
    texts = page_texts(written)
    assert not texts[0].startswith("1 ")
    assert [text.split()[0] for text in texts[1:]] == [str(number) for number in range(2, len(texts) + 1)]


def test_annex_stands_on_its_own_page(written):
    assert page_texts(written)[-1].split(" ", 1)[1].startswith("PHỤ LỤC")


def test_a_form_stands_on_a_page_of_its_own_that_lies_on_its_side(executed, letterhead, a_form):
    content = pdf(document(executed(letterhead, Prose("Lời văn."), a_form, replace(a_form, note="b"), Prose("Cuối."))))
    widths = [round(page.mediabox.width / MM) for page in opened(content).pages]
    assert widths == [210, 297, 297, 210]
    texts = page_texts(content)
    assert texts[1].startswith("2 Biểu 12. Kết quả huy động")
    assert texts[3] == "4 Cuối."


def test_marking_stands_at_head_and_foot_of_every_page(report):
    made = replace(document(report), running_head="SỐ LIỆU GIẢ LẬP")
    assert all(text.count("SỐ LIỆU GIẢ LẬP") == 2 for text in page_texts(pdf(made)))


def test_long_table_repeats_its_header_and_keeps_its_note(executed, letterhead):
    import pandas as pd

    columns = (Column("a", ("Thôn",), "text", 3), Column("b", ("Số hộ",), "count"))
    for rows in range(60, 66):
        frame = pd.DataFrame({"a": [f"Thôn {row}" for row in range(rows)], "b": range(rows)})
        table = DataTable(frame, columns, "Bảng dài", note="Ghi chú cuối bảng")
        texts = page_texts(pdf(document(executed(letterhead, table))))
        assert all("Thôn Số hộ" in text for text in texts if "Thôn" in text)
        assert f"Thôn {rows - 1}" in next(text for text in texts if "Ghi chú cuối bảng" in text)


def test_a_process_that_writes_many_documents_does_not_grow(executed, letterhead):
    import pandas as pd

    columns = (Column("a", ("Thôn",), "text", 3), Column("b", ("Số hộ",), "count"))
    held = []
    for number in range(12):
        frame = pd.DataFrame({"a": [f"Thôn {number}.{row}" for row in range(400)], "b": range(400)})
        PdfExporter().written(document(executed(letterhead, DataTable(frame, columns, "Bảng dài"))))
        held.append(psutil.Process().memory_info().rss / 2**20)
    assert held[-1] - held[3] < 30, "MiB that Typst keeps of documents that are done"


@pytest.mark.parametrize("lines", range(8, 30, 3))
def test_a_table_that_fits_on_one_page_stands_on_one(executed, letterhead, lines):
    import pandas as pd

    columns = (Column("a", ("Thôn",), "text", 3), Column("b", ("Số hộ",), "count"))
    frame = pd.DataFrame({"a": [f"Thôn {row}" for row in range(20)], "b": range(20)})
    table = DataTable(frame, columns, "Bảng vừa một trang", note="Ghi chú cuối bảng")
    prose = Prose("\n\n".join(["Một đoạn."] * lines))
    pages = page_texts(pdf(document(executed(letterhead, prose, table))))
    (text,) = (text for text in pages if "Thôn Số hộ" in text)
    assert all(words in text for words in ("Bảng vừa một trang", "Thôn 0", "Thôn 19", "Ghi chú cuối bảng"))


@pytest.mark.parametrize("lines", range(28, 36))
def test_signature_is_whole_and_never_alone(executed, letterhead, lines):
    prose = Prose("\n\n".join(["Một đoạn."] * lines) + "\n\nXin báo cáo./.")
    closing = Closing(("Như trên", "Lưu: VT"), "TRƯỞNG PHÒNG", "Nguyễn Văn A")
    last = page_texts(pdf(document(executed(letterhead, prose, closing))))[-1]
    assert all(words in last for words in ("Xin báo cáo./.", "Nơi nhận", "TRƯỞNG PHÒNG", "Nguyễn Văn A"))


def test_headings_that_skip_a_level_do_not_break_the_standard(executed, letterhead):
    assert pdf(document(executed(letterhead, Prose("### a)\n\n# I.\n\n### b)"))))


def test_character_without_a_glyph_breaks_nothing_and_is_reported(executed, letterhead, caplog):
    content = pdf(document(executed(letterhead, Prose("Xã 漢字 còn lại"))))
    assert "còn lại" in " ".join(page_texts(content))
    assert "漢" in caplog.text


def test_a_report_with_a_character_without_a_glyph_is_refused(executed, letterhead):
    with pytest.raises(NoGlyphError, match=r"ký tự “漢”: .* giamngheo validate nêu ô"):
        exported(executed(letterhead, Prose("Xã 漢字 còn lại")), ["html", "pdf"])


DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><text x="5" y="20">%s</text></svg>'


@pytest.mark.parametrize("letters", ["漢字", "Xã &#26449;", "<tspan>✅</tspan>"])
def test_a_letter_that_a_drawing_would_lose_is_told(executed, letterhead, letters, caplog):
    notebook = executed(letterhead, Figure(DRAWING % letters, alt="Hình lạ", caption=""))
    PdfExporter().from_notebook_node(notebook)
    assert "Hình “Hình lạ” thiếu chữ “" in caplog.text
    for form in ("pdf", "docx"):
        with pytest.raises(NoGlyphError):
            exported(notebook, [form])
    assert exported(notebook, ["html"])


def test_a_drawing_with_letters_that_some_font_has_is_whole(executed, letterhead):
    assert exported(executed(letterhead, Figure(DRAWING % "✔ ➢ “Xã” &#8594;", alt="a", caption="")), ["pdf"])


def test_pictures_of_pixels_are_drawn(analysis):
    assert len(pdf(document(analysis))) > 10_000
