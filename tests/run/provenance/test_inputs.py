"""What is hashed is what the report is made from, whenever somebody saves the workbook."""

import io
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import nbformat
import pytest

from giamngheo.core.period import Period
from giamngheo.run.execution.execute import Run
from giamngheo.run.kinds import kind_named
from giamngheo.run.provenance.manifest import read_manifest
from giamngheo.run.provenance.recipe import order, sha256
from giamngheo.run.report import make_report

A, B = b"A" * 24, b"B" * 30

BOOK = "data/dong/2023.xlsx"


def replaced(path: Path, content: bytes) -> None:
    """Save as Excel does: another file takes the place of the one that is there."""
    (path.parent / "~new").write_bytes(content)
    os.replace(path.parent / "~new", path)  # noqa: PTH105 - Path is patched


def overwritten(path: Path, content: bytes) -> None:
    """Save as some programs do on a network folder: into the file that is there."""
    handle = os.open(path, os.O_WRONLY | os.O_TRUNC)
    os.write(handle, content)
    os.close(handle)


class Reading(io.BytesIO):
    """An open file whose reader is interrupted before each block."""

    def __init__(self, file: io.FileIO, step: Callable[[], None]) -> None:
        super().__init__()
        self._file, self._step = file, step

    def read(self, size: int | None = -1) -> bytes:
        """Return the next block."""
        self._step()
        return self._file.read(size)

    def fileno(self) -> int:
        """Return the number of the file."""
        return self._file.fileno()

    def tell(self) -> int:
        """Return how far the file is read."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


@pytest.fixture
def saved_at(project: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Iterator[int]]:
    """Has the workbook saved as B and as A again at a step of its reading; the steps are counted."""

    def at(step: int, save: Callable[[Path, bytes], None]) -> Iterator[int]:
        book, steps = project / BOOK, count()
        opened, exists = Path.open, Path.exists

        def happens() -> None:
            number = next(steps)
            if number in (step, step + 2):
                save(book, B if number == step else A)

        def opening(path: Path, mode: str = "r", *arguments: object, **options: object) -> object:
            if path != book or mode != "rb":
                return opened(path, mode, *arguments, **options)
            happens()
            return Reading(opened(path, mode, 0), happens)

        def looking(path: Path) -> bool:
            if path == book:
                happens()
            return exists(path)

        save(book, A)
        monkeypatch.setattr("giamngheo.core.foreign._BLOCK", 8)
        monkeypatch.setattr(Path, "open", opening)
        monkeypatch.setattr(Path, "exists", looking)
        return steps

    return at


@pytest.mark.parametrize("save", [replaced, overwritten])
@pytest.mark.parametrize("step", range(8))
def test_a_workbook_saved_during_its_reading_has_the_hash_of_what_was_read(
    project: Path, saved_at: Callable[..., Iterator[int]], step: int, save: Callable[[Path, bytes], None]
) -> None:
    made_from: list[bytes] = []

    def execute(run: Run) -> nbformat.NotebookNode:
        made_from.append((run.cwd / BOOK).read_bytes())
        save(project / BOOK, B)  # and once more while the report is made
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(made_from[0].decode())])

    how = {"data": project / "data", "out": project / "outputs", "formats": ("html",)}
    asked = order("dong", Period(2023, 1), kind_named(), **how)
    steps = saved_at(step, save)
    make_report(asked, execute=execute)
    assert next(steps) >= 6  # every step of the reading was one at which it was saved
    assert read_manifest(asked.folder).recipe.inputs[BOOK] == sha256(made_from[0])
    assert save is overwritten or made_from[0] in (A, B)
