"""Outputs written aside and put in place whole."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from giamngheo.errors import GiamngheoError, reason
from giamngheo.lock import locked

LOCK = ".lock"
"""File beside the reports of a unit that whoever puts one in place holds."""

REPORT_FILES = frozenset({"report.html", "report.pdf", "report.docx", "report.ipynb", "tables.xlsx", "manifest.json"})


class UnwritableOutputError(GiamngheoError):
    """The folder of the outputs cannot be written, or one of its files is open elsewhere."""

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(
            f"Không ghi được vào {folder}: {why}. Đóng các tệp báo cáo đang mở, kiểm tra quyền ghi và"
            " dung lượng đĩa rồi chạy lại; báo cáo cũ còn nguyên."
        )


Keep = Callable[[Path, Path], None]
"""Moves what stays of an earlier folder into the one that has taken its place."""


def publish(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes `files` by name as the whole content of `folder`, or nothing.

    They are written to a folder beside it, which then takes its place by renaming; files of the earlier folder
    that no report writes (an officer's own) move along. One writer at a time. Raises UnwritableOutputError.
    """
    with _writing(folder, _keep_foreign), _aside(folder) as fresh:
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        _replace(folder, fresh, _keep_foreign)


@contextmanager
def publishing(folder: Path) -> Iterator[Path]:
    """An empty folder to fill, which then takes the place of `folder`; whatever that held is gone.

    One writer at a time. Nothing changes when filling it fails. Raises UnwritableOutputError.
    """
    with _writing(folder, _keep_nothing), _aside(folder) as fresh:
        yield fresh
        _replace(folder, fresh, _keep_nothing)


def publish_file(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, one writer at a time. Raises UnwritableOutputError."""
    with _writing(path, _keep_nothing), _aside(path) as fresh:
        (fresh / path.name).write_bytes(content)
        (fresh / path.name).replace(path)


def restore(folder: Path) -> None:
    """Repairs a report that a writer left who was cut off: the earlier folder goes back, halves go away."""
    _restore(folder, _keep_foreign)


@contextmanager
def _writing(path: Path, keep: Keep) -> Iterator[None]:
    """Holds the lock beside `path`, made sound first; a fault of the disk becomes an UnwritableOutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.parent / LOCK):
            _restore(path, keep)
            yield
    except OSError as error:
        raise UnwritableOutputError(path, reason(error)) from error


def _restore(folder: Path, keep: Keep) -> None:
    retired = _retired(folder)
    if retired.exists() and not folder.exists():
        retired.rename(folder)
    elif retired.exists():
        keep(retired, folder)
    for half in (retired, *folder.parent.glob(f"{_half(folder)}*")):
        shutil.rmtree(half, ignore_errors=True)


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    fresh = Path(tempfile.mkdtemp(prefix=_half(folder), dir=folder.parent))
    fresh.chmod(0o755)
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _replace(folder: Path, fresh: Path, keep: Keep) -> None:
    """Puts `fresh` in the place of `folder`."""
    retired = _retired(folder)
    if folder.exists():
        folder.rename(retired)
    try:
        fresh.rename(folder)
    except OSError:
        if retired.exists():
            retired.rename(folder)
        raise
    if retired.exists():
        keep(retired, folder)
        shutil.rmtree(retired, ignore_errors=True)


def _half(folder: Path) -> str:
    return f".{folder.name}.new-"


def _retired(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _keep_foreign(earlier: Path, folder: Path) -> None:
    for path in earlier.iterdir():
        if path.name not in REPORT_FILES and not (folder / path.name).exists():
            path.rename(folder / path.name)


def _keep_nothing(earlier: Path, folder: Path) -> None:
    pass
