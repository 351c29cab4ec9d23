"""Formats added to those of a workbook: a cell gets a new one like its own, and no other cell looks otherwise."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from openpyxl.styles.numbers import is_timedelta_format

from giamngheo.workbook.change.elements import Edit, Element, appended, edited, elements, start_tag, with_attributes
from giamngheo.workbook.change.parts import Parts, add_part, related, workbook_part
from giamngheo.workbook.read.book_parts import NUMBER_FORMATS, shows_date

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DATE_FORMAT = "14"
"""The number of the format of dates that follows the settings of the machine."""

NUMBER_FORMAT = "0"
"""The number of the format that shows a number as it is."""

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_ROOT = "styleSheet"
_XF = {"numFmtId": "0", "fontId": "0", "fillId": "0", "borderId": "0"}
_FIRST = {
    "fonts": ("<font><sz val='11'/><name val='Times New Roman'/></font>",),
    "fills": ("<fill><patternFill patternType='none'/></fill>", "<fill><patternFill patternType='gray125'/></fill>"),
    "borders": ("<border/>",),
    "cellStyleXfs": (start_tag("xf", _XF, closed=True),),
    "cellXfs": (start_tag("xf", _XF, closed=True),),
}
"""The sections that formats refer to, in their order, with what stands first in one that a workbook lacks."""
_AFTER = ("cellStyles", "dxfs", "tableStyles", "colors", "extLst")


@dataclass(frozen=True)
class Styles:
    """The formats of a workbook, and those added.

    sections: the elements of the sections by name; counts: how many entries each has; xfs: formats of cells;
    formats: number formats of the workbook's own.
    """

    content: bytes
    root: Element
    sections: Mapping[str, Element]
    counts: Mapping[str, int]
    xfs: tuple[Element, ...]
    formats: Mapping[str, str]
    added: dict[str, list[str]] = field(default_factory=dict)

    def is_date(self, index: int) -> bool:
        """Return whether a number in a cell of that format is a day, and no length of time."""
        number = self._xf(index).get("numFmtId", "0")
        form = self.formats.get(number) or NUMBER_FORMATS.get(int(number or 0), "General")
        return shows_date(form) and not is_timedelta_format(form)

    def like(self, index: int, **changes: str) -> int:
        """Return the number of a format that differs from another one by some attributes."""
        attributes = {**self._xf(index), **changes}
        inner = ""
        if index < len(self.xfs) and self.xfs[index].inside < self.xfs[index].end:
            inner = self.content[self.xfs[index].inside : self.xfs[index].closing].decode()
        tag = f"{self.root.prefix}xf"
        return self.add("cellXfs", start_tag(tag, attributes, closed=not inner) + (f"{inner}</{tag}>" if inner else ""))

    def add(self, section: str, entry: str) -> int:
        """Return the number of an entry of a section, which is added where it is not among those added."""
        before = self.counts.get(section, 0) or len(_FIRST[section])
        new = self.added.setdefault(section, [])
        if entry not in new:
            new.append(entry)
        return before + new.index(entry)

    def own(self, entry: str) -> str:
        """Return an entry written without prefix, as it stands in this part."""
        return re.sub(r"^<(\w+)", rf'<\1 xmlns="{MAIN}"', entry) if self.root.prefix else entry

    def _xf(self, index: int) -> Mapping[str, str]:
        return self.xfs[index].attributes if index < len(self.xfs) else _XF


def styles(parts: Parts) -> Styles:
    """Return the formats of a workbook; none where it has no part for them."""
    found = related(parts, workbook_part(parts), "styles")
    content = parts.content(found[0]) if found else _none()
    inner = {"fonts": "font", "fills": "fill", "borders": "border", "cellStyleXfs": "xf", "cellXfs": "xf"}
    paths = [(_ROOT, section, entry) for section, entry in {**inner, "numFmts": "numFmt"}.items()]
    sections: dict[str, Element] = {}
    counts: dict[str, int] = {}
    entries: list[Element] = []
    formats: dict[str, str] = {}
    xfs: tuple[Element, ...] = ()
    for element in elements(content, [*paths, *((_ROOT, name) for name in _AFTER)]):
        if element.name == "numFmt":
            formats[element.attributes.get("numFmtId", "")] = element.attributes.get("formatCode", "")
        elif element.name in inner.values():
            entries.append(element)
        elif element.name != _ROOT:
            sections[element.name], counts[element.name] = element, len(entries)
            xfs = tuple(entries) if element.name == "cellXfs" else xfs
            entries.clear()
    return Styles(content, element, sections, counts, xfs, formats)


def _none() -> bytes:
    """Return the formats of a workbook that says nothing about them."""
    sections = (f"<{name} count='{len(entries)}'>{''.join(entries)}</{name}>" for name, entries in _FIRST.items())
    return f"<{_ROOT} xmlns='{MAIN}'>{''.join(sections)}</{_ROOT}>".encode()


def put_styles(parts: Parts, known: Styles) -> None:
    """Put the formats with those added into the workbook."""
    if not known.added:
        return
    source = workbook_part(parts)
    content = edited(known.content, [edit for name in _FIRST if name in known.added for edit in _section(known, name)])
    if found := related(parts, source, "styles"):
        parts.changed[found[0]] = content
    else:
        add_part(parts, source, "styles", ("xl/styles.xml", _TYPE, content))


def _section(known: Styles, name: str) -> list[Edit]:
    """Return a section with what is added to it."""
    count, section = known.counts.get(name, 0), known.sections.get(name)
    entries = [*(() if count else map(known.own, _FIRST[name])), *known.added[name]]
    total = {"count": str(count + len(entries))}
    if section is not None and section.inside < section.end:
        return [with_attributes(section, total), appended(section, "".join(entries))]
    tag = f"{known.root.prefix}{name}"
    written = f"{start_tag(tag, total)}{''.join(entries)}</{tag}>"
    if section is not None:
        return [Edit(section.start, section.end, written)]
    return [_between(known, name, written)]


def _between(known: Styles, name: str, written: str) -> Edit:
    """Return a section put where it belongs among those that are there."""
    order = [*_FIRST, *_AFTER]
    later = [known.sections[other].start for other in order[order.index(name) :] if other in known.sections]
    if later:
        return Edit(min(later), min(later), written)
    return appended(known.root, written)


def fill_of(looks: Styles, colour: str) -> int:
    """Return the number of a fill of one colour, "FFC7CE"."""
    fill = f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/></patternFill></fill>'
    return looks.add("fills", looks.own(fill))


def font_of(looks: Styles, before: str = "", after: str = "") -> int:
    """Return the number of a font with what it has before and after its size."""
    font = f'<font>{before}<sz val="11"/>{after}<name val="Times New Roman"/></font>'
    return looks.add("fonts", looks.own(font))


def text_format(looks: Styles, font: int, colour: str = "") -> int:
    """Return the number of a format for texts, which break into lines."""
    fill = fill_of(looks, colour) if colour else 0
    given = f'numFmtId="0" fontId="{font}" fillId="{fill}" borderId="0" applyFont="1" applyFill="1" applyAlignment="1"'
    entry = f'<xf {given}><alignment vertical="top" wrapText="1"/></xf>'
    return looks.add("cellXfs", looks.own(entry))
