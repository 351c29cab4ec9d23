"""Workbooks opened to be changed, and as bytes that depend on nothing but their content: no clock, no times."""

import datetime as dt
import io
import re
import warnings
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook

_MADE = dt.datetime(2021, 1, 1)  # noqa: DTZ001 - openpyxl wants a time without zone
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def opened(path: Path) -> Workbook:
    """The workbook at `path` as a whole, to be changed.

    openpyxl warns, in English, of what it leaves out (newer kinds of drop-downs, colour rules); nothing of ours is of
    these kinds.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(path)


def workbook_bytes(book: Workbook) -> bytes:
    """The .xlsx file of a workbook, the same for the same content."""
    book.properties.creator = "giamngheo"
    book.properties.created = _MADE
    buffer = io.BytesIO()
    book.save(buffer)
    return _timeless(buffer.getvalue())


def _timeless(content: bytes) -> bytes:
    made = f"{_MADE.isoformat()}Z".encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == _CORE:
                part = _MODIFIED.sub(rb"\g<1>" + made, part)
            new.writestr(zipfile.ZipInfo(name, _EPOCH), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
