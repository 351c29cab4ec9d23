import base64

import pandas as pd
import pytest

from giamngheo.export.foreign import NO_ALT, foreign_bundle, text_bundle
from giamngheo.report.elements.figure import svg_of
from giamngheo.report.elements.table import RESOURCE


def html(data):
    return "".join(found["text/html"] for found, _ in foreign_bundle(data))


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
    assert found == "<pre>&lt;Chart&gt;</pre>"


def test_drawing_becomes_a_figure(svg):
    data, metadata = next(foreign_bundle({"image/svg+xml": svg, "text/plain": "<Figure>"}))
    assert f'alt="{NO_ALT}"' in data["text/html"]
    assert svg_of(data["text/html"]) == svg
    assert metadata["giamngheo"]["alt"] == NO_ALT


def test_picture_becomes_a_drawing_of_its_size(png):
    pixels = base64.b64encode(png).decode()
    data, _ = next(foreign_bundle({"image/png": pixels, "text/plain": "<Figure>"}))
    drawing = svg_of(data["text/html"])
    assert '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30">' in drawing
    assert pixels in drawing


def test_markdown_output_is_text():
    assert html({"text/markdown": "**a**", "text/plain": "<Markdown>"}) == "<p><strong>a</strong></p>\n"


def test_widget_does_not_show():
    assert html({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider()"}) == ""


def test_printed_text_is_shown_as_it_is():
    data, _ = text_bundle('dòng <1>\n  "dòng 2"\n')
    assert data["text/html"] == "<pre>dòng &lt;1&gt;\n  &quot;dòng 2&quot;</pre>"
    assert data["text/typst"] == '#code-block("dòng <1>\\n  \\"dòng 2\\"")'


@pytest.mark.parametrize("text", ["", " \n"])
def test_blank_text_does_not_show(text):
    assert text_bundle(text)[0]["text/html"] == ""


def test_table_of_pandas_carries_its_values():
    frame = pd.DataFrame({"xã": ["Đăk Hà", None], "tỷ lệ": [41.06, None]})
    data, _ = next(foreign_bundle({"text/html": frame.to_html(index=False)}))
    assert data[RESOURCE]["data"] == [{"1": "Đăk Hà", "2": 41.06}, {"1": None, "2": None}]
