"""Word by pandoc: named styles, real headings, lists and tables, so that an officer can finish it by hand."""

import io
import re
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import typst
from PIL import Image

from giamngheo.core.archive import CORE, core_properties, unzipped, zipped
from giamngheo.core.pandoc import environment, pandoc
from giamngheo.core.scratch import scratch_folder
from giamngheo.export.document import Document, in_page_width, with_drawable_figures
from giamngheo.export.exporter import DocumentExporter
from giamngheo.export.refusals import UnwritableDocumentError
from giamngheo.export.typesetting import compiled
from giamngheo.export.word.finish import finished_document, finished_numbering
from giamngheo.export.word.reference import reference
from giamngheo.report.elements.figure import svg_of
from giamngheo.report.markup import one_line, typst_string

_FILTER = Path(__file__).with_name("word.lua")

_PPI, _CSS_PPI = 200, 96
"""Pixels to an inch: of an image, and of what HTML calls a pixel."""

_PAGE = """#set page(width: auto, height: auto, margin: 0pt)
#let svg = bytes(%s)
#context {
  let natural = measure(image(svg, format: "svg"))
  let scale = calc.min(1, 467pt / natural.width, 640pt / natural.height)
  image(svg, format: "svg", width: natural.width * scale)
}"""

_IMAGE = re.compile(r'<img src="data:[^"]*"')

_CLASSED_PARAGRAPH = re.compile(r'<p class="([\w-]+)">(.*?)</p>', re.DOTALL)


class DocxExporter(DocumentExporter):
    """Report as Word document."""

    export_from_notebook = "Báo cáo Word"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    extension = ".docx"
    is_drawn = True

    def written(self, document: Document) -> bytes:
        """Return the document as a Word file."""
        return docx(document)


def docx(document: Document) -> bytes:
    """Return a document as a Word file."""
    document = in_page_width(document)
    try:
        parts = unzipped(_converted(document))
    except typst.TypstError:
        parts = unzipped(_converted(with_drawable_figures(document)))
    parts["word/document.xml"] = finished_document(parts["word/document.xml"])
    parts["word/numbering.xml"] = finished_numbering(parts["word/numbering.xml"])
    parts[CORE] = core_properties(title=document.title, author=document.author, lang=document.lang, date=document.date)
    return zipped(parts)


def _converted(document: Document) -> bytes:
    """Return what pandoc makes of a document, in a folder of its own and unable to read any other."""
    with scratch_folder("word") as folder:
        (folder / "reference.docx").write_bytes(reference(document.running_head))
        (folder / "data").mkdir()
        page = "\n".join(_fragments(document, folder))
        command = [pandoc(), "--from=html-auto_identifiers", "--to=docx", "--output=-", "--sandbox", "--data-dir=data"]
        options = ["--reference-doc=reference.docx", f"--lua-filter={_FILTER}"]
        done = subprocess.run(
            [*command, *options], cwd=folder, env=environment(folder), input=page.encode(), capture_output=True
        )
    if done.returncode:
        raise UnwritableDocumentError("Word", f"pandoc: {one_line(done.stderr.decode(errors='replace'))[:200]}")
    return done.stdout


def _fragments(document: Document, folder: Path) -> Iterator[str]:
    """Yield HTML as pandoc understands it: images of pixels, in files of `folder`, and classes on divisions."""
    numbers = count()

    def to_file(match: re.Match[str]) -> str:
        name = f"figure-{next(numbers)}.png"
        pixels = _pixels(svg_of(match[0]))
        (folder / name).write_bytes(pixels)
        with Image.open(io.BytesIO(pixels)) as image:
            return f'<img src="{name}" width="{image.width * _CSS_PPI / _PPI:.0f}"'

    for part in document.parts:
        yield _CLASSED_PARAGRAPH.sub(r'<div class="\1">\2</div>', _IMAGE.sub(to_file, part.html()))


def _pixels(svg: str) -> bytes:
    """Return SVG as a PNG, as Word before 2016 and LibreOffice want it, no larger than a page."""
    return compiled(_PAGE % typst_string(svg), form="png", ppi=_PPI)
