"""One report: `giamngheo report` beside the stock tools on the same notebook and data, cold start included."""

import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import nbformat

from bench.stock import BIN, ROOT, stock_steps
from giamngheo.export.pdf import PdfExporter

ROUNDS = 5
UNIT, PERIOD = "tu-mo-rong", "2023-08"
OURS = "giamngheo report (HTML + PDF + Word)"


def main() -> None:
    """Print the median seconds of each step and the ratio of the two ways, measured in turns."""
    with tempfile.TemporaryDirectory() as name:
        steps = {OURS: _ours(Path(name)), **stock_steps(Path(name), period=PERIOD)}
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
