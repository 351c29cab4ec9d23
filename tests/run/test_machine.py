"""Nothing comes from the machine: on one that has everything in our way reports are the same, byte for byte."""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from giamngheo.report.drawing.letters import FONT

ROOT = Path(__file__).parents[2]

Command = Callable[..., subprocess.CompletedProcess[str]]

ODD = 'it\'s "a" #1 %25 %s'
"""A name with spaces, quotes, # and %."""

MATPLOTLIBRC = """\
font.family: monospace
font.size: 40
svg.fonttype: path
svg.hashsalt: machine
figure.dpi: 300
figure.constrained_layout.use: True
axes.facecolor: pink
lines.linewidth: 9
hatch.linewidth: 5
no.such.key: 1
backend: no-such-backend
"""

STARTUP = """\
print("startup")
import matplotlib, pandas
matplotlib.rcParams.update({"font.size": 40, "svg.fonttype": "path", "hatch.linewidth": 5})
pandas.set_option("display.max_rows", 1)
"""

ELSEWHERE = {
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "tr_TR.UTF-8",
    "LANG": "C",
    "LANGUAGE": "tr",
    "PYTHONHASHSEED": "4711",
    "SOURCE_DATE_EPOCH": "1",
    "MPLBACKEND": "pdf",
    "COLUMNS": "40",
    "PATH": "/nowhere",  # no git, no fc-list, no pandoc but our own
}

EXPLORED = """\
import sys
from pathlib import Path
from giamngheo.core.paths import located
from giamngheo.run.execution.execute import Run, executed_apart
from giamngheo.run.publishing.exports import FORMATS, exported
from giamngheo.run.execution.normalise import normalised
from giamngheo.run.publishing.publish import publish
from giamngheo.run.kinds import PROJECT

files = {"file": "households-2023.parquet", "before": "households-2022.parquet", "workbook": "2024.xlsx"}
month = {"unit": "tu-mo-rong", "period": "2023-08", "data": "data"}
data = located("data").parent
for name, parameters, folder in (("explore_poverty", files, Path.cwd()), ("explore_funding", month, data)):
    run = executed_apart(Run(PROJECT / "notebooks" / f"{name}.ipynb", parameters, folder))
    publish(Path(sys.argv[1]) / name, exported(normalised(run), FORMATS))
"""
"""Runs the notebooks that explore, and exports what they show."""

PLANTED = ("lxml", "brotli", "sphinx", "distro", "other")
"""Modules beside the caller's that libraries of ours look for, or that stand behind an entry point."""


@dataclass(frozen=True)
class Machine:
    """A folder with a project in it, and what else the machine has."""

    project: Path
    python: Path
    environment: dict[str, str]

    def run(self, *words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run the command in a folder of the project."""
        return self.python_with("-P", "-c", "from giamngheo.__main__ import main; main()", *words, cwd=cwd)

    def python_with(self, *words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run Python in a folder of the project."""
        command, place = [self.python, *map(str, words)], cwd or self.project
        return subprocess.run(
            command, cwd=place, env=self.environment, umask=0o077, capture_output=True, text=True, encoding="utf-8"
        )


def written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def old_font(folder: Path) -> None:
    """A Liberation Serif without Vietnamese letters, as Debian 12 has one."""
    font = TTFont(FONT)
    subsetter = Subsetter(Options(name_IDs=["*"], drop_tables=["FFTM"]))
    subsetter.populate(unicodes=range(0x20, 0x7F))
    subsetter.subset(font)
    for glyph in ("M", "n"):
        font["hmtx"][font.getBestCmap()[ord(glyph)]] = (3000, 0)
    folder.mkdir(parents=True)
    font.save(folder / "LiberationSerif-Regular.ttf")


def checkout(place: Path) -> Path:
    """A copy of the project that git does not know and nobody can write to, and a Python of its own that runs it."""
    project = place / "project"
    for name in ("lib", "notebooks"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, project)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place / "venv"], check=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(place / "venv"), "platbase": str(place / "venv")}))
    written(site / "project.pth", f"{project / 'lib'}\n{sysconfig.get_path('purelib')}\n")
    for path in project.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    return project


def clutter(home: Path, folders: list[Path]) -> dict[str, str]:
    """What a machine has in the home folder of its user, and in the folders that are worked in; how it is found."""
    written(home / "file", "")
    old_font(home / "share" / "fonts")
    for folder in (*folders, home / "rc", home / "config" / "matplotlib"):
        written(folder / "matplotlibrc", MATPLOTLIBRC)
    for name in ("ipython_config.py", "ipython_kernel_config.py"):
        written(home / "ipython" / "profile_default" / name, "c.InteractiveShellApp.exec_lines = ['print(1)']\n")
    written(home / "ipython" / "profile_default" / "startup" / "00.py", STARTUP)
    for name in ("jupyter_config.py", "jupyter_nbconvert_config.py"):
        config = "c.TemplateExporter.exclude_output = True\nc.Exporter.preprocessors = ['no.such.Preprocessor']\n"
        written(home / "jupyter" / name, config)
    for template in ("base", "giamngheo", "lab", "classic"):
        written(home / "jupyter-data" / "nbconvert" / "templates" / template / "index.html.j2", "MACHINE")
        written(home / "jupyter-data" / "nbconvert" / "templates" / template / "conf.json", "{}")
    written(home / "jupyter-data" / "kernels" / "python3" / "kernel.json", '{"argv": ["false"], "display_name": "x"}')
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home / "venv"), "platbase": str(home / "venv")}))
    for name in ("jinja2", "numexpr"):
        written(site / f"{name}.py", "raise SystemExit(9)\n")
    written(site / "other.pth", "import os; os._exit(8)\n")
    pandoc = home / "share" / "pandoc"
    written(pandoc / "init.lua", 'io.stderr:write("init")\nos.exit(3)\n')
    written(pandoc / "templates" / "default.openxml", "MACHINE")
    written(pandoc / "defaults.yaml", "toc: true\n")
    written(pandoc / "reference.docx", "MACHINE")
    for name in PLANTED:
        written(home / "python" / f"{name}.py", f"raise SystemExit('{name} was run')\n")
    written(home / "python" / "sitecustomize.py", "import builtins\nbuiltins.round = lambda *numbers: 0\n")
    written(home / "user" / "lib" / "python" / "site-packages" / "usercustomize.py", "raise SystemExit(7)\n")
    written(home / "python" / "other-1.0.dist-info" / "METADATA", "Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    exporters = [f"giamngheo-{form} = other:Exporter" for form in ("html", "pdf", "docx", "xlsx")]
    entries = "\n".join(["[nbconvert.exporters]", *exporters, "[papermill.engine]", "giamngheo = other:Engine"])
    written(home / "python" / "other-1.0.dist-info" / "entry_points.txt", f"{entries}\n")
    return {
        "HOME": str(home / "file"),  # in which nobody can write, not even root
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "share"),
        "XDG_CACHE_HOME": str(home / "file"),
        "MATPLOTLIBRC": str(home / "rc"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "jupyter"),
        "JUPYTER_DATA_DIR": str(home / "jupyter-data"),
        "JUPYTER_PATH": str(home / "jupyter-data"),
        "VIRTUAL_ENV": str(home / "venv"),  # of another project, as `activate` leaves it
        "PYTHONPATH": str(home / "python"),
        "PYTHONUSERBASE": str(home / "user"),
        "PYTHONSTARTUP": str(home / "ipython" / "profile_default" / "startup" / "00.py"),
    }


@pytest.fixture(scope="module")
def households(called: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of household files and their workbook."""
    folder = tmp_path_factory.mktemp("households")
    assert called("demo", folder, "--households", "400").returncode == 0
    return folder


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, households: Path) -> Iterator[Machine]:
    """A machine that has everything in our way."""
    place = tmp_path_factory.mktemp(ODD)
    project = checkout(place)
    work = place / "nơi làm việc"
    shutil.copytree(ROOT / "data" / "tu-mo-rong", work / "data" / "tu-mo-rong")
    shutil.copytree(households, work / "households")
    found = clutter(place / "home", [work, work / "households", work / "data"])
    environment = {"TMPDIR": os.environ.get("TMPDIR", "/tmp")} | ELSEWHERE | found
    yield Machine(work, place / "venv" / "bin" / "python", environment)
    for path in (project, *project.rglob("*")):
        path.chmod(0o777)


def same(one: Path, other: Path) -> None:
    """Require that two folders hold the same files."""
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in other.iterdir())
    assert [name for name in names if (one / name).read_bytes() != (other / name).read_bytes()] == []


def test_the_monthly_report_is_the_same_and_verify_says_so(machine: Machine, report_folder: Path) -> None:
    done = machine.run("report", "tu-mo-rong", "2023-08")
    assert (done.returncode, done.stderr) == (0, "")
    same(report_folder, machine.project / "outputs" / "tu-mo-rong" / "2023-08")
    done = machine.run("verify", "outputs/tu-mo-rong/2023-08")
    assert (done.returncode, done.stderr) == (0, "")
    assert "giống hệt từng byte" in done.stdout


def test_the_household_review_is_the_same(machine: Machine, households: Path, called: Command, tmp_path: Path) -> None:
    words = ("households", "report", "households-2023.parquet", "2024.xlsx", "--before", "households-2022.parquet")
    assert called(*words, "--out", tmp_path / "review", cwd=households).returncode == 0
    done = machine.run(*words, "--out", "review", cwd=machine.project / "households")
    assert (done.returncode, done.stderr) == (0, "")
    same(tmp_path / "review", machine.project / "households" / "review")


def test_the_notebooks_that_explore_are_the_same_in_every_format(
    machine: Machine, households: Path, tmp_path: Path
) -> None:
    clean = [sys.executable, "-I", "-c", EXPLORED, str(tmp_path)]
    subprocess.run(clean, cwd=households, check=True, capture_output=True)
    done = machine.python_with("-I", "-c", EXPLORED, "explored", cwd=machine.project / "households")
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("explore_poverty", "explore_funding"):
        same(tmp_path / name, machine.project / "households" / "explored" / name)
