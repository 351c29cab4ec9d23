"""Folders that verify looks at: of reports, of their published versions, of the copies that a public site has."""

import os
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from giamngheo.core.errors import UnreadableError
from giamngheo.core.foreign import digest
from giamngheo.core.paths import EXECUTED, FILES, MANIFEST, PUBLISHED, is_lost_folder
from giamngheo.core.shared import foreign_link
from giamngheo.run.provenance.manifest import NoManifestError, read_manifest
from giamngheo.run.publishing.publication import RECORD
from giamngheo.run.publishing.publish import REPORT_FILES, InterruptedRunError, is_set_aside, repair

Name = tuple[str, str]
"""What a report's folder is called, and the one that it lies in."""


@dataclass(frozen=True)
class Places:
    """Folders of reports that are to be made again, and of published versions, whose data may have changed since."""

    reports: tuple[Path, ...]
    versions: tuple[Path, ...]


def places(outputs: Sequence[Path]) -> Places:
    """Return the folders of reports and versions in some folders, each of these itself where it holds none.

    A published version that is named itself, or the folder of all of them, is both. Copies of files of one of the
    reports, as a public site has them, are no reports. Raises OSError where no file can have such a name.
    """
    reports: dict[Path, None] = {}
    versions: dict[Path, None] = {}
    for output in outputs:
        for folder in _folders(output):
            is_below = folder.is_relative_to(output) and PUBLISHED in folder.relative_to(output).parts
            is_version = _name(folder)[1] == PUBLISHED and (is_below or os.path.lexists(folder / RECORD))
            if is_version:
                versions[folder] = None
            if not (is_below and is_version):
                reports[folder] = None
    made = dict(_made(reports))
    return Places(tuple(folder for folder in reports if not _is_copy(folder, made)), tuple(versions))


def _folders(output: Path) -> list[Path]:
    """Return folders in a folder that hold a file called as one of a report, or the folder itself where none does.

    Files that a killed run left moved aside are put back first. One is of a report, too, whose manifest is gone, or
    whose files this user cannot put back. What cannot be read, is a link of another user, or one that leads nowhere in
    the place of a folder, counts, so that it is told and not passed over.
    """
    with suppress(FileNotFoundError, NotADirectoryError):
        output.lstat()
    found: set[Path] = set()
    seen: set[str] = set()
    unread: list[OSError] = []
    for name, folders, files in os.walk(output, onerror=unread.append, followlinks=True):
        place = Path(name)
        seen.add(os.path.realpath(place))
        if any(map(is_set_aside, folders)):
            with suppress(InterruptedRunError):  # told where the report is read
                repair(place)
            _, folders[:], files = next(os.walk(place), (name, [], []))
        if any(map(is_set_aside, folders)) or (REPORT_FILES | {RECORD}) & {*files, *folders}:
            found.add(place)
        found |= {place / name for name in files if is_lost_folder(place / name)}
        found |= {place / name for name in (*folders, *files) if place.name == PUBLISHED and name.isdecimal()}
        links = {below for below in folders if (place / below).is_symlink()}
        found |= {place / link for link in links if foreign_link(place / link)}
        passed = {link for link in links if place / link in found or os.path.realpath(place / link) in seen}
        below = (below for below in folders if not (below.startswith(".") or below in passed))
        folders[:] = _walked(place.relative_to(output).parts, below)
    return sorted({*found, *(Path(error.filename) for error in unread)}) or [output]


def _walked(parts: tuple[str, ...], folders: Iterator[str]) -> list[str]:
    """Return those of the folders in a place that are looked into: of published versions only they, nothing below."""
    if PUBLISHED in parts[-2:-1]:
        return []
    return [name for name in folders if PUBLISHED not in parts[-1:] or name.isdecimal()]


def _name(folder: Path) -> Name:
    whole = Path(os.path.abspath(folder))  # noqa: PTH100 - the name by which it is asked for, wherever a link leads
    return whole.name, whole.parent.name


def _made(reports: Mapping[Path, None]) -> Iterator[tuple[Name, AbstractSet[str]]]:
    """Yield what the folder of each report is called, and SHA-256 of its files by its manifest."""
    for folder in reports:
        with suppress(NoManifestError):
            yield _name(folder), set(read_manifest(folder).outputs.values())


def _is_copy(folder: Path, made: Mapping[Name, AbstractSet[str]]) -> bool:
    """Return whether a folder has neither manifest nor notebook, only files that the report of its name has as well."""
    there = {name for name in REPORT_FILES if os.path.lexists(folder / name)}
    if not there or {MANIFEST, EXECUTED} & there or not there <= set(FILES.values()):
        return False
    try:
        return all(digest(folder / name) in made.get(_name(folder), ()) for name in there)
    except UnreadableError:
        return False
