import pandas as pd
import pytest
from openpyxl import Workbook

from giamngheo.intake.household_errors import (
    HouseholdColumnsError,
    LegacyEncodingError,
    UnreadableHouseholdFileError,
)
from giamngheo.intake.household_schema import household_columns
from giamngheo.statistics.households.engine import frame, households, workspace

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


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UnreadableHouseholdFileError, match="không có tệp này"):
        rows(tmp_path / "none.csv")


def test_an_empty_folder_is_said(tmp_path):
    with pytest.raises(UnreadableHouseholdFileError, match=r"không có tệp .parquet"):
        rows(tmp_path)
