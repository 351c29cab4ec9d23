"""A copy of a workbook in which every finding stands at its cell, and all of them on a sheet of their own."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from giamngheo.errors import WrongUseError
from giamngheo.intake.finding import SEVERITIES, Finding
from giamngheo.intake.grid import folded
from giamngheo.intake.message import Lang, message
from giamngheo.intake.package import too_large_to_change
from giamngheo.intake.save import opened, workbook_bytes
from giamngheo.intake.template_style import BODY, LINE_HEIGHT, LINK, STRONG, lines_of

SUMMARY = message("Findings")

_COLOURS = {"error": "FFC7CE", "warning": "FFEB9C", "info": "DDEBF7"}
_HEADINGS = (
    (message("Severity"), 12),
    (message("Code"), 26),
    (message("Sheet"), 24),
    (message("Cell"), 8),
    (message("Found"), 60),
    (message("Expected"), 60),
    (message("Ground"), 40),
)


class NotAnnotatedError(WrongUseError):
    """The copy cannot be written: it would replace the workbook, or the workbook is too large."""

    def __init__(self, copy: Path, reason: str) -> None:
        super().__init__(f"Không ghi được bản chú thích {copy}: {reason}.")


def annotate(path: Path, findings: Sequence[Finding], copy: Path, lang: Lang = "vi") -> None:
    """Writes `copy`: the workbook at `path` with cells coloured and commented, and a sheet with every finding.

    Raises NotAnnotatedError.
    """
    if copy.resolve() == path.resolve():
        raise NotAnnotatedError(copy, "đó chính là sổ tính gốc, hãy chọn tên khác")
    if too_large_to_change(path):
        raise NotAnnotatedError(copy, "sổ tính có quá nhiều dòng đã định dạng, hãy xóa các dòng trống")
    book = opened(path)
    sheets = {folded(sheet.title): sheet for sheet in book.worksheets}
    by_place = sorted(findings, key=lambda finding: (finding.sheet, finding.cell))
    for (title, cell), group in groupby(by_place, key=lambda finding: (finding.sheet, finding.cell)):
        if folded(title) in sheets:
            _mark(sheets[folded(title)], cell or "A1", list(group), lang)
    _summarise(book, findings, lang)
    copy.write_bytes(workbook_bytes(book))


def _mark(sheet: Worksheet, reference: str, findings: Sequence[Finding], lang: Lang) -> None:
    cell = sheet[reference]
    if isinstance(cell, MergedCell):
        return
    worst = min(findings, key=lambda finding: list(SEVERITIES).index(finding.severity))
    cell.fill = PatternFill("solid", fgColor=_COLOURS[worst.severity])
    told = "\n\n".join(_told(finding, lang) for finding in findings)
    cell.comment = Comment(told, "giamngheo", width=360, height=40 + 20 * (len(told) // 45 + told.count("\n") + 1))


def _told(finding: Finding, lang: Lang) -> str:
    severity = SEVERITIES[finding.severity].said(lang).upper()
    found = message("{found}; expected: {expected}.", found=finding.found, expected=finding.expected)
    return f"{severity} {finding.code}\n{found.said(lang)}"


def _summarise(book: Workbook, findings: Sequence[Finding], lang: Lang) -> None:
    """A first sheet with a row for each finding; the cells are links to their place."""
    sheet = book.create_sheet(_free(book, SUMMARY.said(lang)), 0)
    book.active = 0
    for index, (heading, width) in enumerate(_HEADINGS, start=1):
        cell = sheet.cell(1, index, heading.said(lang))
        cell.font, cell.fill = STRONG, PatternFill("solid", fgColor="D9D9D9")
        sheet.column_dimensions[cell.column_letter].width = width
    for row, finding in enumerate(findings, start=2):
        _list(sheet, row, finding, lang)
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _list(sheet: Worksheet, row: int, finding: Finding, lang: Lang) -> None:
    ground = "" if finding.ground is None else finding.ground.said(lang)
    words = (
        SEVERITIES[finding.severity].said(lang),
        finding.code,
        finding.sheet,
        finding.cell,
        finding.found.said(lang),
        finding.expected.said(lang),
        ground,
    )
    for index, text in enumerate(words, start=1):
        cell = sheet.cell(row, index, text)
        cell.data_type = "s"  # a text that begins with "=" stays a text
        cell.font, cell.alignment = BODY, Alignment(wrap_text=True, vertical="top")
    lines = (lines_of(text, width) for text, (_, width) in zip(words, _HEADINGS, strict=True))
    sheet.row_dimensions[row].height = 3 + LINE_HEIGHT * max(lines)
    sheet.cell(row, 1).fill = PatternFill("solid", fgColor=_COLOURS[finding.severity])
    if finding.cell and finding.sheet in sheet.parent.sheetnames:
        sheet.cell(row, 4).hyperlink = f"#'{finding.sheet}'!{finding.cell}"
        sheet.cell(row, 4).font = LINK


def _free(book: Workbook, title: str) -> str:
    """A sheet title that the workbook does not have yet."""
    taken = {folded(name) for name in book.sheetnames}
    numbered = (f"{title} {number}" for number in range(2, len(taken) + 3))
    return title if folded(title) not in taken else next(name for name in numbered if folded(name) not in taken)
