"""One report: executed, exported, published with its manifest."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from giamngheo.core.errors import GiamngheoError, MachineError, UnreadableError, shown
from giamngheo.core.foreign import blocks, content
from giamngheo.core.paths import EXECUTED, MAIL, MANIFEST
from giamngheo.report.key_figures import MalformedFiguresError, key_figures
from giamngheo.run.execution.execute import Execute, ReportFailedError, Run, executed
from giamngheo.run.execution.normalise import normalised, notebook_bytes
from giamngheo.run.provenance.inputs import Inputs, copied
from giamngheo.run.provenance.manifest import (
    MalformedRecordError,
    Manifest,
    NoManifestError,
    manifest_bytes,
    read_manifest,
)
from giamngheo.run.provenance.recipe import Order, Recipe, recipe, recipe_of, sha256
from giamngheo.run.publishing.exports import exported
from giamngheo.run.publishing.mail import mail, sent
from giamngheo.run.publishing.publication import with_note
from giamngheo.run.publishing.publish import REPORT_FILES, UnwritableOutputError, formats_there, publish, undisturbed

if TYPE_CHECKING:
    from nbformat import NotebookNode

_MARKS = {MANIFEST: b'"giamngheo:', EXECUTED: b'"papermill": {\n   "parameters": {'}
"""What no file of such a name holds that somebody else wrote; papermill itself keeps more of a run, in other order."""

_TORN = (b"", b"\0")
"""First byte of a file that a power cut left without its content."""


class OtherFilesError(GiamngheoError):
    """Files in the folder of a report are called as its own are, and are not: they would be lost."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        super().__init__(
            f"{shown(folder)} có {', '.join(names)} không phải của báo cáo nào đã lập ở đó, sẽ bị ghi đè; chuyển sang"
            " thư mục khác, hoặc chọn thư mục khác bằng --out."
        )


class MadeMeanwhileError(GiamngheoError):
    """Somebody made the report in another format after it was ordered: that file would go, or be of other inputs."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{shown(folder)} vừa được lệnh khác ghi thêm tệp báo cáo; báo cáo ấy còn nguyên, hãy chạy lại."
        )


class ChangedNotebookError(GiamngheoError):
    """Somebody saved the notebook after it was read what kind of report it is."""

    def __init__(self, notebook: Path) -> None:
        super().__init__(
            f"{shown(notebook)} vừa được lưu lại trong lúc lập báo cáo; báo cáo cũ còn nguyên, hãy chạy lại."
        )


def make_report(order: Order, *, execute: Execute = executed) -> tuple[Path, ...]:
    """Return paths of the files of a report, which it writes to the folder of the order, the manifest among them.

    execute: executes the notebook, by default in this process. Raises GiamngheoError when the report cannot be made;
    the earlier one then stays as it was.
    """
    with undisturbed(order.folder):  # of a report that is being put in place a part would look like a foreign file
        _refuse_others(order.folder)
    with copied(order.sources, order.folders) as inputs:
        if inputs.digests[order.kind.name] != order.kind.sha256:
            raise ChangedNotebookError(order.kind.notebook)
        needed = with_note(recipe_of(order, inputs.digests), order.folder)
        files = made_files(needed, inputs, execute=execute, timeout=order.timeout)
    publish(order.folder, files, check=lambda: _refuse_new(order))
    return tuple(order.folder / name for name in files)


def _refuse_new(order: Order) -> None:
    """Raise OtherFilesError, MadeMeanwhileError where somebody put a file there while the report was made."""
    _refuse_others(order.folder)
    if formats_there(order.folder) - set(order.formats):
        raise MadeMeanwhileError(order.folder)


def _refuse_others(folder: Path) -> None:
    """Raise OtherFilesError where a file that would be replaced is none of a report that was made there.

    Raises UnwritableOutputError.
    """
    try:
        there = {name for name in REPORT_FILES if (folder / name).exists()}
    except OSError as error:
        raise UnwritableOutputError(folder, error) from error
    try:
        there -= {*read_manifest(folder).outputs, MANIFEST}
    except NoManifestError:
        if any(_is_of_run(folder / name, mark) for name, mark in _MARKS.items()):
            return  # of a report, too, which somebody damaged
    if there:
        raise OtherFilesError(folder, sorted(there))


def _is_of_run(path: Path, mark: bytes) -> bool:
    """Return whether a file is there that a run has written, torn or not."""
    try:
        found = content(path)
    except UnreadableError:
        return False
    return found[:1] in _TORN or mark in found


def report_paths(folder: Path) -> tuple[Path, ...]:
    """Return paths of the files of a report by its manifest. Raises NoManifestError."""
    return tuple(folder / name for name in (*read_manifest(folder).outputs, MANIFEST))


def is_unchanged(order: Order) -> bool:
    """Return whether the report that is there is the one that would be made (is_made_of). Raises what `recipe` does."""
    return is_made_of(order.folder, recipe(order))


def is_made_of(folder: Path, needed: Recipe) -> bool:
    """Return whether the report of a folder is of a recipe, all of its files in place and none torn."""
    try:
        kept = read_manifest(folder)
    except NoManifestError:
        return False
    return kept.recipe == with_note(needed, folder) and all(map(_is_written, report_paths(folder)))


def _is_written(path: Path) -> bool:
    """Return whether a file is there with its content: a power cut leaves files that are empty or begin with zeros."""
    try:
        return next(blocks(path), b"")[:1] not in _TORN
    except UnreadableError:
        return False


def made_files(
    needed: Recipe, inputs: Inputs, *, execute: Execute = executed, timeout: int | None = None
) -> dict[str, bytes]:
    """Return the content of the files of a report by name, made from copies of its inputs.

    execute: as in make_report. timeout: seconds a cell may take. Raises GiamngheoError when the report cannot be made.
    """
    try:
        run = normalised(_executed_copy(needed, inputs, execute=execute, timeout=timeout))
        files = exported(run, needed.formats, needed.note) | {EXECUTED: notebook_bytes(run)}
    except OSError as error:
        raise MachineError(error) from error
    record = _record(run)
    attached = sent(files, is_public=needed.parameters.get("audience") == "public")
    if text := mail(record["figures"], attached):
        files[MAIL] = text.encode()
    outputs = {name: sha256(content) for name, content in files.items()}
    manifest = Manifest(needed, record["figures"], record["findings"], outputs)
    return files | {MANIFEST: manifest_bytes(manifest)}


def _executed_copy(needed: Recipe, inputs: Inputs, *, execute: Execute, timeout: int | None) -> "NotebookNode":
    """Return the notebook among the inputs after a run in their folder. Raises what `execute` raises."""
    try:
        notebook, is_own = inputs.folder / needed.notebook, "/" not in needed.notebook
        return execute(Run(notebook, needed.parameters, inputs.folder, timeout, is_own))
    except ReportFailedError as error:
        raise ReportFailedError(inputs.told(str(error)), error.exit_status) from error


def _checked(record: Any) -> Mapping[str, Any]:
    """Return the record of a notebook, once its tables are known to be some. Raises MalformedRecordError."""
    figures: Any = record.get("figures", {}) if isinstance(record, dict) else None
    findings: Any = record.get("findings", []) if isinstance(record, dict) else None
    tables = [figures, *findings] if isinstance(findings, list) else [None]
    if not all(isinstance(table, Mapping) for table in tables):
        raise MalformedRecordError("cần figures = {…}, findings = [{…}]")
    try:
        key_figures(figures)
    except MalformedFiguresError as error:
        raise MalformedRecordError(str(error)) from error
    return {"figures": figures, "findings": findings}


def _record(notebook: "NotebookNode") -> Mapping[str, Any]:
    """Return what the last cell of the notebook keeps for the manifest; nothing where it has no such cell.

    Raises MalformedRecordError.
    """
    for cell in reversed(notebook.cells):
        for output in cell.get("outputs", ()):
            about = output.get("metadata", {}).get("giamngheo", {})
            if isinstance(about, Mapping) and "record" in about:
                return _checked(about["record"])
    return {"figures": {}, "findings": []}
