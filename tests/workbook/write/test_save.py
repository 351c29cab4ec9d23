"""Files are put in their place whole or not at all, and nothing of the way there stays."""

import errno
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.writer.excel import ExcelWriter

from giamngheo.core import lock
from giamngheo.core.paths import units
from giamngheo.core.scratch import PREFIX
from giamngheo.workbook.schema import tables
from giamngheo.workbook.write.save import NotWrittenError, put, workbook_bytes
from giamngheo.workbook.write.template import workbook

KILLED = """
import os, signal, sys, pathlib
from giamngheo.workbook.write.save import put
number = int(sys.argv[2])
if number != signal.SIGKILL:
    signal.signal(number, signal.SIG_DFL)  # whoever runs the tests may ignore it
put({pathlib.Path(sys.argv[1]): lambda file: os.kill(os.getpid(), number)})
"""


def ended_by(number, path):
    """Exit status of a command that a signal ends while it writes a file."""
    return subprocess.run([sys.executable, "-c", KILLED, path, str(number)], check=False).returncode


def text(words):
    return lambda file: file.write(words.encode())


def test_files_are_written_with_their_folders_and_through_links(tmp_path):
    target, link = tmp_path / "sổ/2024.xlsx", tmp_path / "link.xlsx"
    link.symlink_to(target)
    put({link: text("a"), tmp_path / "b.xlsx": text("b")})
    assert (target.read_text(), (tmp_path / "b.xlsx").read_text(), link.is_symlink()) == ("a", "b", True)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["2024.xlsx", "b.xlsx", "link.xlsx", "sổ"]


def test_of_several_files_none_is_written_where_one_cannot_be(tmp_path):
    def full(_file):
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "a").write_text("old")
    with pytest.raises(NotWrittenError, match=r"Không ghi được .*b: đĩa đầy\. Chưa ghi gì\."):
        put({tmp_path / "a": text("new"), tmp_path / "b": full})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}


def test_where_the_last_file_cannot_be_put_the_copies_made_before_it_go_again(tmp_path, monkeypatch):
    """As on Windows, where nobody may put a workbook in the place of one that Excel holds open."""
    replaced = Path.replace

    def held(path, target):
        if Path(target).name == "2024.xlsx":
            raise PermissionError(errno.EACCES, "Access is denied")
        return replaced(path, target)

    monkeypatch.setattr(Path, "replace", held)
    (tmp_path / "2024.xlsx").write_text("old")
    files = {tmp_path / "2024.xlsx.bak": text("old"), tmp_path / "2024.xlsx": text("new")}
    with pytest.raises(NotWrittenError, match=r"Không ghi được .*2024\.xlsx: không có quyền\. Chưa ghi gì\."):
        put(files)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"2024.xlsx": "old"}


@pytest.mark.parametrize("name", ["là-tệp/2024.xlsx", "x" * 300])
def test_a_place_that_cannot_be_is_told(name, tmp_path):
    (tmp_path / "là-tệp").write_text("")
    with pytest.raises(NotWrittenError):
        put({tmp_path / name: text("x")})


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_file_keeps_its_permissions_and_a_new_one_has_those_of_another(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("x")
    old.chmod(0o640)
    put({old: text("y"), new: text("z")}, like=old)
    assert [path.stat().st_mode & 0o777 for path in (old, new)] == [0o640, 0o640]
    put({tmp_path / "fresh": text("x")})
    assert (tmp_path / "fresh").stat().st_mode & 0o777 == 0o666 & ~os.umask(os.umask(0o022))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be of several groups")
def test_a_file_stays_with_its_group_or_is_open_to_another_as_to_all(tmp_path, monkeypatch):
    def refused(*_):
        raise PermissionError(errno.EPERM, "not of that group")

    old = tmp_path / "old"
    old.write_text("x")
    os.chown(old, -1, 4711)
    old.chmod(0o664)
    put({old: text("y")})
    assert (old.stat().st_gid, old.stat().st_mode & 0o777) == (4711, 0o664)
    monkeypatch.setattr(os, "chown", refused)
    put({old: text("z")})
    assert (old.stat().st_gid, old.stat().st_mode & 0o777) == (os.getegid(), 0o644)


def put_as_another(user, files, like):
    """Exit status of a process of a user, in a group of his own and in 4711, that writes files."""
    if (child := os.fork()) == 0:
        try:
            os.setgroups([4711])
            os.setgid(user)
            os.setuid(user)
            put(files, like=like)
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be several users")
@pytest.mark.parametrize(
    ("before", "after"), [(0o644, 0o644), (0o664, 0o644), (0o666, 0o666), (0o640, 0o600), (0o604, 0o600)]
)
def test_a_file_that_leaves_its_group_is_as_open_to_the_new_group_as_to_all(before, after):
    """As the group's empty rights go before those of all, the colleagues could not read what strangers may."""
    with tempfile.TemporaryDirectory() as name:  # those of pytest are root's alone
        folder, own = Path(name) / "shared", 1001
        folder.parent.chmod(0o755)
        folder.mkdir()
        os.chown(folder, own, 4711)
        folder.chmod(0o2775)
        book = folder / "2023.xlsx"
        book.write_text("old")
        os.chown(book, own, own)
        book.chmod(before)
        backup = folder / "2023.xlsx.bak"
        assert put_as_another(1002, {backup: text("old"), book: text("new")}, book) == 0
        found = {path.name: path.stat() for path in folder.iterdir()}
    assert {name: (one.st_uid, one.st_gid, one.st_mode & 0o777) for name, one in found.items()} == dict.fromkeys(
        ("2023.xlsx", "2023.xlsx.bak"), (1002, 4711, after)
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot kill a process from within in this way")
def test_what_a_kill_left_is_swept_by_the_next(tmp_path):
    assert ended_by(signal.SIGKILL, tmp_path / "2024.xlsx") == -signal.SIGKILL
    assert {path.name.startswith(f".{PREFIX}") for path in tmp_path.iterdir()} == {True}
    assert units(tmp_path) == [], "what lies in it is no unit's"
    put({tmp_path / "other.xlsx": text("x")})
    assert [path.name for path in tmp_path.iterdir()] == ["other.xlsx"]


def test_nothing_lies_there_as_long_as_another_command_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "PATIENCE", 0.2)
    begun = []
    with (
        lock.passing_lock(tmp_path / lock.FOLDER_LOCK),
        pytest.raises(NotWrittenError, match="lệnh khác đang ghi"),
    ):
        put({tmp_path / "2024.xlsx": begun.append})
    assert begun == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without telling it")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_who_is_asked_to_end_leaves_nothing(tmp_path, name):
    number = getattr(signal, name)
    assert ended_by(number, tmp_path / "nam" / "2024.xlsx") == 128 + number
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_a_link_of_another_user_is_not_written_through(tmp_path, monkeypatch):
    (tmp_path / "private.xlsx").write_text("old")
    (tmp_path / "2024.xlsx").symlink_to("private.xlsx")
    os.chown(tmp_path / "2024.xlsx", 1001, -1, follow_symlinks=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1002)
    with pytest.raises(NotWrittenError, match="liên kết do người dùng khác đặt"):
        put({tmp_path / "2024.xlsx": text("new")})
    assert (tmp_path / "private.xlsx").read_text() == "old"


def test_the_temporary_files_of_openpyxl_lie_in_a_folder_that_is_swept(monkeypatch):
    seen = []
    write = ExcelWriter.write_data
    monkeypatch.setattr(
        ExcelWriter, "write_data", lambda writer: (seen.append(Path(tempfile.gettempdir())), write(writer))
    )
    before = tempfile.gettempdir()
    workbook_bytes(openpyxl.Workbook())
    assert seen[0].name.startswith(PREFIX)
    assert (tempfile.gettempdir(), seen[0].exists()) == (before, False)


@pytest.mark.parametrize("year", [1975, 2120])
def test_a_workbook_is_written_in_a_year_that_no_zip_can_hold(year, monkeypatch):
    def written():
        return workbook({}, tables(), year=2024, kind="unit")

    now = written()
    monkeypatch.setattr(time, "localtime", lambda *_: time.struct_time((year, 6, 1, 12, 0, 0, 0, 152, 0)))
    assert written() == now
