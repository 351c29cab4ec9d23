"""Whether two hashes are the same, by whatever bits they differ."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from giamngheo.households.engine import households, workspace
from giamngheo.households.problems import InvalidHouseholdFileError, checked, problems, some_repeated
from giamngheo.regulation.poverty import poverty_standard

STANDARD = poverty_standard(on=dt.date(2022, 12, 31))
UNITS = pd.DataFrame({"code": ["23404"]})


def found(path, **options):
    with workspace() as work:
        listed = problems(households(work, path), dt.date(2022, 12, 31), units=UNITS, standard=STANDARD, **options)
    return {problem.code: (problem.households, problem.first_places) for problem in listed}


def test_a_good_file_has_no_problem(written):
    assert found(written({}, {})) == {}


BROKEN = {
    "no-household_id": {"household_id": " "},
    "unknown-unit": {"unit_code": "99999"},
    "bad-area": {"area": "núi"},
    "bad-members": {"members": "3.5"},
    "members-not-positive": {"members": 0},
    "bad-ethnic_minority": {"ethnic_minority": "2"},
    "bad-date": {"date": "31/13/2022"},
    "other-year": {"date": "2021-12-31"},
    "bad-income_vnd": {"income_vnd": "một triệu"},
    "negative-income": {"income_vnd": -1},
    "no-income": {"income_vnd": "", "b1_score": ""},
    "bad-deprivation_05": {"deprivation_05": 2},
    "no-deprivations": {"deprivation_05": ""},
}


@pytest.mark.parametrize("code", BROKEN)
def test_each_problem_is_found_alone_and_at_its_row(written, code):
    assert found(written({}, BROKEN[code], {})) == {code: (1, ("dòng 3",))}


def test_b2_must_be_ten_times_the_deprivations(written):
    rows = [{"b2_score": 0}, {"b2_score": 30, "deprivation_01": 1}, {"b2_score": 35}]
    assert found(written(*rows)) == {
        "b2-mismatch": (2, ("dòng 3", "dòng 4")),
        "bad-b2": (1, ("dòng 4",)),
    }


def test_b2_may_stand_for_blank_deprivations(written):
    assert found(written({"b2_score": 40, "deprivation_05": ""})) == {}


def test_samples_need_positive_weights_strata_and_clusters(written):
    sample = {"weight": 1.5, "stratum": "1", "cluster": "1"}
    rows = [sample, sample | {"weight": 0}, sample | {"stratum": ""}, sample | {"weight": ""}]
    assert found(written(*rows)) == {
        "weight-not-positive": (1, ("dòng 3",)),
        "no-weight": (1, ("dòng 5",)),
        "no-stratum": (1, ("dòng 4",)),
    }


def test_repeated_ids_are_counted_with_their_first_rows(written):
    rows = [{"household_id": name} for name in ("a", "b", "a", "c", "b", "a")]
    assert found(written(*rows)) == {"repeated-id": (5, ("dòng 2", "dòng 3", "dòng 4"))}


@pytest.mark.parametrize(
    ("last", "expected"),
    [("20", set()), ("7", {"repeated-id"}), (" ", {"no-household_id"})],
    ids=["good", "7", "blank"],
)
def test_ids_of_a_huge_file_are_looked_at_share_by_share(written, monkeypatch, last, expected):
    monkeypatch.setattr("giamngheo.households.problems.HASHES_AT_ONCE", 4)
    names = [*map(str, range(20)), last]
    assert set(found(written(*[{"household_id": name} for name in names]))) == expected


def test_first_rows_are_three_at_the_most(written):
    assert found(written({}, *[{"members": 0}] * 9))["members-not-positive"] == (
        9,
        ("dòng 3", "dòng 4", "dòng 5"),
    )


def test_lines_without_the_columns_of_the_header_are_found_at_their_row(written):
    path = written({}, {}, {})
    head, *lines = path.read_text().splitlines()
    path.write_text("\n".join([head, lines[0], lines[1] + ",1,2,3", "H7,23404", lines[2]]) + "\n")
    assert found(path) == {"broken-line": (2, ("dòng 3", "dòng 4"))}


def test_a_row_of_totals_is_told_once_as_what_it_is(written):
    path = written({}, {})
    columns = path.read_text().splitlines()[0].split(",")
    total = ["Tổng cộng" if name == "household_id" else "8" if name == "members" else "" for name in columns]
    path.write_text(path.read_text() + ",".join(total) + "\n")
    assert found(path) == {"no-household": (1, ("dòng 4",))}


@pytest.mark.parametrize(
    "code", ["unknown-unit", "bad-area", "bad-ethnic_minority", "other-year", "bad-deprivation_05"]
)
def test_one_bad_value_among_good_ones_is_found_in_parquet_too(written, tmp_path, as_parquet, code):
    path = tmp_path / "households.parquet"
    as_parquet(f"select * from '{written({}, BROKEN[code], {})}'", path)
    assert found(path) == {code: (1, ("dòng 2",))}


def test_parts_of_a_folder_are_named(written, tmp_path, as_parquet):
    folder = tmp_path / "parts"
    folder.mkdir()
    for part in ("a", "b"):
        as_parquet(f"select * from '{written({})}'", folder / f"{part}.parquet")
    assert found(folder) == {"repeated-id": (2, ("a.parquet dòng 1", "b.parquet dòng 1"))}


def test_the_error_says_every_problem_and_no_value(written, review):
    planted = {
        "household_id": "CCCD-0123456789",
        "unit_code": "Nguyễn Văn Bí",
        "members": "Trần Thị Mật",
    }
    with workspace() as work, pytest.raises(InvalidHouseholdFileError) as caught:
        checked(households(work, written(planted, planted)), review, units=UNITS, standard=STANDARD)
    message = str(caught.value)
    for words in (
        "households.csv: cột 'Số khẩu'",
        "mã hộ trùng nhau: 2 dòng",
        "mã đơn vị không có",
    ):
        assert words in message
    for value in planted.values():
        assert value not in message


BOUNDS = {
    "members-too-many": {"members": 123_456_789_012},
    "income-too-high": {"income_vnd": 10**17},
    "b1-out-of-range": {"b1_score": 10**9},
    "weight-too-large": {"weight": 10**9, "stratum": "1", "cluster": "1"},
}


@pytest.mark.parametrize("code", BOUNDS)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_numbers_that_no_household_has_are_told_and_never_wrap(code, kind, written, tmp_path, as_parquet):
    good = {"weight": 1, "stratum": "1", "cluster": "1"} if "weight" in code else {}
    path = written(good, good | BOUNDS[code])
    if kind == "parquet":
        as_parquet(f"from '{path}'", tmp_path / "h.parquet")
        path = tmp_path / "h.parquet"
    assert found(path)[code][0] == 1


@pytest.mark.parametrize(
    ("incomes", "changed"),
    [((900, 1_600, 2_400, 3_500), 3), ((1, 2, 3), 2), ((49_999,), 1)],
    ids=["thousands", "millions", "just below"],
)
def test_incomes_in_thousands_or_millions_are_told_with_the_classes_that_they_change(incomes, changed, written):
    with workspace() as work:
        path = written(*({"income_vnd": income} for income in incomes))
        (problem,) = problems(households(work, path), dt.date(2022, 12, 31), units=UNITS, standard=STANDARD)
    assert (problem.code, problem.households) == ("income-too-low", len(incomes))
    assert "thu nhập dưới 50.000 đồng một người một tháng, có lẽ ghi bằng nghìn hoặc triệu đồng" in str(problem)
    assert f"ghi bằng đồng thì {changed} hộ trong đó trên chuẩn thu nhập, đổi kết quả phân loại" in str(problem)


def test_no_income_and_the_least_that_is_believed_are_no_problem(written):
    assert found(written({"income_vnd": 0}, {"income_vnd": 50_000})) == {}


def test_a_line_that_is_no_household_is_told_once(written):
    path = written({})
    lines = path.read_text("utf-8").splitlines()
    note = ["Người lập", "", "", "bốn", "", "", "", "nghìn", *[""] * (lines[0].count(",") - 7)]
    path.write_text("\n".join([*lines, ",".join(note), f"1,{lines[1]}"]), "utf-8")
    assert found(path) == {"broken-line": (1, ("dòng 4",)), "no-household": (1, ("dòng 3",))}


ALIKE = {"capitals": ("h1", "H1"), "spaces": ("H 1", "H1"), "zeros": ("007", "7"), "all": ("0h 1", "H1")}


@pytest.mark.parametrize("kind", ALIKE)
def test_ids_that_hardly_differ_are_a_warning(kind, written):
    first, second = ALIKE[kind]
    path = written({"household_id": first}, {"household_id": "X"}, {"household_id": second})
    assert found(path) == {"alike-id": (2, ("dòng 2", "dòng 4"))}


@pytest.mark.parametrize("unseen", ["\n", "\t", "\x01", "\x7f", "\u00a0", "\u200b", "\u2028"], ids=ascii)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_household_is_there_twice_whatever_is_not_seen_of_its_id(unseen, kind, written, as_parquet, tmp_path):
    path = written({"household_id": "H1"}, {"household_id": "H1" + unseen}, {"household_id": unseen + "H1"})
    if kind == "parquet":
        as_parquet(f"from read_csv('{path}', all_varchar=true)", path := tmp_path / "h.parquet")
    assert {code: count for code, (count, _) in found(path).items()} == {"repeated-id": 3}


@pytest.mark.parametrize("code", ["1.23457E+11", "1,23457e+11"])
def test_an_id_that_lost_digits_is_told(code, written):
    assert found(written({}, {"household_id": code})) == {"lost-digits": (1, ("dòng 3",))}


def test_a_minority_that_is_counted_as_none_is_a_warning(written):
    of_majority = {"ethnic_minority": 0, "ethnic_group": "Kinh"}
    path = written(of_majority, {"ethnic_minority": 0}, {"ethnic_minority": 0, "ethnic_group": ""})
    assert found(path) == {"minority-not-counted": (1, ("dòng 3",))}


def test_an_income_of_two_readings_is_told_once_with_the_households_that_nothing_else_classifies(written):
    with workspace() as work:
        path = written({"income_vnd": "950.000"}, {"income_vnd": "2.40E+06", "b1_score": ""})
        (problem,) = problems(households(work, path), dt.date(2022, 12, 31), units=UNITS, standard=STANDARD)
    assert (problem.code, problem.households) == ("bad-income_vnd", 2)
    assert str(problem).endswith("chưa phân loại được theo thu nhập, 1 hộ trong đó không có cả điểm B1")


def test_a_people_that_is_not_in_the_list_is_a_warning_by_its_row(written):
    with workspace() as work:
        path = written({}, {"ethnic_group": "Trần Thị Mật 012345678901"})
        rows = households(work, path)
        (problem,) = problems(rows, dt.date(2022, 12, 31), units=UNITS, standard=STANDARD)
        good = checked(rows, dt.date(2022, 12, 31), units=UNITS, standard=STANDARD)
    assert problem.severity == "warning"
    assert good.notes == (
        "cột 'Dân tộc' có tên ngoài danh mục 54 dân tộc, được tính là 'Khác': 1 dòng (đầu tiên: dòng 3)",
    )


@pytest.mark.parametrize("shift", [0, 20, 56])
@pytest.mark.parametrize("again", [0, 57, 99])
def test_a_hash_that_comes_twice_is_found(shift: int, again: int) -> None:
    keys = np.arange(100, dtype="uint64") << np.uint64(shift)
    assert not some_repeated(keys)
    assert some_repeated(np.append(keys, keys[again]))
    assert some_repeated(np.insert(keys, 0, keys[again]))


def test_no_hashes_are_no_two() -> None:
    assert not some_repeated(np.array([], dtype="uint64"))
