"""Tables of change: the units below, and what a month or quarter disbursed."""

import pandas as pd

from giamngheo.core.rounding import shown_difference
from giamngheo.report.elements import Column, DataTable
from giamngheo.report.facts import Facts
from giamngheo.report.language import words
from giamngheo.report.language.numbers import day
from giamngheo.report.monthly.captions import part_word
from giamngheo.report.monthly.tables import budgeted, content_table
from giamngheo.statistics import funding

_PARTS_NOTE = (
    "Hạng theo tỷ lệ nghèo đa chiều: 1 là cao nhất; hạng theo mức thay đổi: 1 là giảm nhiều nhất. Mức tăng (+),"
    " giảm (-) tính bằng điểm phần trăm."
)

_SHOWN_ONLY_NOTE = "Hạng chỉ tính trong các đơn vị nêu số liệu."


def parts_table(facts: Facts, caption: str) -> DataTable:
    """Households and rates of the units below, their ranks and how the multidimensional rate moved."""
    parts = facts.change.parts
    whole = facts.part_reviews
    total = whole.tail(1).assign(name=f"Toàn {facts.unit_level}", rate_rank=pd.NA, change_rank=pd.NA)
    total = total.assign(multidimensional_rate_before_pct=whole["multidimensional_rate_pct"].iloc[0])
    moved = len(whole) > 1
    frame = pd.concat([parts, total if moved else total.assign(multidimensional_rate_before_pct=pd.NA)])
    frame = frame.reset_index(drop=True).assign(change=[_points(row) for _, row in frame.iterrows()])
    names = [column.name for column in _parts_columns(facts)]
    note = " ".join(filter(None, (_PARTS_NOTE, facts.hidden_note and _SHOWN_ONLY_NOTE, facts.hidden_note)))
    return DataTable(frame[names], _parts_columns(facts), caption, strong_rows=(len(parts),), note=note)


def _points(row: pd.Series) -> float | None:
    """Difference of the shown rates."""
    now, before = row["multidimensional_rate_pct"], row["multidimensional_rate_before_pct"]
    return None if pd.isna(now) or pd.isna(before) else float(shown_difference(now, before))


def _parts_columns(facts: Facts) -> tuple[Column, ...]:
    dates = facts.part_reviews["date"]
    since = f"So với {words.review_time(dates.iloc[-2])}" if len(dates) > 1 else "So với kỳ trước"
    return (
        Column("name", (part_word(facts).capitalize(),), "text", 2.2),
        Column("households", ("Tổng số hộ",), "count", 1),
        Column("poor_households", ("Hộ nghèo", "Số hộ"), "count", 0.9),
        Column("poor_rate_pct", ("Hộ nghèo", "Tỷ lệ"), "percent", 1),
        Column("near_poor_households", ("Hộ cận nghèo", "Số hộ"), "count", 0.9),
        Column("near_poor_rate_pct", ("Hộ cận nghèo", "Tỷ lệ"), "percent", 1),
        Column("multidimensional_rate_pct", ("Nghèo đa chiều", "Tỷ lệ"), "percent", 1),
        Column("rate_rank", ("Nghèo đa chiều", "Hạng"), "count", 0.7, missing=""),
        Column("change", (since, "Tăng, giảm"), "points", 1.1),
        Column("change_rank", (since, "Hạng"), "count", 0.7, missing=""),
    )


def period_table(facts: Facts, caption: str) -> DataTable:
    """What a month or quarter disbursed by project and sub-project, between the two cumulative amounts."""
    return content_table(_period_rows(facts), _period_columns(facts), caption, "Đơn vị tính: triệu đồng.")


def _period_rows(facts: Facts) -> pd.DataFrame:
    """Return the programme table of the year's money with the amounts of the period and before it."""
    lines = facts.change.lines[facts.change.lines["fund_year"] == facts.year]
    table = funding.by_source(funding.programme_table(lines, facts.contents, facts.sources_of(facts.year)))
    return budgeted(facts, table, "Tổng số")


def _period_columns(facts: Facts) -> tuple[Column, ...]:
    of_period = f"Giải ngân trong {words.name(facts.period)}"
    return (
        Column("code", ("Mã",), "code", 0.6),
        Column("name", ("Dự án, tiểu dự án",), "text", 3.1),
        Column("planned_vnd", ("Kế hoạch vốn",), "money", 1.15),
        Column("before_vnd", (f"Lũy kế đến {day(facts.period.eve)}",), "money", 1.25),
        Column("period_vnd", (of_period, "Tổng số"), "money", 1.25),
        *(
            Column(f"period_vnd/{source['code']}", (of_period, source["short"]), "money", 1.25)
            for _, source in facts.sources_of(facts.year).iterrows()
        ),
        Column("disbursed_vnd", (f"Lũy kế đến {day(facts.period.cutoff)}",), "money", 1.25),
        Column("rate_pct", ("Tỷ lệ",), "percent", 1.0, missing="-"),
    )
