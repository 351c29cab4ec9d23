"""Household files at size: ours against straightforward pandas in one run, then ours alone up to a country.

    python -m bench.households                 1 million households, both ways, time and peak memory
    python -m bench.households --households 28000000 --memory 2500MB --no-pandas

Each way runs in a process of its own on the same two Parquet files (pandas gets them through DuckDB: pyarrow is no
dependency of ours; polars is measured where it is installed) and makes the same tables: summary, deprivations, groups,
causes, ethnicity and flows of the poor and the near-poor by village, commune and district, and M0 with its
contributions by commune. Those of ours, of pandas and of polars are compared cell by cell.

    ours              every row of both files checked first, as always
    ours unchecked    the same functions without the checks: the same work as `pandas`
    pandas            as an analyst would write it, no row checked
    pandas checked    the same after checking every row as ours does: the same work as `ours`
    polars            as an analyst would write it in polars, lazily, no row checked: the same work as `ours unchecked`
    polars checked    the same after checking every row as ours does: the same work as `ours`
    floor             the engine alone: ids compared in each file and between the two, households counted by village,
                      class and people, flags added up; no table is made of it
"""

import argparse
import datetime as dt
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pandas as pd

from bench.households_pandas import DAY, LEVELS, STANDARD, with_pandas
from giamngheo.households import review as review_module
from giamngheo.households import tables
from giamngheo.households.demo import Demo, demo_units, make_households
from giamngheo.households.engine import workspace
from giamngheo.households.file.schema import cause_columns, deprivation_columns
from giamngheo.households.measures.alkire_foster import Poverty, indicator_measures, measures
from giamngheo.households.places import counts_at
from giamngheo.households.review import Method, Review, flows, review


@dataclass(frozen=True)
class Options:
    """The units of the made-up country and what memory the engine may use."""

    units: pd.DataFrame
    memory: str


KEYS = ("class", "indicator", "group", "cause", "ethnic_group")
POVERTY = Poverty((1.0,) * len(deprivation_columns()), STANDARD.deprivation_cutoff)


def ours(now: Path, before: Path, options: Options) -> dict[str, pd.DataFrame]:
    """Every table by our functions, the files checked for problems on the way."""
    return _tables(review(now, Method(options.units, by="income", memory=options.memory), before=before))


def unchecked(now: Path, before: Path, options: Options) -> dict[str, pd.DataFrame]:
    """Return the same without a look at whether the rows are good."""
    with mock.patch.object(review_module, "checked", lambda rows, *_, **__: rows):
        return ours(now, before, options)


def _tables(result: Review) -> dict[str, pd.DataFrame]:
    tree = result.tree
    found = {}
    for level in LEVELS:
        classes = counts_at(result.counts.classes, tree, level)
        found[f"summary {level}"] = tables.summary(classes, DAY)
        found[f"deprivations {level}"] = tables.deprivation_table(classes)
        found[f"groups {level}"] = tables.group_table(classes)
        found[f"causes {level}"] = tables.cause_table(classes)
        found[f"ethnicity {level}"] = tables.ethnicity_table(counts_at(result.counts.ethnicity, tree, level))
        for name in ("poor", "near_poor"):
            found[f"{name} flows {level}"] = flows(result, name, level)
    found["measures"] = measures(result.counts.patterns, POVERTY, ["unit_code"])
    found["indicators"] = indicator_measures(result.counts.patterns, POVERTY, ["unit_code"])
    return found


def floor(now: Path, before: Path, options: Options) -> dict[str, pd.DataFrame]:
    """Return what the engine cannot do without, in as few words as it takes; M0 is not computed."""
    flags = ", ".join(f"sum({name})" for name in (*deprivation_columns(), *cause_columns()))
    poor = f"{' + '.join(deprivation_columns())} >= {STANDARD.deprivation_cutoff}"
    line = STANDARD.income_line_vnd["rural"]
    household = f"household_id, unit_code, members, income_vnd <= {line} as low, {poor} as deprived"
    with workspace(options.memory) as work:
        twice = [
            f"select hash(household_id) as id from '{path}' group by id having count(*) > 1" for path in (now, before)
        ]
        counted = f"select unit_code, income_vnd <= {line} as low, {poor} as deprived"
        queries = [
            *twice,
            f"{counted}, count(*), sum(members), {flags} from '{now}' group by all",
            f"{counted}, ethnic_group, count(*), sum(members) from '{now}' group by all",
            f"select b.unit_code, b.low, b.deprived, n.unit_code, n.low, n.deprived, count(*), sum(b.members), "
            f"sum(n.members) from (select {household} from '{before}') b full outer join "
            f"(select {household} from '{now}') n using (household_id) group by all",
        ]
        return {f"query {number}": work.connection.execute(query).df() for number, query in enumerate(queries)}


def in_pandas(now: Path, before: Path, options: Options) -> dict[str, pd.DataFrame]:
    """Every table by pandas."""
    return with_pandas(now, before, options.units, check=False)


def checked_in_pandas(now: Path, before: Path, options: Options) -> dict[str, pd.DataFrame]:
    """Every table by pandas, the files checked on the way."""
    return with_pandas(now, before, options.units, check=True)


def in_polars(now: Path, before: Path, options: Options) -> dict[str, pd.DataFrame]:
    """Every table by polars."""
    from bench.households_polars import with_polars

    return with_polars(now, before, options.units, check=False)


def checked_in_polars(now: Path, before: Path, options: Options) -> dict[str, pd.DataFrame]:
    """Every table by polars, the files checked on the way."""
    from bench.households_polars import with_polars

    return with_polars(now, before, options.units, check=True)


WAYS = {
    "ours": ours,
    "ours unchecked": unchecked,
    "pandas": in_pandas,
    "pandas checked": checked_in_pandas,
    "polars": in_polars,
    "polars checked": checked_in_polars,
    "floor": floor,
}


def one_way(name: str, folder: Path, options: Options) -> None:
    """Run one way in this process, keep its tables; print its seconds, those of the processor, peak MiB, tables."""
    files = (folder / f"{DAY.year}.parquet", folder / f"{DAY.year - 1}.parquet")
    start, worked = time.perf_counter(), time.process_time()
    found = WAYS[name](*files, options)
    seconds, work = time.perf_counter() - start, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pd.to_pickle(found, folder / f"{name}.pickle")
    print(seconds, work, peak, len(found), flush=True)


def main() -> None:
    """Make the files, then run the ways one after the other, each in a process of its own, several times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--memory", default="1GB", help="what the engine may use")
    parser.add_argument("--times", type=int, default=5, help="how often; the quickest counts")
    parser.add_argument("--no-pandas", action="store_true")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen, _ = parser.parse_known_args()
    if chosen.way:
        one_way(chosen.way, chosen.folder, Options(demo_units(chosen.households), chosen.memory))
        return
    with TemporaryDirectory() as folder:
        start = time.perf_counter()
        for year in (DAY.year - 1, DAY.year):
            _make(Path(folder) / f"{year}.parquet", dt.date(year, 12, 31), chosen)
        print(f"2 x {chosen.households} households made in {time.perf_counter() - start:.1f} s", flush=True)
        left_out = [*(["pandas"] if chosen.no_pandas else []), *([] if find_spec("polars") else ["polars"])]
        ways = [way for way in WAYS if not way.startswith(tuple(left_out))]
        rounds = [{way: _measured(way, folder, chosen) for way in ways} for _ in range(chosen.times)]
        _said({way: min(measured[way] for measured in rounds) for way in ways})
        for other in ("pandas", "polars"):
            if other in ways:
                _compared(*(pd.read_pickle(Path(folder) / f"{way}.pickle") for way in ("ours", other)), other)


def _measured(way: str, folder: str, chosen: argparse.Namespace) -> list[float]:
    """Seconds, seconds of the processor, peak MiB and tables of one run of a way."""
    command = [sys.executable, "-m", "bench.households", "--way", way, "--folder", folder]
    command += ["--households", str(chosen.households), "--memory", chosen.memory]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [float(number) for number in run.stdout.split()]


def _said(found: dict[str, list[float]]) -> None:
    """Every way in a line, then how many times as fast ours is as pandas at the same work."""
    for way, (seconds, work, peak, count) in found.items():
        took = f"{seconds:6.2f} s ({work:.2f} s of processor), {peak:.0f} MiB at most"
        print(f"{way:>15}: {took}, {count:.0f} tables")
    pairs = [("ours", ""), ("ours unchecked", ""), ("ours", " checked"), ("floor", "")]
    for one, other in [(one, f"{of}{how}") for of in ("pandas", "polars") for one, how in pairs]:
        if other in found:
            clock, processor = (found[other][at] / found[one][at] for at in (0, 1))
            print(f"{one} is {clock:.1f} times as fast as {other} ({processor:.1f} times by processor time)")


def _compared(ours: dict[str, pd.DataFrame], others: dict[str, pd.DataFrame], other: str) -> None:
    """End the run unless all tables of the two are the same: every count, and rates but for their last digits."""
    for name, table in ours.items():
        columns = [column for column in table if column != "date"]
        keys = [column for column in columns if column in {"unit_code", *KEYS}]
        pair = (found[columns].sort_values(keys, ignore_index=True) for found in (table, others[name]))
        pd.testing.assert_frame_equal(*pair, check_dtype=False, check_categorical=False, rtol=1e-12, obj=name)
    print(f"ours and {other}: the same {len(ours)} tables, {sum(table.size for table in ours.values())} cells")


def _make(path: Path, day: dt.date, chosen: argparse.Namespace) -> None:
    with workspace(chosen.memory) as work:
        make_households(work, path, Demo(chosen.households, day, 1), demo_units(chosen.households), standard=STANDARD)


if __name__ == "__main__":
    main()
