"""Figures are drawn where matplotlib itself would not start, and it says nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

DRAW = """
from giamngheo.report.drawing import DARK, Look, Series, figure, sheet, stacked_bars
with sheet() as axes:
    stacked_bars(axes, ["Xã"], [Series("S", [1.0], ["1"], Look(DARK))], "%")
    print(figure(axes, alt="", caption="").svg)
"""


def drawn(cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", DRAW], cwd=cwd, env=os.environ | environment, capture_output=True, check=False
    )


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A figure where nothing is in the way."""
    done = drawn(tmp_path_factory.mktemp("clean"))
    assert b"<svg" in done.stdout
    return done.stdout


@pytest.mark.parametrize(
    "settings", [b"# caf\xe9", b"axes.formatter.use_locale: True", b"no.such.key: 1\nbackend: none\nfont.size: x"]
)
def test_a_matplotlibrc_that_is_broken_or_wants_what_there_is_not_changes_nothing(
    settings: bytes, clean: bytes, tmp_path: Path
) -> None:
    (tmp_path / "matplotlibrc").write_bytes(settings)
    odd = drawn(tmp_path, LC_ALL="no_SUCH", PYTHONUTF8="1")
    assert (odd.returncode, odd.stderr, odd.stdout) == (0, b"", clean)
