import datetime as dt

import pandas as pd
import pytest

from giamngheo.core.period import Period
from giamngheo.report.language import words


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (52.1087, 41.0599, "giảm 11,05%"),
        (6.2, 6.7, "tăng 0,50%"),
        (6.201, 6.199, "không thay đổi"),
        (None, 6.2, ""),
        (6.2, pd.NA, ""),
    ],
)
def test_change_of_a_rate(before: float | None, now: float, said: str) -> None:
    assert words.change(before, now) == said


@pytest.mark.parametrize(("households", "said"), [(562, "giảm 562 hộ"), (-3, "tăng 3 hộ"), (0, "không thay đổi")])
def test_decrease_of_households(households: int, said: str) -> None:
    assert words.decrease(households) == said


@pytest.mark.parametrize(
    ("vnd", "said"),
    [
        (67_402_518_000, "còn lại 67.402,518 triệu đồng"),
        (0, "đã giải ngân hết kế hoạch vốn"),
        (-1_500_000, "vượt kế hoạch vốn 1,5 triệu đồng"),
    ],
)
def test_what_remains_of_a_plan(vnd: int, said: str) -> None:
    assert words.remaining(vnd) == said


@pytest.mark.parametrize(
    ("rate", "said"),
    [(6.35, "thấp hơn 34,95 điểm phần trăm"), (50, "cao hơn 8,70 điểm phần trăm"), (41.3, "bằng mức đó")],
)
def test_a_rate_beside_a_yardstick(rate: float, said: str) -> None:
    assert words.above_or_below(rate, 41.3) == said


def test_a_document_is_cited_in_full() -> None:
    document = {"kind": "Kế hoạch", "number": "25/KH-UBND", "date": dt.date(2023, 2, 7), "issuer": "UBND huyện"}
    cited = "Kế hoạch số 25/KH-UBND ngày 07 tháng 02 năm 2023 của UBND huyện"
    assert words.citation(document | {"subject": "giảm nghèo"}) == f"{cited} về giảm nghèo"
    assert words.citation(document | {"subject": "", "date": pd.NaT}) == "Kế hoạch số 25/KH-UBND của UBND huyện"


@pytest.mark.parametrize(
    ("period", "gone", "following", "until"),
    [
        ("2023-01", "tháng 01 năm 2023", "các tháng tiếp theo năm 2023", "đến thời điểm tháng 01/2023"),
        ("2023-08", "8 tháng đầu năm 2023", "các tháng tiếp theo năm 2023", "đến thời điểm tháng 8/2023"),
        ("2023-11", "11 tháng đầu năm 2023", "tháng 12 năm 2023", "đến thời điểm tháng 11/2023"),
        ("2023-12", "năm 2023", "năm 2024", "đến thời điểm tháng 12/2023"),
    ],
)
def test_words_of_the_period(period: str, gone: str, following: str, until: str) -> None:
    month = Period.parse(period)
    assert words.months_gone(month) == gone
    assert words.following(month) == following
    assert words.until(month).replace("\N{NO-BREAK SPACE}", " ") == until


@pytest.mark.parametrize(
    ("period", "name", "gone", "following", "subject"),
    [
        ("2023-01", "tháng 01 năm 2023", "tháng 01 năm 2023", "các tháng tiếp theo năm 2023",
         "năm 2023 đến thời điểm tháng 01/2023"),
        ("2023-02", "tháng 02 năm 2023", "2 tháng đầu năm 2023", "các tháng tiếp theo năm 2023",
         "năm 2023 đến thời điểm tháng 02/2023"),
        ("2023-03", "tháng 3 năm 2023", "3 tháng đầu năm 2023", "các tháng tiếp theo năm 2023",
         "năm 2023 đến thời điểm tháng 3/2023"),
        ("2023-Q1", "quý I năm 2023", "quý I năm 2023", "quý II năm 2023", "quý I năm 2023"),
        ("2023-Q3", "quý III năm 2023", "quý III năm 2023", "quý IV năm 2023", "quý III năm 2023"),
        ("2023-Q4", "quý IV năm 2023", "quý IV năm 2023", "năm 2024", "quý IV năm 2023"),
        ("2023-H1", "6 tháng đầu năm 2023", "6 tháng đầu năm 2023", "6 tháng cuối năm 2023", "6 tháng đầu năm 2023"),
        ("2023-9M", "9 tháng đầu năm 2023", "9 tháng đầu năm 2023", "3 tháng cuối năm 2023", "9 tháng đầu năm 2023"),
        ("2023", "năm 2023", "năm 2023", "năm 2024", "năm 2023"),
    ],
)  # fmt: skip
def test_words_of_every_kind_of_period(period: str, name: str, gone: str, following: str, subject: str) -> None:
    asked = Period.parse(period)
    assert (words.name(asked), words.months_gone(asked), words.following(asked)) == (name, gone, following)
    assert words.subject_time(asked).replace("\N{NO-BREAK SPACE}", " ") == subject


def test_a_text_becomes_a_sentence() -> None:
    assert words.sentence("đôn đốc giải ngân;") == "Đôn đốc giải ngân."
    assert words.sentence("") == ""
