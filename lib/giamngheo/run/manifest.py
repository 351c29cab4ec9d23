"""manifest.json: what a report was made from and what came out, as W3C PROV.

PROV-JSON (https://www.w3.org/submissions/prov-json/) rather than RO-Crate: the question an auditor asks is what came
from what; RO-Crate describes a folder that travels, under a file name and with a context of its own. There are no
times in it: the same inputs give the same manifest.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from giamngheo.errors import GiamngheoError
from giamngheo.run.recipe import Recipe
from giamngheo.run.software import Software

MANIFEST = "manifest.json"

_INPUT, _OUTPUT, _RUN, _SOFTWARE = "input:", "output:", "run:report", "software:giamngheo"
_PREFIXES = {name: f"urn:giamngheo:{name}:" for name in ("giamngheo", "input", "output", "run", "software")}


class NoManifestError(GiamngheoError):
    """The folder has no manifest that can be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"Không có {path} đọc được; lập lại báo cáo bằng giamngheo report.")


@dataclass(frozen=True)
class Manifest:
    """What a report was made from (recipe), what it found and said, SHA-256 of its files by name (outputs)."""

    recipe: Recipe
    figures: Mapping[str, Any]
    findings: Sequence[Mapping[str, str]]
    outputs: Mapping[str, str]


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as the bytes of its file."""
    text = json.dumps(_provenance(manifest), ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def read_manifest(folder: Path) -> Manifest:
    """Manifest of the report in a folder. Raises NoManifestError."""
    path = folder / MANIFEST
    try:
        return _manifest(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoManifestError(path) from error


def _provenance(manifest: Manifest) -> dict[str, Any]:
    recipe = manifest.recipe
    inputs = [_INPUT + name for name in recipe.inputs]
    outputs = [_OUTPUT + name for name in manifest.outputs]
    hashes = {_INPUT + name: value for name, value in recipe.inputs.items()}
    hashes |= {_OUTPUT + name: value for name, value in manifest.outputs.items()}
    run: dict[str, Any] = {"unit": recipe.unit, "period": recipe.period, "parameters": dict(recipe.parameters)}
    run |= {"formats": list(recipe.formats), "figures": manifest.figures, "findings": list(manifest.findings)}
    agent = _named(asdict(recipe.software)) | {"prov:type": {"$": "prov:SoftwareAgent", "type": "prov:QUALIFIED_NAME"}}
    return {
        "prefix": _PREFIXES,
        "entity": {name: _named({"sha256": value}) for name, value in hashes.items()},
        "activity": {_RUN: _named(run)},
        "agent": {_SOFTWARE: agent},
        "used": {f"_:used{n}": {"prov:activity": _RUN, "prov:entity": name} for n, name in enumerate(inputs)},
        "wasGeneratedBy": {
            f"_:made{n}": {"prov:entity": name, "prov:activity": _RUN} for n, name in enumerate(outputs)
        },
        "wasAssociatedWith": {"_:by": {"prov:activity": _RUN, "prov:agent": _SOFTWARE}},
    }


def _manifest(provenance: Mapping[str, Any]) -> Manifest:
    run, agent = (_bare(provenance[kind][name]) for kind, name in (("activity", _RUN), ("agent", _SOFTWARE)))
    software = Software(**{name: value for name, value in agent.items() if not name.startswith("prov:")})
    recipe = Recipe(
        unit=run["unit"],
        period=run["period"],
        parameters=dict(run["parameters"]),
        formats=tuple(run["formats"]),
        inputs=_hashes(provenance, _INPUT),
        software=software,
    )
    return Manifest(recipe, dict(run["figures"]), run["findings"], _hashes(provenance, _OUTPUT))


def _hashes(provenance: Mapping[str, Any], prefix: str) -> dict[str, str]:
    entities = provenance["entity"].items()
    return {name.removeprefix(prefix): entry["giamngheo:sha256"] for name, entry in entities if name.startswith(prefix)}


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"giamngheo:{name}": value for name, value in values.items()}


def _bare(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("giamngheo:"): value for name, value in values.items()}
