import re

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from giamngheo.cli.households import command
from giamngheo.demo.households import make_household_demo
from giamngheo.households.engine import workspace
from giamngheo.households.review import summaries
from giamngheo.report.review.facts import household_facts
from giamngheo.report.review.record import record
from giamngheo.report.review.results import summary_households
from giamngheo.workbook.read.workbook import read_workbook
from giamngheo.workbook.write.fill import fill_workbook
from tests.hindered import HINDRANCES, dangling


def run(*arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("demo")
    make_household_demo(made, 1_500, year=2023, seed=1)
    return made


@pytest.fixture
def files(folder, tmp_path):
    workbook = tmp_path / "2024.xlsx"
    workbook.write_bytes((folder / "2024.xlsx").read_bytes())
    return folder / "households-2023.parquet", folder / "households-2022.parquet", workbook


def test_made_up_households_pass_the_check(files):
    now, _, workbook = files
    result = run("check", now, workbook)
    assert (result.exit_code, result.output) == (0, "households-2023.parquet: 0 loại lỗi.\n")
    result = run("check", now, workbook.rename(workbook.with_name("²sổ.xlsx")))
    assert result.exit_code == 0, "the workbook that lists the units may have any name"


def test_the_check_tells_what_would_stop_the_count(files, tmp_path):
    now, _, workbook = files
    with workspace() as work:
        blank = (
            "replace (if(members > 3, null, deprivation_01) as deprivation_01), if(members > 3, 30, null) as b2_score"
        )
        work.connection.execute(f"copy (select * {blank} from '{now}') to '{tmp_path / 'h.parquet'}'")
    checked, done = (
        run("check", tmp_path / "h.parquet", workbook),
        run("summarise", tmp_path / "h.parquet", "--into", workbook),
    )
    assert (checked.exit_code, checked.stderr) == (done.exit_code, done.stderr)
    assert (checked.exit_code, "hộ chỉ có điểm B2, không biết thiếu hụt chỉ số nào" in checked.stderr) == (1, True)


def test_the_check_looks_at_the_file_of_the_review_before_too(files, tmp_path):
    now, before, workbook = files
    good = run("check", now, workbook, "--before", before)
    assert (good.exit_code, good.output) == (0, "households-2022.parquet, households-2023.parquet: 0 loại lỗi.\n")
    paths = []
    for number, path in enumerate((before, now)):
        with workspace() as work:
            paths.append(tmp_path / f"{number}.parquet")
            none = f"replace ({number} - 1 as members)"
            work.connection.execute(f"copy (select * {none} from '{path}') to '{paths[-1]}'")
    bad = run("check", paths[1], workbook, "--before", paths[0])
    assert bad.exit_code == 1
    assert [f"{path.name}: số khẩu không lớn hơn 0: 1500 dòng" in bad.output for path in paths] == [True, True]
    assert bad.output.endswith("0.parquet, 1.parquet: 2 loại lỗi.\n")


def test_the_workbook_then_has_the_integers_of_the_file(files):
    now, before, workbook = files
    result = run("summarise", now, "--into", workbook, "--before", before, "--by", "income")
    assert result.exit_code == 0, result.output
    assert "trang 'Rà soát': ghi đè 0 dòng, thêm 4 dòng" in result.output
    data = read_workbook(workbook, "demo", 2024)
    reviews = data["reviews"].set_index("unit_code")
    assert reviews["households"].max() == 1_500
    poor = data["poor_flows"].set_index("unit_code")
    closing = poor["closing_households"].astype("int64")
    assert closing.to_dict() == reviews["poor_households"].astype("int64").to_dict()
    assert run("reconcile", now, workbook, "--before", before, "--by", "income").exit_code == 0


def test_ids_that_two_years_write_in_two_ways_are_told_wherever_flows_are_made(files, tmp_path):
    now, before, workbook = files
    ids = pd.read_parquet(before)
    some = ids["household_id"].head(300)
    count = pd.read_parquet(now)["household_id"].isin(some).sum()
    ids.assign(household_id=some.str.lower().combine_first(ids["household_id"])).to_parquet(
        before := tmp_path / "before.parquet"
    )
    words = f"mã của {count} hộ kỳ này không có ở đây"
    for line in (["check", now, workbook], ["summarise", now, "--into", workbook], ["reconcile", now, workbook]):
        assert re.search(rf"^Lưu ý: before\.parquet: {words}", run(*line, "--before", before).stderr, re.MULTILINE)
    facts = household_facts(str(now), str(workbook), before=str(before))
    (told,) = record(facts).findings
    assert re.match(words, told["text"])
    note = "Tệp hộ có 1 điều cần lưu ý, xem bằng lệnh giamngheo households check hoặc ở manifest.json."
    assert summary_households(facts).note == note


@pytest.mark.parametrize("name", ["regulation/poverty.toml", "regulation"])
@pytest.mark.parametrize("hinder", HINDRANCES)
def test_a_standard_that_is_there_and_cannot_be_read_stops_the_count(name, hinder, files, tmp_path):
    workbook = tmp_path / "unit" / "2024.xlsx"
    workbook.parent.mkdir()
    saved = files[2].read_bytes()
    workbook.write_bytes(saved)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    hinder = dangling if name == "regulation" else hinder  # a folder of that name holds no standard
    hinder(tmp_path / name)
    done = run("summarise", files[0], "--into", workbook, "--by", "income")
    assert done.exit_code == 1
    told = (
        "poverty.toml: không đọc được: " if name.endswith(".toml") else f"Không đọc được {tmp_path / name}: không còn"
    )
    assert told in done.output
    assert workbook.read_bytes() == saved


def test_a_workbook_that_is_saved_while_households_are_counted_is_not_filled(files, monkeypatch):
    now, _, workbook = files

    def saved_meanwhile(result):
        counted = summaries(result)
        workbook.write_bytes(workbook.with_suffix(".bak").read_bytes())
        return counted

    fill_workbook(workbook, {"reviews": pd.DataFrame({"date": [pd.Timestamp(2023, 12, 31)], "unit_code": ["99"]})})
    (other := workbook.with_suffix(".bak")).write_bytes(workbook.with_suffix(".xlsx.bak").read_bytes())
    monkeypatch.setattr("giamngheo.cli.households.summaries", saved_meanwhile)
    result = run("summarise", now, "--into", workbook)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "sổ vừa được lưu từ chỗ khác. Chưa ghi gì" in result.stderr
    assert workbook.read_bytes() == other.read_bytes()


def test_reconcile_lists_each_count_that_differs_with_its_place(files):
    now, _, workbook = files
    run("summarise", now, "--into", workbook)
    row = read_workbook(workbook, "demo", 2024)["reviews"].iloc[0]
    wrong = pd.DataFrame({"date": [row["date"]], "unit_code": [row["unit_code"]], "poor_households": [7_777]})
    fill_workbook(workbook, {"reviews": wrong})
    result = run("reconcile", now, workbook)
    assert result.exit_code == 1
    expected = f"dòng {row['row']}, đơn vị {row['unit_code']}, ngày 31/12/2023: 'Hộ nghèo' ghi 7777, tệp hộ có"
    assert f"{expected} {row['poor_households']}\n" in result.output
    assert "2024.xlsx: 1 chỗ khác" in result.output


def test_a_bad_file_ends_with_its_words_and_status_1(files, tmp_path):
    (tmp_path / "bad.csv").write_text("tên,tuổi\nHoa,3\n", "utf-8")
    result = run("summarise", tmp_path / "bad.csv", "--into", files[2])
    assert result.exit_code == 1
    assert "bad.csv: thiếu cột 'Mã hộ' (household_id)" in result.output
    assert "Hoa" not in result.output


@pytest.fixture
def sheets(files, tmp_path):
    """Household files of two sheets of three households each, and a sheet of notes with a name in it."""
    _, _, workbook = files
    head = ("household_id", "unit_code", "area", "members", "ethnic_minority", "date", "b1_score", "b2_score")
    unit = read_workbook(workbook, "demo", 2024)["units"].query("level == 'commune'")["code"].iloc[0]
    book = openpyxl.Workbook()
    book.active.title = "Hướng dẫn"
    book.active.append(["Mỗi hộ một dòng"])
    for title in ("Thôn 1", "Thôn 2"):
        sheet = book.create_sheet(title)
        for row in (head, *((f"{title}-{n}", unit, "rural", 4, 1, "31/12/2023", 150, 10) for n in range(3))):
            sheet.append(row)
    book.save(tmp_path / "h.xlsx")
    return tmp_path / "h.xlsx", workbook, unit


def test_every_sheet_is_counted_and_the_unread_one_is_named(sheets):
    file, workbook, unit = sheets
    checked, done = run("check", file, workbook), run("summarise", file, "--into", workbook)
    told = "Lưu ý: h.xlsx: trang thứ 1 (1 dòng) không được đọc"
    assert (checked.exit_code, done.exit_code) == (0, 0)
    assert checked.stderr.startswith(told)
    assert done.stderr.startswith(told)
    reviews = read_workbook(workbook, "demo", 2024)["reviews"].set_index("unit_code")
    assert reviews.loc[unit, ["households", "persons"]].tolist() == [6, 24]


def test_incomes_in_thousands_write_nothing_into_the_workbook(sheets, tmp_path):
    _, workbook, unit = sheets
    before = workbook.read_bytes()
    head = "household_id,unit_code,area,members,ethnic_minority,date,income_vnd,b2_score"
    file = tmp_path / "h.csv"
    file.write_text(f"{head}\nH1,{unit},rural,4,1,2023-12-31,1600,40\nH2,{unit},rural,4,1,2023-12-31,900,40\n")
    done = run("summarise", file, "--into", workbook, "--by", "income")
    assert done.exit_code == 1
    assert "có lẽ ghi bằng nghìn hoặc triệu đồng: 2 dòng" in done.output
    assert "ghi bằng đồng thì 1 hộ trong đó trên chuẩn thu nhập, đổi kết quả phân loại" in done.output
    assert workbook.read_bytes() == before
