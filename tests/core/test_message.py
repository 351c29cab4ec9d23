import datetime as dt
import string
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import giamngheo
from giamngheo.checks.consistency import CHECKS
from giamngheo.core.message import CATALOGUE, catalogue, message, quoted

PACKAGE = Path(giamngheo.__file__).parent


@pytest.fixture(scope="module")
def words():
    """Every text that is said: those of the calls of message() and the titles of the rules."""
    calls = extract_from_dir(PACKAGE, keywords={"message": None}, method_map=[("**.py", "python")])
    return {entry[2] for entry in calls} | {check.title.words for check in CHECKS}


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_message_is_translated_and_nothing_else_is(words):
    assert words - set(catalogue("vi")) == set(), "add these to locale/vi/LC_MESSAGES/giamngheo.po"
    assert set(catalogue("vi")) - words == set(), "these are no longer said: take them out of the catalogue"


def test_every_translation_is_whole_and_stands_once():
    path = PACKAGE / CATALOGUE.format(lang="vi")
    with path.open("rb") as file:
        read = read_po(file, abort_invalid=True)
    assert not read.obsolete
    assert [entry.id for entry in read if entry.fuzzy and entry.id] == [], "a guess of a tool, not a translation"
    assert [entry.id for entry in read if not entry.string] == []
    assert path.read_text("utf-8").count("\nmsgid ") == 1 + len(read), "below the header a message stands twice"


def test_what_is_said_in_english_is_english(words):
    marks = set("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
    told = {
        text: set(text.replace("đồng", "").replace("NĐ", "").replace("QĐ", "").casefold()) & marks for text in words
    }
    assert {text for text, letters in told.items() if letters} == set()


def test_a_translation_has_the_fields_of_its_message():
    for english, vietnamese in catalogue("vi").items():
        assert fields(english) == fields(vietnamese), english


def test_numbers_and_days_are_written_in_the_way_of_the_language():
    told = message("{count}, the review of {day}", count=6963, day=dt.date(2022, 12, 31))

    assert told.said("vi") == "6.963 theo kết quả rà soát ngày 31/12/2022"
    assert told.said("en") == "6,963, the review of 31/12/2022"
    assert str(told) == told.said("vi")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (10**18 - 1, "999.999.999.999.999.999"),
        (3.5964647928052e26, "3,5964647928052E26"),
        (-1.5e300, "-1,5E300"),
        (10**40, "1E40"),
    ],
)
def test_a_number_of_any_size_is_said(value, said):
    assert message("{number}", number=value).said("vi") == said


def test_a_message_in_a_message_is_said_in_the_same_language():
    place = message("{file}, sheet '{sheet}'", file="2023.xlsx", sheet="Rà soát")
    told = message("{place}: {found}; expected: {expected}.", place=place, found="x", expected="y")

    assert told.said("en") == "2023.xlsx, sheet 'Rà soát': x; expected: y."
    assert told.said("vi") == "2023.xlsx, trang 'Rà soát': x; cần y."


def test_braces_that_someone_typed_are_no_fields():
    assert message("{value} stands here", value="{file}").said("vi") == "có {file}"


def test_a_long_cell_is_cut_and_stands_on_one_line():
    assert quoted("một\nhai") == "'một hai'"
    assert quoted("x" * 80) == "'" + "x" * 59 + "…'"
