"""Part I: households and persons of each class and their rates, by unit."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from giamngheo.households.classification import LACKS, OTHER_WAY, WAYS, otherwise, way
from giamngheo.report.drawing import MOST_BARS, figure, sheet, small_bars
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.numbers import count, known_number, percent
from giamngheo.report.review.facts import HouseholdFacts
from giamngheo.statistics.ratio import percentage

CLASS_WORDS = {"poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo", "average": "Mức sống trung bình"}


def results(facts: HouseholdFacts) -> Prose:
    """Return part I: households of each class and their rates."""
    row = facts.summary.iloc[-1]
    households = row["households"]
    classes = [
        {"title": title, "households": row[f"{name}_households"], "rate": _rate(row[f"{name}_households"], households)}
        for name, title in CLASS_WORDS.items()
    ]
    both = row["poor_households"] + row["near_poor_households"]
    text = narrative(
        "review/results",
        unit=facts.unit_name,
        day=facts.review.day,
        reference=facts.review.standard.reference,
        way=way_words(facts),
        households=households,
        classes=classes,
        multidimensional=both,
        multidimensional_rate=_rate(both, households),
        is_public=facts.is_public,
        smallest=facts.smallest,
    )
    return Prose(text)


def way_words(facts: HouseholdFacts) -> str:
    """Return by what the households were classified: "bằng điểm B1, B2", or by two ways where some lack something."""
    found = way(facts.classes, facts.by)
    if found != "both":
        return f"bằng {WAYS[found]}"
    some = "hộ" if facts.is_public else f"{count(otherwise(facts.classes, facts.by))} hộ"
    return f"bằng {WAYS[facts.by]} ({some} {LACKS[facts.by]} thì bằng {WAYS[OTHER_WAY[facts.by]]})"


def summary_households(facts: HouseholdFacts) -> DataTable:
    """Return the official summary in households; inside, with how much of the files was not read as it stands."""
    table = _summary(facts, "households", "hộ")
    told = len(facts.review.notes)
    if not told or facts.is_public:
        return table
    seen = "xem bằng lệnh giamngheo households check hoặc ở manifest.json"
    return replace(table, note=f"Tệp hộ có {told} điều cần lưu ý, {seen}.")


def summary_persons(facts: HouseholdFacts) -> DataTable:
    """Return the official summary in persons."""
    return _summary(facts, "persons", "khẩu")


def rates_figure(facts: HouseholdFacts) -> Figure:
    """Return rates of the poor and the near-poor in each unit below, in small charts of one scale."""
    codes, most = fitting(facts, facts.summary["unit_code"])
    table = named(facts, facts.summary[facts.summary["unit_code"].isin(codes)])
    groups = {"poor": "Nghèo", "near_poor": "Cận nghèo"}
    rates = [
        [known_number(rate) for rate in percentage(table[f"{name}_households"], table["households"])] for name in groups
    ]
    alt = f"Biểu đồ nhỏ tỷ lệ hộ nghèo, hộ cận nghèo theo đơn vị{most}. " + "; ".join(
        f"{name}: {percent(poor)}, {percent(near)}" for name, poor, near in zip(table["name"], *rates, strict=True)
    )
    with sheet() as axes:
        drawn = small_bars(axes, list(table["name"]), list(groups.values()), list(zip(*rates, strict=True)))
        caption = f"Tỷ lệ hộ nghèo, hộ cận nghèo theo đơn vị (%){most}"
        return figure(drawn, alt=alt, caption=caption, name="rates_figure")


def named(facts: HouseholdFacts, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the name of each unit, the reporting one last as the total."""
    names = [f"Toàn {facts.unit_name}" if code == facts.unit else facts.names[code] for code in table["unit_code"]]
    return table.assign(name=names)


def table_by_unit(
    facts: HouseholdFacts, frame: pd.DataFrame, columns: Sequence[Column], *, caption: str, name: str
) -> DataTable:
    """Return a table whose last row is the reporting unit; a public reader is told what a blank is."""
    strong = (len(frame) - 1,)
    return DataTable(frame, tuple(columns), caption, strong_rows=strong, note=facts.hidden_note, name=name)


def fitting(facts: HouseholdFacts, known: Iterable[str]) -> tuple[list[str], str]:
    """Return the units that a figure shows and what its caption says of them; the tables have all.

    Where there are too many for a page they are those with the highest rates, and the unit itself.
    """
    codes = [code for code in facts.rows if code in set(known)]
    if len(codes) <= MOST_BARS + 1:
        return codes, ""
    table = facts.summary.set_index("unit_code")
    both = table["poor_households"] + table["near_poor_households"]
    highest = percentage(both, table["households"]).drop(facts.unit).reindex(codes).astype("Float64")
    kept = {facts.unit, *highest.sort_values(ascending=False, kind="stable").index[:MOST_BARS]}
    return [code for code in codes if code in kept], f", {MOST_BARS} đơn vị có tỷ lệ nghèo cao nhất"


def _summary(facts: HouseholdFacts, size: str, counted: str) -> DataTable:
    """Return results of the review by unit, counted in "households" or "persons", with rates of the classes."""
    frame = named(facts, facts.summary.assign(total=facts.summary[size]))
    columns = [Column("name", ("Đơn vị",), "text", 2.2), Column("total", (f"Tổng số {counted}",), "count")]
    for name, words in CLASS_WORDS.items():
        frame[f"{name}_rate"] = percentage(frame[f"{name}_{size}"], frame["total"])
        columns.append(Column(f"{name}_{size}", (words, f"Số {counted}"), "count"))
        columns.append(Column(f"{name}_rate", (words, "Tỷ lệ"), "percent"))
    caption = f"Tổng hợp kết quả rà soát ({counted})"
    return table_by_unit(facts, frame, columns, caption=caption, name=f"summary_{size}")


def _rate(part: object, whole: object) -> object:
    return pd.NA if pd.isna(part) or pd.isna(whole) or not whole else 100 * part / whole  # type: ignore[operator]
