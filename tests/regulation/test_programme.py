import datetime as dt

import pytest

from giamngheo.regulation import lookup
from giamngheo.regulation import programme as regulation_programme
from giamngheo.regulation.lookup import BrokenRuleError, load
from giamngheo.regulation.programme import NATIONAL, Catalogue, Kind, Own, Programme, Source

LEVELS = ("province", "commune")


def programme(fund_year: int, *own: Own) -> Programme:
    found = Catalogue(own).programme(fund_year)
    assert found is not None
    return found


def content(place: str = "Danh mục, ô A5", begins: dt.date | None = None, **entry: str) -> Own:
    return Own("contents", entry, place, begins)


def test_the_programme_has_seven_projects_and_eleven_sub_projects_in_order() -> None:
    entries = programme(2023).contents
    projects = [entry.code for entry in entries if not entry.parent]
    assert projects == ["1", "2", "3", "4", "5", "6", "7"]
    assert len(entries) - len(projects) == 11
    assert all(entry.code.startswith(f"{entry.parent}.") for entry in entries if entry.parent)


def test_the_names_of_the_programme_are_the_official_ones() -> None:
    entries = {entry.code: entry for entry in programme(2023).contents}
    assert entries["1.1"].name == entries["1"].name
    assert entries["1.1"].name.endswith("vùng bãi ngang, ven biển và hải đảo")
    assert entries["1.1"].capital == ("investment", "recurrent")
    assert entries["1.2"].capital == ("investment",)
    assert entries["2"].capital == ("recurrent",)
    assert entries["3.1"].ministry == "Nông nghiệp và Phát triển nông thôn"
    assert entries["5"].ministry == "Xây dựng"
    assert entries["7"].name == "Nâng cao năng lực và giám sát, đánh giá Chương trình"
    assert entries["3.2"].full_label == "Tiểu dự án 2 (Dự án 3)"


def test_funds_to_2025_are_of_decision_90_and_those_of_2026_of_the_integrated_programme() -> None:
    assert NATIONAL.programme(2021) is None
    assert [programme(year).law for year in (2022, 2025)] == ["Quyết định 90/QĐ-TTg"] * 2
    assert [programme(year).law for year in (2026, 2035)] == ["Quyết định 417/QĐ-BNNMT"] * 2
    assert [programme(year).reported for year in (2025, 2026)] == [False, True]
    assert [one.begins.year for one in NATIONAL.programmes()][:2] == [2022, 2026]


def test_the_integrated_programme_has_two_components_of_ten_and_five_contents_and_others() -> None:
    entries = programme(2026).contents
    assert [entry.code for entry in entries if not entry.parent] == ["HP1", "HP2", "KHAC"]
    assert [sum(entry.parent == code for entry in entries) for code in ("HP1", "HP2")] == [10, 5]
    assert all(entry.provisional for entry in entries)
    assert entries[1].full_label == "Nội dung 1 (Hợp phần thứ nhất)"
    assert {entry.code for entry in entries}.isdisjoint(entry.code for entry in programme(2025).contents)


def test_the_sources_from_2026_are_six_groups_of_which_two_are_of_the_budget() -> None:
    sources = programme(2026).sources
    groups = [entry for entry in sources if not entry.parent]
    assert [entry.code for entry in groups if not entry.mobilised] == ["central", "local"]
    assert [entry.code for entry in groups if entry.mobilised] == ["integrated", "credit", "enterprise", "community"]
    assert [(entry.name, entry.level) for entry in sources if entry.parent == "local"] == [
        ("Ngân sách tỉnh", "province"),
        ("Ngân sách xã", "commune"),
    ]


def test_forms_and_kinds_of_work_are_those_of_the_programme_of_2026() -> None:
    of_2026 = programme(2026)
    assert (programme(2025).forms, programme(2025).works) == ((), ())
    kinds = {level: {form.code: form.kind for form in of_2026.forms if form.level == level} for level in LEVELS}
    assert kinds["commune"] == {"11": "resources", "12": "contents", "13": "works"}
    assert kinds["province"] == {"04": "policies", "07": "resources", "08": "works", "09": "contents"}
    assert (len(of_2026.works), of_2026.work_source) == (13, "central_investment")
    assert {code for form in of_2026.forms for code in form.parted} <= {source.code for source in of_2026.sources}


def days(kind: str) -> set[dt.date]:
    return set(map(dt.date.fromisoformat, load("programme")[kind]["from"]))


@pytest.mark.parametrize("kind", ["sources", "works", "forms"])
def test_each_programme_says_itself_what_it_is_paid_from_and_reports(kind: str) -> None:
    first = min(days(kind))
    assert days(kind) >= {day for day in days("contents") if day >= first}
    assert kind != "sources" or first == min(days("contents"))


def of_2090(monkeypatch: pytest.MonkeyPatch, **blocks: object) -> None:
    """Let a programme begin in 2090, with contents and these blocks."""
    known = load("programme")
    contents = {**known["contents"]["from"]["2026-01-01"]}
    contents["value"] = {**contents["value"], "tree": [{"code": "A", "name": "A", "short": "A"}]}
    new = {"contents": contents, **blocks}
    grown = {
        kind: {**entry, "from": {**entry["from"], **({"2090-01-01": new[kind]} if kind in new else {})}}
        for kind, entry in known.items()
    }

    def loaded(name: str) -> object:
        return grown if name == "programme" else load(name)

    monkeypatch.setattr(lookup, "load", loaded)
    monkeypatch.setattr(regulation_programme, "load", loaded)


def test_a_programme_has_no_sources_kinds_of_work_or_forms_of_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = {**load("programme")["sources"]["from"]["2026-01-01"]}
    sources["value"] = [{"code": "fund", "name": "Quỹ", "short": "Quỹ"}]
    of_2090(monkeypatch, sources=sources)
    new = programme(2090)
    assert (new.works, new.work_source, new.forms) == ((), "", ())
    assert programme(2035).works != ()

    of_2090(monkeypatch)
    with pytest.raises(BrokenRuleError, match=r"programme\.toml, sources: cần khối 2090-01-01"):
        programme(2090)


def test_what_a_programme_is_told_by_is_a_source_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    known = load("programme")
    sources = {**known["sources"]["from"]["2026-01-01"]}
    sources["value"] = [{"code": "fund", "name": "Quỹ", "short": "Quỹ"}]
    of_2090(monkeypatch, sources=sources, works=known["works"]["from"]["2026-01-01"])
    with pytest.raises(
        BrokenRuleError, match=r"works ghi nguồn vốn 'central_investment' không có; ghi một trong: fund"
    ):
        programme(2090)


@pytest.mark.parametrize("kind", ["works", "forms"])
def test_an_office_adds_no_kind_of_work_or_form_to_a_programme_without(
    monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    of_2090(monkeypatch, sources=load("programme")["sources"]["from"]["2026-01-01"])
    own = Own(kind, {"code": "11", "name": "Chợ", "title": "Chợ"}, "regulation/programme.toml", dt.date(2090, 1, 1))
    with pytest.raises(BrokenRuleError, match="chương trình từ ngày 01/01/2090 không có"):
        programme(2090, own)


@pytest.mark.parametrize(
    ("kind", "entry"),
    [("contents", {"code": "HP1.1", "capital": ["no-source"]}), ("forms", {"code": "11", "parted": ["no-source"]})],
)
def test_an_office_names_sources_that_the_programme_has(kind: Kind, entry: dict[str, object]) -> None:
    own = Own(kind, entry, "regulation/programme.toml, khối 2026-01-01", dt.date(2026, 1, 1))
    with pytest.raises(
        BrokenRuleError, match=r"khối 2026-01-01: .* ghi nguồn vốn 'no-source' không có; ghi .* central,"
    ):
        programme(2026, own)


def test_the_drop_down_of_kinds_of_work_is_one_that_excel_takes() -> None:
    words = [work.short for work in programme(2026).works]
    assert len(",".join(words)) <= 255
    assert not any("," in word for word in words)
    assert list(NATIONAL.work_words())[:4] == ["Giao thông", "Thủy lợi", "Phòng chống thiên tai", "Điện"]
    assert NATIONAL.work_words()["Hạ tầng số, hạ tầng viễn thông"] == "digital"


def test_a_word_names_one_source_of_one_programme() -> None:
    sources: dict[str, Source] = {}
    for one in NATIONAL.programmes():
        for source in one.sources:
            for word in source.words:
                assert sources.setdefault(word.casefold(), source) == source
    assert NATIONAL.source_words()["Vốn đầu tư"] == "investment"
    assert NATIONAL.source_words()["Vốn đầu tư công"] == "central_investment"


def test_an_office_names_a_content_and_adds_levels_below_it() -> None:
    own = (
        content(code="HP1.3.1", parent="HP1.3", name="Mô hình giảm nghèo", ministry="Phòng Kinh tế"),
        content(code="HP1.3", name="Phát triển sinh kế"),
        content(code="HP1.3.1.a", parent="HP1.3.1", name="Chăn nuôi"),
    )
    entries = {entry.code: entry for entry in programme(2026, *own).contents}
    assert list(entries)[:7] == ["HP1", "HP1.1", "HP1.2", "HP1.3", "HP1.3.1", "HP1.3.1.a", "HP1.4"]
    named = entries["HP1.3"]
    assert (named.name, named.short, named.provisional, named.own) == ("Phát triển sinh kế",) * 2 + (False, True)
    assert named.label == "Nội dung 3"
    assert entries["HP1.3.1"].ministry == "Phòng Kinh tế"
    assert entries["HP1.3.1.a"].full_label == "Hoạt động a (Hoạt động 1, Nội dung 3, Hợp phần thứ nhất)"
    assert "HP1.3.1" not in {entry.code for entry in programme(2025, *own).contents}


def test_what_an_office_says_from_a_day_holds_for_funds_from_then_on_of_that_programme() -> None:
    named = content(code="HP1.1", name="Đường liên thôn", begins=dt.date(2027, 1, 1))
    assert programme(2026, named).contents[1].provisional
    assert programme(2027, named).contents[1].name == "Đường liên thôn"
    assert programme(2025, named) == programme(2025)


@pytest.mark.parametrize(
    ("own", "told"),
    [
        (content(code="HP9.1", parent="HP9", name="Lạc", begins=dt.date(2026, 1, 1)), "thuộc 'HP9', mã này không có"),
        (content(code="X", name="Lạc", begins=dt.date(2026, 1, 1)), "'X' không có trong danh mục và không ghi thuộc"),
        (content(code="HP1.1.1", parent="HP1.1"), "mã mới 'HP1.1.1' chưa có tên"),
        (content(code="HP1", parent="HP1.2"), "HP1, HP1.1, .* thuộc lẫn nhau thành vòng"),
    ],
)
def test_an_own_entry_that_has_no_place_is_told_with_its_place(own: Own, told: str) -> None:
    with pytest.raises(BrokenRuleError, match=f"Danh mục, ô A5: .*{told}"):
        programme(2026, own)


def test_contents_are_placed_whatever_their_order() -> None:
    chain = [content(code=f"X{number}", name=f"X{number}", parent=f"X{number - 1}") for number in range(300, 0, -1)]
    found = programme(2023, *chain, content(code="X0", name="X0", parent="1"), content(code="X7", short="bảy"))

    added = [entry for entry in found.contents if entry.code.startswith("X")]

    assert [entry.code for entry in added] == [f"X{number}" for number in range(301)]
    assert (added[7].parent, added[7].name, added[7].short) == ("X6", "X7", "bảy")


@pytest.mark.parametrize("year", [0, -1, 10_000, 10**30])
def test_a_year_of_no_calendar_has_no_programme(year: int) -> None:
    assert NATIONAL.programme(year) is None
