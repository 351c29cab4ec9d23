"""What is removed in shared places is only what was made here."""

import errno
import os
from pathlib import Path

import pytest

from giamngheo.core.shared import HALF_MARK, MARK, is_marked, opened, remove_made
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
def test_a_mark_that_others_may_write_counts_only_on_a_disk_without_permissions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fstat = os.fstat

    def alike(handle: int) -> os.stat_result:
        about = list(fstat(handle))
        return os.stat_result([about[0] | 0o777, *about[1:]])

    marked(tmp_path)
    (tmp_path / MARK).chmod(0o777)
    assert not is_ours(tmp_path)
    monkeypatch.setattr(os, "fstat", alike)
    assert is_ours(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [MARK]


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_a_mark_that_names_nothing_is_none(tmp_path: Path, mode: int) -> None:
    (tmp_path / MARK).touch()
    tmp_path.chmod(mode)
    assert not is_ours(tmp_path)


def test_a_mark_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []

    def interrupted(_handle: int) -> None:
        seen.append([path.name for path in tmp_path.iterdir()])
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        marked(tmp_path)
    assert seen == [[HALF_MARK]]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_whose_mark_was_half_written_goes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / HALF_MARK).touch()
    remove_made(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_a_folder_of_another_user_stays_but_on_a_disk_that_knows_one_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, fstat = tmp_path / "a", os.fstat
    folder.mkdir()
    (folder / "file").touch()
    marked(folder)
    for path in (folder, folder / MARK):
        os.chown(path, 1001, -1)

    def of_one(handle: int) -> os.stat_result:
        about = list(fstat(handle))
        return os.stat_result([*about[:4], 1001, *about[5:]])

    remove_made(folder)
    assert {path.name for path in folder.iterdir()} == {MARK, "file"}
    monkeypatch.setattr(os, "fstat", of_one)
    remove_made(folder)
    assert list(tmp_path.iterdir()) == []


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
