"""A project whose notebook is small, so that many reports cost little."""

from pathlib import Path

import nbformat
import pytest

WORK = """\
from pathlib import Path
import os
import time
task = (Path(data) / unit / f"{period[:4]}.xlsx").read_text("utf-8")
if task == "error":
    raise ValueError("a bad workbook")
if task == "hang":
    (Path(data) / unit / "hangs").touch()
    time.sleep(600)
if task == "die":
    os.kill(os.getpid(), 9)
print(unit, period, task)"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Folder of a project with three units, whose notebook does what their workbooks say, for who works in it."""
    parameters = 'unit = ""\nperiod = ""\ndata = ""'
    first = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    about = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=[first, nbformat.v4.new_code_cell(WORK)], metadata=about)
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "monthly_report.ipynb")
    for unit in ("dong", "nam", "tay"):
        (tmp_path / "data" / unit).mkdir(parents=True)
        (tmp_path / "data" / unit / "2023.xlsx").write_text("well", "utf-8")
    return tmp_path
