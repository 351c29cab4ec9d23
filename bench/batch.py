"""Many reports: `giamngheo batch` beside the stock commands, two reports at a time; then ours ten times as many.

The stock way is that of bench.stock; what it costs a report does not depend on their number, so eight will do. Reports
are of a made-up province. Ours writes HTML and PDF here, so that both ways do the same work, and keeps the executed
notebook, as the stock way does. Communes of 2026, each made of others in 2025, are measured as well: their figures of
before are told in the units of today, which takes both ways longer, and ours more of its time.
"""

import importlib
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from bench.stock import BIN, ROOT, stock_steps
from giamngheo.core.period import Period
from giamngheo.demo.today import make_communes
from giamngheo.demo.workbook import make_province
from giamngheo.run.execution.cluster import warm_up
from giamngheo.run.execution.execute import Run, executed
from giamngheo.run.execution.normalise import normalised
from giamngheo.run.execution.process import Processes, answers
from giamngheo.run.kinds import kind_named
from giamngheo.run.provenance.recipe import order
from giamngheo.run.publishing.exports import exported

if TYPE_CHECKING:
    from nbformat import NotebookNode

AT_ONCE = 2
STOCK, FEW_UNITS, DISTRICTS = 8, 5, 14
MANY = "2022-01..2024-12"
SECONDS_BETWEEN_SAMPLES = 4
"""Each walks the pages of four processes: every second it would take some percent of two cores from what is timed."""

_WHOLE, _TIMED = "one report: all", 5


def main() -> None:
    """Print seconds a report of each way, their ratio, memory, and how long a batch takes that changes nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        units = sorted({path.parent.name for path in make_province(folder / "data", seed=1, count=DISTRICTS)})
        few = _beside_stock(folder, units[:FEW_UNITS], 2024)
        list(make_communes(folder / "data", seed=1, count=FEW_UNITS))
        names = {path.parent.name for path in (folder / "data").glob("*/2026.xlsx")} - {"thien-ha"}
        print("communes of 2026:", flush=True)
        _beside_stock(folder, sorted(names), 2026)
        many = _ours(folder, "many", units, MANY)
        print(f"many / few, a report: {many / few:.2f}", flush=True)
        _ours(folder, "many", units, MANY)
        steps = _profile(folder / "data", units[0])
        for step, seconds in steps.items():
            print(f"{step:60}{seconds:6.2f} s {seconds / steps[_WHOLE]:5.0%}")


def _profile(data: Path, unit: str) -> dict[str, float]:
    """Where the seconds of a report go that is not the first of its process, and what they would be without Jupyter."""
    importlib.import_module("nbformat.v4")  # or the first answer waits for it, and the second is there meanwhile
    out = data.parent / "profile"
    asked = order(unit, Period(2024, 10), kind_named(), data=data, out=out, formats=("html", "pdf"))
    job = Run(asked.kind.notebook, asked.parameters, data.parent)
    with Processes(warm_up) as processes:
        found = answers(processes, executed, [job] * (1 + _TIMED))
        next(found)  # for the first, the process imports what it needs
        start = time.perf_counter()
        *_, (_, run) = found
        execution = (time.perf_counter() - start) / _TIMED
    cells: Counter[str] = Counter()
    for cell in run.cells:
        if cell.cell_type == "code":
            cells[_kind(cell.source)] += cell.metadata.papermill.duration
    for _ in range(2):  # the first one imports and compiles
        start = time.perf_counter()
        exported(normalised(run), asked.formats)
        export = time.perf_counter() - start
    floor = _without_jupyter(run, data.parent) + export
    steps = {f"one report: {kind}": seconds for kind, seconds in cells.items()}
    return steps | {
        "one report: notebook read, parameters, cells' frame": execution - cells.total(),
        "one report: HTML and PDF": export,
        _WHOLE: execution + export,
        "floor: the same cells and exports in one process": floor,
    }


def _kind(source: str) -> str:
    if "facts(" in source:
        return "workbook judged, statistics"
    return "figures" if "_figure(" in source else "words and tables"


def _without_jupyter(run: "NotebookNode", cwd: Path) -> float:
    """Seconds of the code of a notebook in this process; the second time, when everything is imported."""
    with chdir(cwd):
        for _ in range(2):
            start = time.perf_counter()
            names: dict[str, object] = {}
            for cell in run.cells:
                if cell.cell_type == "code":
                    exec(cell.source, names)  # the project's own notebook
            seconds = time.perf_counter() - start
    return seconds


def _beside_stock(folder: Path, units: list[str], year: int) -> float:
    """Print seconds a report of both ways of ten months of units, and their ratio; return those of ours."""
    stock = _stock(folder, units[0], year) / STOCK
    print(f"stock, {AT_ONCE} at a time, {STOCK} reports: {stock:.2f} s a report", flush=True)
    ours = _ours(folder, f"few-{year}", units, f"{year}-01..{year}-10")
    print(f"stock / ours: {stock / ours:.1f}", flush=True)
    return ours


def _stock(folder: Path, unit: str, year: int) -> float:
    """Seconds of STOCK reports of a unit made with the stock commands."""

    def made(commands: Iterable[Sequence[str | Path]]) -> None:
        for command in commands:
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    reports = []
    for month in range(1, STOCK + 1):
        place = folder / f"stock-{year}-{month}"
        place.mkdir()
        reports.append(stock_steps(place, unit=unit, period=f"{year}-{month:02}", data=str(folder / "data")).values())
    start = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(made, reports))
    return time.perf_counter() - start


def _ours(folder: Path, out: str, units: list[str], periods: str) -> float:
    """Seconds a report of one batch, which it also prints with the most memory that all of its processes held."""
    command = [BIN / "giamngheo", "batch", *units, periods, "--data", folder / "data", "--out", folder / out]
    start = time.perf_counter()
    batch = subprocess.Popen(
        [*command, "--formats", "html,pdf"], cwd=ROOT, stdout=subprocess.PIPE, stderr=sys.stderr, text=True
    )
    peak = [0]
    watch = threading.Thread(target=_watched, args=(psutil.Process(batch.pid), peak))
    watch.start()
    said, _ = batch.communicate()
    seconds = time.perf_counter() - start
    watch.join()
    counts = said.splitlines()[-1].split()
    reports = sum(map(int, counts[:4]))
    print(
        f"ours: {reports} reports ({counts[0]} made, {counts[1]} unchanged, {counts[2]} failed) in {seconds:.1f} s,"
        f" {seconds / reports:.2f} s a report, {peak[0] / 2**20:.0f} MiB at most in all processes",
        flush=True,
    )
    return seconds / reports


def _watched(batch: psutil.Process, peak: list[int]) -> None:
    """Keep the most memory of a process and those it started; pages that forks share count once."""
    while batch.is_running() and batch.status() != psutil.STATUS_ZOMBIE:
        held = 0
        for process in (batch, *batch.children(recursive=True)):
            try:
                held += process.memory_full_info().pss if psutil.LINUX else process.memory_info().rss
            except psutil.Error:
                continue
        peak[0] = max(peak[0], held)
        time.sleep(SECONDS_BETWEEN_SAMPLES)


if __name__ == "__main__":
    main()
