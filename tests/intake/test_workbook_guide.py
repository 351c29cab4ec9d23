from pathlib import Path

from giamngheo.intake.schema import tables
from giamngheo.intake.workbook_guide import workbook_guide

DOCUMENT = Path(__file__).parents[2] / "docs" / "workbook.md"


def test_the_document_is_what_the_schema_says():
    assert DOCUMENT.read_text("utf-8") == workbook_guide(), (
        'rewrite it: python -c "from giamngheo.intake.workbook_guide import workbook_guide as g; '
        "open('docs/workbook.md', 'w').write(g())\""
    )


def test_every_column_has_a_line():
    lines = workbook_guide().splitlines()
    for table in tables():
        assert f"### {table.sheet}" in lines
        for column in table.columns:
            assert any(line.startswith(f"| {column.header} |") and f"`{column.name}`" in line for line in lines)


def test_a_column_has_its_unit_its_law_and_its_list():
    assert "| Cấp ngân sách | danh mục: Trung ương; Tỉnh; Huyện; Khác |  | bắt buộc |" in workbook_guide()
    assert "| Hộ nghèo | số nguyên | hộ | bắt buộc | Số hộ nghèo đa chiều | Nghị định 07/2021/NĐ-CP, Điều 3 |" in (
        workbook_guide()
    )


def test_what_is_said_of_typed_numbers_and_days_is_what_the_reader_does():
    assert "| số hộ | `2,859` | 2859 |" in workbook_guide()
    assert "| số tiền | `4.569,482 triệu` | 4569482000 |" in workbook_guide()
    assert "| số tiền | `4.569,482` | *lỗi*: cần" in workbook_guide()
    assert "| ngày | `31/12/2022` | 31/12/2022 |" in workbook_guide()
    assert "| ngày | `12/31/2022` | *lỗi*: cần" in workbook_guide()
