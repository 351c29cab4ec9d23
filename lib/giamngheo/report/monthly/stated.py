"""Annex: where the figures come from that only sentences state; those of tables are told beside the tables."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from giamngheo.core.paths import FILES
from giamngheo.core.rounding import shown_difference
from giamngheo.report import yardsticks
from giamngheo.report.elements import Column, DataTable, Prose
from giamngheo.report.facts import Facts, first_row
from giamngheo.report.formula import (
    Formula,
    constant,
    difference,
    less,
    percentage,
    plus,
    scaled,
    shown_less,
    told,
    written,
)
from giamngheo.report.language import words
from giamngheo.report.language.numbers import count, exact_percent, money, percent, points
from giamngheo.report.monthly.capital import projects
from giamngheo.report.monthly.outlook import projected_figures
from giamngheo.report.monthly.parts import listed_share
from giamngheo.report.monthly.poverty import CLASS_COLUMNS, TITLES, review_of_year
from giamngheo.report.origins import Line, Origins, known
from giamngheo.statistics import funding
from giamngheo.statistics.poverty import escaped
from giamngheo.workbook.schema import choices

_SHOWN: Mapping[str, Callable[[Any], str]] = {
    "count": lambda number: f"{count(number)} hộ",
    "money": lambda vnd: f"{money(vnd)} triệu đồng",
    "percent": percent,
    "points": points,
    "aim": exact_percent,
}


@dataclass(frozen=True)
class Stated:
    """A figure that a sentence states. kind: one of _SHOWN. origin: words where it is no figure of a cell."""

    name: str
    kind: str
    number: Any
    origin: Formula | str | None

    @property
    def shown(self) -> str:
        """The figure as the sentence has it, without a sign."""
        return _SHOWN[self.kind](abs(self.number))


def stated_table(facts: Facts) -> DataTable | Prose:
    """Return name, figure and formula of what sentences state; empty for the public, or where nothing is known."""
    figures = [] if facts.origins is None else [*_of_poverty(facts, facts.origins), *_of_money(facts, facts.origins)]
    rows = [(entry, text) for entry in figures if not pd.isna(entry.number) and (text := _told(entry))]
    if not rows:
        return Prose("")
    columns = (
        Column("name", ("Số liệu",), "text", 3.0),
        Column("shown", ("Giá trị",), "code", 1.0),
        Column("formula", ("Nguồn trong sổ tính",), "text", 3.6),
    )
    frame = pd.DataFrame(
        [(entry.name, entry.shown, text) for entry, text in rows], columns=["name", "shown", "formula"]
    )
    caption = "Nguồn của số liệu chỉ nêu trong lời văn"
    origins = {"shown": list(frame["formula"])}
    return DataTable(frame, columns, caption, note=_NOTE, series="", name="stated_table", origins=origins)


def _told(entry: Stated) -> str:
    return entry.origin if isinstance(entry.origin, str) else told(entry.origin, known(entry.number))


_NOTE = (
    "Công thức viết như trong Excel, trên các ô của sổ tính; tiền trong sổ là đồng, trong báo cáo là triệu đồng."
    f" Nguồn của số liệu trong bảng: bản HTML, tệp {FILES['xlsx']}."
)


def _of_poverty(facts: Facts, origins: Origins) -> Iterator[Stated]:
    now = first_row(facts.review_base) if len(facts.review_base) else first_row(facts.review_now)
    if now is not None:
        before = first_row(facts.review_before)
        for name in TITLES:
            yield from _of_class(facts, origins, name, now)
        if before is not None and len(facts.reviews_shown) != 2:  # else the table has it
            yield from _moved(origins, before, now)
    yield from _of_plan(facts, origins)
    if (of_year := review_of_year(facts)) is not None:
        for name in TITLES:
            yield from _left(facts, origins, name, of_year)
    for change in (facts.change.since_eve, facts.change.since_year):
        row = first_row(change)
        if row is not None:
            yield from _moved(origins, _before(row), row)
    codes, share = listed_share(facts)
    if codes:
        day, columns = facts.part_reviews["date"].iloc[-1], CLASS_COLUMNS["multidimensional"]
        together = plus(*(origins.review(code, day, *columns) for code in codes))
        whole = origins.review(facts.data.form["unit_code"], day, *columns)
        yield Stated(f"Tỷ trọng của các {facts.part_word} có số liệu", "percent", share, percentage(together, whole))


def _before(row: pd.Series) -> pd.Series:
    """Return the earlier review of a row of change.stock_changes."""
    figures = {f"{name}_rate_pct": row[f"{name}_rate_before_pct"] for name in CLASS_COLUMNS}
    counts = {
        f"{name}_households": row[f"{name}_households"] - row[f"{name}_change_households"] for name in CLASS_COLUMNS
    }
    return pd.Series({"date": row["date_before"]} | figures | counts)


def _of_class(facts: Facts, origins: Origins, name: str, now: pd.Series) -> Iterator[Stated]:
    """Yield the minority of a class and how many left it."""
    title = TITLES[name]
    unit, day, when = now["unit_code"], now["date"], words.review_time(now["date"])
    minority = origins.review(unit, day, f"{name}_ethnic_minority_households")
    whole = origins.review(unit, day, f"{name}_households")
    number, share = (now[f"{name}_ethnic_minority_{figure}"] for figure in ("households", "share_pct"))
    yield Stated(f"{title} là người dân tộc thiểu số, {when}", "count", number, minority)
    yield Stated(f"{title}: tỷ lệ người dân tộc thiểu số, {when}", "percent", share, percentage(minority, whole))
    yield from _left(facts, origins, name, now)


def _left(facts: Facts, origins: Origins, name: str, now: pd.Series) -> Iterator[Stated]:
    flows = facts.data[f"{name}_flows"]
    own = flows[(flows["unit_code"] == now["unit_code"]) & (flows["date"] == now["date"])]
    if len(own):
        first = ("left_households",) if name == "poor" else ("left_above_households", "left_households")
        at = (f"{name}_flows", now["unit_code"], now["date"])
        formula = origins.flow(*at, *first)
        if formula is None and name == "poor":
            parts = ("left_to_other_class_households", "left_above_households")
            formula = plus(*(origins.flow(*at, part) for part in parts))
        number = escaped(own, name).iloc[0]
        yield Stated(f"{TITLES[name]}: số hộ thoát trong năm {now['date'].year}", "count", number, formula)


def _moved(origins: Origins, before: pd.Series, now: pd.Series) -> Iterator[Stated]:
    """Yield how households and rates of each class moved between two reviews of a unit."""
    when = f"{words.review_time(now['date'])} so với {words.review_time(before['date'])}"
    unit, days = now["unit_code"], (before["date"], now["date"])
    wholes = [origins.review(unit, day, "households") for day in days]
    for name, columns in CLASS_COLUMNS.items():
        counts = [origins.review(unit, day, *columns) for day in days]
        title = TITLES.get(name, "Nghèo đa chiều")
        number = now[f"{name}_households"] - before[f"{name}_households"]
        yield Stated(f"{title}: tăng, giảm {when}", "count", number, difference(counts[1], counts[0]))
        rates = [row[f"{name}_rate_pct"] for row in (now, before)]
        if not pd.isna(rates).any():
            pp = shown_less(percentage(counts[1], wholes[1]), percentage(counts[0], wholes[0]))
            yield Stated(f"{title}: tăng, giảm tỷ lệ {when}", "points", shown_difference(*rates), pp)


def _of_plan(facts: Facts, origins: Origins) -> Iterator[Stated]:
    """Yield what the plan reduces and what has been reached of it."""
    target, base, progress = first_row(facts.targets), first_row(facts.review_base), first_row(facts.progress)
    if target is None or base is None:
        return
    unit, year = target["unit_code"], facts.year
    expected, households = (
        origins.row("plans", unit, "expected_households", year),
        origins.review(unit, base["date"], "households"),
    )
    reductions: list[tuple[Any, Formula | None]] = []
    for name, title in TITLES.items():
        planned = origins.row("plans", unit, f"{name}_reduction_households", year)
        stock = origins.review(unit, base["date"], f"{name}_households")
        rate = shown_less(percentage(stock, households), percentage(difference(stock, planned), expected))
        yield Stated(
            f"{title}: giảm theo kế hoạch năm {year}", "count", target[f"{name}_reduction_households"], planned
        )
        if not pd.isna(target[f"{name}_remaining_rate_pct"]):
            number = shown_difference(base[f"{name}_rate_pct"], target[f"{name}_remaining_rate_pct"])
            reductions.append((number, rate))
            yield Stated(f"{title}: giảm tỷ lệ theo kế hoạch năm {year}", "points", number, rate)
        if progress is not None and len(facts.review_now):
            done = difference(stock, origins.review(unit, facts.review_now["date"].iloc[0], f"{name}_households"))
            yield Stated(f"{title}: đã giảm so với đầu năm", "count", progress[f"{name}_reduced_households"], done)
            rate_done = percentage(done, planned)
            yield Stated(
                f"{title}: so với kế hoạch năm {year}", "percent", progress[f"{name}_plan_done_pct"], rate_done
            )
    if len(reductions) == len(TITLES):
        numbers, formulas = zip(*reductions, strict=True)
        yield Stated(f"Nghèo đa chiều: giảm tỷ lệ theo kế hoạch năm {year}", "points", sum(numbers), plus(*formulas))


def _of_money(facts: Facts, origins: Origins) -> Iterator[Stated]:
    table, year = facts.funds.get(facts.year), facts.year
    if table is not None:
        total = table.iloc[0]
        yield from _shares(facts, origins, total)
        yield from _levels(facts, origins)
        yield from _waiting(facts, origins)
        yield from _pace(facts, origins, total)
        yield from _of_period(facts, origins, total)
    if len(facts.funds) > 1:
        yield from _all_money(facts, origins)
    yield from _year_before(facts)
    yield from (Stated(*figure) for figure in projected_figures(facts))
    for fund_year in facts.funds:
        if fund_year != year:
            paid = _period_total(facts.change.lines, fund_year)
            yield Stated(f"Giải ngân trong kỳ, vốn năm {fund_year}", "money", paid, _in_period(origins, fund_year))


def _shares(facts: Facts, origins: Origins, total: pd.Series) -> Iterator[Stated]:
    """Yield the shares of contents and sources in the capital of the year."""
    for row in projects(facts, facts.year):
        label = facts.labels[facts.year, row["project_code"]]["full_label"]
        formula = origins.of_money("programme_share_pct", Line(facts.year, row["project_code"]))
        yield Stated(f"{label}: tỷ trọng trong tổng vốn", "percent", row["programme_share_pct"], formula)
    for code, name in facts.sources_of(facts.year)[["code", "name"]].itertuples(index=False):
        formula = origins.of_money(f"share_pct/{code}", Line(facts.year))
        yield Stated(f"{name}: tỷ trọng trong tổng vốn", "percent", total[f"share_pct/{code}"], formula)


def _levels(facts: Facts, origins: Origins) -> Iterator[Stated]:
    """Yield the capital of each budget that the sources do not name."""
    capital = facts.data["capital"]
    own = capital[(capital["fund_year"] == facts.year) & (capital["planned_vnd"] > 0)]
    for _, row in funding.by_budget_level(capital, facts.year).iterrows():
        rows = own[own["budget_level"] == row["budget_level"]]
        name = f"Vốn ngân sách {choices('budget_level').get(row['budget_level'], '')}"
        yield Stated(name, "money", row["planned_vnd"], origins.cells("capital", rows, "planned_vnd"))


def _year_before(facts: Facts) -> Iterator[Stated]:
    """Yield the money of the year before at the same time, and how this year's rate compares."""
    months, origins = facts.change.months_before, facts.origins_before
    then, now = first_row(months[months["month"] == facts.period.month]), facts.change.months.iloc[-1]
    if origins is None or then is None or not then["planned_vnd"] or pd.isna(then["disbursed_vnd"]):
        return
    year = facts.year - 1
    planned, paid = origins.planned(Line(year)), origins.disbursed(Line(year))
    rate = 100 * float(then["disbursed_vnd"]) / float(then["planned_vnd"])
    yield Stated(f"Kế hoạch vốn năm {year} cùng kỳ", "money", then["planned_vnd"], planned)
    yield Stated(f"Lũy kế giải ngân vốn năm {year} cùng kỳ", "money", then["disbursed_vnd"], paid)
    yield Stated(f"Tỷ lệ giải ngân vốn năm {year} cùng kỳ", "percent", rate, percentage(paid, planned))
    if facts.origins and now["planned_vnd"] and not pd.isna(now["disbursed_vnd"]):
        own = 100 * float(now["disbursed_vnd"]) / float(now["planned_vnd"])
        formula = shown_less(facts.origins.of_money("rate_pct", Line(facts.year)), percentage(paid, planned))
        yield Stated("Tỷ lệ giải ngân so với cùng kỳ năm trước", "points", shown_difference(own, rate), formula)


def _waiting(facts: Facts, origins: Origins) -> Iterator[Stated]:
    """Yield the capital of the lines with nothing disbursed."""
    lines = funding.undisbursed(facts.lines[facts.lines["fund_year"] == facts.year])
    if len(lines):
        formula = plus(*(origins.planned(Line(facts.year, code)) for code in lines["project_code"]))
        yield Stated("Vốn giao của các khoản chưa giải ngân", "money", lines["planned_vnd"].sum(), formula)


def _pace(facts: Facts, origins: Origins, total: pd.Series) -> Iterator[Stated]:
    """Yield the pace so far and what the aims need."""
    snapshot = facts.lines.loc[facts.lines["fund_year"] == facts.year, "date"].max()
    if pd.isna(total["rate_pct"]) or pd.isna(snapshot):
        return
    planned, paid = origins.planned(Line(facts.year)), origins.disbursed(Line(facts.year))
    left, gone = yardsticks.months_left(facts.period), snapshot.month
    goal = yardsticks.aim_pct(facts.period)
    if goal is not None:
        yield Stated("Mục tiêu giải ngân cả năm", "aim", goal, yardsticks.cited("aim_pct", facts.period))
    for rate in dict.fromkeys(filter(None, (goal, 100.0))):
        found = funding.pace(total["planned_vnd"], total["disbursed_vnd"], rate, months_gone=gone, months_left=left)
        missing = difference(scaled(planned, f"*{written(rate)}%", rate / 100), paid)
        yield Stated(f"Còn phải giải ngân để đạt {exact_percent(rate)}", "money", found["missing_vnd"], missing)
        if left:
            needed = scaled(missing, f"/{left}", 1 / left)
            yield Stated(f"Bình quân mỗi tháng để đạt {exact_percent(rate)}", "money", found["needed_vnd"], needed)
    yield Stated(
        "Bình quân mỗi tháng từ đầu năm", "money", total["disbursed_vnd"] / gone, scaled(paid, f"/{gone}", 1 / gone)
    )
    national = yardsticks.national_rate(facts.period)
    if national is not None:
        cited = yardsticks.cited("national_rate", facts.period)
        yield Stated(f"Tỷ lệ giải ngân cả nước sau {national.months} tháng", "percent", national.rate_pct, cited)
        number = shown_difference(total["rate_pct"], national.rate_pct)
        yield Stated(
            "Tỷ lệ giải ngân so với cả nước",
            "points",
            number,
            shown_less(percentage(paid, planned), constant(national.rate_pct)),
        )


def _of_period(facts: Facts, origins: Origins, total: pd.Series) -> Iterator[Stated]:
    """Yield what the period disbursed of the money of the year, and its share of the capital."""
    paid = _period_total(facts.change.lines, facts.year)
    if pd.isna(paid) or facts.period.begin.month == 1:
        return
    formula = _in_period(origins, facts.year)
    yield Stated(f"Giải ngân trong {words.name(facts.period)}", "money", paid, formula)
    before = _period_total(facts.change.lines_before, facts.year)
    if not pd.isna(before):
        earlier = type(facts.period)(facts.period.eve.year, facts.period.eve.month, facts.period.kind)
        day_before = origins.disbursed(Line(facts.year), on=earlier.eve)
        of_before = less(origins.disbursed(Line(facts.year), on=facts.period.eve), day_before)
        yield Stated(f"Giải ngân trong {words.name(earlier)}", "money", before, of_before)
        yield Stated("Giải ngân trong kỳ so với kỳ trước", "money", paid - before, difference(formula, of_before))
    if total["planned_vnd"]:
        share = 100 * paid / total["planned_vnd"]
        planned = origins.planned(Line(facts.year))
        yield Stated("Giải ngân trong kỳ so với kế hoạch vốn", "percent", share, percentage(formula, planned))


def _in_period(origins: Origins, fund_year: int) -> Formula | None:
    return origins.of_money("period_vnd", Line(fund_year))


def _period_total(lines: pd.DataFrame, fund_year: int) -> Any:
    own = lines.loc[(lines["fund_year"] == fund_year) & (lines["source"] == funding.TOTAL), "period_vnd"]
    return own.sum(skipna=False) if len(own) else pd.NA


def _all_money(facts: Facts, origins: Origins) -> Iterator[Stated]:
    """Yield the sums over all years of the funds."""
    totals = pd.DataFrame([table.iloc[0] for table in facts.funds.values()])
    sums = totals[["planned_vnd", "disbursed_vnd"]].astype("Int64").sum(skipna=False)
    planned, paid = (plus(*(find(Line(year)) for year in facts.funds)) for find in (origins.planned, origins.disbursed))
    yield Stated("Kế hoạch vốn của mọi năm", "money", sums["planned_vnd"], planned)
    yield Stated("Lũy kế giải ngân vốn của mọi năm", "money", sums["disbursed_vnd"], paid)
    if sums["planned_vnd"] and not pd.isna(sums["disbursed_vnd"]):
        rate = 100 * float(sums["disbursed_vnd"]) / float(sums["planned_vnd"])
        yield Stated("Tỷ lệ giải ngân vốn của mọi năm", "percent", rate, percentage(paid, planned))
