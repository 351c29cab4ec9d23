"""One report: `giamngheo report` beside the stock tools on the same notebook and data, cold start included."""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import nbformat

from giamngheo.export.pdf import PdfExporter

ROUNDS = 5
UNIT, PERIOD = "tu-mo-rong", "2023-08"
OURS = "giamngheo report (HTML + PDF + Word)"
CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-pdf-header-footer"]
ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


def main() -> None:
    """Prints the median seconds of each step and the ratio of the two ways, measured in turns."""
    with tempfile.TemporaryDirectory() as name:
        steps = {OURS: _ours(Path(name)), **_stock(Path(name))}
        seconds: dict[str, list[float]] = {step: [] for step in steps}
        for _ in range(ROUNDS):
            for step, command in steps.items():
                seconds[step].append(_timed(command))
    medians = {step: statistics.median(values) for step, values in seconds.items()}
    for step, value in medians.items():
        print(f"{step:44}{value:7.2f} s")
    stock = sum(value for step, value in medians.items() if step != OURS)
    print(f"{'stock, all steps':44}{stock:7.2f} s")
    print(f"{'ours / stock':44}{medians[OURS] / stock:7.2f}")
    print(f"{'PDF export alone, after import':44}{_pdf_seconds():7.2f} s")


def _timed(command: Sequence[str | Path]) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - start


def _pdf_seconds() -> float:
    """Seconds of one PDF export of a report that is there already."""
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(_ours(Path(name)), cwd=ROOT, check=True, capture_output=True)
        notebook = nbformat.read(Path(name) / UNIT / PERIOD / "report.ipynb", as_version=4)
    start = time.perf_counter()
    PdfExporter().from_notebook_node(notebook)
    return time.perf_counter() - start


def _ours(folder: Path) -> Sequence[str | Path]:
    formats = ["--force", "--formats", "html,pdf,docx", "--out", folder]
    return [BIN / "giamngheo", "report", UNIT, PERIOD, *formats]


def _stock(folder: Path) -> dict[str, Sequence[str | Path]]:
    """The stock commands: papermill, nbconvert to HTML, then to PDF by the browser or the LaTeX that is there.

    nbconvert's webpdf drives a Chromium that its own installer fetched; with a Chromium of the system we take the
    page it would print and print that, which leaves out webpdf's own start and makes the stock way look better.
    """
    run, page = folder / "run.ipynb", folder / "run.html"
    papermill = [BIN / "papermill", "notebooks/monthly_report.ipynb", run, "-p", "period", PERIOD]
    convert = [BIN / "jupyter", "nbconvert", "--log-level=ERROR", "--no-input", "--to"]
    steps = {"stock: papermill": papermill, "stock: nbconvert --to html": [*convert, "html", run]}
    if chromium := shutil.which("chromium") or shutil.which("google-chrome"):
        printed = [chromium, *CHROMIUM, f"--print-to-pdf={folder / 'run.pdf'}", page.as_uri()]
        return steps | {"stock: HTML printed by Chromium": printed}
    if shutil.which("xelatex"):
        return steps | {"stock: nbconvert --to pdf (LaTeX)": [*convert, "pdf", run]}
    return steps
