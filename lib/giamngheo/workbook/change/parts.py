"""The parts of a workbook file, some of them changed or added: all others are copied as they are."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfileobj
from typing import IO
from xml.parsers.expat import ExpatError

from openpyxl.formula.translate import TranslatorError

from giamngheo.core.errors import GiamngheoError
from giamngheo.workbook.change.elements import Edit, Element, UnusualXmlError, appended, edited, elements, start_tag
from giamngheo.workbook.read.package import LARGEST_CHANGED

DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "[Content_Types].xml"
_SIGNATURES = "_xmlsignatures/"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_EMPTY_RELATIONS = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_PACKAGE}"/>'


class NotChangedError(GiamngheoError):
    """The workbook can be read but not changed."""

    def __init__(self, path: Path, why: str, to_do: str) -> None:
        super().__init__(f"{path}: sổ đọc được nhưng không sửa được, {why}. Chưa ghi gì; {to_do}.")


class TooLargeError(ValueError):
    """A part that is to be changed is too large to be kept in memory."""


class SignedError(ValueError):
    """The workbook carries a digital signature, which no change survives."""


@dataclass(frozen=True)
class Relation:
    """What a part refers to: the last word of the kind, and the name of the part, "" where it is outside."""

    kind: str
    target: str


@dataclass(frozen=True)
class Parts:
    """A workbook file that is being changed: the old archive, and the new content of parts, None of those left out."""

    archive: zipfile.ZipFile
    changed: dict[str, bytes | None] = field(default_factory=dict)

    def names(self) -> set[str]:
        """Return the names of the parts that the new file has."""
        taken_out = {name for name, content in self.changed.items() if content is None}
        return {*self.archive.namelist(), *self.changed} - taken_out

    def actual(self, name: str) -> str:
        """Return the name of a part as it is written: capitals do not count."""
        return next((other for other in self.names() if other.lower() == name.lower()), name)

    def content(self, name: str) -> bytes:
        """Return a part as it is now. Raises UnusualXmlError, TooLargeError."""
        if name not in self.names():
            raise UnusualXmlError
        if (content := self.changed.get(name)) is not None:
            return content
        if self.archive.getinfo(name).file_size > LARGEST_CHANGED:
            raise TooLargeError
        return self.archive.read(name)


@contextmanager
def changing(path: Path, content: bytes) -> Iterator[Parts]:
    """Open the parts of the workbook at `path` for changes. Raises NotChangedError where they are unusual."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if any(name.startswith(_SIGNATURES) for name in archive.namelist()):
                raise SignedError
            yield Parts(archive)
    except TooLargeError as error:
        why = "vì có trang quá nhiều dòng, cột đã định dạng"
        raise NotChangedError(path, why, "hãy xóa các dòng, cột trống ở cuối trang rồi lưu lại") from error
    except SignedError as error:
        raise NotChangedError(path, "vì sửa thì mất chữ ký số", "hãy dùng một bản sao chưa ký") from error
    except (ExpatError, TranslatorError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        why = "vì có phần không ghi như Excel ghi"
        raise NotChangedError(path, why, "hãy mở sổ bằng Excel, lưu lại rồi chạy lại") from error


def write(parts: Parts, file: IO[bytes]) -> None:
    """Write the new file, with the times of the old one."""
    old = {info.filename: info for info in parts.archive.infolist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, info in old.items():
            if name not in parts.changed:
                entry = zipfile.ZipInfo(name, info.date_time)
                entry.compress_type, entry.file_size = zipfile.ZIP_DEFLATED, info.file_size
                with parts.archive.open(info) as source, new.open(entry, "w") as target:
                    copyfileobj(source, target)
        for name, content in parts.changed.items():
            if content is not None:
                entry = zipfile.ZipInfo(name, old[name].date_time if name in old else _EPOCH)
                new.writestr(entry, content, zipfile.ZIP_DEFLATED)


def relations(parts: Parts, source: str) -> Mapping[str, Relation]:
    """Return what a part refers to, by the id of the relation; source: the name of the part, "" for the whole file."""
    name = parts.actual(_relations_part(source))
    if name not in parts.names():
        return {}
    found = elements(parts.content(name), [("Relationships", "Relationship")])
    return {
        entry.attributes["Id"]: _relation(parts, source, entry)
        for entry in found
        if entry.name == "Relationship" and "Id" in entry.attributes
    }


def _relation(parts: Parts, source: str, entry: Element) -> Relation:
    kind = entry.attributes.get("Type", "").rpartition("/")[2]
    target = entry.attributes.get("Target", "")
    if entry.attributes.get("TargetMode") == "External":
        return Relation(kind, "")
    if target.startswith("/"):
        return Relation(kind, parts.actual(target[1:]))
    return Relation(kind, parts.actual(posixpath.normpath(posixpath.join(posixpath.dirname(source), target))))


def _relations_part(source: str) -> str:
    return posixpath.join(posixpath.dirname(source), "_rels", f"{posixpath.basename(source)}.rels")


def related(parts: Parts, source: str, kind: str) -> list[str]:
    """Return names of the parts of a kind that a part refers to."""
    return [relation.target for relation in relations(parts, source).values() if relation.kind == kind]


def workbook_part(parts: Parts) -> str:
    """Name of the part that lists the sheets."""
    found = related(parts, "", "officeDocument")
    if not found:
        raise UnusualXmlError
    return found[0]


def free_name(parts: Parts, name: str) -> str:
    """Return a name for a new part: `name` with the first number that is free in place of {}."""
    taken = {other.lower() for other in parts.names()}
    numbered = (name.format(number) for number in range(1, len(taken) + 2))
    return next(new for new in numbered if new.lower() not in taken)


def add_part(parts: Parts, source: str, kind: str, part: tuple[str, str, bytes]) -> str:
    """Add a part (name, content type, content) to which `source` refers; return the id of the relation."""
    name, content_type, content = part
    parts.changed[name] = content
    declared = start_tag("Override", {"PartName": f"/{name}", "ContentType": content_type}, closed=True)
    _append(parts, _TYPES, "Types", declared)
    relating, known = parts.actual(_relations_part(source)), relations(parts, source)
    if relating not in parts.names():
        parts.changed[relating] = _EMPTY_RELATIONS.encode()
    new = next(identity for number in range(len(known) + 1) if (identity := f"giamngheo{number}") not in known)
    target = {"Id": new, "Type": f"{DOCUMENT}/{kind}", "Target": f"/{name}"}
    _append(parts, relating, "Relationships", start_tag("Relationship", target, closed=True))
    return new


def _append(parts: Parts, name: str, root: str, content: str) -> None:
    old = parts.content(name)
    (element,) = elements(old, [(root,)])
    parts.changed[name] = edited(old, [appended(element, content.replace("<", f"<{element.prefix}", 1))])


def remove_part(parts: Parts, source: str, name: str) -> None:
    """Take out a part to which only `source` refers."""
    relating = parts.actual(_relations_part(source))
    _drop(
        parts, relating, ("Relationships", "Relationship"), lambda entry: _relation(parts, source, entry).target == name
    )
    _drop(
        parts,
        _TYPES,
        ("Types", "Override"),
        lambda entry: entry.attributes.get("PartName", "").lower() == f"/{name}".lower(),
    )
    parts.changed[name] = None


def _drop(parts: Parts, name: str, path: tuple[str, ...], goes: Callable[[Element], bool]) -> None:
    """Take the elements at a path for which `goes` holds out of a part."""
    old = parts.content(name)
    found = [entry for entry in elements(old, [path]) if entry.name == path[-1] and goes(entry)]
    parts.changed[name] = edited(old, [Edit(entry.start, entry.end, "") for entry in found])
