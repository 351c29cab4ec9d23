from pathlib import Path

from giamngheo.intake.household_guide import household_guide

DOCUMENT = Path(__file__).parents[2] / "docs" / "households.md"


def test_the_document_is_what_the_schema_says():
    assert DOCUMENT.read_text("utf-8") == household_guide(), (
        'rewrite it: python -c "from giamngheo.intake.household_guide import household_guide as g; '
        "open('docs/households.md', 'w').write(g())\""
    )


def test_every_column_has_a_line_with_its_law():
    assert "| `b1_score` | Điểm B1 | số | có thu nhập hoặc B1 |" in household_guide()
    assert "Thông tư 07/2021/TT-BLĐTBXH, phiếu B |" in household_guide()
