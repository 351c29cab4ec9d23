"""A sheet of the schema added to a workbook that was made before it was thought of."""

from collections.abc import Mapping

import pandas as pd

from giamngheo.workbook.change.new_sheet import Text, put_last, sheet_of_texts
from giamngheo.workbook.change.parts import Parts
from giamngheo.workbook.change.styles import font_of, put_styles, styles, text_format
from giamngheo.workbook.read.marks import Marks
from giamngheo.workbook.read.sheets import Sheet
from giamngheo.workbook.schema import Table
from giamngheo.workbook.write.style import width

_HEADING = "DDEBF7"
_ROOM = 30
"""Rows in the format of the table, at least."""


def added_sheet(parts: Parts, table: Table, frame: pd.DataFrame) -> Sheet:
    """Add the sheet of a table with its headings, and rows to write a frame into; return it as it is read."""
    looks = styles(parts)
    heading, body = text_format(looks, font_of(looks, "<b/>"), _HEADING), text_format(looks, font_of(looks))
    put_styles(parts, looks)
    headings = [column.header for column in table.columns]
    rows = [[Text(words, heading) for words in headings]]
    rows += [[Text("", body) for _ in headings] for _ in range(max(len(frame), _ROOM))]
    heights: Mapping[int, int] = {}
    content = sheet_of_texts(rows, [width(column) for column in table.columns], heights)
    part = put_last(parts, table.sheet, content)
    marks = Marks(frozenset(), (), (), (), last_row=1)
    return Sheet(table.sheet, part, [headings], hidden=False, marks=marks)
