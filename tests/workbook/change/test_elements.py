"""Elements are found with the bytes at which they stand, however the XML is written."""

import pytest

from giamngheo.workbook.change.elements import UnusualXmlError, appended, edited, elements, text_of, with_attributes

SHEET = """<?xml version="1.0" encoding="UTF-8"?><!-- <a><b>no</b></a> --><x:a xmlns:x="u" t='1 > 0'
><x:b s="2" n="&lt;&quot;đ">đá &amp; <![CDATA[<b>]]></x:b ><c><b>passed over</b></c><b/></x:a>""".encode()


def found(content=SHEET):
    return list(elements(content, [("a", "b")]))


def test_an_element_has_its_text_its_attributes_and_its_bytes():
    first, second, root = found()
    assert (first.tag, first.name, first.sibling("d"), first.text) == ("x:b", "b", "x:d", "đá & <b>")
    assert dict(first.attributes) == {"s": "2", "n": '<"đ'}
    assert SHEET[first.start : first.inside] == '<x:b s="2" n="&lt;&quot;đ">'.encode()
    assert SHEET[first.closing : first.end] == b"</x:b >"
    assert SHEET[second.start : second.end] == b"<b/>"
    assert (second.inside, second.closing) == (second.end, second.end)
    assert SHEET[root.start : root.inside] == b"<x:a xmlns:x=\"u\" t='1 > 0'\n>"


def test_edits_leave_every_other_byte():
    first, second, root = found()
    changes = [appended(root, "<e/>"), with_attributes(first, {"s": None, "w": "<\n"}), appended(second, "y")]
    after = edited(SHEET, changes)
    assert '<x:b n=\'&lt;"đ\' w="&lt;&#10;">đá &amp; <![CDATA[<b>]]></x:b >'.encode() in after
    assert after.endswith(b"<b>y</b><e/></x:a>")
    assert after.startswith(SHEET[: first.start])
    assert edited(SHEET, []) == SHEET


def test_edits_that_overlap_are_refused():
    first, _, _ = found()
    with pytest.raises(UnusualXmlError):
        edited(SHEET, [with_attributes(first, {"s": "3"})] * 2)


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY e "x">]><a><b>&e;</b></a>',
        '<?xml version="1.0" encoding="UTF-16"?><a><b/></a>'.encode("utf-16"),
        '<?xml version="1.0" encoding="iso-8859-1"?><a><b>é</b></a>'.encode("latin-1"),
    ],
)
def test_what_excel_does_not_write_is_refused(content):
    with pytest.raises(UnusualXmlError):
        found(content)


def test_a_mark_of_the_byte_order_moves_no_byte():
    content = b"\xef\xbb\xbf<a><b>1</b></a>"
    assert content[found(content)[0].start :] == b"<b>1</b></a>"


def test_a_part_of_many_blocks_is_read_as_one():
    content = b"<a>" + b"".join(b'<b n="%d">%d</b>' % (n, n) for n in range(20_000)) + b"</a>"
    read = found(content)
    assert [entry.text for entry in read[:-1]] == [str(n) for n in range(20_000)]
    assert all(content[entry.start : entry.start + 2] == b"<b" for entry in read[:-1])


def test_what_xml_cannot_hold_is_left_out_of_a_text():
    assert text_of("a\x00b\ufffe\x1b<&>\n") == "ab&lt;&amp;&gt;\n"
