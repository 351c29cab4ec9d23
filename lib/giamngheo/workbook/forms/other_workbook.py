"""The sheets of a workbook that is no .xlsx, as JSON, read by calamine in a process of its own.

A file that would take all memory, or end the library, ends that process only.
"""

import datetime as dt
import io
import json
import math
import sys
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from giamngheo.core.foreign import content
from giamngheo.workbook.forms.open_document import as_seen

if sys.platform != "win32":
    import resource


def as_json(path: str, most_rows: int, most_columns: int) -> str:
    """Return the visible sheets of a workbook: title, rows, merged areas counted from 1; or {"error": ...}."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(as_seen(content(Path(path)))))  # its kind by its content
    except PasswordError:
        return json.dumps({"error": "tệp có mật khẩu"})
    shown = [
        entry.name
        for entry in book.sheets_metadata
        if entry.typ == SheetTypeEnum.WorkSheet and entry.visible == SheetVisibleEnum.Visible
    ]
    found = []
    for title in shown:
        sheet = book.get_sheet_by_name(title)
        rows = sheet.to_python(skip_empty_area=False, nrows=most_rows)
        merged = [
            (left + 1, top + 1, right + 1, bottom + 1)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        ]
        cells = [[_plain(value) for value in row[:most_columns]] for row in rows]
        found.append({"title": title, "rows": cells, "merged": merged})
    return json.dumps({"sheets": found})


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it; a whole number as one, a day as people write it."""
    if value == "":
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return "#NUM!"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return (
        f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else value if isinstance(value, int | float) else str(value)
    )


def main() -> None:
    """Print the sheets of the file that the command line names, within the memory that it allows."""
    path, rows, columns, memory = sys.argv[1:]
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    print(as_json(path, int(rows), int(columns)))  # noqa: T201 - to the process that asked
