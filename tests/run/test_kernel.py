"""The folder through which we talk to a kernel goes away, at the end or, where we are killed, at the next start."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_core.utils import run_sync

from giamngheo.run.kernel import started_kernel
from giamngheo.scratch import sweep_scratch

KILLED = """\
import os, sys
from pathlib import Path
from jupyter_core.utils import run_sync
from giamngheo.run.kernel import started_kernel
with started_kernel(cwd=Path(sys.argv[1])) as manager:
    client = manager.client()
    client.start_channels()
    run_sync(client.wait_for_ready)(timeout=60)
    os._exit(9)"""


@pytest.fixture
def scratch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of temporary files."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


def test_where_paths_are_too_long_for_sockets_the_kernel_talks_otherwise(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = scratch / ("long" * 30)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    with started_kernel(cwd=scratch) as manager:
        assert manager.transport == "tcp"
        client = manager.client()
        client.start_channels()
        run_sync(client.wait_for_ready)(timeout=60)
        client.stop_channels()


def test_the_next_start_sweeps_what_a_killed_process_left_and_nothing_of_a_living_one(scratch: Path) -> None:
    environment = os.environ | {"TMPDIR": str(scratch), "TEMP": str(scratch)}
    killed = subprocess.run([sys.executable, "-c", KILLED, scratch], env=environment, check=False)
    assert killed.returncode == 9
    (left,) = scratch.iterdir()
    (scratch / "giamngheo-kernel-new").mkdir()  # somebody else's, who has yet to lock it
    with started_kernel(cwd=scratch):
        assert not left.exists()
        (own,) = (path.parent for path in scratch.glob("*/kernel.json"))
        sweep_scratch()
        assert own.exists()
    assert [path.name for path in scratch.iterdir()] == ["giamngheo-kernel-new"]
