import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from openpyxl import Workbook

from giamngheo.core.isolation import isolated
from giamngheo.households.engine import EngineError, frame, households, workspace
from giamngheo.households.file.schema import (
    HouseholdColumnsError,
    LegacyEncodingError,
    UnreadableHouseholdFileError,
    household_columns,
)

QUERY = "select place, unit_code, area, members, date, ethnic_group, income_vnd from households"


def rows(path):
    with workspace() as work:
        return frame(households(work, path), QUERY).values.tolist()


DAY = pd.Timestamp(2022, 12, 31)
EXPECTED = [
    [2, "23404", "rural", 4, DAY, "Xơ Đăng", 1_000_000],
    [3, "23404", "urban", 7, DAY, "Xơ Đăng", 1_000_000],
]
TWO = ({}, {"area": "Thành thị", "members": 7, "date": "31/12/2022"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("sep", [",", ";", "\t"])
def test_every_encoding_and_delimiter_reads_the_same(written, encoding, sep):
    assert rows(written(*TWO, encoding=encoding, sep=sep)) == EXPECTED


def test_decomposed_letters_are_composed(written):
    assert rows(written({"ethnic_group": "Xo\u031b \u0110a\u0306ng"}))[0][5] == "Xơ Đăng"


def test_vietnamese_headings_read_the_same(written):
    path = written(*TWO)
    headings = {column.name: column.header for column in household_columns()}
    pd.read_csv(path, dtype=str).rename(columns=headings).to_csv(path, index=False)
    assert rows(path) == EXPECTED


def test_parquet_reads_the_same(written, tmp_path, as_parquet):
    path = tmp_path / "households.parquet"
    as_parquet(f"select * from read_csv('{written(*TWO)}', all_varchar=true)", path)
    assert [row[1:] for row in rows(path)] == [row[1:] for row in EXPECTED]
    assert [row[0] for row in rows(path)] == [1, 2]


def test_the_broken_one_of_several_parquet_files_is_named(written, tmp_path, as_parquet):
    folder = tmp_path / "parts"
    folder.mkdir()
    as_parquet(f"select * from read_csv('{written(*TWO)}', all_varchar=true)", folder / "a.parquet")
    sound = (folder / "a.parquet").read_bytes()
    (folder / "b.parquet").write_bytes(sound[: len(sound) // 2] + sound[-8:])
    with pytest.raises(UnreadableHouseholdFileError, match=r"^b\.parquet: không phải tệp Parquet còn nguyên vẹn"):
        rows(folder)


def test_a_folder_of_parquet_parts_is_one_file(written, tmp_path, as_parquet):
    folder = tmp_path / "parts"
    folder.mkdir()
    for part in (1, 2):
        source = f"select * replace ('{part}' as household_id) from '{written({})}'"
        as_parquet(source, folder / f"{part}.parquet")
    assert len(rows(folder)) == 2


def test_typed_parquet_keeps_its_types(tmp_path, good, as_parquet):
    path = tmp_path / "typed.parquet"
    values = [repr(v) if k != "date" else "date '2022-12-31'" for k, v in good.items()]
    named = ", ".join(f"{value} as {name}" for name, value in zip(good, values, strict=True))
    as_parquet(f"select {named}", path)
    assert rows(path) == [[1, *EXPECTED[0][1:]]]


def test_one_untidy_value_in_parquet_is_read_as_the_tidy_ones(written, tmp_path, as_parquet):
    path = tmp_path / "households.parquet"
    untidy = {"unit_code": " 23404 ", "area": "NÔNG THÔN", "ethnic_group": "Xo\u031b \u0110a\u0306ng"}
    as_parquet(f"select * from read_csv('{written({}, untidy)}', all_varchar=true)", path)
    assert [row[1:] for row in rows(path)] == [EXPECTED[0][1:]] * 2


def test_xlsx_keeps_its_rows_below_a_title_and_past_blank_ones(tmp_path, good):
    book = Workbook()
    sheet = book.active
    sheet.append(["Danh sách hộ"])
    sheet.append([])
    sheet.append(list(good))
    sheet.append([v if k != "date" else DAY.to_pydatetime() for k, v in good.items()])
    sheet.append([])
    sheet.append([v if k != "household_id" else "H2" for k, v in good.items()])
    book.save(tmp_path / "households.xlsx")
    assert [row[0] for row in rows(tmp_path / "households.xlsx")] == [4, 6]
    assert rows(tmp_path / "households.xlsx")[0][1:] == EXPECTED[0][1:]


TCVN3 = "M· hé;M· ®¬n vÞ;Khu vùc;Sè khÈu;D©n téc thiÓu sè\nH1;23404;N«ng th«n;4;1\n"
VNI = "Maõ hoä;Maõ ñôn vò;Khu vöïc;Soá khaåu;Daân toäc thieåu soá\nH1;23404;Noâng thoân;4;1\n"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
@pytest.mark.parametrize(("name", "text"), [("TCVN3", TCVN3), ("VNI", VNI)])
def test_old_encodings_are_named(tmp_path, name, text, encoding):
    path = tmp_path / "old.csv"
    path.write_bytes(text.encode(encoding))
    with pytest.raises(LegacyEncodingError, match=rf"old.csv, dòng 1: .*bảng mã {name}.*UTF-8"):
        rows(path)


def test_an_encoding_that_changes_on_the_way_is_named_with_its_line(written):
    path = written(*[{}] * 3)
    path.write_bytes(path.read_bytes() + "H9,23404,N«ng th«n ®,4".encode("latin-1") + b"\n")
    with pytest.raises(LegacyEncodingError, match=r"dòng 5: .*TCVN3"):
        rows(path)


def test_every_missing_column_is_named(written):
    with pytest.raises(HouseholdColumnsError) as caught:
        rows(written({}, without=("area", "members", "deprivation_07", "income_vnd", "b1_score")))
    for word in (
        "'Khu vực'",
        "'Số khẩu'",
        "deprivation_01 …",
        "b2_score",
        "income_vnd",
        "b1_score",
    ):
        assert word in str(caught.value)


def test_a_column_that_is_there_twice_is_named(written):
    path = written({})
    pd.read_csv(path, dtype=str).assign(**{"Số khẩu": "4"}).to_csv(path, index=False)
    with pytest.raises(HouseholdColumnsError, match="'members' có hai lần"):
        rows(path)


BARS = """
from giamngheo.households.engine import Households, beside, workspace

with workspace() as work, beside(Households(work, str, frozenset(), "", ())) as rows:
    for connection in (work.connection, rows.work.connection):
        print(*connection.execute("select current_setting('enable_progress_bar')").fetchone())
"""


def test_no_connection_draws_a_bar_of_progress():
    """The engine does on its own where Python runs a text, as our command does, and prints it among our output."""
    done = subprocess.run(isolated(BARS), capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


GARBAGE = {
    "zeros": b"\0" * 5000,
    "noise": bytes(range(256)) * 40,
    "empty": b"",
    "old excel": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "broken zip": b"PK\x03\x04" + b"x" * 600,
    "broken parquet": b"PAR1" + b"x" * 600,
    "one long line": b"x" * 200_000,
}


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_is_refused_in_one_sentence(tmp_path, kind):
    path = tmp_path / "garbage"
    path.write_bytes(GARBAGE[kind])
    with pytest.raises(UnreadableHouseholdFileError, match=r"^garbage: [^\n]*docs/households.md"):
        rows(path)


def test_a_good_header_above_lines_of_garbage_is_refused_at_once(written):
    path = written({})
    path.write_text(path.read_text().splitlines()[0] + "\n" + "ZE2OlbW0OP7EdZ4QR\n" * 500)
    with pytest.raises(UnreadableHouseholdFileError, match=r"không đủ 21 cột"):
        rows(path)


@pytest.mark.parametrize("lines", [2, 30, 3_000])
def test_cells_of_several_lines_make_no_garbage(written, lines):
    """Of 3,000 lines of a cell the first household is longer than what is looked at of a file."""
    frame = pd.read_csv(path := written(*[{}] * 300), dtype=str)
    frame.insert(10, "Địa chỉ", "\n".join(["Thôn 1"] * lines))
    frame.to_csv(path, index=False)
    assert rows(path) == [[place, *EXPECTED[0][1:]] for place in range(2, 302)]


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UnreadableHouseholdFileError, match="không có tệp này"):
        rows(tmp_path / "none.csv")


def test_an_empty_folder_is_said(tmp_path):
    with pytest.raises(UnreadableHouseholdFileError, match=r"không có tệp .parquet"):
        rows(tmp_path)


NAMES = (
    "tệp[1]",
    "[!a]",
    "[a-z]",
    "a*b",
    "q?",
    "-x",
    "per%20cent",
    "o'q",
    'd"q',
    "new\nline",
    "{a,b}",
    "x.gz",
    "~",
    "$HOME",
    "s3:",
    "b\\s*",
    "b\\[a]",
)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_name_stands_for_one_file(kind, work, written, tmp_path):
    """The others are those that a pattern of the name would find."""
    text, other = written({"members": 7}, name="good"), written({}, {}, name="other")
    if kind == "parquet":
        for path in (text, other):
            duckdb.sql(f"copy (from read_csv('{path}')) to '{path}' (format parquet)")
    for found in ("tệp1", "b", "axb", "qq", "per cent", "a"):
        shutil.copy(other, tmp_path / f"{found}.{kind}")
    for name in NAMES:
        path = tmp_path / f"{name}.{kind}"
        shutil.copy(text, path)
        rows = households(work, path)
        assert (frame(rows, "select members from households")["members"].tolist(), rows.name) == ([7], path.name)
        path.unlink()


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_folders_on_the_way_to_a_file_are_no_columns_of_it(kind, written, tmp_path, as_parquet):
    folder = tmp_path / "area=urban" / "previous_class=poor" / "di[r]"
    folder.mkdir(parents=True)
    path = folder / f"h.{kind}"
    if kind == "csv":
        written({}).rename(path)
    else:
        as_parquet(f"from '{written({})}'", tmp_path / "made")
        (tmp_path / "made").rename(path)
    with workspace() as work:
        rows = households(work, path)
        assert "previous_class" not in rows.given
        assert frame(rows, "select area from households")["area"].tolist() == ["rural"]


OURS = (
    "file_row_number",
    "filename",
    "file_index",
    "place",
    "broken",
    "unreadable",
    "rowid",
    "c0",
    "excel_row",
    "more",
)


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_no_column_of_a_file_is_taken_for_one_of_ours(kind, written, tmp_path, as_parquet, good):
    extra = {name: f"0621990001{number:02}" for number, name in enumerate(OURS)}
    path = tmp_path / f"h.{kind}"
    if kind == "xlsx":
        book = Workbook()
        for row in ((*OURS, *good), (*extra.values(), *good.values())):
            book.active.append(row)
        book.save(path)
    elif kind == "csv":
        written(extra, name=path.name)
    else:
        as_parquet(f"from read_csv('{written(extra)}', all_varchar=true)", path)
    with workspace() as work:
        found = frame(households(work, path), "select place, broken, unreadable, members from households")
    assert found.values.tolist() == [[1 if kind == "parquet" else 2, False, 0, 4]]


def test_headings_of_parquet_that_differ_by_capitals_are_told(written, tmp_path, as_parquet):
    path = tmp_path / "h.parquet"
    as_parquet(f"select *, area as \"Khu vực\" from '{written({})}'", path)
    with pytest.raises(HouseholdColumnsError, match="'area' có hai lần"):
        rows(path)


@pytest.mark.parametrize("closed", ["", '"new'], ids=["never", "further down"])
def test_a_quotation_mark_that_does_not_close_takes_no_households_away(written, closed):
    path = written({"note": ""})
    head, row, *_ = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, row, f'{row}"old', row, row + closed, row]) + "\n", "utf-8")
    with pytest.raises(UnreadableHouseholdFileError, match="dòng 3 có ngoặc kép không khép"):
        rows(path)


@pytest.mark.parametrize("note", ['"old" new', '5" wide', '"old\nnew"'])
def test_other_quotation_marks_take_none_either(written, note):
    path = written({"note": ""})
    head, row, *_ = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, row, row + note, row]) + "\n", "utf-8")
    with workspace() as work:
        assert frame(households(work, path), "select count(*) as n from households")["n"].tolist() == [3]


def test_what_else_lies_in_a_folder_is_named(written, tmp_path, as_parquet):
    folder = tmp_path / "parts"
    folder.mkdir()
    as_parquet(f"from '{written({})}'", folder / "a.parquet")
    for name in ("b.csv", "_SUCCESS", ".hidden"):
        (folder / name).write_text("x")
    with workspace() as work:
        (note,) = households(work, folder).notes
    assert note.startswith("thư mục có 1 mục không được đọc")
    assert "b.csv" in note


def test_columns_that_one_part_of_a_folder_lacks_are_named(written, tmp_path, as_parquet):
    folder = tmp_path / "parts"
    folder.mkdir()
    as_parquet(f"from '{written({})}'", folder / "a.parquet")
    as_parquet(f"select * exclude (b1_score, ethnic_group) from '{written({})}'", folder / "b.PARQUET")
    with workspace() as work:
        (note,) = households(work, folder).notes
    assert note.startswith("tệp b.PARQUET không có các cột b1_score, ethnic_group mà tệp khác có")


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
def test_names_of_the_parts_of_a_folder_obey_no_terminal_and_forge_no_line(written, tmp_path, as_parquet):
    folder = tmp_path / "parts"
    folder.mkdir()
    as_parquet(f"from '{written({})}'", folder / "a.parquet")
    as_parquet(f"select * exclude (b1_score) from '{written({})}'", folder / "part\nĐã xong.parquet")
    with workspace() as work:
        opened = households(work, folder)
    assert "'part\\nĐã xong.parquet' không có các cột b1_score" in opened.notes[0]
    assert opened.files[1].isprintable()
    (folder / "part\nĐã xong.parquet").write_bytes(b"PAR1")
    with pytest.raises(UnreadableHouseholdFileError) as caught:
        rows(folder)
    assert str(caught.value).startswith("'part\\nĐã xong.parquet': ")


@pytest.mark.parametrize(
    ("place", "told"),
    [("ho_ten=A/b.parquet", "thư mục con cũng"), ("date=2022/xã/b.parquet", "thư mục con cũng"), ("gone.parquet",) * 2],
)
def test_no_part_of_a_folder_is_passed_over(place, told, written, tmp_path, as_parquet):
    """A folder's name may be a value of a column, which no message holds."""
    folder, part = tmp_path / "parts", tmp_path / "parts" / place
    part.parent.mkdir(parents=True)
    as_parquet(f"from '{written({})}'", folder / "a.parquet")
    part.symlink_to(folder / ("a.parquet" if "/" in place else "nothing"))
    with pytest.raises(UnreadableHouseholdFileError, match=told) as caught:
        rows(folder)
    assert place.partition("/")[0] not in str(caught.value) or "/" not in place


@pytest.mark.parametrize("kind", ["DOUBLE", "FLOAT"])
def test_no_number_in_parquet_is_a_blank(kind, written, tmp_path, as_parquet):
    typed = f"* replace (income_vnd::{kind} as income_vnd, members::{kind} as members)"
    nan = f"* replace ('nan'::{kind} as income_vnd, members::{kind} as members)"
    as_parquet(
        f"select {typed} from '{written({})}' union all select {nan} from '{written({})}'", tmp_path / "h.parquet"
    )
    first, second = (row[-1] for row in rows(tmp_path / "h.parquet"))
    assert first == 1_000_000
    assert pd.isna(second)


BLANK = {
    "a blank line": ["{0}", "", "{1}"],
    "spaces and tabs": ["{0}", "  \t", "", "{1}"],
    "below the header": ["", "{0}", "{1}"],
    "beside cells of several lines": ['{0},"x\n\ny"', "", "{1},"],
    "where a line has a cell too many": ["{0},", "", "{1},x,x"],
}


@pytest.mark.parametrize("kind", BLANK)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_blank_lines_are_counted_as_a_spreadsheet_counts_them(kind, end, written, tmp_path):
    head, *lines = written({}, {}).read_text("utf-8").splitlines()
    head += "," * (kind.startswith(("beside", "where")))
    typed = [head, *(line.format(*lines) for line in BLANK[kind])]
    path = tmp_path / "blank.csv"
    path.write_bytes(end.join([*typed, "", "", ""]).encode())
    numbers = [number for number, line in enumerate(typed, start=1) if number > 1 and line.strip()]
    assert [row[0] for row in rows(path)] == numbers


def test_a_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "h.csv")
    with pytest.raises(UnreadableHouseholdFileError, match="không phải tệp thường"):
        rows(tmp_path / "h.csv")


def test_a_link_to_a_file_is_read(written, tmp_path):
    (tmp_path / "link.csv").symlink_to(written({}))
    assert len(rows(tmp_path / "link.csv")) == 1


def test_rows_without_any_value_are_none(written):
    path = written({}, {})
    path.write_text(path.read_text() + "," * (path.read_text().splitlines()[0].count(",")) + "\n")
    assert [row[0] for row in rows(path)] == [2, 3]


def test_the_engine_takes_nothing_from_the_machine(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TZ", "America/New_York")
    names = ("home_directory", "secret_directory", "temp_directory", "extension_directories")
    with workspace() as work:
        settings = dict(work.connection.execute("select name, value from duckdb_settings()").fetchall())
        for name in names:
            assert str(work.scratch) in settings[name]
        for name in ("autoinstall_known_extensions", "autoload_known_extensions", "python_enable_replacements"):
            assert settings[name] == "false"
        assert settings["TimeZone"] == "Asia/Ho_Chi_Minh"
        with pytest.raises(duckdb.Error, match="locked"):
            work.connection.execute("set timezone = 'UTC'")
    assert list(tmp_path.iterdir()) == []


def test_an_engine_that_cannot_even_begin_is_said():
    with pytest.raises(EngineError, match="kiểm tra chỗ trống trên đĩa"), workspace(memory="much"):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_working_folder_whose_name_is_no_utf_8(written, as_parquet, tmp_path, monkeypatch):
    folder = tmp_path / os.fsdecode(b"\xff")
    folder.mkdir()
    as_parquet(f"from '{written({})}'", tmp_path / "made")
    (tmp_path / "made").rename(folder / "h.parquet")
    monkeypatch.chdir(folder)
    with workspace() as work:
        assert frame(households(work, Path("h.parquet")), "select area from households")["area"].tolist() == ["rural"]
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with pytest.raises(EngineError), workspace():
        pass
    assert [path.name for path in folder.iterdir()] == ["h.parquet"]


@pytest.mark.parametrize("kind", ["varchar", "blob", "varchar[]"])
def test_a_long_text_that_parquet_keeps_once_is_no_value(kind, written, tmp_path, as_parquet):
    path, long = tmp_path / "h.parquet", {"blob": "repeat('x', 200000)::blob", "varchar[]": "[repeat('x', 200000)]"}
    source = f"read_csv('{written(*TWO)}', all_varchar=true)"
    text = long.get(kind, "repeat('x ế', 100000)")
    as_parquet(f"select * replace ({text} as area, {text} as household_id) from {source}, range(3000)", path)
    with workspace() as work:
        started = time.process_time()
        found = frame(households(work, path), "select household_id, area, count(*) as n from households group by all")
        assert time.process_time() - started < 60
    assert found.values.tolist() == [["?", None, 6000]]


def test_an_identifier_of_a_kind_that_is_no_number_is_told_as_a_cell(written, tmp_path, as_parquet):
    path = tmp_path / "h.parquet"
    as_parquet(f"select * replace (uuid() as members) from read_csv('{written(*TWO)}', all_varchar=true)", path)
    with workspace() as work:
        found = frame(households(work, path), "select members, unreadable > 0 as told from households")
    assert found["members"].isna().all()
    assert found["told"].all()
