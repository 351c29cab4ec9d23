"""A notebook of one's own that the command begins is a report of that unit at once."""

import errno
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from giamngheo.cli.lab import new_notebook
from giamngheo.run.kinds import kind_of

ROOT = Path(__file__).parents[2]


def test_a_notebook_that_is_begun_is_a_report(called, tmp_path: Path) -> None:
    data = str(ROOT / "data" / "demo")
    given = ["--unit", "ngan-ha", "--period", "2022-06", "--data", data]
    assert called("new-notebook", "Của tôi", *given, cwd=tmp_path).returncode == 0
    notebook = json.loads((tmp_path / "Của tôi.ipynb").read_text("utf-8"))
    assert notebook["cells"][0]["source"] == ["# Của tôi"]
    assert kind_of(tmp_path / "Của tôi.ipynb").parameters == {"unit", "period", "data"}
    asked = ["report", "ngan-ha", "2022-06", "--data", data, "--notebook", "Của tôi.ipynb", "--formats", "html"]
    told = called(*asked, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    page = (tmp_path / "outputs" / "ngan-ha" / "2022-06-Của tôi" / "report.html").read_text("utf-8")
    assert '<p class="marking">SỐ LIỆU GIẢ LẬP</p>' in page
    assert "ở Bảng 1 và Hình 1" in page
    assert page.count("<figure") == 1
    assert page.count("<math ") == 1


def test_a_notebook_that_is_there_stays(called, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text("của tôi")
    told = called("new-notebook", "a.ipynb", cwd=tmp_path)
    assert (told.returncode, (tmp_path / "a.ipynb").read_text()) == (2, "của tôi")
    assert "đã có" in told.stderr


def test_a_full_disk_leaves_no_half_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr("giamngheo.run.publishing.publish.write_new", full)
    done = CliRunner().invoke(new_notebook, [str(tmp_path / "a")])
    assert "đĩa đầy" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [".", "..", "a/", "a/..", "a\\b", "a:b"])
def test_what_is_no_name_of_a_file_is_refused_in_words(called, tmp_path: Path, name: str) -> None:
    told = called("new-notebook", name, cwd=tmp_path)
    assert (told.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "không dùng được" in told.stderr


def test_a_notebook_may_be_begun_in_a_folder_that_is_not_there(called, tmp_path: Path) -> None:
    assert called("new-notebook", "riêng/a", cwd=tmp_path).returncode == 0
    assert [path.name for path in (tmp_path / "riêng").iterdir() if not path.name.startswith(".")] == ["a.ipynb"]
