"""What the report of a unit's period still lacks."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from giamngheo.core.finding import InvalidWorkbookError
from giamngheo.core.paths import MANIFEST
from giamngheo.core.period import Period
from giamngheo.run.kinds import kind_named
from giamngheo.run.latest import NoDatedDataError
from giamngheo.run.provenance import recipe as recipes
from giamngheo.run.provenance.manifest import manifest_bytes, read_manifest
from giamngheo.run.provenance.software import software
from giamngheo.run.status import Status, newest_month, status
from giamngheo.workbook.write.template import write_workbook

DATA = Path(__file__).parents[2] / "data"
UNIT, AUGUST = "tu-mo-rong", Period(2023, 8)

UNITS = [
    {"code": "980", "name": "Ngân Hà", "level": "district"},
    *(
        {"code": code, "name": name, "level": "commune", "parent_code": "980"}
        for code, name in (("1", "A"), ("2", "B"))
    ),
]


def told(unit: str = UNIT, period: Period = AUGUST, *, data: Path = DATA, out: Path) -> Status:
    return status(unit, period, kind_named(), data=data, out=out)


@pytest.fixture
def copied(report_folder: Path, tmp_path: Path) -> Path:
    """Outputs with the report and, beside them, a data folder with its workbook, which a test may change."""
    shutil.copytree(report_folder, tmp_path / "outputs" / UNIT / "2023-08")
    shutil.copytree(DATA / UNIT, tmp_path / "data" / UNIT)
    return tmp_path


def test_a_unit_whose_report_is_made_from_all_that_is_there_is_ready(report_folder: Path) -> None:
    found = told(out=report_folder.parents[1])
    assert (found.lacks, found.errors, found.warnings, found.report) == ((), 0, 5, "current")
    assert found.is_ready


def test_a_report_that_is_current_is_not_judged_again(report_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("giamngheo.run.status.judgements_of")
    assert told(out=report_folder.parents[1]).is_ready


def test_a_report_that_is_not_made_is_judged_by_its_workbook(tmp_path: Path) -> None:
    found = told(out=tmp_path)
    assert (found.errors, found.warnings, found.report, found.is_ready) == (0, 5, "none", False)


def test_a_month_later_there_is_no_snapshot(tmp_path: Path) -> None:
    found = told(period=Period(2023, 9), out=tmp_path)
    assert [lack.code for lack in found.lacks] == ["snapshot", "documents"]
    assert found.lacks[0].words == "giải ngân chốt từ 01/09/2023 đến 30/09/2023"


def test_december_asks_for_the_review_of_the_year(tmp_path: Path) -> None:
    words = [lack.words for lack in told(period=Period(2023, 12), out=tmp_path).lacks]
    assert "rà soát ngày 31/12/2023" in words
    assert "rà soát ngày 31/12/2022" not in words


def test_a_year_without_a_workbook_lacks_the_workbook_and_nothing_is_said_of_its_errors(tmp_path: Path) -> None:
    found = told(period=Period(2024, 1), out=tmp_path)
    assert [lack.words for lack in found.lacks] == ["sổ tính 2024.xlsx"]
    assert (found.errors, found.warnings) == (None, None)
    assert "2024.xlsx" in found.reason


def test_a_workbook_that_was_saved_since_makes_the_report_outdated(copied: Path) -> None:
    path = copied / "data" / UNIT / "2023.xlsx"
    book = openpyxl.load_workbook(path)
    book["Phương hướng"]["B6"] = "Rà soát lại."
    book.save(path)
    assert told(data=copied / "data", out=copied / "outputs").report == "outdated"


def test_a_workbook_saved_back_during_the_look_damages_no_report(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copied / "data" / UNIT / "2023.xlsx"
    before = path.read_bytes()
    path.write_bytes(b"other")

    def hashed(order: recipes.Order) -> recipes.Recipe:
        found = recipes.recipe(order)
        path.write_bytes(before)
        return found

    for module in ("report", "status"):
        monkeypatch.setattr(f"giamngheo.run.{module}.recipe", hashed)
    assert told(data=copied / "data", out=copied / "outputs").report == "outdated"


def test_a_workbook_that_is_gone_makes_the_report_outdated(copied: Path) -> None:
    shutil.move(copied / "data" / UNIT / "2023.xlsx", copied / "data" / UNIT / "2022.xlsx")
    assert told(data=copied / "data", out=copied / "outputs").report == "outdated"


def test_a_report_of_another_version_is_not_called_outdated(
    report_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipes, "software", lambda: replace(software(), version="0"))
    found = told(out=report_folder.parents[1])
    assert (found.report, found.is_ready) == ("older-program", False)


@pytest.mark.parametrize("name", ["report.pdf", MANIFEST])
def test_a_torn_file_makes_the_report_damaged(copied: Path, name: str) -> None:
    (copied / "outputs" / UNIT / "2023-08" / name).write_bytes(b"")
    assert told(data=copied / "data", out=copied / "outputs").report == "damaged"


@pytest.mark.parametrize("place", [f"{UNIT}/2023-09", "ngan-ha/2023-08"])
def test_a_report_of_another_unit_or_period_is_not_that_of_the_folder(copied: Path, place: str) -> None:
    unit, period = place.split("/")
    if unit != UNIT:
        (copied / "data" / UNIT).rename(copied / "data" / unit)
    (copied / "outputs" / unit).mkdir(exist_ok=True)
    (copied / "outputs" / UNIT / "2023-08").rename(copied / "outputs" / place)
    found = told(unit, Period.parse(period), data=copied / "data", out=copied / "outputs")
    assert (found.report, found.is_ready) == ("other", False)


def test_a_report_for_the_public_is_compared_with_its_own_parameters(copied: Path) -> None:
    folder = copied / "outputs" / UNIT / "2023-08"
    kept = read_manifest(folder)
    parameters = dict(sorted((dict(kept.recipe.parameters) | {"audience": "public"}).items()))
    public = replace(kept, recipe=replace(kept.recipe, parameters=parameters))
    (folder / MANIFEST).write_bytes(manifest_bytes(public))
    assert told(data=copied / "data", out=copied / "outputs").report == "current"


def test_a_file_that_is_no_workbook_is_an_error_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "nam").mkdir()
    (tmp_path / "nam" / "2023.xlsx").write_bytes(b"PK\x03\x04 cut off")
    found = told("nam", data=tmp_path, out=tmp_path)
    assert (found.errors, found.is_ready) == (1, False)
    assert "2023.xlsx" in found.reason


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        ([], ["rà soát ngày 31/12/2022"]),
        (["1"], ["rà soát ngày 31/12/2022 của 1 đơn vị trực thuộc"]),
        (["1", "2"], []),
        (["980"], []),
        (["1", "980"], []),
    ],
)
def test_a_review_is_typed_for_the_unit_or_for_all_its_parts(
    tmp_path: Path, given: list[str], lacking: list[str]
) -> None:
    (tmp_path / "ngan-ha").mkdir()
    reviews = [{"date": "2022-12-31", "unit_code": code, "households": 10} for code in given]
    rows = {"form": [{"unit_code": "980"}], "units": UNITS, "reviews": reviews}
    write_workbook(tmp_path / "ngan-ha" / "2023.xlsx", rows, year=2023)
    found = told("ngan-ha", data=tmp_path, out=tmp_path)
    assert [lack.words for lack in found.lacks if lack.code == "review"] == lacking
    assert {"snapshot", "capital", "plan"} <= {lack.code for lack in found.lacks}


def test_the_newest_month_of_any_unit_is_asked_of_all(tmp_path: Path) -> None:
    for unit, month in (("dong", 3), ("tay", 5)):
        (tmp_path / unit).mkdir()
        row = {"date": f"2023-{month:02}-20", "unit_code": "1", "households": 10}
        write_workbook(tmp_path / unit / "2023.xlsx", {"reviews": [row]}, year=2023)
    (tmp_path / "nam").mkdir()
    (tmp_path / "nam" / "2023.xlsx").write_bytes(b"cut off")
    newest, unread = newest_month(tmp_path, ["dong", "nam", "tay"])
    assert (newest, list(unread)) == (Period(2023, 5), ["nam"])
    assert "2023.xlsx" in unread["nam"]
    with pytest.raises(InvalidWorkbookError, match=re.escape("2023.xlsx")):
        newest_month(tmp_path, ["nam"])
    (tmp_path / "nam" / "2023.xlsx").unlink()
    write_workbook(tmp_path / "nam" / "2023.xlsx", {}, year=2023)
    with pytest.raises(NoDatedDataError, match="nam"):
        newest_month(tmp_path, ["nam"])
