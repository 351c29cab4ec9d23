"""Capital allocated and disbursed, by project, source and year of the funds; all money in whole đồng.

Rate of disbursement = cumulative disbursed / capital plan assigned, investment and recurrent apart, money of
the year apart from money carried over.
"""

import pandas as pd

from giamngheo.statistics.ratio import percentage

SOURCES = ("investment", "recurrent")
TOTAL = ""
"""Code of the programme's own row, above every project."""

_LINE = ["project_code", "fund_year"]
_PLANNED = ["planned_investment_vnd", "planned_recurrent_vnd", "planned_vnd"]
_DISBURSED = ["disbursed_investment_vnd", "disbursed_recurrent_vnd", "disbursed_vnd"]


def execution(capital: pd.DataFrame, disbursements: pd.DataFrame) -> pd.DataFrame:
    """Capital and disbursement of each budgeted project or sub-project and year of the funds, one row each.

    Columns: project_code, fund_year, date (of the snapshot), planned_investment_vnd, planned_recurrent_vnd,
    planned_vnd, disbursed_investment_vnd, disbursed_recurrent_vnd, disbursed_vnd. Disbursed is what the line's
    latest snapshot says; blank where there is none, and blank by source where the snapshot does not split it.
    A line without capital and without snapshot has nothing disbursed.
    """
    planned = _planned(capital)
    paid = _paid(_latest(disbursements))
    lines = planned.merge(paid, on=_LINE, how="outer").sort_values(_LINE, ignore_index=True)
    lines[_PLANNED] = lines[_PLANNED].fillna(0)
    for column, plan in zip(_DISBURSED, _PLANNED, strict=True):
        nothing_to_pay = lines[plan].eq(0) & ~lines["unsplit"].fillna(value=False).astype(bool)
        lines[column] = lines[column].mask(lines[column].isna() & nothing_to_pay, 0)
    return lines[[*_LINE, "date", *_PLANNED, *_DISBURSED]]


def _planned(capital: pd.DataFrame) -> pd.DataFrame:
    by_source = {
        f"planned_{source}_vnd": capital["planned_vnd"].where(capital["source"] == source, 0) for source in SOURCES
    }
    amounts = capital[_LINE].assign(**by_source, planned_vnd=capital["planned_vnd"])
    return amounts.groupby(_LINE, as_index=False).sum(min_count=1)


def _latest(disbursements: pd.DataFrame) -> pd.DataFrame:
    """Rows of each line's latest snapshot: a snapshot replaces the one before it as a whole."""
    newest = disbursements.groupby(_LINE)["date"].transform("max")
    return disbursements[disbursements["date"] == newest]


def _paid(snapshot: pd.DataFrame) -> pd.DataFrame:
    """One row a line: the total, and by source the sum of its rows, blank where it has none or some is unsplit."""
    amount, source = snapshot["disbursed_vnd"], snapshot["source"]
    columns = {f"disbursed_{name}_vnd": amount.where(source == name) for name in SOURCES}
    rows = snapshot[[*_LINE, "date"]].assign(
        **columns, disbursed_vnd=amount, unsplit=(source == "unsplit") & (amount != 0)
    )
    grouped = rows.groupby(_LINE, as_index=False)
    paid = grouped[[*columns, "disbursed_vnd"]].sum(min_count=1)
    paid = paid.merge(grouped[["date", "unsplit"]].max(), on=_LINE)
    for column in columns:
        paid[column] = paid[column].mask(paid["unsplit"])
    return paid


def programme_table(lines: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """Lines of one year of the funds added up along the programme's tree, in its order.

    `projects` has code, parent_code ("" for a project). One row for the programme (project_code ""), each
    project and each sub-project; the columns of `execution` and rate_pct, rate_investment_pct,
    rate_recurrent_pct (disbursed of planned), remaining_vnd, share_pct (of the programme's plan),
    share_investment_pct, share_recurrent_pct (of the row's plan). A row nobody budgeted, and a total with a
    blank part, is blank.
    """
    rated = with_rates(programme_sums(lines, projects))
    whole = pd.Series(rated["planned_vnd"].iloc[0], index=rated.index, dtype="Int64")
    return rated.assign(share_pct=percentage(rated["planned_vnd"], whole))


def programme_sums(lines: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """The rows of `programme_table` with the sums of every amount of the lines (columns that end in _vnd)."""
    parent = projects.set_index("code")["parent_code"]
    belongs = [
        lines.assign(project_code=TOTAL),
        lines.assign(project_code=lines["project_code"].map(parent).replace("", pd.NA)),
        lines,
    ]
    table = pd.concat(belongs).dropna(subset="project_code")
    amounts = [column for column in lines if column.endswith("_vnd")]
    summed = table.groupby("project_code")[amounts].sum(skipna=False)
    order = [TOTAL, *projects["code"]]
    return summed.reindex(order).astype("Int64").reset_index()


def with_rates(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with rates of disbursement, remaining money and the shares of the sources in each row's plan."""
    by_source = {
        column: value
        for source in SOURCES
        for column, value in {
            f"rate_{source}_pct": percentage(table[f"disbursed_{source}_vnd"], table[f"planned_{source}_vnd"]),
            f"share_{source}_pct": percentage(table[f"planned_{source}_vnd"], table["planned_vnd"]),
        }.items()
    }
    return table.assign(
        rate_pct=percentage(table["disbursed_vnd"], table["planned_vnd"]),
        remaining_vnd=table["planned_vnd"] - table["disbursed_vnd"],
        **by_source,
    )


def by_budget_level(capital: pd.DataFrame, fund_year: int) -> pd.DataFrame:
    """Capital of one year of the funds by the budget it comes from: budget_level, planned_vnd; no empty level."""
    of_year = capital[(capital["fund_year"] == fund_year) & (capital["planned_vnd"] > 0)]
    return of_year.groupby("budget_level", as_index=False, sort=False)["planned_vnd"].sum()


def pace(planned_vnd: int, disbursed_vnd: int, aim_pct: float, *, months_gone: int, months_left: int) -> pd.Series:
    """Monthly pace of disbursement so far and the pace that reaches an aim, in đồng a month, unrounded.

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
    """Budgeted lines that have capital and of which a snapshot says that nothing is disbursed."""
    return lines[(lines["planned_vnd"] > 0) & (lines["disbursed_vnd"] == 0)].reset_index(drop=True)
