"""Part III, the profile of the poor and near-poor: what they lack, of which groups they are, why they are poor."""

from collections.abc import Mapping

import pandas as pd

from giamngheo.households.disclosure.tables import shown_parts, shown_peoples
from giamngheo.households.file.schema import household_choices
from giamngheo.regulation.peoples import OTHER
from giamngheo.report.drawing import figure, heat_map, sheet
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.language.numbers import count, known_number, percent
from giamngheo.report.language.words import OTHER_NOTE
from giamngheo.report.review.facts import HouseholdFacts
from giamngheo.report.review.results import CLASS_WORDS, fitting, named
from giamngheo.statistics.ratio import percentage

_MOST_PROFILES = 20
"""Peoples and groups together that a table shows, those with most households."""


def deprivations(facts: HouseholdFacts) -> DataTable | Prose:
    """Return deprived households of the poor and the near-poor by indicator, of the reporting unit."""
    names = {entry.code: entry.name for entry in facts.indicators}
    caption = "Mức độ thiếu hụt của hộ nghèo, hộ cận nghèo theo chỉ số"
    return _parts_table(facts, "indicator", names, heading="Chỉ số thiếu hụt", caption=caption)


def deprivation_map(facts: HouseholdFacts) -> Figure | Prose:
    """Return the share of the poor households of each unit below that each indicator deprives, as a heat map.

    Units without a poor household have no row, and the caption says how many they are; nor have those of which a public
    reader is told no share: a row would tell that they have one. Empty where all are.
    """
    names = list(facts.given("indicator", {entry.code: entry.name for entry in facts.indicators}).values())
    if not names:
        return Prose("")
    table = shown_parts(facts.printed.parts["indicator"], "indicator", facts.hidden)
    shares = table[table["class"] == "poor"].pivot(index="unit_code", columns="indicator", values="rate_pct")
    poor = shares.dropna(how="all")
    if poor.empty:
        return Prose("")
    codes, most = fitting(facts, poor.index)
    is_told = facts.summary.set_index("unit_code")["poor_households"].notna()
    without = sum(code not in shares.index and bool(is_told[code]) for code in facts.rows)
    none = f"; {without} đơn vị không có hộ nghèo không có hàng" if without else ""
    shown = named(facts, poor.reindex(codes).reset_index())
    values = [[known_number(row[entry.code]) for entry in facts.indicators] for _, row in shown.iterrows()]
    alt = f"Bản đồ nhiệt tỷ lệ hộ nghèo thiếu hụt từng chỉ số theo đơn vị{most}{none}, %. " + "; ".join(
        f"{name}: " + ", ".join(f"{i} {percent(v)}" for i, v in zip(names, line, strict=True))
        for name, line in zip(shown["name"], values, strict=True)
    )
    caption = f"Tỷ lệ hộ nghèo thiếu hụt theo chỉ số và đơn vị (%){most}{none}"
    with sheet() as axes:
        drawn = heat_map(axes, list(shown["name"]), names, values)
        return figure(drawn, alt=alt, caption=caption, name="deprivation_map")


def groups(facts: HouseholdFacts) -> DataTable | Prose:
    """Return poor and near-poor households by group, of the reporting unit."""
    names = {"ethnic_minority": "Dân tộc thiểu số"} | dict(household_choices("group"))
    caption = "Hộ nghèo, hộ cận nghèo theo nhóm đối tượng"
    return _parts_table(facts, "group", names, heading="Nhóm đối tượng", caption=caption)


def ethnicity(facts: HouseholdFacts) -> DataTable:
    """Return households of each ethnic group, the poor and the near-poor among them, of the reporting unit."""
    table = shown_peoples(facts.printed.peoples, facts.hidden)
    frame = table.assign(name=table["ethnic_group"].astype("str").replace("", "Không ghi"))
    columns = [Column("name", ("Dân tộc",), "text", 2.2), Column("households", ("Tổng số hộ",), "count")]
    for name in ("poor", "near_poor"):
        columns.append(Column(f"{name}_households", (CLASS_WORDS[name], "Số hộ"), "count"))
        columns.append(Column(f"{name}_rate_pct", (CLASS_WORDS[name], "Tỷ lệ"), "percent"))
    note = " ".join(filter(None, (facts.hidden_note, OTHER_NOTE if OTHER in set(table["ethnic_group"]) else "")))
    caption = "Hộ nghèo, hộ cận nghèo theo dân tộc"
    return DataTable(frame, tuple(columns), caption, note=note, name="ethnicity")


def causes(facts: HouseholdFacts) -> DataTable | Prose:
    """Return poor and near-poor households by cause of poverty, of the reporting unit."""
    names = household_choices("cause")
    caption = "Hộ nghèo, hộ cận nghèo theo nguyên nhân; một hộ có thể có nhiều nguyên nhân"
    return _parts_table(facts, "cause", names, heading="Nguyên nhân nghèo", caption=caption)


def profile_table(facts: HouseholdFacts, kind: str = "poor") -> DataTable | Prose:
    """Return the households of a class ("poor" or "near_poor") by people and group, and of what causes; no public one.

    A row a people and group, those with most households first; of each cause the share of them that have it.
    """
    own = _profiles(facts, kind)
    if own is None or own.empty:
        return Prose("")
    names = household_choices("cause")
    sums = own.groupby(["ethnic_group", "household_group"], as_index=False)[
        ["households", *(f"cause_{code}_households" for code in names)]
    ].sum()
    whole = sums.select_dtypes("number").sum().to_frame().T.assign(people="Tất cả", group="")
    groups = {"": "Không ghi"} | dict(household_choices("group"))
    frame = sums.sort_values("households", ascending=False, kind="stable").head(_MOST_PROFILES)
    frame["people"] = frame["ethnic_group"].astype("str").replace("", "Không ghi")
    frame["group"] = frame["household_group"].map(groups)
    frame = pd.concat([frame, whole], ignore_index=True)
    heads = {code: f"({number})" for number, code in enumerate(names, start=1)}
    for code in names:
        frame[code] = percentage(frame[f"cause_{code}_households"], frame["households"])
    columns = (
        Column("people", ("Dân tộc",), "text", 1.6),
        Column("group", ("Nhóm",), "text", 2.4),
        Column("households", ("Số hộ",), "count"),
        *(Column(code, (head,), "percent", missing="-") for code, head in heads.items()),
    )
    note = f"Tỷ lệ hộ có nguyên nhân {'; '.join(f'{heads[code]} {name}' for code, name in names.items())}."
    more = f"; {_MOST_PROFILES} tổ hợp nhiều hộ nhất" if len(sums) > _MOST_PROFILES else ""
    caption = f"{CLASS_WORDS[kind]} theo dân tộc, nhóm đối tượng và nguyên nhân{more}"
    return DataTable(frame, columns, caption, strong_rows=(len(frame) - 1,), note=note, name="profile_table")


def _profiles(facts: HouseholdFacts, kind: str) -> pd.DataFrame | None:
    """Return counts.profile_counts of a class inside the unit; None for the public."""
    counts, level = facts.review.profiles, facts.review.units.set_index("code")["level"][facts.unit]
    if facts.is_public or counts is None:
        return None
    inside = counts["unit_code"].map(facts.review.tree.set_index("unit_code")[level]).eq(facts.unit)
    return counts[inside.to_numpy(dtype=bool) & counts["class"].eq(kind).to_numpy(dtype=bool)]


def _parts_table(
    facts: HouseholdFacts, name: str, names: Mapping[str, str], *, heading: str, caption: str
) -> DataTable | Prose:
    """Return poor and near-poor side by side, one row a part; empty where the file has no column of these.

    heading: of the parts.
    """
    names = facts.given(name, names)
    if not names:
        return Prose("")
    table = facts.printed.parts[name]
    shown = shown_parts(table[table["unit_code"] == facts.unit], name, facts.hidden)
    of_class = {kind: rows.set_index(name).reindex(list(names)) for kind, rows in shown.groupby("class")}
    nobody = pd.DataFrame({"households": 0, "rate_pct": pd.NA}, index=list(names))
    frame = pd.DataFrame({"name": list(names.values())})
    columns = [Column("name", (heading,), "text", 3)]
    for kind in ("poor", "near_poor"):
        for value, title, style in (("households", "Số hộ", "count"), ("rate_pct", "Tỷ lệ", "percent")):
            frame[f"{kind}_{value}"] = of_class.get(kind, nobody)[value].to_numpy()
            columns.append(Column(f"{kind}_{value}", (CLASS_WORDS[kind], title), style))  # type: ignore[arg-type]
    called = {"indicator": "deprivations", "group": "groups", "cause": "causes"}[name]
    note = " ".join(filter(None, (facts.hidden_note, _blank_note(facts, name))))
    return DataTable(frame, tuple(columns), caption, note=note, name=called)


def _blank_note(facts: HouseholdFacts, part: str) -> str:
    """Return how many of the poor and near-poor have a blank cell there, of which nobody knows what it would say."""
    if part == "indicator":
        return ""
    blanks = facts.classes.groupby("class", observed=True)[f"no_{part}_households"].sum()
    told = [f"{count(blanks[kind])} {CLASS_WORDS[kind].lower()}" for kind in ("poor", "near_poor") if blanks.get(kind)]
    some = "Một số hộ" if facts.is_public else f"Có {', '.join(told)}"
    return f"{some} để trống ô ở đây: không tính là có, còn tỷ lệ tính trên mọi hộ của diện." if told else ""
