"""Household rows that were put aside on disk go away with the run, however it ends."""

import os
import signal
import subprocess
import sys
import tempfile

import pytest
from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from giamngheo.core.errors import MachineError
from giamngheo.core.lock import locked
from giamngheo.core.scratch import PREFIX, scratch_folder, sweep_scratch, temporary_files
from giamngheo.core.shared import HALF_MARK, MARK
from giamngheo.export.document import UNDATED, Document
from giamngheo.households.engine import workspace
from giamngheo.run.publishing.exports import exported
from giamngheo.workbook.write.save import workbook_bytes
from tests.conftest import marked

COUNTING = """
from giamngheo.households.engine import workspace
with workspace() as work:
    work.connection.execute("create table rows as select range as n from range(100000)")
    print("working", flush=True)
    work.connection.execute("select count(*) from range(1000000000000) where hash(range) = 1")
"""


@pytest.fixture
def temp(tmp_path, monkeypatch):
    """The temporary folder of this process and of those it starts."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def counting(temp):
    """A run in the midst of a long query."""
    with subprocess.Popen([sys.executable, "-c", COUNTING], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "working\n"
        yield process
        process.kill()


def folders(temp):
    return list(temp.glob(f"{PREFIX}*"))


def test_a_folder_goes_with_its_run(temp):
    with workspace():
        assert len(folders(temp)) == 1
        assert folders(temp)[0].stat().st_mode & 0o077 == 0
    assert folders(temp) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without telling it")
def test_sigterm_in_the_midst_of_a_query_leaves_nothing(temp, counting):
    assert len(folders(temp)) == 1
    counting.send_signal(signal.SIGTERM)
    assert counting.wait(timeout=120) == 128 + signal.SIGTERM
    assert folders(temp) == []


def test_the_next_run_sweeps_what_a_kill_left_but_not_what_is_in_use(temp, counting):
    with workspace() as alive:
        counting.kill()
        counting.wait(timeout=120)
        left = [folder for folder in folders(temp) if folder != alive.scratch]
        assert [path.name for path in left[0].iterdir() if path.name.startswith("households.duckdb")]
        sweep_scratch()
        assert folders(temp) == [alive.scratch]
        assert alive.connection.execute("select 1").fetchall() == [(1,)]


def test_a_sweep_follows_no_link_and_waits_for_nobody(temp, tmp_path_factory):
    victim = tmp_path_factory.mktemp("victim")
    for name in ("lock", "work"):
        (victim / name).touch()
    marked(victim)
    (temp / f"{PREFIX}link").symlink_to(victim)
    waiting = temp / f"{PREFIX}waiting"
    waiting.mkdir()
    marked(waiting)
    if hasattr(os, "mkfifo"):
        os.mkfifo(waiting / "lock")
    linked = temp / f"{PREFIX}linked"
    linked.mkdir()
    marked(linked)
    (linked / "lock").symlink_to(victim / "lock")
    sweep_scratch()
    assert sorted(path.name for path in victim.iterdir()) == [MARK, "lock", "work"]
    assert linked.exists(), "the lock that we asked is another's"


@pytest.mark.parametrize("left", [[], ["lock"], [MARK], ["lock", HALF_MARK]], ids=str)
def test_what_was_killed_as_it_began_or_ended_is_swept_but_not_what_begins_now(temp, left):
    now, before = temp / f"{PREFIX}now", temp / f"{PREFIX}before"
    for folder in (now, before):
        folder.mkdir()
        for name in left:
            (folder / name).touch()
    os.utime(before, (0, 0))
    sweep_scratch()
    assert folders(temp) == [now]


def test_what_is_about_to_be_used_is_not_swept_however_long_it_waits(temp):
    folder = temp / f"{PREFIX}waits"
    folder.mkdir()
    with locked(folder / "lock"):
        os.utime(folder, (0, 0))
        sweep_scratch()
        assert folder.exists()


def test_a_folder_of_ones_own_by_such_a_name_stays(temp):
    folder = temp / f"{PREFIX}mine"
    folder.mkdir()
    (folder / "letter.docx").touch()
    os.utime(folder, (0, 0))
    sweep_scratch()
    assert (folder / "letter.docx").exists()


def test_a_folder_beside_what_it_is_for_is_hidden_and_swept_there(tmp_path):
    other = tmp_path / ".giamngheo-new-x"  # of a report that is being written, which has no lock of its own
    other.mkdir()
    os.utime(other, (0, 0))
    with scratch_folder("aside", beside=tmp_path) as first, scratch_folder("aside", beside=tmp_path) as second:
        assert {path.name for path in tmp_path.iterdir()} == {other.name, first.name, second.name}
        assert all(path.name.startswith(f".{PREFIX}aside-") for path in (first, second))
    assert list(tmp_path.iterdir()) == [other]


def test_temporary_files_of_libraries_and_children_are_in_a_folder_that_goes_away(temp):
    with temporary_files() as folder:
        assert folder.stat().st_mode & 0o077 == 0
        (left, _) = tempfile.mkstemp()
        os.close(left)
        where = subprocess.run(
            [sys.executable, "-c", "import tempfile; print(tempfile.mkdtemp())"], capture_output=True
        )
        assert where.stdout.decode().startswith(str(folder))
    assert folders(temp) == []
    assert tempfile.gettempdir() == os.environ["TMPDIR"] == str(temp)


def test_a_folder_of_temporary_files_inside_another_is_the_same_and_stays(temp):
    with temporary_files() as folder, temporary_files() as inner:
        assert inner == folder
    assert folders(temp) == []
    with temporary_files() as folder:
        with temporary_files():
            pass
        assert folder.exists()
        assert tempfile.gettempdir() == str(folder)


def test_what_writes_a_workbook_leaves_the_place_of_other_threads_temporary_files(temp, monkeypatch):
    seen = []
    write = ExcelWriter.write_data

    def watched(writer):
        seen.append(tempfile.gettempdir())
        write(writer)

    monkeypatch.setattr(ExcelWriter, "write_data", watched)
    with temporary_files() as folder:
        workbook_bytes(Workbook())
    assert seen == [str(folder)]


def test_all_formats_of_a_report_share_one_folder_of_temporary_files(temp, monkeypatch):
    class Exporter:
        def __init__(self, config):
            pass

        @staticmethod
        def document_of(notebook):
            return Document("", "", UNDATED, "vi", "", ())

        def from_document(self, made):
            return tempfile.gettempdir()

    monkeypatch.setattr("giamngheo.run.publishing.exports._exporter", lambda form: Exporter)
    (place,) = set(exported(None, ["html", "xlsx"]).values())
    assert place.decode().startswith(str(temp / PREFIX))
    assert folders(temp) == []


def test_a_folder_of_temporary_files_that_cannot_be_written_is_said(temp, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(temp / "gone"))
    with pytest.raises(MachineError, match="TMPDIR"), temporary_files():
        pass


def test_what_cannot_be_removed_now_is_swept_later(temp, monkeypatch):
    with monkeypatch.context() as patch, scratch_folder("test") as folder:
        (folder / "inside").mkdir()
        patch.setattr("shutil.rmtree", lambda *_, **__: None)  # as where no more files may be opened
    assert folder.exists()
    sweep_scratch()
    assert not folder.exists()


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_that_takes_the_place_of_a_folder_while_it_is_swept_is_not_followed(temp, tmp_path_factory, monkeypatch):
    place = tmp_path_factory.mktemp("precious")
    for name in ("lock", "report.pdf"):
        (place / name).touch()
    (place / "folder").mkdir()
    (link := temp / f"{PREFIX}aside-x").symlink_to(place)
    marked(place, link.name)
    monkeypatch.setattr("giamngheo.core.scratch.is_own_folder", lambda folder: True)  # it was one when it was looked at
    sweep_scratch(temp)
    assert {path.name for path in place.iterdir()} == {MARK, "lock", "report.pdf", "folder"}


def precious(place):
    """A folder of one's own work."""
    (place / "2023.xlsx").parent.mkdir()
    (place / "2023.xlsx").write_text("mine")
    return place


@pytest.mark.parametrize("signs", [(), ("lock",), ("lock", MARK)], ids=str)
def test_a_folder_that_somebody_gave_such_a_name_is_left(tmp_path, signs):
    renamed = precious(tmp_path / "unit").rename(tmp_path / f".{PREFIX}aside-x")
    for name in signs:
        (renamed / name).write_text("")
    os.utime(renamed, (0, 0))
    with scratch_folder("aside", beside=tmp_path):
        pass
    assert (renamed / "2023.xlsx").read_text() == "mine"


@pytest.mark.skipif(os.name == "nt", reason="Windows renames no folder in which a lock is held")
def test_a_folder_put_in_the_place_of_one_in_use_is_left_and_that_one_emptied(tmp_path):
    mine = precious(tmp_path / "unit")
    with scratch_folder("aside", beside=tmp_path) as folder:
        (folder / "households.csv").touch()
        folder.rename(tmp_path / "away")
        mine.rename(folder)
    assert (folder / "2023.xlsx").read_text() == "mine"
    assert not (tmp_path / "away" / "households.csv").exists()


def test_a_folder_put_in_the_place_of_one_just_made_is_not_used(tmp_path, monkeypatch):
    def swapped(*, dir, prefix):
        return str(precious(tmp_path / "unit").rename(dir / f"{prefix}x"))

    monkeypatch.setattr("giamngheo.core.scratch.mkdtemp", swapped)
    with pytest.raises(OSError, match="not empty"), scratch_folder("aside", beside=tmp_path):
        pass
    sweep_scratch(tmp_path, f".{PREFIX}aside-")
    assert (tmp_path / f".{PREFIX}aside-x" / "2023.xlsx").read_text() == "mine"
