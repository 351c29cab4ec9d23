"""Names of a workbook that no figure can show, told before a report stops at them."""

import re

from giamngheo.core.finding import Finding
from giamngheo.core.message import message, quoted
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.schema import table

LATIN = re.compile("[ -~\u00a0-\u017fƠơƯư\u1ea0-\u1ef9]*")
"""What the font has without a look at it: Latin letters and those of Vietnamese."""


def unshown_names(data: Dataset) -> list[Finding]:
    """Return an error for each unit whose name has a letter that the font of the figures lacks."""
    units = data["units"]
    odd = units[[LATIN.fullmatch(name) is None for name in units["name"]]]
    if odd.empty:
        return []
    from giamngheo.report.drawing.letters import unknown_letter  # matplotlib takes half a second to load

    found = []
    for name, row in odd[["name", "row"]].itertuples(index=False):
        if (letter := unknown_letter(name)) is None:
            continue
        place = data.file, table("units").sheet, data.cell("units", "name", int(row))
        stands = message("{text} has the letter {letter}", text=quoted(name), letter=quoted(letter))
        expected = message("letters that the figures of a report can show")
        found.append(Finding("unknown-letter", "error", *place, stands, expected))
    return found
