"""Which forms the report of a unit has, how they are headed, and the sums that they print."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from giamngheo.regulation.programme import Form, FormKind
from giamngheo.report.elements import DataTable
from giamngheo.report.facts import Facts
from giamngheo.report.language import words
from giamngheo.report.programmes import programme_of
from giamngheo.report.snapshots import CALLED, MOST_NAMED, above_in, counted_rows, older_in
from giamngheo.statistics import funding
from giamngheo.statistics.mobilised import FIGURES as MOBILISED
from giamngheo.statistics.mobilised import mobilised
from giamngheo.statistics.programme import contents_of, sources_of
from giamngheo.statistics.resources import resources, untold
from giamngheo.statistics.unit_money import OWN, units_heard
from giamngheo.statistics.works import works_table
from giamngheo.workbook.schema import snapshot_tables

UNIT_NOTE = "Đơn vị tính: triệu đồng."

UNKNOWN_NOTE = "Dấu … là chưa có hoặc chưa đủ số liệu."


def forms_of(facts: Facts) -> dict[FormKind, Form]:
    """Return the forms of the report by their kind."""
    level = facts.own_unit["level"]
    return {form.kind: form for form in programme_of(facts, facts.year).forms if form.level == level}


def form_name(form: Form) -> str:
    """Return what officers call a form, "Biểu 11"."""
    return f"Biểu {form.code}"


def form_caption(facts: Facts, form: Form) -> str:
    """Return name and title of a form, and what it is attached to."""
    return f"{form_name(form)}. {head(facts, form, 'title')} (kèm theo {form.sample})"


def head(facts: Facts, form: Form, name: str) -> str:
    """Return a heading of a form, with the times of the report."""
    times = {
        "{year}": str(facts.year),
        "{time}": words.months_gone(facts.period),
        "{rest}": words.following(facts.period),
    }
    text = form.heads[name]
    for sign, said in times.items():
        text = text.replace(sign, said)
    return text


def has_rest(facts: Facts) -> bool:
    """Return whether a part of the year is left, of which forms have the plan."""
    return facts.period.kind == "half"


def resources_of(facts: Facts) -> pd.DataFrame:
    """Return all resources of the year (statistics.resources)."""
    contents = contents_of([facts.year], facts.data.catalogue)
    sources = sources_of([facts.year], facts.data.catalogue)
    lines = facts.lines[facts.lines["fund_year"] == facts.year]
    budget = funding.programme_table(lines, contents, sources[sources["code"].isin(_budget(facts))])
    rows = facts.data["mobilised"]
    beyond = pd.DataFrame(columns=["project_code", "source", *MOBILISED])
    if not rows.empty:
        below = sources.drop(columns="fund_year")
        beyond = mobilised(rows, contents.drop(columns="fund_year"), below, above_in(facts))
    return resources(budget, beyond, contents, sources)


def untold_of(facts: Facts, table: pd.DataFrame) -> list[str]:
    """Return the names of the sources of which nothing is known, which are part of no sum of a table of resources."""
    sources = sources_of([facts.year], facts.data.catalogue)
    names = dict(zip(sources["code"], sources["name"], strict=True))
    return [names[code] for code in untold(table, sources)]


def has_money(row: pd.Series) -> bool:
    """Return whether something is known of a row of plan and result that is not nothing at all."""
    amounts = row[["planned_vnd", "done_vnd"]]
    return bool(amounts.notna().any() and amounts.ne(0).fillna(True).any())


def untold_note(names: list[str]) -> str:
    """Return what stands under a form whose sums lack sources."""
    return f"Chưa có số liệu, không tính vào các tổng: {', '.join(names)}." if names else ""


def budget_note(facts: Facts) -> str:
    """Return what a form means by result and plan of the rest of money of the budget."""
    rest = "; kế hoạch phần còn lại là vốn giao chưa giải ngân" if has_rest(facts) else ""
    return f"Vốn ngân sách: kết quả là số giải ngân lũy kế của vốn giao trong năm{rest}."


def works_of(facts: Facts) -> pd.DataFrame:
    """Return investment by kind of work (statistics.works)."""
    works = [work.code for work in programme_of(facts, facts.year).works]
    return works_table(facts.data["works"], works, above_in(facts))


def _budget(facts: Facts) -> list[str]:
    """Return the codes of the sources of the budget."""
    return [source.code for source in programme_of(facts, facts.year).sources if not source.mobilised]


def summed_from(facts: Facts, *names: str) -> list[str]:
    """Say of which tables the figures are sums of units below, of how many, and which lack or are of an earlier month.

    Tables of which the same is said stand together; of one whose figures are the unit's own nothing is said.
    """
    sums = {name: said for name in names if (said := _sum(facts, name))}
    late = {name: said for name in sums if name in SNAPSHOTS and (said := older_in(facts, name))}
    return [*_together(sums, " được cộng từ số của "), *_together(late, ": ")]


def _together(said: Mapping[str, str], between: str) -> list[str]:
    """Return a sentence for each thing that is said, of all tables of which it is."""
    told: dict[str, list[str]] = {}
    for name, words_of_it in said.items():
        told.setdefault(words_of_it, []).append(CALLED[name])
    texts = [f"{', '.join(called)}{between}{words_of_it}." for words_of_it, called in told.items()]
    return [text[0].upper() + text[1:] for text in texts]


def _sum(facts: Facts, name: str) -> str:
    (own, heard), parts = _heard(facts, name), _parts(facts)
    if not heard:
        return ""
    missing = list(parts.loc[~parts["code"].isin(heard), "name"])
    said = _share(parts, heard)
    if missing:
        more = f" và {len(missing) - MOST_NAMED} đơn vị khác" if len(missing) > MOST_NAMED else ""
        said += f"; chưa có số liệu của {', '.join(missing[:MOST_NAMED])}{more}"
    return f"{facts.unit} và của {said}" if own else said


def total_name(facts: Facts, form: Form, lacking: Iterable[str], *names: str) -> str:
    """Return the name of a form's total, and behind it of how many units and that not of all sources it is the sum."""
    heard = [found for name in names if (found := _heard(facts, name)[1])]
    parts, fewest = _parts(facts), min(heard, key=len, default=set[str]())
    said = [_share(parts, fewest)] if heard and len(fewest) < len(parts) else []
    said += ["chưa đủ các nguồn"] if lacking else []
    return head(facts, form, "total") + (f" ({'; '.join(said)})" if said else "")


def _share(parts: pd.DataFrame, heard: set[str]) -> str:
    kinds = words.kind_words(parts.to_dict("records"))
    return f"{parts['code'].isin(heard).sum()}/{len(parts)} {kinds}"


def _heard(facts: Facts, name: str) -> tuple[bool, set[str]]:
    """Return whether rows of a table are the unit's own, and the units below of which there are some."""
    rows = counted_rows(facts, name)
    return bool(rows["unit_code"].eq(OWN).any()), units_heard(rows, above_in(facts))


def _parts(facts: Facts) -> pd.DataFrame:
    return facts.units[facts.units["parent_code"] == facts.data.form["unit_code"]]


MONEY = ("capital", "disbursements", "mobilised")
"""The tables that the forms of resources are made from."""

SNAPSHOTS = tuple(entry.name for entry in snapshot_tables())
"""The tables of cumulative snapshots."""


def roman(number: int) -> str:
    """Return a number from 1 to 39 in Roman letters."""
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]


def numbered(groups: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the number of each entry of two levels, given as code and parent: "I", "II" and "1", "2" below."""
    numbers: dict[str, str] = {}
    counts = Counter[str]()
    for code, parent in groups:
        counts[parent] += 1
        numbers[code] = str(counts[parent]) if parent else roman(counts[parent])
    return numbers


def completed(facts: Facts, table: DataTable, form: Form, *said: str) -> DataTable:
    """Return the table of a form with its caption, under it what its amounts are, on a page of its own."""
    amounts = [column.name for column in table.columns if column.kind == "money"]
    unknown = UNKNOWN_NOTE if table.frame[amounts].isna().any(axis=None) else ""
    note = " ".join(filter(None, [UNIT_NOTE if amounts else "", *said, unknown]))
    caption, name = form_caption(facts, form), f"{form.kind}_form"
    return replace(table, caption=caption, note=note, series="", name=name, is_landscape=True)
