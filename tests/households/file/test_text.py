"""CSV files as spreadsheets, editors and old programs write them: the same households, or one sentence."""

import pytest

from giamngheo.households.file.schema import (
    LegacyEncodingError,
    UnreadableHouseholdFileError,
    column_places,
    household_columns,
)
from giamngheo.households.file.text import delimited_text

NAMES = ("household_id", "unit_code", "area", "members", "ethnic_minority", "date", "b1_score", "b2_score")
HEADINGS = {column.name: column.header for column in household_columns()}
HEADER = ",".join(HEADINGS[name] for name in NAMES)
ROW = "H1,9000000,Nông thôn,4,1,31/12/2023,120,30"


def spread(header):
    """A heading with a line break inside quotes."""
    return header.replace(HEADINGS["members"], '"Số\nkhẩu"')


HEADS = {
    "no-break spaces": (HEADER.replace(" ", "\u00a0"), 2),
    "soft hyphens": (HEADER.replace("vị", "v\u00adị"), 2),
    "zero-width spaces": ("\u200b" + HEADER, 2),
    "two byte order marks": ("\ufeff\ufeff" + HEADER, 2),
    "eth for đ": (HEADER.replace("Đ", "Ð"), 2),
    "decomposed letters": (HEADER.replace("ã", "a\u0303"), 2),
    "a title": ("DANH SÁCH HỘ,,,,,,,\n" + HEADER, 3),
    "a title and blank lines": ('\n"UBND xã, huyện"\n\n' + HEADER, 5),
    "column numbers": (HEADER + "\n(1),(2),(3),(4),(5),(6),(7),(8)", 3),
    "column numbers in brackets": (HEADER + "\n[1],[2],[3],[4],[5],[6],[7],[8]", 3),
    "column numbers with points": (HEADER + "\n1.,2.,3.,4.,5.,6.,7.,8.", 3),
    "column numbers below a blank line": (HEADER + "\n\n(1),(2),(3),(4),(5),(6),(7),(8)", 4),
    "column letters": (HEADER + "\nA,B,1,2,3,4,5,6", 3),
    "a line break in a heading": (spread(HEADER), 2),
    "sep=": ("sep=,\n" + HEADER, 3),
}


@pytest.mark.parametrize("kind", HEADS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_stands_in_and_above_the_header_changes_nothing(kind, end, encoding, tmp_path):
    head, first = HEADS[kind]
    path = tmp_path / "h.csv"
    path.write_bytes(f"{head}\n{ROW}\n".replace("\n", end).encode(encoding))
    text = delimited_text(path, tmp_path)
    assert tuple(column_places(path, text.header)) == NAMES
    assert text.first == first
    assert text.path.read_text("utf-8-sig").splitlines()[-1] == ROW


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("title", ["", "Xã A, huyện B; tỉnh C, năm 2023\n"])
def test_the_delimiter_is_that_of_the_header_not_of_a_title(mark, title, tmp_path):
    path = tmp_path / "h.csv"
    path.write_text(title + HEADER.replace(",", mark) + "\n" + ROW.replace(",", mark) + "\n")
    text = delimited_text(path, tmp_path)
    assert (text.delimiter, len(text.header)) == (mark, len(NAMES))


@pytest.mark.parametrize("mark", [";", "^"])
def test_a_declared_delimiter_is_used(mark, tmp_path):
    path = tmp_path / "h.csv"
    path.write_text(f"sep={mark}\n" + HEADER.replace(",", mark) + "\n" + ROW.replace(",", mark) + "\n")
    assert delimited_text(path, tmp_path).delimiter == mark


def test_a_temporary_file_of_excel_is_named(tmp_path):
    path = tmp_path / "~$h.xlsx"
    path.write_bytes(b"\x06Nguyen" + b" " * 158)
    with pytest.raises(UnreadableHouseholdFileError, match="tệp tạm mà Excel tạo khi sổ đang mở"):
        delimited_text(path, tmp_path)


def test_a_plain_file_is_read_where_it_lies(tmp_path):
    path = tmp_path / "h.csv"
    path.write_text(f"{HEADER}\n{ROW}\n")
    assert delimited_text(path, tmp_path / "none").path == path


def windows(text):
    """Vietnamese as Windows-1258 has it: some letters whole, marks after others."""
    split = {"ộ": "ô\u0323", "ậ": "â\u0323", "ã": "a\u0303", "ơ": "ơ", "ị": "i\u0323", "ố": "ô\u0301", "ẩ": "â\u0309"}
    split |= {"ự": "ư\u0323", "ể": "ê\u0309", "à": "à", "ò": "o\u0300", "á": "á", "ễ": "ê\u0303", "ệ": "ê\u0323"}
    return "".join(split.get(letter, letter) for letter in text).encode("cp1258")


@pytest.mark.parametrize("header", [HEADER, ",".join(NAMES)], ids=["headings", "names"])
def test_windows_1258_is_read(header, tmp_path):
    path = tmp_path / "h.csv"
    path.write_bytes(windows(f"{header}\n{ROW}\n"))
    text = delimited_text(path, tmp_path)
    assert tuple(column_places(path, text.header)) == NAMES
    assert "Nông thôn" in text.path.read_text("utf-8")


@pytest.mark.parametrize(
    ("typed", "named"),
    [("N«ng th«n, NguyÔn ThÞ KÝn", "TCVN3"), ("Noâng thoân, Nguyeãn Thò Kín", "VNI"), ("Ñaêk Haø, Tu Mô Roâng", "VNI")],
)
def test_old_encodings_are_named_by_the_words(typed, named, tmp_path):
    path = tmp_path / "h.csv"
    path.write_bytes(f"{','.join(NAMES)}\n{typed}\n".encode("latin-1"))
    with pytest.raises(LegacyEncodingError, match=rf"dòng 2: .*{named}"):
        delimited_text(path, tmp_path)


@pytest.mark.parametrize(
    "words",
    ["Citroën, naïve, España", "Où est l'école à Genève, le café", "für schön, Köln, Straße", "São João, não, maçã"],
)
def test_latin_1_is_not_taken_for_vietnamese(words, tmp_path):
    path = tmp_path / "h.csv"
    path.write_bytes(f"{','.join(NAMES)}\n{words}\n".encode("latin-1"))
    with pytest.raises(UnreadableHouseholdFileError, match="từ dòng 2 không phải chữ Unicode UTF-8"):
        delimited_text(path, tmp_path)


@pytest.mark.parametrize("start", [b"BZh91", b"7z\xbc\xaf'\x1c", b"<html>", b"\x28\xb5\x2f\xfd"])
def test_other_kinds_of_files_are_named(start, tmp_path):
    path = tmp_path / "h.csv"
    path.write_bytes(start + b"x" * 100)
    with pytest.raises(UnreadableHouseholdFileError, match=r"là (tệp nén|trang HTML)"):
        delimited_text(path, tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("rows", [1, 40_000])
def test_a_text_with_a_hole_of_any_size_is_refused_at_once(encoding, rows, tmp_path):
    path = tmp_path / "h.csv"
    path.write_bytes((f"{HEADER}\n" + f"{ROW}\n" * rows).encode(encoding))
    with path.open("r+b") as file:
        file.truncate(1 << 42)
    with pytest.raises(UnreadableHouseholdFileError):
        delimited_text(path, tmp_path)
