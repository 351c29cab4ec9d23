"""How the command ends where the machine fails it: too little memory, an output that nothing can be written to."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from giamngheo.core.errors import reason

if sys.platform != "win32":
    import resource

LEAST_MEMORY = 1_200_000_000
"""Bytes that a report needs of what `ulimit -v` limits, measured; with less, libraries end the process as they like."""

_FAILED = 1


@contextmanager
def ended_in_words() -> Iterator[None]:
    """End the command with a sentence where memory or the standard output fails."""
    refuse_little_memory()
    try:
        yield
    except MemoryError:
        click.echo("Thiếu bộ nhớ; báo cáo và sổ cũ còn nguyên. Đóng bớt chương trình khác rồi chạy lại.", err=True)
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
