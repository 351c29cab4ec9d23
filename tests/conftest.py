"""What several tests share: the report of Tu Mơ Rông, August 2023, made once by the command."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("timeless", deadline=None)  # a busy machine is no failure
settings.load_profile("timeless")

ROOT = Path(__file__).parents[1]

Command = Callable[..., subprocess.CompletedProcess[str]]


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
def report_folder(giamngheo: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the report in every format."""
    out = tmp_path_factory.mktemp("outputs")
    done = giamngheo("report", "tu-mo-rong", "2023-08", "--out", out)
    assert done.returncode == 0, done.stderr
    return out / "tu-mo-rong" / "2023-08"
