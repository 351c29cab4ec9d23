"""Write the documents that are made from the schema and the checks: python -m tools."""

from pathlib import Path

from tools.household_guide import household_guide
from tools.workbook_guide import workbook_guide

DOCS = Path(__file__).parents[1] / "docs"

(DOCS / "workbook.md").write_text(workbook_guide(), "utf-8", newline="\n")
(DOCS / "households.md").write_text(household_guide(), "utf-8", newline="\n")
