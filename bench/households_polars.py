"""The tables of a review of households as an analyst would write them in polars, lazily: all plans collected at once.

Nothing of the package but the law and the words of the schema, so that tables which agree were made in two ways. polars
is no dependency of ours: `pip install polars`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import polars as pl

from bench.households_pandas import CAUSES, DAY, FLAGS, FLOWS, GROUPS, LEVELS, OTHER, STANDARD

COUNTS = ("households", "persons")
_PREFIX = {"indicator": "deprivation_", "cause": "cause_", "group": ""}


def with_polars(now: Path, before: Path, units: pd.DataFrame, *, check: bool) -> dict[str, pd.DataFrame]:
    """Every table of two years' files, by name; with `check`, every row of both is looked at first."""
    frame, past = (_read(path, units) for path in (now, before))
    if check:
        _check(now, units, DAY.year)
        _check(before, units, DAY.year - 1)
    plans = dict(_plans(frame, past))
    collected = pl.collect_all(list(plans.values()), engine="streaming")
    found = {
        name: pd.DataFrame({column: table[column].to_numpy() for column in table.columns})
        for name, table in zip(plans, collected, strict=True)
    }
    for name, table in found.items():
        if "indicator" in table:
            found[name] = table.assign(indicator=table["indicator"].str.removeprefix("deprivation_"))
    return found


def _plans(frame: pl.LazyFrame, past: pl.LazyFrame) -> Iterator[tuple[str, pl.LazyFrame]]:
    side = ["household_id", *LEVELS, "class", "previous_class", "members"]
    both = past.select(side).join(frame.select(side), on="household_id", how="full", suffix="_now", coalesce=True)
    poor = frame.filter(pl.col("class").is_in(list(OTHER)))
    for level in LEVELS:
        yield f"summary {level}", _summary(frame, level)
        yield f"deprivations {level}", _shares(poor, level, "indicator", FLAGS)
        yield f"groups {level}", _shares(poor, level, "group", ["ethnic_minority", *GROUPS])
        yield f"causes {level}", _shares(poor, level, "cause", CAUSES)
        yield f"ethnicity {level}", _peoples(frame, level)
        for name in OTHER:
            yield f"{name} flows {level}", _flows(both, name, level)
    yield "measures", _measures(frame)
    yield "indicators", _indicators(frame)


def _read(path: Path, units: pd.DataFrame) -> pl.LazyFrame:
    """Return the households with their class and units."""
    above = dict(zip(units["code"], units["parent_code"].astype(str), strict=True))
    places = pl.LazyFrame(
        {
            "unit_code": list(above),
            "commune": list(above.values()),
            "district": [above.get(parent, "") for parent in above.values()],
        }
    )
    lines = {
        name: pl.col("area").replace_strict(line, return_dtype=pl.Int64)
        for name, line in (("low", STANDARD.income_line_vnd), ("average", STANDARD.average_line_vnd))
    }
    low, average = (pl.col("income_vnd") <= line for line in lines.values())
    count = pl.sum_horizontal(pl.col(FLAGS).cast(pl.Int32))
    deprived = count >= STANDARD.deprivation_cutoff
    of_class = pl.when(low & deprived).then(pl.lit("poor")).when(low).then(pl.lit("near_poor"))
    of_class = of_class.when(average).then(pl.lit("average")).otherwise(pl.lit("not_poor"))
    return (
        pl.scan_parquet(path)
        .join(places, on="unit_code", how="left")
        .with_columns(
            of_class.alias("class"),
            pl.col("unit_code").alias("village"),
            deprived.alias("deprived"),
            pl.when(deprived).then(count).otherwise(0).alias("censored"),
            *((pl.col("household_group") == group).alias(group) for group in GROUPS),
        )
    )


def _check(path: Path, units: pd.DataFrame, year: int) -> None:
    """Return what ours checks."""
    flags = pl.col(["ethnic_minority", *FLAGS, *CAUSES])
    classes = ["poor", "near_poor", "average", "not_poor"]
    good = pl.scan_parquet(path).select(
        pl.all_horizontal(flags.is_in([0, 1]).all()).alias("flags"),
        pl.col("area").is_in(["rural", "urban"]).all(),
        pl.col("household_group").is_in(list(GROUPS)).all(),
        pl.col("previous_class").drop_nulls().is_in(classes).all(),
        pl.col("unit_code").is_in(list(units["code"])).all(),
        (pl.col("household_id").str.strip_chars() != "").all(),
        (pl.col("household_id").n_unique() == pl.len()).alias("once"),
        (pl.col("members") >= 1).all(),
        (pl.col("income_vnd") >= 0).all(),
        (pl.col("date").dt.year() == year).all(),
    )
    if not all(good.collect().row(0)):
        raise SystemExit("the made-up file is not good")


def _sizes(prefix: str = "", of: pl.Expr | None = None) -> list[pl.Expr]:
    rows = pl.col("members") if of is None else pl.col("members").filter(of)
    return [rows.len().cast(pl.Int64).alias(f"{prefix}households"), rows.sum().cast(pl.Int64).alias(f"{prefix}persons")]


def _summary(frame: pl.LazyFrame, level: str) -> pl.LazyFrame:
    wanted = []
    for name in ("", "poor", "near_poor", "average"):
        of = pl.col("class") == name if name else pl.lit(value=True)
        prefix = f"{name}_" if name else ""
        wanted += _sizes(prefix, of if name else None)
        if name != "average":
            minority = pl.col("ethnic_minority").filter(of) if name else pl.col("ethnic_minority")
            wanted.append(minority.cast(pl.Int64).sum().alias(f"{prefix}ethnic_minority_households"))
    return frame.group_by(pl.col(level).alias("unit_code")).agg(wanted)


def _shares(poor: pl.LazyFrame, level: str, name: str, columns: Sequence[str]) -> pl.LazyFrame:
    counted = poor.group_by(pl.col(level).alias("unit_code"), "class").agg(
        pl.len().cast(pl.Int64).alias("of_households"), pl.col(columns).cast(pl.Int64).sum()
    )
    codes = {column: column.removeprefix(_PREFIX[name]) for column in columns}
    long = counted.unpivot(
        columns, index=["unit_code", "class", "of_households"], variable_name=name, value_name="households"
    )
    return long.with_columns(
        pl.col(name).replace(codes), (pl.col("households") / pl.col("of_households") * 100).alias("rate_pct")
    )


def _peoples(frame: pl.LazyFrame, level: str) -> pl.LazyFrame:
    parts = [part for name in OTHER for part in _sizes(f"{name}_", pl.col("class") == name)]
    table = frame.group_by(pl.col(level).alias("unit_code"), "ethnic_group").agg(_sizes() + parts)
    rates = [(100 * pl.col(f"{name}_households") / pl.col("households")).alias(f"{name}_rate_pct") for name in OTHER]
    return table.with_columns(rates)


def _flows(both: pl.LazyFrame, name: str, level: str) -> pl.LazyFrame:
    """Return the flow table of a class: how its stock of a unit came from that of last year."""
    base = "village" if level == "village" else "commune"
    stays = (pl.col(base) == pl.col(f"{base}_now")).fill_null(value=False)
    was, comes = both.filter(pl.col("class") == name), both.filter(pl.col("class_now") == name)
    left = (
        pl.when(~stays)
        .then(pl.lit("other_decrease"))
        .when(pl.col("class_now") == name)
        .then(None)
        .when(pl.col("class_now") == OTHER[name])
        .then(pl.lit("left_to_other_class"))
        .otherwise(pl.lit("left_above"))
    )
    came = (
        pl.when(~stays)
        .then(pl.lit("other_increase"))
        .when(pl.col("class") == name)
        .then(None)
        .when(pl.col("class") == OTHER[name])
        .then(pl.lit("entered_from_other_class"))
        .when(pl.col("previous_class") == name)
        .then(pl.lit("fell_back"))
        .otherwise(pl.lit("new"))
    )
    old, new = pl.col("members").cast(pl.Int64), pl.col("members_now").cast(pl.Int64)
    stayed = was.filter(stays)
    parts = [
        _of_flow(was, level, pl.lit("opening"), old),
        _of_flow(was, level, left, pl.when(stays).then(new).otherwise(old)),
        _of_flow(stayed, level, pl.lit("other_decrease"), (old - new).clip(lower_bound=0), none=True),
        _of_flow(stayed, level, pl.lit("other_increase"), (new - old).clip(lower_bound=0), none=True),
        _of_flow(comes, f"{level}_now", came, new),
        _of_flow(comes, f"{level}_now", pl.lit("closing"), new),
    ]
    sums = (
        pl.concat(parts)
        .group_by("unit_code")
        .agg(
            pl.col(count).filter(pl.col("flow") == flow).sum().alias(f"{flow}_{count}")
            for flow in FLOWS
            for count in COUNTS
        )
    )
    return sums.with_columns(
        (pl.col(f"left_to_other_class_{count}") + pl.col(f"left_above_{count}")).alias(f"left_{count}")
        for count in COUNTS
    )


def _of_flow(rows: pl.LazyFrame, unit: str, flow: pl.Expr, persons: pl.Expr, *, none: bool = False) -> pl.LazyFrame:
    """Households (`none` where only persons flow) and persons by unit and flow."""
    counted = rows.select(pl.col(unit).alias("unit_code"), flow.alias("flow"), persons.alias("persons"))
    size = pl.lit(0, pl.Int64) if none else pl.len().cast(pl.Int64)
    by_flow = counted.filter(pl.col("flow").is_not_null()).group_by("unit_code", "flow")
    return by_flow.agg(size.alias("households"), pl.col("persons").sum())


def _measures(frame: pl.LazyFrame) -> pl.LazyFrame:
    """H, A and M0 of each commune."""
    counted = frame.group_by(pl.col("commune").alias("unit_code")).agg(
        pl.len().cast(pl.Int64).alias("population"),
        pl.col("deprived").cast(pl.Int64).sum().alias("poor"),
        pl.col("censored").cast(pl.Int64).sum().alias("censored"),
    )
    score, poor = pl.col("censored") / len(FLAGS), pl.col("poor")
    return counted.select(
        "unit_code",
        "population",
        "poor",
        (100 * poor / pl.col("population")).alias("incidence_pct"),
        pl.when(poor > 0).then(100 * score / poor).alias("intensity_pct"),
        (score / pl.col("population")).alias("adjusted_headcount"),
    )


def _indicators(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Return what each indicator is in each commune."""
    counted = frame.group_by(pl.col("commune").alias("unit_code")).agg(
        pl.len().cast(pl.Int64).alias("size"),
        pl.col("censored").cast(pl.Int64).sum(),
        pl.col(FLAGS).cast(pl.Int64).sum(),
        *(pl.col(flag).filter(pl.col("deprived")).cast(pl.Int64).sum().alias(f"of_poor_{flag}") for flag in FLAGS),
    )
    index = ["unit_code", "size", "censored"]
    suffering = counted.unpivot(
        [f"of_poor_{flag}" for flag in FLAGS], index=index, variable_name="indicator", value_name="of_poor"
    )
    suffering = suffering.with_columns(pl.col("indicator").str.strip_prefix("of_poor_"))
    long = counted.unpivot(FLAGS, index=index, variable_name="indicator", value_name="all")
    joined = long.join(suffering, on=[*index, "indicator"])
    return joined.select(
        "unit_code",
        "indicator",
        (100 * pl.col("all") / pl.col("size")).alias("uncensored_pct"),
        (100 * pl.col("of_poor") / pl.col("size")).alias("censored_pct"),
        pl.when(pl.col("censored") > 0).then(100 * pl.col("of_poor") / pl.col("censored")).alias("contribution_pct"),
    )
