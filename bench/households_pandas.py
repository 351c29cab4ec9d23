"""The tables of a review of households as an analyst would write them in pandas: what ours are measured and checked by.

Nothing of the package but the law and the words of the schema, so that tables which agree were made in two ways.
"""

import datetime as dt
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from giamngheo.households.file.schema import cause_columns, deprivation_columns
from giamngheo.regulation.poverty import poverty_standard
from giamngheo.workbook import schema

DAY = dt.date(2023, 12, 31)
STANDARD = poverty_standard(on=DAY)
LEVELS = ("village", "commune", "district")
OTHER = {"poor": "near_poor", "near_poor": "poor"}
FLAGS, CAUSES = list(deprivation_columns()), list(cause_columns())
FLOWS = [
    name.removesuffix("_households")
    for column in schema.table("poor_flows").columns
    if (name := column.name).endswith("_households") and name != "left_households"
]
GROUPS = ("no_labour_capacity", "merit", "other")


def with_pandas(now: Path, before: Path, units: pd.DataFrame, *, check: bool) -> dict[str, pd.DataFrame]:
    """Every table of two years' files, by name; with `check`, every row of both is looked at first."""
    frame, past = (_read(path, units) for path in (now, before))
    if check:
        _check(frame, units, DAY.year)
        _check(past, units, DAY.year - 1)
    side = ["household_id", *LEVELS, "class", "previous_class", "members"]
    both = past[side].merge(frame[side], on="household_id", how="outer", suffixes=("_before", ""))
    found = {}
    for level in LEVELS:
        poor = frame[frame["class"].isin(OTHER)]
        found[f"summary {level}"] = _summary(frame, level)
        found[f"deprivations {level}"] = _shares(poor, level, "indicator", FLAGS)
        found[f"groups {level}"] = _shares(poor, level, "group", ["ethnic_minority", *GROUPS])
        found[f"causes {level}"] = _shares(poor, level, "cause", CAUSES)
        found[f"ethnicity {level}"] = _peoples(frame, level)
        for name in OTHER:
            found[f"{name} flows {level}"] = _flows(both, name, level)
    found["measures"], found["indicators"] = _measures(frame)
    return found


def _read(path: Path, units: pd.DataFrame) -> pd.DataFrame:
    """Return the households with their class and units; pandas gets them through DuckDB, for want of pyarrow."""
    frame = duckdb.sql(f"from '{path}'").df()
    above = units.set_index("code")["parent_code"]
    frame["village"] = frame["unit_code"]
    frame["commune"] = frame["village"].map(above)
    frame["district"] = frame["commune"].map(above)
    count = frame[FLAGS].sum(axis=1)
    low = frame["income_vnd"] <= frame["area"].map(STANDARD.income_line_vnd)
    average = frame["income_vnd"] <= frame["area"].map(STANDARD.average_line_vnd)
    deprived = count >= STANDARD.deprivation_cutoff
    frame["class"] = np.select([low & deprived, low, average], ["poor", "near_poor", "average"], "not_poor")
    for group in GROUPS:
        frame[group] = (frame["household_group"] == group).astype(int)
    return frame.assign(deprived=deprived, censored=count.where(deprived, 0) / len(FLAGS))


def _check(frame: pd.DataFrame, units: pd.DataFrame, year: int) -> None:
    """Return what ours checks."""
    flags = ["ethnic_minority", *FLAGS, *CAUSES]
    good = [
        *(frame[name].isin([0, 1]).all() for name in flags),
        frame["area"].isin(["rural", "urban"]).all(),
        frame["household_group"].isin(GROUPS).all(),
        frame["previous_class"].dropna().isin(["poor", "near_poor", "average", "not_poor"]).all(),
        frame["unit_code"].isin(units["code"]).all(),
        (frame["household_id"].str.strip() != "").all(),
        not frame["household_id"].duplicated().any(),
        (frame["members"] >= 1).all(),
        (frame["income_vnd"] >= 0).all(),
        (frame["date"].dt.year == year).all(),
    ]
    if not all(good):
        raise SystemExit("the made-up file is not good")


def _summary(frame: pd.DataFrame, level: str) -> pd.DataFrame:
    """Households, persons and minority households of each unit, and of its classes."""
    parts = []
    for name in ("", "poor", "near_poor", "average"):
        rows = frame[frame["class"] == name] if name else frame
        counted = rows.groupby(level).agg(
            households=("members", "size"),
            persons=("members", "sum"),
            ethnic_minority_households=("ethnic_minority", "sum"),
        )
        parts.append(counted.add_prefix(f"{name}_" if name else ""))
    table = pd.concat(parts, axis=1).fillna(0).astype(int).drop(columns="average_ethnic_minority_households")
    return table.rename_axis("unit_code").reset_index()


def _shares(poor: pd.DataFrame, level: str, name: str, columns: list[str]) -> pd.DataFrame:
    """How many of the poor and of the near-poor of each unit have each of the flags, and which share they are."""
    by_class = poor.groupby([level, "class"])
    size = by_class.size().rename("of_households")
    codes = {column: column.removeprefix(f"{_PREFIX[name]}_") for column in columns}
    table = by_class[columns].sum().rename(columns=codes).rename_axis(columns=name).stack().rename("households")
    table = table.reset_index().join(size, on=[level, "class"])
    table["rate_pct"] = table["households"] / table["of_households"] * 100  # flags are of one byte: not 100 * first
    return table.rename(columns={level: "unit_code"})


_PREFIX = {"indicator": "deprivation", "cause": "cause", "group": "group"}


def _peoples(frame: pd.DataFrame, level: str) -> pd.DataFrame:
    """Households and persons of each ethnic group of each unit, and of the poor and the near-poor among them."""
    keys, wanted = [level, "ethnic_group"], {"households": ("members", "size"), "persons": ("members", "sum")}
    table = frame.groupby(keys).agg(**wanted)
    for name in OTHER:
        of_class = frame[frame["class"] == name].groupby(keys).agg(**wanted).add_prefix(f"{name}_")
        table = table.join(of_class).fillna(0)
        table[f"{name}_rate_pct"] = 100 * table[f"{name}_households"] / table["households"]
    return table.reset_index().rename(columns={level: "unit_code"})


def _flows(both: pd.DataFrame, name: str, level: str) -> pd.DataFrame:
    """Return the flow table of a class: how its stock of a unit came from that of last year."""
    base = "village" if level == "village" else "commune"
    unit_before = f"{level}_before"
    was, comes = both[both["class_before"] == name].copy(), both[both["class"] == name].copy()
    for rows in (was, comes):
        rows["stays"] = rows[f"{base}_before"] == rows[base]
    left = [~was["stays"], was["class"] == name, was["class"] == OTHER[name]]
    was["flow"] = np.select(left, ["other_decrease", "", "left_to_other_class"], "left_above")
    came = [
        ~comes["stays"],
        comes["class_before"] == name,
        comes["class_before"] == OTHER[name],
        comes["previous_class_before"] == name,
    ]
    comes["flow"] = np.select(came, ["other_increase", "", "entered_from_other_class", "fell_back"], "new")
    was["persons"] = was["members"].where(was["stays"], was["members_before"])
    comes["persons"] = comes["members"]
    change = was.assign(change=was["members"] - was["members_before"]).query("stays")
    parts = [
        _of_flow(was.assign(flow="opening", persons=was["members_before"]), unit_before),
        _of_flow(was, unit_before),
        _of_flow(
            change.assign(flow="other_decrease", persons=(-change["change"]).clip(lower=0)), unit_before, none=True
        ),
        _of_flow(change.assign(flow="other_increase", persons=change["change"].clip(lower=0)), unit_before, none=True),
        _of_flow(comes, level),
        _of_flow(comes.assign(flow="closing"), level),
    ]
    table = pd.concat(parts).groupby(["unit_code", "flow"]).sum().unstack()
    table.columns = [f"{flow}_{count}" for count, flow in table.columns]
    every = [f"{flow}_{count}" for flow in FLOWS for count in ("households", "persons")]
    table = table.reindex(columns=every).fillna(0)
    for count in ("households", "persons"):
        table[f"left_{count}"] = table[f"left_to_other_class_{count}"] + table[f"left_above_{count}"]
    return table.astype(int).reset_index()


def _of_flow(rows: pd.DataFrame, unit: str, *, none: bool = False) -> pd.DataFrame:
    """Households (`none` where only persons flow) and persons by unit and flow."""
    by_flow = rows[rows["flow"] != ""].groupby([unit, "flow"])
    counted = by_flow.agg(households=("persons", "size"), persons=("persons", "sum"))
    return (counted.assign(households=0) if none else counted).rename_axis(["unit_code", "flow"]).reset_index()


def _measures(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """H, A and M0 of each commune, and what each indicator is in it."""
    communes = frame.groupby("commune")
    size, deprived, censored = communes.size(), communes["deprived"].sum(), communes["censored"].sum()
    measures = pd.DataFrame(
        {
            "population": size,
            "poor": deprived,
            "incidence_pct": 100 * deprived / size,
            "intensity_pct": 100 * censored / deprived.where(deprived > 0),
            "adjusted_headcount": censored / size,
        }
    )
    suffering = frame[FLAGS].mul(frame["deprived"], axis=0).groupby(frame["commune"]).mean()
    indicators = pd.concat(
        {
            "uncensored_pct": 100 * communes[FLAGS].mean().stack(),
            "censored_pct": 100 * suffering.stack(),
            "contribution_pct": (100 * suffering / len(FLAGS)).div(measures["adjusted_headcount"], axis=0).stack(),
        },
        axis=1,
    )
    indicators = indicators.rename_axis(["unit_code", "indicator"]).reset_index()
    indicators["indicator"] = indicators["indicator"].str.removeprefix("deprivation_")
    return measures.rename_axis("unit_code").reset_index(), indicators
