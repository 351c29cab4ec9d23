"""A report made again from the inputs its manifest names, and compared byte for byte."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from giamngheo.errors import GiamngheoError
from giamngheo.intake.locate import located
from giamngheo.run.manifest import Manifest, read_manifest
from giamngheo.run.recipe import NOTEBOOK, sha256
from giamngheo.run.report import made_files
from giamngheo.run.software import Software, software


class InputsMissingError(GiamngheoError):
    """The report cannot be made again: inputs are not what they were."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        told = "\n".join(f"{name}: {reason}." for name, reason in reasons.items())
        super().__init__(f"Không lập lại được từ đúng số liệu cũ:\n{told}")


@dataclass(frozen=True)
class Verdict:
    """What differs.

    touched: files that someone changed after the report was made. different: files that come out otherwise now.
    changes: how the software of today differs from that of the report.
    """

    touched: tuple[str, ...]
    different: tuple[str, ...]
    changes: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the report is, byte for byte, what its inputs give."""
        return not self.touched and not self.different


def verified(folder: Path, data: Path) -> Verdict:
    """Verdict on the report in `folder`, made again from the workbooks of the folder `data`; nothing is written.

    Raises NoManifestError, InputsMissingError, and what making a report raises.
    """
    kept = read_manifest(folder)
    sources = _sources(kept, data)
    with tempfile.TemporaryDirectory(prefix="giamngheo-") as name:
        for path, source in sources.items():
            (Path(name) / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, Path(name) / path)
        files = made_files(kept.recipe, Path(name))
    return Verdict(
        touched=tuple(name for name, digest in kept.outputs.items() if _digest(folder / name) != digest),
        different=tuple(name for name, digest in kept.outputs.items() if sha256(files[name]) != digest),
        changes=tuple(_changes(kept.recipe.software, software())),
    )


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
    return sha256(path.read_bytes()) if path.is_file() else ""


def _changes(then: Software, now: Software) -> list[str]:
    changes = [] if then.code_sha256 == now.code_sha256 else [f"giamngheo {then.revision} → {now.revision}"]
    versions = {"Python": (then.python, now.python)}
    versions |= {name: (then.libraries.get(name, "–"), version) for name, version in now.libraries.items()}
    return changes + [f"{name} {old} → {new}" for name, (old, new) in versions.items() if old != new]
