"""Funding explored: capital and disbursement of a project, and what is left of it month by month."""

import datetime as dt

import pandas as pd
from ipywidgets import VBox

from giamngheo.report import yardsticks
from giamngheo.report.drawing import day_lines, figure, sheet
from giamngheo.report.elements import Column, DataTable, Figure, Marking, Prose
from giamngheo.report.explore.controls import Choices, controls
from giamngheo.report.facts import Facts
from giamngheo.report.language.numbers import VND_PER_MILLION, day, money
from giamngheo.report.parameters import chosen_code
from giamngheo.report.reading import facts
from giamngheo.statistics import funding
from giamngheo.statistics.unit_money import units_above

__all__ = ["explorer", "facts", "left_figure", "marking", "project_table"]

_WHOLE = "Toàn Chương trình"


def marking(report: Facts) -> Marking:
    """Return what is printed on every page where the figures are made up."""
    return Marking(report.data.form.get("marking", ""))


def project_table(report: Facts, project: str = "") -> DataTable | Prose:
    """Return capital, disbursement, rate and rest of a project and its parts; of the programme with project ""."""
    project = _project(report, project)
    fund = report.funds.get(report.year)
    if fund is None:
        return Prose("")
    tree = _tree(report)
    chosen = fund[(fund["project_code"] == project) | fund["project_code"].map(tree["above"]).eq(project)]
    frame = chosen.reset_index(drop=True)
    names = [f"{code}. {tree['short'][code]}" if code else _WHOLE for code in frame["project_code"]]
    columns = (
        Column("name", ("Dự án",), "text", 3),
        Column("planned_vnd", ("Kế hoạch (triệu đồng)",), "money"),
        Column("disbursed_vnd", ("Đã giải ngân (triệu đồng)",), "money"),
        Column("rate_pct", ("Tỷ lệ",), "percent", missing="-"),
        Column("remaining_vnd", ("Còn lại (triệu đồng)",), "money"),
    )
    caption = f"{_of(report, project)} đến ngày {day(report.period.cutoff)}"
    return DataTable(frame.assign(name=names), columns, caption, strong_rows=(0,) if len(frame) else ())


def left_figure(report: Facts, project: str = "") -> Figure | Prose:
    """Return what is left to disburse of a project after each snapshot, and the even pace to the deadline."""
    project = _project(report, project)
    left = _left(report, project)
    if left.empty:
        return Prose("")
    end = yardsticks.deadline(report.period)
    days = [*left["date"].dt.date, end]
    amounts = [*(float(vnd) / VND_PER_MILLION for vnd in left["left_vnd"]), None]
    start, planned = days[0], amounts[0] or 0.0
    even = [planned * (end - at).days / (end - start).days for at in days]
    caption = f"{_of(report, project)} còn phải giải ngân"
    alt = f"{caption}, triệu đồng: " + "; ".join(
        f"{day(at)} còn {money(vnd)}" for at, vnd in zip(days, left["left_vnd"], strict=False)
    )
    lines = {"Còn lại": amounts, f"Đều đến {day(end)}": even}
    with sheet() as axes:
        return figure(day_lines(axes, days, lines, "Triệu đồng"), alt=alt, caption=caption)


def explorer(report: Facts, project: str = "") -> VBox:
    """Return a list of projects over their table and figure, `project` first; nothing on paper."""
    names = {f"{code}. {row['short']}": code for code, row in _tree(report).iterrows()}
    choices: Choices = {"project": ("Dự án", {_WHOLE: ""} | names)}
    return controls(
        lambda project: (project_table(report, project), left_figure(report, project)),
        choices,
        project=_project(report, project),
    )


def _of(report: Facts, project: str) -> str:
    """Return whose money it is: of which content, unit and year."""
    of = f", {project}. {_tree(report)['short'][project]}" if project else ""
    return f"Vốn năm {report.year} của {report.unit}{of}"


def _left(report: Facts, project: str) -> pd.DataFrame:
    """Return what is left of a project's plan at the year's start and after each snapshot: date, left_vnd."""
    capital, snapshots, sources = report.data["capital"], report.data["disbursements"], report.sources
    above = units_above(report.data["units"], report.data.form["unit_code"])
    days = sorted({pd.Timestamp(dt.date(report.year, 1, 1)), *snapshots["date"].dropna()})
    rows = []
    for at in days:
        allocated = capital[capital["date"].isna() | (capital["date"] <= at)]
        lines = funding.execution(allocated, snapshots[snapshots["date"] <= at], sources, above)
        own = lines[(lines["fund_year"] == report.year) & (lines["source"] == funding.TOTAL)]
        table = funding.contents_table(own, report.contents)
        paid = table["disbursed_vnd"] if (snapshots["date"] <= at).any() else 0
        of_project = table.assign(left_vnd=table["planned_vnd"] - paid)[table["project_code"] == project]
        rows += [{"date": at, "left_vnd": left} for left in of_project["left_vnd"]]
    return pd.DataFrame(rows, columns=["date", "left_vnd"]).dropna()


def _project(report: Facts, project: str) -> str:
    """Return the code of a project as a parameter has it, "" of the programme. Raises UnknownChoiceError."""
    return chosen_code("Dự án", project, list(_tree(report).index)) if project != "" else ""


def _tree(report: Facts) -> pd.DataFrame:
    """Return the contents of the year's programme by code."""
    return report.contents[report.contents["fund_year"] == report.year].set_index("code")
