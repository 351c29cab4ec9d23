"""What others wrote is read within bounds."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from giamngheo.core.errors import TooLargeError, UnreadableError
from giamngheo.core.foreign import content, digest, fault, is_valid, told_in_json
from giamngheo.core.paths import BOUNDARIES, HISTORY, MANIFEST
from giamngheo.regulation.own import own_catalogue
from giamngheo.run.execution.normalise import notebook_source
from giamngheo.run.provenance.inputs import input_digest
from giamngheo.run.provenance.manifest import NoManifestError, read_manifest
from giamngheo.run.publishing.publication import publications
from giamngheo.workbook import boundaries, history

MEGABYTE = 1 << 20

ELEMENTS = "giamngheo.report.elements", "stored.schema.json"
KINDS = "giamngheo.run", "kinds.schema.json"


@pytest.mark.parametrize("size", [0, 1, MEGABYTE, MEGABYTE + 1])
def test_a_file_is_read_whole_or_not_at_all(size: int, tmp_path: Path) -> None:
    (path := tmp_path / "file").write_bytes(b"x" * size)
    assert content(path, size) == b"x" * size
    assert digest(path, size) == digest(path)
    if size:
        with pytest.raises(TooLargeError, match="file: tệp lớn hơn"):
            content(path, size - 1)


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path := tmp_path / "file").write_bytes(b"x" * 3 * MEGABYTE)
    monkeypatch.setattr("giamngheo.core.foreign.os.fstat", lambda handle: os.stat_result([0] * 10))
    with pytest.raises(TooLargeError):
        content(path, 2 * MEGABYTE)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"a": NaN}', '{"a": 1, "a": 2}', '"\\ud800"', "\xff"])
def test_json_of_which_readers_would_differ_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the caller has the words
        told_in_json(text.encode("latin-1"))


@pytest.mark.parametrize("part", [b"{}", b'{"":0}', b"[]", b"[1,2]", b"1.5"])
def test_json_of_parts_that_would_fill_the_memory_is_refused_before_it_is_read(part: bytes) -> None:
    with pytest.raises(ValueError, match="too many parts"):
        told_in_json(b"[%s]" % b",".join([part] * (70_000_000 // (len(part) + 1))))


def _boundaries(folder: Path) -> tuple[Path, Callable[[], object]]:
    return folder / BOUNDARIES, lambda: boundaries.boundaries(folder)


def _history(folder: Path) -> tuple[Path, Callable[[], object]]:
    return folder / HISTORY, lambda: history.history(folder)


def _law(folder: Path) -> tuple[Path, Callable[[], object]]:
    return folder / "regulation" / "programme.toml", lambda: own_catalogue(folder)


def _manifest(folder: Path) -> tuple[Path, Callable[[], object]]:
    return folder / MANIFEST, lambda: read_manifest(folder)


def _record(folder: Path) -> tuple[Path, Callable[[], object]]:
    return folder / "published" / "1" / "publication.json", lambda: publications(folder)


def _workbook(folder: Path) -> tuple[Path, Callable[[], object]]:
    return folder / "2023.xlsx", lambda: input_digest(folder / "2023.xlsx")


def _households(folder: Path) -> tuple[Path, Callable[[], object]]:
    return folder / "households-2023.csv", lambda: input_digest(folder / "households-2023.csv")


def _notebook(folder: Path) -> tuple[Path, Callable[[], object]]:
    return folder / "mine.ipynb", lambda: notebook_source(folder / "mine.ipynb")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
@pytest.mark.parametrize("reader", [_boundaries, _history, _law, _manifest, _record, _workbook, _households, _notebook])
def test_no_file_of_holes_and_no_pipe_fills_the_memory_or_hangs(
    reader: Callable[[Path], tuple[Path, Callable[[], object]]], tmp_path: Path
) -> None:
    path, read = reader(tmp_path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(1 << 43)
    assert _told(read) in ([], "tệp lớn hơn")
    path.unlink()
    os.mkfifo(path)
    assert not _told(read) or "không phải là tệp thường" in _told(read)


def _told(read: Callable[[], object]) -> object:
    try:
        found = read()
    except (UnreadableError, NoManifestError) as error:
        return "tệp lớn hơn" if "tệp lớn hơn" in str(error) else str(error)
    return list(found) if isinstance(found, list) else None


@pytest.mark.parametrize(
    ("part", "told", "valid"),
    [
        ("prose", {"markdown": "chữ"}, True),
        ("prose", {"markdown": "chữ", "html": "<b>"}, False),
        ("prose", {"markdown": 1}, False),
        ("prose", [], False),
        ("marking", {"markdown": "chữ"}, False),
    ],
)
def test_a_part_of_a_schema_accepts_what_it_names(part: str, told: object, valid: bool) -> None:
    assert is_valid(told, *ELEMENTS, part) == valid


def test_what_is_wrong_is_told_with_its_place() -> None:
    kind = {"title": "Báo cáo", "folder": "{period}", "periods": ["month"], "inputs": []}
    assert fault(kind, *KINDS) is None
    told = fault({**kind, "periods": ["fortnight"]}, *KINDS)
    assert told is not None
    assert list(told.absolute_path) == ["periods", 0]


def test_jsonschema_is_imported_without_the_checkers_that_take_long_and_not_at_all_where_nothing_is_wrong() -> None:
    code = """if True:
        import sys
        from giamngheo.core.foreign import fault
        assert fault({"markdown": 1}, "giamngheo.report.elements", "stored.schema.json") is None
        assert "jsonschema" not in sys.modules
        assert fault([], "giamngheo.run", "kinds.schema.json")
        assert "jsonschema" in sys.modules
        assert not {"isoduration", "rfc3986_validator", "rfc3987_syntax"} & sys.modules.keys()
    """
    subprocess.run([sys.executable, "-I", "-c", code], check=True)
