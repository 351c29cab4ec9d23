"""OpenDocument spreadsheets put so that calamine reads of a cell what people see in it.

calamine joins all letters of a paragraph: those of two lines, of a note, and those that are raised or struck through;
a table within a cell ends for it the one around; and a formula without a result is a blank.
"""

import io
import xml.sax
import zipfile
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from giamngheo.workbook.read.book_parts import raised, skim, struck

_CONTENT = "content.xml"
_APART = {"text:note", "text:ruby-text", "office:annotation", "table:table"}
_CELLS = {"table:table-cell", "table:covered-table-cell"}
_VALUES = ("office:", "calcext:value")
_KIND = "office:value-type"
_BREAKS = {"text:line-break": "\n", "text:tab": "\t"}


def as_seen(workbook: bytes) -> bytes:
    """Return a workbook of whose cells calamine reads what they show; what is no OpenDocument spreadsheet, as it is.

    Raises what skim raises.
    """
    if not zipfile.is_zipfile(io.BytesIO(workbook)):
        return workbook
    copied = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive, zipfile.ZipFile(copied, "w") as copy:
        if _CONTENT not in archive.namelist():
            return workbook
        for name in dict.fromkeys(archive.namelist()):
            written = archive.read(name)
            copy.writestr(name, _as_seen(written) if name == _CONTENT else written)
    return copied.getvalue()


def _as_seen(content: bytes) -> bytes:
    skim([content], {}, {}, lambda _: None)  # without entities
    seen = io.BytesIO()
    xml.sax.parseString(content, _Seen(seen))
    return seen.getvalue()


class _Seen(XMLGenerator):
    """Writes the content of a spreadsheet again; what belongs to no number is marked in it, or gone."""

    def __init__(self, out: io.BytesIO) -> None:
        super().__init__(out, "utf-8", short_empty_elements=True)
        self._looks: dict[str, set[str]] = {}
        self._style = ""
        self._spans: list[set[str]] = []
        self._cells: list[set[str]] = []
        self._apart = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """Write the beginning of an element, and what it says of letters to come."""
        if self._apart or (self._cells and name in _APART):
            self._apart += 1
            return
        if name in _CELLS:
            self._start_cell(name, attrs)
            return
        super().startElement(name, attrs)
        if name == "style:style":
            self._style = attrs.get("style:name", "")
        elif name == "style:text-properties":
            self._looks[self._style] = _looks(attrs)
        elif name == "text:span":
            self._spans.append(self._looks.get(attrs.get("text:style-name", ""), set()))
        elif name in _BREAKS:
            self.characters(_BREAKS[name])

    def _start_cell(self, name: str, attrs: AttributesImpl) -> None:
        """Write the beginning of a cell: struck through, it has no number; without a result, it shows its formula."""
        self._cells.append(self._looks.get(attrs.get("table:style-name", ""), set()) - {"raised"})
        formula = "" if _KIND in attrs else attrs.get("table:formula", "")
        if self._cells[-1] or formula:
            kept = {key: value for key, value in attrs.items() if not key.startswith(_VALUES)}
            attrs = AttributesImpl(kept | {_KIND: "string"})
        super().startElement(name, attrs)
        if formula:
            super().startElement("text:p", AttributesImpl({}))
            self.characters(formula.partition(":")[2] or formula)
            super().endElement("text:p")

    def endElement(self, name: str) -> None:
        """Write the end of an element."""
        if self._apart:
            self._apart -= 1
            return
        if name == "text:span":
            self._spans.pop()
        elif name in _CELLS:
            self._cells.pop()
        super().endElement(name)

    def characters(self, content: str) -> None:
        """Write letters as what they are seen to be."""
        if self._apart:
            return
        looks = set[str]().union(*self._cells[-1:], *self._spans)
        content = raised(content) if "raised" in looks else content
        super().characters(struck(content) if "struck" in looks else content)


def _looks(attrs: AttributesImpl) -> set[str]:
    position = attrs.get("style:text-position", "0%").split(" ")[0]
    lines = {attrs.get(f"style:text-line-through-{part}", "none") for part in ("style", "type")}
    return {*(["raised"] if position != "0%" else []), *(["struck"] if lines != {"none"} else [])}
