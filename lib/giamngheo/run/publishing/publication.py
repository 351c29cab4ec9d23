"""What is kept beside a report: the versions that were published, and the day it was last verified."""

import datetime as dt
import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from itertools import count, takewhile
from pathlib import Path
from typing import Any

from giamngheo.core.errors import GiamngheoError, UnreadableError, WrongUseError, shown
from giamngheo.core.foreign import content, digest, told_in_json
from giamngheo.core.paths import MANIFEST, PUBLISHED, inside, located
from giamngheo.core.shared import is_foreign_link
from giamngheo.run.provenance.manifest import NoManifestError, check_place, files_as_made, read_manifest
from giamngheo.run.provenance.recipe import Recipe, sha256
from giamngheo.run.publishing.publish import REPORT_FILES, publish_file, publishing, whole, write_new

RECORD = "publication.json"
"""Name of the file that says what was published when."""

VERIFIED = "verified.json"
"""Name of the file that says on which day a report was what its inputs give."""

_SCANS = {
    ".pdf": (b"%PDF-",),
    **dict.fromkeys((".jpg", ".jpeg"), (b"\xff\xd8\xff",)),
    ".png": (b"\x89PNG",),
    **dict.fromkeys((".tif", ".tiff"), (b"II*\0", b"MM\0*")),
}
"""Endings of scans, and how such files begin: papers and pictures, which run nothing in the browser."""

_SCAN_NAMES = frozenset(f"scan{suffix}" for suffix in _SCANS)

_BOOK_NAME = re.compile(r"[0-9]{4}\.xlsx")

_LONGEST, _LARGEST = 100, 10_000
"""Characters of a number or date, bytes of a record that is read."""


class UnfitVersionError(WrongUseError):
    """The number of the document or its scan is none."""

    def __init__(self) -> None:
        super().__init__(
            f"Bản quét phải là tệp {', '.join(_SCANS)}, đúng loại ấy; số, ký hiệu không quá {_LONGEST} chữ."
        )


class ForeignRecordError(GiamngheoError):
    """A file stands where the day of the last verification is to be recorded that is no such record."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{shown(path)} không phải do giamngheo verify ghi, không ghi đè; chuyển sang thư mục khác.")


class SameVersionError(GiamngheoError):
    """The report as it is was published already."""

    def __init__(self, folder: Path, version: int) -> None:
        super().__init__(f"{shown(folder)}: báo cáo này đã phát hành, là bản {version}; không có gì thay đổi.")


class ChangedWorkbookError(GiamngheoError):
    """The workbook is no longer the one that the report was made from."""

    def __init__(self, workbook: Path) -> None:
        super().__init__(f"{shown(workbook)} đã sửa sau khi lập báo cáo; lập lại báo cáo rồi phát hành.")


class OtherNoteError(GiamngheoError):
    """What a report says above itself of the versions published is not so."""

    def __init__(self, told: str, needed: str) -> None:
        says = [shown(note) or "không ghi gì" for note in (told, needed)]
        super().__init__(
            f"ghi chú ở đầu báo cáo không khớp các bản trong {PUBLISHED}: báo cáo: {says[0].rstrip('.')}; theo các bản"
            f" ấy: {says[1].rstrip('.')}. Lập lại báo cáo; báo cáo chép từ nơi khác thì chép cả {PUBLISHED}."
        )


@dataclass(frozen=True)
class Publication:
    """A published version.

    number, date: of the document as it was sent, "" where not told. scan, workbook: names of what is kept beside the
    report, "" where it is not.
    """

    version: int
    number: str
    date: str
    manifest_sha256: str
    scan: str = ""
    scan_sha256: str = ""
    workbook: str = ""
    workbook_sha256: str = ""

    @property
    def kept(self) -> dict[str, str]:
        """SHA-256 of what is kept beside the report, by name."""
        both = {self.scan: self.scan_sha256, self.workbook: self.workbook_sha256}
        return {name: sha for name, sha in both.items() if name}

    @property
    def words(self) -> str:
        """What the version is called: "bản 1, số 12/BC-UBND, ngày 2023-09-05"."""
        parts = [f"bản {self.version}", f"số {self.number}" if self.number else "", self.date and f"ngày {self.date}"]
        return ", ".join(filter(None, parts))


def publications(folder: Path) -> list[Publication]:
    """Return the published versions of the report in a folder, the oldest first.

    What cannot be read, or is a link of another user, is none.
    """
    foreign = linked_by_others(folder)
    paths = [path for path in _records(folder) if not foreign & {path, *path.parents}]
    return sorted((entry for path in paths if (entry := _read(path))), key=lambda entry: entry.version)


def linked_by_others(folder: Path) -> set[Path]:
    """Return the links of other users in the place of what is kept beside the report in a folder.

    They could lead to what this user alone may read, for a list of reports to tell it everybody.
    """
    kept = {folder / VERIFIED, folder / PUBLISHED}
    kept |= {place for path in _records(folder) for place in (path, path.parent)}
    return {path for path in kept if is_foreign_link(path)}


def _records(folder: Path) -> list[Path]:
    published = folder / PUBLISHED
    return [] if is_foreign_link(published) else list(published.glob(f"*/{RECORD}"))


def version_folder(folder: Path, version: int) -> Path:
    """Return the folder of a published version of the report in a folder."""
    return folder / PUBLISHED / str(version)


def publish_version(
    folder: Path, *, number: str = "", date: str = "", scan: Path | None = None, data: Path | None = None
) -> Publication:
    """Freeze the report in a folder as its next version.

    scan: a file kept with it, such as the signed paper. data: the folder with its workbook, which is kept too where it
    is given, so that cells can be compared. Raises NoManifestError, OtherReportError, ChangedReportError,
    InterruptedRunError, SameVersionError, ChangedWorkbookError, UnfitVersionError, NoFolderError,
    UnwritableOutputError, UnreadableError.
    """
    suffix = scan.suffix.lower() if scan else ""
    if (scan and suffix not in _SCANS) or len(number) > _LONGEST:
        raise UnfitVersionError
    scanned = content(scan) if scan else b""
    if scan and not scanned.startswith(_SCANS[suffix]):
        raise UnfitVersionError
    with whole(folder):  # no report takes its place meanwhile, and no other version this one's
        kept = read_manifest(folder)
        check_place(folder, kept.recipe)
        files = files_as_made(folder, kept, kept.outputs) | {MANIFEST: content(folder / MANIFEST)}
        made = Publication(_next_version(folder, sha256(files[MANIFEST])), number, date, sha256(files[MANIFEST]))
        if scan:
            files[f"scan{suffix}"] = scanned
            made = replace(made, scan=f"scan{suffix}", scan_sha256=sha256(scanned))
        if workbook := workbook_of(folder, data) if data else None:
            files[workbook.name] = _book_as_read(workbook, kept.recipe)
            made = replace(made, workbook=workbook.name, workbook_sha256=sha256(files[workbook.name]))
        files[RECORD] = f"{json.dumps(asdict(made), ensure_ascii=False, indent=1)}\n".encode()
        with publishing(version_folder(folder, made.version), None) as fresh:
            for name, written in files.items():
                write_new(fresh / name, written)
    return made


def _next_version(folder: Path, manifest_sha256: str) -> int:
    """Return the number of the next version. Raises SameVersionError where the report of a manifest is one already."""
    if same := next((entry for entry in publications(folder) if entry.manifest_sha256 == manifest_sha256), None):
        raise SameVersionError(folder, same.version)
    there = [path.name for path in (folder / PUBLISHED).glob("*")]
    return next(number for number in count(1) if str(number) not in there)  # one without a record stays too


def workbook_of(folder: Path, data: Path) -> Path | None:
    """Return the workbook of a report: the one kept with a published version, else that of the folder `data`.

    Raises NoManifestError, NoFolderError.
    """
    kept = read_manifest(folder).recipe
    own = folder / _book_name(kept)
    if own.is_file():
        return own
    if _book(kept) not in kept.inputs:
        return None
    path = located(str(data)) / kept.unit / own.name
    return path if path.is_file() else None


def _book_name(kept: Recipe) -> str:
    return f"{kept.period[:4]}.xlsx"


def _book(kept: Recipe) -> str:
    """Return what the workbook of the period's year is called among the inputs of a report."""
    return f"{kept.data}/{kept.unit}/{_book_name(kept)}"


def _book_as_read(workbook: Path, kept: Recipe) -> bytes:
    """Return the content of the workbook that a report was made from. Raises ChangedWorkbookError, UnreadableError."""
    found = content(workbook)
    if sha256(found) != kept.inputs.get(_book(kept)):
        raise ChangedWorkbookError(workbook)
    return found


def unlike_published(version: Path) -> list[str]:
    """Return names of files of a published version that are gone, or not what its manifest and its record say.

    What is kept beside the report is known by the record, the workbook by the manifest too. Raises NoManifestError,
    OtherReportError, UnreadableError.
    """
    kept, record = read_manifest(version), _read(version / RECORD)
    if kept.recipe.unit:
        check_place(version, kept.recipe)
    wanted = {**kept.outputs, **(record.kept if record else {})}
    there = {path.name for path in inside(version)} - {MANIFEST}
    found = {name: digest(version / name) for name in there if name in REPORT_FILES or (record and _is_kept(name))}
    unlike = {name for name, sha in found.items() if wanted.get(name) != sha} | wanted.keys() - found.keys()
    if record is None or (record.workbook and record.workbook_sha256 != kept.recipe.inputs.get(_book(kept.recipe))):
        unlike.add(RECORD)
    elif record.manifest_sha256 != digest(version / MANIFEST):
        unlike.add(MANIFEST)
    return sorted(unlike)


def _is_kept(name: str) -> bool:
    """Return whether a file is called as one that is kept beside a published report."""
    return name in _SCAN_NAMES or name.endswith(".xlsx")


def check_record(folder: Path) -> None:
    """Raise ForeignRecordError where something else stands in the place of the day of the last verification."""
    if os.path.lexists(folder / VERIFIED) and _record_of(folder).keys() != {"date", "manifest_sha256"}:
        raise ForeignRecordError(folder / VERIFIED)


def record_verified(folder: Path, day: dt.date, manifest_sha256: str) -> None:
    """Record that the report of a manifest was found to be what its inputs give.

    Raises ForeignRecordError, UnwritableOutputError.
    """
    told = {"date": day.isoformat(), "manifest_sha256": manifest_sha256}
    check_record(folder)  # what is no file at all is no record either
    written = f"{json.dumps(told, indent=1)}\n".encode()
    publish_file(folder / VERIFIED, written, check=lambda: check_record(folder))


def verified_on(folder: Path) -> dt.date | None:
    """Return the day that is recorded for the report as it is; None where none is, or none that can be read."""
    told = _record_of(folder)
    try:
        is_this = told["manifest_sha256"] == sha256(content(folder / MANIFEST))
        return dt.date.fromisoformat(told["date"]) if is_this else None
    except (UnreadableError, ValueError, TypeError, KeyError):
        return None


def _record_of(folder: Path) -> Mapping[str, Any]:
    """Return what is recorded of the verification of a report; nothing where that cannot be read."""
    path = folder / VERIFIED
    try:
        told = told_in_json(content(path, _LARGEST)) if path.is_file() and not is_foreign_link(path) else None
    except (UnreadableError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def with_note(needed: Recipe, folder: Path) -> Recipe:
    """Return a recipe that says so where the newest version published of its report is of other inputs.

    A report that was published with what it says of the version before keeps saying it.
    """
    versions = publications(folder)
    with suppress(NoManifestError, UnreadableError):
        kept = read_manifest(folder).recipe
        is_published = digest(folder / MANIFEST) in {entry.manifest_sha256 for entry in versions}
        if is_published and kept == replace(needed, note=kept.note):
            return kept
    return replace(needed, note=_note(needed, folder, versions))


def check_note(folder: Path, kept: Recipe, manifest_sha256: str) -> None:
    """Raise OtherNoteError where a report, published or not, says other than the versions published before it.

    kept, manifest_sha256: of its manifest.
    """
    whole = Path(os.path.abspath(folder))  # noqa: PTH100 - as in manifest.is_in_place
    place = whole.parents[1] if whole.parent.name == PUBLISHED else whole
    before = takewhile(lambda entry: entry.manifest_sha256 != manifest_sha256, publications(place))
    if (note := _note(kept, place, list(before))) != kept.note:
        raise OtherNoteError(kept.note, note)


def _note(needed: Recipe, folder: Path, versions: Sequence[Publication]) -> str:
    """Return what a report says of the versions published in its folder: "" or that the newest is of other inputs.

    A note in other words is none of ours: manifest.schema.json has these.
    """
    for entry in reversed(versions):
        try:
            kept = read_manifest(version_folder(folder, entry.version)).recipe
        except NoManifestError:
            continue
        if (kept.unit, kept.folder) != (needed.unit, needed.folder):  # of another report, which somebody put there
            continue
        if (kept.inputs, kept.parameters) == (needed.inputs, needed.parameters):
            break
        return f"Báo cáo này lập từ số liệu khác bản đã phát hành ({entry.words})."
    return ""


def _read(path: Path) -> Publication | None:
    try:
        told = told_in_json(content(path, _LARGEST))
        made = Publication(**told)
    except (UnreadableError, ValueError, TypeError):
        return None
    texts = [value for name, value in told.items() if name != "version"]
    is_ours = all(isinstance(value, str) and value.isprintable() and len(value) <= _LONGEST for value in texts)
    is_ours = is_ours and type(made.version) is int and str(made.version) == path.parent.name
    is_ours = is_ours and (not made.scan or made.scan in _SCAN_NAMES)
    return made if is_ours and (not made.workbook or _BOOK_NAME.fullmatch(made.workbook)) else None
