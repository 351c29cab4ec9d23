"""A command that the user stops with Ctrl-C: what it says, and its exit status."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

INTERRUPTED = 130
"""Exit status of a command that the user stopped, as shells have it."""

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
        yield
    except KeyboardInterrupt:
        raise StoppedError from None
