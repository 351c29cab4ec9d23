import datetime as dt
import unicodedata
from importlib.resources import files

import pytest

from giamngheo.regulation.lookup import load

FOLDER = files("giamngheo.regulation")
FILES = sorted(path.name for path in FOLDER.iterdir() if path.name.endswith(".toml"))

NUMBER_NOT_KNOWN = {"chinh-phu"}
DATE_NOT_KNOWN = {"chinh-phu", "nq-104-2023"}
"""What no source we have says: to be filled in, not to grow."""


@pytest.mark.parametrize("key", load("laws"))
def test_a_law_is_fully_described(key):
    law = load("laws")[key]
    assert set(law) - {"date"} == {"kind", "number", "issuer", "subject"}
    assert all(law[name] for name in ("kind", "issuer", "subject"))
    assert (law["number"] == "") == (key in NUMBER_NOT_KNOWN)
    assert ("date" not in law) == (key in DATE_NOT_KNOWN)
    assert type(law.get("date", dt.date.min)) is dt.date


def test_a_subject_begins_as_it_stands_in_a_sentence():
    assert all(law["subject"][0].islower() or law["kind"] == "Luật" for law in load("laws").values())


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_nfc(name):
    text = FOLDER.joinpath(name).read_text("utf-8")
    assert unicodedata.is_normalized("NFC", text)
