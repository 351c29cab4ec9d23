"""The font within a figure has the letters of Vietnamese, as wide as the font that the figure was laid out with."""

import base64
import io
import re
import unicodedata

from fontTools.ttLib import TTFont

from giamngheo.export.figure_font import with_font
from giamngheo.report.drawing.letters import FONT

OURS = "<?xml version='1.0'?><svg width='9'><text style=\"font-family: 'Liberation Serif'\">Xã</text></svg>"
MARKS = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
ALPHABET = {unicodedata.normalize("NFC", vowel + mark) for vowel in VOWELS for mark in MARKS}
ALPHABET |= set("bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVXfjwzFJWZ0123456789 .,;:()%/-+–…“”")


def embedded() -> TTFont:
    return TTFont(io.BytesIO(base64.b64decode(re.search(r"base64,([^)]+)\)", with_font(OURS))[1])))


def test_letters_of_vietnamese_are_there_as_wide_as_they_were_laid_out() -> None:
    font, whole = embedded(), TTFont(FONT)
    small, large = font.getBestCmap(), whole.getBestCmap()
    assert {letter for letter in ALPHABET if ord(letter) not in small} == set()
    assert all(font["hmtx"][small[code]][0] == whole["hmtx"][large[code]][0] for code in small)
    assert font["head"].unitsPerEm == whole["head"].unitsPerEm


def test_it_bears_no_reserved_name_and_keeps_its_copyright() -> None:
    names = {record.nameID: str(record) for record in embedded()["name"].names}
    assert "Red Hat" in names[0]
    assert not {1, 4, 6} & set(names)


def test_the_font_stands_in_the_drawing_before_its_text() -> None:
    assert re.match(r"<\?xml[^>]*><svg width='9'><style>@font-face.*</style><text", with_font(OURS))


def test_a_drawing_without_text_of_ours_stays_as_it_is() -> None:
    for svg in ("", "<svg/>", "<svg><path/></svg>", "<svg><text>x</text></svg>", "text in Liberation Serif <text"):
        assert with_font(svg) == svg
