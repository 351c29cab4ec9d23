import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from giamngheo.core.errors import TooLargeError, UnreadableError
from giamngheo.regulation.lookup import BrokenRuleError
from giamngheo.regulation.own import own_catalogue, own_files, own_standard
from giamngheo.regulation.poverty import OwnStandardError, poverty_standard
from tests.hindered import HINDRANCES, circling, dangling, pipe

HEAD = 'law = "Quyết định 12/QĐ-UBND"\narticle = "1"\nchecked = 2026-11-26\n'

Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes a file of provisions into a data folder, and says which folder that is."""

    def write(text: str, name: str = "programme.toml") -> Path:
        (tmp_path / "regulation").mkdir(exist_ok=True)
        (tmp_path / "regulation" / name).write_text(text, "utf-8")
        return tmp_path

    return write


def contents(*entries: str, day: str = "2026-01-01") -> str:
    return f"[contents.from.{day}]\n{HEAD}value.tree = [{', '.join(entries)}]\n"


def test_without_a_folder_the_law_stands_alone(tmp_path: Path) -> None:
    assert own_files(tmp_path) == []
    assert own_catalogue(tmp_path).own == ()


def test_a_file_of_an_office_names_contents_and_adds_contents_and_sources(written: Written) -> None:
    source = '{ code = "fund", name = "Quỹ Vì người nghèo", parent = "local", level = "province" }'
    text = contents(
        '{ code = "HP1.1", name = "Đường giao thông" }',
        '{ code = "HP1.1.1", parent = "HP1.1", name = "Cầu treo" }',
    )
    catalogue = own_catalogue(written(f"{text}[sources.from.2026-01-01]\n{HEAD}value = [{source}]"))

    programme = catalogue.programme(2026)

    assert programme is not None
    assert [entry.name for entry in programme.contents[1:3]] == ["Đường giao thông", "Cầu treo"]
    assert [entry.code for entry in programme.sources if entry.parent == "local"][-1] == "fund"
    assert catalogue.source_words()["Quỹ Vì người nghèo"] == "fund"
    assert catalogue.programme(2025) == own_catalogue(Path("nowhere")).programme(2025)


def test_a_file_of_an_office_names_kinds_of_work_and_lays_forms_out_anew(written: Written) -> None:
    works = """{ code = "power", name = "Điện lưới" }, { code = "market", name = "Chợ xã", short = "Chợ" }"""
    forms = """{ code = "11", title = "Nguồn lực {time}", total = "Cộng" }"""
    text = f"[works.from.2026-01-01]\n{HEAD}value.tree = [{works}]\n[forms.from.2027-01-01]\n{HEAD}value = [{forms}]"
    catalogue = own_catalogue(written(text))
    this, next_year, before = (catalogue.programme(year) for year in (2026, 2027, 2025))

    assert this is not None
    assert next_year is not None
    assert before is not None
    assert (this.works[3].name, this.works[-1].short, len(this.works)) == ("Điện lưới", "Chợ", 14)
    words = catalogue.work_words()
    assert (words["Chợ"], words["Điện lưới"], words["Điện"]) == ("market", "power", "power")
    titles = {form.code: form.heads["title"] for form in next_year.forms}
    assert titles["11"] == "Nguồn lực {time}"
    assert next(form for form in next_year.forms if form.code == "11").heads["planned"] == "Kế hoạch năm {year}"
    assert next(form for form in this.forms if form.code == "11").heads["total"] == "TỔNG SỐ"
    assert (before.works, before.forms) == ((), ())


MANY = [f'{{ code = "{number}", parent = "HP1", name = "X" }}' for number in range(251)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            f"[forms.from.2026-01-01]\n{HEAD}value = [{{ code = '99', title = 'X' }}]",
            "không có biểu '99'; chỉ sửa biểu",
        ),
        (f"[forms.from.2026-01-01]\n{HEAD}value = [{{ code = '11', kind = 'works' }}]", "mã '11' có mục lạ 'kind'"),
        (f"[works.from.2026-01-01]\n{HEAD}value.tree = [{{ code = 'x' }}]", "mã mới 'x' chưa có tên"),
        (f"[works.from.2025-01-01]\n{HEAD}value.tree = [{{ code = 'x', name = 'X' }}]", "bắt đầu trước chương trình"),
        ("[contents", "regulation/programme.toml: không phải TOML đúng"),
        ("[units]\nx = 1", "regulation/programme.toml: có mục lạ 'units'; chỉ ghi contents, sources, works, forms"),
        ("[contents.from.2026]\nvalue = 1", "khối '2026' không phải là ngày"),
        (contents("3"), "khối 2026-01-01: cần danh mục dạng value.tree"),
        (contents('{ name = "X" }'), "có dòng không ghi code"),
        (contents('{ code = "HP1.1", names = "X" }'), "mã 'HP1.1' có mục lạ 'names'"),
        (contents('{ code = "HP1.1", name = 1 }'), "mã 'HP1.1': mục 'name' phải là chữ"),
        (contents(*['{ code = "HP1.1", name = "X" }'] * 2), "mã 'HP1.1' ghi 2 lần"),
        (contents('{ code = "X", parent = "Y", name = "X" }'), "'X' thuộc 'Y', mã này không có"),
        (
            contents('{ code = "X", parent = "Y", name = "X" }', '{ code = "Y", parent = "X", name = "Y" }'),
            "'X' thuộc 'Y', mà 'Y' không thuộc mã nào có sẵn",
        ),
        (contents('{ code = "HP1", parent = "HP1.1" }'), "thuộc lẫn nhau thành vòng"),
        (contents('{ code = "X", parent = "1", name = "X" }', day="2027-01-01"), "'X' thuộc '1', mã này không có"),
        (
            contents('{ code = "1", name = "X" }', day="2020-01-01"),
            "bắt đầu trước chương trình đầu tiên, ngày 18/01/2022",
        ),
        (f"a = {'9' * 5000}", "có số quá dài"),
        (f"a = {'[' * 5000}{']' * 5000}", "lồng quá nhiều lớp"),
        (f"a = {'{a=' * 1000}1{'}' * 1000}", "lồng quá nhiều lớp"),
        (f"{'a.' * 50_000}a = 1", "dòng 1 có hơn 100 dấu chấm"),
        ("#" * 1_000_001, "tệp lớn hơn 1 MB"),
        ("\n".join(contents(*MANY, day=f"2026-01-{day:02}") for day in range(1, 5)), "có 1004 dòng, nhiều nhất 1000"),
        (contents('{ code = "HP1.1\\n", name = "X" }'), "mã 'HP1.1\\n': mục 'code' phải là chữ trên một dòng"),
        (contents('{ code = "HP1.1", name = "\\u001b[2J" }'), "mục 'name' phải là chữ trên một dòng"),
        (contents(f'{{ code = "HP1.1", name = "{"x" * 501}" }}'), "không quá 500 chữ"),
        (contents('{ code = "HP1.1", capital = [["x"]] }'), "mục 'capital' phải là danh sách chữ"),
    ],
)
def test_a_broken_file_says_where_and_what_to_mend(text: str, told: str, written: Written) -> None:
    with pytest.raises((BrokenRuleError, TooLargeError)) as refused:
        own_catalogue(written(text))
    assert "regulation/programme.toml" in str(refused.value)
    assert told in str(refused.value)


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(written: Written) -> None:
    path = written("") / "regulation" / "programme.toml"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(UnreadableError, match="không phải là tệp thường"):
        own_catalogue(path.parents[1])


def test_a_file_of_another_name_is_refused_not_passed_over(written: Written) -> None:
    with pytest.raises(BrokenRuleError, match=r"regulation/programmes\.toml: không có tệp quy định nào tên này"):
        own_catalogue(written("", "programmes.toml"))


def test_a_file_that_is_no_utf8_is_told(written: Written) -> None:
    folder = written("")
    (folder / "regulation" / "programme.toml").write_bytes("# Đường".encode("utf-16"))
    with pytest.raises(BrokenRuleError, match="không phải chữ UTF-8"):
        own_catalogue(folder)


def test_a_province_s_standard_stands_beside_its_programme(tmp_path: Path) -> None:
    assert own_standard(tmp_path) is None
    (tmp_path / "regulation").mkdir()
    (tmp_path / "regulation" / "poverty.toml").write_text("[income_line]", "utf-8")
    assert own_standard(tmp_path) == tmp_path / "regulation" / "poverty.toml"
    assert own_catalogue(tmp_path).own == ()
    assert own_files(tmp_path) == [tmp_path / "regulation" / "poverty.toml"]


def counted_by(data: Path) -> object:
    return poverty_standard(on=dt.date(2023, 1, 1), own=own_standard(data))


@pytest.mark.parametrize("hinder", HINDRANCES)
@pytest.mark.parametrize(("name", "read"), [("poverty.toml", counted_by), ("programme.toml", own_catalogue)])
def test_a_file_that_is_there_and_cannot_be_read_is_not_taken_for_none(
    name: str, read: Callable[[Path], object], hinder: Callable[[Path], None], tmp_path: Path
) -> None:
    (tmp_path / "regulation").mkdir()
    hinder(tmp_path / "regulation" / name)
    assert own_files(tmp_path) == [tmp_path / "regulation" / name]
    with pytest.raises((UnreadableError, OwnStandardError), match=rf"{name}: (không|là|liên)"):
        read(tmp_path)


@pytest.mark.parametrize("hinder", [dangling, circling, pipe, Path.touch])
@pytest.mark.parametrize("read", [own_files, own_catalogue, counted_by])
def test_a_folder_that_cannot_be_read_is_not_taken_for_none(
    read: Callable[[Path], object], hinder: Callable[[Path], None], tmp_path: Path
) -> None:
    hinder(tmp_path / "regulation")
    with pytest.raises((UnreadableError, OwnStandardError), match=r"regulation: |^poverty\.toml: không đọc được: "):
        read(tmp_path)
