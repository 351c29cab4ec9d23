"""Tables and figures of an analyst's own look and count as those of the reports."""

import pandas as pd
from matplotlib import pyplot

import giamngheo


def test_a_frame_is_a_table_by_the_names_of_its_columns() -> None:
    frame = pd.DataFrame(
        {
            "unit_name": ["Đắk Hà", "Ngân <b>Hà</b>"],
            "date": pd.to_datetime(["2023-12-31", None]),
            "fund_year": pd.array([2023, 2024], dtype="Int64"),
            "planned_vnd": pd.array([4_569_482_000, None], dtype="Int64"),
            "rate_pct": [41.058, None],
            "change_pp": [-8.4849, 0.0],
            "poor_households": pd.array([2859, 0], dtype="Int64"),
            "share": [0.5, 0.25],
        }
    )
    table = giamngheo.table(frame, caption="Của tôi", headings={"share": "Phần", "change_pp": "Tăng, giảm"}, name="t")
    heads = [column.header for column in table.columns]
    assert heads[:4] == [("Đơn vị",), ("Ngày",), ("Năm của nguồn vốn",), ("Kế hoạch vốn (triệu đồng)",)]
    assert heads[5:] == [("Tăng, giảm",), ("Hộ nghèo",), ("Phần",)]
    page = table.html()
    for shown in (
        "31/12/2023",
        ">2023<",
        "4.569,482",
        "41,06%",
        "-8,48%",
        "2.859",
        ">0.5<",
        "Ngân &lt;b&gt;Hà&lt;/b&gt;",
    ):
        assert shown in page
    assert (table.series, table.name) == ("Bảng", "t")


def test_an_index_and_two_rows_of_headings_are_kept() -> None:
    frame = pd.DataFrame({("Hộ nghèo", "poor_households"): [1], ("Hộ nghèo", "rate_pct"): [2.0]})
    frame.index = pd.Index(["Đắk Hà"], name="unit_name")
    assert [column.header for column in giamngheo.table(frame, caption="").columns] == [
        ("Đơn vị",),
        ("Hộ nghèo", "Hộ nghèo"),
        ("Hộ nghèo", "Tỷ lệ"),
    ]


def test_a_drawing_is_a_figure_once_with_its_whole_text() -> None:
    axes = pd.DataFrame({"x": [1, 2]}).plot(title="Tỷ lệ hộ nghèo ở một huyện có tên rất dài")
    figure = giamngheo.figure(axes, caption="Hộ", alt="Tăng từ 1 đến 2", name="f")
    assert ">Tỷ lệ hộ nghèo ở một huyện" in figure.svg
    assert "Liberation Serif" in figure.svg
    assert (figure.caption, figure.alt, figure.name, figure.series) == ("Hộ", "Tăng từ 1 đến 2", "f", "Hình")
    assert pyplot.get_fignums() == []
