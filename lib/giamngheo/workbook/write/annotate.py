"""A copy of a workbook in which every finding stands at its cell, and all of them on a sheet of their own."""

import os
import zipfile
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from openpyxl.utils import column_index_from_string
from openpyxl.utils.cell import coordinate_from_string

from giamngheo.core.errors import WrongUseError
from giamngheo.core.finding import SEVERITIES, Finding, Severity
from giamngheo.core.foreign import content
from giamngheo.core.message import Lang, message
from giamngheo.core.text import folded
from giamngheo.workbook.change.comments import Place, commented
from giamngheo.workbook.change.elements import Edit, edited
from giamngheo.workbook.change.new_sheet import Text, put_first, sheet_of_texts, sheet_parts, unselected
from giamngheo.workbook.change.parts import Parts, changing, write
from giamngheo.workbook.change.rows import Look, Marked, written
from giamngheo.workbook.change.styles import Styles, fill_of, font_of, put_styles, styles, text_format
from giamngheo.workbook.read.marks import LAST_ROW, boundaries
from giamngheo.workbook.read.package import LARGEST_FILE, refusal
from giamngheo.workbook.read.sheets import SheetStream, sheet_streams
from giamngheo.workbook.write.save import put
from giamngheo.workbook.write.style import LINE_HEIGHT, lines_of

SUMMARY = message("Findings")

MOST_COMMENTS = 1_000
"""Comments on one sheet, beyond which Excel opens it slowly; every cell is coloured, and on the list."""

LONGEST_COMMENT = 30_000
HIGHEST_ROW = 409
"""What Excel opens: characters of a comment, points of a row."""

_PART = "xl/worksheets/giamngheo-findings.xml"
"""By this part a copy is known as ours, which may be written over."""
_COLOURS: Mapping[Severity, str] = {"error": "FFC7CE", "warning": "FFEB9C", "explained": "E2EFDA", "info": "DDEBF7"}
_GREY = "D9D9D9"
_HEADINGS = (
    (message("Severity"), 12),
    (message("Code"), 26),
    (message("Sheet"), 24),
    (message("Cell"), 8),
    (message("Found"), 60),
    (message("Expected"), 60),
    (message("Ground"), 40),
    (message("Explanation"), 40),
)


class NotAnnotatedError(WrongUseError):
    """The copy cannot be written there."""

    def __init__(self, copy: Path, reason: str) -> None:
        super().__init__(f"Không ghi được bản chú thích {copy}: {reason}.")


def annotate(path: Path, findings: Sequence[Finding], copy: Path, lang: Lang = "vi") -> None:
    """Write `copy`: the workbook at `path` with cells coloured and commented, and a sheet with every finding.

    Everything else in it is as in the workbook, and so are its permissions. Raises NotAnnotatedError, NotChangedError
    and NotWrittenError.
    """
    if why := _why_not(path, copy):
        raise NotAnnotatedError(copy, why)
    sheets = list(sheet_streams(path, 0))
    with changing(path, content(path, LARGEST_FILE)) as parts:
        looks = styles(parts)
        marks = _by_sheet(findings, sheets)
        edits: dict[str, list[Edit]] = {part: list(unselected(parts.content(part))) for part in sheet_parts(parts)}
        for sheet in sheets:
            if found := marks.get(folded(sheet.title)):
                edits.setdefault(sheet.part, []).extend(_marked(parts, sheet.part, found, looks, lang=lang))
        for part, changes in edits.items():
            if changes:
                parts.changed[part] = edited(parts.content(part), changes)
        title = _free([sheet.title for sheet in sheets], SUMMARY.said(lang))
        put_first(parts, title, _PART, _summary(findings, [sheet.title for sheet in sheets], looks, lang))
        put_styles(parts, looks)
        put({copy: lambda file: write(parts, file)}, like=path)


def _why_not(path: Path, copy: Path) -> str:
    """Return why the copy may not be written there, "" when it may: nothing that is not such a copy is written over."""
    if copy.is_dir():
        return "đó là thư mục; hãy ghi thêm tên tệp"
    if os.path.realpath(copy) == os.path.realpath(path) or (copy.exists() and copy.samefile(path)):
        return "đó chính là sổ tính gốc, hãy chọn tên khác"
    if not copy.parent.is_dir():
        return f"không có thư mục {copy.parent}"
    if copy.suffix.lower() != path.suffix.lower():
        return f"tên phải kết thúc bằng {path.suffix}"
    if copy.exists() and not _is_ours(copy):
        return "ở đó đã có tệp khác, không ghi đè; hãy chọn tên khác"
    return ""


def _is_ours(copy: Path) -> bool:
    if refusal(copy) is not None:
        return False
    with zipfile.ZipFile(copy) as archive:
        return _PART in archive.namelist()


def _by_sheet(findings: Sequence[Finding], sheets: Sequence[SheetStream]) -> dict[str, dict[Place, list[Finding]]]:
    """Return findings by folded sheet name and cell; those of a merged cell stand at the first of the cells merged."""
    found: dict[str, dict[Place, list[Finding]]] = {folded(sheet.title): defaultdict(list) for sheet in sheets}
    for finding in findings:
        for cell in finding.cells or ("A1",):
            letters, row = coordinate_from_string(cell)
            if (title := folded(finding.sheet)) in found:
                found[title][row, column_index_from_string(letters)].append(finding)
    return {folded(sheet.title): _at_first_cells(found[folded(sheet.title)], sheet.marks.merged) for sheet in sheets}


def _at_first_cells(found: Mapping[Place, list[Finding]], merged: Sequence[str]) -> dict[Place, list[Finding]]:
    places, first = sorted(found), dict[Place, Place]()
    for left, top, right, bottom in map(boundaries, merged):
        for place in places[bisect_left(places, (top, 0)) : bisect_left(places, (bottom + 1, 0))]:
            if left <= place[1] <= right:
                first[place] = (top, left)
    shown: dict[Place, list[Finding]] = defaultdict(list)
    for place in places:
        shown[first.get(place, place)] += found[place]
    return shown


def _marked(
    parts: Parts, part: str, found: Mapping[Place, Sequence[Finding]], looks: Styles, *, lang: Lang
) -> Iterator[Edit]:
    """Yield edits of a sheet that colour the cells with findings, and comments with what they say."""
    rows: dict[int, dict[int, Marked]] = defaultdict(dict)
    for (row, column), entries in found.items():
        rows[row][column] = Marked(fill_of(looks, _COLOURS[_worst(entries)]))
    notes = {place: _note(entries, lang) for place, entries in found.items()}
    yield from written(parts.content(part), rows, Look(looks, like=LAST_ROW))
    yield from commented(parts, part, dict(islice(sorted(notes.items()), MOST_COMMENTS)))


def _worst(findings: Sequence[Finding]) -> Severity:
    return min((finding.severity for finding in findings), key=list(SEVERITIES).index)


def _note(findings: Sequence[Finding], lang: Lang) -> str:
    note = "\n\n".join(_told(finding, lang) for finding in findings)
    return note if len(note) <= LONGEST_COMMENT else f"{note[:LONGEST_COMMENT]}…"


def _told(finding: Finding, lang: Lang) -> str:
    severity = SEVERITIES[finding.severity].said(lang).upper()
    found = message("{found}; expected: {expected}.", found=finding.found, expected=finding.expected)
    why = f"\n{finding.explanation.said.said(lang)}" if finding.explanation else ""
    return f"{severity} {finding.code}\n{found.said(lang)}{why}"


def _summary(findings: Sequence[Finding], titles: Sequence[str], looks: Styles, lang: Lang) -> bytes:
    """Return a sheet with a row for each finding; the cells are links to their place."""
    plain, bold, link = font_of(looks), font_of(looks, "<b/>"), font_of(looks, "<u/>", '<color rgb="FF0563C1"/>')
    heading = text_format(looks, bold, _GREY)
    known = {folded(title): title for title in titles}
    rows = [[Text(words.said(lang), heading) for words, _ in _HEADINGS]]
    heights: dict[int, int] = {}
    for number, finding in enumerate(findings, start=2):
        words = _words(finding, lang)
        cells = [Text(text, text_format(looks, plain)) for text in words]
        cells[0] = Text(words[0], text_format(looks, plain, _COLOURS[finding.severity]))
        if finding.cell and folded(finding.sheet) in known:
            place = known[folded(finding.sheet)], finding.cell
            cells[3] = Text(finding.cell, text_format(looks, link), place)
        rows.append(cells)
        lines = (lines_of(text, width) for text, (_, width) in zip(words, _HEADINGS, strict=True))
        heights[number] = min(3 + LINE_HEIGHT * max(lines), HIGHEST_ROW)
    return sheet_of_texts(rows, [width for _, width in _HEADINGS], heights)


def _words(finding: Finding, lang: Lang) -> tuple[str, ...]:
    return (
        SEVERITIES[finding.severity].said(lang),
        finding.code,
        finding.sheet,
        finding.cell,
        finding.found.said(lang),
        finding.expected.said(lang),
        "" if finding.ground is None else finding.ground.said(lang),
        "" if finding.explanation is None else finding.explanation.said.said(lang),
    )


def _free(titles: Sequence[str], title: str) -> str:
    """Return a sheet title that the workbook does not have yet."""
    taken = {folded(name) for name in titles}
    numbered = (f"{title} {number}" for number in range(2, len(taken) + 3))
    return title if folded(title) not in taken else next(name for name in numbered if folded(name) not in taken)
