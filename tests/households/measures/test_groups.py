"""Groups of a survey: what was typed of a household is told of none."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from giamngheo.households.file.schema import LegacyEncodingError
from giamngheo.households.measures.groups import FEW, UNREADABLE, GroupColumnError, groups

ADDRESS = "ngõ Sâu, thôn Vắng"
FILE = Path("survey.csv")

REQUIRED = {
    "household_id": [f"{number:05}" for number in range(16)],
    "Mã đơn vị": "9000001",
    "area": "rural",
    "members": 4,
    "ethnic_minority": 1,
    "date": "2023-12-31",
    "income_vnd": 1_000_000,
    "b2_score": 20,
}
"""A household file of sixteen rows."""


def counted(column: str, values: Sequence[object], **others: object) -> dict[str, int]:
    """Return how many households each group of a column has, of a survey with other columns."""
    rows = pd.DataFrame({**others, column: values})
    return groups(FILE, rows, column).names.value_counts().to_dict()


@pytest.mark.parametrize("heading", ["ethnic_group", "Dân tộc", "DÂN  TỘC ", "Dân tộc của chủ hộ", "people"])
def test_peoples_are_told_by_the_official_list_however_the_column_is_headed(heading: str) -> None:
    typed = ["Ba-na"] * 5 + ["dân tộc bana"] * 4 + [ADDRESS] * 6 + [None]
    found = groups(FILE, pd.DataFrame({heading: typed}), heading)
    assert found.names.value_counts().to_dict() == {"Ba Na": 9, "Khác": 6, "": 1}
    assert found.unlisted == 6


@pytest.mark.parametrize("heading", ["ethnic_group", "Dân tộc"])
def test_a_column_headed_as_peoples_is_one_whatever_stands_in_it(heading: str) -> None:
    assert counted(heading, [ADDRESS] * 11 + ["Kinh"] * 5) == {"Khác": 11, "Kinh": 5}
    assert groups(FILE, pd.DataFrame({heading: [ADDRESS] * 3}), heading).unlisted == 3, "told though they are few"


def test_a_column_of_a_survey_that_we_do_not_know_is_taken_as_typed() -> None:
    assert counted("region", ["north"] * 6 + ["south"] * 6 + ["Kín"] * 4) == {"north": 6, "south": 6, FEW: 4}
    assert counted("area", [1] * 6 + [2.0] * 6 + [None] * 4) == {"1": 6, "2": 6, "": 4}


@pytest.mark.parametrize("heading", ["household_id", "Mã hộ"])
def test_identities_of_households_are_no_groups(heading: str) -> None:
    with pytest.raises(GroupColumnError, match=rf"Cột '{heading}' không dùng làm cột nhóm.*chọn cột khác"):
        groups(FILE, pd.DataFrame({heading: ["1"] * 9}), heading)


@pytest.mark.parametrize("heading", ["Họ tên", "Địa chỉ", "ghi chú"])
def test_texts_of_a_household_file_that_nobody_reads_are_no_groups(heading: str) -> None:
    rows = pd.DataFrame({**REQUIRED, heading: ADDRESS})
    with pytest.raises(GroupColumnError) as raised:
        groups(FILE, rows, heading)
    assert ADDRESS not in str(raised.value)
    assert counted(heading, rows[heading]) == {ADDRESS: 16}, "of another survey it is as its user chose"


@pytest.mark.parametrize(
    ("heading", "typed", "told"),
    [
        ("area", ["rural", "Nông thôn"], {"Nông thôn": 10, UNREADABLE: 6}),
        ("Nhóm đối tượng", ["merit", "Người có công"], {"Người có công": 10, UNREADABLE: 6}),
        ("ethnic_minority", [1, "có"], {"1": 10, UNREADABLE: 6}),
        ("members", [4, "4.0"], {"4": 10, UNREADABLE: 6}),
        ("date", ["2023-12-31", "31/12/2023"], {"2023-12-31": 10, UNREADABLE: 6}),
        ("stratum", ["A1", "A1"], {"A1": 10, UNREADABLE: 6}),
        ("Mã đơn vị", ["9000001", "9000001"], {"9000001": 10, UNREADABLE: 6}),
    ],
)
def test_columns_of_a_household_file_are_read_as_their_kind(
    heading: str, typed: Sequence[object], told: dict[str, int]
) -> None:
    others = {name: values for name, values in REQUIRED.items() if name != heading}
    assert counted(heading, [*typed * 5, *[ADDRESS] * 6], **others) == told


def test_a_survey_in_an_old_encoding_is_refused() -> None:
    with pytest.raises(LegacyEncodingError, match="TCVN3"):
        groups(FILE, pd.DataFrame({"D©n téc": ["Ba Na"] * 9}), "D©n téc")
