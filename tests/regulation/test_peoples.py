import pytest

from giamngheo.regulation.lookup import load
from giamngheo.regulation.peoples import OTHER, folded_people, people_by_spelling, people_names

ENTRIES = load("peoples")["list"]["from"]["1979-03-02"]["value"]


def test_the_list_has_the_54_peoples_with_their_codes():
    assert [entry["code"] for entry in ENTRIES] == [f"{number:02}" for number in range(1, 55)]
    assert len(set(people_names())) == 54


def test_no_spelling_stands_twice_or_for_two_peoples():
    spellings = [folded_people(name) for entry in ENTRIES for name in (entry["name"], *entry["others"])]
    assert len(spellings) == len(set(spellings)) == len(people_by_spelling()) - 1


@pytest.mark.parametrize(
    ("typed", "official"),
    [
        ("H'Mông", "Mông"),
        ("Hmông", "Mông"),
        ("XÊ ĐĂNG", "Xơ Đăng"),
        ("Xơ-đăng", "Xơ Đăng"),
        ("Giẻ - Triêng", "Gié Triêng"),
        ("Ê-Ðê", "Ê Đê"),
        ("Khơ-me", "Khmer"),
        ("X'tiêng", "Xtiêng"),
        ("Bru-Vân Kiều", "Bru Vân Kiều"),
        ("khác", OTHER),
    ],
)
def test_spellings_of_a_people_are_one(typed, official):
    assert people_by_spelling()[folded_people(typed)] == official


@pytest.mark.parametrize("typed", ["Tây", "Xá", "Mán", "Phương", "08", "Nguyễn Văn A"])
def test_a_name_of_several_peoples_of_persons_or_of_none_stands_for_none(typed):
    assert folded_people(typed) not in people_by_spelling()
