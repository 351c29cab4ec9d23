"""Which tables and figures a report has, in the order they are read, and what stands at each: "Bảng 2. …"."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from giamngheo.report.facts import Facts
from giamngheo.report.language import words
from giamngheo.report.monthly.charts import projects
from giamngheo.statistics.funding import TOTAL
from giamngheo.workbook.schema import choices


@dataclass(frozen=True)
class Captioned:
    """A table or figure: its words, with fields, and whether a report has it."""

    kind: Literal["Bảng", "Hình"]
    words: str
    shown: Callable[[Facts], bool]


def has_reviews(facts: Facts) -> bool:
    """Whether any review is known."""
    return len(facts.reviews_shown) > 0


def has_parts(facts: Facts) -> bool:
    """Whether units below have figures."""
    return len(facts.change.parts) > 0


def has_funds(facts: Facts) -> bool:
    """Whether the money of the year is known."""
    return facts.year in facts.funds


def has_capital(facts: Facts) -> bool:
    """Whether some project has money of the year."""
    return any(row["planned_vnd"] > 0 for row in projects(facts))


def has_carried(facts: Facts) -> bool:
    """Whether money of earlier years is known."""
    return any(year < facts.year for year in facts.funds)


def has_months(facts: Facts) -> bool:
    """Whether the cumulative disbursement of the year's money is known in two months, so that there is a line."""
    months = facts.change.months
    return has_capital(facts) and bool((months["disbursed_vnd"].notna() & (months["planned_vnd"] > 0)).sum() > 1)


def has_period_lines(facts: Facts) -> bool:
    """Whether what the period itself disbursed is known and is not the whole year's."""
    lines = facts.change.lines
    own = lines[(lines["fund_year"] == facts.year) & (lines["source"] == TOTAL)]
    return facts.period.begin.month > 1 and has_capital(facts) and bool(own["period_vnd"].notna().all())


CAPTIONED: Mapping[str, Captioned] = {
    "poverty_table": Captioned("Bảng", "Hộ nghèo, hộ cận nghèo so với năm trước và kế hoạch", has_reviews),
    "poverty_figure": Captioned("Hình", "Tỷ lệ hộ nghèo, hộ cận nghèo và kế hoạch năm", has_reviews),
    "parts_table": Captioned("Bảng", "Hộ nghèo, hộ cận nghèo theo {part} {when}", has_parts),
    "parts_figure": Captioned("Hình", "Tỷ lệ nghèo đa chiều theo {part} {when}", has_parts),
    "allocation_figure": Captioned("Hình", "Vốn giao năm {year} theo dự án và nguồn vốn", has_capital),
    "funding_table": Captioned("Bảng", "Kế hoạch vốn và giải ngân vốn năm {year} theo dự án, tiểu dự án", has_funds),
    "carried_table": Captioned("Bảng", "Kế hoạch vốn và giải ngân vốn năm trước chuyển sang năm {year}", has_carried),
    "period_table": Captioned(
        "Bảng", "Giải ngân vốn năm {year} trong {period} theo dự án, tiểu dự án", has_period_lines
    ),
    "months_figure": Captioned("Hình", "Lũy kế giải ngân vốn năm {year} theo tháng và tiến độ cần có", has_months),
    "disbursement_figure": Captioned("Hình", "Tỷ lệ giải ngân so với kế hoạch vốn theo dự án", has_capital),
}
"""The tables and figures by the function of report.monthly that makes each, in the order they are read."""


def caption(facts: Facts, name: str) -> str:
    """Number and words of a table or figure, "" where the report has none."""
    return _captions(facts).get(name, "")


def _captions(facts: Facts) -> Mapping[str, str]:
    """Number and words of every table and figure that the report has, each kind counted by itself."""
    fields = _fields(facts)
    numbers = Counter[str]()
    captions = {}
    for name, entry in CAPTIONED.items():
        if entry.shown(facts):
            numbers[entry.kind] += 1
            captions[name] = f"{entry.kind} {numbers[entry.kind]}. {entry.words.format(**fields)}"
    return captions


def part_word(facts: Facts) -> str:
    """What the units below are: "xã"; "" where there are none."""
    units = facts.units
    levels = units.loc[units["parent_code"] == facts.data.form["unit_code"], "level"]
    return choices("level")[levels.iloc[0]].lower() if len(levels) else ""


def _fields(facts: Facts) -> dict[str, object]:
    when = words.review_time(facts.part_reviews["date"].iloc[-1]) if has_parts(facts) else ""
    return {"year": facts.year, "period": words.name(facts.period), "part": part_word(facts), "when": when}
