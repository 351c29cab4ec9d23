"""From made-up households to the monthly report as docs/households.md says: the same integers all the way."""

import os
import re
import shlex
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE, CompletedProcess, Popen

import psutil
import pytest

from giamngheo.cli.terminal import STOPPED
from giamngheo.core.scratch import PREFIX
from giamngheo.core.shared import MARK
from giamngheo.workbook.read.workbook import read_workbook

Command = Callable[..., CompletedProcess[str]]

ROOT = Path(__file__).parents[1]
FEWER = {"7000": "1900"}


@pytest.fixture(scope="module")
def folder(called: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder in which the commands of the guide were run one after the other, with fewer households."""
    start = here = tmp_path_factory.mktemp("walk")
    (guide,) = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "households.md").read_text("utf-8"), re.DOTALL)
    for line in guide.splitlines():
        program, *arguments = [FEWER.get(word, word) for word in shlex.split(line)]
        if program == "cd":
            here = (here / arguments[0]).resolve()
            continue
        assert program == "giamngheo"
        formats = ["--formats", "html"] if "report" in arguments[:2] else []
        done = called(*arguments, *formats, cwd=here)
        assert (done.returncode, done.stderr) == (0, ""), (line, done.stdout)
    assert here == start
    return start


@pytest.fixture(scope="module")
def texts(folder: Path) -> dict[str, str]:
    """The words of the review of the households and of the monthly report."""
    pages = {
        "review": folder / "outputs/households/2023-ra-soat/report.html",
        "monthly": folder / "outputs/households/2024-01/report.html",
    }
    marked = {name: re.sub(r"</?a\b[^>]*>", "", page.read_text("utf-8")) for name, page in pages.items()}
    return {name: " ".join(re.sub("<[^>]+>", " ", page).split()) for name, page in marked.items()}


def test_the_notebook_of_the_review_does_not_tell_where_its_files_lie(folder: Path) -> None:
    notebook = (folder / "outputs/households/2023-ra-soat/report.ipynb").read_text("utf-8")
    assert r"file = \"demo/households/households-2023.parquet\"" in notebook
    assert str(folder) not in notebook


def test_axe_finds_nothing_in_the_review(folder: Path, axe: Callable[..., list[object]]) -> None:
    page = (folder / "outputs/households/2023-ra-soat/report.html").read_text("utf-8")
    assert axe(page, "--window-size=390,900") == []


def test_forms_review_workbook_and_monthly_report_say_the_same(folder: Path, texts: dict[str, str]) -> None:
    data = read_workbook(folder / "data/demo/households/2024.xlsx", "households", 2024)
    row = data["reviews"].set_index("unit_code").loc[data.form["unit_code"]]
    assert row["households"] == 1_900
    assert row["poor_households"] > row["near_poor_households"] > 0
    for page in texts.values():
        assert f"Hộ nghèo: {row['poor_households']}/1.900 hộ" in page
        assert f"Hộ cận nghèo: {row['near_poor_households']}/1.900 hộ" in page


def test_the_flows_of_the_review_are_those_of_the_workbook_and_close(folder: Path, texts: dict[str, str]) -> None:
    data = read_workbook(folder / "data/demo/households/2024.xlsx", "households", 2024)
    for name, title in (("poor", "Hộ nghèo"), ("near_poor", "Hộ cận nghèo")):
        (said,) = re.findall(rf"{title}: (đầu kỳ .*? cuối kỳ \d+ hộ)", texts["review"])
        opening, left, decrease, entered, back, new, increase, closing = map(int, re.findall(r"(\d+) hộ", said))
        assert opening - left - decrease + entered + back + new + increase == closing
        flows = data[f"{name}_flows"].set_index("unit_code").loc[data.form["unit_code"]]
        columns = ("opening", "left", "other_decrease", "entered_from_other_class")
        columns += ("fell_back", "new", "other_increase", "closing")
        assert [flows[f"{flow}_households"] for flow in columns] == [
            *(opening, left, decrease, entered),
            *(back, new, increase, closing),
        ]


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without telling it")
@pytest.mark.parametrize(
    ("number", "status", "words"), [(signal.SIGINT, 130, [STOPPED]), (signal.SIGTERM, 143, [])], ids=["INT", "TERM"]
)
def test_a_review_stopped_on_the_way_leaves_nothing(
    number: signal.Signals, status: int, words: list[str], folder: Path, tmp_path: Path
) -> None:
    program = str(Path(sys.executable).parent / "giamngheo")
    command = [program, "households", "report", "households-2023.parquet", "2024.xlsx", "--out", str(tmp_path / "out")]
    here, environment = folder / "data/demo/households", os.environ | {"TMPDIR": str(tmp_path)}
    review = Popen(command, cwd=here, env=environment, start_new_session=True, stderr=PIPE, encoding="utf-8")
    deadline = time.monotonic() + 120
    while not list(tmp_path.rglob(f"{PREFIX}households-*/{MARK}")):  # the notebook is at work
        assert time.monotonic() < deadline
        time.sleep(0.01)
    processes = psutil.Process(review.pid).children(recursive=True)
    os.killpg(review.pid, number)
    assert (review.communicate(timeout=120)[1].splitlines(), review.returncode) == (words, status)
    assert psutil.wait_procs(processes, timeout=120)[1] == []
    assert [path for path in tmp_path.iterdir() if path.name.startswith((PREFIX, "out"))] == []
