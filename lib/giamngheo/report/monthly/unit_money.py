"""Part III: the money of the year by unit below the one that reports, ranked, and whose figures the totals are."""

from dataclasses import replace

import pandas as pd

from giamngheo.report.drawing import MOST_BARS
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.formula import less, percentage, plus, told
from giamngheo.report.language import words
from giamngheo.report.language.narrative import narrative
from giamngheo.report.language.numbers import percent
from giamngheo.report.monthly.disbursement import UNIT_NOTE, rates_figure, yardstick_marks
from giamngheo.report.origins import Line, known
from giamngheo.report.snapshots import older
from giamngheo.statistics import ratio
from giamngheo.statistics.unit_money import OWN

_FEW = 3


def unit_money(facts: Facts) -> Prose:
    """Return which units disburse most and least, if any differ, and which totals are sums of theirs.

    Empty without their money.
    """
    given = _given(facts)
    if given.empty:
        return Prose("")
    rated = given.dropna(subset="rate_pct")
    differ = len(set(map(percent, rated["rate_pct"]))) > 1
    highest = rated.nlargest(min(_FEW, len(rated) // 2) if differ else 0, "rate_pct")
    values = {
        "year": facts.year,
        "part": facts.part_word,
        "given": _share(facts, given),
        "summed": _contents(facts, of_units=True),
        "own": _contents(facts, of_units=False),
        "unit": facts.unit,
        "highest": _rated(highest),
        "lowest": _rated(rated.drop(index=highest.index).nsmallest(len(highest), "rate_pct")),
        "older": older(given),
        "unknown": list(given.loc[given["disbursed_vnd"].isna(), "name"]),
    }
    return Prose(narrative("monthly/unit_money", **values))


def _share(facts: Facts, given: pd.DataFrame) -> str:
    """Return how many units have figures, of how many where the list has all of them."""
    return f"{len(given)}" if facts.lists_some else f"{len(given)}/{len(facts.unit_money)}"


def unit_money_table(facts: Facts) -> DataTable | Prose:
    """Return plan, disbursement, rate and rank of each unit below; empty without their money."""
    given = _given(facts)
    if given.empty:
        return Prose("")
    part = facts.part_word
    sums = given[["planned_vnd", "disbursed_vnd", "remaining_vnd"]].sum(skipna=False).to_frame().T.astype("Int64")
    rate = ratio.percentage(sums["disbursed_vnd"], sums["planned_vnd"])
    total = sums.assign(name=f"Cộng {_share(facts, given)} {part} có số liệu", rate_pct=rate)
    frame = pd.concat([facts.unit_money, total], ignore_index=True)
    frame["rate_rank"] = frame["rate_rank"].astype("Int64")
    columns = _columns(part)
    caption = f"Giải ngân vốn năm {facts.year} theo {part}"
    shown = frame[[column.name for column in columns]]
    is_blank = shown.drop(columns="rate_rank").isna().any(axis=None)
    said = [UNIT_NOTE, "Hạng 1 là tỷ lệ cao nhất.", "Dấu … là chưa có số liệu." if is_blank else ""]
    said += [f"Giải ngân: {late}."] if (late := older(given)) else []
    note = " ".join(filter(None, said))
    origins = _origins(facts, frame)
    return DataTable(frame, columns, caption, (len(frame) - 1,), note=note, name="unit_money_table", origins=origins)


def _origins(facts: Facts, frame: pd.DataFrame) -> dict[str, list[str]]:
    """Return where the money of each unit and of all comes from, cell by cell."""
    if facts.origins is None:
        return {}
    units = facts.unit_money["unit_code"]
    rows = [{name: facts.origins.of_money(name, Line(facts.year, unit=unit)) for name in _FIGURES} for unit in units]
    amounts = {name: plus(*(row[name] for row in rows if row["planned_vnd"])) for name in _FIGURES[:2]}
    planned, paid = amounts["planned_vnd"], amounts["disbursed_vnd"]
    rows.append(amounts | {"rate_pct": percentage(paid, planned), "remaining_vnd": less(planned, paid)})
    return {
        name: [told(row[name], known(value)) for row, value in zip(rows, frame[name], strict=True)] for name in _FIGURES
    }


_FIGURES = ("planned_vnd", "disbursed_vnd", "rate_pct", "remaining_vnd")


def unit_money_figure(facts: Facts) -> Figure | Prose:
    """Return the rates of disbursement of the units below, the highest first, not too many; empty without two rates."""
    rated = facts.unit_money.dropna(subset="rate_pct").sort_values("rate_pct", ascending=False, kind="stable")
    if len(rated) < 2:
        return Prose("")
    shown, part = rated.head(MOST_BARS), facts.part_word
    most = f", {MOST_BARS} {part} cao nhất" if len(rated) > MOST_BARS else ""
    caption = f"Tỷ lệ giải ngân vốn năm {facts.year} theo {part}{most}"
    return replace(
        rates_figure(list(shown["name"]), list(shown["rate_pct"]), yardstick_marks(facts), caption),
        name="unit_money_figure",
    )


def _columns(part: str) -> tuple[Column, ...]:
    return (
        Column("name", (part.capitalize(),), "text", 2.6),
        Column("planned_vnd", ("Kế hoạch vốn",), "money", 1.25),
        Column("disbursed_vnd", ("Lũy kế giải ngân",), "money", 1.25),
        Column("rate_pct", ("Tỷ lệ",), "percent", 1.0),
        Column("remaining_vnd", ("Còn lại",), "money", 1.25),
        Column("rate_rank", ("Hạng",), "count", 0.7, missing=""),
    )


def _given(facts: Facts) -> pd.DataFrame:
    """Return the units that have money of the year."""
    return facts.unit_money.dropna(subset="planned_vnd")


def _contents(facts: Facts, *, of_units: bool) -> list[str]:
    """Return what texts call the contents of which the year's capital is that of units, or of the unit itself."""
    capital = facts.data["capital"]
    of_year = capital[(capital["fund_year"] == facts.year) & capital["unit_code"].ne(OWN).eq(of_units)]
    used = set(of_year["project_code"])
    named = facts.contents[facts.contents["fund_year"].eq(facts.year) & facts.contents["code"].isin(used)]
    return list(named["full_label"])


def _rated(units: pd.DataFrame) -> str:
    return words.pairs(units["name"], [f"({percent(rate)})" for rate in units["rate_pct"]], between=", ")
