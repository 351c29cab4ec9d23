"""Which code and which libraries make a report."""

import hashlib
import platform
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

import giamngheo

LIBRARIES = (
    "babel",
    "ipykernel",
    "jinja2",
    "mistune",
    "nbclient",
    "nbconvert",
    "nbformat",
    "numpy",
    "openpyxl",
    "pandas",
    "papermill",
    "pypandoc_binary",
    "typst",
)
"""Those whose version shows in a report."""

_PACKAGE = Path(giamngheo.__file__).parent
_CODE = ("lib", "notebooks", "pyproject.toml", "requirements.lock")


@dataclass(frozen=True)
class Software:
    """What made a report.

    code_sha256: digest of every file of the package, which is what equality goes by.

    revision: what git calls the commit, or the version of the package where there is no git; changed: the code
    differs from that commit.
    """

    code_sha256: str
    python: str
    libraries: Mapping[str, str]
    revision: str = field(compare=False)
    changed: bool = field(compare=False)


@cache
def software() -> Software:
    """The software of this process."""
    revision = _git("describe", "--always", "--tags")
    return Software(
        code_sha256=_code_sha256(),
        python=platform.python_version(),
        libraries={name: version(name) for name in LIBRARIES},
        revision=revision or version("giamngheo"),
        changed=bool(revision) and _git("status", "--porcelain", "--", *_CODE) != "",
    )


def _git(*arguments: str) -> str:
    """What git says of the project's folder; nothing where the package is installed without it."""
    root, program = _PACKAGE.parents[1], shutil.which("git")
    if program is None or not (root / ".git").exists():
        return ""
    done = subprocess.run([program, "-C", root, *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _code_sha256() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in _PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        digest.update(f"{path.relative_to(_PACKAGE).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
