"""Capital allocated and disbursed, by content, source and year of the funds; all money in whole đồng.

Money is a long table: a row a content (project or sub-project), source and year of the funds. Rate of disbursement =
cumulative disbursed / capital plan assigned; sources apart, and money of the year apart from money carried over.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from giamngheo.statistics.ratio import percentage
from giamngheo.statistics.tree import rolled_up
from giamngheo.statistics.unit_money import over_units

TOTAL = ""
"""Code of the programme's own row, above every content, and of all sources together."""

UNSPLIT = "unsplit"
"""What a snapshot says in place of a source where the State Treasury has not told the sources apart."""

_LINE = ["project_code", "fund_year"]

_NO_UNITS: Mapping[str, str] = MappingProxyType({})


def execution(
    capital: pd.DataFrame, disbursements: pd.DataFrame, sources: pd.DataFrame, above: Mapping[str, str] = _NO_UNITS
) -> pd.DataFrame:
    """Return the capital and the disbursement of each line by source, and of all its sources as source "".

    A line is a content and a year of the funds. sources: code, above and fund_year (the tree of that year). Columns:
    project_code, fund_year, source, date (of the snapshot), planned_vnd, disbursed_vnd. Disbursed is the latest that
    is known of a line and source, even where the line's other sources have a later snapshot; it is blank where a
    source with capital has no row, or where a later snapshot does not split the line. The total is the sum of all
    sources or what an unsplit snapshot says, never a part of it. Without capital and row, nothing is disbursed.
    above: the units below the one that reports (unit_money.units_above), of which rows may be. Raises OutsideTreeError.
    """
    return over_units(unit_lines(capital, disbursements, sources), above)


def unit_lines(capital: pd.DataFrame, disbursements: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the frame of `execution` of each unit that has rows, and unit_code, "" of the one that reports."""
    keys = [*_LINE, "unit_code"]
    planned = capital.groupby([*keys, "source"], as_index=False)["planned_vnd"].sum(min_count=1)
    return lines_by_source(planned, disbursements, sources, keys=keys)


def lines_by_source(
    planned: pd.DataFrame, disbursements: pd.DataFrame, sources: pd.DataFrame, *, keys: Sequence[str]
) -> pd.DataFrame:
    """Return the frame of `execution` for lines with other keys as well, such as the month of the snapshot.

    planned: planned_vnd, a row a line and source. disbursements: snapshots, of which the latest of each line counts.
    """
    part = [*keys, "source"]
    paid = disbursements.assign(source=disbursements["source"].replace(UNSPLIT, TOTAL))
    paid = paid.groupby([*part, "date"], as_index=False)["disbursed_vnd"].sum(min_count=1)
    parts = planned.merge(paid.drop_duplicates(part, keep="last"), on=part, how="outer")
    parts, dates = _known(parts, list(keys))
    parts = _with_unknown_parts(parts, sources)
    lines = rolled_up(parts, sources, node="source", by=keys, absent="nothing").drop(
        columns=["parts", "given", "typed"]
    )
    line = lines.groupby(list(keys)).ngroup()
    return lines.assign(date=lines["date"].where(lines["source"] != TOTAL, pd.Series(dates).take(line).array))


def _with_unknown_parts(parts: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the parts with a blank one for each part of a source that is typed as a whole: it is not known, not 0."""
    below = sources.loc[sources["above"] != TOTAL, [name for name in ("code", "above", "fund_year") if name in sources]]
    whole = parts[parts[["planned_vnd", "disbursed_vnd"]].ne(0).fillna(True).any(axis=1)]
    renamed = below.rename(columns={"above": "source", "code": "part"})
    on = [name for name in ("source", "fund_year") if name in renamed and name in whole]
    lacking = whole.merge(renamed, on=on)
    if lacking.empty:
        return parts
    blank = lacking.assign(source=lacking.pop("part"), planned_vnd=pd.NA, disbursed_vnd=pd.NA, date=pd.NaT)
    keys = [name for name in parts if name not in {"planned_vnd", "disbursed_vnd", "date"}]
    return pd.concat([parts, blank.astype(parts.dtypes)], ignore_index=True).drop_duplicates(keys)


def _known(parts: pd.DataFrame, keys: list[str]) -> tuple[pd.DataFrame, npt.NDArray[np.datetime64]]:
    """Return the parts without what a later snapshot of their line supersedes, and the latest day of each line.

    A snapshot that does not tell sources apart, TOTAL, supersedes those of sources before it, and is superseded by one
    of a source after it. Where it says that nothing is disbursed, no source has anything.
    """
    line = parts.groupby(keys).ngroup().to_numpy()
    is_whole = (parts["source"] == TOTAL).to_numpy()
    date, vnd = parts["date"].to_numpy("datetime64[us]"), parts["disbursed_vnd"].to_numpy("int64", na_value=-1)
    whole_date, split_date = (np.full(line.max(initial=0) + 1, _NEVER) for _ in range(2))
    whole_vnd = np.full(len(whole_date), -1)
    dated = ~np.isnat(date)
    whole_date[line[is_whole]], whole_vnd[line[is_whole]] = date[is_whole], vnd[is_whole]
    np.maximum.at(split_date, line[dated & ~is_whole], date[dated & ~is_whole])
    none_paid, newer = whole_vnd[line] == 0, date > whole_date[line]
    known = dated & np.where(is_whole, split_date[line] <= date, newer | (none_paid & (date == whole_date[line])))
    planned = parts["planned_vnd"].fillna(0)
    nothing = ~known & ~is_whole & (none_paid | (planned.eq(0).to_numpy() & (whole_date[line] == _NEVER)))
    amount = parts["disbursed_vnd"].where(known).mask(nothing, 0)
    latest = np.maximum(whole_date, split_date)
    latest[latest == _NEVER] = np.datetime64("NaT")
    return parts.assign(planned_vnd=planned.mask(is_whole), disbursed_vnd=amount), latest


_NEVER = np.datetime64("0001-01-01", "us")


def contents_table(lines: pd.DataFrame, contents: pd.DataFrame) -> pd.DataFrame:
    """Return the lines added up along the tree of contents, a row a content, source and year of the funds.

    lines: of `execution`, or with other amounts (columns that end in _vnd). contents: code, above and fund_year, the
    tree of that year; TOTAL is the programme. Columns: fund_year, source, project_code, the amounts. A total with a
    blank part is blank. Raises OutsideTreeError.
    """
    amounts, keys = [name for name in lines if name.endswith("_vnd")], ["fund_year", "source"]
    own = lines[lines[amounts].ne(0).any(axis=1) | ~_has_relative(lines, contents)]
    summed = rolled_up(own[[*keys, "project_code", *amounts]], contents, node="project_code", by=keys, absent="nothing")
    return summed.drop(columns=["parts", "given", "typed"])


def _has_relative(lines: pd.DataFrame, contents: pd.DataFrame) -> pd.Series:
    """Return which lines stand above or below another: there a line of nothing says only where the money is not."""
    above = dict(zip(contents["code"], contents["above"], strict=True))
    used, related = set(lines["project_code"]), set[str]()
    for code in used:
        node = above.get(code, TOTAL)
        while node != TOTAL:
            related |= {code, node} & used if node in used else set()
            node = above.get(node, TOTAL)
    return lines["project_code"].isin(related)


def programme_table(lines: pd.DataFrame, contents: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the contents_table of lines with every source of their year, with_rates, in the order of the trees.

    A source from which nobody paid a content, or means to, has nothing: 0.
    """
    summed = contents_table(lines, contents)
    shown = summed.loc[summed["source"] == TOTAL, _LINE].merge(_with_total(sources), on="fund_year")
    table = shown.merge(summed, on=[*_LINE, "source"], how="left", indicator="found")
    amounts = [name for name in table if name.endswith("_vnd")]
    table[amounts] = table[amounts].mask(table.pop("found") == "left_only", 0)
    return with_rates(table)


Below = Mapping[str | None, Sequence[pd.Series]]


def by_content_above(table: pd.DataFrame, contents: pd.DataFrame) -> Below:
    """Return the rows of a programme_table by the code of the content one step above, in the table's order.

    contents: code, above and fund_year. The row of the programme itself is by None.
    """
    above = contents.set_index(["fund_year", "code"])["above"].to_dict()
    rows: dict[str | None, list[pd.Series]] = {}
    for _, row in table.iterrows():
        rows.setdefault(above.get((row["fund_year"], row["project_code"])), []).append(row)
    return rows


def _with_total(sources: pd.DataFrame) -> pd.DataFrame:
    """Return fund_year and source of every source and of all together, which comes first in its year."""
    totals = sources[["fund_year"]].drop_duplicates().assign(source=TOTAL)
    return pd.concat([totals, sources[["fund_year", "code"]].rename(columns={"code": "source"})], ignore_index=True)


def by_source(table: pd.DataFrame) -> pd.DataFrame:
    """Return a programme_table with one row a content and year, the figures of each source beside those of all.

    The figures of a source have its code in their name: planned_vnd and planned_vnd/investment.
    """
    figures = [name for name in table if name.endswith(("_vnd", "_pct"))]
    wide = table[table["source"] == TOTAL].drop(columns="source")
    for source, rows in table[table["source"] != TOTAL].groupby("source", sort=False):
        own = rows.set_index(_LINE)[figures].add_suffix(f"/{source}")
        wide = wide.join(own, on=_LINE)
    return wide.reset_index(drop=True)


def with_rates(table: pd.DataFrame) -> pd.DataFrame:
    """Return amounts by source with the rate of disbursement, what remains, and shares.

    Adds rate_pct (disbursed of planned), remaining_vnd, share_pct (of the content's plan from all sources) and, where
    the table has the programme's own row, programme_share_pct (of the programme's plan from all sources).
    """
    of_all = table[table["source"] == TOTAL]
    line = [name for name in _LINE if name in table]
    content = table[line].merge(of_all[[*line, "planned_vnd"]], on=line, how="left")["planned_vnd"]
    year = table[["fund_year"]].merge(
        of_all.loc[of_all["project_code"] == TOTAL, ["fund_year", "planned_vnd"]], on="fund_year", how="left"
    )["planned_vnd"]
    return table.assign(
        rate_pct=percentage(table["disbursed_vnd"], table["planned_vnd"]),
        remaining_vnd=table["planned_vnd"] - table["disbursed_vnd"],
        share_pct=percentage(table["planned_vnd"], content.set_axis(table.index)),
        programme_share_pct=percentage(table["planned_vnd"], year.set_axis(table.index)),
    )


def by_budget_level(capital: pd.DataFrame, fund_year: int) -> pd.DataFrame:
    """Return the capital of one year of the funds by the budget it comes from: budget_level, planned_vnd."""
    of_year = capital[(capital["fund_year"] == fund_year) & (capital["planned_vnd"] > 0)]
    return of_year.groupby("budget_level", as_index=False, sort=False)["planned_vnd"].sum()


def pace(planned_vnd: int, disbursed_vnd: int, aim_pct: float, *, months_gone: int, months_left: int) -> pd.Series:
    """Return the monthly pace of disbursement so far and the pace that reaches an aim, in đồng a month, unrounded.

    Index: so_far_vnd, needed_vnd (0 when the aim is reached, blank when no month is left and it is not) and
    missing_vnd, the amount still to be paid for the aim.
    """
    missing = max(planned_vnd * aim_pct / 100 - disbursed_vnd, 0.0)
    reached = 0.0 if missing == 0 else None
    return pd.Series(
        {
            "so_far_vnd": disbursed_vnd / months_gone,
            "needed_vnd": missing / months_left if months_left > 0 else reached,
            "missing_vnd": missing,
        },
        dtype="Float64",
    )


def undisbursed(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines with capital of which a snapshot says that nothing is disbursed, from any source."""
    return lines[(lines["source"] == TOTAL) & (lines["planned_vnd"] > 0) & (lines["disbursed_vnd"] == 0)].reset_index(
        drop=True
    )


def carried_forward(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the sources of lines whose amount is older than the latest snapshot of the same year of the funds.

    The columns of `execution` and newest, the day of that snapshot. Their amounts stand in the totals as they were.
    """
    parts = lines[(lines["source"] != TOTAL) & lines["date"].notna() & lines["disbursed_vnd"].notna()]
    newest = lines.groupby("fund_year")["date"].max()
    dated = parts.assign(newest=parts["fund_year"].map(newest))
    return dated[(dated["date"] < dated["newest"]) & dated["planned_vnd"].gt(0)].reset_index(drop=True)


def with_planned(paid: pd.DataFrame, capital: pd.DataFrame) -> pd.DataFrame:
    """Return the amounts disbursed with what is allocated to the line of each, 0 where nothing is.

    paid, capital: project_code, fund_year, unit_code, source; capital also planned_vnd. Adds of_line (by unit, content
    and year of the funds, from all sources) and of_source (of it from the row's own), đồng.
    """
    line = [*_LINE, "unit_code"]
    return paid.assign(of_line=_planned(paid, capital, line), of_source=_planned(paid, capital, [*line, "source"]))


def _planned(paid: pd.DataFrame, capital: pd.DataFrame, keys: list[str]) -> pd.Series:
    planned = capital.groupby(keys)["planned_vnd"].sum()
    found = planned.reindex(pd.MultiIndex.from_frame(paid[keys]), fill_value=0)
    return pd.Series(found.array, index=paid.index).fillna(0)


def snapshots_of(paid: pd.DataFrame, capital: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return snapshots of disbursement with one for all units that became one, on each day on which one of them has.

    paid, capital: units.in_codes_of. A sum has the latest amounts of each unit up to its day, by source or, where that
    is not told of one of them, together; it is blank where a unit with capital has none.
    """
    moved, given = paid[paid["before"] != ""], capital[capital["before"] != ""]
    if moved.empty:
        return paid.drop(columns="before")
    line = [*_LINE, "unit_code"]
    parts = pd.concat([moved[[*line, "before"]], given[[*line, "before"]]]).drop_duplicates()
    several = parts[parts.duplicated(line, keep=False)]
    is_summed = pd.MultiIndex.from_frame(paid[line]).isin(pd.MultiIndex.from_frame(several[line]))
    together = paid["before"].ne("") & is_summed
    sums = [_together(day, paid[together], given, sources) for day in sorted(paid.loc[together, "date"].unique())]
    return (
        pd.concat([paid[~together], *sums], ignore_index=True)[list(paid)]
        .drop(columns="before")
        .astype(paid.dtypes.drop("before"))
    )


def _together(day: pd.Timestamp, paid: pd.DataFrame, given: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the snapshot of a day of the units that became one, for each line of which one of them has one then."""
    line = [*_LINE, "unit_code"]
    known = paid[paid["date"] <= day]
    now = known[known["date"] == day]
    allocated = given[given["date"].isna() | (given["date"] <= day)]
    into = pd.concat([known, allocated])[["before", "unit_code"]].drop_duplicates()
    each = [rows.drop(columns="unit_code").rename(columns={"before": "unit_code"}) for rows in (allocated, known)]
    lines = unit_lines(each[0], each[1], sources).rename(columns={"unit_code": "before"}).merge(into, on="before")
    sums = lines.groupby([*line, "source"])["disbursed_vnd"].sum(skipna=False)
    typed = pd.concat([known, allocated])[[*line, "source"]].drop_duplicates()
    rows = [row for key, told in now.groupby(line) for row in _rows_of_line(key, told, typed, sums)]
    return pd.DataFrame(rows, columns=list(paid)).astype(paid.dtypes)


def _rows_of_line(
    key: tuple[object, ...], told: pd.DataFrame, typed: pd.DataFrame, sums: pd.Series
) -> Iterator[dict[str, object]]:
    """Yield the rows of a line in a sum: one a source or, where only the total is known, one for all of them."""
    of_line = sums.loc[key]
    names = typed.loc[(typed[[*_LINE, "unit_code"]] == list(key)).all(axis=1), "source"]
    by_source = of_line.reindex([name for name in names if name != UNSPLIT])
    if by_source.isna().any() and pd.notna(of_line[TOTAL]):
        by_source = pd.Series([of_line[TOTAL]], [UNSPLIT])
    status = "; ".join(dict.fromkeys(word for word in told["status"] if word))
    first = told.iloc[0].to_dict() | {"status": status, "note": ""}
    for source, vnd in by_source.items():
        yield first | {"source": source, "disbursed_vnd": vnd}
