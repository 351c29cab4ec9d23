"""A workbook read and judged by every rule, after import: of a district's year, and of a province's three years.

Both are made up; the province is the first districts that have COMMUNES communes together, a workbook a year.
Seconds of the processor stand beside those of the clock: where others use the machine too, they are what it would take
alone.
"""

import statistics
import tempfile
import time
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from giamngheo.checks.consistency import findings
from giamngheo.demo.places import districts
from giamngheo.demo.province import province_datasets
from giamngheo.demo.workbook import datasets, write
from giamngheo.intake.reader import reading
from giamngheo.intake.schema import tables

SEED, MOST_DISTRICTS = 1, 20
COMMUNES = 200
ROUNDS = 7
AIMS = {"district": 0.5, "province": 3.0}


def main() -> None:
    """Prints the median seconds of each and its aim."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size, paths in (("district", _district(folder)), ("province", _province(folder))):
            for path in paths:
                _validated(path)  # the first time, rules and catalogues are loaded
            rounds = [_timed(paths) for _ in range(ROUNDS)]
            clock, processor = (statistics.median(times) for times in zip(*rounds, strict=True))
            seconds = f"{clock:5.2f} s, aim < {AIMS[size]} s ({processor:.2f} s of the processor)"
            print(f"{_described(paths):44}{seconds}", flush=True)


def _district(folder: Path) -> list[Path]:
    """The last workbook of the first district, which has 11 communes."""
    (district,) = districts(SEED, 1)
    *_, last = datasets(district)
    return [write(last, folder / "district")]


def _province(folder: Path) -> list[Path]:
    """The workbooks of the fewest districts that have COMMUNES communes."""
    known = districts(SEED, MOST_DISTRICTS)
    count = sum(total < COMMUNES for total in accumulate(len(district.communes) for district in known)) + 1
    return [write(data, folder / "province") for data in province_datasets(known[:count])]


def _timed(paths: Sequence[Path]) -> tuple[float, float]:
    """Seconds of the clock and of the processor that reading and judging all of the workbooks takes."""
    clock, processor = time.perf_counter(), time.process_time()
    for path in paths:
        _validated(path)
    return time.perf_counter() - clock, time.process_time() - processor


def _validated(path: Path) -> None:
    found = reading(path, path.parent.name, int(path.stem))
    findings(found.dataset, broken=found.broken)


def _described(paths: Sequence[Path]) -> str:
    read = [reading(path, path.parent.name, int(path.stem)).dataset for path in paths]
    communes = (read[0]["units"]["level"] == "commune").sum()
    rows = sum(len(data[table.name]) for data in read for table in tables() if table.layout == "rows")
    return f"{len(paths)} workbook(s), {communes} communes, {rows} rows:"


if __name__ == "__main__":
    main()
