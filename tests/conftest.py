"""What several tests share: the report of Tu Mơ Rông, August 2023, made once by the command."""

import gc
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir, nullcontext
from html import unescape
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import settings

from giamngheo.cli import main
from giamngheo.core import shared
from giamngheo.core.lock import locked
from giamngheo.run.execution.cluster import warm_up
from giamngheo.run.execution.process import Processes

gc.set_threshold(200_000, 20, 20)  # frames and parsed XML are no garbage: a tenth of the time of the tests
settings.register_profile("timeless", deadline=None)  # a busy machine is no failure
settings.load_profile("timeless")

ROOT = Path(__file__).parents[1]

Command = Callable[..., subprocess.CompletedProcess[str]]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell lets commands in the background, and all that they start, ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def marked(folder: Path, name: str = "") -> None:
    """Mark a folder as a run does that makes it to be removed, by its name or another one."""
    with shared.opened(folder) as handle:
        shared.mark(folder, handle, name or folder.name, beside=shared.entries(folder, handle))


@pytest.fixture(scope="session")
def giamngheo() -> Command:
    """Runs the command line in the project's folder, as a user would; its output is not a terminal."""

    def run(*arguments: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [Path(sys.executable).parent / "giamngheo", *arguments]
        return subprocess.run(
            command,
            cwd=cwd,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def processes() -> Iterator[Processes]:
    """Processes that have imported everything, for all tests of this one."""
    with Processes(warm_up) as processes:
        yield processes


@pytest.fixture(scope="session")
def called(processes: Processes) -> Command:
    """Runs the command line as `giamngheo` does, within this process and with notebooks in warm ones.

    For what a command says and makes; a process of its own is what `giamngheo` is for.
    """

    def call(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
        words = [str(argument) for argument in arguments]
        with chdir(cwd), pytest.MonkeyPatch.context() as patch:
            for module in ("execute", "cluster"):
                patch.setattr(f"giamngheo.run.execution.{module}.Processes", lambda prepare: nullcontext(processes))
            ended = signal.getsignal(signal.SIGTERM)  # which a batch sets
            done = CliRunner().invoke(main, words, prog_name="giamngheo", catch_exceptions=False)
            signal.signal(signal.SIGTERM, ended)
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    return call


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., str]:
    """Opens a page in a browser, runs a script in it that a reader's hands stand for, and gives what is there then.

    The page loses its policy, which lets no other script in.
    """
    if not CHROMIUM:
        pytest.skip("no Chromium here")

    def open_page(page: str, script: str, *flags: str) -> str:
        freed = re.sub("<meta http-equiv[^>]*>", "", page).replace("</body>", f"<script>{script}</script></body>")
        (tmp_path / "page.html").write_text(freed, "utf-8")
        quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        told = [f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", (tmp_path / "page.html").as_uri()]
        return subprocess.run(
            [CHROMIUM, *quiet, *flags, *told], capture_output=True, check=True, timeout=120
        ).stdout.decode()

    return open_page


AXE = [
    *ROOT.glob("node_modules/axe-core/axe.min.js"),  # where `npm install --no-save axe-core` put the newest
    *(Path(found.origin).with_name("axe.min.js") for found in [find_spec("axe_core_python")] if found and found.origin),
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def axe(opened: Callable[..., str]) -> Callable[..., list[object]]:
    """Returns what axe-core finds in a page that hinders a reader."""
    if not AXE:
        pytest.skip("no axe-core here: axe-core-python of requirements.lock has it")
    told = f"""axe.run(document, {{runOnly: {RULES}}}).then(({{violations}}) => {{
      const found = violations.map(({{id, help, nodes}}) => [id, help, nodes.map((node) => node.html.slice(0, 200))]);
      document.body.append(made("pre", {{id: "axe"}}, JSON.stringify(found)));
    }});"""

    def violations(page: str, *flags: str) -> list[object]:
        shown = opened(page, f"{AXE[0].read_text('utf-8')};{told}", *flags, "--virtual-time-budget=30000")
        found: list[object] = json.loads(unescape(re.findall('<pre id="axe">(.*?)</pre>', shown)[0]))
        return found

    return violations


@pytest.fixture(scope="session")
def made(giamngheo: Command, tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """The command that made the report in every format, once for all workers of xdist; its last word is the folder."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    words, told = ("report", "tu-mo-rong", "2023-08", "--out", folder / "outputs"), folder / "made.json"
    with locked(folder / "made.lock"):
        if not told.exists():
            done = giamngheo(*words)
            told.write_text(json.dumps([done.returncode, done.stdout, done.stderr]), "utf-8")
    done = subprocess.CompletedProcess(words, *json.loads(told.read_text("utf-8")))
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="session")
def report_folder(made: subprocess.CompletedProcess[str]) -> Path:
    """Folder of the report in every format."""
    return Path(made.args[-1]) / "tu-mo-rong" / "2023-08"
