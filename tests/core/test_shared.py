"""Which links and folders in shared places a command of one user takes for its own."""

import os
from pathlib import Path

import pytest

from giamngheo.core.shared import foreign_link, is_own_folder, refuse_foreign_link

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")

OTHER = 1001


@pytest.fixture(autouse=True)
def user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another than root, whose links are everybody's."""
    monkeypatch.setattr(os, "geteuid", lambda: 1002)


def link(path: Path, target: Path | str, owner: int) -> Path:
    path.symlink_to(target)
    os.chown(path, owner, -1, follow_symlinks=False)
    return path


@pytest.mark.parametrize(("owner", "is_foreign"), [(0, False), (1002, False), (OTHER, True)])
def test_a_link_is_foreign_that_is_neither_of_this_user_nor_of_root(
    tmp_path: Path, owner: int, is_foreign: bool
) -> None:
    planted = link(tmp_path / "out", tmp_path, owner)
    found = planted if is_foreign else None
    assert foreign_link(planted) == foreign_link(planted / "unit" / "2023-08") == found


def test_a_foreign_link_is_found_behind_an_own_one(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    planted = link(tmp_path / "a" / "planted", "..", OTHER)
    own = link(tmp_path / "own", "a/planted/file", 1002)
    assert foreign_link(own) == planted
    with pytest.raises(OSError, match="planted là liên kết do người dùng khác đặt"):
        refuse_foreign_link(own)


def test_links_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    link(tmp_path / "a", "b", 1002)
    link(tmp_path / "b", "a", 1002)
    assert foreign_link(tmp_path / "a" / "file") is None


def test_a_folder_is_own_that_is_no_link_and_of_this_user(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert not is_own_folder(tmp_path / "folder")
    os.chown(tmp_path / "folder", 1002, -1)
    assert is_own_folder(tmp_path / "folder")
    assert not is_own_folder(link(tmp_path / "link", "folder", 1002))
    assert not is_own_folder(tmp_path / "none")
