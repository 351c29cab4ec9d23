from collections import Counter
from dataclasses import replace

import pandas as pd

from giamngheo.report.elements import Column, DataTable, Figure
from giamngheo.report.elements.captions import full_caption, numbered, references

TABLE = DataTable(pd.DataFrame({"a": [1]}), (Column("a", ("A",), "count"),), "Vốn", name="funding")
FIGURE = Figure("<svg/>", "mô tả", "Tỷ lệ")


def test_each_series_is_counted_by_itself():
    counted = Counter[str]()
    elements = [numbered(element, counted) for element in (TABLE, FIGURE, TABLE, replace(TABLE, series="Biểu"))]
    captions = [full_caption(element) for element in elements]
    assert captions == ["Bảng 1. Vốn", "Hình 1. Tỷ lệ", "Bảng 2. Vốn", "Biểu 1. Vốn"]


def test_what_has_no_caption_or_no_series_has_no_number():
    counted = Counter[str]()
    for element in (replace(TABLE, caption=""), replace(TABLE, series="")):
        assert numbered(element, counted) is element
    assert not counted


def test_a_cell_by_itself_shows_no_number():
    assert full_caption(TABLE) == "Vốn"
    assert "<caption><span>Vốn</span></caption>" in TABLE.html()


def test_number_stands_in_every_format():
    table, figure = (numbered(element, Counter()) for element in (TABLE, FIGURE))
    assert "<caption><span>Bảng 1. Vốn</span></caption>" in table.html()
    assert 'aria-label="Bảng 1. Vốn"' in table.html()
    assert 'caption: "Bảng 1. Vốn"' in table.typst()
    assert table.resource()["title"] == "Bảng 1. Vốn"
    assert "<figcaption>Hình 1. Tỷ lệ</figcaption>" in figure.html()
    assert 'caption: "Hình 1. Tỷ lệ"' in figure.typst()


def test_a_name_is_that_of_the_first_who_has_it():
    counted = Counter[str]()
    assert references([numbered(TABLE, counted), numbered(FIGURE, counted), numbered(TABLE, counted)]) == {
        "funding": "Bảng 1"
    }
    assert references([TABLE]) == {}
