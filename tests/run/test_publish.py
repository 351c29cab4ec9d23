"""Outputs are put in place whole, whatever happens meanwhile."""

import errno
import multiprocessing
import os
import shutil
from pathlib import Path

import pytest

from giamngheo.run import publish as room
from giamngheo.run.publish import UnwritableOutputError, publish, restore

OLD = {"report.html": b"old", "report.pdf": b"old"}
NEW = {"report.html": b"new", "report.docx": b"new"}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def hidden(folder: Path) -> list[str]:
    """What lies beside a report but the lock."""
    return [path.name for path in folder.parent.iterdir() if path.name not in (folder.name, ".lock")]


NOBODY = 65534
"""Number of the user who owns nothing."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A report that is there already."""
    folder = tmp_path / "unit" / "2023-08"
    publish(folder, OLD)
    return folder


def test_a_report_replaces_the_earlier_one_and_keeps_what_is_not_ours(folder: Path) -> None:
    (folder / "signed.pdf").write_bytes(b"officer's own")
    publish(folder, NEW)
    assert content(folder) == NEW | {"signed.pdf": b"officer's own"}
    assert hidden(folder) == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (errno.ENOSPC, "đĩa đầy"),
        (errno.EACCES, "không có quyền"),
        (errno.EROFS, "ổ đĩa chỉ cho đọc"),
        (errno.ENOTCONN, os.strerror(errno.ENOTCONN)),
    ],
)
def test_a_full_or_forbidden_disk_leaves_the_earlier_report(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: int, told: str
) -> None:
    def fails(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:1])
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", fails)
        with pytest.raises(UnwritableOutputError, match="báo cáo cũ còn nguyên") as raised:
            publish(folder, NEW)
    assert f": {told}. Đóng" in str(raised.value)
    assert content(folder) == OLD
    assert hidden(folder) == []
    publish(folder, NEW)
    assert content(folder) == NEW


class OpenElsewhereError(PermissionError):
    """What Windows raises for a file that another program has open."""

    winerror = 32


def test_a_folder_that_cannot_be_replaced_keeps_the_earlier_report(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def fails(path: Path, target: Path) -> Path:
        if ".new-" in path.name:
            raise OpenElsewhereError(errno.EACCES, "used by another process")
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fails)
        with pytest.raises(UnwritableOutputError, match="đang mở ở chương trình khác"):
            publish(folder, NEW)
    assert content(folder) == OLD


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_folder_without_permission_is_said(folder: Path) -> None:
    user = os.geteuid()
    folder.parent.chmod(0o500)
    try:
        if user == 0:
            os.seteuid(NOBODY)  # root may write everywhere
        with pytest.raises(UnwritableOutputError, match="quyền ghi"):
            publish(folder, NEW)
    finally:
        os.seteuid(user)
        folder.parent.chmod(0o700)
    assert content(folder) == OLD


def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "unit").write_text("a file", "utf-8")
    with pytest.raises(UnwritableOutputError, match="unit"):
        publish(tmp_path / "unit" / "2023-08", NEW)


@pytest.mark.parametrize("step", ["write", "retire", "place", "tidy"])
def test_a_writer_killed_at_any_step_is_repaired(folder: Path, step: str) -> None:
    (folder / "signed.pdf").write_bytes(b"officer's own")
    killed = multiprocessing.get_context("fork").Process(target=publish_and_die, args=(folder, step))
    killed.start()
    killed.join()
    assert killed.exitcode == 9
    restore(folder)
    old = content(folder).get("report.html") == b"old"
    assert old == (step in ("write", "retire", "place"))
    assert content(folder) == (OLD if old else NEW) | {"signed.pdf": b"officer's own"}
    publish(folder, NEW)
    assert content(folder) == NEW | {"signed.pdf": b"officer's own"}
    assert hidden(folder) == []


def publish_and_die(folder: Path, step: str) -> None:
    """Publishes and ends as by kill -9: while writing, before either rename, or before tidying up."""
    rename = Path.rename

    def dying_rename(path: Path, target: Path) -> Path:
        if (step == "retire" and path == folder) or (step == "place" and ".new-" in path.name):
            os._exit(9)
        return rename(path, target)

    Path.rename = dying_rename
    if step == "write":
        Path.write_bytes = lambda path, data: os._exit(9)
    if step == "tidy":
        room._keep_foreign = lambda earlier, folder: os._exit(9)
    publish(folder, NEW)


def publish_often(folder: Path, letter: bytes) -> None:
    for _ in range(30):
        publish(folder, {"report.html": letter * 50_000, "report.pdf": letter * 50_000})


def test_two_writers_at_once_never_mix(tmp_path: Path) -> None:
    folder = tmp_path / "unit" / "2023-08"
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=publish_often, args=(folder, letter)) for letter in (b"a", b"b", b"c")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    found = content(folder)
    assert set(found) == {"report.html", "report.pdf"}
    assert len({value[:1] for value in found.values()} | {value[-1:] for value in found.values()}) == 1
    assert hidden(folder) == []


def test_outputs_deleted_meanwhile_are_made_anew(folder: Path) -> None:
    shutil.rmtree(folder.parent)
    publish(folder, NEW)
    assert content(folder) == NEW


def test_outputs_deleted_while_they_are_put_in_place_are_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = room._replace

    def deleted(*places: object) -> None:
        shutil.rmtree(folder.parent)
        replace(*places)

    with monkeypatch.context() as patch:
        patch.setattr(room, "_replace", deleted)
        with pytest.raises(UnwritableOutputError, match="chạy lại"):
            publish(folder, NEW)
    publish(folder, NEW)
    assert content(folder) == NEW
