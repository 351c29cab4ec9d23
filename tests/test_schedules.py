"""The recipes of docs/schedules.md: their files parse, and their commands are commands of ours."""

import re
import shlex
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml

from giamngheo.cli import main

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "schedules.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)
LINES = sorted(
    set(re.findall(r"\bgiamngheo ((?:batch|report|site|status)\b[^`\n]*?)(?= >>| &&|;|`|$)", TEXT, re.MULTILINE))
)


def blocks(kind: str) -> list[str]:
    return [text for name, text in BLOCKS if name == kind]


@pytest.mark.parametrize("line", LINES)
def test_every_command_is_one_of_ours(line: str) -> None:
    name, *words = shlex.split(line)
    command = main.get_command(None, name)
    command.make_context(name, words)


def test_the_timer_and_its_service_are_whole() -> None:
    service, timer = (ConfigParser(strict=False, interpolation=None) for _ in range(2))
    for parser, text in zip((service, timer), blocks("ini"), strict=True):
        parser.read_string(text)
    assert service["Service"]["WorkingDirectory"] == "/srv/giamngheo"
    assert timer["Timer"]["OnCalendar"] == "Mon..Fri 06:30"


def test_the_ci_file_runs_only_what_the_readme_has() -> None:
    (text,) = blocks("yaml")
    steps = [step["run"] for step in yaml.safe_load(text)["jobs"]["reports"]["steps"] if "run" in step]
    assert steps[0] == "make report"
    assert all(step.startswith(".venv/bin/giamngheo ") for step in steps[1:])


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="cron is not here")
def test_the_line_of_cron_works_with_an_empty_environment(tmp_path: Path) -> None:
    line = re.search(r"^    30 6 \* \* 1-5  (.*)$", TEXT, re.MULTILINE)[1]
    bin_folder = str(Path(sys.executable).parent)
    here = line.replace("/srv/giamngheo", str(tmp_path)).replace(".venv/bin", bin_folder)
    shutil.copytree(ROOT / "data" / "tu-mo-rong", tmp_path / "data" / "tu-mo-rong")
    (tmp_path / "data" / "broken").mkdir()
    (tmp_path / "data" / "broken" / "2023.xlsx").write_bytes(b"no workbook")
    done = subprocess.run(["env", "-i", "/bin/sh", "-c", here], capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    log = (tmp_path / "batch.log").read_text("utf-8")
    assert "broken latest: 2023.xlsx" in log
    assert "Traceback" not in log
    assert (tmp_path / "outputs" / "tu-mo-rong" / "2023-08" / "report.html").is_file()
    assert "tu-mo-rong" in (tmp_path / "outputs" / "index.html").read_text("utf-8")
