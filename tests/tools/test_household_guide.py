from pathlib import Path

from tools.household_guide import household_guide

DOCUMENT = Path(__file__).parents[2] / "docs" / "households.md"


def test_the_document_is_what_the_schema_says():
    assert DOCUMENT.read_text("utf-8") == household_guide(), "run: make guides"


def test_small_numbers_that_a_public_edition_prints_are_told():
    assert "số hộ còn lại cuối năm theo kế hoạch (kể cả dưới 5) cũng vậy" in DOCUMENT.read_text("utf-8")


def test_every_column_has_a_line_with_its_law():
    assert "| `b1_score` | Điểm B1 | số | có thu nhập hoặc B1 |" in household_guide()
    assert "Thông tư 07/2021/TT-BLĐTBXH, phiếu B |" in household_guide()


def test_every_indicator_is_told_with_its_cut_off_and_what_changes():
    assert "| 08 | Nhà ở | Diện tích nhà ở bình quân đầu người | Diện tích nhà ở bình quân dưới 8 m² một người |" in (
        household_guide()
    )
    assert household_guide().count("Từ 01/01/2027 chỉ số") == 1
    assert (
        "Từ 01/01/2027 chỉ số 12 là *Xử lý chất thải* (chiều Nước sinh hoạt, vệ sinh và môi trường)"
        in household_guide()
    )
