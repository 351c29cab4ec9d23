"""The command killed in the midst of its work: the earlier report stands, the next run does it all."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from giamngheo.run.provenance.manifest import read_manifest
from giamngheo.run.provenance.recipe import sha256

ROOT = Path(__file__).parents[1]
GIAMNGHEO = str(Path(sys.executable).parent / "giamngheo")
WORDS = ("report", "tu-mo-rong", "2023-08", "--formats", "docx")
SECONDS = 120


def whole(folder: Path) -> bool:
    kept = read_manifest(folder).outputs
    return "report.docx" in kept and all(sha256((folder / name).read_bytes()) == kept[name] for name in kept)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_killed_in_the_middle_of_an_export(
    called: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    folder = tmp_path / "tu-mo-rong" / "2023-08"
    words = [*WORDS, "--out", str(tmp_path)]
    assert called(*words).returncode == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with subprocess.Popen([GIAMNGHEO, *words, "--force"], cwd=ROOT, stdout=subprocess.DEVNULL) as writer:
        children = _once_pandoc_runs(psutil.Process(writer.pid))
        writer.kill()
    assert psutil.wait_procs(children, timeout=120)[1] == []
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.rglob(".*")] == []
    assert "không có gì thay đổi" in called(*words).stdout
    assert whole(folder)


def _once_pandoc_runs(writer: psutil.Process) -> list[psutil.Process]:
    """Every process that the writer started, at the moment at which one of them is pandoc."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        children = writer.children(recursive=True)
        for child in children:
            try:
                if child.name() == "pandoc":
                    return children
            except psutil.NoSuchProcess:
                continue
        time.sleep(0.005)  # or looking takes a core, which the report needs
    raise AssertionError("the report was made without pandoc")
