"""Key figures come back from a manifest as they were, or not at all."""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from giamngheo.report import monthly
from giamngheo.report.key_figures import KeyFigures, MalformedFiguresError, key_figures

ROOT = Path(__file__).parents[2]


def test_they_are_those_of_the_record() -> None:
    record = monthly.record(monthly.facts("tu-mo-rong", "2023-08", str(ROOT / "data"))).figures
    kept = {name: value for name, value in record.items() if name not in {"subject", "summary"}}  # words of the mail
    read = asdict(key_figures(json.loads(json.dumps(kept))))
    assert set(read) == set(kept)
    assert read == kept | {"reviewed": dt.date.fromisoformat(kept["reviewed"])}


def test_unknown_ones_are_blank() -> None:
    assert key_figures({}) == KeyFigures()
    assert key_figures({"unit": "huyện A", "poor_rate_pct": None, "later": 1}) == KeyFigures(unit="huyện A")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("unit", 7),
        ("poor_households", "2859"),
        ("poor_households", 2.5),
        ("planned_vnd", True),
        ("rate_pct", "<b>6</b>"),
        ("reviewed", "hôm nay"),
        ("reviewed", 2023),
    ],
)
def test_one_of_another_kind_is_refused(name: str, value: object) -> None:
    with pytest.raises(MalformedFiguresError, match=name):
        key_figures({name: value})
