"""Part III: what was disbursed, what was not and why, by project; the yardstick and the pace."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pandas as pd

from giamngheo.report import yardsticks
from giamngheo.report.drawing import DARK, Look, Mark, Series, Stroke, figure, rate_bars, sheet
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.facts import Facts, first_row
from giamngheo.report.language import words
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.numbers import day, exact_percent, known_number, money, percent
from giamngheo.report.monthly.capital import carried, content_names, has_capital, projects
from giamngheo.report.origins import Line, told_of_money
from giamngheo.report.programmes import earlier_years, former_years, is_nested, programme_of, shown_sources
from giamngheo.statistics import funding

WHOLE_PCT = 100.0

UNIT_NOTE = "Đơn vị tính: triệu đồng."

_UNSPLIT_NOTE = "Dấu … là số liệu chưa có hoặc chưa tách theo nguồn vốn."


def disbursement(facts: Facts) -> Prose:
    """Return part III: disbursed, rates, what is not disbursed, the pace needed."""
    table = facts.funds.get(facts.year)
    lines = facts.lines[(facts.lines["fund_year"] == facts.year) & (facts.lines["source"] == funding.TOTAL)]
    total = None if table is None else first_row(table)
    values = {
        "year": facts.year,
        "cutoff": facts.period.cutoff,
        "unit": facts.unit,
        "date": lines["date"].max(),
        "total": total,
        "paid": _paid(facts, lines),
        "unpaid": _unpaid(facts, lines),
        "unknown": _labels(facts, lines[lines["disbursed_vnd"].isna()]),
        "national": _national(facts, total),
        "pace": _pace(facts, total, lines["date"].max()),
        "carried": carried(facts),
        "programme": programme_of(facts, facts.year).full_name if former_years(facts) else "",
    }
    return Prose(narrative("monthly/disbursement", **values))


def funding_table(facts: Facts) -> DataTable | Prose:
    """Return capital, disbursement, rate and remaining by project and sub-project, money of the year.

    Rows that nobody budgeted are left out. Empty where the money of the year is not known.
    """
    if facts.year not in facts.funds:
        return Prose("")
    caption = f"Kế hoạch vốn và giải ngân vốn năm {facts.year} theo {programme_of(facts, facts.year).parts}"
    table = fund_table(facts, budgeted(facts, facts.funds[facts.year], "Tổng số"), caption)
    return replace(table, name="funding_table")


def sources_table(facts: Facts) -> DataTable | Prose:
    """Return plan, disbursement and rate of each source with money of the year; empty where sources have no parts."""
    if facts.year not in facts.funds or not is_nested(facts, facts.year):
        return Prose("")
    total = facts.funds[facts.year].iloc[0]
    sources = facts.sources_of(facts.year)
    rows = [_of_source(total, code, name) for code, name in zip(sources["code"], sources["name"], strict=True)]
    whole = {name: total[name] for name in _SOURCE_FIGURES} | {"name": "Tổng số", "code": funding.TOTAL}
    of_all = pd.DataFrame([whole, *rows])
    frame = of_all[of_all[["planned_vnd", "disbursed_vnd"]].ne(0).fillna(True).any(axis=1)].reset_index(drop=True)
    parts = set(sources.loc[sources["above"] != "", "name"])
    is_part = frame["name"].isin(parts)
    strong, indented = (tuple(frame.index[mask]) for mask in (~is_part, is_part))
    caption = f"Kế hoạch vốn và giải ngân vốn năm {facts.year} theo nguồn vốn"
    origins = _source_origins(facts, frame)
    return DataTable(
        frame, _SOURCE_COLUMNS, caption, strong, indented, UNIT_NOTE, name="sources_table", origins=origins
    )


def _source_origins(facts: Facts, frame: pd.DataFrame) -> dict[str, list[str]]:
    """Return where the figures of the sources come from (Origins.of_funds)."""
    if facts.origins is None:
        return {}
    origins = facts.origins
    return {
        name: [
            told_of_money(origins.of_money(f"{name}/{code}", Line(facts.year)), value)
            for code, value in zip(frame["code"], frame[name], strict=True)
        ]
        for name in _SOURCE_FIGURES
    }


_SOURCE_FIGURES = ("planned_vnd", "share_pct", "disbursed_vnd", "rate_pct", "remaining_vnd")

_SOURCE_COLUMNS = (
    Column("name", ("Nguồn vốn",), "text", 3.1),
    Column("planned_vnd", ("Kế hoạch vốn",), "money", 1.25),
    Column("share_pct", ("Tỷ trọng",), "percent", 1.0, missing="-"),
    Column("disbursed_vnd", ("Lũy kế giải ngân",), "money", 1.25),
    Column("rate_pct", ("Tỷ lệ",), "percent", 1.0, missing="-"),
    Column("remaining_vnd", ("Còn lại",), "money", 1.35),
)


def _of_source(row: pd.Series, code: str, name: str) -> dict[str, Any]:
    """Return the figures of one source in a row of a programme table."""
    return {figure: row[f"{figure}/{code}"] for figure in _SOURCE_FIGURES} | {"name": name, "code": code}


def carried_table(facts: Facts) -> DataTable | Prose:
    """Return the same for the money carried over, each earlier year under its own total; empty without any."""
    earlier = earlier_years(facts)
    if not earlier:
        return Prose("")
    rows = pd.concat([budgeted(facts, facts.funds[year], f"Vốn năm {year}") for year in earlier])
    caption = f"Kế hoạch vốn và giải ngân vốn năm trước chuyển sang năm {facts.year}"
    return replace(fund_table(facts, rows, caption), name="carried_table")


def disbursement_figure(facts: Facts) -> Figure | Prose:
    """Return the rate of disbursement of each project beside the national rate and the aim; empty without capital."""
    if not has_capital(facts):
        return Prose("")
    rows = [row for row in projects(facts, facts.year) if row["planned_vnd"] > 0]
    rows.append(facts.funds[facts.year].iloc[0])
    caption = f"Tỷ lệ giải ngân so với kế hoạch vốn theo {programme_of(facts, facts.year).top}"
    drawn = rates_figure(content_names(facts, rows), [row["rate_pct"] for row in rows], yardstick_marks(facts), caption)
    return replace(drawn, name="disbursement_figure")


def rates_figure(names: list[str], rates: list[Any], marks: list[Mark], caption: str) -> Figure:
    """Return rates of disbursement as bars, beside marks."""
    values = [known_number(rate) for rate in rates]
    labels = [percent(rate, missing="chưa có số liệu") for rate in values]
    told = [f"Biểu đồ thanh {caption[0].lower()}{caption[1:]}", words.pairs(names, labels)]
    alt = ". ".join(told + ["; ".join(mark.name for mark in marks)] * bool(marks))
    bars = Series("Tỷ lệ giải ngân", values, labels, Look(DARK))
    with sheet() as axes:
        drawn = rate_bars(axes, names, bars, "Tỷ lệ giải ngân (%)", marks=marks)
        return figure(drawn, alt=f"{alt}.", caption=caption)


def _paid(facts: Facts, lines: pd.DataFrame) -> list[pd.Series]:
    """Return lines with something disbursed, with their label and status."""
    rated = funding.with_rates(lines[lines["disbursed_vnd"].fillna(0) > 0])
    said = zip(_labels(facts, rated), _statuses(facts, rated), strict=True)
    return [
        pd.concat([row, pd.Series({"label": label, "status": status})])
        for (_, row), (label, status) in zip(rated.iterrows(), said, strict=True)
    ]


def _labels(facts: Facts, lines: pd.DataFrame) -> list[str]:
    """Return what texts call the content of each line: "Tiểu dự án 1 (Dự án 1)"."""
    return [facts.labels[facts.year, code]["full_label"] for code in lines["project_code"]]


def _unpaid(facts: Facts, lines: pd.DataFrame) -> list[dict[str, Any]]:
    """Return lines with capital and nothing disbursed, together where they are in the same situation."""
    waiting = funding.undisbursed(lines)
    situations = waiting.assign(status=_statuses(facts, waiting)).groupby("status", sort=False)
    return [
        {
            "labels": _labels(facts, group),
            "planned_vnd": group["planned_vnd"].sum(),
            "status": status,
        }
        for status, group in situations
    ]


def _statuses(facts: Facts, lines: pd.DataFrame) -> list[str]:
    """Return what the snapshot says of the situation of each line: its first words, "" when it says nothing."""
    snapshots = facts.data["disbursements"]
    first = snapshots[snapshots["status"] != ""].drop_duplicates(["project_code", "fund_year", "date"])
    keys = ["project_code", "fund_year", "date"]
    found = lines[keys].merge(first[[*keys, "status"]], on=keys, how="left")["status"].fillna("")
    return [words.sentence(text) for text in found]


def _national(facts: Facts, total: pd.Series | None) -> dict[str, Any] | None:
    """Return the national rate of the year beside the programme's, where both are known."""
    yardstick = yardsticks.national_rate(facts.period)
    if yardstick is None or total is None or pd.isna(total["rate_pct"]):
        return None
    return {
        "months": yardstick.months,
        "rate": yardstick.rate_pct,
        "comparison": words.above_or_below(total["rate_pct"], yardstick.rate_pct),
    }


def _pace(facts: Facts, total: pd.Series | None, snapshot: dt.date) -> dict[str, Any] | None:
    """Return the monthly pace up to the snapshot and one sentence for each aim."""
    if total is None or pd.isna(total["rate_pct"]):
        return None
    months = {"months_gone": snapshot.month, "months_left": yardsticks.months_left(facts.period)}
    aims = {
        aim: funding.pace(total["planned_vnd"], total["disbursed_vnd"], aim, **months)
        for aim in (yardsticks.aim_pct(facts.period), WHOLE_PCT)
        if aim is not None
    }
    return {
        "so_far_vnd": aims[WHOLE_PCT]["so_far_vnd"],
        "aims": [_aim(aim, found, facts) for aim, found in aims.items()],
    }


def _aim(aim_pct: float, found: pd.Series, facts: Facts) -> str:
    aim = exact_percent(aim_pct)
    if found["missing_vnd"] == 0:
        return f"Mức {aim} kế hoạch đã đạt."
    deadline = words.long_date(yardsticks.deadline(facts.period))
    return (
        f"Để đạt {aim} kế hoạch vào {deadline}, còn phải giải ngân {money(found['missing_vnd'])} triệu đồng,"
        f" bình quân {money(found['needed_vnd'])} triệu đồng mỗi tháng trong"
        f" {yardsticks.months_left(facts.period)} tháng tới."
    )


def _funding_columns(sources: pd.DataFrame, parts: str) -> tuple[Column, ...]:
    """Return the columns of a table of funds: plan and disbursement in all and by source, rate and rest."""
    plan, paid = "Kế hoạch vốn", "Lũy kế giải ngân"
    names = list(zip(sources["code"], sources["short"], strict=True))
    return (
        Column("code", ("Mã",), "code", 0.6),
        Column("name", (parts,), "text", 3.1),
        Column("planned_vnd", (plan, "Tổng số"), "money", 1.15),
        *(Column(f"planned_vnd/{code}", (plan, short), "money", 1.15) for code, short in names),
        Column("disbursed_vnd", (paid, "Tổng số"), "money", 1.25),
        *(Column(f"disbursed_vnd/{code}", (paid, short), "money", 1.25) for code, short in names),
        Column("rate_pct", ("Tỷ lệ",), "percent", 1.0, missing="-"),
        Column("remaining_vnd", ("Còn lại",), "money", 1.35),
    )


def fund_table(facts: Facts, rows: pd.DataFrame, caption: str) -> DataTable:
    """Return budgeted rows of funds of one programme as a table."""
    sources = shown_sources(facts, rows)
    unsplit = rows[[f"disbursed_vnd/{code}" for code in sources["code"]]].isna().any(axis=None)
    older = _older_words(facts, rows["fund_year"])
    note = " ".join(text for text in (UNIT_NOTE, _UNSPLIT_NOTE if unsplit else "", older) if text)
    columns = _funding_columns(sources, _parts(facts, rows))
    origins = facts.origins and facts.origins.of_funds(rows, [column.name for column in columns])
    return replace(content_table(rows, columns, caption, note), origins=origins or {})


def _parts(facts: Facts, rows: pd.DataFrame) -> str:
    """Return the heading of the column of contents."""
    return programme_of(facts, int(rows["fund_year"].iloc[0])).parts.capitalize()


def content_table(rows: pd.DataFrame, columns: tuple[Column, ...], caption: str, note: str) -> DataTable:
    """Return a table of contents: the programme and what stands just below it strong, the parts of these indented."""
    is_part = rows["above"].fillna("") != ""
    strong = tuple(place for place, part in enumerate(is_part) if not part)
    indented = tuple(place for place, part in enumerate(is_part) if part)
    frame = rows[[column.name for column in columns]].reset_index(drop=True)
    return DataTable(frame, columns, caption, strong, indented, note)


def _older_words(facts: Facts, years: pd.Series) -> str:
    """Return which amounts are of a snapshot before the latest one, "" where none is."""
    older = funding.carried_forward(facts.lines[facts.lines["fund_year"].isin(years)])
    names = older.merge(facts.contents, left_on=["fund_year", "project_code"], right_on=["fund_year", "code"])
    names = names.merge(facts.sources, left_on=["fund_year", "source"], right_on=["fund_year", "code"])
    said = [
        f"{row['full_label']}, {row['name_y'].lower()} lấy theo lần chốt ngày {day(row['date'])}"
        for _, row in names.iterrows()
    ]
    return f"Lần chốt mới nhất không có dòng của: {'; '.join(said)}." if said else ""


def budgeted(facts: Facts, table: pd.DataFrame, total: str) -> pd.DataFrame:
    """Return the rows of a programme table with code, above and short name, the whole programme, `total`, first."""
    tree = facts.contents[["fund_year", "code", "above", "short"]]
    named = table.merge(tree, left_on=["fund_year", "project_code"], right_on=["fund_year", "code"], how="left")
    is_total = named["project_code"] == funding.TOTAL
    return named.assign(code=named["project_code"], name=named["short"].mask(is_total, total))


def yardstick_marks(facts: Facts) -> list[Mark]:
    """Return the national rate and the aim, where they are known."""
    aim, national = yardsticks.aim_pct(facts.period), yardsticks.national_rate(facts.period)
    marks = [] if aim is None else [Mark(f"Mục tiêu cả năm ({exact_percent(aim)})", aim, Stroke("dashed"))]
    if national is not None:
        name = f"Cả nước sau {national.months} tháng ({percent(national.rate_pct)})"
        marks.insert(0, Mark(name, national.rate_pct, Stroke("dotted")))
    return marks
