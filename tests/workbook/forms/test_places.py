import pytest

from giamngheo.workbook.forms.places import places


def codes(names, workbook, day, **answers):
    return places(names, workbook, day, answers)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Huyện Sao Mai", "990"),
        ("Thị trấn Sao Mai", "991"),
        ("TT. Sao Mai", "991"),
        ("xã Đăk Hòa", "992"),
        ("Dak Hoa", "992"),
        ("MĨ LÍ", "993"),
    ],
)
def test_spellings_of_a_name(workbook, day, name, code):
    assert places([name], workbook, day, {}).codes == {name: code}


def test_where_two_fit_both_are_offered(workbook, day):
    found = places(["Sao Mai"], workbook, day, {})

    assert found.codes == {}
    assert found.unknown["Sao Mai"] == ('\'Sao Mai\' có thể là 2 đơn vị; ghi --unit "Sao Mai=990" hoặc "Sao Mai=991"')


def test_of_two_that_fit_the_one_below_the_unit_named_before_is_meant(workbook, day):
    assert places(["Huyện Sao Mai", "Sao Mai"], workbook, day, {}).codes["Sao Mai"] == "991"


def test_an_answer_counts(workbook, day):
    found = places(["Sao Mai", "Nông trường"], workbook, day, {"sao mai": "991", "Nông trường": "-"})

    assert found.codes == {"Sao Mai": "991"}
    assert found.left_out == ("Nông trường",)


def test_an_answer_with_an_unknown_code_is_told(workbook, day):
    assert "không có mã '999'" in places(["X"], workbook, day, {"X": "999"}).unknown["999"]


def test_a_name_that_only_the_register_knows_is_told_with_its_code(workbook, day):
    said = places(["Xã Văn Xuôi"], workbook, day, {}).unknown["Xã Văn Xuôi"]
    assert "danh mục có 23449 xã Văn Xuôi, huyện Tu Mơ Rông" in said
    assert '--unit "Xã Văn Xuôi=-" để bỏ qua' in said


def test_a_total_is_of_the_unit_above_those_named(workbook, day):
    assert places(["Xã Mỹ Lý", "Xã Đắk Hoà", "Tổng cộng"], workbook, day, {}).codes["Tổng cộng"] == "990"
    assert places(["Huyện Sao Mai", "Xã Mỹ Lý", "Cộng"], workbook, day, {}).codes["Cộng"] == "990"


def test_a_total_of_nobody_is_not_guessed(workbook, day):
    assert "chưa rõ 'Tổng số'" in places(["Tổng số"], workbook, day, {}).unknown["Tổng số"]


def test_what_is_offered_to_be_typed_holds_no_command_of_a_shell_and_is_understood(workbook, day):
    name = 'Xã $(touch x) `id` "; rm -r . # \\!'
    said = places([name], workbook, day, {}).unknown[name]
    assert '--unit "Xã (touch x) id ; rm -r .=MÃ"' in said
    assert places([name], workbook, day, {"Xã (touch x) id ; rm -r .": "993"}).codes == {name: "993"}


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        (["TT. Sao Mai", "Đăk Hòa"], ("Mỹ Lý (993)",)),
        (["TT. Sao Mai"], ()),
        (["Huyện Sao Mai", "TT. Sao Mai", "Đăk Hòa", "Mỹ Lý"], ()),
    ],
)
def test_units_that_a_form_lacks_beside_others_are_told(workbook, day, names, missing):
    """A damaged file may have lost their rows; a form of one commune lacks none."""
    assert places(names, workbook, day, {}).missing == missing
