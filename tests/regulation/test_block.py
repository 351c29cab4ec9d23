import datetime as dt

import pytest

from giamngheo.regulation.block import BrokenRuleError, checked_blocks, parsed

GOOD = """
[line]
unit = "đồng"
[line.from.2022-01-01]
value = 1
law = "nd-07-2021"
article = "3"
checked = 2026-11-23
"""


def blocks(text):
    return checked_blocks("poverty/line", parsed(text, "poverty.toml")["line"])


def test_a_good_rule_is_its_blocks_by_day():
    assert list(blocks(GOOD)) == [dt.date(2022, 1, 1)]
    assert blocks(GOOD)[dt.date(2022, 1, 1)]["value"] == 1


def test_a_rule_that_is_no_longer_known_needs_no_source():
    text = GOOD + '[line.from.2027-01-01]\nunknown = "chưa ban hành"'
    assert blocks(text)[dt.date(2027, 1, 1)] == {"unknown": "chưa ban hành"}


def test_decomposed_letters_become_composed():
    assert parsed('name = "Tu M\u006f\u031b Ro\u0302ng"', "units.toml")["name"] == "Tu Mơ Rông"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD + GOOD.replace("[line]\n", ""), r"^poverty\.toml: .*một khối ghi hai lần \(.*line"),
        (GOOD.replace('"3"', '"3'), r"^poverty\.toml: không phải TOML đúng.*line 7"),
        ('[line]\nunit = "đồng"', r"^poverty/line: không có khối nào; .*\[line\.from\.2022-01-01\]"),
        ("line = 3", r"^poverty/line: không có khối nào"),
        (GOOD.replace("2022-01-01", "2022"), r"^poverty/line: khối '2022' không phải là ngày; cần dạng 2022-01-01"),
        (GOOD.replace("2022-01-01", "2022-02-30"), r"^poverty/line: khối '2022-02-30' không phải là ngày"),
        ("[line.from]\n2022-01-01 = 5", r"^poverty/line, khối 2022-01-01: cần các mục value, law, article, checked"),
        (GOOD.replace('law = "nd-07-2021"', ""), r"^poverty/line, khối 2022-01-01: thiếu mục 'law'\.$"),
        (GOOD.replace("value", "values"), r"khối 2022-01-01: thiếu mục 'value'"),
        (GOOD + "ends = 2026-12-31", r"có mục lạ 'ends'; chỉ ghi value, law, article, checked, confidence, note"),
        (GOOD + 'confidence = "sure"', r"mục 'confidence' là 'sure'; chỉ ghi read hoặc reported"),
        (GOOD.replace("checked = 2026-11-23", 'checked = "2026-11-23"'), r"mục 'checked' phải là ngày.*dấu nháy"),
        (GOOD.replace("checked = 2026-11-23", "checked = 2026-11-23T08:00:00"), r"mục 'checked' phải là ngày"),
        (GOOD.replace('"3"', "3"), r"mục 'article' phải là chữ"),
        (GOOD + 'unknown = "chưa ban hành"', r"có mục lạ 'value'; chỉ ghi unknown"),
    ],
)
def test_a_broken_file_says_where_and_what_to_mend(text, words):
    with pytest.raises(BrokenRuleError, match=words):
        blocks(text)
