"""The command runs no code of the folder it is called in, of one on PYTHONPATH, or of a project above them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from giamngheo.cli import lab
from giamngheo.cli.terminal import STOPPED
from giamngheo.core.isolation import INTERRUPTED, isolated
from giamngheo.run.kinds import kind_named

ROOT = Path(__file__).parents[2]

PLANTED = ("click", "giamngheo", "tqdm", "pandas", "openpyxl", "lxml", "IPython", "papermill", "sitecustomize")


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder above the working folder that holds modules and a notebook of another's, which leave a file `ran`."""
    code = f"open({str(tmp_path / 'ran')!r}, 'a').write(__name__)"
    for name in PLANTED:
        (tmp_path / f"{name}.py").write_text(code, "utf-8")
    (tmp_path / "notebooks").mkdir()
    parameters = nbformat.v4.new_code_cell(code, metadata={"tags": ["parameters"]})
    nbformat.write(nbformat.v4.new_notebook(cells=[parameters]), tmp_path / "notebooks" / "monthly_report.ipynb")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


@pytest.mark.parametrize("words", [["validate", "tu-mo-rong", "2023-08", "--data", str(ROOT / "data")], ["--version"]])
def test_modules_on_the_path_of_the_caller_are_not_run(planted: Path, words: list[str]) -> None:
    start = f"import sys; sys.path.insert(0, {str(ROOT / 'lib')!r}); from giamngheo.__main__ import main; main()"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(["", str(planted)])}
    command = [sys.executable, "-P", "-c", start, *words]
    (planted / "sitecustomize.py").unlink()  # Python itself runs it before any command can say no
    done = subprocess.run(command, cwd=planted, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    assert not (planted / "ran").exists()


@pytest.mark.parametrize("place", ["", "."])
def test_in_isolated_mode_nothing_of_the_environment_runs_before_the_command(planted: Path, place: str) -> None:
    for name in ("site", "encodings", "re", "usercustomize"):
        shutil.copy(planted / "sitecustomize.py", planted / f"{name}.py")
    paths = {"PYTHONPATH": os.pathsep.join([place, str(planted)]), "PYTHONHOME": str(planted), "PYTHONUSERBASE": place}
    environment = os.environ | paths | {"PYTHONPLATLIBDIR": "x", "PYTHONSTARTUP": str(planted / "re.py")}
    command = [sys.executable, "-I", "-m", "giamngheo", "--version"]
    done = subprocess.run(command, cwd=planted, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (planted / "ran").exists()


def test_a_python_that_we_start_is_this_one_with_this_package(planted: Path) -> None:
    look = "import giamngheo; print(sys.executable, giamngheo.__file__, sys.flags.isolated, sys.path)"
    environment = os.environ | {"PYTHONPATH": str(planted)}
    done = subprocess.run(
        isolated(look), cwd=planted, env=environment, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.startswith(f"{sys.executable} {ROOT / 'lib' / 'giamngheo' / '__init__.py'} 1 [")
    assert str(planted) not in done.stdout
    assert not (planted / "ran").exists()


def test_the_notebooks_are_those_of_the_project_wherever_one_works(
    planted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kind_named().notebook == ROOT / "notebooks" / "monthly_report.ipynb"
    started: list[list[str]] = []
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", started.append)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(planted))
    lab.command.main([], standalone_mode=False)
    assert started[0][0] == f"--ServerApp.root_dir={ROOT / 'notebooks'}"


as_elsewhere = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signal to one process")

START = f"import os, signal, sys; sys.path.insert(0, {str(ROOT / 'lib')!r}); from giamngheo.__main__ import main; "
PRESSED = "os.kill(os.getpid(), signal.SIGINT)"


def ended(*command: str) -> tuple[int, str, str]:
    """The exit status of a Python, and what it says."""
    done = subprocess.run([sys.executable, *command], capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout, done.stderr


@as_elsewhere
@pytest.mark.parametrize("module", ["gettext", "giamngheo.cli.terminal", "giamngheo.cli.status"])
def test_ctrl_c_while_a_command_gets_ready_ends_it(module: str) -> None:
    """The last of the modules is imported when the command is called; from then on it says that it was stopped."""
    find = f"find_spec = lambda self, name, *_: {PRESSED} if name == {module!r} else None"
    planted = f"sys.meta_path.insert(0, type('Planted', (), dict({find}))()); main()"
    said = f"{STOPPED}\n" if module == "giamngheo.cli.status" else ""
    assert ended("-I", "-X", "utf8", "-c", START + planted, "status") == (INTERRUPTED, "", said)


@as_elsewhere
def test_ctrl_c_while_python_starts_again_ends_the_command_without_a_word() -> None:
    planted = f"again = os.execv; os.execv = lambda *command: {PRESSED} or again(*command); main()"
    assert ended("-P", "-c", START + planted, "--version") == (INTERRUPTED, "", "")


@as_elsewhere
@pytest.mark.parametrize("options", ["-I", "-P"])
def test_a_command_that_is_to_ignore_ctrl_c_ignores_it(options: str) -> None:
    planted = f"signal.signal(signal.SIGINT, signal.SIG_IGN); {PRESSED}; main()"
    status, out, err = ended(options, "-c", START + planted, "--version")
    assert (status, err) == (0, "")
    assert out.startswith("giamngheo")


@as_elsewhere
@pytest.mark.parametrize(("ignored", "held"), [("", "[2]"), ("signal.signal(signal.SIGINT, signal.SIG_IGN); ", "[]")])
def test_ctrl_c_is_held_for_a_python_that_ends_on_it_only(ignored: str, held: str) -> None:
    """A kernel of Jupyter that inherited it could not be interrupted."""
    look = "os.execv = lambda *_: sys.exit(str([*map(int, signal.pthread_sigmask(signal.SIG_BLOCK, []))])); main()"
    assert ended("-P", "-c", START + ignored + look, "--version") == (1, "", f"{held}\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows leaves no core files")
def test_a_crash_leaves_no_memory_in_a_file(tmp_path: Path) -> None:
    crash = "from giamngheo.core.isolation import forbid_core_files; forbid_core_files();"
    crash += "import os, signal, sys; os.fork() or os.kill(os.getpid(), signal.SIGSEGV); os.wait()"
    shell = ["/bin/sh", "-c", 'ulimit -c unlimited; exec "$@"', "sh", *isolated(crash)]
    subprocess.run(shell, cwd=tmp_path, capture_output=True, check=False)
    assert list(tmp_path.iterdir()) == []
    look = "import resource; from giamngheo.core.isolation import forbid_core_files; forbid_core_files();"
    look += "print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    done = subprocess.run([*shell[:2], shell[2], "sh", *isolated(look)], capture_output=True, text=True, check=True)
    assert done.stdout in ("0\n", "1\n")
