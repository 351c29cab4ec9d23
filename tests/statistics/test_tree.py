import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.statistics.tree import OutsideTreeError, outside, rolled_up, sums_of_parts

THREE_LEVELS = pd.DataFrame({"code": ["a", "b", "a1", "a2", "a1x"], "above": ["", "", "a", "a", "a1"]})


def amounts(**by_node: int | None) -> pd.DataFrame:
    frame = pd.DataFrame({"year": 2023, "node": list(by_node), "row": range(5, 5 + len(by_node))})
    return frame.assign(paid_vnd=pd.array(list(by_node.values()), "Int64"))


def rolled(figures: pd.DataFrame, absent: str = "nothing", tree: pd.DataFrame = THREE_LEVELS) -> pd.DataFrame:
    return rolled_up(figures, tree, node="node", by=["year"], absent=absent).set_index("node")  # type: ignore[arg-type]


def test_a_node_is_the_sum_of_its_parts_however_deep() -> None:
    table = rolled(amounts(a1x=3, a2=4, b=5))
    assert table["paid_vnd"].to_dict() == {"": 12, "a": 7, "b": 5, "a1": 3, "a2": 4, "a1x": 3}
    assert table.loc["a", ["parts", "given", "typed", "row"]].tolist() == [2, 2, False, 5]


def test_nodes_come_in_the_order_of_the_tree() -> None:
    tree = pd.DataFrame({"code": ["1", "1.1", "2", "3", "3.1"], "above": ["", "1", "", "", "3"]})
    figures = amounts(**{"3.1": 3, "2": 2, "1.1": 1})
    assert list(rolled(figures, tree=tree).index) == ["", "1", "1.1", "2", "3", "3.1"]


def test_a_blank_part_leaves_a_blank_sum_and_what_was_typed_stands() -> None:
    table = rolled(amounts(a=9, a1=None, a2=4, b=5))
    assert table.loc["a", "paid_vnd"] == 9
    assert table.loc["", "paid_vnd"] == 14
    assert rolled(amounts(a1=None, a2=4))["paid_vnd"].isna().to_dict() == {"": True, "a": True, "a1": True, "a2": False}


def test_what_was_typed_stands_and_the_sum_of_the_parts_is_there_to_compare() -> None:
    table = rolled(amounts(a=9, a1=1, a2=4))
    assert (table.loc["a", "paid_vnd"], table.loc["a", "row"], table.loc["a", "typed"]) == (9, 5, True)
    sums = sums_of_parts(table.reset_index(), THREE_LEVELS.assign(year=2023), node="node", by=["year"])
    assert sums.set_index("node")["paid_vnd"].to_dict() == {"a": 1 + 4}


def test_a_part_without_a_row_is_unknown_or_nothing_as_the_caller_says() -> None:
    assert rolled(amounts(a2=4)).loc["a", "paid_vnd"] == 4
    unknown = rolled(amounts(a2=4), "unknown")
    assert pd.isna(unknown.loc["a", "paid_vnd"])
    assert unknown.loc["a", ["parts", "given"]].tolist() == [2, 1]


def test_figures_outside_the_tree_are_an_error_never_a_sum_without_them() -> None:
    with pytest.raises(OutsideTreeError, match="c"):
        rolled(amounts(a=1, c=2))
    assert outside(amounts(a=1, c=2), THREE_LEVELS, node="node", by=["year"]).tolist() == [False, True]


def test_each_time_has_its_own_tree() -> None:
    tree = pd.DataFrame({"year": [2025, 2025, 2026, 2026], "code": ["a", "b", "a", "c"], "above": ["", "", "c", ""]})
    figures = pd.concat([amounts(a=1, b=2).assign(year=2025), amounts(a=10).assign(year=2026)])
    table = rolled_up(figures, tree, node="node", by=["year"], absent="nothing").set_index(["year", "node"])
    assert table["paid_vnd"].to_dict() == {
        (2025, ""): 3,
        (2025, "a"): 1,
        (2025, "b"): 2,
        (2026, ""): 10,
        (2026, "a"): 10,
        (2026, "c"): 10,
    }
    with pytest.raises(OutsideTreeError):
        rolled_up(amounts(b=1).assign(year=2026), tree, node="node", by=["year"], absent="nothing")


def test_texts_of_typed_nodes_stay_and_others_are_blank() -> None:
    table = rolled(amounts(a1=1).assign(note=pd.array(["x"], "str")))
    assert table["note"].to_dict() == {"": "", "a": "", "a1": "x"}


@settings(max_examples=50)
@given(
    st.lists(st.integers(-1, 9), min_size=1, max_size=12),
    st.lists(st.one_of(st.none(), st.integers(0, 10**13)), min_size=12, max_size=12),
)
def test_the_top_is_the_sum_of_all_leaves_or_unknown(parents: list[int], values: list[int | None]) -> None:
    codes = [f"n{number}" for number in range(len(parents))]
    above = [codes[parent] if 0 <= parent < number else "" for number, parent in enumerate(parents)]
    leaves = {code: value for code, value in zip(codes, values, strict=False) if code not in above}
    table = rolled(amounts(**leaves), tree=pd.DataFrame({"code": codes, "above": above}))
    total = table.loc["", "paid_vnd"]
    assert pd.isna(total) if None in leaves.values() else total == sum(leaves.values())
