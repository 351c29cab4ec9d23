"""manifest.json: what a report was made from and what came out, as W3C PROV.

PROV-JSON (https://www.w3.org/submissions/prov-json/) rather than RO-Crate: the question an auditor asks is what came
from what; RO-Crate describes a folder that travels, under a file name and with a context of its own. There are no
times in it: the same inputs give the same manifest.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PureWindowsPath
from typing import Any
from urllib.parse import quote, unquote

from giamngheo.errors import GiamngheoError
from giamngheo.run.exports import FORMATS
from giamngheo.run.recipe import NOTEBOOK, Recipe
from giamngheo.run.software import Software

MANIFEST = "manifest.json"

_INPUT, _OUTPUT, _FINDING, _RUN, _SOFTWARE = "input:", "output:", "finding:", "run:report", "software:giamngheo"
_PLAN = _INPUT + NOTEBOOK
_SHARED, _OWN = ("giamngheo", "input", "software", "parameter", "figure", "library"), ("run", "output", "finding")
"""Prefixes of names that mean the same in every manifest, and of names that are of one report.

Attributes that are tables have a prefix of their own, since a value in PROV-JSON is a text, a number or a list.
"""


class NoManifestError(GiamngheoError):
    """The folder has no manifest that can be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"Không có {path} đọc được; lập lại báo cáo bằng giamngheo report.")


@dataclass(frozen=True)
class Manifest:
    """What a report was made from (recipe), what it found and said, SHA-256 of its files by name (outputs).

    figures: those that are not known may be missing.
    """

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
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NoManifestError(path) from error


def _provenance(manifest: Manifest) -> dict[str, Any]:
    inputs, outputs = (_hashed(*of) for of in ((_INPUT, manifest.recipe.inputs), (_OUTPUT, manifest.outputs)))
    findings = {
        f"{_FINDING}{n}": _typed("giamngheo:Finding") | _named("giamngheo", finding)
        for n, finding in enumerate(manifest.findings, 1)
    }
    inputs[_PLAN] |= _typed("prov:Plan")
    made = [*outputs, *findings]
    return {
        "prefix": _prefixes(manifest.recipe),
        "entity": inputs | outputs | findings,
        "activity": {_RUN: _activity(manifest)},
        "agent": {_SOFTWARE: _agent(manifest.recipe.software)},
        "used": {f"_:used{n}": {"prov:activity": _RUN, "prov:entity": name} for n, name in enumerate(inputs)},
        "wasGeneratedBy": {f"_:made{n}": {"prov:entity": name, "prov:activity": _RUN} for n, name in enumerate(made)},
        "wasAssociatedWith": {"_:by": {"prov:activity": _RUN, "prov:agent": _SOFTWARE, "prov:plan": _PLAN}},
    }


def _prefixes(recipe: Recipe) -> dict[str, str]:
    report = quote(f"{recipe.unit}/{recipe.period}/")
    shared = {name: f"urn:giamngheo:{name}:" for name in _SHARED}
    return shared | {name: f"urn:giamngheo:{name}:{report}" for name in _OWN}


def _activity(manifest: Manifest) -> dict[str, Any]:
    recipe = manifest.recipe
    about = {"unit": recipe.unit, "period": recipe.period, "formats": list(recipe.formats)}
    known = {name: value for name, value in manifest.figures.items() if value is not None}
    return _named("giamngheo", about) | _named("parameter", recipe.parameters) | _named("figure", known)


def _agent(software: Software) -> dict[str, Any]:
    about = asdict(software)
    libraries = about.pop("libraries")
    return _typed("prov:SoftwareAgent") | _named("giamngheo", about) | _named("library", libraries)


def _manifest(provenance: Mapping[str, Any]) -> Manifest:
    """The manifest that is told. Raises what a text of another kind raises."""
    run, agent = provenance["activity"][_RUN], provenance["agent"][_SOFTWARE]
    about = _bare("giamngheo", run)
    recipe = Recipe(
        unit=about["unit"],
        period=about["period"],
        parameters=_bare("parameter", run),
        formats=tuple(about["formats"]),
        inputs=_hashes(provenance, _INPUT),
        software=Software(**_bare("giamngheo", agent), libraries=_bare("library", agent)),
    )
    if not (set(recipe.formats) <= set(FORMATS) and "data" in recipe.parameters and all(map(_is_below, recipe.inputs))):
        raise ValueError(recipe)
    return Manifest(recipe, _bare("figure", run), _findings(provenance), _hashes(provenance, _OUTPUT))


def _is_below(name: str) -> bool:
    """Whether the path of an input stays in the folder it is relative to, on every system."""
    path = PureWindowsPath(name)
    return not (path.drive or path.root or ".." in path.parts)


def _findings(provenance: Mapping[str, Any]) -> list[dict[str, str]]:
    told = {name: entry for name, entry in provenance["entity"].items() if name.startswith(_FINDING)}
    return [_bare("giamngheo", told[f"{_FINDING}{n}"]) for n in range(1, len(told) + 1)]


def _hashed(prefix: str, hashes: Mapping[str, str]) -> dict[str, Any]:
    """Entities of files; a name in PROV holds no space, and a path may."""
    return {prefix + quote(name): {"giamngheo:sha256": value} for name, value in sorted(hashes.items())}


def _hashes(provenance: Mapping[str, Any], prefix: str) -> dict[str, str]:
    entities = {name: entry for name, entry in provenance["entity"].items() if name.startswith(prefix)}
    return {unquote(name.removeprefix(prefix)): entry["giamngheo:sha256"] for name, entry in entities.items()}


def _typed(name: str) -> dict[str, Any]:
    return {"prov:type": {"$": name, "type": "prov:QUALIFIED_NAME"}}


def _named(prefix: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{prefix}:{name}": value for name, value in values.items()}


def _bare(prefix: str, values: Mapping[str, Any]) -> dict[str, Any]:
    start = f"{prefix}:"
    return {name.removeprefix(start): value for name, value in values.items() if name.startswith(start)}
