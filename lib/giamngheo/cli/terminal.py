"""What commands share: what every one does at the terminal, the options of those that make many reports.

A command says errors of ours in a line, stops on Ctrl-C, writes for any encoding, and ends in words where the machine
fails it: too little memory, an output that nothing can be written to.
"""

import codecs
import io
import os
import stat
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from giamngheo.core.errors import GiamngheoError, WrongUseError, reason, shown
from giamngheo.core.foreign import blocks
from giamngheo.core.isolation import INTERRUPTED, raise_when_interrupted
from giamngheo.core.message import shortened
from giamngheo.core.paths import beside, opened

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from tqdm import tqdm


@contextmanager
def explained() -> Iterator[None]:
    """End the command with the words and the exit status of an error of ours, or of the system."""
    try:
        yield
    except BrokenPipeError:
        raise  # whoever read the output wants no more of it
    except OSError as error:
        where = shown(shortened(str(error.filename))) if error.filename else "tệp hoặc thư mục"
        click.echo(f"Không làm được với {where}: {reason(error)}. Kiểm tra tên, quyền và ổ đĩa rồi chạy lại.", err=True)
        sys.exit(1)
    except GiamngheoError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_status)


def tell_beside(workbooks: Iterable[Path]) -> None:
    """Say of each workbook that it is open elsewhere, and which copies beside it are not read."""
    for words in (words for path in workbooks for words in beside(path)):
        click.echo(f"Lưu ý: {words}", err=True)


def tell_opened(files: Iterable[Path]) -> None:
    """Say of each file that came from elsewhere that it is open."""
    for words in (words for path in files for words in opened(path)):
        click.echo(f"Lưu ý: {words}", err=True)


@contextmanager
def owner_told(path: Path) -> Iterator[None]:
    """Say of a file that is written over whose it was, where it is this user's now and no group may write it."""
    former = _owner(path)
    yield
    if former and (now := _owner(path)) != former and not path.stat().st_mode & stat.S_IWGRP:
        owners = f"nay là của {shown(now)}; chủ cũ {shown(former)} có thể không còn ghi được"
        click.echo(f"Lưu ý: {shown(path)} {owners}, cần thì cho nhóm ghi (chmod g+w).", err=True)


def _owner(path: Path) -> str:
    """Return who owns a file, by number where he has no name; "" where there is none, or on Windows."""
    try:
        return path.owner()
    except KeyError:
        return str(path.stat().st_uid)
    except (OSError, NotImplementedError):
        return ""


STOPPED = "Đã dừng theo yêu cầu; báo cáo đã xong còn nguyên, chạy lại để làm tiếp."


class StoppedError(click.ClickException):
    """Someone pressed Ctrl-C."""

    exit_code = INTERRUPTED

    def __init__(self) -> None:
        super().__init__(STOPPED)

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the line, below what a progress bar may have left."""
        click.echo("\n" * sys.stderr.isatty() + self.message, file=file, err=True)


@contextmanager
def stopped_by_user() -> Iterator[None]:
    """Turn Ctrl-C into a StoppedError."""
    try:
        raise_when_interrupted()
        yield
    except KeyboardInterrupt:
        raise StoppedError from None


_BARE = "giamngheo-bare"
_PLAIN = str.maketrans({"đ": "d", "Đ": "D", "–": "-", "—": "-", "…": "...", "‘": "'", "’": "'", "“": '"', "”": '"'})


def write_readably() -> None:
    """Has "Không có đơn vị" written as "Khong co don vi" where the output cannot hold it; it was an error."""
    codecs.register_error(_BARE, _without_marks)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_BARE)


def _without_marks(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = unicodedata.normalize("NFKD", error.object[error.start : error.end].translate(_PLAIN))
    bare = (letter for letter in letters if not unicodedata.combining(letter))
    return "".join(letter if letter.isascii() else "?" for letter in bare), error.end


LEAST_MEMORY = 1_200_000_000
"""Bytes that a report needs of what `ulimit -v` limits, measured; with less, libraries end the process as they like."""

_FAILED = 1

_NO_THREAD = "can't start new thread"
"""What Python says, by no error of its own, where the user may have no more of them."""


@contextmanager
def ended_in_words() -> Iterator[None]:
    """End the command with a sentence where memory or the standard output fails."""
    refuse_little_memory()
    try:
        yield
    except MemoryError:
        click.echo("Thiếu bộ nhớ; báo cáo và sổ cũ còn nguyên. Đóng bớt chương trình khác rồi chạy lại.", err=True)
        sys.exit(_FAILED)
    except RuntimeError as error:
        if str(error) != _NO_THREAD:
            raise
        click.echo(
            "Máy không cho mở thêm luồng (ulimit -u); báo cáo và sổ cũ còn nguyên. Nâng giới hạn rồi chạy lại.",
            err=True,
        )
        sys.exit(_FAILED)
    finally:
        _write_out()


def refuse_little_memory() -> None:
    """End the command where the limit of its memory would end it without a word."""
    if sys.platform == "win32":
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < LEAST_MEMORY:
        click.echo(
            f"Giới hạn bộ nhớ của phiên làm việc (ulimit -v) là {limit // 1_000_000} MB, chương trình cần ít nhất"
            f" {LEAST_MEMORY // 1_000_000} MB; nâng giới hạn rồi chạy lại.",
            err=True,
        )
        sys.exit(_FAILED)


def _write_out() -> None:
    """Write what standard output still holds, and end the command where that fails."""
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # where Python writes it at the end
        if not isinstance(error, BrokenPipeError):  # whoever read the output wants no more of it
            click.echo(f"Không ghi được ra đầu ra chuẩn (stdout): {reason(error)}.", err=True)
        sys.exit(_FAILED)


class IncompleteTlsError(WrongUseError):
    """Files for TLS without the others, or without a cluster that speaks it."""

    def __init__(self) -> None:
        super().__init__("Cần đủ --scheduler tls://…, --tls-ca-file, --tls-cert và --tls-key khi cụm dask dùng TLS.")


_FILE = click.Path(exists=True, dir_okay=False)

_OPTIONS = (
    click.option(
        "--scheduler",
        default="",
        metavar="ĐỊA_CHỈ",
        help="Cụm dask đang chạy và đáng tin, ví dụ tls://10.0.0.5:8786; máy của cụm có thể gửi mã về chạy ở máy này.",
    ),
    click.option("--tls-ca-file", type=_FILE, help="Chứng thư gốc của cụm dask (PEM)."),
    click.option("--tls-cert", type=_FILE, help="Chứng thư của người chạy (PEM)."),
    click.option("--tls-key", type=_FILE, help="Khóa của người chạy (PEM)."),
)


def scheduler_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that name a dask cluster, which it takes as one: `scheduler`."""

    @wraps(command)
    def chosen(*, scheduler: str, **options: Any) -> None:
        from giamngheo.run.execution.cluster import Scheduler

        files = [options.pop(name) for name in ("tls_ca_file", "tls_cert", "tls_key")]
        with explained():
            if any(files) and not all((scheduler.startswith("tls://"), *files)):
                raise IncompleteTlsError
            for file in filter(None, files):
                next(blocks(Path(file)), b"")  # what is no file, or not for this user, is told
        command(scheduler=Scheduler(scheduler, *files) if scheduler else None, **options)

    for option in reversed(_OPTIONS):
        chosen = option(chosen)
    return chosen


def progress(doing: str, total: int) -> "tqdm[None]":
    """Return a progress bar of so many reports; it shows nothing where the output is no terminal."""
    from tqdm import tqdm

    bar = f"{doing}: {{n_fmt}}/{{total_fmt}} |{{bar}}| {{elapsed}}, còn {{remaining}}"
    return tqdm(total=total, bar_format=bar, disable=not sys.stderr.isatty())
