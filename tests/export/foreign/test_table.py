import pandas as pd

from giamngheo.export.foreign.html import elements_of
from giamngheo.report.elements import DataTable


def tables(html):
    return [found for found in elements_of(html) if isinstance(found, DataTable)]


def test_common_headings_are_kept():
    columns = pd.MultiIndex.from_tuples([("Nghèo", "Hộ"), ("Nghèo", "Tỷ lệ"), ("Khác", "Hộ")])
    (table,) = tables(pd.DataFrame([[1, 2.5, 3]], columns=columns, index=["Đăk Hà"]).to_html())
    assert [column.header for column in table.columns] == [("",), ("Nghèo", "Hộ"), ("Nghèo", "Tỷ lệ"), ("Khác", "Hộ")]


def test_spanning_cells_stand_in_each_row_and_column():
    (table,) = tables(
        "<table><thead><tr><th rowspan=2>a</th><th colspan=2>b</th></tr><tr><th>c</th><th>d</th></tr></thead>"
        "<tr><td rowspan=2>1</td><td>2</td><td>3</td></tr><tr><td>4</td><td>5</td></tr></table>"
    )
    assert [column.header for column in table.columns] == [("a",), ("b", "c"), ("b", "d")]
    assert [list(map(int, table.frame[name])) for name in table.frame] == [[1, 1], [2, 4], [3, 5]]


def test_numbers_are_numbers_and_shown_as_they_were():
    (table,) = tables("<table><tr><td>a</td><td>41.060</td></tr><tr><td>b</td><td>NaN</td></tr></table>")
    assert [column.kind for column in table.columns] == ["text", "plain"]
    assert table.columns[1].shown(table.frame["2"][0]) == "41.060"
    assert table.columns[1].shown(table.frame["2"][1]) == ""


def test_table_without_header_numbers_its_columns():
    (table,) = tables("<table><tr><td>a<td>b</table>")
    assert [column.header for column in table.columns] == [("1",), ("2",)]


def test_ragged_and_hostile_tables_are_read():
    (table,) = tables(
        "<table><tr><td colspan='9999'>a</td></tr><tr><td rowspan='x'>&lt;b&gt;<script>y</script></table>"
    )
    assert len(table.columns) == 100
    assert table.frame["1"][1] == "<b>"


def test_table_without_rows_is_none():
    assert tables("<table></table>") == []
    assert tables("<p>a</p>") == []
