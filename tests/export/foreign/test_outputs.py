import base64

import pandas as pd
import pytest

from giamngheo.export.foreign.outputs import output_elements, printed
from giamngheo.export.foreign.shown import NO_ALT


def html(data):
    return "".join(found.html() for found in elements(data))


def elements(data, metadata=()):
    return list(output_elements(data, dict(metadata)))


def test_frame_becomes_a_table():
    frame = pd.DataFrame({"xã": ["Đăk Hà", "Măng Ri"], "hộ": [312, 98]})
    found = html({"text/html": frame.to_html(index=False), "text/plain": str(frame)})
    assert '<th scope="col" style="text-align:center">xã</th>' in found
    assert '<th scope="row" style="text-align:left">Đăk Hà</th><td class="number">312</td>' in found


def test_styled_frame_becomes_a_table_of_its_text():
    found = html({"text/html": pd.DataFrame({"a": ["x"]}).style.set_caption("b").to_html(), "text/plain": "x"})
    assert ">x</th>" in found
    assert "<style" not in found


def test_foreign_html_runs_nothing():
    found = html({"text/html": "<script>alert(1)</script><b>x</b>", "text/plain": "<Chart>"})
    assert found == "<p><strong>x</strong></p>\n"


def test_drawing_becomes_a_figure(svg):
    (figure,) = elements({"image/svg+xml": svg, "text/plain": "<Figure>"})
    assert (figure.svg, figure.alt) == (svg, NO_ALT)


def test_picture_becomes_a_drawing_of_its_size(png):
    pixels = base64.b64encode(png).decode()
    (figure,) = elements({"image/png": pixels, "text/plain": "<Figure>"})
    assert '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30">' in figure.svg
    assert pixels in figure.svg


def test_markdown_output_is_text():
    assert html({"text/markdown": "**a**", "text/plain": "<Markdown>"}) == "<p><strong>a</strong></p>\n"


def test_widget_does_not_show():
    assert html({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider()"}) == ""


def test_printed_text_is_shown_as_it_is():
    (shown,) = printed('dòng <1>\n  "dòng 2"\n')
    assert shown.html() == "<pre>dòng &lt;1&gt;\n  &quot;dòng 2&quot;</pre>\n"
    assert shown.typst() == '#code-block("dòng <1>\\n  \\"dòng 2\\"")'


def test_colours_of_a_terminal_are_no_text():
    (shown,) = printed("\x1b[31mđỏ\x1b[0m")
    assert shown.text == "đỏ"


@pytest.mark.parametrize("text", ["", " \n", None, {}])
def test_blank_text_does_not_show(text):
    assert list(printed(text)) == []


def test_table_of_pandas_carries_its_values():
    frame = pd.DataFrame({"xã": ["Đăk Hà", None], "tỷ lệ": [41.06, None]})
    (table,) = elements({"text/html": frame.to_html(index=False)})
    assert table.resource()["data"] == [{"1": "Đăk Hà", "2": 41.06}, {"1": None, "2": None}]
