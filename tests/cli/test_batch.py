"""What a batch leaves behind: its reports, and nothing where temporary files are."""

import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from giamngheo.cli import batch

DATA = Path(__file__).parents[2] / "data"


def test_whatever_libraries_leave_lies_in_a_folder_that_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(batch, "outcomes", lambda *_orders, **_how: places.append(tempfile.mkdtemp()) or [])
    words = ["tu-mo-rong", "2023-08", "--data", str(DATA), "--out", str(tmp_path / "out")]
    assert CliRunner().invoke(batch.command, words).exit_code == 0
    assert [Path(place).is_relative_to(tmp_path) for place in places] == [True]
    assert list(tmp_path.iterdir()) == []
