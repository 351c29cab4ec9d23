"""What the exporters measure, held against the form of the decree."""

import datetime as dt
import re
import zipfile
from importlib.resources import files

import pytest

from giamngheo.export.word.reference import reference
from giamngheo.export.word.styles import STYLES
from giamngheo.regulation import NoRuleInForceError, provision

DAY = dt.date(2023, 8, 31)
TEMPLATES = files("giamngheo.export").joinpath("templates")
SIDES = ("top", "right", "bottom", "left")

WORD = {
    "Nation": "nation",
    "Motto": "motto",
    "ParentBody": "parent_body",
    "IssuingBody": "issuing_body",
    "NumberLine": "number_line",
    "DateLine": "date_line",
    "Title": "title",
    "Subtitle": "subject",
    "Addressee": "addressee",
    "Basis": "bases",
    "BodyText": "body",
    "Office": "signatory",
    "Signatory": "signatory",
    "Recipients": "recipients_head",
    "Recipient": "recipients",
    "Header": "page_number",
}
"""Element of the decree that each style of the Word document sets."""


def within(measure, bounds):
    return bounds[0] <= round(measure, 1) <= bounds[1]


def pdf_margins():
    (found,) = re.findall(r"#let margin = \((top.*?)\)", TEMPLATES.joinpath("document.typ").read_text("utf-8"))
    return {side: float(measure) for side, measure in re.findall(r"(\w+): (\d+)mm", found)}


def html_margins():
    (found,) = re.findall(r"\n  margin: ((?:\d+mm ?){4});", TEMPLATES.joinpath("document.css").read_text("utf-8"))
    return dict(zip(SIDES, (float(measure.removesuffix("mm")) for measure in found.split()), strict=True))


def word_margins(tmp_path):
    found = word_page("", tmp_path)
    return {side: twips / 1440 * 25.4 for side, twips in found.items() if side in SIDES}


def word_page(marking, tmp_path):
    (tmp_path / "reference.docx").write_bytes(reference(marking))
    with zipfile.ZipFile(tmp_path / "reference.docx") as archive:
        text = archive.read("word/document.xml").decode()
    (found,) = re.findall(r"<w:pgMar [^>]*", text)
    return {side: int(twips) for side, twips in re.findall(r'w:(\w+)="(\d+)"', found)}


def test_the_head_of_a_marked_page_stands_in_the_margin_above_the_text(tmp_path):
    sizes, page = {style.key: style.size for style in STYLES}, word_page("SỐ LIỆU GIẢ LẬP", tmp_path)
    lines = 1.2 * 20 * (sizes["Marking"] + sizes["Header"])
    assert page["header"] + lines < page["top"]


def test_the_form_is_known_from_the_day_of_the_decree():
    assert provision("document_form/margins", on=dt.date(2020, 3, 5)).law == "nd-30-2020"
    with pytest.raises(NoRuleInForceError):
        provision("document_form/margins", on=dt.date(2020, 3, 4))


def test_margins_of_every_format_are_those_of_the_decree(tmp_path):
    allowed = provision("document_form/margins", on=DAY).value
    for margins in (pdf_margins(), html_margins(), word_margins(tmp_path)):
        assert set(margins) == set(allowed)
        assert all(within(margins[side], allowed[side]) for side in SIDES)


def test_sizes_of_the_word_document_are_those_of_the_decree():
    allowed, styles = provision("document_form/sizes", on=DAY).value, {style.key: style for style in STYLES}

    def size(key):
        style = styles.get(key)
        if style is None:
            return 14  # the document's own size
        return style.size or size(style.base)

    assert set(WORD.values()) == set(allowed)
    assert {key for key, element in WORD.items() if not within(size(key), allowed[element])} == set()


def test_paragraphs_of_the_word_document_begin_as_the_decree_says():
    allowed = provision("document_form/spacing", on=DAY).value
    (body,) = [style for style in STYLES if style.key == "BodyText"]
    assert body.first_line / 10 in allowed["first_line_cm"]
