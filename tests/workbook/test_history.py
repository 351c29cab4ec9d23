from collections.abc import Callable
from pathlib import Path

import pytest

from giamngheo.core.errors import UnreadableError
from giamngheo.core.paths import HISTORY
from giamngheo.workbook.history import HistoryFileError, history
from tests.hindered import HINDRANCES

HEAD = "unit,fund_year,month,planned_vnd,disbursed_vnd\n"


def written(folder: Path, content: str | bytes) -> Path:
    (folder / HISTORY).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def test_there_may_be_no_file(tmp_path: Path) -> None:
    assert history(tmp_path).empty


@pytest.mark.parametrize("hinder", HINDRANCES)
def test_a_file_that_cannot_be_read_is_not_taken_for_none(hinder: Callable[[Path], None], tmp_path: Path) -> None:
    hinder(tmp_path / HISTORY)
    with pytest.raises(UnreadableError, match=HISTORY):
        history(tmp_path)


@pytest.mark.parametrize(("sign", "mark"), [(",", ""), (";", "\ufeff"), ("\t", "")])
def test_curves_are_read_however_excel_parts_them(tmp_path: Path, sign: str, mark: str) -> None:
    lines = HEAD + "dak-ha,2022,8,46440000000,4569482000\n\nđăk-ha ,2022,12,46440000000,40000000000\n"
    table = history(written(tmp_path, mark + lines.replace(",", sign)))
    assert table["unit"].tolist() == ["dak-ha", "đăk-ha"]
    assert table["disbursed_vnd"].tolist() == [4_569_482_000, 40_000_000_000]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("unit,year\na,2022\n", r"dòng 1 cần đúng các cột unit, fund_year.*; có: unit, year\.$"),
        ("", r"dòng 1 cần đúng các cột"),
        (HEAD + "a,2022,13,1,1\na,2022,x,-1\n", r"dòng 2, cột month: '13'.*\n.*dòng 3, cột month: 'x'(.|\n)*'-1'"),
        (HEAD + ",2022,1,1.000,0\n", r"cột unit: trống(.|\n)*planned_vnd: '1\.000'; cần số nguyên"),
        (HEAD + "a,2022,1,1,1\na,2022,1,2,2\n", r"'a' tháng 1 năm 2022 có 2 dòng"),
        (HEAD + "a,2022,1,1,000,500,000\n", r"dòng 2 có 7 ô; cần 5, số không có dấu ngăn"),
        (HEAD + 'a,2022,1,1,"1\n', "không phải bảng CSV"),
        (HEAD + '"a,2022,1,1,1\na",2022,2,1,1\n', "cột unit: trống, hoặc nhiều dòng"),
        (HEAD + "=cmd|x,2022,1,1,1\n", "cột unit: '=cmd.x'; cần tên không bắt đầu bằng = "),
        (b"unit\xff", "không phải chữ UTF-8"),
        ('"' + "a" * 200_000, "không phải bảng CSV"),
        (HEAD + "a,2022,99,1,1\n" * 30, "và 10 lỗi khác"),
        (HEAD + "\n" * 500_000, "hơn 500000 dòng"),
        ("," * 100_000, "có: , , , .{,60}…"),
    ],
)
def test_every_fault_is_said_with_its_line(tmp_path: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(HistoryFileError, match=words):
        history(written(tmp_path, content))
