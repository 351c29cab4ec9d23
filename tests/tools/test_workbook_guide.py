import ast
import itertools
from collections.abc import Iterator
from pathlib import Path

from giamngheo.checks.consistency import CHECKS
from giamngheo.core.finding import SEVERITIES
from giamngheo.workbook.schema import tables
from tools.reader_codes import COLLECTOR_CODES, READER_CODES
from tools.workbook_guide import workbook_guide

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "workbook.md"
WORKBOOK = ROOT / "lib" / "giamngheo" / "workbook"


def said_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Code and severity wherever they stand side by side: in the arguments of a call, or in a tuple."""
    for node in ast.walk(tree):
        values = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
        words = [value.value if isinstance(value, ast.Constant) else None for value in values]
        pairs = itertools.pairwise(words)
        yield from ((code, how) for code, how in pairs if code and code not in SEVERITIES and how in SEVERITIES)


def test_the_document_is_what_the_schema_and_the_rules_say():
    assert DOCUMENT.read_text("utf-8") == workbook_guide(), "run: make guides"


def test_every_column_has_a_line():
    lines = workbook_guide().splitlines()
    for table in tables():
        assert f"### {table.sheet}" in lines
        for column in table.columns:
            line = next(line for line in lines if line.startswith(f"| {column.header} |") and column.meaning in line)
            assert ("| bắt buộc |" in line) == column.required
    kind = "danh mục: Vốn đầu tư, Vốn sự nghiệp (vốn từ năm 2022); Ngân sách trung ương, Vốn đầu tư công, "
    assert any(line.startswith(f"| Nguồn vốn | {kind}") for line in lines)


def test_how_a_text_is_read_is_told_by_the_reader():
    lines = workbook_guide().splitlines()
    assert "| số nguyên | `71.972` | 71972 |" in lines
    assert "| đồng, số nguyên | `4.569,482 triệu đồng` | 4569482000 |" in lines
    assert "| ngày | `ngày 31 tháng 12 năm 2022` | 31/12/2022 |" in lines
    assert any(line.startswith("| số nguyên | `12,000` | không nhận; cần") for line in lines)


def test_every_code_that_the_reader_may_say_is_explained():
    modules = [*WORKBOOK.rglob("*.py"), WORKBOOK.parent / "export" / "letters.py"]
    said = {pair for path in modules for pair in said_in(ast.parse(path.read_text("utf-8")))}
    told = {(entry.code, how) for entry in (*READER_CODES, *COLLECTOR_CODES) for how in entry.severities}
    assert {code for code, _ in said} >= {"unreadable-file", "hidden-row", "typed-as-text", "contradiction"}
    assert said <= told
    assert {code for code, _ in told - said} == {
        "missing-column",
        "differs-from-workbook",
        "another-year",
    }  # their severity is computed


def test_every_rule_is_explained_in_vietnamese():
    for check in CHECKS:
        severity = SEVERITIES[check.severity].said() + ("; giải trình được" if check.explainable else "")
        words = f"| `{check.code}` | {severity} | {check.title.said()} | {check.ground.said()} |"
        assert words in workbook_guide()
        assert check.title.said() != check.title.said("en")
        assert check.ground.said() != check.ground.said("en")
