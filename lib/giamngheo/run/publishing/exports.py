"""A notebook in the formats of a report."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from traitlets.config import Config

from giamngheo.core.foreign import without_format_checkers
from giamngheo.core.paths import ANNEX, FILES
from giamngheo.core.scratch import temporary_files

if TYPE_CHECKING:
    from nbformat import NotebookNode


LABELS: Mapping[str, str] = {"html": "HTML", "pdf": "PDF", "docx": "Word", "xlsx": "Excel"}
"""What readers call each format, in the order of FILES."""

FORMATS = tuple(FILES)

_WHOLE = Config({"DocumentExporter": {"is_whole": True}})


def load_exporters(formats: Sequence[str]) -> None:
    """Import what the exporters of these formats need."""
    for form in formats:
        _exporter(form)


def exported(notebook: "NotebookNode", formats: Sequence[str], note: str = "") -> dict[str, bytes]:
    """Return the content of the file of each format, by file name, as the nbconvert exporters of this package write it.

    They all write one document. note: what the page says above it. Raises RefusedExportError, also for a letter that
    would be a box in the PDF.
    """
    if not formats:
        return {}
    made = replace(_exporter(formats[0]).document_of(notebook), note=note)
    exporters = {FILES[form]: _exporter(form)(config=_WHOLE) for form in formats}
    if "pdf" in formats and made.annex:
        exporters[ANNEX] = _exporter("pdf")(config=_WHOLE, is_annex=True)
    with temporary_files(), ThreadPoolExecutor() as pool:
        each = pool.map if "docx" in formats else map  # Word waits for pandoc, a process of its own
        contents = list(each(lambda exporter: exporter.from_document(made), exporters.values()))
    return {name: _bytes(content) for name, content in zip(exporters, contents, strict=True)}


@cache
def _exporter(form: str) -> Any:
    """Return the class of the exporter of a format, a DocumentExporter; nbconvert looks through all installed ones."""
    with without_format_checkers():
        from nbconvert.exporters import get_exporter
    return get_exporter(f"giamngheo-{form}")


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content
