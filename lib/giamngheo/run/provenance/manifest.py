"""manifest.json: what a report was made from and what came out, as W3C PROV.

PROV-JSON (https://www.w3.org/submissions/prov-json/) rather than RO-Crate: the question an auditor asks is what came
from what; RO-Crate describes a folder that travels, under a file name and with a context of its own. There are no
times in it: the same inputs give the same manifest.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, cast
from urllib.parse import quote, unquote

from giamngheo.core.errors import GiamngheoError, UnreadableError, reason, shown
from giamngheo.core.foreign import content, fault, told_in_json
from giamngheo.core.paths import MANIFEST, PUBLISHED, SHARED
from giamngheo.core.shared import FOREIGN_LINK, is_foreign_link
from giamngheo.regulation.own import FOLDER
from giamngheo.report.key_figures import MalformedFiguresError, key_figures
from giamngheo.run.provenance.recipe import GIVEN, Recipe, sha256
from giamngheo.run.provenance.software import Software
from giamngheo.run.publishing.exports import FORMATS

_INPUT, _OUTPUT, _FINDING, _RUN, _SOFTWARE = "input:", "output:", "finding:", "run:report", "software:giamngheo"
_SHARED, _OWN = ("giamngheo", "input", "software", "parameter", "figure", "library"), ("run", "output", "finding")
"""Prefixes of names that mean the same in every manifest, and of names that are of one report.

Attributes that are tables have a prefix of their own, since a value in PROV-JSON is a text, a number or a list.
"""


_ABOUT = ("unit", "period", "data", "notebook", "title", "folder")
"""What of a recipe says which report it is of."""

_SCHEMA = "manifest.schema.json"
_NEEDED = {
    "type": "kiểu",
    "maximum": "số không lớn hơn",
    "minimum": "số không nhỏ hơn",
    "pattern": "dạng",
    "maxLength": "số chữ nhiều nhất",
}
"""What a keyword of the schema asks for."""

_TOLD = 80
"""Characters of a value that a message repeats."""

_LARGEST = 10_000_000
"""Bytes of a manifest that is read; one with a thousand findings has 300,000."""


class NoManifestError(GiamngheoError):
    """The folder has no manifest that can be read."""

    def __init__(self, path: Path, why: str = "") -> None:
        self.why = f" ({why})" if why else ""
        super().__init__(f"Không có {shown(path)} đọc được; lập lại báo cáo bằng giamngheo report.{self.why}")


class ChangedReportError(GiamngheoError):
    """Files of the report are not those that were made: whoever shares the folder may have put others there."""

    def __init__(self, folder: Path, changed: Sequence[str]) -> None:
        names = ", ".join(map(shown, changed))
        super().__init__(f"{shown(folder)}: {names} đã bị sửa sau khi lập; lập lại bằng --force.")


class OtherReportError(GiamngheoError):
    """The report in a folder is another than the folder is for: somebody copied or moved it there."""

    def __init__(self, folder: Path, kept: Recipe) -> None:
        place = shown(f"{kept.unit}/{kept.folder}")
        told = f"({place}); để báo cáo ấy trong thư mục {place}" if kept.unit else "(lập từ các tệp ở nơi khác)"
        super().__init__(f"{shown(folder / MANIFEST)} là của báo cáo khác {told}; báo cáo của thư mục này thì lập lại.")


class MalformedRecordError(GiamngheoError):
    """What a notebook keeps for the manifest is not what one holds."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Ô ghi số liệu cho {MANIFEST} của sổ tay sai: {shown(why)}.")


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
    """Return the manifest as the bytes of its file. Raises MalformedRecordError where it could not be read back."""
    told = _provenance(manifest)
    try:
        text = json.dumps(_valid(told), ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
        return f"{text}\n".encode()
    except ValueError as error:
        raise MalformedRecordError(str(error)) from error


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the report in a folder. Raises NoManifestError."""
    path = folder / MANIFEST
    try:
        if not path.exists():
            raise NoManifestError(path)
        if is_foreign_link(folder) or is_foreign_link(path):
            raise NoManifestError(path, FOREIGN_LINK)
        manifest = _manifest(_valid(_told(path)))
    except OSError as error:
        raise NoManifestError(path, reason(error)) from error
    except UnreadableError as error:
        raise NoManifestError(path, error.why) from error
    except _MalformedError as error:
        raise NoManifestError(path, str(error)) from error
    if faults := list(_faults(manifest)):
        raise NoManifestError(path, "; ".join(faults))
    return manifest


def is_in_place(folder: Path, kept: Recipe) -> bool:
    """Return whether a folder is that of the report of a unit which it holds, or of a published version of that."""
    whole = Path(os.path.abspath(folder))  # noqa: PTH100 - the name by which it is asked for, wherever a link leads
    place = whole.parents[1] if whole.parent.name == PUBLISHED else whole
    return (place.parent.name, place.name) == (kept.unit, kept.folder)


def check_place(folder: Path, kept: Recipe) -> None:
    """Raise OtherReportError where the report in a folder is that of another unit or period."""
    if not is_in_place(folder, kept):
        raise OtherReportError(folder, kept)


def files_as_made(folder: Path, kept: Manifest, names: Iterable[str]) -> dict[str, bytes]:
    """Return the content of files of the report in a folder. Raises ChangedReportError, UnreadableError."""
    files = {name: content(folder / name) for name in names}
    if changed := [name for name, found in files.items() if sha256(found) != kept.outputs.get(name)]:
        raise ChangedReportError(folder, changed)
    return files


class _MalformedError(ValueError):
    """The text is no manifest; the message says what was read where."""


def _told(path: Path) -> Any:
    """Return what a file says in JSON. Raises UnreadableError, _MalformedError."""
    try:
        return told_in_json(content(path, _LARGEST))
    except ValueError as error:
        raise _MalformedError("nội dung không phải JSON còn nguyên vẹn") from error


def _valid(told: Any) -> Mapping[str, Any]:
    """Return what was read, once it is known to be as the schema has it. Raises _MalformedError."""
    if error := fault(told, __package__, _SCHEMA):
        place = " / ".join(map(shown, error.absolute_path)) or "tệp"
        raise _MalformedError(f"{place} là {_short(error.instance)}, {_expected(error)}")
    return cast("Mapping[str, Any]", told)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return shown(text if len(text) <= _TOLD else f"{text[:_TOLD]}…")


def _expected(error: Any) -> str:
    """Return what stands in the schema where something else was read."""
    needed = error.validator_value
    if error.validator == "required":
        return f"thiếu {', '.join(name for name in needed if name not in error.instance)}"
    if error.validator in _NEEDED:
        return f"cần {_NEEDED[error.validator]} {needed}"
    return f"không đúng dạng của {MANIFEST}"


def warnings_of(folder: Path) -> int:
    """Return how many warnings the data of the report in a folder gives. Raises NoManifestError."""
    try:
        return key_figures(read_manifest(folder).figures).warnings or 0
    except MalformedFiguresError as error:
        raise NoManifestError(folder / MANIFEST, str(error)) from error


def _provenance(manifest: Manifest) -> dict[str, Any]:
    inputs, outputs = (_hashed(*of) for of in ((_INPUT, manifest.recipe.inputs), (_OUTPUT, manifest.outputs)))
    findings = {
        f"{_FINDING}{n}": _typed("giamngheo:Finding") | _named("giamngheo", finding)
        for n, finding in enumerate(manifest.findings, 1)
    }
    plan = _INPUT + quote(manifest.recipe.notebook)
    inputs[plan] |= _typed("prov:Plan")
    made = [*outputs, *findings]
    return {
        "prefix": _prefixes(manifest.recipe),
        "entity": inputs | outputs | findings,
        "activity": {_RUN: _activity(manifest)},
        "agent": {_SOFTWARE: _agent(manifest.recipe.software)},
        "used": {f"_:used{n}": {"prov:activity": _RUN, "prov:entity": name} for n, name in enumerate(inputs)},
        "wasGeneratedBy": {f"_:made{n}": {"prov:entity": name, "prov:activity": _RUN} for n, name in enumerate(made)},
        "wasAssociatedWith": {"_:by": {"prov:activity": _RUN, "prov:agent": _SOFTWARE, "prov:plan": plan}},
    }


def _prefixes(recipe: Recipe) -> dict[str, str]:
    report = quote(f"{recipe.unit}/{recipe.folder}/")
    shared = {name: f"urn:giamngheo:{name}:" for name in _SHARED}
    return shared | {name: f"urn:giamngheo:{name}:{report}" for name in _OWN}


def _activity(manifest: Manifest) -> dict[str, Any]:
    recipe = manifest.recipe
    about = {name: getattr(recipe, name) for name in _ABOUT} | {"formats": list(recipe.formats)}
    about |= {"note": recipe.note} if recipe.note else {}
    known = {name: value for name, value in manifest.figures.items() if value is not None}
    return _named("giamngheo", about) | _named("parameter", recipe.parameters) | _named("figure", known)


def _agent(software: Software) -> dict[str, Any]:
    about = asdict(software)
    libraries = about.pop("libraries")
    return _typed("prov:SoftwareAgent") | _named("giamngheo", about) | _named("library", libraries)


def _manifest(provenance: Mapping[str, Any]) -> Manifest:
    """Return the manifest that is told in the form of the schema. Raises _MalformedError."""
    run, agent = provenance["activity"][_RUN], provenance["agent"][_SOFTWARE]
    about = _bare("giamngheo", run)
    recipe = Recipe(
        **{name: about[name] for name in _ABOUT},
        parameters=_bare("parameter", run),
        formats=tuple(about["formats"]),
        inputs=_hashes(provenance, _INPUT),
        software=Software(**_bare("giamngheo", agent), libraries=_bare("library", agent)),
        note=about.get("note", ""),
    )
    return Manifest(recipe, _bare("figure", run), _findings(provenance), _hashes(provenance, _OUTPUT))


def _faults(manifest: Manifest) -> Iterator[str]:
    """Yield what no run of ours has written: it would lead to other files or to another report than the folder's."""
    recipe = manifest.recipe
    if unknown := set(recipe.formats) - set(FORMATS):
        yield f"định dạng lạ: {', '.join(map(shown, sorted(unknown)))}"
    for name in ("unit", "period", "data"):
        value = getattr(recipe, name)
        if (other := recipe.parameters.get(name, value)) != value:
            yield f"{MANIFEST} là của báo cáo khác (tham số {name} là {_short(other)}, không phải {value!r})"
    if recipe.data and (not _is_below(recipe.data) or len(PureWindowsPath(recipe.data).parts) > 1):
        yield f"thư mục số liệu {recipe.data!r} không phải tên một thư mục"
    if bool(recipe.data) != bool(recipe.unit):
        yield f"đơn vị {recipe.unit!r}, thư mục số liệu {recipe.data!r}: phải ghi cả hai, hoặc để trống cả hai"
    if recipe.notebook not in recipe.inputs:
        yield "thiếu sổ tay trong các tệp đầu vào"
    place = f"{recipe.data}/{recipe.unit}/" if recipe.data else ""
    places = (place, f"{recipe.data}/{FOLDER}/") if recipe.data else (GIVEN,)
    shared = (f"{recipe.data}/{name}" for name in SHARED)
    beside = {recipe.notebook, *recipe.modules, *shared}
    of_units = f"{re.escape(recipe.data)}/[^/\\\\]+/" if recipe.data else ""  # other units', for one's own notebook
    books = re.compile(rf"{of_units}[0-9]+\.xlsx")
    for name in recipe.inputs:
        if not (_is_below(name) and (name in beside or name.startswith(places) or books.fullmatch(name))):
            yield f"tệp đầu vào {name!r} không ở trong {shown(place)}"
    for name in manifest.outputs:
        if not _is_below(name) or len(PureWindowsPath(name).parts) != 1:
            yield f"tệp báo cáo {name!r} không ở trong thư mục của báo cáo"


def _is_below(name: str) -> bool:
    """Return whether the path of an input, as we write it, stays in the folder it is relative to, on every system."""
    path = PureWindowsPath(name)
    return not (path.drive or path.root or ".." in path.parts) and str(PurePosixPath(name)) == name


def _findings(provenance: Mapping[str, Any]) -> list[dict[str, str]]:
    told = {name: entry for name, entry in provenance["entity"].items() if name.startswith(_FINDING)}
    names = [f"{_FINDING}{n}" for n in range(1, len(told) + 1)]
    if missing := [name for name in names if name not in told]:
        raise _MalformedError(f"thiếu {', '.join(missing)}")
    return [_bare("giamngheo", told[name]) for name in names]


def _hashed(prefix: str, hashes: Mapping[str, str]) -> dict[str, Any]:
    """Return entities of files; a name in PROV holds no space, and a path may."""
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
