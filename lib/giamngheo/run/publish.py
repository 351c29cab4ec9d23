"""Outputs written aside and put in place whole.

A report goes into the folder that is there: a link is followed, a mount point or the working folder stays what it is,
its rights too, and what is not of the report is never touched. New files are written to a hidden folder in it; then
the earlier ones are moved aside and, after all of them, the new ones into place. A folder that is not there yet is
written beside its place and appears whole. Whoever comes after a writer that
was killed finishes that or takes it back. Hidden names of ours are never followed where they are links: who shares the
folder could have put them there.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from giamngheo.core.errors import GiamngheoError, reason
from giamngheo.core.lock import passing_lock

LOCK = ".giamngheo-lock"
"""File in a folder that whoever puts something in place there holds."""

REPORT_FILES = frozenset({"report.html", "report.pdf", "report.docx", "report.ipynb", "tables.xlsx", "manifest.json"})

_NEW, _READY, _OLD = ".giamngheo-new", ".giamngheo-ready", ".giamngheo-old"
"""Hidden folders in that of the outputs: files half written, files all written, the earlier ones."""

HIDDEN = frozenset({LOCK, _NEW, _READY, _OLD})


class UnwritableOutputError(GiamngheoError):
    """The folder of the outputs cannot be written, or one of its files is open elsewhere."""

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(
            f"Không ghi được vào {folder}: {why}. Đóng các tệp báo cáo đang mở, kiểm tra quyền ghi và"
            " dung lượng đĩa rồi chạy lại; báo cáo cũ còn nguyên."
        )


def publish(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by name as the whole report in `folder`, or nothing; other files of the folder stay.

    One writer at a time. Raises UnwritableOutputError.
    """
    with publishing(folder, REPORT_FILES.__contains__) as fresh:
        for name, content in files.items():
            (fresh / name).write_bytes(content)


def publish_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, through a link to where it leads. Raises UnwritableOutputError."""
    try:
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(f".{target.name}{_NEW}")
        with passing_lock(target.parent / LOCK):
            _remove(half)
            try:
                with half.open("xb") as file:
                    file.write(content)
                half.replace(target)
            finally:
                _remove(half)
    except OSError as error:
        raise UnwritableOutputError(path, reason(error)) from error


@contextmanager
def publishing(folder: Path, is_ours: Callable[[str], bool]) -> Iterator[Path]:
    """Give an empty folder to fill, whose content then takes the place of what `is_ours` by its name in `folder`.

    One writer at a time. Nothing changes when filling it fails. Raises UnwritableOutputError.
    """
    try:
        with _locked_place(folder) as fresh:
            fresh.mkdir()
            try:
                yield fresh
                if fresh.parent == folder:
                    _swap(folder, is_ours)
                else:
                    fresh.rename(folder)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise UnwritableOutputError(folder, reason(error)) from error


@contextmanager
def _locked_place(folder: Path) -> Iterator[Path]:
    """Hold off other writers and give the place of what is new: in the folder, beside it where there is none yet."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        if not folder.exists():
            stack.enter_context(passing_lock(folder.parent / LOCK))
        if folder.exists():
            stack.enter_context(passing_lock(folder / LOCK))
            _repair(folder)
            yield folder / _NEW
        else:
            beside = folder.with_name(f".{folder.name}{_NEW}")
            _remove(beside)
            yield beside


@contextmanager
def undisturbed(folder: Path) -> Iterator[None]:
    """Hold off writers while a folder is read, and repair what a killed one left, as far as this user may write."""
    with ExitStack() as stack:
        with suppress(OSError):
            stack.enter_context(passing_lock(folder / LOCK))
            _repair(folder)
        yield


def _repair(folder: Path) -> None:
    """Finish what a killed writer had all written; take back what it had not."""
    _remove(folder / _NEW)
    for name in (_READY, _OLD):
        if (folder / name).is_symlink():
            (folder / name).unlink()
    if (folder / _READY).exists():
        _put_in_place(folder)
    else:
        _take_back(folder)


def _swap(folder: Path, is_ours: Callable[[str], bool]) -> None:
    """Put what is new in the place of what is ours, or leave everything where something is open elsewhere."""
    earlier = folder / _OLD
    earlier.mkdir()
    try:
        for path in sorted(folder.iterdir()):
            if not path.name.startswith(".") and is_ours(path.name):
                path.rename(earlier / path.name)
        (folder / _NEW).rename(folder / _READY)
    except OSError:
        _take_back(folder)
        raise
    _put_in_place(folder)


def _take_back(folder: Path) -> None:
    earlier = folder / _OLD
    if earlier.exists():
        for path in earlier.iterdir():
            path.rename(folder / path.name)
        earlier.rmdir()


def _put_in_place(folder: Path) -> None:
    for path in sorted((folder / _READY).iterdir()):
        path.rename(folder / path.name)
    _remove(folder / _OLD)
    (folder / _READY).rmdir()


def _remove(path: Path) -> None:
    """Take away what lies at a hidden name of ours, if anything does; of a link the link, never where it leads."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
