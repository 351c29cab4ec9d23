import datetime as dt

import pandas as pd
import pytest

from giamngheo.households.file.schema import UnreadableHouseholdFileError
from giamngheo.households.problems import InvalidHouseholdFileError
from giamngheo.households.review import (
    Method,
    NotYearBeforeError,
    OtherIdsError,
    UnplacedUnitsError,
    absent_parts,
    file_problems,
    flows,
    review,
    summaries,
)
from giamngheo.regulation.lookup import NoRuleInForceError
from tests.households.conftest import YEAR_AFTER

POOR = {"b1_score": 100, "deprivation_01": 1, "deprivation_04": 1, "deprivation_12": 1}


@pytest.fixture(params=["csv csv", "parquet parquet", "csv parquet", "parquet csv"])
def reviewed(written, units, as_parquet, tmp_path, request):
    now = [
        POOR | {"unit_code": "23404-1", "household_id": "a"},
        POOR | {"unit_code": "23404-2", "household_id": "b"},
        {"unit_code": "23407", "b1_score": 150, "household_id": "c"},
        POOR | {"unit_code": "23407", "household_id": "d"},
    ]
    before = [
        POOR | {"unit_code": "23404-1", "household_id": "a"},
        POOR | {"unit_code": "23404-1", "household_id": "b"},
        POOR | {"unit_code": "23407", "household_id": "c"},
        POOR | {"unit_code": "23404-1", "household_id": "d"},
    ]
    years = []
    for i, (kind, rows) in enumerate(zip(request.param.split(), (now, before), strict=True)):
        path = written(*(row | (YEAR_AFTER if rows is now else {}) for row in rows), name=f"{i}.csv")
        if kind == "parquet":
            as_parquet(f"from read_csv('{path}', all_varchar = true)", path := tmp_path / f"{i}.parquet")
        years.append(path)
    return review(years[0], Method(units), before=years[1])


def test_a_review_takes_its_day_from_the_file_and_the_standard_from_the_day(reviewed):
    assert reviewed.day == dt.date(2023, 12, 31)
    assert reviewed.standard.reference == "Nghị định 07/2021/NĐ-CP"


def test_summaries_cover_the_communes_the_district_and_the_province(reviewed):
    table = summaries(reviewed).set_index("unit_code")
    assert table["households"].to_dict() == {"23404": 2, "23407": 2, "617": 4, "62": 4}
    assert table["poor_households"].to_dict() == {"23404": 2, "23407": 1, "617": 3, "62": 3}


def test_a_move_between_villages_is_none_between_communes(reviewed):
    villages = flows(reviewed, "poor", "village").set_index("unit_code")
    communes = flows(reviewed, "poor", "commune").set_index("unit_code")
    district = flows(reviewed, "poor", "district").set_index("unit_code").loc["617"]
    assert villages["other_decrease_households"].to_dict() == {"23404-1": 2, "23404-2": 0}
    assert communes["other_decrease_households"].to_dict() == {"23404": 1, "23407": 0}
    assert (district["opening_households"], district["closing_households"]) == (4, 3)
    assert district["other_decrease_households"] == communes["other_decrease_households"].sum()


@pytest.fixture
def two_made_one(written, units):
    """Files of two days between which 23407 and 23404, without its villages, became a commune by the code of 23404."""
    rows = units[units["level"] != "village"].assign(merged_into="")
    old = rows["level"] == "commune"
    new = rows[rows["code"] == "23404"].assign(valid_from=pd.Timestamp("2023-07-01"))
    rows.loc[old, ["valid_to", "merged_into"]] = pd.Timestamp("2023-06-30"), "23404"
    listed = pd.concat([new, rows]).astype({"valid_from": "datetime64[us]", "valid_to": "datetime64[us]"})
    codes = {"a": "23404", "b": "23407", "c": "23407"}
    before = written(*(POOR | {"unit_code": code, "household_id": key} for key, code in codes.items()), name="b.csv")
    here = YEAR_AFTER | {"unit_code": "23404"}
    now = written(*(here | {"household_id": key} | (POOR if key != "c" else {"b1_score": 200}) for key in codes))
    return now, before, listed


def test_a_commune_made_of_others_begins_with_the_households_of_all(two_made_one):
    now, before, listed = two_made_one
    result = review(now, Method(listed), before=before)
    for level, code in (("commune", "23404"), ("district", "617"), ("province", "62")):
        table = flows(result, "poor", level).set_index("unit_code")
        assert list(table.index) == [code]
        found = table.filter(like="_households").loc[code]
        assert found[found > 0].to_dict() == {
            "opening_households": 3,
            "left_households": 1,
            "left_above_households": 1,
            "closing_households": 2,
        }
    assert result.before.is_of_others


def test_it_is_told_of_which_commune_the_review_before_has_no_household(two_made_one, written):
    now, before, listed = two_made_one
    assert review(now, Method(listed), before=before).notes == ()
    half = written(POOR | {"unit_code": "23404", "household_id": "a"}, name="half.csv")
    ((name, note),) = review(now, Method(listed), before=half).notes
    assert name == "half.csv"
    assert note.startswith("không có hộ nào của đơn vị cấp xã 23407: hộ ở đó kỳ này được tính là tăng khác")


@pytest.mark.parametrize(
    ("rows", "by", "told"),
    [
        ([{}, {}], "score", []),
        ([{}, {"b1_score": ""}], "score", ["1 trong 2 hộ không có điểm B1, phân loại bằng thu nhập"]),
        ([{"income_vnd": ""}, {}], "income", ["1 trong 2 hộ không ghi thu nhập, phân loại bằng điểm B1, B2"]),
        ([{"b1_score": ""}, {"b1_score": ""}], "score", ["2 trong 2 hộ không có điểm B1, phân loại bằng thu nhập"]),
        ([{"b1_score": ""}, {"b1_score": ""}], "income", []),
    ],
)
def test_it_is_told_how_many_households_lack_what_was_to_classify_them(rows, by, told, written, units):
    path = written(*rows)
    assert [note for _, note in review(path, Method(units, by=by)).notes] == told
    assert list(file_problems(path, Method(units, by=by)).notes) == told


def test_it_is_told_that_the_scores_are_not_used_where_no_score_stands_for_the_income_line(written, units, tmp_path):
    own = tmp_path / "own.toml"
    line = "value = { rural = 1_800_000, urban = 2_300_000 }"
    own.write_text(
        f'[income_line.from.2022-01-01]\n{line}\nlaw = "NQ 9"\narticle = ""\nchecked = 2022-01-01\n', "utf-8"
    )
    path = written({"b1_score": 150, "income_vnd": 1_700_000}, {"b1_score": 120, "income_vnd": 1_900_000})
    found = review(path, Method(units, own=own))
    assert found.counts.classes.groupby("class", observed=True)["households"].sum().to_dict() == {
        "average": 1,
        "near_poor": 1,
    }, "by income: the first is at most at the line, whatever its score"
    ((_, note),) = found.notes
    assert note == "điểm B1 không dùng để phân loại: NQ 9 không có ngưỡng điểm; phân loại bằng thu nhập"


def test_it_is_told_that_two_reviews_were_classified_by_two_ways(written, units):
    scores = written(*[{"income_vnd": ""}] * 2, name="before.csv")
    incomes = written(*[{"b1_score": "", "date": "2023-12-31"}] * 2)
    notes = review(incomes, Method(units), before=scores).notes
    assert [note for _, note in notes if "hai cách" in note] == [
        "hai kỳ phân loại theo hai cách (kỳ này bằng thu nhập, kỳ trước bằng điểm B1, B2): diễn biến gồm cả thay đổi "
        "do cách phân loại"
    ]


def test_it_is_told_of_how_many_poor_a_cell_of_causes_or_of_the_group_is_blank(written, units):
    causes = {"cause_land": 1, "cause_capital": 0, "household_group": "other"}
    path = written(causes, causes | {"cause_capital": ""}, causes | {"household_group": ""}, causes | {"b1_score": 150})
    notes = [note for _, note in review(path, Method(units)).notes]
    assert [note.partition(":")[0] for note in notes] == [
        "1 trong 3 hộ nghèo, cận nghèo để trống nhóm đối tượng (household_group)",
        "1 trong 3 hộ nghèo, cận nghèo để trống nguyên nhân nghèo (một hay nhiều cột)",
    ]


def test_it_is_told_of_which_part_of_its_unit_the_file_has_no_household(written, units):
    """Of one that is absent as a whole its villages are not named, of a file without villages none is."""
    path = written(POOR | {"unit_code": "23407"})
    (note,) = (note for _, note in review(path, Method(units, unit="617")).notes)
    assert note == f"không có hộ nào của {units.set_index('code')['name']['23404']} (23404): " + (
        "số của cả đơn vị báo cáo thiếu phần ấy; thêm hộ ở đó vào tệp, "
        "hoặc điền 'Đến hết ngày' ở trang Đơn vị nếu nơi ấy không còn"
    )
    assert file_problems(path, Method(units, unit="617")).notes == (note,)
    for unit in ("23407", "", "khác"):
        assert review(path, Method(units, unit=unit)).notes == ()
    assert absent_parts(units, "23404", {"23404-1"}) == ["23404-2"]
    assert absent_parts(units, "617", {"23404", "23407"}) == []


@pytest.mark.parametrize("merged_into", ["", "23404; 23407"])
def test_households_of_a_unit_that_was_divided_or_went_nowhere_make_no_flows(two_made_one, merged_into):
    now, before, listed = two_made_one
    gone = (listed["code"] == "23407") & listed["valid_to"].notna()
    other = listed[gone].assign(valid_from=pd.Timestamp("2023-07-01"), valid_to=pd.NaT, merged_into="")
    listed = pd.concat([listed.assign(merged_into=listed["merged_into"].mask(gone, merged_into)), other])
    with pytest.raises(UnplacedUnitsError, match=r"b\.csv có hộ của đơn vị nay không còn .*: 23407; không lập được"):
        review(now, Method(listed), before=before)


def test_without_last_year_there_are_no_flows(written, units):
    assert flows(review(written({}), Method(units)), "poor", "commune") is None


@pytest.mark.parametrize("kind", ["csv csv", "parquet parquet", "csv parquet", "parquet csv"])
def test_ids_of_two_years_that_differ_by_what_does_not_count_are_told(kind, written, units, as_parquet, tmp_path):
    """Of the same id with a line break nothing is to be told, nor of those that nobody is alike."""
    changed = {"H01": "h01", "H02": "H 02", "03": "3", "H04": "H04\n", "H05": "X"}
    files = []
    for i, (end, year) in enumerate(zip(kind.split(), (YEAR_AFTER, {}), strict=True)):
        ids = [changed.get(key, key) if year else key for key in [*changed, *map(str, range(100, 110))]]
        path = written(*(POOR | year | {"household_id": key} for key in ids), name=f"{i}.csv")
        if end == "parquet":
            as_parquet(f"from read_csv('{path}', all_varchar = true)", path := tmp_path / f"{i}.parquet")
        files.append(path)
    result = review(files[0], Method(units), before=files[1])
    assert result.notes == (
        (
            files[1].name,
            "mã của 3 hộ kỳ này không có ở đây, chỉ có mã khác ở chữ hoa, dấu cách hoặc số 0 ở đầu: nếu là cùng một hộ "
            "thì giảm khác, tăng khác bị tính thừa; hãy ghi mã hộ của hai năm như nhau",
        ),
    )
    (moved,) = flows(result, "poor", "commune")["other_decrease_households"]
    assert moved == 3 + 1


def test_ids_of_other_households_make_no_flows(written, units):
    now = written(*(YEAR_AFTER | {"household_id": f"{number:05}"} for number in range(20)))
    before = written(*({"household_id": str(number)} for number in range(20)), name="before.csv")
    with pytest.raises(OtherIdsError, match=r"before.csv, households.csv: chỉ 0 trong 20 hộ .*mất số 0 ở đầu"):
        review(now, Method(units), before=before)


@pytest.mark.parametrize("day", ["2025-12-31", "2024-12-31", "2024-12-30", "2024-06-30", "2023-08-31", "2022-12-31"])
def test_flows_are_those_of_one_year(written, units, day):
    """The same file again, one within a year or of an earlier one, and two files that have changed places."""
    now, before = written({"date": "2024-12-31"}), written({"date": day}, name="before.csv")
    words = rf"before\.csv có ngày rà soát {day[8:]}/{day[5:7]}/{day[:4]}, households\.csv ngày 31/12/2024; .* năm 2023"
    with pytest.raises(NotYearBeforeError, match=words):
        review(now, Method(units), before=before)


@pytest.mark.parametrize("day", ["2023-01-31", "2023-12-31"])
def test_a_regular_review_is_compared_with_that_at_the_end_of_the_year_before(written, units, day):
    result = review(written({"date": day}), Method(units), before=written({}, name="before.csv"))
    assert result.before.day == dt.date(2022, 12, 31)


def test_the_day_of_a_review_is_the_earlier_of_two_that_as_many_rows_have(written, units):
    days = ("2022-12-31", "2022-12-30") * 500
    path = written(*({"date": day} for day in days))
    assert {review(path, Method(units)).day for _ in range(3)} == {dt.date(2022, 12, 30)}


def test_a_code_without_its_noughts_is_told_as_such(written, units):
    known = units.replace({"23404": "00123"})
    path = written({"unit_code": "00123"}, {"unit_code": "123"}, {"unit_code": "124"})
    found = {problem.code: problem.first_places for problem in file_problems(path, Method(known)).problems}
    assert found == {"lost-zeros": ("dòng 3",), "unknown-unit": ("dòng 4",)}


def test_notes_name_the_file_and_no_value(written, units):
    odd = {"ethnic_group": "Trần Thị Mật"}
    result = review(written(YEAR_AFTER), Method(units), before=written(odd, name="before.csv"))
    ((name, note),) = result.notes
    assert name == "before.csv"
    assert note.startswith("cột 'Dân tộc' có tên ngoài danh mục 54 dân tộc, được tính là 'Khác': 1 dòng")


def test_a_file_with_problems_is_not_counted(written, units):
    path = written({}, {"members": 0, "unit_code": "99"})
    with pytest.raises(InvalidHouseholdFileError, match="số khẩu không lớn hơn 0"):
        review(path, Method(units))
    assert [found.code for found in file_problems(path, Method(units)).problems] == [
        "members-not-positive",
        "unknown-unit",
    ]


def test_a_file_whose_every_date_is_bad_is_told_that_and_what_else_shows(written, units):
    path = written({"date": "31.12.22"}, {"date": "", "members": 0})
    found = [(problem.code, problem.first_places) for problem in file_problems(path, Method(units)).problems]
    assert found == [
        ("no-date", ("dòng 3",)),
        ("bad-date", ("dòng 2",)),
        ("members-not-positive", ("dòng 3",)),
    ]
    with pytest.raises(
        InvalidHouseholdFileError,
        match="không phải là ngày của lịch, ngày trước tháng, năm bốn chữ số, dạng 2022-12-31",
    ):
        review(path, Method(units))


def test_a_file_without_a_household_says_so(written, units):
    path = written({})
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    with pytest.raises(UnreadableHouseholdFileError, match="không có hộ nào"):
        file_problems(path, Method(units))


def test_problems_of_last_year_are_told_though_they_are_found_aside(written, units, as_parquet, tmp_path):
    as_parquet(f"from '{written(YEAR_AFTER)}'", path := tmp_path / "now.parquet")
    before = written({"members": 0}, name="before.csv")
    with pytest.raises(InvalidHouseholdFileError, match=r"before\.csv: số khẩu không lớn hơn 0"):
        review(path, Method(units), before=before)


def test_the_year_2021_has_no_standard_here(written, units):
    with pytest.raises(NoRuleInForceError, match="31/12/2021"):
        review(written({"date": "2021-12-31"}), Method(units))


def test_a_file_with_b2_only_is_reviewed_without_patterns(written, units):
    result = review(written({"b2_score": 30}, without=("deprivation_01",)), Method(units))
    assert result.counts.patterns.empty
    assert summaries(result)["households"].tolist() == [1, 1, 1]
