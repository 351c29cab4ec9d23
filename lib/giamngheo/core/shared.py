"""Folders that several users may write: which links and folders in them a command of one user takes for its own."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from giamngheo.core.errors import shown

_MOST_LINKS = 40
"""Links that lead to links, as Linux follows them."""

FOREIGN_LINK = "là liên kết do người dùng khác đặt"
"""What is said of one: it could have a command read what its user may read, and tell others, or write it."""


def is_own_folder(folder: Path) -> bool:
    """Return whether a folder is no link and nobody else's."""
    try:
        about = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(about.st_mode) and (os.name == "nt" or about.st_uid == os.geteuid())


@contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """Make a folder with those above it; those that were not there go again where the block fails. Raises OSError."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for place in missing:
            with suppress(OSError):  # somebody has put something there meanwhile
                place.rmdir()
        raise


def foreign_link(path: Path, left: int = _MOST_LINKS) -> Path | None:
    """Return the first link on the way to a file or folder that is another user's, and neither this one's nor root's.

    Whoever shares a folder can put a link there, and have what is written end wherever this user may write.
    """
    whole = path.absolute()
    for place in (*reversed(whole.parents), whole) if os.name != "nt" and left else ():
        if not place.is_symlink():
            continue
        if place.lstat().st_uid not in (0, os.geteuid()):
            return place
        if found := foreign_link(place.parent / place.readlink(), left - 1):
            return found
    return None


def is_foreign_link(path: Path) -> bool:
    """Return whether a file or folder is a link, and another user's or by way of another user's."""
    return path.is_symlink() and foreign_link(path) is not None


def refuse_foreign_link(path: Path) -> None:
    """Raise OSError where a link of another user is on the way to a file or folder that is to be written."""
    if link := foreign_link(path):
        raise OSError(errno.EXDEV, f"{shown(link)} {FOREIGN_LINK}; ghi thẳng đường dẫn thật")
