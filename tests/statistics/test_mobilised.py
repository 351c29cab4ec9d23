import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.statistics.mobilised import FIGURES, NO_CONTENT, mobilised

CONTENTS = pd.DataFrame({"code": ["A", "A.1", "A.2", "B"], "above": ["", "A", "A", ""]})
SOURCES = pd.DataFrame({"code": ["credit", "people", "cash", "labour"], "above": ["", "", "people", "people"]})
ABOVE = {"X": "", "Y": ""}

Row = tuple[str, str, str, str, int | None, int | None]


def table(*rows: Row) -> pd.DataFrame:
    columns = ["date", "unit_code", "project_code", "source", "planned_vnd", "mobilised_vnd"]
    frame = pd.DataFrame(rows, columns=columns).assign(rest_vnd=None)
    frame[FIGURES] = frame[FIGURES].astype("Int64")
    return mobilised(frame.astype({"date": "datetime64[us]"}), CONTENTS, SOURCES, ABOVE)


def of(found: pd.DataFrame, content: str, source: str) -> list[object]:
    row = found.set_index(["project_code", "source"]).loc[(content, source)]
    return [None if pd.isna(row[name]) else row[name] for name in ("planned_vnd", "mobilised_vnd")]


def test_the_last_known_figure_of_each_counts() -> None:
    found = table(("2026-06-30", "", "A.1", "cash", 10, 3), ("2026-09-30", "", "A.1", "cash", None, 4))
    assert of(found, "A.1", "cash") == of(found, "", "") == of(found, "A", "people") == [10, 4]


def test_what_is_told_by_content_and_what_is_not_add_up() -> None:
    found = table(
        ("2026-06-30", "", "", "credit", 5, 1),
        ("2026-06-30", "", "A.1", "cash", 10, 3),
        ("2026-06-30", "", "B", "labour", 7, 2),
    )
    assert of(found, "", "") == [22, 6]
    assert of(found, NO_CONTENT, "") == [5, 1]
    assert of(found, "", "people") == [17, 5]
    assert of(found, "A", "") == [10, 3]


def test_a_sum_with_a_part_that_is_not_known_is_blank() -> None:
    found = table(("2026-06-30", "", "A.1", "cash", 10, 3), ("2026-06-30", "", "B", "labour", 7, None))
    assert of(found, "", "people") == [17, None]
    assert of(found, "A", "people") == [10, 3]


def test_units_add_up_and_an_own_figure_wins() -> None:
    units: list[Row] = [("2026-06-30", unit, "A.1", "cash", 10, 3) for unit in "XY"]
    assert of(table(*units), "", "") == [20, 6]
    assert of(table(*units, ("2026-06-30", "", "A.1", "cash", 30, 9)), "", "") == [30, 9]


AMOUNTS = st.integers(0, 10**12)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["X", "Y"]),
            st.sampled_from(["", "A.1", "A.2", "B"]),
            st.sampled_from(["credit", "cash", "labour"]),
            AMOUNTS,
            AMOUNTS,
        ),
        min_size=1,
        unique_by=lambda row: row[:3],
    )
)
def test_parts_sum_to_wholes_whichever_way_they_are_added(rows: list[tuple[str, str, str, int, int]]) -> None:
    found = table(*(("2026-06-30", *row) for row in rows)).set_index(["project_code", "source"])
    total = found.loc[("", "")]
    assert total["planned_vnd"] == sum(row[3] for row in rows)
    assert total["mobilised_vnd"] == sum(row[4] for row in rows)
    by_content = found.xs("", level="source").reindex(["A", "B", NO_CONTENT])["mobilised_vnd"].sum()
    by_source = found.loc[""].reindex(["credit", "people"])["mobilised_vnd"].sum()
    assert by_content == by_source == total["mobilised_vnd"]
