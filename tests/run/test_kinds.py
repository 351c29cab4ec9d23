"""A kind of report is a notebook that says what it needs and where its reports go; any notebook can be run."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
import pytest

from giamngheo.core.period import Period
from giamngheo.demo.households import make_household_demo
from giamngheo.run.execution.execute import importable
from giamngheo.run.execution.normalise import NoNotebookError
from giamngheo.run.kinds import (
    FolderOfPeriodError,
    Input,
    MalformedKindError,
    NameOfNotebookError,
    ParameterCellError,
    PeriodOfKindError,
    SameFolderError,
    UnknownKindError,
    kind_named,
    kind_of,
)
from giamngheo.run.provenance.manifest import read_manifest
from giamngheo.run.provenance.recipe import NoInputError, ParameterOfOrderError, TwoInputsError, order

Command = Callable[..., subprocess.CompletedProcess[str]]

ROOT = Path(__file__).parents[2]
REVIEW = ("--kind", "household_review", "--formats", "html")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose data folder has one unit with the household files of two years and a workbook."""
    folder = tmp_path_factory.mktemp("kinds")
    make_household_demo(folder / "data" / "xa", 700, year=2023, seed=2)
    return folder


def test_the_monthly_report_is_what_is_made_where_no_kind_is_named() -> None:
    kind = kind_named()
    assert (kind.name, kind.title, kind.folder) == ("notebooks/monthly_report.ipynb", "Báo cáo tháng", "{period}")
    older = Input(("{year_before_last}.xlsx",), is_needed=False, audience="public")
    assert kind.inputs == (Input(("{year}.xlsx",)), Input(("{last_year}.xlsx",), is_needed=False), older)
    assert kind.parameters == {"unit", "period", "data", "audience"}


def test_a_notebook_that_makes_no_report_is_no_kind() -> None:
    for name in ("explore_poverty", "no such", "../x"):
        with pytest.raises(UnknownKindError, match=r"các loại có: household_review, monthly_report"):
            kind_named(name)


def test_a_kind_has_its_periods_and_its_folder() -> None:
    kind = kind_named("household_review")
    assert kind.folder_of(Period.parse("2023")) == "2023-ra-soat"
    with pytest.raises(PeriodOfKindError, match=r"không lập cho kỳ 2023-08; chỉ lập cho: năm \(2023\)"):
        kind.folder_of(Period.parse("2023-08"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"folder": "../{period}"}, "folder"),
        ({"folder": "x"}, "folder"),
        ({"periods": []}, "periods"),
        ({"inputs": [{"files": ["../x.xlsx"], "needed": True}]}, "inputs / 0 / files / 0"),
        ({"inputs": [{"files": ["{year.__class__}.xlsx"], "needed": True}]}, "inputs / 0 / files / 0"),
        ({"other": 1}, "other"),
    ],
)
def test_metadata_that_say_something_else_are_refused(project: Path, change: dict[str, object], said: str) -> None:
    path = project / "notebooks" / "monthly_report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["giamngheo"]["report"] |= change
    nbformat.write(notebook, path)
    with pytest.raises(MalformedKindError, match=said):
        kind_named()


def test_no_two_kinds_write_into_one_folder(project: Path) -> None:
    shutil.copy(project / "notebooks" / "monthly_report.ipynb", project / "notebooks" / "twin.ipynb")
    for name in ("monthly_report", "twin"):
        with pytest.raises(SameFolderError, match=r"cùng ghi báo cáo vào thư mục \{period\}"):
            kind_named(name)
    path = project / "notebooks" / "twin.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["giamngheo"]["report"]["folder"] = "{period}-mine"
    nbformat.write(notebook, path)
    assert kind_named("twin").folder == "{period}-mine"
    with pytest.raises(SameFolderError):
        kind_of(own_notebook(project, "Mine.ipynb"))


@pytest.mark.parametrize("name", ["08", "Q3", "q3", "H1", "9M", "08-x", "12 ", "08."])
def test_no_kind_writes_into_folders_of_other_periods(project: Path, name: str) -> None:
    with pytest.raises(FolderOfPeriodError, match=rf"thư mục 2023-{name}, của kỳ khác; đổi tên sổ tay riêng"):
        kind_of(own_notebook(project, f"{name}.ipynb"))


@pytest.mark.parametrize("name", ["8", "13", "Q5", "báo cáo-08", "08a", "2023", "9M của tôi"])
def test_other_names_with_numbers_are_names_of_notebooks(project: Path, name: str) -> None:
    folder = kind_of(own_notebook(project, f"{name}.ipynb")).folder_of(Period.parse("2023"))
    assert folder == f"2023-{name}"


def test_no_kind_of_the_project_writes_into_folders_of_other_periods(project: Path) -> None:
    path = project / "notebooks" / "monthly_report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["giamngheo"]["report"]["folder"] = "{period}-08"
    nbformat.write(notebook, path)
    with pytest.raises(FolderOfPeriodError, match="đổi folder trong metadata"):
        kind_named()


def review_order(demo: Path, period: str = "2023", **how: object) -> object:
    how = {"data": demo / "data", "out": demo / "outputs", "formats": ("html",), **how}
    return order("xa", Period.parse(period), kind_named("household_review"), **how)


def test_files_of_the_unit_are_found_by_the_year_and_given_to_the_notebook(demo: Path) -> None:
    asked = review_order(demo, parameters=[("by", "income")])
    assert asked.parameters == {
        "before": "data/xa/households-2022.parquet",
        "by": "income",
        "file": "data/xa/households-2023.parquet",
        "period": "2023",
        "workbook": "data/xa/2024.xlsx",
    }
    assert set(asked.sources) == {"notebooks/household_review.ipynb"} | {
        f"data/xa/{name}" for name in ("2024.xlsx", "households-2022.parquet", "households-2023.parquet")
    }
    assert asked.folder == demo / "outputs" / "xa" / "2023-ra-soat"


def test_a_file_that_is_missing_or_there_twice_is_told(demo: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(demo / "data", tmp_path / "data"))
    with pytest.raises(NoInputError, match=r"cần tệp households-2024 .* trong thư mục có: households-2022\.parquet, "):
        review_order(tmp_path, "2024")
    (data / "xa" / "households-2023.csv").write_text("", "utf-8")
    with pytest.raises(TwoInputsError, match=r"households-2023\.csv, households-2023\.parquet; chỉ để lại một tệp"):
        review_order(tmp_path)


def test_a_file_that_the_command_finds_is_no_parameter(demo: Path) -> None:
    with pytest.raises(ParameterOfOrderError, match="lệnh tự tìm tệp của đơn vị"):
        review_order(demo, parameters=[("file", "other.csv")])


def test_a_review_is_made_kept_verified_batched_and_listed_as_every_report(
    called: Command, demo: Path, tmp_path: Path
) -> None:
    shutil.copytree(demo / "data", tmp_path / "data")
    done = called("report", "xa", "latest", *REVIEW, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    folder = tmp_path / "outputs" / "xa" / "2023-ra-soat"
    kept = read_manifest(folder)
    assert (kept.recipe.unit, kept.recipe.period, kept.recipe.folder) == ("xa", "2023", "2023-ra-soat")
    assert (kept.figures["reviewed"], kept.figures["households"]) == ("2023-12-31", 700)
    assert kept.figures["poor_rate_pct"] == 100 * kept.figures["poor_households"] / 700
    assert "không có gì thay đổi" in called("report", "xa", "2023", *REVIEW, cwd=tmp_path).stdout
    assert "giống hệt từng byte" in called("verify", "outputs", cwd=tmp_path).stdout
    assert "1 báo cáo của 1 đơn vị" in called("site", cwd=tmp_path).stdout
    page = (tmp_path / "outputs" / "index.html").read_text("utf-8")
    assert 'href="xa/2023-ra-soat/report.html"' in page
    assert "Cả năm: Báo cáo rà soát" in page
    batch = called("batch", "--all", "2022..2023", *REVIEW, cwd=tmp_path)
    assert batch.returncode == 1
    assert "xa 2022: Báo cáo rà soát cần" not in batch.stderr  # the file of 2022 is there
    assert "xa 2022: Kỳ 2022 không có số liệu" in batch.stderr


def test_a_household_file_of_another_year_is_refused(called: Command, demo: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(demo / "data", tmp_path / "data")) / "xa"
    (data / "households-2022.parquet").replace(data / "households-2023.parquet")
    done = called("report", "xa", "2023", *REVIEW, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == ("households-2023.parquet có ngày rà soát 31/12/2022, không thuộc năm 2023 của báo cáo.\n")


def test_a_report_of_files_that_lie_anywhere_is_verified_by_their_content(
    called: Command, demo: Path, tmp_path: Path
) -> None:
    files = Path(shutil.copytree(demo / "data" / "xa", tmp_path / "kept"))
    words = (files / "households-2023.parquet", files / "2024.xlsx", "--formats", "html", "--out", tmp_path / "out")
    assert called("households", "report", *words).returncode == 0
    assert set(read_manifest(tmp_path / "out").recipe.inputs) == {
        "notebooks/household_review.ipynb",
        "input-file.parquet",
        "2024.xlsx",
    }
    assert "giống hệt từng byte" in called("verify", tmp_path / "out", "--data", files).stdout
    (files / "households-2023.parquet").unlink()
    done = called("verify", tmp_path / "out", "--data", files)
    assert (done.returncode, "không có" in done.stderr) == (1, True)
    (tmp_path / "outputs" / "xa").mkdir(parents=True)
    (tmp_path / "out").rename(tmp_path / "outputs" / "xa" / "2023")
    assert "không thuộc thư mục của đơn vị nào" in called("site", cwd=tmp_path).stderr


def own_notebook(folder: Path, name: str = "của tôi.ipynb") -> Path:
    """A notebook of one's own with the parameters of the command, which prints what its workbook says."""
    first = nbformat.v4.new_code_cell('unit = ""\nperiod = ""\ndata = ""', metadata={"tags": ["parameters"]})
    cell = nbformat.v4.new_code_cell('print(unit, period, open(f"{data}/{unit}/{period[:4]}.xlsx").read())')
    about = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[first, cell], metadata=about), folder / name)
    return folder / name


@pytest.mark.parametrize(
    ("inputs", "given"),
    [
        (None, ["a/2022", "a/2023"]),
        ([{"files": ["*/*.xlsx"], "needed": True}], ["a/2022", "a/2023", "b/2022"]),
        ([{"files": ["{last_year}.xlsx"], "needed": True}], ["a/2022"]),
    ],
)
def test_ones_own_notebook_is_given_the_workbooks_that_it_asks_for(
    tmp_path: Path, inputs: list[object] | None, given: list[str]
) -> None:
    for name in ("a/2022", "a/2023", "a/2024", "b/2022", "b/2024"):
        path = tmp_path / "data" / f"{name}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    notebook = own_notebook(tmp_path)
    if inputs:
        content = json.loads(notebook.read_text("utf-8"))
        content["metadata"]["giamngheo"] = {"report": {"inputs": inputs, "title": "Của tôi"}}
        notebook.write_text(json.dumps(content), "utf-8")
    kind = kind_of(notebook)
    asked = order("a", Period.parse("2023-06"), kind, data=tmp_path / "data", out=tmp_path, formats=("html",))
    assert {f"data/{name}.xlsx" for name in given} == set(asked.sources) - {"của tôi.ipynb"}
    assert (kind.title, kind.folder) == ("Của tôi" if inputs else "của tôi", "{period}-của tôi")


def test_ones_own_notebook_says_its_inputs_rightly(tmp_path: Path) -> None:
    path = own_notebook(tmp_path)
    for told in ([], {"inputs": [{"files": ["../x.xlsx"], "needed": True}]}):
        content = json.loads(path.read_text("utf-8"))
        content["metadata"]["giamngheo"] = {"report": told}
        path.write_text(json.dumps(content), "utf-8")
        with pytest.raises(MalformedKindError, match=r"report|files"):
            kind_of(path)


def test_a_notebook_of_ones_own_makes_reports_beside_the_others(called: Command, project: Path) -> None:
    path = own_notebook(project)
    words = ("--notebook", path, "--formats", "html")
    assert called("report", "dong", "2023-01", "--formats", "html", cwd=project).returncode == 0
    assert called("batch", "dong", "2023-01..2023-02", *words, cwd=project).returncode == 0
    folders = sorted(folder.name for folder in (project / "outputs" / "dong").iterdir() if folder.is_dir())
    assert folders == ["2023-01", "2023-01-của tôi", "2023-02-của tôi"]
    report = json.loads((project / "outputs" / "dong" / folders[1] / "report.ipynb").read_text("utf-8"))
    assert report["cells"][-1]["outputs"][0]["text"] == ["dong 2023-01 well\n"]
    refused = called("verify", "outputs/dong/2023-01-của tôi", cwd=project)
    assert (refused.returncode, "chỉ tệp đó bằng --notebook" in refused.stderr) == (1, True)
    same = called("verify", "outputs", "--notebook", path, cwd=project)
    assert (same.returncode, "3 báo cáo: 3 giống hệt" in same.stdout) == (0, True)
    site = called("site", cwd=project)
    assert "3 báo cáo của 1 đơn vị" in site.stdout


def test_a_value_that_cannot_be_shown_is_the_error_of_its_cell(called: Command, project: Path) -> None:
    """IPython would print its words in Python, in a report that looks well made."""
    first = nbformat.v4.new_code_cell('unit = ""\nperiod = ""\ndata = ""', metadata={"tags": ["parameters"]})
    cell = nbformat.v4.new_code_cell("class Table:\n    def _repr_html_(self): return [][1]\nTable()")
    about = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[first, cell], metadata=about), project / "unshown.ipynb")
    done = called("report", "dong", "2023-01", "--notebook", project / "unshown.ipynb", cwd=project)
    assert done.returncode == 1
    assert "IndexError" in done.stderr
    assert not (project / "outputs" / "dong" / "2023-01-unshown" / "report.html").exists()


@pytest.mark.parametrize(
    ("kind", "unit", "period"),
    [
        ("monthly_report", "nhan-ma", "2026-06"),
        ("programme_report", "nhan-ma", "2026-H1"),
        ("household_review", "xa", "2023"),
    ],
)
def test_public_reports_show_every_cell(
    called: Command, demo: Path, tmp_path: Path, kind: str, unit: str, period: str
) -> None:
    data = demo / "data" if unit == "xa" else ROOT / "data" / "demo"
    words = ("--kind", kind, "--data", data, "--formats", "html", "--out", "out", "--parameter", "audience=public")
    done = called("report", unit, period, *words, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    (folder,) = (path.parent for path in tmp_path.rglob("report.ipynb"))
    cells = nbformat.read(folder / "report.ipynb", as_version=4).cells
    shown = [output.data for cell in cells for output in cell.get("outputs", []) if "data" in output]
    assert shown
    assert not [data for data in shown if set(data) == {"text/plain"}]


def test_modules_beside_a_notebook_of_ones_own_are_run_recorded_and_verified(
    called: Command, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("mine")
    first = nbformat.v4.new_code_cell('unit = ""\nperiod = ""\ndata = ""', metadata={"tags": ["parameters"]})
    cell = nbformat.v4.new_code_cell(
        "%matplotlib inline\nimport json, helper\nprint(helper.said(unit), json.loads('1'))"
    )
    about = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[first, cell], metadata=about), place / "mine.ipynb")
    (place / "helper.py").write_text("from words import HELLO\ndef said(unit): return HELLO + unit", "utf-8")
    (place / "words.py").write_text("HELLO = 'xin '", "utf-8")
    (place / "json.py").write_text("raise SystemExit", "utf-8")  # the installed one comes first
    (place / "other.py").write_text("raise SystemExit", "utf-8")  # nobody imports it
    words = ("--notebook", place / "mine.ipynb", "--formats", "html")
    done = called("batch", "dong", "nam", "2023-01", *words, cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    report = project / "outputs" / "nam" / "2023-01-mine"
    assert "xin nam 1" in (report / "report.html").read_text("utf-8")
    assert {"mine.ipynb", "helper.py", "words.py"} < set(read_manifest(report).recipe.inputs)
    assert "other.py" not in read_manifest(report).recipe.inputs
    assert called("verify", "outputs", "--notebook", place / "mine.ipynb", cwd=project).returncode == 0
    (place / "words.py").write_text("HELLO = 'chào '", "utf-8")
    assert "words.py: đã sửa đổi" in called("verify", report, *words[:2], cwd=project).stderr
    assert called("batch", "dong", "nam", "2023-01", *words, cwd=project).returncode == 0
    assert "chào nam 1" in (report / "report.html").read_text("utf-8")


def test_nothing_but_modules_is_code_in_the_folder_that_a_notebook_is_run_in(tmp_path: Path) -> None:
    """The inputs lie below it, by names that a manifest tells: a library that is not installed may be called so."""
    for name in ("numexpr_of_mine", "helper_of_mine"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit", "utf-8")
    (tmp_path / "helper_of_mine.py").write_text("SAID = 1", "utf-8")
    with importable(tmp_path):
        assert import_module("helper_of_mine").SAID == 1
        for name in ("numexpr_of_mine", "helper_of_mine.x"):
            with pytest.raises(ModuleNotFoundError):
                import_module(name)
    with pytest.raises(ModuleNotFoundError):
        import_module("helper_of_mine")


def test_figures_of_pyplot_are_shown_alike_by_one_report_and_by_a_batch(called: Command, project: Path) -> None:
    first = nbformat.v4.new_code_cell('unit = ""\nperiod = ""\ndata = ""', metadata={"tags": ["parameters"]})
    plot = "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('Tỷ lệ');"
    about = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    for name, source in (("magic", plot), ("plain", plot.partition("\n")[2])):
        cells = [first, nbformat.v4.new_code_cell(source)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=about), project / f"{name}.ipynb")
    images = set()
    for command, name in (("report", "magic"), ("report", "plain"), ("batch", "plain")):
        words = ("--notebook", project / f"{name}.ipynb", "--formats", "html", "--force")
        done = called(command, "dong", "2023-01", *words, cwd=project)
        assert (done.returncode, done.stderr) == (0, "")
        report = nbformat.read(project / "outputs" / "dong" / f"2023-01-{name}" / "report.ipynb", as_version=4)
        (shown,) = (output for output in report.cells[-1].outputs if "image/png" in output.data)
        images.add(shown.data["image/png"])
    assert len(images) == 1


def test_a_kind_and_a_notebook_are_not_both_named(called: Command, project: Path) -> None:
    done = called("report", "dong", "2023-01", "--kind", "monthly_report", "--notebook", "x.ipynb", cwd=project)
    assert (done.returncode, "Chỉ ghi một trong hai" in done.stderr) == (2, True)
    done = called("report", "dong", "2023-01", "--notebook", "x.ipynb", cwd=project)
    assert (done.returncode, "không phải sổ tay Jupyter" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "name", ["a\nb.ipynb", "\x1b[2J.ipynb", "a\\b.ipynb", "C:x.ipynb", "\udcff.ipynb", "a.IPYNB", "a"]
)
def test_a_notebook_whose_name_no_manifest_can_hold_is_refused(tmp_path: Path, name: str) -> None:
    path = own_notebook(tmp_path)
    with pytest.raises(NameOfNotebookError, match="đổi tên tệp"):
        kind_of(path.rename(tmp_path / name))


def test_a_notebook_that_no_file_can_hold_or_no_parser_read_is_told(tmp_path: Path) -> None:
    path = own_notebook(tmp_path)
    whole = path.read_text("utf-8")
    path.write_text(whole.replace("print", f"{'-' * 50_000}1;print"), "utf-8")
    assert kind_of(path).parameters == {"unit", "period", "data"}
    path.write_text(whole.replace("print", "\\ud800"), "utf-8")
    with pytest.raises(NoNotebookError):
        kind_of(path)


def test_a_notebook_of_the_project_named_by_its_path_is_the_kind(project: Path) -> None:
    assert kind_of(project / "notebooks" / "monthly_report.ipynb").name == "notebooks/monthly_report.ipynb"


@pytest.mark.parametrize(
    "broken",
    [
        {"metadata": {"tags": 5}},
        {"metadata": {"tags": {"a": 1}}},
        {"metadata": {"tags": [5]}},
        {"metadata": {"tags": ["a", "a"]}},
        {"cell_type": "zzz"},
        {"cell_type": "markdown", "attachments": 5},
        {"cell_type": "markdown", "attachments": ["a"]},
    ],
    ids=str,
)
def test_a_notebook_with_cells_that_no_notebook_has_is_told(tmp_path: Path, broken: dict[str, Any]) -> None:
    path = own_notebook(tmp_path)
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"][1] |= broken
    path.write_text(json.dumps(notebook), "utf-8")
    with pytest.raises(NoNotebookError):
        kind_of(path)


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_the_modules_of_a_link_are_those_beside_the_notebook_that_it_leads_to(tmp_path: Path) -> None:
    for name in ("mine", "shared"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "helper.py").touch()
    path = own_notebook(tmp_path / "mine")
    path.write_text(path.read_text("utf-8").replace("print", "import helper;print"), "utf-8")
    link = tmp_path / "shared" / "link.ipynb"
    link.symlink_to(path)
    assert (kind_of(link).name, kind_of(link).modules) == ("link.ipynb", (tmp_path / "mine" / "helper.py",))


@pytest.mark.parametrize("first", ["%matplotlib inline", "%%time", "!true"])
def test_magic_in_the_cell_of_parameters_hides_none(tmp_path: Path, first: str) -> None:
    path = own_notebook(tmp_path)
    path.write_text(path.read_text("utf-8").replace('"unit = ', f'"{first}\\nunit = '), "utf-8")
    assert kind_of(path).parameters == {"unit", "period", "data"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"parameters"', '"other"'),
        ('"unit = ', '"x = !ls\\nunit = '),
        ('"unit = ', '"if True:\\n unit = \\"a\\"\\nu = '),
        ('"unit = ', '"unit, other = 1, '),
        ('"unit = ', '"for unit in []:\\n pass\\nu = '),
    ],
)
def test_a_unit_that_no_command_can_change_is_told(tmp_path: Path, old: str, new: str) -> None:
    path = own_notebook(tmp_path)
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(ParameterCellError, match=r"của tôi\.ipynb (đặt (unit|period) ở chỗ|có ô parameters không)"):
        kind_of(path)
