import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from giamngheo.statistics.households.disclosure import (
    hidden_cells,
    hidden_classes,
    hidden_share,
    public_flows,
    public_shares,
    public_summary,
    with_total,
)
from giamngheo.statistics.households.flows import FLOWS


def with_margins(inner):
    table = np.vstack([inner, inner.sum(axis=0)])
    return pd.DataFrame(np.column_stack([table, table.sum(axis=1)]))


def test_a_small_cell_is_hidden_in_a_rectangle_of_the_least_households():
    hidden = hidden_cells(with_margins(np.array([[3, 50, 20], [40, 60, 9], [30, 8, 70]])))
    assert hidden.to_numpy()[:3, :3].tolist() == [
        [True, False, True],
        [True, False, True],
        [False, False, False],
    ]
    assert not hidden.to_numpy()[3].any()
    assert not hidden.to_numpy()[:, 3].any()


def test_nought_and_five_are_shown():
    assert not hidden_cells(with_margins(np.array([[0, 5], [5, 0]]))).to_numpy().any()


def known_again(counts, hidden):
    """Hidden cells that the shown ones and the sums of the table still determine."""
    rows, columns = counts.shape
    places = [tuple(place) for place in np.argwhere(hidden.to_numpy())]
    lines = [[(row, c) for c in range(columns)] for row in range(rows)]
    lines += [[(r, column) for r in range(rows)] for column in range(columns)]
    system = np.array([[1.0 if place in line else 0.0 for place in places] for line in lines])
    for line in range(len(lines)):
        last = lines[line][-1]
        system[line] *= [-1.0 if place == last else 1.0 for place in places]
    rank = np.linalg.matrix_rank(system)
    unit = np.eye(len(places))
    return [p for p, e in zip(places, unit, strict=True) if np.linalg.matrix_rank(np.vstack([system, e])) == rank]


tables = arrays(
    np.int64,
    st.tuples(st.integers(1, 6), st.integers(2, 4)),
    elements=st.one_of(st.just(0), st.integers(1, 8), st.integers(9, 99)),
)


@settings(max_examples=150, deadline=None)
@given(inner=tables)
def test_no_hidden_cell_is_known_again_from_the_sums(inner):
    counts = with_margins(inner)
    hidden = hidden_cells(counts)
    assert hidden.to_numpy()[(counts > 0) & (counts < 5)].all()
    if hidden.to_numpy().any():
        assert known_again(counts, hidden) == []


SUMMARY = pd.DataFrame(
    {
        "unit_code": ["a", "b", "c"],
        "households": [100, 80, 60],
        "persons": [400, 320, 240],
        "ethnic_minority_households": [98, 40, 30],
        "poor_households": [3, 20, 10],
        "poor_persons": [12, 80, 40],
        "poor_ethnic_minority_households": [3, 10, 5],
        "near_poor_households": [10, 12, 9],
        "near_poor_persons": [40, 48, 36],
        "near_poor_ethnic_minority_households": [5, 6, 4],
        "average_households": [30, 20, 10],
        "average_persons": [120, 80, 40],
    }
)


@pytest.fixture
def public():
    return public_summary(with_total(SUMMARY, "d")).set_index("unit_code")


def test_the_public_summary_hides_the_small_class_with_its_persons(public):
    assert pd.isna(public.loc["a", "poor_households"])
    assert pd.isna(public.loc["a", "poor_persons"])
    assert public["poor_households"].isna().sum() >= 2
    assert public["near_poor_households"].isna().sum() >= 2
    assert public.loc["d"].tolist()[:2] == [240, 960]


def test_few_others_than_the_minority_hide_the_minority(public):
    """Of 100 households of unit a, 98 are of the minority: showing that shows the other two."""
    assert pd.isna(public.loc["a", "ethnic_minority_households"])
    assert public["ethnic_minority_households"].isna().sum() >= 2


def test_a_share_is_hidden_where_the_rest_is_small():
    part, whole = pd.Series([18, 10, 28]), pd.Series([20, 30, 50])
    assert hidden_share(part, whole, pd.Series([False] * 3)).tolist() == [True, True, False]


def test_public_shares_leave_out_households_and_rates():
    total = with_total(SUMMARY, "d")
    table = pd.DataFrame(
        {
            "unit_code": ["a", "b", "c", "d"],
            "class": "near_poor",
            "indicator": "01",
            "households": [2, 6, 7, 15],
            "of_households": [10, 12, 9, 31],
            "rate_pct": [20.0, 50.0, 77.8, 48.4],
        }
    )
    shown = public_shares(table, "indicator", hidden_classes(total), list(total["unit_code"]))
    assert shown["households"].isna().tolist()[0]
    assert shown["households"].isna().sum() >= 2
    assert (shown["households"].isna() == shown["rate_pct"].isna()).all()


def test_public_flows_hide_households_persons_and_the_sum_of_the_exits():
    flows = pd.DataFrame({"unit_code": ["a", "b", "c"]})
    values = {flow: [10, 20, 30] for flow in FLOWS}
    values |= {"left_above": [2, 10, 12], "left": [12, 30, 42], "closing": [18, 30, 48]}
    for flow, numbers in values.items():
        flows[f"{flow}_households"] = numbers
        flows[f"{flow}_persons"] = [4 * n for n in numbers]
    shown = public_flows(with_total(flows, "d")).set_index("unit_code").loc["a"]
    for flow in ("left_above", "left"):
        assert pd.isna(shown[f"{flow}_households"])
        assert pd.isna(shown[f"{flow}_persons"])
