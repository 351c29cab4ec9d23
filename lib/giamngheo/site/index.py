"""The list of the reports below a folder, and a folder of the public ones that can be published as it is.

A report belongs to the list when its manifest can be read and stands in the folder of its own unit and period; a file
of it is linked when its SHA-256 is the one in the manifest, so that the figures shown are those of the file linked.
That is looked at unless the times of all files are those that a run of ours gives them; what is published is always
looked at.

The public site is a folder of its own, because what is published is a folder: it holds report.html, report.pdf,
report.docx and tables.xlsx of the reports made with audience=public, and the list of them. It never holds
manifest.json, which names and fingerprints the workbooks and the software, nor report.ipynb, which repeats them and
keeps the notes of the notebook; tables.xlsx has the cells of the report's own tables and nothing else.
"""

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from giamngheo.core.errors import GiamngheoError, UnreadableError, reason, shown
from giamngheo.core.foreign import blocks, content
from giamngheo.core.paths import FILES, MANIFEST
from giamngheo.core.period import MalformedPeriodError, Period
from giamngheo.core.shared import FOREIGN_LINK, foreign_link, is_foreign_link
from giamngheo.report.key_figures import MalformedFiguresError, key_figures
from giamngheo.run.provenance.inputs import input_digest
from giamngheo.run.provenance.manifest import Manifest, NoManifestError, is_in_place, read_manifest
from giamngheo.run.provenance.recipe import placed, sha256
from giamngheo.run.publishing.publication import (
    Publication,
    linked_by_others,
    publications,
    verified_on,
    version_folder,
)
from giamngheo.run.publishing.publish import (
    REPORT_FILES,
    InterruptedRunError,
    UnwritableOutputError,
    holds_report,
    is_hidden,
    publish_file,
    publishing,
    whole,
    write_new,
    written_together,
)
from giamngheo.site.page import INDEX, LABELS, PUBLIC_MARK, SITE_MARK, UNITS, SiteReport, site_pages


class NoReportsError(GiamngheoError):
    """There is nothing to list."""

    def __init__(self, out: Path, left_out: Sequence[str]) -> None:
        none = f"Trong {out} chưa có báo cáo nào; lập bằng giamngheo report hoặc giamngheo batch."
        unusable = f"Trong {out} không có báo cáo nào đưa được vào danh mục; danh mục cũ còn nguyên."
        super().__init__("\n".join([*left_out, unusable if left_out else none]))


class NoPublicReportsError(GiamngheoError):
    """There is nothing to publish."""

    def __init__(self, out: Path, left_out: Sequence[str]) -> None:
        none = f"Trong {out} chưa có báo cáo công khai nào; lập bằng giamngheo report … --parameter audience=public."
        super().__init__("\n".join([*left_out, none]))


class ForeignFolderError(GiamngheoError):
    """The folder of the public site holds something else, which would be published or lost."""

    def __init__(self, folder: Path, found: Path) -> None:
        super().__init__(
            f"{folder} có {found.relative_to(folder)}, không phải tệp của trang công khai;"
            " chọn thư mục khác bằng --into."
        )


class ForeignPageError(GiamngheoError):
    """A page stands where the list is to be that is none."""

    def __init__(self, page: Path) -> None:
        super().__init__(f"{shown(page)} không phải danh mục báo cáo, sẽ bị ghi đè; chuyển sang thư mục khác.")


class _UnusableError(GiamngheoError):
    """A report, or a file of it, is left out."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{shown(path)}: {reason}; không đưa vào danh mục.")


@dataclass(frozen=True)
class Found:
    """A report that is listed.

    files: content of its files that are as they were made, by name; empty where it was not read. inputs: SHA-256 of
    the files of the data folder that it was made from, by their paths in the folder that holds that.
    """

    report: SiteReport
    files: Mapping[str, bytes]
    inputs: Mapping[str, str]


@dataclass(frozen=True)
class Site:
    """A site that was written: its page, the reports it lists, and what was left out, a line each."""

    page: Path
    reports: tuple[SiteReport, ...]
    left_out: tuple[str, ...]


def make_site(out: Path, data: Path | None = None) -> Site:
    """Write out/index.html, the list of all reports below `out`, and the pages of its units where it is long.

    data: folder of the workbooks, with which the list then says which reports are of others than those of today.
    Raises NoReportsError, ForeignPageError, UnreadableError, UnwritableOutputError.
    """
    _check_pages(out, [INDEX])
    left_out: list[str] = []
    found, seen = found_reports(out, left_out.append, trust=_put_together), dict[Path, str]()
    reports = tuple(each.report if data is None else _compared(each, data, seen) for each in found)
    if not reports:
        raise NoReportsError(out, left_out)
    pages = site_pages(reports)
    if of_units := {Path(name).name for name in pages if name != INDEX}:
        with publishing(out / UNITS, of_units.__contains__, check=lambda: _check_pages(out, pages)) as fresh:
            _write_pages(fresh, pages)
    publish_file(out / INDEX, pages[INDEX].encode(), check=lambda: _check_pages(out, [INDEX]))
    _remove_pages(out / UNITS, but=of_units)  # now no list leads to them, wherever this is stopped
    return Site(out / INDEX, reports, tuple(left_out))


def _check_pages(out: Path, names: Iterable[str]) -> None:
    """Raise ForeignPageError where something else stands in the place of a page of the list."""
    for page in (out / name for name in names):
        if os.path.lexists(page) and not _is_page(page, SITE_MARK):
            raise ForeignPageError(page)


def make_public_site(out: Path, into: Path) -> Site:
    """Write the folder `into` anew: copies of the public reports below `out`, and the list of them.

    Raises NoPublicReportsError, ForeignFolderError, UnwritableOutputError; the earlier folder then stays.
    """
    left_out: list[str] = []
    reports: list[SiteReport] = []
    with publishing(into, lambda name: True, check=lambda: _check_ours(into), folders=True) as fresh:
        _check_ours(into)
        for found in found_reports(out, left_out.append):
            if found.report.is_public:
                reports.append(_copied(found, fresh))
        if not reports:
            raise NoPublicReportsError(out, left_out)
        pages = site_pages(reports, public=True)
        if len(pages) > 1:
            (fresh / UNITS).mkdir(exist_ok=True)
            _write_pages(fresh / UNITS, pages)
        write_new(fresh / INDEX, pages[INDEX].encode())
    return Site(into / INDEX, tuple(reports), tuple(left_out))


def _compared(found: Found, data: Path, seen: dict[Path, str]) -> SiteReport:
    """Return a report that knows whether its inputs are those of the data folder. seen: SHA-256 of files read."""
    paths = {data / Path(*Path(name).parts[1:]): sha for name, sha in found.inputs.items()}
    for path in paths.keys() - seen.keys():
        seen[path] = _digest_now(path)
    return replace(found.report, is_outdated=any(seen[path] != sha for path, sha in paths.items()))


def _digest_now(path: Path) -> str:
    """Return the SHA-256 of an input, "" where there is none that can be read: manifests name what they like."""
    try:
        return input_digest(placed(path))
    except GiamngheoError:
        return ""


def _write_pages(folder: Path, pages: Mapping[str, str]) -> None:
    """Write the pages of units into their folder."""
    for name, page in pages.items():
        if name != INDEX:
            write_new(folder / Path(name).name, page.encode())


def _remove_pages(folder: Path, but: Collection[str]) -> None:
    """Remove the pages that an earlier, longer list had of units; a folder that another user linked is none of ours.

    Raises UnwritableOutputError.
    """
    if foreign_link(folder):
        return
    try:
        for path in folder.glob("*.html"):
            if path.name not in but and _is_page(path, SITE_MARK):
                path.unlink()
    except OSError as error:
        raise UnwritableOutputError(folder, error) from error
    with suppress(OSError):  # it holds something else, or is not there
        folder.rmdir()


def _is_page(path: Path, mark: str) -> bool:
    """Return whether a file is a page of a list, which says so at its beginning."""
    if path.suffix == ".html" and path.is_file():
        with suppress(UnreadableError):
            return mark.encode() in next(blocks(path), b"")
    return False


Trust = Callable[[Path, Manifest], Collection[str]]
"""Names of the files of a report in a folder that need not be read to know that they are as they were made."""


def _in_nothing(folder: Path, manifest: Manifest) -> Collection[str]:
    return ()


def _put_together(folder: Path, manifest: Manifest) -> Collection[str]:
    """Return the files of a report where all were put in place at one time, the manifest among them."""
    names = [MANIFEST, *manifest.outputs]
    try:
        told = [(folder / name).stat() for name in names]
    except OSError:
        return ()
    is_whole = all(stat.S_ISREG(each.st_mode) and each.st_size for each in told)
    return names if is_whole and written_together(told) else ()


def found_reports(out: Path, leave_out: Callable[[str], None], *, trust: Trust = _in_nothing) -> Iterator[Found]:
    """Yield the reports below `out` by unit and period; tell `leave_out` of what is none."""
    folders = [folder for unit in _folders(out, leave_out) for folder in _folders(unit, leave_out)]
    for folder in folders:
        try:
            if holds_report(folder):
                yield _found(folder, leave_out, trust)
        except _UnusableError as error:
            leave_out(str(error))
        except UnreadableError as error:
            leave_out(str(_UnusableError(folder, f"không đọc được ({error.why})")))


def _folders(parent: Path, leave_out: Callable[[str], None]) -> list[Path]:
    """Return folders in a folder by name, without those that someone is still writing."""
    try:
        found = sorted(path for path in parent.iterdir() if path.is_dir() and not path.name.startswith("."))
        foreign = list(filter(is_foreign_link, found))
    except FileNotFoundError:
        return []
    except OSError as error:
        leave_out(str(_UnusableError(parent, f"không đọc được ({reason(error)})")))
        return []
    for path in foreign:
        leave_out(str(_UnusableError(path, FOREIGN_LINK)))
    return [path for path in found if path not in foreign]


def _found(folder: Path, leave_out: Callable[[str], None], trust: Trust) -> Found:
    """Return the report in a folder, read while nobody replaces it. Raises _UnusableError."""
    try:
        with whole(folder):
            manifest = read_manifest(folder)
            files = _sound_files(folder, manifest, leave_out, trust(folder, manifest))
        report = _listed(folder, manifest, files, leave_out)
    except NoManifestError as error:
        raise _UnusableError(folder, f"không có {MANIFEST} đọc được{error.why}") from error
    except InterruptedRunError as error:
        raise _UnusableError(folder, error.why) from error
    except UnreadableError as error:
        raise _UnusableError(folder, f"không đọc được ({error.why})") from error
    except OSError as error:
        raise _UnusableError(folder, f"không đọc được ({reason(error)})") from error
    except (MalformedFiguresError, MalformedPeriodError) as error:
        raise _UnusableError(folder / MANIFEST, str(error).rstrip(".")) from error
    recipe = manifest.recipe
    inputs = {name: sha for name, sha in recipe.inputs.items() if recipe.data and name != recipe.notebook}
    return Found(report, files, inputs)


def _listed(
    folder: Path, manifest: Manifest, files: Mapping[str, bytes], leave_out: Callable[[str], None]
) -> SiteReport:
    """Return the report as it is listed. Raises _UnusableError, MalformedFiguresError, MalformedPeriodError."""
    recipe = manifest.recipe
    if not recipe.unit:
        raise _UnusableError(folder, "lập từ các tệp ở nơi khác, không thuộc thư mục của đơn vị nào")
    if not is_in_place(folder, recipe):
        raise _UnusableError(folder, f"{MANIFEST} là của báo cáo khác ({shown(f'{recipe.unit}/{recipe.folder}')})")
    if not set(files) & set(FILES.values()):
        raise _UnusableError(folder, "không còn tệp báo cáo nào như khi lập")
    linked = tuple(name for name in LABELS if name in files or name == MANIFEST)
    period, figures = Period.parse(recipe.period), key_figures(manifest.figures)
    is_public = recipe.parameters.get("audience") == "public"
    report = SiteReport(recipe.unit, period, figures, linked, folder.name, recipe.title, is_public)
    for link in linked_by_others(folder):
        leave_out(str(_UnusableError(link, FOREIGN_LINK)))
    return replace(report, versions=dict(_versions(folder, leave_out)), verified=verified_on(folder))


def _versions(folder: Path, leave_out: Callable[[str], None]) -> Iterator[tuple[str, str]]:
    """Yield a file of each published version of a report, below its folder, and what the version is called.

    That is its scan, or the report where it has none; `leave_out` is told of what is gone or no longer what was kept.
    """
    for entry in publications(folder):
        place = version_folder(folder, entry.version)
        for name, kept in _published(place, entry, leave_out):
            if not (why := _why_not_linked(place / name, kept)):
                yield (place / name).relative_to(folder).as_posix(), entry.words
                break
            leave_out(str(_UnusableError(place / name, why)))


def _published(place: Path, entry: Publication, leave_out: Callable[[str], None]) -> Iterator[tuple[str, str]]:
    """Yield names and SHA-256 of the files by which a published version can be read, the scan first."""
    if entry.scan:
        yield entry.scan, entry.scan_sha256
    try:
        made = read_manifest(place).outputs
        yield from ((name, made[name]) for name in FILES.values() if name in made)
    except NoManifestError as error:
        leave_out(str(_UnusableError(place, f"không có {MANIFEST} đọc được{error.why}")))
    except UnreadableError as error:
        leave_out(str(_UnusableError(place, f"không đọc được ({error.why})")))


def _why_not_linked(path: Path, kept: str) -> str:
    """Return why a file of a published version is not linked, "" where its SHA-256 is that of what was kept."""
    if not path.is_file():
        return "không còn"
    try:
        return "" if sha256(content(path)) == kept else "đã thay đổi sau khi phát hành"
    except UnreadableError as error:
        return f"không đọc được ({error.why})"


def _sound_files(
    folder: Path, manifest: Manifest, leave_out: Callable[[str], None], trusted: Collection[str]
) -> dict[str, bytes]:
    """Return the content of the report's files that are as they were made."""
    files = {name: b"" for name in manifest.outputs if name in trusted and name in LABELS}
    for name, made in manifest.outputs.items():
        if name in files or name in REPORT_FILES - LABELS.keys():
            continue
        path = folder / name
        found = content(path) if name in LABELS and path.is_file() else None
        if found is not None and sha256(found) == made:
            files[name] = found
        else:
            reason = "không còn" if found is None else "đã thay đổi sau khi lập báo cáo"
            leave_out(str(_UnusableError(path, reason)))
    return files


def _copied(found: Found, site: Path) -> SiteReport:
    """Return the report as it is in the public site, into which its files are copied."""
    report = found.report
    folder = site / report.unit / report.folder
    folder.mkdir(parents=True)
    names = tuple(name for name in FILES.values() if name in found.files)
    for name in names:
        write_new(folder / name, found.files[name])
    return replace(report, files=names, versions={}, verified=None)


def _check_ours(into: Path) -> None:
    """Raise ForeignFolderError unless the folder is missing, empty or a public site and nothing else."""
    paths = [path for path in sorted(into.rglob("*")) if not is_hidden(path.relative_to(into).parts[0])]
    for path in paths:
        parts = path.relative_to(into).parts
        is_page = (parts == (INDEX,) or (parts[0] == UNITS and len(parts) == 2)) and _is_page(path, PUBLIC_MARK)
        is_copy = len(parts) == 3 and parts[2] in FILES.values() and path.is_file()
        if not (is_page or is_copy or (len(parts) < 3 and path.is_dir())):
            raise ForeignFolderError(into, path)
    if paths and not (into / INDEX).is_file():
        raise ForeignFolderError(into, paths[0])
