"""What the commands that make many reports share: the cluster they are made on, the progress bar."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from giamngheo.cli.terminal import explained
from giamngheo.core.errors import WrongUseError
from giamngheo.core.paths import blocks
from giamngheo.run.cluster import Scheduler


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
    bar = f"{doing}: {{n_fmt}}/{{total_fmt}} |{{bar}}| {{elapsed}}, còn {{remaining}}"
    return tqdm(total=total, bar_format=bar, disable=not sys.stderr.isatty())
