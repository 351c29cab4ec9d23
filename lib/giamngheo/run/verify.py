"""A report made again from the inputs its manifest names, and compared byte for byte."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from giamngheo.errors import GiamngheoError
from giamngheo.intake.locate import UnreadableError, located
from giamngheo.run.manifest import MANIFEST, Manifest, read_manifest
from giamngheo.run.recipe import NOTEBOOK, sha256
from giamngheo.run.report import MachineError, made_files
from giamngheo.run.software import Software, software
from giamngheo.run.warm import warm_kernel


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


def verified(folder: Path, data: Path) -> Verdict:
    """Verdict on the report in `folder`, made again from the workbooks of the folder `data`; nothing is written.

    Raises NoManifestError, InputsMissingError, UnreadableError, and what making a report raises.
    """
    kept = read_manifest(folder)
    sources = _sources(kept, data)
    with _copies(sources) as cwd:
        files = made_files(kept.recipe, cwd, kernel=warm_kernel)
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
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="giamngheo-")))
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


def _sources(kept: Manifest, data: Path) -> dict[str, Path]:
    """Where each workbook is, by its path in the manifest. Raises InputsMissingError."""
    sources = {name: data / Path(*Path(name).parts[1:]) for name in kept.recipe.inputs if name != NOTEBOOK}
    found = sources | {NOTEBOOK: located(NOTEBOOK)}
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
        return sha256(path.read_bytes()) if path.is_file() else ""
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
