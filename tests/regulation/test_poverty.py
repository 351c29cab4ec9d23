import datetime as dt
import os

import pytest

from giamngheo.regulation.lookup import NoRuleInForceError, provision
from giamngheo.regulation.poverty import OwnStandardError, indicators, next_standard, poverty_standard


@pytest.mark.parametrize(
    ("day", "why"), [(dt.date(2015, 12, 31), "bắt đầu ngày 01/01/2016"), (dt.date(2021, 12, 31), "59/2015/QĐ-TTg")]
)
def test_before_2022_nobody_is_classified_and_why_is_said(day, why):
    with pytest.raises(NoRuleInForceError, match=why):
        poverty_standard(on=day)


def test_the_indicators_of_2016_to_2021_are_ten():
    found = [indicators(on=day) for day in (dt.date(2016, 1, 1), dt.date(2021, 12, 31), dt.date(2022, 1, 1))]
    assert [len(entries) for entries in found] == [10, 10, 12]
    assert found[0][0].name == "Tiếp cận các dịch vụ y tế"


def test_a_poor_household_lacks_at_least_three_indicators_since_2022():
    before, since = (provision("poverty/deprivations", on=dt.date(year, 1, 1)).value for year in (2021, 2022))
    assert (before["poor"], since["poor"]) == ([0, 10], [3, 12])


@pytest.mark.parametrize("day", [dt.date(2022, 1, 1), dt.date(2026, 12, 31)])
def test_the_standard_of_2022_to_2026(day):
    standard = poverty_standard(on=day)
    assert standard.income_line_vnd == {"rural": 1_500_000, "urban": 2_000_000}
    assert standard.average_line_vnd == {"rural": 2_250_000, "urban": 3_000_000}
    assert standard.score_line == {"rural": 140, "urban": 175}
    assert (standard.deprivation_cutoff, standard.deprivation_points) == (3, 10)
    assert standard.reference == "Nghị định 07/2021/NĐ-CP"


def test_from_2027_other_lines_and_no_scorecard():
    standard = poverty_standard(on=dt.date(2027, 1, 1))
    assert standard.income_line_vnd == {"rural": 2_200_000, "urban": 2_800_000}
    assert standard.average_line_vnd == {}
    assert standard.score_line is None
    assert standard.deprivation_points is None
    assert standard.deprivation_cutoff == 3


def test_the_twelfth_indicator_changes_in_2027():
    before, after = (indicators(on=day) for day in (dt.date(2026, 12, 31), dt.date(2027, 1, 1)))
    assert len(before) == len(after) == 12
    assert [entry.name for entry in before[:11]] == [entry.name for entry in after[:11]]
    assert (before[11].name, after[11].name) == (
        "Phương tiện phục vụ tiếp cận thông tin",
        "Xử lý chất thải",
    )
    assert len({entry.dimension for entry in before}) == len({entry.dimension for entry in after}) == 6


def test_what_deprives_a_household_is_known_to_2026_and_not_invented_for_2027():
    before, after = (indicators(on=day) for day in (dt.date(2026, 12, 31), dt.date(2027, 1, 1)))
    assert before[7].deprived == "Diện tích nhà ở bình quân dưới 8 m² một người"
    assert all(entry.deprived for entry in before)
    assert not any(entry.deprived for entry in after)


def test_only_the_twelfth_indicator_of_2027_is_not_read_in_an_act():
    confidences = {
        day: provision("poverty/indicators", on=day).confidence for day in (dt.date(2026, 12, 31), dt.date(2027, 1, 1))
    }
    assert list(confidences.values()) == ["read", "reported"]


OWN = """
[income_line.from.2023-01-01]
value = { rural = 1_800_000, urban = 2_300_000 }
law = "Nghị quyết 10/2022/NQ-HĐND"
article = "2"
checked = 2026-11-23
"""


def test_a_province_may_set_a_higher_line(tmp_path):
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    standard = poverty_standard(on=dt.date(2023, 1, 1), own=tmp_path / "own.toml")
    assert standard.income_line_vnd == {"rural": 1_800_000, "urban": 2_300_000}
    assert standard.average_line_vnd == {"rural": 2_250_000, "urban": 3_000_000}
    assert standard.reference == "Nghị quyết 10/2022/NQ-HĐND"


AVERAGE = OWN.replace("income_line", "average_line").replace("1_800_000", "2_400_000").replace("2_300_000", "3_100_000")
SCORE = OWN.replace("income_line", "score_line").replace("1_800_000", "150").replace("2_300_000", "190")


@pytest.mark.parametrize(
    ("text", "score_line", "reference"),
    [
        (OWN, None, "Nghị quyết 10/2022/NQ-HĐND"),
        (OWN + SCORE, {"rural": 150, "urban": 190}, "Nghị quyết 10/2022/NQ-HĐND"),
        (
            OWN.replace("1_800_000", "1_500_000").replace("2_300_000", "2_000_000"),
            {"rural": 140, "urban": 175},
            "Nghị quyết 10/2022/NQ-HĐND",
        ),
        (AVERAGE, {"rural": 140, "urban": 175}, "Nghị định 07/2021/NĐ-CP; Nghị quyết 10/2022/NQ-HĐND"),
    ],
)
def test_the_national_score_stands_for_the_national_income_line_only(tmp_path, text, score_line, reference):
    (tmp_path / "own.toml").write_text(text, "utf-8")
    standard = poverty_standard(on=dt.date(2023, 1, 1), own=tmp_path / "own.toml")
    assert (standard.score_line, standard.reference) == (score_line, reference)


def test_a_province_s_line_has_its_first_day(tmp_path):
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    with pytest.raises(NoRuleInForceError, match="01/01/2023"):
        poverty_standard(on=dt.date(2022, 12, 31), own=tmp_path / "own.toml")


def test_a_line_below_that_of_a_later_law_is_told_and_not_taken(tmp_path):
    """The national line rises in 2027 above what the province set in 2023."""
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    assert poverty_standard(on=dt.date(2026, 12, 31), own=tmp_path / "own.toml").income_line_vnd["rural"] == 1_800_000
    with pytest.raises(OwnStandardError, match="ngày 01/01/2027 thấp hơn chuẩn quốc gia"):
        poverty_standard(on=dt.date(2027, 1, 1), own=tmp_path / "own.toml")


def test_the_standard_that_follows():
    day, standard = next_standard(after=dt.date(2026, 12, 31))
    assert (day, standard.income_line_vnd) == (dt.date(2027, 1, 1), {"rural": 2_200_000, "urban": 2_800_000})
    assert standard.score_line is None
    assert next_standard(after=dt.date(2027, 1, 1)) is None
    assert [entry.column for entry in indicators(on=day)] == [""] * 11 + ["deprivation_waste"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("income_line =", "tệp: không phải TOML đúng"),
        ("income_line = 3", "income_line: không có khối nào"),
        ("[income_line.from.2023-01-01]\nvalue = 1", "income_line, khối 2023-01-01: thiếu mục 'law'"),
        (OWN.replace("1_800_000", "true_one"), "tệp: không phải TOML đúng"),
        (OWN.replace("rural = ", "village = "), "không đọc được"),
        (
            '[scores.from.2023-01-01]\nvalue = 1\nlaw = ""',
            "có mục lạ 'scores', chỉ ghi income_line, ",
        ),
    ],
)
def test_a_file_that_is_no_standard_is_refused(tmp_path, text, words):
    (tmp_path / "own.toml").write_text(text, "utf-8")
    with pytest.raises(OwnStandardError, match=rf"^own.toml: {words}.*poverty.toml"):
        poverty_standard(on=dt.date(2023, 1, 1), own=tmp_path / "own.toml")


@pytest.mark.parametrize("line", ["1e400", "nan", "9" * 5000, "9" * 4000, "1_800_000.5"])
def test_a_line_that_is_no_number_of_dong_is_told(tmp_path, line):
    (tmp_path / "own.toml").write_text(OWN.replace("1800000", line).replace("1_800_000", line), "utf-8")
    with pytest.raises(OwnStandardError, match=r"own\.toml"):
        poverty_standard(on=dt.date(2023, 1, 1), own=tmp_path / "own.toml")


def test_a_pipe_in_the_place_of_a_standard_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "own.toml")
    with pytest.raises(OwnStandardError, match="không đọc được"):
        poverty_standard(on=dt.date(2023, 1, 1), own=tmp_path / "own.toml")
