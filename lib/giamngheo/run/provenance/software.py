"""Which code and which libraries make a report: told by the content of files alone, so nobody needs git."""

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import giamngheo

LIBRARIES = (
    "babel",
    "beautifulsoup4",
    "defusedxml",
    "duckdb",
    "fastparquet",
    "ipython",
    "jinja2",
    "matplotlib",
    "mistune",
    "nbconvert",
    "nbformat",
    "nh3",
    "numpy",
    "openpyxl",
    "pandas",
    "papermill",
    "pillow",
    "pypandoc_binary",
    "scipy",
    "typst",
)
"""Those whose version shows in a report."""

_PACKAGE = Path(giamngheo.__file__).parent
_LOCK = _PACKAGE.parents[1] / "requirements.lock"
_TEXT = {".css", ".ipynb", ".jinja", ".j2", ".js", ".json", ".lua", ".mplstyle", ".po", ".py", ".toml", ".txt", ".typ"}
_BINARY = {".gz", ".mo", ".ttf", ".woff2"}
"""Kinds of files that the package is made of; others that lie in it (notes, copies of an editor) change no report."""


@dataclass(frozen=True)
class Software:
    """What made a report.

    version: of the package. code_sha256: of the files of the package; the notebook is among the inputs. lock_sha256:
    of requirements.lock, "" where the package is installed without it.
    """

    version: str
    code_sha256: str
    lock_sha256: str
    python: str
    libraries: Mapping[str, str]


@cache
def software() -> Software:
    """Return the software of this process."""
    return Software(
        version=version("giamngheo"),
        code_sha256=_code_sha256(),
        lock_sha256=_digest(_LOCK) if _LOCK.is_file() else "",
        python=platform.python_version(),
        libraries={name: version(name) for name in LIBRARIES},
    )


def _code_sha256() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in _PACKAGE.rglob("*") if _is_code(path)):
        digest.update(f"{path.relative_to(_PACKAGE).as_posix()}\0{_digest(path)}\n".encode())
    return digest.hexdigest()


def _is_code(path: Path) -> bool:
    return path.suffix in _TEXT | _BINARY and not path.name.startswith(".") and path.is_file()


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file, of a text whichever line ends the system that unpacked it writes."""
    content = path.read_bytes()
    return hashlib.sha256(content if path.suffix in _BINARY else content.replace(b"\r\n", b"\n")).hexdigest()
