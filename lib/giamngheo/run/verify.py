"""A report made again from the inputs its manifest names, and compared byte for byte."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from giamngheo.errors import GiamngheoError
from giamngheo.intake.locate import UnreadableError, digest, located
from giamngheo.run.cluster import results
from giamngheo.run.manifest import MANIFEST, Manifest, read_manifest
from giamngheo.run.recipe import NOTEBOOK, sha256
from giamngheo.run.report import MachineError, made_files
from giamngheo.run.software import Software, software
from giamngheo.run.warm import warm_kernel
from giamngheo.scratch import scratch_folder

Job = tuple[Path, Path, Path]
"""Folder of a report, the data folder, the notebook: all absolute, for processes that work elsewhere."""


class InputsMissingError(GiamngheoError):
    """The report cannot be made again: inputs are not what they were."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        told = "\n".join(f"{name}: {reason}." for name, reason in reasons.items())
        super().__init__(f"Không lập lại được từ đúng số liệu cũ:\n{told}")


@dataclass(frozen=True)
class Verdict:
    """What differs.

    missing, touched: files that are gone, that someone changed after the report was made. different: files that come
    out otherwise now. changes: how the software of today differs from that of the report.
    """

    missing: tuple[str, ...]
    touched: tuple[str, ...]
    different: tuple[str, ...]
    changes: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the report is, byte for byte, what its inputs give."""
        return not (self.missing or self.touched or self.different)


def verdicts(
    folders: Sequence[Path], data: str | None = None, *, scheduler: str = ""
) -> Iterator[tuple[Path, Verdict | GiamngheoError]]:
    """Every report with its verdict or why there is none: first those without work, then the others as they come.

    folders: of the reports. data: the folder with the workbooks, by default the one that each manifest names.
    scheduler: as in cluster.results; one report alone is made again by this process. Raises NoSchedulerError.
    """
    jobs: dict[Job, Path] = {}
    for folder in folders:
        try:
            kept = read_manifest(folder)
            place = located(data or kept.recipe.parameters["data"])
            jobs[folder.absolute(), place, located(NOTEBOOK)] = folder
        except GiamngheoError as error:
            yield folder, error
    alone = len(jobs) == 1 and not scheduler
    found = ((job, _judged(job)) for job in jobs) if alone else results(_judged, list(jobs), scheduler)
    for job, verdict in found:
        yield jobs[job], GiamngheoError(verdict) if isinstance(verdict, str) else verdict


def _judged(job: Job) -> Verdict | str:
    """The verdict on a report, or else the words of the error, which unlike the error go from process to process."""
    try:
        return verified(*job)
    except GiamngheoError as error:
        return str(error)


def verified(folder: Path, data: Path, notebook: Path) -> Verdict:
    """Verdict on the report in `folder`, made again from the workbooks of the folder `data`; nothing is written.

    Raises NoManifestError, InputsMissingError, UnreadableError, and what making a report raises.
    """
    kept = read_manifest(folder)
    sources = _sources(kept, data, notebook)
    with _copies(sources) as cwd:
        years = {name: Path(name).stem for name in sources}
        books = [(str(cwd / name), kept.recipe.unit, int(year)) for name, year in years.items() if year.isdecimal()]
        files = made_files(kept.recipe, notebook, cwd, kernel=partial(warm_kernel, books=books))
    there = {name: _digest(folder / name) for name in kept.outputs}
    return Verdict(
        missing=tuple(name for name, digest in there.items() if not digest),
        touched=tuple(name for name, digest in there.items() if digest not in ("", kept.outputs[name])),
        different=tuple(_different(folder, kept, files)),
        changes=tuple(_changes(kept.recipe.software, software())),
    )


@contextmanager
def _copies(sources: Mapping[str, Path]) -> Iterator[Path]:
    """A folder that holds copies of files, each at its path, as long as they are needed. Raises MachineError."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(scratch_folder("verify"))
            for path, source in sources.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, folder / path)
        except OSError as error:
            raise MachineError(error) from error
        yield folder


def _different(folder: Path, kept: Manifest, files: Mapping[str, bytes]) -> list[str]:
    """Files that come out otherwise; the manifest, which names them, only where nothing else explains it."""
    made = {name: sha256(content) for name, content in files.items()}
    different = [name for name, digest in kept.outputs.items() if made.get(name) != digest]
    return different or [MANIFEST] * (made[MANIFEST] != _digest(folder / MANIFEST))


def _sources(kept: Manifest, data: Path, notebook: Path) -> dict[str, Path]:
    """Where each workbook is, by its path in the manifest. Raises InputsMissingError."""
    sources = {name: data / Path(*Path(name).parts[1:]) for name in kept.recipe.inputs if name != NOTEBOOK}
    found = sources | {NOTEBOOK: notebook}
    digests = {name: _digest(path) for name, path in found.items()}
    wrong = {name: "đã sửa đổi" if digests[name] else f"không có {found[name]}" for name in _unlike(kept, digests)}
    if wrong:
        raise InputsMissingError(wrong)
    return sources


def _unlike(kept: Manifest, digests: Mapping[str, str]) -> list[str]:
    return [name for name, digest in kept.recipe.inputs.items() if digests[name] != digest]


def _digest(path: Path) -> str:
    """SHA-256 of a file, "" where there is none. Raises UnreadableError."""
    try:
        return digest(path) if path.is_file() else ""
    except OSError as error:
        raise UnreadableError(path, error) from error


def _changes(then: Software, now: Software) -> list[str]:
    changes = [] if then.code_sha256 == now.code_sha256 else [f"giamngheo {_code(then)} → {_code(now)}"]
    versions = {"Python": (then.python, now.python)}
    versions |= {name: (then.libraries.get(name, "–"), version) for name, version in now.libraries.items()}
    return changes + [f"{name} {old} → {new}" for name, (old, new) in versions.items() if old != new]


def _code(software: Software) -> str:
    """What the code is called; its digest where it is not that of a commit."""
    return f"{software.revision}, đã sửa ({software.code_sha256[:8]})" if software.changed else software.revision
