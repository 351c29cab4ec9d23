"""One report: `giamngheo report` beside the stock tools on the same notebook and data, cold start included."""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROUNDS = 5
UNIT, PERIOD = "tu-mo-rong", "2023-08"
ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


def main() -> None:
    """Prints the median seconds of each step and the ratio of the two ways, measured in turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        steps = {"ours": _ours(folder), **_stock(folder)}
        seconds = {step: [] for step in steps}
        for _ in range(ROUNDS):
            for step, command in steps.items():
                seconds[step].append(_timed(command))
        _timed_pdf(folder)
    medians = {step: statistics.median(values) for step, values in seconds.items()}
    for step, value in medians.items():
        print(f"{step:34}{value:6.2f} s")
    stock = sum(value for step, value in medians.items() if step != "ours")
    print(f"{'stock, all steps':34}{stock:6.2f} s; ours / stock = {medians['ours'] / stock:.2f}")


def _ours(folder: Path) -> Sequence[str | Path]:
    formats = ["--formats", "html,pdf,docx", "--out", str(folder / "ours")]
    return [BIN / "giamngheo", "report", UNIT, PERIOD, *formats]


def _stock(folder: Path) -> dict[str, Sequence[str | Path]]:
    """The stock commands: papermill, nbconvert to HTML, nbconvert to PDF by what is installed."""
    run = folder / "run.ipynb"
    papermill = [BIN / "papermill", "notebooks/monthly_report.ipynb", run, "-p", "period", PERIOD]
    convert = [BIN / "jupyter", "nbconvert", "--log-level=ERROR", "--no-input", "--to"]
    steps = {"stock: papermill": papermill, "stock: nbconvert html": [*convert, "html", run]}
    if shutil.which("chromium") or shutil.which("google-chrome"):
        steps["stock: nbconvert webpdf"] = [*convert, "webpdf", run]
    elif shutil.which("xelatex"):
        steps["stock: nbconvert pdf (LaTeX)"] = [*convert, "pdf", run]
    return steps
