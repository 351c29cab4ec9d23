"""Whether the code that makes a report is that of a commit."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from giamngheo.run import software as room
from giamngheo.run.software import Software, software


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of one module in a project of one commit with a tag, which stands for ours."""
    folder = tmp_path / "lib" / "giamngheo"
    folder.mkdir(parents=True)
    (folder / "module.py").write_text("one = 1", "utf-8")
    git = ["git", "-C", tmp_path, "-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init"], ["add", "."], ["commit", "-m", "first"], ["tag", "v1"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    monkeypatch.setattr(room, "_PACKAGE", folder)
    yield folder
    software.cache_clear()


def now() -> Software:
    software.cache_clear()
    return software()


pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")


def test_a_commit_is_named_and_unchanged(package: Path) -> None:
    assert (now().revision, now().changed) == ("v1", False)


@pytest.mark.parametrize("name", ["module.py", "new.toml"])
def test_code_that_is_not_committed_is_flagged_and_another_code(package: Path, name: str) -> None:
    before = now()
    (package / name).write_text("two = 2", "utf-8")
    assert (now().revision, now().changed) == ("v1", True)
    assert now() != before


def test_what_is_no_code_is_not_flagged(package: Path) -> None:
    before = now()
    (package.parents[1] / "notes.txt").write_text("x", "utf-8")
    (package / "module.pyc").write_bytes(b"x")
    assert (now() == before, now().revision) == (True, "v1")


def test_without_git_the_version_is_named(package: Path) -> None:
    shutil.rmtree(package.parents[1] / ".git")
    assert (now().revision, now().changed) == (room.version("giamngheo"), False)
