"""Every figure of the printed report, as the report must print it, in every format."""

import html
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pypdf import PdfReader

FACTS = yaml.safe_load((Path(__file__).parent / "golden" / "facts.yml").read_text("utf-8"))

FORMATS = ["report.html", "report.pdf", "report.docx"]

SENTENCES = [
    "đến thời điểm tháng 8/2023",
    "TRONG 8 THÁNG ĐẦU NĂM 2023",
    "Hộ nghèo: 2.859/6.963 hộ, chiếm tỷ lệ 41,06%; trong đó hộ nghèo là người dân tộc thiểu số 2.858/2.859 hộ,"
    " chiếm tỷ lệ 99,97%.",
    "So với cuối năm 2021 (52,11%), tỷ lệ hộ nghèo giảm 11,05%; trong năm 2022 có 742 hộ thoát nghèo.",
    "Hộ cận nghèo: 432/6.963 hộ, chiếm tỷ lệ 6,20%; trong đó hộ cận nghèo là người dân tộc thiểu số 432/432 hộ,"
    " chiếm tỷ lệ 100%.",
    "So với cuối năm 2021 (8,08%), tỷ lệ hộ cận nghèo giảm 1,88%; trong năm 2022 có 228 hộ thoát cận nghèo.",
    "giảm tỷ lệ nghèo đa chiều 10,50%",
    "Giảm 562 hộ nghèo, tương ứng giảm tỷ lệ 8,48%; đến cuối năm còn 2.297/7.050 hộ, chiếm tỷ lệ 32,58%;",
    "Giảm 137 hộ cận nghèo, tương ứng giảm tỷ lệ 2,02%; đến cuối năm còn 295/7.050 hộ, chiếm tỷ lệ 4,18%.",
    "Tổng vốn giao năm 2023 là 71.972 triệu đồng (vốn ngân sách Trung ương), gồm:",
    "Vốn đầu tư: 42.218 triệu đồng, chiếm 58,66%;",
    "Vốn sự nghiệp: 29.754 triệu đồng, chiếm 41,34%.",
    "lũy kế giải ngân vốn năm 2023 là 4.569,482/71.972 triệu đồng, đạt 6,35% kế hoạch vốn; còn lại 67.402,518"
    " triệu đồng",
    "Tiểu dự án 1 (Dự án 1): 4.569,482 triệu đồng, đạt 9,84% kế hoạch; còn lại 41.870,518 triệu đồng.",
    "thấp hơn 34,95 điểm phần trăm",
    "bình quân 12.760,784 triệu đồng mỗi tháng trong 5 tháng tới",
    "Công văn số 765/UBND-LĐT&XH ngày 18 tháng 4 năm 2023",
    "vốn năm 2022 chuyển nguồn sang năm 2023",
    "xem xét, chỉ đạo./.",
]
"""Figures where they stand, each computed by hand from the facts, words included."""

NOTES = ["còn 55 hộ tăng chưa được giải thích", "còn 110 hộ tăng chưa được giải thích"]
"""What only the office reads."""


def prints(entry: Any) -> Iterator[str]:
    if isinstance(entry, dict):
        if "print" in entry:
            yield entry["print"]
        for value in entry.values():
            yield from prints(value)


def amounts() -> Iterator[str]:
    """Capital of every project and sub-project that has some, in triệu đồng as it is printed."""
    for entry in FACTS["allocation_2023"]["projects"].values():
        yield from (f"{value:,}".replace(",", ".") for value in entry.values() if isinstance(value, int) and value)


def words(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


@pytest.fixture(scope="module")
def texts(report_folder: Path) -> dict[str, str]:
    """Text of each format as a reader gets it."""
    page = re.sub(r"<style>.*?</style>", "", (report_folder / "report.html").read_text("utf-8"), flags=re.DOTALL)
    pdf, annex = (
        "\n".join(page.extract_text() for page in PdfReader(report_folder / name).pages)
        for name in ("report.pdf", "annex.pdf")
    )
    with zipfile.ZipFile(report_folder / "report.docx") as archive:
        word = archive.read("word/document.xml").decode()
    paragraphs = re.sub(r"</w:p>", "\n", word)
    return {
        "report.html": words(html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(p|li|td|th|h\d)>", "\n", page)))),
        "report.pdf": words(pdf),
        "annex.pdf": words(annex),
        "report.docx": words(html.unescape(re.sub(r"<[^>]+>", "", paragraphs))),
    }


@pytest.mark.parametrize("form", FORMATS)
def test_every_figure_stands_in_the_report(texts: dict[str, str], form: str) -> None:
    expected = {*prints(FACTS), *amounts()}
    assert len(expected) > 40
    missing = [figure for figure in expected if not re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d])", texts[form])]
    assert not missing


@pytest.mark.parametrize("form", FORMATS)
def test_figures_stand_where_they_belong(texts: dict[str, str], form: str) -> None:
    joined = re.sub(r"(?<=-) ", "", texts[form]) if form == "report.pdf" else texts[form]
    wanted = [re.sub(r"(?<=-) ", "", words(sentence)) for sentence in SENTENCES] if form == "report.pdf" else SENTENCES
    assert [sentence for sentence in wanted if words(sentence) not in joined] == []


def test_what_the_office_keeps_is_not_in_what_it_sends(texts: dict[str, str]) -> None:
    found = {form: [note in text for note in NOTES] for form, text in texts.items()}
    assert found == {
        "report.html": [True, True],
        "annex.pdf": [True, True],
        "report.pdf": [False, False],
        "report.docx": [False, False],
    }
    assert "Phụ lục: Báo cáo: Kết quả thực hiện" in texts["annex.pdf"]


@pytest.mark.parametrize("form", FORMATS)
def test_every_fact_of_the_documents_stands_in_the_report(texts: dict[str, str], form: str) -> None:
    text = texts[form].replace("- ", "-")
    for document in [*FACTS["documents_issued_2023"], *FACTS["basis_documents"]]:
        assert document["number"] in text


@pytest.mark.parametrize("form", FORMATS)
def test_no_code_shows(texts: dict[str, str], form: str) -> None:
    assert "monthly." not in texts[form]
    assert "import" not in texts[form]
