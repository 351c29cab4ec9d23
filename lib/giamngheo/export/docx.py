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
from giamngheo.export.word_finish import finished_document, finished_numbering
from giamngheo.export.word_reference import reference
from giamngheo.report.elements.bundle import html

_FILTER = Path(__file__).parent / "templates" / "word.lua"

_CLASSED_PARAGRAPH = re.compile(r'<p class="([\w-]+)">(.*?)</p>', re.DOTALL)


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
    parts["word/document.xml"] = finished_document(parts["word/document.xml"])
    parts["word/numbering.xml"] = finished_numbering(parts["word/numbering.xml"])
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


@cache
def _pandoc() -> str:
    """Path of the pandoc that came with pypandoc, the same on every machine, or else of one that is installed."""
    package = find_spec("pypandoc")
    for folder in package.submodule_search_locations or [] if package else []:
        bundled = Path(folder) / "files" / ("pandoc.exe" if os.name == "nt" else "pandoc")
        if bundled.exists():
            return str(bundled)
    return "pandoc"
