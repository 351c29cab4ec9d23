"""Copies of a report's inputs, read once: what is hashed is what the report is made from, whoever saves meanwhile."""

import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir

from giamngheo.core.errors import MachineError
from giamngheo.core.foreign import LARGEST, blocks
from giamngheo.core.scratch import scratch_folder
from giamngheo.run.execution.normalise import notebook_source

_NOTEBOOK_SUFFIX = ".ipynb"

_ANY_SIZE = (".csv", ".parquet", ".tsv", ".txt")
"""Endings of household files, which may be as large as there is room for their copies."""

_PLACE = "project"
"""What the copies lie in: a data folder may be called as a file of the scratch folder is."""


@dataclass(frozen=True)
class Inputs:
    """Inputs that lie in a folder of the run's own, each at its name (`sources`: where it was read), with SHA-256.

    folders: own names of folders whose files were copied, by those of the copies.
    """

    folder: Path
    sources: Mapping[str, Path]
    digests: Mapping[str, str]
    folders: Mapping[str, str] = field(default_factory=dict)

    def told(self, message: str) -> str:
        """Return a message that names each copy by the file that it is a copy of."""
        names = dict(self.folders) | {Path(name).name: source.name for name, source in self.sources.items()}
        names |= {str(self.folder / name): str(source) for name, source in self.sources.items()}
        longest_first = sorted(names, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest_first)), lambda found: names[found[0]], message)


@contextmanager
def copied(sources: Mapping[str, Path], folders: Mapping[str, str] | None = None) -> Iterator[Inputs]:
    """Copy files into a folder that only this user can read, each to its name; they are gone at the end.

    A notebook is copied as normalise.notebook_source has it. folders: as in Inputs. Raises UnreadableError,
    TooLargeError, NoNotebookError, MachineError.
    """
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(scratch_folder("inputs")) / _PLACE
            folder.mkdir(0o700)
            digests = {name: _copy(source, folder / name) for name, source in sources.items()}
        except OSError as error:
            raise MachineError(error) from error
        yield Inputs(folder, sources, digests, folders or {})


def input_digest(source: Path) -> str:
    """Return the SHA-256 that `copied` would give a file. Raises UnreadableError, TooLargeError, NoNotebookError."""
    digest = hashlib.sha256()
    for block in _content(source):
        digest.update(block)
    return digest.hexdigest()


def _copy(source: Path, target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("xb") as file:
        for block in _content(source):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def _content(source: Path) -> Iterator[bytes]:
    if source.suffix == _NOTEBOOK_SUFFIX:
        yield notebook_source(source)
    else:
        yield from blocks(source, shutil.disk_usage(gettempdir()).free if source.suffix in _ANY_SIZE else LARGEST)
