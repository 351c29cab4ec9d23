"""Errors of ours as a person reads them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from giamngheo.errors import GiamngheoError


@contextmanager
def explained() -> Iterator[None]:
    """Ends the command with the words of an error of ours on the error stream and with its exit status."""
    try:
        yield
    except GiamngheoError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_status)
