import datetime as dt
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from giamngheo.regulation import NoRuleInForceError, UnknownRuleError, lookup, rule
from giamngheo.regulation.programme import programme

DAY = dt.date(2023, 8, 31)


def rules() -> list[tuple[str, str, dict[str, object]]]:
    """Every block of every rule: file and rule, first day, content."""
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


def test_a_date_written_twice_is_refused_by_the_format_itself() -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads("[line.from.2022-01-01]\nvalue = 1\n[line.from.2022-01-01]\nvalue = 2")


def test_an_unknown_rule_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownRuleError, match="disbursement/speed"):
        rule("disbursement/speed", on=DAY)
    with pytest.raises(UnknownRuleError, match="weather/rain"):
        rule("weather/rain", on=DAY)


@pytest.mark.parametrize(("name", "day", "block"), rules(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_block_is_complete_and_its_law_is_in_the_bibliography(
    name: str, day: str, block: dict[str, object]
) -> None:
    dt.date.fromisoformat(day)
    if "unknown" in block:
        return
    assert {"value", "law", "article", "checked"} <= set(block)
    assert block.get("confidence", "read") in {"read", "reported"}
    assert block["law"] in lookup.load("laws")


@pytest.mark.parametrize(("name", "day", "block"), rules(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_rule_is_not_in_force_the_day_before_its_first(name: str, day: str, block: dict[str, object]) -> None:
    first = min(other for rule_name, other, _ in rules() if rule_name == name)
    before = dt.date.fromisoformat(first) - dt.timedelta(days=1)
    with pytest.raises(NoRuleInForceError):
        rule(name, on=before)


def test_the_programme_has_seven_projects_and_eleven_sub_projects_in_order() -> None:
    entries = programme(on=DAY)
    projects = [entry.code for entry in entries if not entry.parent]
    assert projects == ["1", "2", "3", "4", "5", "6", "7"]
    assert len(entries) - len(projects) == 11
    assert all(entry.code.startswith(f"{entry.parent}.") for entry in entries if entry.parent)


def test_the_programme_of_2026_is_refused_not_guessed() -> None:
    assert programme(on=dt.date(2026, 1, 30))
    with pytest.raises(NoRuleInForceError, match="417/QĐ-BNNMT"):
        programme(on=dt.date(2026, 1, 31))


def test_the_national_rate_is_known_from_august_2023() -> None:
    with pytest.raises(NoRuleInForceError):
        rule("disbursement/national_rate", on=dt.date(2023, 7, 31))
    assert rule("disbursement/national_rate", on=dt.date(2023, 8, 1)).value["rate_pct"] == 41.3
