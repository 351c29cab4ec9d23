"""What is the same of a notebook whoever ran and saved it, and whatever the clock did."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from giamngheo.run.execution.normalise import NoNotebookError, normalised, notebook_source

NOTEBOOK = Path(__file__).parents[3] / "notebooks" / "monthly_report.ipynb"


def saved(tmp_path: Path, notebook: object) -> Path:
    path = tmp_path / "saved.ipynb"
    path.write_text(json.dumps(notebook), "utf-8")
    return path


def run_and_saved(notebook: dict) -> dict:
    """The notebook as JupyterLab saves it after a run by a user whose kernel has another name."""
    about = notebook["metadata"]
    about["kernelspec"] = {"display_name": "giảm nghèo", "language": "python", "name": "giamngheo-venv"}
    about["language_info"] = {"name": "python", "version": "3.12.1", "mimetype": "text/x-python"}
    about["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"other-{number}"
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
        cell["metadata"] |= {"trusted": True, "collapsed": False, "jupyter": {"outputs_hidden": True}, "scrolled": True}
        if cell["cell_type"] == "code":
            cell["execution_count"] = 7
            cell["metadata"]["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["seen"]}]
    return notebook


def test_running_and_saving_a_notebook_changes_nothing(tmp_path: Path) -> None:
    after = saved(tmp_path, run_and_saved(json.loads(NOTEBOOK.read_text("utf-8"))))
    assert notebook_source(after) == notebook_source(NOTEBOOK)
    nbformat.validate(nbformat.reads(notebook_source(after).decode(), as_version=4))


@pytest.mark.parametrize(
    "change",
    [
        lambda cell: cell.update(source="other"),
        lambda cell: cell.update(cell_type="raw"),
        lambda cell: cell["metadata"].update(tags=["remove-cell"]),
        lambda cell: cell.update(attachments={"a.png": {"image/png": "iVBORw0KGgo="}}),
    ],
)
def test_what_somebody_typed_is_another_notebook(tmp_path: Path, change: object) -> None:
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    change(notebook["cells"][0])
    assert notebook_source(saved(tmp_path, notebook)) != notebook_source(NOTEBOOK)


@pytest.mark.parametrize("text", ["", "<<<<<<< HEAD", "[]", "{}", '{"nbformat": 3, "worksheets": []}', "[" * 9999])
def test_what_is_no_notebook_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.ipynb").write_text(text, "utf-8")
    with pytest.raises(NoNotebookError, match=r"x\.ipynb không phải sổ tay Jupyter"):
        notebook_source(tmp_path / "x.ipynb")


def stream(name: str, text: str) -> object:
    return new_output("stream", name=name, text=text)


def executed(*outputs: object) -> object:
    return new_notebook(cells=[new_markdown_cell("text"), new_code_cell("print()", outputs=list(outputs))])


def test_what_is_printed_is_the_same_however_the_clock_cut_it() -> None:
    shown = new_output("display_data", {"text/plain": "x"})
    slow = executed(*(stream("stdout", part) for part in "abc"), shown, stream("stdout", "d"), stream("stderr", "!"))
    quick = executed(stream("stdout", "abc"), shown, stream("stderr", "!"), stream("stdout", "d"))
    assert normalised(slow) == normalised(quick)
    texts = [output.get("text", "-") for output in normalised(slow).cells[1].outputs]
    assert texts == ["abc", "-", "d", "!"]
    assert [output["text"] for output in slow.cells[1].outputs[:2]] == ["a", "b"]
