"""Parameters that papermill made numbers or None of are read as they were written."""

import shutil
from pathlib import Path

import pytest

from giamngheo.core.paths import NoFolderError
from giamngheo.core.period import MalformedPeriodError
from giamngheo.report import monthly
from giamngheo.report.explore import funding as explore_funding
from giamngheo.report.parameters import UnknownAudienceError, UnknownChoiceError, as_code, as_written
from giamngheo.report.review.facts import household_facts

DATA = str(Path(__file__).parents[2] / "data")


def test_a_year_that_is_a_number_is_the_period_of_that_year() -> None:
    assert str(monthly.facts("tu-mo-rong", 2023, DATA).period) == "2023"


@pytest.mark.parametrize(("folder", "given"), [("9000003", 9000003), ("01", 1)])
def test_a_unit_that_is_a_number_is_the_folder_of_that_name(tmp_path: Path, folder: str, given: int) -> None:
    shutil.copytree(Path(DATA) / "tu-mo-rong", tmp_path / folder)
    assert monthly.facts(given, "2023-08", str(tmp_path)).data.unit == folder


@pytest.mark.parametrize("period", [None, True, 2023.5, 202308])
def test_what_is_no_period_is_said_in_the_sentence_on_periods(period: object) -> None:
    with pytest.raises(MalformedPeriodError, match=f"'{period}'"):
        monthly.facts("tu-mo-rong", period, DATA)


def test_the_other_parameters_are_said_as_they_were_written() -> None:
    with pytest.raises(UnknownAudienceError, match="None"):
        monthly.facts("tu-mo-rong", "2023-08", DATA, None)
    with pytest.raises(NoFolderError, match="2023"):
        household_facts(2023, str(Path(DATA) / "tu-mo-rong" / "2023.xlsx"))


def test_a_project_that_is_a_number_is_the_one_of_that_code() -> None:
    report = explore_funding.facts("tu-mo-rong", "2023-08", DATA)
    assert len(explore_funding.project_table(report, 4).frame) == len(explore_funding.project_table(report, "4").frame)


@pytest.mark.parametrize("project", [9, "9", None])
def test_a_project_that_is_none_is_said(project: object) -> None:
    report = explore_funding.facts("tu-mo-rong", "2023-08", DATA)
    for shown in (explore_funding.project_table, explore_funding.left_figure):
        with pytest.raises(UnknownChoiceError, match=f"Dự án {project!r} không có; các giá trị có: 1, 1.1"):
            shown(report, project)


def test_a_code_keeps_its_leading_zeros_where_only_one_can_be_meant() -> None:
    assert as_code(1, ["01", "10"]) == "01"
    assert as_code(1, ["01", "1"]) == "1"
    assert as_code("1", ["01"]) == "1"
    assert as_written(None, 2023, "2023-08") == ["None", "2023", "2023-08"]
