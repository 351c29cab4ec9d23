"""What tells one code from another: the content of its files, and nothing that git or the machine says."""

import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from giamngheo.run.provenance import software as room
from giamngheo.run.provenance.software import Software, software

ROOT = Path(__file__).parents[3]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of one module in a project with a lock, which stands for ours."""
    folder = tmp_path / "lib" / "giamngheo"
    folder.mkdir(parents=True)
    (folder / "module.py").write_bytes(b"one = 1\ntwo = 2\n")
    (tmp_path / "requirements.lock").write_bytes(b"pandas==3\n")
    monkeypatch.setattr(room, "_PACKAGE", folder)
    monkeypatch.setattr(room, "_LOCK", tmp_path / "requirements.lock")
    yield folder
    software.cache_clear()


def now() -> Software:
    software.cache_clear()
    return software()


@pytest.mark.parametrize("name", ["module.py", "new.toml", "folder/new.j2"])
def test_code_that_was_changed_or_added_is_another(package: Path, name: str) -> None:
    before = now()
    (package / name).parent.mkdir(exist_ok=True)
    (package / name).write_text("three = 3", "utf-8")
    assert now().code_sha256 != before.code_sha256


def test_another_lock_is_another_software_and_none_is_said(package: Path) -> None:
    before = now()
    (package.parents[1] / "requirements.lock").write_text("pandas==4", "utf-8")
    assert now().lock_sha256 not in ("", before.lock_sha256)
    (package.parents[1] / "requirements.lock").unlink()
    assert now().lock_sha256 == ""


@pytest.mark.parametrize("name", ["module.pyc", "module.py~", ".module.py.swp", ".#module.py", "Thumbs.db", "x.orig"])
def test_what_is_no_code_changes_nothing(package: Path, name: str) -> None:
    before = now()
    (package / name).write_bytes(b"x")
    (package.parents[1] / "notes.py").write_bytes(b"x")
    assert now() == before


def test_the_line_ends_of_a_download_change_nothing(package: Path) -> None:
    before = now()
    for path in (package / "module.py", package.parents[1] / "requirements.lock"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert now() == before


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
def test_git_changes_nothing(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = now()
    git = ["git", "-C", tmp_path, "-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init"], ["add", "."], ["commit", "-m", "first"], ["tag", "v1"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
        assert now() == before
    monkeypatch.setenv("GIT_DIR", str(ROOT / ".git"))
    monkeypatch.setenv("PATH", "")
    assert now() == before


def test_every_kind_of_file_of_the_package_is_code_or_left_over() -> None:
    kinds = {path.suffix for path in room._PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert kinds <= room._TEXT | room._BINARY


UNSEEN = {
    *("click", "fastjsonschema", "jsonschema", "tqdm"),
    *("dask", "distributed", "tornado"),
    "python-calamine",
    *("ipywidgets", "jupyter-server", "jupyterlab", "traitlets"),
}
"""Libraries of the command, of imports, of many reports at once and of notebooks on a screen."""


def test_every_library_that_shows_in_a_report_is_recorded() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {Requirement(text).name for text in project["dependencies"]}
    assert declared - UNSEEN <= set(room.LIBRARIES)
