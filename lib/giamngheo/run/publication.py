"""Versions of a report that were published, frozen beside it, and what has changed in it since."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from giamngheo.core.errors import GiamngheoError, shown
from giamngheo.core.paths import content
from giamngheo.run.mail import ChangedReportError
from giamngheo.run.manifest import MANIFEST, NoManifestError, read_manifest
from giamngheo.run.publish import publishing, write_new
from giamngheo.run.recipe import Recipe, sha256

PUBLISHED = "published"
"""Name of the folder in that of a report that holds its versions: 1, 2, ..."""

RECORD = "publication.json"
"""Name of the file that says what was published when."""


class SameVersionError(GiamngheoError):
    """The report as it is was published already."""

    def __init__(self, folder: Path, version: int) -> None:
        super().__init__(f"{shown(folder)}: báo cáo này đã phát hành, là bản {version}; không có gì thay đổi.")


class ChangedWorkbookError(GiamngheoError):
    """The workbook is no longer the one that the report was made from."""

    def __init__(self, workbook: Path) -> None:
        super().__init__(f"{shown(workbook)} đã sửa sau khi lập báo cáo; lập lại báo cáo rồi phát hành.")


@dataclass(frozen=True)
class Publication:
    """A published version. number, date: of the document as it was sent, "" where not told. scan: name of its scan."""

    version: int
    number: str
    date: str
    scan: str
    manifest_sha256: str

    @property
    def words(self) -> str:
        """What the version is called: "bản 1, số 12/BC-UBND, ngày 2023-09-05"."""
        parts = [f"bản {self.version}", f"số {self.number}" if self.number else "", self.date and f"ngày {self.date}"]
        return ", ".join(filter(None, parts))


def publications(folder: Path) -> list[Publication]:
    """Return the published versions of the report in a folder, the oldest first; what cannot be read is none."""
    found = (_read(path) for path in (folder / PUBLISHED).glob(f"*/{RECORD}"))
    return sorted((entry for entry in found if entry), key=lambda entry: entry.version)


def version_folder(folder: Path, version: int) -> Path:
    """Return the folder of a published version of the report in a folder."""
    return folder / PUBLISHED / str(version)


def publish_version(
    folder: Path, *, number: str = "", date: str = "", scan: Path | None = None, workbook: Path | None = None
) -> Publication:
    """Freeze the report in a folder as its next version.

    scan: a file kept with it, such as the signed paper. workbook: the one that it was made from, kept too, so that
    cells can be compared. Raises NoManifestError, ChangedReportError, SameVersionError, ChangedWorkbookError,
    UnwritableOutputError, UnreadableError.
    """
    kept = read_manifest(folder)
    files = {name: content(folder / name) for name in (*kept.outputs, MANIFEST)}
    if changed := [name for name, digest in kept.outputs.items() if sha256(files[name]) != digest]:
        raise ChangedReportError(folder, changed)
    digest, earlier = sha256(files[MANIFEST]), publications(folder)
    if same := next((entry for entry in earlier if entry.manifest_sha256 == digest), None):
        raise SameVersionError(folder, same.version)
    if workbook:
        files[workbook.name] = content(workbook)
        if sha256(files[workbook.name]) not in kept.recipe.inputs.values():
            raise ChangedWorkbookError(workbook)
    version = earlier[-1].version + 1 if earlier else 1
    made = Publication(version, number, date, f"scan{scan.suffix.lower()}" if scan else "", digest)
    if scan:
        files[made.scan] = content(scan)
    files[RECORD] = f"{json.dumps(asdict(made), ensure_ascii=False, indent=1)}\n".encode()
    (folder / PUBLISHED).mkdir(exist_ok=True)
    with publishing(version_folder(folder, version), lambda name: False) as fresh:
        for name, written in files.items():
            write_new(fresh / name, written)
    return made


def with_note(needed: Recipe, folder: Path) -> Recipe:
    """Return a recipe that says so where the newest version published of its report is of other inputs."""
    for entry in reversed(publications(folder)):
        try:
            kept = read_manifest(version_folder(folder, entry.version)).recipe
        except NoManifestError:
            continue
        if (kept.inputs, kept.parameters) == (needed.inputs, needed.parameters):
            break
        return replace(needed, note=f"Báo cáo này lập từ số liệu khác bản đã phát hành ({entry.words}).")
    return needed


def _read(path: Path) -> Publication | None:
    try:
        told = json.loads(path.read_text("utf-8"))
        made = Publication(**told)
    except (OSError, ValueError, TypeError):
        return None
    texts = all(isinstance(value, str) for name, value in told.items() if name != "version")
    is_ours = made.scan == Path(made.scan).name and str(made.version) == path.parent.name
    return made if texts and is_ours else None
