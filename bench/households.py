"""Household files at size: ours against straightforward pandas in one run, then ours alone up to a country.

    python bench/households.py                 1 million households, both ways, time and peak memory
    python bench/households.py --households 28000000 --memory 2500MB --no-pandas

Each way runs in a process of its own on the same two Parquet files (pandas gets them through DuckDB: pyarrow is no
dependency of ours) and makes the same tables: summary, deprivations, groups, causes, ethnicity and flows by village,
commune and district, and M0 with its contributions by commune. Ours also checks every row of both files first.
"""

import argparse
import datetime as dt
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pandas as pd

from giamngheo.intake.household_schema import cause_columns, deprivation_columns
from giamngheo.regulation.poverty import poverty_standard
from giamngheo.statistics.households import tables
from giamngheo.statistics.households.alkire_foster import Poverty, indicator_measures, measures
from giamngheo.statistics.households.demo import Demo, demo_units, make_households
from giamngheo.statistics.households.engine import workspace
from giamngheo.statistics.households.places import rolled_up
from giamngheo.statistics.households.review import Method, flows, review

DAY = dt.date(2023, 12, 31)
STANDARD = poverty_standard(on=DAY)
LEVELS = ("village", "commune", "district")
POVERTY = Poverty((1.0,) * len(deprivation_columns()), STANDARD.deprivation_cutoff)


def ours(now: Path, before: Path, size: int, memory: str) -> dict[str, pd.DataFrame]:
    """Every table by our functions, the files checked for problems on the way."""
    units = demo_units(size)
    result = review(now, Method(units, by="income", memory=memory), before=before)
    tree = result.tree
    found = {}
    for level in LEVELS:
        classes = rolled_up(result.counts.classes, tree, level)
        found[f"summary {level}"] = tables.summary(classes, DAY)
        found[f"deprivations {level}"] = tables.deprivation_table(classes)
        found[f"groups {level}"] = tables.group_table(classes)
        found[f"causes {level}"] = tables.cause_table(classes)
        found[f"ethnicity {level}"] = tables.ethnicity_table(rolled_up(result.counts.ethnicity, tree, level))
        for name in ("poor", "near_poor"):
            found[f"{name} flows {level}"] = flows(result, name, level)
    found["measures"] = measures(result.counts.patterns, POVERTY, ["unit_code"])
    found["indicators"] = indicator_measures(result.counts.patterns, POVERTY, ["unit_code"])
    return found


def with_pandas(now: Path, before: Path, size: int, memory: str) -> dict[str, pd.DataFrame]:
    """The same tables as an analyst would write them in pandas, without any check of the files."""
    units = demo_units(size).set_index("code")
    frame, past = (_in_pandas(path, units) for path in (now, before))
    flags, causes = list(deprivation_columns()), list(cause_columns())
    both = past.merge(frame, on="household_id", how="outer", suffixes=("_before", ""))
    found = {}
    for level in LEVELS:
        by_class, minority = (rows.groupby([level, "class"]) for rows in (frame, frame[frame["ethnic_minority"] == 1]))
        sizes = [by_class.size(), by_class["members"].sum(), minority.size()]
        found[f"summary {level}"] = pd.concat(sizes, axis=1).unstack()
        found[f"deprivations {level}"] = by_class[flags].sum()
        found[f"groups {level}"] = frame.groupby([level, "class", "household_group"]).size().unstack()
        found[f"causes {level}"] = by_class[causes].sum()
        peoples = frame.groupby([level, "class", "ethnic_group"])
        found[f"ethnicity {level}"] = peoples.agg(households=("members", "size"), persons=("members", "sum"))
        unit = "village" if level == "village" else "commune"
        stays = both[unit] == both[f"{unit}_before"]
        keys = [f"{level}_before", "class_before", "previous_class_before", level, "class"]
        moves = both.assign(stays=stays).groupby([*keys, "stays"], dropna=False)
        found[f"flows {level}"] = moves[["members_before", "members"]].agg(["size", "sum"])
    frame[[f"censored_{name}" for name in flags]] = frame[flags].mul(frame["poor"], axis=0)
    communes = frame.groupby("commune")
    found["measures"] = communes[["poor", "censored"]].mean()
    headcounts = communes[[f"censored_{name}" for name in flags]].mean()
    found["indicators"] = headcounts.div(len(flags)).div(found["measures"]["censored"], axis=0)
    return found


def _in_pandas(path: Path, units: pd.DataFrame) -> pd.DataFrame:
    frame = duckdb.sql(f"from '{path}'").df()
    frame["village"] = frame["unit_code"]
    frame["commune"] = frame["village"].map(units["parent_code"])
    frame["district"] = frame["commune"].map(units["parent_code"])
    flags = list(deprivation_columns())
    count = frame[flags].sum(axis=1)
    low = frame["income_vnd"] <= frame["area"].map(STANDARD.income_line_vnd)
    average = frame["income_vnd"] <= frame["area"].map(STANDARD.average_line_vnd)
    deprived = count >= STANDARD.deprivation_cutoff
    frame["class"] = np.select([low & deprived, low, average], ["poor", "near_poor", "average"], "not_poor")
    return frame.assign(poor=deprived, censored=count.where(deprived, 0) / len(flags))


WAYS = {"ours": ours, "pandas": with_pandas}


def one_way(name: str, folder: Path, size: int, memory: str) -> None:
    """Runs one way in this process and says its seconds, peak memory and a figure to compare."""
    files = (folder / f"{DAY.year}.parquet", folder / f"{DAY.year - 1}.parquet")
    start, worked = time.perf_counter(), time.process_time()
    found = WAYS[name](*files, size, memory)
    seconds, work = time.perf_counter() - start, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    m0 = found["measures"].iloc[0, -1]
    took = f"{seconds:.2f} s ({work:.2f} s of processor), {peak:.0f} MiB at most"
    print(f"{name:>7}: {took}, {len(found)} tables, M0 of the first commune {m0:.9f}", flush=True)


def main() -> None:
    """Makes the files, then runs the ways one after the other, each in a process of its own."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--households", type=int, default=1_000_000)
    options.add_argument("--memory", default="1GB", help="what the engine may use")
    options.add_argument("--no-pandas", action="store_true")
    options.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen, _ = options.parse_known_args()
    if chosen.way:
        one_way(chosen.way, chosen.folder, chosen.households, chosen.memory)
        return
    with TemporaryDirectory() as folder:
        start = time.perf_counter()
        for year in (DAY.year - 1, DAY.year):
            _make(Path(folder) / f"{year}.parquet", dt.date(year, 12, 31), chosen)
        print(f"2 x {chosen.households} households made in {time.perf_counter() - start:.1f} s", flush=True)
        for way in ("ours",) if chosen.no_pandas else WAYS:
            command = [sys.executable, __file__, "--way", way, "--folder", folder]
            size = ["--households", str(chosen.households), "--memory", chosen.memory]
            subprocess.run([*command, *size], check=True)


def _make(path: Path, day: dt.date, chosen: argparse.Namespace) -> None:
    with workspace(chosen.memory) as work:
        make_households(work, path, Demo(chosen.households, day, 1), demo_units(chosen.households), standard=STANDARD)


if __name__ == "__main__":
    main()
