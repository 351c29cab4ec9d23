"""A report made again from the inputs that its manifest and its order both name, and compared byte for byte."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from giamngheo.core.errors import GiamngheoError, UnreadableError, WrongUseError, shown
from giamngheo.core.foreign import digest
from giamngheo.core.paths import MANIFEST, NoFolderError, located
from giamngheo.core.period import Period
from giamngheo.run.execution.cluster import Scheduler, results
from giamngheo.run.execution.execute import Execute, executed, executed_apart
from giamngheo.run.kinds import ReportKind, kind_in, notebook_of
from giamngheo.run.provenance.inputs import Inputs, copied, input_digest
from giamngheo.run.provenance.manifest import Manifest, check_place, read_manifest
from giamngheo.run.provenance.recipe import OF_THE_ORDER, Recipe, order_again, placed, sha256
from giamngheo.run.provenance.software import Software, software
from giamngheo.run.publishing.publication import check_note
from giamngheo.run.publishing.publish import REPORT_FILES, repair
from giamngheo.run.report import made_files

if TYPE_CHECKING:
    from giamngheo.run.execution.engine import Tell

Job = tuple[Path, Path, Path]
"""Folder of a report, the folder its inputs are in, the notebook: all absolute, for processes that work elsewhere."""


class NoDataFolderError(WrongUseError):
    """The folder with the workbooks of a report is not found from here."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"thiếu thư mục số liệu {name!r} (tên ghi trong {MANIFEST}): không có trong thư mục hiện tại và các thư mục"
            f" cấp trên; chỉ thư mục đó bằng --data, ví dụ --data đường/dẫn/{shown(name)}."
        )


class NoNotebookNamedError(WrongUseError):
    """The report was made by a notebook that is no kind of the project's, and none of its name was named."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"báo cáo do sổ tay {shown(name)} lập, không phải loại báo cáo nào của dự án; chỉ tệp đó bằng --notebook,"
            " ghi được nhiều lần."
        )


class SameNameError(WrongUseError):
    """Notebooks have one name, by which reports know the one that made them."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"Nhiều sổ tay cùng tên {', '.join(map(shown, names))}; chỉ một tệp cho mỗi tên, so riêng báo cáo của tệp"
            " kia."
        )


class MadeAnewError(GiamngheoError):
    """The report was made anew while it was verified: part of what was compared is of the other one."""

    def __init__(self) -> None:
        super().__init__("báo cáo vừa được lập lại trong lúc so; chạy lại giamngheo verify.")


class InputsMissingError(GiamngheoError):
    """The report cannot be made again: inputs are not what they were."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        told = "\n".join(f"{shown(name)}: {shown(reason)}." for name, reason in reasons.items())
        super().__init__(f"Không lập lại được từ đúng số liệu cũ:\n{told}")


@dataclass(frozen=True)
class Verdict:
    """What differs from a report made again from the workbooks of the folder `data`.

    manifest_sha256: of the manifest as it comes out. missing, touched: files that are gone, that someone changed after
    the report was made. foreign: files called as those of a report that are none of this one. different: files that
    come out otherwise now. changes: how the software of today differs from that of the report.
    """

    data: Path
    manifest_sha256: str
    missing: tuple[str, ...]
    touched: tuple[str, ...]
    foreign: tuple[str, ...]
    different: tuple[str, ...]
    changes: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the report is, byte for byte, what its inputs give."""
        return not (self.missing or self.touched or self.foreign or self.different)


def verdicts(
    folders: Sequence[Path],
    data: str | None = None,
    *,
    notebooks: Sequence[Path] = (),
    scheduler: Scheduler | None = None,
) -> Iterator[tuple[Path, Verdict | GiamngheoError]]:
    """Yield every report with its verdict or why there is none: first those without work, then the others as they come.

    folders: of the reports. data: the folder with the workbooks, by default the one that each manifest names, found
    from here. notebooks: those that made them, by their names, where they are no kinds of the project. scheduler: as in
    cluster.results; one report alone is made again by this process. Raises SameNameError, NoSchedulerError.
    """
    named = Counter(path.name for path in notebooks)
    if twice := [name for name, times in named.items() if times > 1]:
        raise SameNameError(twice)
    jobs: dict[Job, Path] = {}
    for folder in folders:
        try:
            repair(folder)
            kept = read_manifest(folder)
            if kept.recipe.unit:  # files that lie anywhere give a report anywhere
                check_place(folder, kept.recipe)
            place = located(data) if data else data_folder(kept)
            jobs[folder.absolute(), place.absolute(), _notebook(kept, notebooks).resolve()] = folder
        except GiamngheoError as error:
            yield folder, error
    alone = len(jobs) == 1 and not scheduler
    found = ((job, _judged_apart(job)) for job in jobs) if alone else results(judged, list(jobs), scheduler, _book)
    for job, verdict in found:
        yield jobs[job], verdict


def _book(job: Job) -> tuple[str, str]:
    """Return what reports of the same workbook have in common: their folder and the year of their period."""
    return str(job[0].parent), job[0].name[:4]


def judged(job: Job, tell: "Tell | None" = None) -> Verdict:
    """Return the verdict on a report, in a process that was made for such work. Raises what `verified` raises."""
    return verified(*job, execute=partial(executed, tell=tell))


def _judged_apart(job: Job) -> Verdict | GiamngheoError:
    try:
        return verified(*job, execute=executed_apart)
    except GiamngheoError as error:
        return error


def _notebook(kept: Manifest, own: Sequence[Path]) -> Path:
    """Return where the notebook of a report lies. Raises NoNotebookNamedError."""
    if (path := notebook_of(kept.recipe.notebook, own)) is None:
        raise NoNotebookNamedError(kept.recipe.notebook)
    return path


def data_folder(kept: Manifest) -> Path:
    """Return the folder with the inputs of a report where none is named. Raises NoDataFolderError."""
    name = kept.recipe.data
    if not name:  # of files that may lie anywhere
        return Path.cwd()
    try:
        return located(name)
    except NoFolderError as error:
        raise NoDataFolderError(name) from error


def verified(folder: Path, data: Path, notebook: Path, *, execute: Execute = executed) -> Verdict:
    """Return the verdict on the report in `folder`, made again from the folder `data`; nothing is written.

    execute: as in report.make_report. Raises NoManifestError, InputsMissingError, OtherNoteError, MadeAnewError,
    UnreadableError, and what making a report raises.
    """
    kept, as_read = read_manifest(folder), _digest(folder / MANIFEST)
    sources = _sources(kept, data, notebook)
    with copied(sources) as inputs:
        _check_unchanged(kept, inputs)
        check_note(folder, kept.recipe, as_read)
        kind = kind_in(inputs.folder, kept.recipe.notebook, notebook)
        files = made_files(_as_ordered(kept.recipe, kind, data), inputs, execute=execute)
    there = {name: _digest(folder / name) for name in kept.outputs}
    others = sorted(REPORT_FILES - {MANIFEST, *kept.outputs})
    different = tuple(_different(folder, kept, files))
    if _digest(folder / MANIFEST) != as_read:
        raise MadeAnewError
    return Verdict(
        data=data,
        manifest_sha256=sha256(files[MANIFEST]),
        missing=tuple(name for name, digest in there.items() if not digest),
        touched=tuple(name for name, digest in there.items() if digest not in ("", kept.outputs[name])),
        foreign=tuple(name for name in others if os.path.lexists(folder / name)),
        different=different,
        changes=tuple(_changes(kept.recipe.software, software())),
    )


def _as_ordered(kept: Recipe, kind: ReportKind, data: Path) -> Recipe:
    """Return a recipe with what its notebook says of itself and its order tells it, whatever its manifest says.

    Raises InputsMissingError where that order takes other files, and what `order` raises.
    """
    if kept.unit:
        again = order_again(kept, Period.parse(kept.period), kind, data=data, out=Path(), called=kept.data)
        folder, parameters, taken = again.folder.name, again.parameters, set(again.sources)
    else:  # which files it was ordered from, nobody recorded but the manifest
        about = dict.fromkeys(kind.parameters & OF_THE_ORDER.keys(), "")
        folder, parameters = "", dict(kept.parameters) | about
        taken = {kind.name, *kept.inputs} - {*kept.modules} | {path.name for path in kind.modules}
    others = dict.fromkeys(sorted(kept.inputs.keys() - taken), "lệnh lập báo cáo này không lấy tệp ấy")
    others |= dict.fromkeys(sorted(taken - kept.inputs.keys()), "nay có tệp này, báo cáo lập khi chưa lấy tệp này")
    if others:
        raise InputsMissingError(others)
    return replace(kept, title=kind.title, folder=folder, parameters=parameters)


def _different(folder: Path, kept: Manifest, files: Mapping[str, bytes]) -> list[str]:
    """Return files that come out otherwise; the manifest, which names them, only where nothing else explains it."""
    made = {name: sha256(content) for name, content in files.items()}
    different = [name for name, digest in kept.outputs.items() if made.get(name) != digest]
    return different or [MANIFEST] * (made[MANIFEST] != _digest(folder / MANIFEST))


def _sources(kept: Manifest, data: Path, notebook: Path) -> dict[str, Path]:
    """Return where each input is, by its name in the manifest. Raises InputsMissingError."""
    code = {kept.recipe.notebook: notebook} | {name: notebook.with_name(name) for name in kept.recipe.modules}
    names = [name for name in kept.recipe.inputs if name not in code]
    if kept.recipe.data:
        found = {name: placed(data / Path(*Path(name).parts[1:])) for name in names}
    else:
        found = _by_content({name: kept.recipe.inputs[name] for name in names}, data)
    sources = code | found
    there = {name for name, path in sources.items() if os.path.exists(path)}  # noqa: PTH110 - as in recipe.placed
    if missing := {name: f"không có {path}" for name, path in sources.items() if name not in there}:
        raise InputsMissingError(missing)
    return sources


def _by_content(wanted: Mapping[str, str], folder: Path) -> dict[str, Path]:
    """Return where files below a folder have the content of inputs whose own names nobody recorded."""
    endings = {Path(name).suffix for name in wanted}
    found: dict[str, Path] = {}
    for path in (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in endings):
        with suppress(UnreadableError):  # a folder, or of others; an input that is missed is told
            found[input_digest(path)] = path
    return {name: found.get(sha, folder / name) for name, sha in wanted.items()}


def _check_unchanged(kept: Manifest, inputs: Inputs) -> None:
    """Raise InputsMissingError where an input is not what the manifest says."""
    then = kept.recipe.inputs
    if changed := [name for name, digest in inputs.digests.items() if digest != then[name]]:
        raise InputsMissingError(dict.fromkeys(changed, "đã sửa đổi"))


def _digest(path: Path) -> str:
    """Return SHA-256 of a file, "" where there is none. Raises UnreadableError."""
    return digest(path) if os.path.isfile(path) else ""  # noqa: PTH113 - as in recipe.placed


def _changes(then: Software, now: Software) -> list[str]:
    """Return how the software of today differs, a line a part of it."""
    changes = [] if then.code_sha256 == now.code_sha256 else [f"giamngheo {_code(then)} → {_code(now)}"]
    changes += [] if then.lock_sha256 == now.lock_sha256 else ["requirements.lock"]
    versions = {"Python": (then.python, now.python)}
    versions |= {name: (then.libraries.get(name, "–"), version) for name, version in now.libraries.items()}
    return changes + [f"{name} {old} → {new}" for name, (old, new) in versions.items() if old != new]


def _code(software: Software) -> str:
    """Return what the code is called, in short."""
    return f"{software.version} ({software.code_sha256[:8]})"
