from giamngheo.report.elements.header import HeaderCell, header_rows


def test_neighbours_under_the_same_heading_share_it():
    rows = header_rows([("Xã",), ("Nghèo", "Hộ"), ("Nghèo", "Tỷ lệ"), ("Cận nghèo", "Hộ")])
    assert rows == [
        [HeaderCell("Xã", 0, 1, 2), HeaderCell("Nghèo", 1, 2, 1), HeaderCell("Cận nghèo", 3, 1, 1)],
        [HeaderCell("Hộ", 1, 1, 1), HeaderCell("Tỷ lệ", 2, 1, 1), HeaderCell("Hộ", 3, 1, 1)],
    ]


def test_last_headings_of_two_columns_are_never_shared():
    assert header_rows([("Hộ",), ("Hộ",)]) == [[HeaderCell("Hộ", 0, 1, 1), HeaderCell("Hộ", 1, 1, 1)]]


def test_heading_is_not_shared_across_another_one_above():
    rows = header_rows([("A", "x", "1"), ("B", "x", "2")])
    assert [cell.columns for cell in rows[1]] == [1, 1]


def test_every_row_covers_every_column():
    headers = [("a",), ("b", "c"), ("b", "d", "e"), ("b", "d", "f")]
    covered = {
        (level + below, cell.column + beside)
        for level, row in enumerate(header_rows(headers))
        for cell in row
        for below in range(cell.rows)
        for beside in range(cell.columns)
    }
    assert covered == {(level, column) for level in range(3) for column in range(4)}
