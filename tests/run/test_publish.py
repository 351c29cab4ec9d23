"""Outputs are put in place whole, whatever happens meanwhile."""

import errno
import multiprocessing
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from giamngheo.run import publish as room
from giamngheo.run.publish import UnwritableOutputError, publish, publish_file, undisturbed

OLD = {"report.html": b"old", "report.pdf": b"old"}
NEW = {"report.html": b"new", "report.docx": b"new"}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


def hidden(folder: Path) -> list[str]:
    """What lies beside and in a report besides its files."""
    return [path.name for path in folder.parent.rglob(".*")]


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


@pytest.mark.parametrize("name", ["report.pdf", ".giamngheo-new"])
def test_a_file_that_is_open_elsewhere_keeps_the_earlier_report(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    rename = Path.rename

    def fails(path: Path, target: Path) -> Path:
        if path.name == name:
            raise OpenElsewhereError(errno.EACCES, "used by another process")
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fails)
        with pytest.raises(UnwritableOutputError, match="đang mở ở chương trình khác"):
            publish(folder, NEW)
    assert content(folder) == OLD
    assert hidden(folder) == []


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_folder_without_permission_is_said(folder: Path) -> None:
    user = os.geteuid()
    folder.chmod(0o500)
    try:
        if user == 0:
            os.seteuid(NOBODY)  # root may write everywhere
        with pytest.raises(UnwritableOutputError, match="quyền ghi"):
            publish(folder, NEW)
    finally:
        os.seteuid(user)
        folder.chmod(0o700)
    assert content(folder) == OLD


def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "unit").write_text("a file", "utf-8")
    with pytest.raises(UnwritableOutputError, match="unit"):
        publish(tmp_path / "unit" / "2023-08", NEW)


@pytest.mark.parametrize("step", ["write", "retire", "commit", "place", "tidy"])
def test_a_writer_killed_at_any_step_is_repaired(folder: Path, step: str) -> None:
    (folder / "signed.pdf").write_bytes(b"officer's own")
    killed = multiprocessing.get_context("fork").Process(target=publish_and_die, args=(folder, step))
    killed.start()
    killed.join()
    assert killed.exitcode == 9
    with undisturbed(folder):
        old = content(folder).get("report.html") == b"old"
        assert old == (step in ("write", "retire", "commit"))
        assert content(folder) == (OLD if old else NEW) | {"signed.pdf": b"officer's own"}
    publish(folder, NEW)
    assert content(folder) == NEW | {"signed.pdf": b"officer's own"}
    assert hidden(folder) == []


def publish_and_die(folder: Path, step: str) -> None:
    """Publishes and ends as by kill -9: while writing, before one of the renames, or while tidying up."""
    rename, remove = Path.rename, room._remove
    last = {
        "retire": ("report.pdf", ".giamngheo-old"),
        "commit": (".giamngheo-new", ".giamngheo-ready"),
        "place": ("report.docx", "2023-08"),
    }

    def dying_rename(path: Path, target: Path) -> Path:
        if last.get(step) in ((path.name, target.name), (path.name, target.parent.name)):
            os._exit(9)
        return rename(path, target)

    def dying_remove(place: Path) -> None:
        if step == "tidy" and place.name == ".giamngheo-old":
            next(place.iterdir()).unlink()
            os._exit(9)
        remove(place)

    Path.rename = dying_rename
    room._remove = dying_remove
    if step == "write":
        Path.write_bytes = lambda path, data: os._exit(9)
    publish(folder, NEW)


def test_a_new_report_appears_whole(tmp_path: Path) -> None:
    folder = tmp_path / "unit" / "2023-08"
    killed = multiprocessing.get_context("fork").Process(target=publish_and_die, args=(folder, "write"))
    killed.start()
    killed.join()
    assert not folder.exists()
    publish(folder, NEW)
    assert content(folder) == NEW
    assert hidden(folder) == []


@pytest.mark.parametrize("link", ["out", "out/unit", "out/unit/2023-08"])
def test_a_folder_that_is_a_link_is_written_through(tmp_path: Path, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "letter.docx").write_bytes(b"someone's own")
    (tmp_path / link).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / link).symlink_to(elsewhere)
    folder = tmp_path / "out" / "unit" / "2023-08"
    for files in (OLD, NEW, NEW):
        publish(folder, files)
        assert content(folder) == files | ({"letter.docx": b"someone's own"} if link.endswith("08") else {})
    assert (tmp_path / link).is_symlink()
    assert (elsewhere / "letter.docx").read_bytes() == b"someone's own"
    assert list(elsewhere.rglob(".*")) == []


def test_a_link_to_nowhere_is_said(tmp_path: Path) -> None:
    (tmp_path / "2023-08").symlink_to(tmp_path / "gone")
    with pytest.raises(UnwritableOutputError, match="2023-08"):
        publish(tmp_path / "2023-08", NEW)
    assert [path.name for path in tmp_path.iterdir()] == ["2023-08"]


def test_a_file_that_is_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "index.html").symlink_to(tmp_path / "real.html")
    publish_file(tmp_path / "index.html", b"list")
    assert (tmp_path / "index.html").is_symlink()
    assert content(tmp_path) == {"index.html": b"list", "real.html": b"list"}
    assert list(tmp_path.rglob(".*")) == []


def test_the_working_folder_stays_the_folder_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "letter.docx").write_bytes(b"someone's own")
    monkeypatch.chdir(tmp_path)
    before = tmp_path.stat()
    for files in (OLD, NEW):
        publish(Path(), files)
        assert content(Path()) == files | {"letter.docx": b"someone's own"}
    assert (tmp_path.stat().st_ino, tmp_path.stat().st_mode) == (before.st_ino, before.st_mode)


as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be several users")


def publish_as(user: int, umask: int, folder: Path, files: dict[str, bytes]) -> int:
    """The exit status of a process of a user, in the group 4711, that publishes."""
    if (child := os.fork()) == 0:
        os.setgroups([4711])
        os.setgid(4711)
        os.setuid(user)
        os.umask(umask)
        try:
            publish(folder, files)
        except UnwritableOutputError:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user may enter and write; those of pytest are root's alone."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)


@as_root
def test_two_users_of_a_group_share_a_folder(shared: Path) -> None:
    out = shared / "out"
    out.mkdir()
    os.chown(out, 1001, 4711)
    out.chmod(0o2775)
    folder = out / "unit" / "2023-08"
    for user, files in ((1001, OLD), (1002, NEW), (1002, OLD), (1001, NEW), (1002, NEW)):
        assert publish_as(user, 0o002, folder, files) == 0
        assert content(folder) == files
        assert hidden(folder) == []


@as_root
def test_a_folder_that_belongs_to_another_user_alone_is_left(shared: Path) -> None:
    folder = shared / "unit" / "2023-08"
    assert publish_as(1001, 0o022, folder, OLD) == 0
    assert publish_as(1002, 0o022, folder, NEW) == 1
    assert content(folder) == OLD
    assert hidden(folder) == []


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
    swap = room._swap

    def deleted(*places: object) -> None:
        shutil.rmtree(folder.parent)
        swap(*places)

    with monkeypatch.context() as patch:
        patch.setattr(room, "_swap", deleted)
        with pytest.raises(UnwritableOutputError, match="chạy lại"):
            publish(folder, NEW)
    publish(folder, NEW)
    assert content(folder) == NEW


LINKS = (".giamngheo-ready", ".giamngheo-old", ".giamngheo-new", ".giamngheo-lock")


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("leads", ["folder", "file", "nowhere"])
def test_a_link_planted_at_a_hidden_name_leads_to_nothing(folder: Path, tmp_path: Path, name: str, leads: str) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "file").write_bytes(b"another's")
    target = {"folder": foreign, "file": foreign / "file", "nowhere": foreign / "none"}[leads]
    (folder / name).symlink_to(target)
    with undisturbed(folder):
        assert content(folder) == OLD
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(target)
    publish(folder, NEW)
    assert content(folder) == NEW
    assert content(foreign) == {"file": b"another's"}
    assert hidden(folder) == []


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_planted_beside_a_folder_or_file_to_be_written_is_not_followed(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.write_bytes(b"another's")
    (tmp_path / ".index.html.giamngheo-new").symlink_to(foreign)
    (tmp_path / ".2023-08.giamngheo-new").symlink_to(tmp_path)
    publish_file(tmp_path / "index.html", b"new")
    publish(tmp_path / "2023-08", NEW)
    assert foreign.read_bytes() == b"another's"
    assert (tmp_path / "index.html").read_bytes() == b"new"
    assert content(tmp_path / "2023-08") == NEW
    assert list(tmp_path.rglob(".*")) == []


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_that_leads_to_itself_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "index.html").symlink_to("index.html")
    publish_file(tmp_path / "index.html", b"new")
    assert (tmp_path / "index.html").read_bytes() == b"new"
