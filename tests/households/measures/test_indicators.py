"""Any survey by a table of indicators, held against two published examples.

Alkire and Foster (2011): four persons, four achievements, the cut-offs 13, 12, 3, 1 (tests of alkire_foster work it by
hand). Human Development Report 2010, technical note 4: the Multidimensional Poverty Index of four households of 4, 7, 5
and 4 members by ten indicators in three dimensions of equal weight, poor from a third on: H = 0,80, A = 0,56,
MPI = 0,45.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.core.errors import GiamngheoError
from giamngheo.households.measures.alkire_foster import (
    OtherIndicatorsError,
    Poverty,
    WrongWeightsError,
    dimension_contributions,
    indicator_measures,
    measures,
)
from giamngheo.households.measures.indicators import (
    Columns,
    IndicatorTableError,
    UnknownBlanksError,
    indicator_table,
    poverty_of,
    survey_counts,
    survey_table,
)

FOUR = pd.DataFrame(
    {"income": [13.1, 15.2, 12.5, 20], "school": [14, 7, 10, 11], "health": [4, 5, 1, 3], "services": [1, 0, 0, 1]}
)
CUTOFFS = pd.DataFrame({"code": list(FOUR), "column": list(FOUR), "weight": 1, "below": [13, 12, 3, 1]})

MPI = """
child_died      Health     1/6  1 1 0 1
malnourished    Health     1/6  0 0 1 0
schooling       Education  1/6  0 1 0 1
not_enrolled    Education  1/6  0 1 0 0
electricity     Living     1/18 0 1 1 1
water           Living     1/18 0 0 1 0
sanitation      Living     1/18 0 1 1 0
floor           Living     1/18 0 0 0 0
fuel            Living     1/18 1 1 1 1
assets          Living     1/18 0 1 0 1
"""


def flags(width: int) -> pd.DataFrame:
    """A table of indicators of equal weight that their columns say themselves."""
    names = [f"i{number}" for number in range(width)]
    return pd.DataFrame({"code": names, "column": names, "weight": 1})


def test_the_four_persons_of_alkire_and_foster() -> None:
    table = indicator_table(CUTOFFS)
    found = measures(survey_counts(FOUR, table).counts, poverty_of(table, 0.5)).iloc[0]
    assert (found["incidence_pct"], found["intensity_pct"], found["adjusted_headcount"]) == (50, 75, 3 / 8)


def test_the_four_households_of_the_human_development_report() -> None:
    lines = [line.split() for line in MPI.split("\n") if line]
    table = indicator_table(
        pd.DataFrame([(line[0], line[0], line[1], line[2]) for line in lines], columns=list(_COLUMNS))
    )
    rows = pd.DataFrame({line[0]: [int(value) for value in line[3:]] for line in lines}).assign(size=[4, 7, 5, 4])
    poverty = poverty_of(table, 1 / 3, "persons")
    counts = survey_counts(rows, table, Columns(members="size")).counts
    found = measures(counts, poverty).iloc[0]
    assert (found["population"], found["poor"]) == (20, 16)
    assert found["incidence_pct"] == pytest.approx(80)
    assert found["intensity_pct"] == pytest.approx(56.25)
    assert found["adjusted_headcount"] == pytest.approx(0.45)
    parts = indicator_measures(counts, poverty)
    dimensions = {f"{place:02}": entry.dimension for place, entry in enumerate(table, 1)}
    shares = dimension_contributions(parts, dimensions).set_index("dimension")["contribution_pct"]
    health = (7 / 6 + 5 / 6 + 4 / 6) / (7 * 13 / 18 + 5 * 7 / 18 + 4 * 9 / 18)  # c: 13/18, 7/18, 9/18
    assert shares["Health"] == pytest.approx(100 * health)
    assert shares.sum() == pytest.approx(100)


_COLUMNS = ("code", "column", "dimension", "weight")


@pytest.mark.parametrize("name", ["indicators.toml", "indicators.csv", "indicators.xlsx"])
def test_a_table_may_be_a_file(tmp_path: Path, name: str) -> None:
    frame = pd.DataFrame(
        {
            "code": ["a", "b"],
            "column": ["x", "y"],
            "weight": ["1/3", "2/3"],
            "above": [2.5, None],
            "among": [None, "không|2"],
        }
    )
    toml = '[[indicator]]\ncode = "a"\ncolumn = "x"\nweight = "1/3"\nabove = 2.5\n'
    toml += '[[indicator]]\ncode = "b"\ncolumn = "y"\nweight = "2/3"\namong = ["không", "2"]\n'
    path = tmp_path / name
    write = {".toml": lambda: path.write_text(toml, "utf-8"), ".csv": lambda: frame.to_csv(path, index=False, sep=";")}
    write.get(path.suffix, lambda: frame.to_excel(path, index=False))()
    one, two = indicator_table(path)
    assert (one.weight, one.above, two.weight, two.among) == (
        pytest.approx(1 / 3),
        2.5,
        pytest.approx(2 / 3),
        ("không", "2"),
    )
    counts = survey_counts(pd.DataFrame({"x": [3, 1], "y": [2.0, 5.0]}), (one, two)).counts
    assert counts["pattern"].tolist() == [0b11, 0]


@pytest.mark.parametrize("name", ["survey.csv", "survey.xlsx", "survey.parquet"])
def test_a_survey_may_be_a_file(tmp_path: Path, name: str, as_parquet) -> None:
    path = tmp_path / name
    if path.suffix == ".parquet":
        as_parquet("select * from (values (1, 0), (0, null)) as t(i0, i1)", path)
    else:
        frame = pd.DataFrame({"i0": [1, 0], "i1": [0, None]})
        frame.to_csv(path, index=False) if path.suffix == ".csv" else frame.to_excel(path, index=False)
    found = survey_counts(survey_table(path), indicator_table(flags(2)))
    assert (found.households, found.left_out, found.counts["pattern"].tolist()) == (2, 1, [1])
    path.write_bytes(b"\xff\xfe nothing")
    with pytest.raises(IndicatorTableError, match="không đọc được bảng"):
        survey_table(path)


def test_blanks_leave_a_household_out_or_let_the_others_weigh_more() -> None:
    """Of three equal indicators: 1 1 blank, 1 0 0, blank blank blank; poor from a half on."""
    rows = pd.DataFrame({"i0": [1, 1, None], "i1": [1, 0, None], "i2": [None, 0, None]})
    table = indicator_table(flags(3))
    poverty = poverty_of(table, 0.5)
    dropped = survey_counts(rows, table)
    assert (dropped.left_out, measures(dropped.counts, poverty)["poor"].iloc[0]) == (2, 0)
    kept = survey_counts(rows, table, blanks="renormalise")
    found = measures(kept.counts, poverty).iloc[0]
    assert (kept.left_out, found["incidence_pct"], found["intensity_pct"]) == (1, 50, 100)
    parts = indicator_measures(kept.counts, poverty)
    assert parts["contribution_pct"].tolist() == pytest.approx([50, 50, 0])
    assert parts["uncensored_pct"].tolist() == [100, 50, 0], "of the households of which it is known"
    with pytest.raises(UnknownBlanksError, match="drop, renormalise"):
        survey_counts(rows, table, blanks="zero")  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [1, 21, 40, 62, 63, 100])
def test_any_number_of_indicators(width: int) -> None:
    """A table of all patterns of 40 indicators would not fit into any memory."""
    rows = pd.DataFrame(np.tri(3, width, dtype=int) if width > 2 else np.ones((3, width), int))
    rows.columns = [f"i{number}" for number in range(width)]
    table = indicator_table(flags(width))
    counts = survey_counts(rows.assign(g=["x", "x", "y"]), table, by=["g"]).counts
    found = measures(counts, poverty_of(table, 1e-6), ["g"])
    deprived = rows.sum(axis=1)
    assert found["adjusted_headcount"].tolist() == pytest.approx([deprived[:2].sum() / 2 / width, deprived[2] / width])
    assert indicator_measures(counts, poverty_of(table, 1e-6))["contribution_pct"].sum() == pytest.approx(100)


@settings(max_examples=20)
@given(
    st.lists(st.lists(st.sampled_from([0.0, 1.0, None]), min_size=5, max_size=5), min_size=1, max_size=12),
    st.floats(0.05, 1.0),
)
def test_renormalised_scores_are_shares_of_what_is_known(rows: list[list[float | None]], cutoff: float) -> None:
    frame = pd.DataFrame(rows, columns=[f"i{number}" for number in range(5)], dtype="float64")
    table = indicator_table(flags(5))
    found = measures(survey_counts(frame, table, blanks="renormalise").counts, poverty_of(table, cutoff))
    share = frame.mean(axis=1).dropna()
    poor = share[share >= cutoff - 1e-9]
    if len(share):
        assert found["population"].iloc[0] == len(share)
        assert found["adjusted_headcount"].iloc[0] == pytest.approx(poor.sum() / len(share))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"weight": [1, 0, 1, 1]}, "Chỉ số thứ 2: trọng số '0'"),
        ({"weight": [1, "1/0", 1, 1]}, "trọng số '1/0'"),
        ({"code": list("aabb")}, r"Mã chỉ số 'a' ghi 2 lần\.\nMã chỉ số 'b' ghi 2 lần"),
        ({"above": 1}, r"Chỉ số thứ 1: có cả below và above(.|\n)*Chỉ số thứ 4"),
        ({"below": ["x", 1, 1, 1]}, "below 'x' không phải số"),
        ({"column": [None, "b", "c", "d"]}, "Chỉ số thứ 1: thiếu column"),
        ({"cut": 1}, "không có mục 'cut'"),
    ],
)
def test_every_fault_of_a_table_is_said(changes: dict[str, object], words: str) -> None:
    with pytest.raises(IndicatorTableError, match=words):
        indicator_table(CUTOFFS.assign(**changes))


def test_every_fault_of_a_survey_is_said_without_its_values() -> None:
    table = indicator_table(flags(3))
    rows = pd.DataFrame({"i0": [1, 2], "i1": ["có", 0], "w": [1, None], "s": ["", "1"]})
    with pytest.raises(IndicatorTableError) as told:
        survey_counts(rows, table, Columns(weight="w", members="m", stratum="s"), by=["g"])
    assert str(told.value).split("\n") == [
        "Bảng khảo sát không có cột 'i2', 'm', 'g'.",
        "Chỉ số 'i0', cột 'i0': 1 ô không phải 0, 1 hoặc trống.",
        "Chỉ số 'i1', cột 'i1': 1 ô không phải 0, 1 hoặc trống.",
        "Cột 'w': 1 ô trống hoặc không phải số từ 0 trở lên.",
        "Cột 's': 1 ô trống; hộ nào cũng cần tầng, cụm.",
    ]
    with pytest.raises(IndicatorTableError, match="không có chỉ số nào"):
        indicator_table(CUTOFFS[:0])


@pytest.mark.parametrize(("weights", "cutoff"), [((), 1), ((0, 0), 1), ((1, -1), 1), ((1, 1), 0), ((1, np.nan), 1)])
def test_weights_that_identify_nobody_are_refused(weights: tuple[float, ...], cutoff: float) -> None:
    with pytest.raises(WrongWeightsError, match="ngưỡng k"):
        Poverty(weights, cutoff)


@pytest.mark.parametrize("pattern", [4, -1])
def test_patterns_of_other_indicators_are_refused(pattern: int) -> None:
    counts = pd.DataFrame({"pattern": [pattern], "households": [1]})
    with pytest.raises(OtherIndicatorsError, match="ngoài 2 chỉ số"):
        measures(counts, Poverty((1, 1), 1))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{'a.' * 50_000}a = 1", "hơn 100 dấu chấm"),
        (f"a = {'[' * 5000}{']' * 5000}", "lồng quá nhiều lớp"),
        (f"a = {'9' * 5000}", "có số quá dài"),
        ('[[indicator]]\ncode = "a"\ncolumn = "x"\nweight = "1e999999999"', "trọng số '1e999999999'; cần số lớn hơn 0"),
        ('[[indicator]]\ncode = "a"\ncolumn = "x"\nweight = "1/0"', "trọng số '1/0'; cần số lớn hơn 0"),
    ],
    ids=["dots", "deep", "long number", "exponent", "nought"],
)
def test_a_table_of_indicators_that_would_fill_the_memory_is_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "indicators.toml").write_text(text, "utf-8")
    with pytest.raises(GiamngheoError, match=told):
        indicator_table(tmp_path / "indicators.toml")


def test_the_name_of_a_survey_is_no_pattern_and_its_folder_no_column(tmp_path: Path, as_parquet) -> None:
    folder = tmp_path / "i0=1"
    folder.mkdir()
    for name, value in (("khảo sát[1]", 0), ("khảo sát1", 1)):
        as_parquet(f"select {value} as i0", folder / f"{name}.parquet")
    assert survey_table(folder / "khảo sát[1].parquet").to_dict("list") == {"i0": [0]}
