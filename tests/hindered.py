"""What may stand where an optional file of a data folder would, and cannot be read: none may be taken for nothing."""

import os
from collections.abc import Callable
from pathlib import Path


def dangling(path: Path) -> None:
    path.symlink_to(path.parent / "not-mounted" / path.name)


def circling(path: Path) -> None:
    path.symlink_to(path.name)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


HINDRANCES: tuple[Callable[[Path], None], ...] = (dangling, circling, pipe, folder)
if not hasattr(os, "mkfifo"):
    HINDRANCES = (dangling, circling, folder)
