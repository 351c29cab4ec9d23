import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.statistics.tree import OutsideTreeError
from giamngheo.statistics.works import FIGURES, works_table

WORKS = ["road", "water", "power"]
ABOVE = {"X": "", "Y": ""}

Row = tuple[str, str, str, int | None, int | None]


def table(*rows: Row) -> dict[str, list[object]]:
    frame = pd.DataFrame(rows, columns=["date", "unit_code", "work", *FIGURES])
    typed = frame.astype({"date": "datetime64[us]", **dict.fromkeys(FIGURES, "Int64")})
    found = works_table(typed, WORKS, ABOVE).set_index("work")
    return {code: [None if pd.isna(value) else value for value in row] for code, row in found.astype(object).iterrows()}


def test_the_last_snapshot_counts_and_a_kind_without_a_row_has_nothing() -> None:
    found = table(
        ("2026-03-31", "", "road", 200, 10), ("2026-06-30", "", "road", 200, 50), ("2026-06-30", "", "water", 100, 25)
    )
    assert found == {"": [300, 75, 25.0], "road": [200, 50, 25.0], "water": [100, 25, 25.0], "power": [0, 0, None]}


def test_nothing_typed_is_nothing_known() -> None:
    assert set(map(tuple, table().values())) == {(None, None, None)}


def test_a_blank_leaves_the_sum_blank() -> None:
    found = table(("2026-06-30", "", "road", 200, None), ("2026-06-30", "", "water", 100, 25))
    assert found[""] == [300, None, None]


def test_a_units_own_row_is_its_money_and_those_below_say_how_it_is_spread() -> None:
    found = table(
        ("2026-06-30", "", "road", 200, 50), ("2026-06-30", "X", "road", 70, 20), ("2026-06-30", "Y", "water", 5, 1)
    )
    assert (found["road"], found["water"][:2]) == ([200, 50, 25.0], [5, 1])


def test_a_kind_that_there_is_not_never_vanishes() -> None:
    with pytest.raises(OutsideTreeError, match="bridge"):
        table(("2026-06-30", "", "bridge", 1, 1))


rows = st.lists(
    st.tuples(
        st.just("2026-06-30"), st.sampled_from(["X", "Y"]), st.sampled_from(WORKS), st.integers(0, 9), st.integers(0, 9)
    ),
    min_size=1,
    unique_by=lambda row: row[1:3],
)


@settings(max_examples=30)
@given(rows)
def test_the_rows_of_communes_add_up_to_the_total(typed: list[Row]) -> None:
    found = table(*typed)
    assert found[""][:2] == [sum(row[3] or 0 for row in typed), sum(row[4] or 0 for row in typed)]
    assert found[""][:2] == [sum(found[code][place] for code in WORKS) for place in (0, 1)]  # type: ignore[misc]
