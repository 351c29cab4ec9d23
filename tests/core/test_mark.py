"""What is removed in shared places is only what was made here."""

import errno
import os
from pathlib import Path

import pytest

from giamngheo.core.shared import MARK, is_marked, opened, remove_made
from tests.conftest import marked


def is_ours(folder: Path) -> bool:
    with opened(folder) as handle:
        return is_marked(folder, handle)


def test_a_mark_is_of_the_name_that_it_holds(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert not is_ours(tmp_path / "a")
    marked(tmp_path / "a")
    assert is_ours(tmp_path / "a")
    assert not is_ours((tmp_path / "a").rename(tmp_path / "b"))


@pytest.mark.skipif(os.name == "nt", reason="permissions and links of POSIX")
@pytest.mark.parametrize("way", ["mode", "link", "pipe", "owner"])
def test_a_mark_that_another_may_have_put_there_is_none(tmp_path: Path, way: str) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    marked(folder)
    if way == "mode":
        (folder / MARK).chmod(0o664)
    elif way == "link":
        (folder / MARK).rename(tmp_path / "mark")
        (folder / MARK).symlink_to(tmp_path / "mark")
    elif way == "pipe":
        (folder / MARK).unlink()
        os.mkfifo(folder / MARK)
    elif os.geteuid() == 0:
        os.chown(folder / MARK, 1001, -1)
    else:
        pytest.skip("only root can give files away")
    assert not is_ours(folder)


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_mark_counts_on_a_disk_without_permissions(tmp_path: Path) -> None:
    marked(tmp_path)
    (tmp_path / MARK).chmod(0o777)
    assert is_ours(tmp_path)


def test_a_full_disk_leaves_no_half_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="space"):
        marked(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_which_something_stays_keeps_its_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "a"
    (folder / "inside" / "deep").mkdir(parents=True)
    (folder / "file").touch()
    marked(folder)
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", lambda *_, **__: None)  # as where no more files may be opened
        with pytest.raises(OSError, match="inside"):
            remove_made(folder)
    assert is_ours(folder)
    remove_made(folder)
    assert list(tmp_path.iterdir()) == []


def test_without_a_mark_only_an_empty_folder_goes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b" / "inside").mkdir(parents=True)
    remove_made(tmp_path / "a")
    with pytest.raises(OSError, match="b"):
        remove_made(tmp_path / "b")
    assert [path.name for path in tmp_path.rglob("*")] == ["b", "inside"]
