import datetime as dt
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from giamngheo.regulation import NoRuleInForceError, UnknownRuleError, lookup, provision
from giamngheo.regulation.lookup import BrokenRuleError, checked_blocks, parsed

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
        (GOOD.replace("2022-01-01", "20220101"), r"^poverty/line: khối '20220101' không phải là ngày"),
        (GOOD.replace("2022-01-01", "2022-W01-1"), r"^poverty/line: khối '2022-W01-1' không phải là ngày"),
        (GOOD.replace("nd-07-2021", r"\u001b[2J"), r"mục 'law' phải là chữ trên một dòng"),
        (GOOD.replace("nd-07-2021", r"\u202e1202"), r"mục 'law' phải là chữ trên một dòng"),
        (GOOD.replace("nd-07-2021", "x" * 1001), r"mục 'law' phải là chữ trên một dòng, không quá 1000 chữ"),
        ('[line.from.2022-01-01]\nunknown = "a\\nb"', r"mục 'unknown' phải là chữ trên một dòng"),
        (GOOD + 'unknown = "chưa ban hành"', r"có mục lạ 'value'; chỉ ghi unknown"),
    ],
)
def test_a_broken_file_says_where_and_what_to_mend(text, words):
    with pytest.raises(BrokenRuleError, match=words):
        blocks(text)


DAY = dt.date(2023, 8, 31)


def provisions() -> list[tuple[str, str, dict[str, object]]]:
    """Every block of every provision: file and rule, first day, content."""
    found = []
    for path in sorted(Path(str(files("giamngheo.regulation"))).glob("*.toml")):
        for name, entry in tomllib.loads(path.read_text("utf-8")).items():
            if isinstance(entry, dict) and "from" in entry:
                found += [(f"{path.stem}/{name}", day, block) for day, block in entry["from"].items()]
    return found


def test_a_value_lasts_until_the_next_block() -> None:
    source = {"article": "3", "checked": dt.date(2026, 1, 1)}
    blocks = {"2022-01-01": {"value": 1, "law": "a"} | source, "2027-01-01": {"value": 2, "law": "b"} | source}
    entry = {"unit": "VND", "from": blocks}
    assert lookup.in_force("line", entry, on=dt.date(2026, 12, 31)).value == 1
    assert lookup.in_force("line", entry, on=dt.date(2027, 1, 1)).law == "b"
    assert lookup.in_force("line", entry, on=dt.date(2027, 1, 1)).unit == "VND"
    with pytest.raises(NoRuleInForceError, match="bắt đầu ngày 01/01/2022"):
        lookup.in_force("line", entry, on=dt.date(2021, 12, 31))


def test_an_unknown_rule_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownRuleError, match="disbursement/speed"):
        provision("disbursement/speed", on=DAY)
    with pytest.raises(UnknownRuleError, match="weather/rain"):
        provision("weather/rain", on=DAY)


EVERY_BLOCK = pytest.mark.parametrize(
    ("name", "day", "block"), provisions(), ids=lambda value: value if isinstance(value, str) else ""
)


@EVERY_BLOCK
def test_every_block_has_its_source_in_the_bibliography(name: str, day: str, block: dict[str, object]) -> None:
    first_day = dt.date.fromisoformat(day)
    if "unknown" in block:
        with pytest.raises(NoRuleInForceError, match=re.escape(str(block["unknown"]))):
            provision(name, on=first_day)
    else:
        assert provision(name, on=first_day).value == block["value"]
    assert block.get("law", "nd-07-2021") in lookup.load("laws")


@EVERY_BLOCK
def test_every_block_changes_something_on_its_first_day(name: str, day: str, block: dict[str, object]) -> None:
    first_day = dt.date.fromisoformat(day)
    eve = first_day - dt.timedelta(days=1)
    if first_day == min(dt.date.fromisoformat(other) for other_name, other, _ in provisions() if other_name == name):
        with pytest.raises(NoRuleInForceError, match=rf"ngày {eve:%d/%m/%Y}: .* bắt đầu ngày {first_day:%d/%m/%Y}"):
            provision(name, on=eve)
    elif "unknown" in _block_before(name, first_day):
        assert "unknown" not in block
    else:
        before = provision(name, on=eve)
        assert before.begins < first_day
        assert before.value != block.get("value")


def _block_before(name: str, first_day: dt.date) -> dict[str, object]:
    days = {
        day: block for other, day, block in provisions() if other == name and dt.date.fromisoformat(day) < first_day
    }
    return days[max(days)]


def test_the_national_rate_is_known_from_august_2023() -> None:
    with pytest.raises(NoRuleInForceError):
        provision("disbursement/national_rate", on=dt.date(2023, 7, 31))
    assert provision("disbursement/national_rate", on=dt.date(2023, 8, 1)).value["rate_pct"] == 41.3


def test_the_review_begins_in_september_2021_and_is_not_known_before() -> None:
    with pytest.raises(NoRuleInForceError, match="01/09/2021"):
        provision("review/annual", on=dt.date(2021, 8, 31))
    assert provision("review/annual", on=DAY).value == {
        "first": {"month": 9, "day": 1},
        "last": {"month": 12, "day": 14},
    }
    assert provision("review/regular", on=DAY).value == {"day": 15, "decided_within_days": 15}


def test_investment_money_is_payable_to_the_end_of_january_and_extended_to_the_end_of_the_year() -> None:
    assert provision("disbursement/deadline", on=DAY).value == {"month": 1, "day": 31}
    assert provision("disbursement/extension", on=DAY).value == {"month": 12, "day": 31}
    assert provision("disbursement/aim_pct", on=DAY).value == 95
