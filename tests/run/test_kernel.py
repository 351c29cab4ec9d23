"""The folder through which we talk to a kernel goes away, at the end or, where we are killed, at the next start."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from giamngheo.run import kernel as room
from giamngheo.run.kernel import started_kernel

KILLED = """\
import os, sys
from pathlib import Path
from giamngheo.run.kernel import started_kernel
with started_kernel(cwd=Path(sys.argv[1])):
    os._exit(9)"""


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    room._sweep.cache_clear()
    return tmp_path


def test_the_next_start_sweeps_what_a_killed_process_left_and_nothing_of_a_living_one(scratch: Path) -> None:
    environment = os.environ | {"TMPDIR": str(scratch), "TEMP": str(scratch)}
    killed = subprocess.run([sys.executable, "-c", KILLED, scratch], env=environment, check=False)
    assert killed.returncode == 9
    (left,) = scratch.iterdir()
    (scratch / "giamngheo-kernel-new").mkdir()  # somebody else's, who has yet to lock it
    with started_kernel(cwd=scratch):
        assert not left.exists()
        (own,) = (path.parent for path in scratch.glob("*/kernel.json"))
        room._sweep.cache_clear()
        room._sweep()
        assert own.exists()
    assert [path.name for path in scratch.iterdir()] == ["giamngheo-kernel-new"]
