"""Errors of ours as a person reads them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from giamngheo.core.errors import GiamngheoError, reason
from giamngheo.core.message import shortened


@contextmanager
def explained() -> Iterator[None]:
    """Ends the command with the words of an error of ours or of the system, on the error stream, and its status."""
    try:
        yield
    except BrokenPipeError:
        raise  # whoever read the output wants no more of it
    except OSError as error:
        where = shortened(str(error.filename)) if error.filename else "tệp hoặc thư mục"
        click.echo(f"Không làm được với {where}: {reason(error)}. Kiểm tra tên, quyền và ổ đĩa rồi chạy lại.", err=True)
        sys.exit(1)
    except GiamngheoError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_status)
