"""What no unit, folder, number or terminal should be, at the command line: a sentence each."""

import io
import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from giamngheo.cli import main
from giamngheo.cli.terminal import write_readably
from tests.hindered import HINDRANCES, dangling

DATA = Path(__file__).parents[2] / "data"
LONG = "x" * 5000


def invoked(*words):
    return CliRunner().invoke(main, [str(word) for word in words], prog_name="giamngheo", catch_exceptions=False)


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["validate", LONG], 2, "Không có đơn vị 'xxx"),
        (["validate", "tu-mo-rong", LONG], 2, "Kỳ báo cáo 'xxx"),
        (["validate", "tu-mo-rong", "290000-01"], 2, "Kỳ báo cáo '290000-01' không đúng"),
        (["validate", "tu-mo-rong", "--data", LONG], 2, "Không tìm thấy 'xxx"),
        (["validate", "tu-mo-rong", "--data", ""], 2, "Giá trị sau --data để trống"),
        (["validate", "", "--data", DATA], 2, "Giá trị sau validate để trống"),
        (["validate", "../data/tu-mo-rong", "--data", DATA], 2, "Không có đơn vị '../data/tu-mo-rong'"),
        (["validate", "tu-mo-rong", "--data", __file__], 2, "test_bounds.py là tệp, không phải thư mục"),
        (["report", "tu-mo-rong", "2023-08", "--data", __file__], 2, "test_bounds.py là tệp, không phải thư mục"),
        (["report", "tu-mo-rong", "2023-08", "--data", DATA, "--formats", LONG], 2, "Không có định dạng 'xxx"),
        (["report", "tu-mo-rong", "2023-08", "--data", DATA, "--timeout", "9" * 30], 2, "'--timeout': giá trị '999"),
        (["batch", "--all", LONG], 2, "Cần tên đơn vị"),
        (["batch", "--all", "2023-01..9999-01"], 2, "Kỳ báo cáo '9999-01' không đúng"),
        (["new", LONG[:300], "2024"], 1, "Không làm được với"),
        (["new", "dak-ha", "9" * 30], 2, "ghi năm có bốn chữ số"),
        (["collect", "a.xlsx", "--into", "0000.xlsx"], 2, "Tên sổ 0000.xlsx không phải một năm"),
        (["import", "a.xlsx", "--into", "²024.xlsx"], 2, "Tên sổ ²024.xlsx không phải một năm"),
        (["verify", LONG], 1, "Không làm được với xxx"),
        (["import", "a\nb.docx: đã ghi.xlsx", "--into", "2023.xlsx"], 2, r"'a\nb.docx: đã ghi.xlsx' có ký tự không in"),
        (["report", "nam", "2023-08", "--out", "a\x1b[2J"], 2, r"'a\x1b[2J' có ký tự không in được"),
        (["report", "lab", "2023-08", "--out", "a\x1b[2J"], 2, r"'a\x1b[2J' có ký tự không in được"),
        (["households", "check", "gnp.\u202exlsx", "2023.xlsx"], 2, r"'gnp.\u202exlsx' có ký tự không in được"),
        (["new", os.fsdecode(b"xa\xff"), "2024"], 2, r"'xa\udcff' có ký tự không in được"),
        (["demo", "x", "--seed", "-5"], 2, "giá trị '-5' không đúng; ghi một số"),
        (["demo", "x", "--households", "9" * 20], 2, "ghi một số trong khoảng 1<=x<=100000000"),
        (["demo", "x", "--households", "5", "--year", "290000"], 2, "ghi một số trong khoảng 2000<=x<=2100"),
    ],
)
def test_what_no_argument_should_be_is_one_short_sentence(words, status, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = invoked(*words)
    assert done.exit_code == status
    assert told in done.stderr.splitlines()[-1]
    assert len(done.stderr) < 1000
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_a_pipe_in_place_of_a_certificate_is_waited_for_by_nobody(tmp_path):
    pipe = tmp_path / "ca.pem"
    os.mkfifo(pipe)
    files = [word for option in ("--tls-ca-file", "--tls-cert", "--tls-key") for word in (option, pipe)]
    done = invoked("batch", "nam", "2023-08", "--scheduler", "tls://127.0.0.1:1", *files)
    assert done.exit_code == 1
    assert "không phải là tệp thường" in done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
@pytest.mark.parametrize("command", ["validate", "report"])
def test_a_pipe_in_place_of_a_workbook_is_waited_for_by_nobody(command, tmp_path):
    (tmp_path / "nam").mkdir()
    os.mkfifo(tmp_path / "nam/2023.xlsx")
    done = invoked(command, "nam", "2023-08", "--data", tmp_path)
    assert done.exit_code == 1
    assert "2023.xlsx" in done.output


@pytest.mark.parametrize("hinder", HINDRANCES)
@pytest.mark.parametrize("name", ["disbursement_history.csv", "boundaries.geojson", "regulation/poverty.toml"])
@pytest.mark.parametrize("command", ["report", "batch"])
def test_no_report_is_made_without_a_file_that_is_there(command, name, hinder, tmp_path):
    shutil.copytree(DATA / "tu-mo-rong", tmp_path / "data/tu-mo-rong")
    (tmp_path / "data" / name).parent.mkdir(exist_ok=True)
    hinder(tmp_path / "data" / name)
    done = invoked(command, "tu-mo-rong", "2023-08", "--data", tmp_path / "data", "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert [line for line in done.output.splitlines() if f"{name}: " in line]
    assert not list((tmp_path / "out").rglob("report.*"))


def test_a_folder_of_the_law_that_leads_nowhere_stops_a_report(tmp_path):
    shutil.copytree(DATA / "tu-mo-rong", tmp_path / "data/tu-mo-rong")
    dangling(tmp_path / "data/regulation")
    done = invoked("report", "tu-mo-rong", "2023-08", "--data", tmp_path / "data", "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert "data/regulation: không còn ở đó" in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["2023.xlsx", "ngan-ha/2023.xlsx", "households-2023.parquet", "units.csv"])
def test_a_demo_writes_over_nothing_unasked(name, tmp_path):
    (path := tmp_path / name).parent.mkdir(exist_ok=True)
    path.write_text("typed")
    done = invoked("demo", tmp_path, "--households", "60", "--year", "2023")
    assert done.exit_code == 2
    assert f"đã có số liệu ({name}); ghi một thư mục mới, hoặc thêm --replace" in done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [path]
    assert path.read_text() == "typed"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["--households", "60"], "units.csv"),
        (["--households", "60"], "2024.xlsx"),
        (["--households", "60"], "households-2022.parquet"),
        (["--districts", "1"], "ngan-ha/2023.xlsx"),
        (["--communes", "1"], "thien-ha/2025.xlsx"),
    ],
)
def test_what_is_put_there_while_a_demo_is_made_stays(words, name, tmp_path, monkeypatch):
    def looked(folder):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("typed")  # after the look
        return []

    monkeypatch.setattr("giamngheo.cli.demo._tables", looked)
    done = invoked("demo", tmp_path, *words)
    assert done.exit_code == 1
    assert f"{name}: sổ vừa được lưu từ chỗ khác" in done.stderr
    assert (tmp_path / name).read_text() == "typed"
    if "--households" in words:
        assert [path.name for path in tmp_path.iterdir()] == [name], "nothing is written of what belongs together"
        assert invoked("demo", tmp_path, *words, "--replace").exit_code == 0
        assert (tmp_path / name).read_bytes() != b"typed"


def written(encoding, monkeypatch):
    """A standard output of an encoding, as a terminal or a file of that encoding is."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    monkeypatch.setattr(sys, "stdout", stream)
    write_readably()
    return stream


def said(stream):
    stream.flush()
    return stream.buffer.getvalue().decode(stream.encoding)


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "Đơn vị ‘Đăk Hà’: 5 lỗi… ✓\n"),
        ("ascii", "Don vi 'Dak Ha': 5 loi... ?\n"),
        ("latin-1", "Don vi 'Dak Hà': 5 loi... ?\n"),
    ],
)
def test_letters_that_the_output_lacks_lose_their_marks(encoding, told, monkeypatch):
    stream = written(encoding, monkeypatch)
    stream.write("Đơn vị ‘Đăk Hà’: 5 lỗi… ✓\n")
    assert said(stream) == told


def test_a_name_that_is_no_text_is_written_with_question_marks(monkeypatch):
    stream = written("utf-8", monkeypatch)
    stream.write(os.fsdecode(b"d\xe4ta"))
    assert said(stream) == "d?ta"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_json_loses_no_letter_in_any_encoding(encoding, monkeypatch):
    stream = written(encoding, monkeypatch)
    with pytest.raises(SystemExit):
        main.main(["validate", "tu-mo-rong", "2023-08", "--data", str(DATA), "--format", "json"])
    (first, *_) = json.loads(said(stream))
    assert first["sheet"] == "Biến động hộ nghèo"
