"""Reading and judging a workbook, after import: a district's year, and a province's three years by commune."""

import statistics
import tempfile
import time
from pathlib import Path

from giamngheo.checks.consistency import findings
from giamngheo.demo.money import capital_table, disbursement_table, money
from giamngheo.demo.places import District, districts, units
from giamngheo.demo.stocks import FLOW_TABLES, flow_table, people, plans, reviews
from giamngheo.demo.workbook import YEARS, dataset, datasets, texts, write
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.read.workbook import reading

SEED = 1
COMMUNES_OF_DISTRICT, COMMUNES_OF_PROVINCE = 11, 200
DISTRICT_AIM, PROVINCE_AIM = 0.5, 3.0
ROUNDS = {DISTRICT_AIM: 15, PROVINCE_AIM: 5}


def main() -> None:
    """Print the median seconds of reading and of judging each workbook, and the aim of both together."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _print("district, 11 communes x 12 months", write(_district_year(), folder / "district"), DISTRICT_AIM)
        _print("province, 200 communes x 3 years", write(_province(), folder / "province"), PROVINCE_AIM)


def _print(label: str, path: Path, aim: float) -> None:
    rounds = [_seconds(path) for _ in range(ROUNDS[aim])]
    read, judged = (statistics.median(part) for part in zip(*rounds, strict=True))
    both = statistics.median(sum(entry) for entry in rounds)
    print(f"{label:36}{both:7.3f} s  (aim {aim} s; read {read:.3f} s, judged {judged:.3f} s)")


def _seconds(path: Path) -> tuple[float, float]:
    start = time.perf_counter()
    found = reading(path, path.parent.name, int(path.stem))
    read = time.perf_counter()
    findings(found.dataset, broken=found.broken)
    return read - start, time.perf_counter() - read


def _district_year() -> Dataset:
    """Return the last year of the demo's first district of that many communes."""
    made = (entry for entry in districts(SEED, 20) if len(entry.communes) == COMMUNES_OF_DISTRICT)
    return list(datasets(next(made)))[-1]


def _province() -> Dataset:
    """All years of that many communes in the workbook of the last one, as if of one large district."""
    codes = [str(99001 + number) for number in range(COMMUNES_OF_PROVINCE)]
    whole = District(0, SEED, "980", "Ngân Hà", tuple((code, f"Xã {code}") for code in codes))
    who, funds = people(whole, YEARS), list(money(whole, YEARS))[-1]
    stocks = reviews(who)
    frames = texts(whole, funds.year) | {
        "units": units(whole),
        "reviews": stocks[stocks["date"].dt.year > funds.year - YEARS],
        "plans": plans(whole, stocks, funds.year),
        "capital": capital_table(funds),
        "disbursements": disbursement_table(funds),
    }
    return dataset(whole, funds.year, frames | {name: flow_table(who, name, YEARS) for name in FLOW_TABLES})
