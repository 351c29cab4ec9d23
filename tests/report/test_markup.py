import html
import json

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.report.elements.markdown import markdown_html
from giamngheo.report.markup import escape_html, escape_markdown, one_line, printable, typst_string

TEXTS = st.text(st.characters(), max_size=60) | st.text(
    st.sampled_from("*_`[]()<>#+-.!|\\&;:~$\"'=\n\t 1a"), max_size=40
)


@given(TEXTS)
def test_escaped_markdown_reads_as_the_text(text):
    rendered = markdown_html(f"x {escape_markdown(text)} x")
    assert rendered == f"<p>x {escape_html(one_line(text))} x</p>\n"


@given(TEXTS)
def test_escaped_html_reads_as_the_text(text):
    escaped = escape_html(text)
    assert "<" not in escaped
    assert html.unescape(escaped) == printable(text)


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_typst_string_reads_as_the_text(text):
    compiler = typst.Compiler(f"#metadata({typst_string(text)}) <text>".encode(), ignore_system_fonts=True)
    assert json.loads(compiler.query("<text>", field="value", one=True)) == printable(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("a\x00b\x0b\ud800c\ufffe", "abc"), ("a\r\nb\u2028c", "a\nb\nc"), ("\u202eRTL", "\u202eRTL")]
)
def test_printable_drops_only_what_no_document_can_hold(text, expected):
    assert printable(text) == expected


def test_one_line_keeps_spaces_that_do_not_break():
    assert one_line("  10\u00a0%\n của  ") == "10\u00a0% của"
