"""Word documents put so that pandoc reads of a table what people see in it.

pandoc reads hidden text as any other, and passes over text boxes, simple fields, and cells that a row leaves out at its
beginning.
"""

import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from giamngheo.workbook.read.book_parts import DEEPEST, is_true, skim

DOCUMENT = "word/document.xml"
LARGEST = 20_000_000
"""Bytes of the text of a document: a form of a province has two million."""

UNREADABLE = "□"
"""Stands for what pandoc does not read: nobody takes a number with it for one."""

_OF_PYTHON = re.compile(r"ns\d+|xml|")
"""Prefixes that ElementTree gives itself."""

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RAISED = 6
"""Half points from which on a letter is seen to stand above or below its line."""
_MOST_COLUMNS = 63
"""Of a table in Word."""


def as_seen(path: Path, target: Path) -> None:
    """Write a copy of a document in which tables say to pandoc what they show.

    Raises KeyError where it has no text, ValueError where that is too long, RecursionError, and what skim raises.
    """
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w") as copy:
        if archive.getinfo(DOCUMENT).file_size > LARGEST:
            raise ValueError(DOCUMENT)
        for part in {entry.filename: entry for entry in archive.infolist()}.values():
            written = archive.read(part)
            copy.writestr(part.filename, _as_seen(written) if part.filename == DOCUMENT else written)


def _as_seen(document: bytes) -> bytes:
    skim([document], {}, {}, lambda _: None)  # without entities
    depth = 0
    events: Any = ElementTree.iterparse(io.BytesIO(document), ("start-ns", "start", "end"))
    for event, found in events:
        depth += {"start": 1, "end": -1}.get(event, 0)
        if depth > DEEPEST:
            raise RecursionError
        if event == "start-ns" and not _OF_PYTHON.fullmatch(found[0]):
            ElementTree.register_namespace(*found)  # pandoc knows elements by the usual prefixes
    root: Element = events.root
    for element in root.iter():
        if element.tag == f"{_WORD}tr":
            _fill(element)
        elif element.tag == f"{_WORD}fldSimple":
            element.tag = f"{_WORD}smartTag"
        elif element.tag == f"{_WORD}r":
            _tell(element)
    return ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _fill(row: Element) -> None:
    """Put a blank cell in the place of those that a row leaves out at its beginning."""
    left_out = row.find(f"{_WORD}trPr/{_WORD}gridBefore")
    width = _number(left_out)
    if width > 0:
        blank = Element(f"{_WORD}tc")
        looks = ElementTree.SubElement(blank, f"{_WORD}tcPr")
        ElementTree.SubElement(looks, f"{_WORD}gridSpan", {f"{_WORD}val": str(min(width, _MOST_COLUMNS))})
        ElementTree.SubElement(blank, f"{_WORD}p")
        at = next((at for at, cell in enumerate(row) if cell.tag == f"{_WORD}tc"), len(row))
        row.insert(at, blank)


def _tell(run: Element) -> None:
    """Strike through what a run hides or raises; say where it has something that is not read, or a tab."""
    looks = run.find(f"{_WORD}rPr")
    if looks is not None and any(map(_is_apart, looks)):
        ElementTree.SubElement(looks, f"{_WORD}strike")
    for child in list(run):
        if child.tag == f"{_WORD}tab":
            child.tag = f"{_WORD}br"
        elif child.tag not in _READ and any(map(_has_digit, child.iter(f"{_WORD}t"))):
            run.remove(child)
            ElementTree.SubElement(run, f"{_WORD}t").text = UNREADABLE


_READ = {f"{_WORD}{name}" for name in ("rPr", "t", "delText", "instrText")}


def _has_digit(words: Element) -> bool:
    return any(map(str.isdigit, words.text or ""))


def _is_apart(look: Element) -> bool:
    """Return whether a look of letters says that they are no digits of the number beside them."""
    if look.tag == f"{_WORD}position":
        return abs(_number(look)) >= _RAISED
    return look.tag in {f"{_WORD}vanish", f"{_WORD}dstrike"} and is_true(look.get(f"{_WORD}val", "1"))


def _number(element: Element | None) -> int:
    said = "" if element is None else element.get(f"{_WORD}val", "")
    return int(said) if said.removeprefix("-").isdecimal() and len(said) < 6 else 0
