"""Outputs are put in place whole, whatever happens meanwhile."""

import errno
import multiprocessing
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from giamngheo.core import lock
from giamngheo.core.lock import passing_lock
from giamngheo.core.shared import MARK
from giamngheo.run.publishing import publish as room
from giamngheo.run.publishing.publish import (
    UnwritableOutputError,
    publish,
    publish_file,
    publishing,
    undisturbed,
    write_new,
)
from tests.conftest import marked

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


def test_folders_that_were_made_for_nothing_go_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(room, "write_new", full)
    for write in (lambda: publish(tmp_path / "out/unit/2023-08", NEW), lambda: publish_file(tmp_path / "a/b", b"new")):
        with pytest.raises(UnwritableOutputError):
            write()
    assert list(tmp_path.iterdir()) == []


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
        patch.setattr(room, "write_new", fails)
        with pytest.raises(UnwritableOutputError, match="báo cáo cũ còn nguyên") as raised:
            publish(folder, NEW)
    assert f": {told}. Đóng" in str(raised.value)
    assert content(folder) == OLD
    assert hidden(folder) == []
    publish(folder, NEW)
    assert content(folder) == NEW


@pytest.mark.parametrize("write", [publish, lambda folder, files: publish_file(folder / "report.html", b"new")])
def test_the_disk_holds_what_is_new_before_what_is_old_goes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, dict[str, bytes]], None]
) -> None:
    def fails(_handle: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(UnwritableOutputError, match="ổ đĩa đọc, ghi lỗi"):
        write(folder, NEW)
    assert content(folder) == OLD
    assert hidden(folder) == []


class OpenElsewhereError(PermissionError):
    """What Windows raises for a file that another program has open."""

    winerror = 32


@pytest.mark.parametrize("name", ["report.pdf", "fresh"])
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
    die = {
        "retire": ("report.pdf", ".giamngheo-old"),
        "commit": ("fresh", ".giamngheo-ready"),
        "place": ("report.docx", "2023-08"),
    }.get(step)

    def dying(rename: Callable[..., object]) -> Callable[..., object]:
        def renamed(path: Path | str, target: Path, **options: int) -> object:
            source, into = Path(path).name, (target.name, target.parent.name)
            if die and source == die[0] and any(name.startswith(die[1]) for name in into):
                os._exit(9)
            return rename(path, target, **options)

        return renamed

    def dying_removal(place: Path, **options: bool) -> None:
        if step == "tidy" and place.name.startswith(".giamngheo-old"):
            next(path for path in place.iterdir() if path.name in OLD).unlink()
            os._exit(9)
        remove(place, **options)

    remove = room.remove_made
    os.rename, Path.rename, room.remove_made = dying(os.rename), dying(Path.rename), dying_removal
    if step == "write":
        room.write_new = lambda path, data: os._exit(9)
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


def publish_as(user: int, umask: int, folder: Path, files: dict[str, bytes], *, step: str = "") -> int:
    """The exit status of a process of a user, in the group 4711, that publishes, killed at a step."""
    if (child := os.fork()) == 0:
        os.setgroups([4711])
        os.setgid(4711)
        os.setuid(user)
        os.umask(umask)
        try:
            publish_and_die(folder, step) if step else publish(folder, files)
            os._exit(0)
        except UnwritableOutputError:
            os._exit(1)
        finally:
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user may enter and write; those of pytest are root's alone."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.fixture
def group_folder(shared: Path) -> Path:
    """A folder for reports in one of the group 4711, which the users 1001 and 1002 are in."""
    out = shared / "out"
    out.mkdir()
    os.chown(out, 1001, 4711)
    out.chmod(0o2775)
    return out / "unit" / "2023-08"


@as_root
def test_two_users_of_a_group_share_a_folder(group_folder: Path) -> None:
    for user, files in ((1001, OLD), (1002, NEW), (1002, OLD), (1001, NEW), (1002, NEW)):
        assert publish_as(user, 0o002, group_folder, files) == 0
        assert content(group_folder) == files
        assert hidden(group_folder) == []


@as_root
@pytest.mark.parametrize("umask", [0o000, 0o002, 0o077])
@pytest.mark.parametrize("step", ["write", "retire", "commit", "place", "tidy"])
def test_what_one_user_leaves_who_is_killed_does_not_stop_the_other(group_folder: Path, umask: int, step: str) -> None:
    assert publish_as(1002, 0o002, group_folder, OLD) == 0
    assert publish_as(1001, umask, group_folder, NEW, step=step) == 9
    assert publish_as(1002, 0o002, group_folder, OLD) == 0
    assert content(group_folder) == OLD
    assert publish_as(1001, umask, group_folder, NEW) == 0
    assert content(group_folder) == NEW
    assert hidden(group_folder) == []


@as_root
@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_a_new_report_of_one_user_who_is_killed_does_not_stop_the_other(group_folder: Path, umask: int) -> None:
    assert publish_as(1002, 0o002, group_folder.with_name("2023-07"), OLD) == 0
    assert publish_as(1001, umask, group_folder, NEW, step="write") == 9
    assert publish_as(1002, 0o002, group_folder, OLD) == 0
    assert content(group_folder) == OLD


@as_root
def test_the_reports_of_a_user_who_lets_nobody_in_are_said_to_be_his(group_folder: Path) -> None:
    assert publish_as(1001, 0o002, group_folder.with_name("2023-07"), OLD) == 0
    assert publish_as(1001, 0o077, group_folder, OLD) == 0
    assert publish_as(1002, 0o002, group_folder, NEW) == 1
    assert content(group_folder) == OLD
    assert publish_as(1001, 0o077, group_folder, NEW) == 0


@as_root
def test_a_lock_file_that_another_user_keeps_shut_is_taken_away(group_folder: Path) -> None:
    assert publish_as(1001, 0o002, group_folder, OLD) == 0
    shut = group_folder / ".giamngheo-lock"
    shut.touch(0o600)
    os.chown(shut, 1001, 4711)
    assert publish_as(1002, 0o002, group_folder, NEW) == 0
    assert hidden(group_folder) == []


@as_root
def test_a_folder_that_belongs_to_another_user_alone_is_left(shared: Path) -> None:
    folder = shared / "unit" / "2023-08"
    assert publish_as(1001, 0o022, folder, OLD) == 0
    assert publish_as(1002, 0o022, folder, NEW) == 1
    assert content(folder) == OLD
    assert hidden(folder) == []


@as_root
@pytest.mark.parametrize("link", ["unit", "unit/2023-08"])
def test_a_link_of_another_user_is_not_written_through(group_folder: Path, shared: Path, link: str) -> None:
    private, planted = shared / "private", group_folder.parents[1] / link
    private.mkdir()
    os.chown(private, 1002, 1002)
    planted.parent.mkdir(exist_ok=True)
    planted.symlink_to(private)
    os.chown(planted, 1001, 4711, follow_symlinks=False)
    assert publish_as(1002, 0o002, group_folder, OLD) == 1
    assert list(private.iterdir()) == []
    os.chown(planted, 1002, 4711, follow_symlinks=False)
    assert publish_as(1002, 0o002, group_folder, OLD) == 0
    assert content(private / "2023-08" if link == "unit" else private) == OLD


def put_aside(folder: Path, user: int, *names: str) -> None:
    """Make hidden folders that are marked as a run of a user of the group 4711 marks them."""
    for name in names:
        (hidden := folder / name).mkdir()
        marked(hidden)
        for path in (hidden, hidden / MARK):
            os.chown(path, user, 4711)
        hidden.chmod(0o2775)


@as_root
def test_what_another_user_put_aside_is_never_removed(group_folder: Path) -> None:
    """Who may rename a folder in a shared one, and not remove it, has nobody's run do it."""
    assert publish_as(1001, 0o002, group_folder, OLD) == 0
    put_aside(group_folder, 1002, ".giamngheo-ready-x", ".giamngheo-old-x")
    aside = group_folder / ".giamngheo-old-x"
    for name in ("letter.docx", "published/1/report.html"):
        (aside / name).parent.mkdir(parents=True, exist_ok=True)
        (aside / name).write_bytes(b"mine")
    before = all_in(aside)
    assert publish_as(1001, 0o002, group_folder, NEW) == 0
    assert (content(group_folder), all_in(aside)) == (NEW, before)


@as_root
def test_what_one_user_moved_aside_does_not_go_for_files_of_another(group_folder: Path) -> None:
    assert publish_as(1001, 0o002, group_folder, OLD) == 0
    assert publish_as(1001, 0o002, group_folder, NEW, step="commit") == 9
    (earlier,) = group_folder.glob(".giamngheo-old-*")
    put_aside(group_folder, 1002, earlier.name.replace("old", "ready"), ".giamngheo-ready-x")
    with undisturbed(group_folder):
        assert content(group_folder) == OLD


def test_what_lies_in_a_folder_among_the_earlier_files_of_a_report_is_not_removed(folder: Path, precious: Path) -> None:
    for name in ("ready", "old"):
        (folder / f".giamngheo-{name}-1").mkdir()
        marked(folder / f".giamngheo-{name}-1")
    aside = precious.rename(folder / ".giamngheo-old-1" / "report.docx")
    with undisturbed(folder):
        assert all_in(aside) == PRECIOUS
    with pytest.raises(UnwritableOutputError, match="thư mục không rỗng"):
        publish(folder, NEW)
    assert all_in(aside) == PRECIOUS


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

    def deleted(*places: object, **how: object) -> None:
        shutil.rmtree(folder.parent)
        swap(*places, **how)

    with monkeypatch.context() as patch:
        patch.setattr(room, "_swap", deleted)
        with pytest.raises(UnwritableOutputError, match="chạy lại"):
            publish(folder, NEW)
    publish(folder, NEW)
    assert content(folder) == NEW


LINKS = (".giamngheo-ready-1", ".giamngheo-old-1", ".giamngheo-new-1", ".giamngheo-lock")


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
    assert hidden(folder) == [name] * (name != ".giamngheo-lock")


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
@pytest.mark.parametrize("what", ["folder", "pipe"])
def test_what_is_no_lock_file_is_taken_away(folder: Path, what: str) -> None:
    {"folder": Path.mkdir, "pipe": os.mkfifo}[what](folder / ".giamngheo-lock")
    publish(folder, NEW)
    assert content(folder) == NEW
    assert hidden(folder) == []


def test_a_folder_in_the_place_of_the_lock_that_is_not_empty_is_named(folder: Path) -> None:
    (folder / ".giamngheo-lock" / "file").mkdir(parents=True)
    with pytest.raises(UnwritableOutputError, match=r"không rỗng \(\.giamngheo-lock\)"):
        publish(folder, NEW)


def test_a_lock_that_is_held_for_ever_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.2)
    with passing_lock(folder / ".giamngheo-lock"), pytest.raises(UnwritableOutputError, match="lệnh khác đang ghi"):
        publish(folder, NEW)
    assert content(folder) == OLD


def test_nobody_can_foresee_a_hidden_name_or_enter_what_is_half_written(tmp_path: Path) -> None:
    os.umask(umask := os.umask(0))
    for folder in (tmp_path / "a", tmp_path / "b"):
        seen: list[str] = []
        for _ in range(2):
            with room.publishing(folder, lambda name: True) as fresh:
                seen.append(fresh.parent.name)
                assert stat.S_IMODE(fresh.parent.stat().st_mode) == 0o700
                assert stat.S_IMODE(fresh.stat().st_mode) == 0o777 & ~umask
                (fresh / "file").touch()
        assert len(set(seen)) == 2


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_put_where_a_file_is_about_to_be_written_is_not_followed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "private").write_bytes(b"another's")
    write_new = room.write_new

    def planted(path: Path, data: bytes) -> None:
        path.symlink_to(tmp_path / "private")
        write_new(path, data)

    monkeypatch.setattr(room, "write_new", planted)
    with pytest.raises(UnwritableOutputError):
        publish(folder, NEW)
    assert (tmp_path / "private").read_bytes() == b"another's"
    assert content(folder) == OLD


@pytest.mark.parametrize("left", ["old", "ready"])
def test_what_somebody_put_there_after_a_run_was_killed_is_not_written_over(folder: Path, left: str) -> None:
    kept = folder / f".giamngheo-{left}-1"
    kept.mkdir()
    marked(kept)
    for name in OLD:
        (folder / name).rename(kept / name)
    mine = next(iter(OLD))
    (folder / mine).write_bytes(b"my own")
    with undisturbed(folder):
        assert (folder / mine).read_bytes() == b"my own"
    with pytest.raises(UnwritableOutputError, match=f"sau đó có người đặt {mine}"):
        publish(folder, NEW)
    assert (folder / mine).read_bytes() == b"my own"
    (folder / mine).unlink()
    publish(folder, NEW)
    assert content(folder) == NEW
    assert hidden(folder) == []


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_hidden_folder_that_becomes_a_link_meanwhile_is_not_emptied(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "letter.docx").write_bytes(b"another's")
    left = room._left

    def swapped(place: Path, beginning: str) -> list[Path]:
        found = left(place, beginning)
        for path in found if beginning == ".giamngheo-ready-" else ():
            if not path.is_symlink():
                path.rename(tmp_path / "away")
                path.symlink_to(tmp_path / "private")
        return found

    monkeypatch.setattr(room, "_left", swapped)
    with pytest.raises(UnwritableOutputError):
        publish(folder, NEW)
    assert content(tmp_path / "private") == {"letter.docx": b"another's"}


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_that_leads_to_itself_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "index.html").symlink_to("index.html")
    publish_file(tmp_path / "index.html", b"new")
    assert (tmp_path / "index.html").read_bytes() == b"new"


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_what_is_no_file_is_not_replaced_by_a_list(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "index.html").symlink_to("pipe")
    with pytest.raises(UnwritableOutputError, match="không phải là tệp thường"):
        publish_file(tmp_path / "index.html", b"list")
    assert (tmp_path / "pipe").is_fifo()


def test_a_folder_that_must_be_new_takes_the_place_of_none(folder: Path) -> None:
    with pytest.raises(UnwritableOutputError, match="thư mục không rỗng"), publishing(folder, None) as fresh:
        write_new(fresh / "report.html", b"new")
    assert content(folder) == OLD
    assert hidden(folder) == []


@pytest.fixture
def precious(folder: Path) -> Path:
    """A folder of one's own work beside the files of a report, which whoever shares the place may rename."""
    place = folder / "published"
    (place / "1").mkdir(parents=True)
    (place / "1" / "report.html").write_bytes(b"published")
    return place


PRECIOUS = {"1/report.html": b"published"}


def all_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("beginning", ["new", "old", "ready"])
def test_a_folder_that_somebody_gave_a_hidden_name_is_left(folder: Path, precious: Path, beginning: str) -> None:
    renamed = precious.rename(folder / f".giamngheo-{beginning}-1")
    if beginning == "old":
        (folder / ".giamngheo-ready-1").mkdir()
    with undisturbed(folder):
        assert all_in(renamed) == PRECIOUS
    publish_file(folder / "index.html", b"list")
    publish(folder, NEW)
    assert all_in(renamed) == PRECIOUS
    assert content(folder) == NEW | {"index.html": b"list"}
    assert hidden(folder) == [renamed.name], "one that is empty goes"


def test_a_folder_with_the_mark_of_another_name_is_left(folder: Path, precious: Path) -> None:
    marked(precious, ".giamngheo-new-1")
    renamed = precious.rename(folder / ".giamngheo-new-2")
    publish(folder, NEW)
    assert (renamed / "1" / "report.html").exists()
    publish(folder, OLD)
    renamed.rename(folder / ".giamngheo-new-1")
    publish(folder, NEW)
    assert hidden(folder) == []


@pytest.mark.skipif(os.name == "nt", reason="handles of folders, which POSIX has")
@pytest.mark.parametrize(
    "write",
    [
        lambda folder: publish_file(folder / "index.html", b"list"),
        lambda folder: publish(folder, NEW),
        lambda folder: publish(folder / "new", NEW),
    ],
    ids=["file", "report", "new report"],
)
def test_a_folder_put_in_the_place_of_the_one_that_is_half_written_is_left(
    folder: Path, precious: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None]
) -> None:
    swapped, write_new = [], room.write_new

    def swaps(path: Path, data: bytes) -> None:
        write_new(path, data)
        if not swapped:
            half = path.parent.parent
            half.rename(folder / "away")
            swapped.append(precious.rename(half))

    monkeypatch.setattr(room, "write_new", swaps)
    with pytest.raises(UnwritableOutputError):
        write(folder)
    assert all_in(swapped[0]) == PRECIOUS
    assert all_in(folder / "away").keys() <= {MARK}, "what was half written goes wherever it is"
    publish(folder, NEW)
    assert all_in(swapped[0]) == PRECIOUS


def test_a_folder_put_in_the_place_of_one_just_made_is_left(
    folder: Path, precious: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swapped(*, dir: Path, prefix: str) -> str:
        return str(precious.rename(dir / f"{prefix}1"))

    with monkeypatch.context() as patch:
        patch.setattr(room, "mkdtemp", swapped)
        with pytest.raises(UnwritableOutputError):
            publish(folder, NEW)
    publish(folder, NEW)
    assert all_in(folder / ".giamngheo-new-1") == PRECIOUS


def test_a_folder_put_in_the_place_of_what_was_moved_aside_is_left(
    folder: Path, precious: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, swapped = room._left, list[Path]()

    def swaps(place: Path, beginning: str) -> list[Path]:
        found = left(place, beginning)
        if beginning == ".giamngheo-old-" and found and not swapped:
            found[0].rename(place / "away")
            swapped.append(precious.rename(found[0]))
        return found

    monkeypatch.setattr(room, "_left", swaps)
    with pytest.raises(UnwritableOutputError):
        publish(folder, NEW)
    assert all_in(swapped[0]) == PRECIOUS
    publish(folder, OLD)
    assert all_in(swapped[0]) == PRECIOUS
