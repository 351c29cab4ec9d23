"""A report's order cannot be turned round, and what is hashed is what it is made from."""

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from giamngheo.core.period import Period
from giamngheo.core.shared import MARK
from giamngheo.run.execution.execute import Run, executed
from giamngheo.run.execution.process import Processes, answers
from giamngheo.run.kinds import kind_named, kind_of
from giamngheo.run.provenance.inputs import Inputs, copied, input_digest
from giamngheo.run.provenance.manifest import read_manifest
from giamngheo.run.provenance.recipe import order, sha256
from giamngheo.run.report import ChangedNotebookError, MadeMeanwhileError, is_unchanged, make_report

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["unit=other"], "Tham số unit là của lệnh, không đặt bằng --parameter; ghi ở UNIT"),
        (["period=2023-07"], "Tham số period là của lệnh, không đặt bằng --parameter; ghi ở PERIOD"),
        (["data=other"], "Tham số data là của lệnh, không đặt bằng --parameter; ghi ở --data"),
        (["audience=public", "audience=internal"], "Tham số audience ghi nhiều lần"),
    ],
)
@pytest.mark.parametrize("command", ["report", "batch"])
def test_a_parameter_that_is_part_of_the_order_is_refused(
    called: Command, tmp_path: Path, command: str, words: list[str], said: str
) -> None:
    given = [part for word in words for part in ("--parameter", word)]
    done = called(command, "tu-mo-rong", "2023-08", "--out", tmp_path, *given)
    assert (done.returncode, done.stderr.startswith(said)) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_saved_twice_during_a_run_gives_the_numbers_that_were_hashed(
    project: Path, processes: Processes
) -> None:
    book = project / "data" / "dong" / "2023.xlsx"
    asked = order("dong", Period(2023, 1), kind_named(), data=project / "data", out=project / "out", formats=("html",))

    def busy(run: Run) -> nbformat.NotebookNode:
        book.write_text("other", "utf-8")
        ((_, done),) = answers(processes, executed, [run])
        book.write_text("well", "utf-8")
        return done

    make_report(asked, execute=busy)
    assert "dong 2023-01 well" in (asked.folder / "report.ipynb").read_text("utf-8")
    assert read_manifest(asked.folder).recipe.inputs["data/dong/2023.xlsx"] == sha256(b"well")
    assert is_unchanged(asked)


def test_a_notebook_saved_after_it_was_read_gives_no_report_of_two(project: Path, tmp_path: Path) -> None:
    notebook = tmp_path / "own.ipynb"
    typed = json.loads((project / "notebooks" / "monthly_report.ipynb").read_text("utf-8")) | {"metadata": {}}
    notebook.write_text(json.dumps(typed), "utf-8")
    kind = kind_of(notebook)
    asked = order("dong", Period(2023, 1), kind, data=project / "data", out=project / "out", formats=("html",))
    typed["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "other"})
    notebook.write_text(json.dumps(typed), "utf-8")

    with pytest.raises(ChangedNotebookError, match=r"own\.ipynb vừa được lưu lại"):
        make_report(asked)
    assert not asked.folder.exists()


def test_a_format_that_another_made_meanwhile_does_not_go(project: Path, processes: Processes) -> None:
    how = {"data": project / "data", "out": project / "out"}
    asked = order("dong", Period(2023, 1), kind_named(), formats=("html",), **how)

    def run_it(run: Run) -> nbformat.NotebookNode:
        ((_, done),) = answers(processes, executed, [run])
        return done

    def busy(run: Run) -> nbformat.NotebookNode:
        make_report(replace(asked, formats=("xlsx",)), execute=run_it)
        return run_it(run)

    with pytest.raises(MadeMeanwhileError, match="vừa được lệnh khác ghi thêm"):
        make_report(asked, execute=busy)
    assert "report.html" not in (there := {path.name for path in asked.folder.iterdir()})
    assert "tables.xlsx" in there
    assert is_unchanged(replace(asked, formats=("xlsx",)))


@pytest.mark.parametrize(("audience", "years"), [("internal", {2022, 2023}), ("public", {2021, 2022, 2023})])
def test_a_public_edition_is_made_from_the_workbook_of_the_year_before_last_too(
    tmp_path: Path, audience: str, years: set[int]
) -> None:
    (tmp_path / "data" / "dong").mkdir(parents=True)
    for year in (2020, 2021, 2022, 2023):
        (tmp_path / "data" / "dong" / f"{year}.xlsx").touch()
    how = {"data": tmp_path / "data", "out": tmp_path / "out", "formats": ("html",)}
    asked = order("dong", Period(2023, 1), kind_named(), parameters=[("audience", audience)], **how)
    assert {path.name for path in asked.sources.values()} == {"monthly_report.ipynb", *(f"{n}.xlsx" for n in years)}


def test_copies_have_the_digest_of_their_files_and_go_away(tmp_path: Path) -> None:
    source = tmp_path / "a book.xlsx"
    source.write_bytes(b"x" * 3_000_000)
    with copied({"data/a/2023.xlsx": source}) as inputs:
        copy = inputs.folder / "data" / "a" / "2023.xlsx"
        assert copy.read_bytes() == source.read_bytes()
        assert (
            inputs.digests
            == {"data/a/2023.xlsx": input_digest(source)}
            == {"data/a/2023.xlsx": sha256(b"x" * 3_000_000)}
        )
        assert inputs.folder.stat().st_mode & 0o077 == 0
    assert not inputs.folder.exists()


def test_a_message_on_a_copy_names_the_file_it_was_made_of() -> None:
    inputs = Inputs(Path("/tmp/run"), {"data/household-file.csv": Path("/home/h/hộ.csv")}, {})
    assert (
        inputs.told("household-file.csv: 2 dòng; /tmp/run/data/household-file.csv") == "hộ.csv: 2 dòng; /home/h/hộ.csv"
    )


def test_running_and_saving_the_notebook_keeps_the_report(project: Path, called: Command) -> None:
    words = ("report", "dong", "2023-01", "--formats", "html")
    assert called(*words, cwd=project).returncode == 0
    report = project / "outputs" / "dong" / "2023-01" / "report.ipynb"
    ran = report.read_text("utf-8").replace('"id": "cell-1"', '"id": "other"')
    kind_named().notebook.write_text(without_parameters(ran), "utf-8")
    assert "không có gì thay đổi" in called(*words, cwd=project).stdout
    assert "giống hệt từng byte" in called("verify", "outputs", cwd=project).stdout


def test_what_is_printed_slowly_is_one_output(project: Path, called: Command) -> None:
    (project / "data" / "dong" / "2023.xlsx").write_text("slow", "utf-8")
    assert called("report", "dong", "2023-01", "--formats", "html", cwd=project).returncode == 0
    report = nbformat.read(project / "outputs" / "dong" / "2023-01" / "report.ipynb", as_version=4)
    assert [output.text for output in report.cells[-1].outputs] == ["first\ndong 2023-01 slow\n"]


def without_parameters(text: str) -> str:
    """The executed notebook without the cell that papermill put in."""
    notebook = nbformat.reads(text, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "injected-parameters" not in cell.metadata.get("tags", ())]
    return nbformat.writes(notebook)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_a_pipe_in_the_place_of_a_workbook_is_not_waited_for(called: Command, project: Path) -> None:
    book = project / "data" / "dong" / "2023.xlsx"
    book.unlink()
    os.mkfifo(book)
    done = called("report", "dong", "2023-01", cwd=project)
    assert (done.returncode, done.stderr) == (
        1,
        f"Không đọc được {book}: không phải là tệp thường. Kiểm tra quyền đọc, ổ đĩa hoặc thư mục mạng rồi chạy lại.\n",
    )


@pytest.mark.parametrize("data", [MARK, "lock"])
def test_a_data_folder_may_be_called_as_what_a_run_keeps_for_itself(tmp_path: Path, data: str) -> None:
    (source := tmp_path / "2023.xlsx").write_bytes(b"workbook")
    with copied({f"{data}/a/2023.xlsx": source}) as inputs:
        assert (inputs.folder / data / "a" / "2023.xlsx").read_bytes() == b"workbook"


@pytest.mark.parametrize("name", ["data", "{project}/secret.toml", "data/dong/2022.xlsx", "../../..", "data\\0"])
def test_a_report_finds_no_file_that_it_was_not_given(project: Path, called: Command, name: str) -> None:
    (project / "secret.toml").touch()
    cells = [
        nbformat.v4.new_code_cell('file = ""', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(
            'import giamngheo.core.paths\nprint(giamngheo.core.paths.located(file.replace("\\\\0", "\\0")))'
        ),
    ]
    about = {"giamngheo": {"report": {"inputs": [{"files": ["other.toml"], "needed": False}]}}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=about), project / "my.ipynb")
    given = name.format(project=project)
    done = called("report", "dong", "2023-01", "--notebook", "my.ipynb", "--parameter", f"file={given}", cwd=project)
    assert (done.returncode, "chỉ đọc các tệp ghi trong manifest.json của nó, không đọc" in done.stderr) == (2, True)
