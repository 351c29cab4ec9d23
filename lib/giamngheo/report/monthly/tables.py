"""The tables of the report: statistics laid out in rows and columns, their numbers still unrounded."""

from collections.abc import Iterator

import pandas as pd

from giamngheo.core.rounding import shown_difference
from giamngheo.report.elements import Column, DataTable
from giamngheo.report.elements.table import Kind
from giamngheo.report.facts import Facts, first_row
from giamngheo.report.language import words
from giamngheo.report.language.numbers import day
from giamngheo.statistics import funding

_CLASSES = {
    "poor": "Hộ nghèo",
    "near_poor": "Hộ cận nghèo",
    "multidimensional": "Nghèo đa chiều (hộ nghèo và hộ cận nghèo)",
}


def poverty_table(facts: Facts, caption: str) -> DataTable:
    """Households and rates of each class: a year before, at the year's start, lately, and as planned.

    Differences of rates are those of the shown rates.
    """
    reviews = facts.reviews_shown
    frame = pd.DataFrame({"name": ["Tổng số hộ", *_CLASSES.values()]})
    columns = [Column("name", ("Chỉ tiêu",), "text", 3.2)]
    for title, households, rates, signed in _blocks(facts, reviews):
        key = f"{len(columns)}"
        frame[f"households_{key}"] = pd.array(households, dtype="Int64")
        frame[f"rate_{key}"] = rates
        columns.append(Column(f"households_{key}", (title, "Số hộ"), "count", 1.1))
        kind: Kind = "points" if signed else "percent"
        columns.append(Column(f"rate_{key}", (title, "Tỷ lệ"), kind, 1.2, missing=""))
    note = f"Mức tăng (+), giảm (-) của tỷ lệ tính bằng điểm phần trăm. {facts.hidden_note}".rstrip()
    return DataTable(frame, tuple(columns), caption, note=note)


_Block = tuple[str, list[object], list[object], bool]


def _blocks(facts: Facts, reviews: pd.DataFrame) -> Iterator[_Block]:
    """Title, households and rates of each pair of columns, and whether they are differences."""
    rows = [row for _, row in reviews.iterrows()]
    for row in rows:
        yield _review_block(row)
    target = first_row(facts.targets)
    if len(rows) > 1:
        yield _difference_block(rows[-2], rows[-1])
    if target is not None:
        yield _plan_block(facts, target)


def _review_block(row: pd.Series) -> _Block:
    households = [row["households"], *(row[f"{name}_households"] for name in _CLASSES)]
    rates = [None, *(row[f"{name}_rate_pct"] for name in _CLASSES)]
    return words.review_time(row["date"]).capitalize(), households, rates, False


def _difference_block(before: pd.Series, now: pd.Series) -> _Block:
    households = [now["households"] - before["households"]]
    households += [now[f"{name}_households"] - before[f"{name}_households"] for name in _CLASSES]
    rates = [_shown_points(now[f"{name}_rate_pct"], before[f"{name}_rate_pct"]) for name in _CLASSES]
    return "Tăng (+), giảm (-)", households, [None, *rates], True


def _shown_points(now: float, before: float) -> float | None:
    return None if pd.isna(now) or pd.isna(before) else float(shown_difference(now, before))


def _plan_block(facts: Facts, target: pd.Series) -> _Block:
    households = [
        target["expected_households"],
        *(target[f"{name}_remaining_households"] for name in _CLASSES),
    ]
    rates = [None, *(target[f"{name}_remaining_rate_pct"] for name in _CLASSES)]
    return f"Kế hoạch {facts.year}", households, rates, False


def funding_table(facts: Facts, caption: str) -> DataTable:
    """Capital, disbursement, rate and remaining by project and sub-project, money of the year.

    Rows that nobody budgeted are left out.
    """
    return _funding_table(facts, budgeted(facts, facts.funds[facts.year], "Tổng số"), caption)


def carried_table(facts: Facts, caption: str) -> DataTable:
    """The same for the money carried over, each earlier year under its own total."""
    earlier = [year for year in facts.funds if year < facts.year]
    rows = pd.concat([budgeted(facts, facts.funds[year], f"Vốn năm {year}") for year in earlier])
    return _funding_table(facts, rows, caption)


def _funding_columns(sources: pd.DataFrame) -> tuple[Column, ...]:
    """Return the columns of a table of funds: plan and disbursement in all and by source, rate and rest."""
    plan, paid = "Kế hoạch vốn", "Lũy kế giải ngân"
    names = list(zip(sources["code"], sources["short"], strict=True))
    return (
        Column("code", ("Mã",), "code", 0.6),
        Column("name", ("Dự án, tiểu dự án",), "text", 3.1),
        Column("planned_vnd", (plan, "Tổng số"), "money", 1.15),
        *(Column(f"planned_vnd/{code}", (plan, short), "money", 1.15) for code, short in names),
        Column("disbursed_vnd", (paid, "Tổng số"), "money", 1.25),
        *(Column(f"disbursed_vnd/{code}", (paid, short), "money", 1.25) for code, short in names),
        Column("rate_pct", ("Tỷ lệ",), "percent", 1.0, missing="-"),
        Column("remaining_vnd", ("Còn lại",), "money", 1.35),
    )


def _funding_table(facts: Facts, rows: pd.DataFrame, caption: str) -> DataTable:
    sources = facts.sources_of(rows["fund_year"].iloc[0])
    unsplit = rows[[f"disbursed_vnd/{code}" for code in sources["code"]]].isna().any(axis=None)
    older = _older_words(facts, rows["fund_year"])
    note = " ".join(text for text in (_UNIT_NOTE, _UNSPLIT_NOTE if unsplit else "", older) if text)
    return content_table(rows, _funding_columns(sources), caption, note)


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


_UNIT_NOTE = "Đơn vị tính: triệu đồng."
_UNSPLIT_NOTE = "Dấu … là số liệu chưa có hoặc chưa tách theo nguồn vốn."


def budgeted(facts: Facts, table: pd.DataFrame, total: str) -> pd.DataFrame:
    """Return the rows of a programme table with code, above and short name, the whole programme, `total`, first."""
    tree = facts.contents[["fund_year", "code", "above", "short"]]
    named = table.merge(tree, left_on=["fund_year", "project_code"], right_on=["fund_year", "code"], how="left")
    is_total = named["project_code"] == funding.TOTAL
    return named.assign(code=named["project_code"], name=named["short"].mask(is_total, total))
