"""make sets up .venv anew when the project was copied or moved or another Python is asked for, and not otherwise."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not here")

PYTHON = """\
#!/bin/sh
# Stands for a Python: says which one it is, and makes a .venv that runs the code of the folder it was made in.
case "$*" in
"-c "*) echo {name} ;;
"-m venv --clear .venv")
    echo {name} >> made
    mkdir -p .venv/bin
    cp "$0" .venv/bin/python
    ln -sf /bin/true .venv/bin/pip
    printf '#!/bin/sh\\necho "runs the code of %s"\\n' "$PWD" > .venv/bin/giamngheo
    chmod +x .venv/bin/giamngheo ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a name that shells do not like, and two Pythons beside it."""
    project = tmp_path / "dự án 'một' #1"
    project.mkdir()
    shutil.copyfile(ROOT / "Makefile", project / "Makefile")
    for name in ("requirements.lock", "pyproject.toml"):
        (project / name).touch()
    for name in ("one", "two"):
        (tmp_path / name).write_text(PYTHON.format(name=name), "utf-8")
        (tmp_path / name).chmod(0o755)
    return project


def make(project: Path, *words: str) -> str:
    """Run make as from a shell: `make test PYTHON=...` that runs this test gives its own words to what it starts."""
    around = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "PYTHON"}
    ours = {name: value for name, value in os.environ.items() if name not in around}
    asked = ["make", "--no-print-directory", "report", *words]
    done = subprocess.run(asked, cwd=project, env=ours, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def made(project: Path) -> list[str]:
    """The Pythons for which .venv was made, one after the other."""
    return (project / "made").read_text("utf-8").split()


def test_it_is_made_once(project: Path) -> None:
    for _ in range(2):
        make(project, "PYTHON=../one")
    assert make(project) == f"runs the code of {project}"
    assert made(project) == ["one"]


def test_another_python_is_taken_and_kept(project: Path) -> None:
    make(project, "PYTHON=../one")
    make(project, "PYTHON=../two")
    make(project)
    assert made(project) == ["one", "two"]


@pytest.mark.parametrize("how", [shutil.copytree, shutil.move])
def test_a_copied_or_moved_project_runs_its_own_code(project: Path, how: object) -> None:
    make(project, "PYTHON=../one")
    copy = project.with_name("copy")
    how(project, copy)
    assert make(copy, "PYTHON=../one") == f"runs the code of {copy}"
    assert make(copy) == f"runs the code of {copy}"
    assert made(copy) == ["one", "one"]


def test_a_python_that_is_gone_is_replaced(project: Path) -> None:
    make(project, "PYTHON=../one")
    (project / ".venv" / "bin" / "python").unlink()
    make(project, "PYTHON=../two")
    assert made(project) == ["one", "two"]


def test_a_new_lock_makes_it_anew(project: Path) -> None:
    make(project, "PYTHON=../one")
    os.utime(project / ".venv" / "ready", (1, 1))
    make(project, "PYTHON=../one")
    assert made(project) == ["one", "one"]


@pytest.mark.parametrize("name", ['a "b"', "{a}", "a$b", "a`b", "a\\b"])
def test_a_path_at_which_pip_installs_nothing_is_told_at_once(project: Path, name: str) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        make(project.rename(project.with_name(name)), "PYTHON=../one")
    assert "đổi tên thư mục" in failed.value.stderr
