"""Word by pandoc: named styles, real headings, lists and tables, so that an officer can finish it by hand."""

import os
import re
import subprocess
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import typst

from giamngheo.export.archive import CORE, core_properties, unzipped, zipped
from giamngheo.export.document import Document, Part
from giamngheo.export.exporter import DocumentExporter
from giamngheo.export.typst_fonts import fonts
from giamngheo.export.word_finish import finished_document, finished_numbering
from giamngheo.export.word_reference import reference
from giamngheo.report.elements.bundle import html
from giamngheo.report.markup import typst_string

_FILTER = Path(__file__).parent / "templates" / "word.lua"

_PPI = 200

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
    parts = unzipped(_converted(document))
    parts["word/document.xml"] = finished_document(parts["word/document.xml"])
    parts["word/numbering.xml"] = finished_numbering(parts["word/numbering.xml"])
    parts[CORE] = core_properties(title=document.title, author=document.author, lang=document.lang, date=document.date)
    return zipped(parts)


def _converted(document: Document) -> bytes:
    """What pandoc makes of a document, in a folder of its own and unable to read another."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "reference.docx").write_bytes(reference(document.running_head))
        page = "\n".join(_fragment(part, folder / f"figure-{n}.png") for n, part in enumerate(document.parts))
        command = [_pandoc(), "--from=html-auto_identifiers", "--to=docx", "--output=-", "--sandbox"]
        options = ["--reference-doc=reference.docx", f"--lua-filter={_FILTER}"]
        done = subprocess.run([*command, *options], cwd=folder, input=page.encode(), capture_output=True, check=True)
    return done.stdout


def _fragment(part: Part, picture: Path) -> str:
    """HTML of a part as pandoc understands it: figures of pixels, in the file `picture`, and classes on divisions."""
    if part.svg:
        picture.write_bytes(_pixels(part.svg))
        return html("figure", source=picture.name, alt=part.alt, caption=part.caption)
    return _CLASSED_PARAGRAPH.sub(r'<div class="\1">\2</div>', part.html)


def _pixels(svg: str) -> bytes:
    """A drawing as a PNG, as Word before 2016 and LibreOffice want it."""
    source = f'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes({typst_string(svg)}), format: "svg")'
    return cast(bytes, typst.Compiler(source.encode(), font_paths=fonts()).compile(format="png", ppi=_PPI))


@cache
def _pandoc() -> str:
    """Path of the pandoc that came with pypandoc, the same on every machine, or else of one that is installed."""
    package = find_spec("pypandoc")
    for folder in package.submodule_search_locations or [] if package else []:
        bundled = Path(folder) / "files" / ("pandoc.exe" if os.name == "nt" else "pandoc")
        if bundled.exists():
            return str(bundled)
    return "pandoc"
