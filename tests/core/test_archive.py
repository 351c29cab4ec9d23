import datetime as dt
import io
import time
import xml.etree.ElementTree as ET
import zipfile

from giamngheo.core.archive import core_properties, unzipped, zipped


def test_archive_depends_on_its_content_only(monkeypatch):
    first = zipped({"a": b"1", "b/c": b"2"})
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(10**9))
    assert zipped({"a": b"1", "b/c": b"2"}) == first


def test_archive_keeps_order_and_content():
    parts = {"b": b"1", "a": b"\0" * 1000}
    content = zipped(parts)
    assert list(unzipped(content).items()) == list(parts.items())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_core_properties_escape_what_was_typed():
    part = core_properties(title="<a> & b", author="c", lang="vi", date=dt.date(2023, 8, 31))
    texts = [element.text for element in ET.fromstring(part)]
    assert texts == ["<a> & b", "c", "vi", "2023-08-31T00:00:00Z", "2023-08-31T00:00:00Z"]
