"""What the commands make of a report whose run was killed while its files were put in place."""

import errno
import json
import multiprocessing
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from giamngheo.core.lock import FOLDER_LOCK, passing_lock
from giamngheo.run.publishing import publish as room
from giamngheo.run.publishing.publish import InterruptedRunError, publish, repair
from tests.conftest import Command, marked

as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be several users")

PERIOD = "tu-mo-rong/2023-08"
RENAMES = 10
"""Of a report of four files: the folder for the earlier ones, these, the folder of the new ones, these."""

COMMANDS = {
    "publish": ("publish", *PERIOD.split("/"), "--number", "2/BC"),
    "verify": ("verify", f"outputs/{PERIOD}", "--record", "2023-09-05"),
    "verify all": ("verify", "outputs"),
    "changed": ("changed", f"outputs/{PERIOD}", "before"),
    "changed from": ("changed", "before", f"outputs/{PERIOD}"),
    "status": ("status", *PERIOD.split("/")),
    "site": ("site",),
}


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name[0] != "."}


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@pytest.fixture(scope="module")
def page(called: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a report of four files."""
    out = tmp_path_factory.mktemp("page")
    assert called("report", *PERIOD.split("/"), "--out", out, "--formats", "html").returncode == 0
    assert 2 * len(files_of(out / PERIOD)) + 2 == RENAMES
    return out / PERIOD


@pytest.fixture
def place(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That report in the outputs of a folder that one works in, which is made again in no time."""
    made = files_of(page)
    monkeypatch.setattr("giamngheo.run.provenance.verify.made_files", lambda *_, **__: made)
    shutil.copytree(page, tmp_path / "before")
    return Path(shutil.copytree(page, tmp_path / "outputs" / PERIOD))


def publish_and_die(folder: Path, at: int) -> None:
    """Put the same files in place again and end as by kill -9 before a rename, the first being 1."""
    rename, left = os.rename, iter(range(at - 1, -1, -1))

    def dying(*names: object, **how: object) -> None:
        if next(left) == 0:
            os._exit(9)
        rename(*names, **how)

    os.rename = dying
    publish(folder, files_of(folder))


def kill(folder: Path, at: int) -> None:
    killed = multiprocessing.get_context("fork").Process(target=publish_and_die, args=(folder, at))
    killed.start()
    killed.join()
    assert killed.exitcode == 9
    assert any(name.startswith((".giamngheo-new", ".giamngheo-old")) for name in hidden(folder))


@contextmanager
def refused(path: Path) -> Iterator[None]:
    """A lock that this user cannot make."""
    raise PermissionError(errno.EACCES, "Permission denied", str(path))
    yield


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("at", range(1, RENAMES + 1))
def test_a_run_killed_at_any_rename_is_put_right_by_the_next_command(
    called: Command, place: Path, tmp_path: Path, at: int, command: str
) -> None:
    whole = files_of(place)
    kill(place, at)
    done = called(*COMMANDS[command], cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert {name: content for name, content in files_of(place).items() if name != "verified.json"} == whole


@pytest.mark.parametrize(
    ("at", "left"),
    [
        (3, "the manifest is there, another file is not"),
        (5, "the manifest is away"),
        (9, "the manifest is there again"),
    ],
)
@pytest.mark.parametrize("command", COMMANDS)
def test_who_cannot_put_it_right_is_told_who_can(
    called: Command, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, left: str, command: str
) -> None:
    kill(place, at)
    assert ("manifest.json" in files_of(place)) == ("is there" in left)
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(room, "passing_lock", refused)
    done = called(*COMMANDS[command], cwd=tmp_path)
    assert done.returncode == 1
    said = done.stdout + done.stderr
    if command == "status":
        assert "bị ngắt khi thay tệp: giamngheo report hoặc site đặt lại\n" in said
    else:
        assert f"{PERIOD}: một lần chạy bị ngắt hoặc chưa xong khi thay tệp báo cáo" in said
        assert "(không có quyền); người có quyền ghi ở đó chạy giamngheo report hoặc giamngheo site" in said
    assert "manifest.json đọc được" not in said
    assert "lập lại báo cáo" not in said
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("publish", "site")])
def test_a_whole_report_is_read_without_a_lock(
    called: Command, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    (place / ".giamngheo-old-1").mkdir()  # what somebody else has put right and may not remove
    locks: list[Path] = []

    @contextmanager
    def counted(path: Path) -> Iterator[None]:
        locks.append(path.parent)
        with passing_lock(path):
            yield

    monkeypatch.setattr(room, "passing_lock", counted)
    assert called(*COMMANDS[command], cwd=tmp_path).returncode == 0
    assert locks == [place] * ("--record" in COMMANDS[command])


def test_what_somebody_put_there_meanwhile_is_named(place: Path) -> None:
    kill(place, 5)
    (place / "mail.txt").write_bytes(b"mine")
    with pytest.raises(InterruptedRunError, match=r"sau đó có người đặt mail\.txt; chuyển đi nơi khác"):
        repair(place)
    assert (place / "mail.txt").read_bytes() == b"mine"


def test_a_public_site_that_was_moved_aside_is_no_report_that_lacks_its_manifest(
    called: Command, place: Path, tmp_path: Path
) -> None:
    public = place.parents[1] / "public"
    (public / ".giamngheo-old-1" / PERIOD).mkdir(parents=True)
    marked(public / ".giamngheo-old-1")
    shutil.copy(place / "report.html", public / ".giamngheo-old-1" / PERIOD)
    done = called("verify", "outputs", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(f"outputs/{PERIOD}: giống hệt từng byte.\n")
    assert (public / PERIOD / "report.html").exists()


@as_root
@pytest.mark.parametrize("at", [3, 9])
def test_another_user_who_may_only_read_changes_nothing(page: Path, at: int) -> None:
    with TemporaryDirectory() as name:  # those of pytest are root's alone
        Path(name).chmod(0o755)
        folder = Path(shutil.copytree(page, Path(name) / PERIOD))
        kill(folder, at)
        before = sorted(Path(name).rglob("*"))
        os.seteuid(65534)
        try:
            with pytest.raises(InterruptedRunError, match="không có quyền"):
                repair(folder)
        finally:
            os.seteuid(0)
        assert sorted(Path(name).rglob("*")) == before
        repair(folder)
        assert files_of(folder) == files_of(page)


@as_root
def test_a_folder_that_another_user_linked_is_left_to_who_reads_it(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(place, 5)
    monkeypatch.setattr("giamngheo.core.shared.os.geteuid", lambda: 4711)
    before = files_of(place)
    link = place.with_name("2023-07")
    link.symlink_to(place)
    os.chown(link, 4712, 4712, follow_symlinks=False)
    repair(link)
    assert (files_of(place), FOLDER_LOCK in hidden(place)) == (before, True)


def test_programs_are_told_of_the_interrupted_run(
    called: Command, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(place, 5)
    monkeypatch.setattr(room, "passing_lock", refused)
    (found,) = json.loads(called(*COMMANDS["status"], "--format", "json", cwd=tmp_path).stdout)
    assert (found["report"], found["ready"]) == ("interrupted", False)
