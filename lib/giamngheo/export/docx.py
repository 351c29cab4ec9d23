"""Word by pandoc: named styles, real headings, lists and tables, so that an officer can finish it by hand."""

import os
import re
import subprocess
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from giamngheo.export.archive import CORE, core_properties, unzipped, zipped
from giamngheo.export.document import Document, Part
from giamngheo.export.exporter import DocumentExporter
from giamngheo.export.word_reference import TEXT_WIDTH, reference
from giamngheo.report.elements.bundle import html

_FILTER = Path(__file__).parent / "templates" / "word.lua"

_CLASSED_PARAGRAPH = re.compile(r'<p class="([\w-]+)">(.*?)</p>', re.DOTALL)

_GRID = re.compile(r"<w:tblGrid>(.*?)</w:tblGrid>", re.DOTALL)

_COLUMN = re.compile(r'w:w="(\d+)"')

_LEVEL = re.compile(
    r'(<w:lvl w:ilvl="(\d)"[^>]*>(?:(?!</w:lvl>).)*?<w:numFmt w:val="bullet" ?/>).*?(</w:lvl>)', re.DOTALL
)


class DocxExporter(DocumentExporter):
    """Report as Word document."""

    export_from_notebook = "Báo cáo Word"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    extension = ".docx"

    def written(self, document: Document) -> bytes:
        """The document as a Word file."""
        return docx(document)


def docx(document: Document) -> bytes:
    """A document as a Word file."""
    page = "\n".join(map(_fragment, document.parts))
    parts = unzipped(_converted(page, reference(document.running_head)))
    body = parts["word/document.xml"].decode().replace("<w:tr>", "<w:tr><w:trPr><w:cantSplit/></w:trPr>")
    parts["word/document.xml"] = _GRID.sub(_full_width, body).encode()
    parts["word/numbering.xml"] = _LEVEL.sub(_level, parts["word/numbering.xml"].decode()).encode()
    parts[CORE] = core_properties(title=document.title, author=document.author, lang=document.lang, date=document.date)
    return zipped(parts)


def _fragment(part: Part) -> str:
    """HTML of a part as pandoc understands it: figures of pixels, classes on divisions."""
    if part.png:
        source = "data:image/png;base64," + "".join(part.png.split())
        return html("figure", source=source, alt=part.alt, caption=part.caption)
    return _CLASSED_PARAGRAPH.sub(r'<div class="\1">\2</div>', part.html)


def _converted(page: str, reference_document: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        styles = Path(folder) / "reference.docx"
        styles.write_bytes(reference_document)
        command = [_pandoc(), "--from=html-auto_identifiers", "--to=docx", "--output=-", f"--reference-doc={styles}"]
        done = subprocess.run(
            [*command, f"--lua-filter={_FILTER}", "--sandbox"], input=page.encode(), capture_output=True, check=True
        )
    return done.stdout


def _full_width(match: re.Match[str]) -> str:
    """A table's columns widened to the text: pandoc reckons with a narrower page."""
    total = sum(map(int, _COLUMN.findall(match[1])))
    return _COLUMN.sub(lambda width: f'w:w="{round(int(width[1]) * TEXT_WIDTH / total)}"', match[0])


def _level(match: re.Match[str]) -> str:
    """A level of a bulleted list in the official form: a dash, a plus beneath; lines run to the margin."""
    level = int(match[2])
    sign, indent = ("+", 850) if level % 2 else ("-", 567)
    return (
        f'{match[1]}<w:suff w:val="space"/><w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="0" w:firstLine="{indent}"/></w:pPr>{match[3]}'
    )


@cache
def _pandoc() -> str:
    """Path of the pandoc that came with pypandoc, the same on every machine, or else of one that is installed."""
    package = find_spec("pypandoc")
    for folder in package.submodule_search_locations or [] if package else []:
        bundled = Path(folder) / "files" / ("pandoc.exe" if os.name == "nt" else "pandoc")
        if bundled.exists():
            return str(bundled)
    return "pandoc"
