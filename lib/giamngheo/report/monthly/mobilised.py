"""Part II.3: resources mobilised beyond the budget, by source and by content."""

import pandas as pd

from giamngheo.report.elements import Column, DataTable, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.language.narrative import narrative
from giamngheo.report.monthly.disbursement import UNIT_NOTE
from giamngheo.report.origins import told_of_money
from giamngheo.report.programmes import programme_of
from giamngheo.report.snapshots import above_in, as_of, older_in
from giamngheo.statistics.mobilised import FIGURES, NO_CONTENT, mobilised
from giamngheo.statistics.programme import contents_of, sources_of

_TOTAL = ""


def resources(facts: Facts) -> Prose:
    """Return what was mobilised in all and by group of sources; empty where nothing is typed."""
    table = _table(facts)
    if table.empty:
        return Prose("")
    sources = _sources(facts)
    of_all = table[table["project_code"] == _TOTAL].set_index("source")
    groups = sources[(sources["above"] == _TOTAL) & sources["code"].isin(of_all.index)]
    values = {
        "year": facts.year,
        "cutoff": facts.period.cutoff,
        "as_of": as_of(facts, "mobilised"),
        "older": older_in(facts, "mobilised"),
        "total": of_all.loc[_TOTAL],
        "groups": [{"name": row["name"], **of_all.loc[row["code"]]} for _, row in groups.iterrows()],
    }
    return Prose(narrative("monthly/mobilised", **values))


def resources_table(facts: Facts) -> DataTable | Prose:
    """Return plan, mobilised and plan of the rest by source; empty where nothing is typed."""
    table = _table(facts)
    if table.empty:
        return Prose("")
    of_all = table[table["project_code"] == _TOTAL]
    named = _sources(facts).merge(of_all, left_on="code", right_on="source")
    total = of_all[of_all["source"] == _TOTAL].assign(name="Tổng số", above=_TOTAL)
    frame = pd.concat([total, named], ignore_index=True)
    is_part = frame["above"] != _TOTAL
    strong, indented = (tuple(frame.index[mask]) for mask in (~is_part, is_part))
    columns = (Column("name", ("Nguồn lực",), "text", 3.1), *_COLUMNS)
    caption = f"Nguồn lực huy động ngoài vốn ngân sách được giao năm {facts.year} theo nguồn"
    shown = frame[[column.name for column in columns]]
    origins, note = _origins(facts, frame), _note(facts, shown)
    return DataTable(shown, columns, caption, strong, indented, note, name="resources_table", origins=origins)


def resources_by_content(facts: Facts) -> DataTable | Prose:
    """Return the same by content, of all sources; empty where nothing is told by content."""
    table = _table(facts)
    if table.empty or table["project_code"].isin([_TOTAL, NO_CONTENT]).all():
        return Prose("")
    of_all = table[table["source"] == _TOTAL]
    tree = contents_of([facts.year], facts.data.catalogue)[["code", "above", "short"]]
    rest = pd.DataFrame({"code": [NO_CONTENT], "above": [_TOTAL], "short": ["Chưa tách theo nội dung"]})
    named = pd.concat([tree, rest]).merge(of_all, left_on="code", right_on="project_code")
    total = of_all[of_all["project_code"] == _TOTAL].assign(code="", short="Tổng số", above=_TOTAL)
    frame = pd.concat([total, named], ignore_index=True)
    is_part = frame["above"] != _TOTAL
    strong, indented = (tuple(frame.index[mask]) for mask in (~is_part, is_part))
    parts = programme_of(facts, facts.year).parts
    columns = (Column("code", ("Mã",), "code", 0.7), Column("short", (parts.capitalize(),), "text", 3.1), *_COLUMNS)
    caption = f"Nguồn lực huy động ngoài vốn ngân sách được giao năm {facts.year} theo {parts}"
    shown = frame[[column.name for column in columns]]
    origins = _origins(facts, frame)
    note = _note(facts, shown)
    return DataTable(shown, columns, caption, strong, indented, note, name="resources_by_content", origins=origins)


def _note(facts: Facts, shown: pd.DataFrame) -> str:
    is_blank = shown[FIGURES].isna().any(axis=None)
    said = [UNIT_NOTE, "Dấu … là chưa có hoặc chưa đủ số liệu." if is_blank else ""]
    said += [f"Nguồn lực huy động: {late}."] if (late := older_in(facts, "mobilised")) else []
    return " ".join(filter(None, said))


def _origins(facts: Facts, frame: pd.DataFrame) -> dict[str, list[str]]:
    """Return where the figures of a table come from, cell by cell."""
    if facts.origins is None:
        return {}
    lines = zip(frame["project_code"], frame["source"], strict=True)
    rows = [facts.origins.of_resources(content, source) for content, source in lines]
    return {
        column.name: [
            told_of_money(row[column.name], value) for row, value in zip(rows, frame[column.name], strict=True)
        ]
        for column in _COLUMNS
    }


_COLUMNS = (
    Column("planned_vnd", ("Kế hoạch năm",), "money", 1.25),
    Column("mobilised_vnd", ("Đã huy động",), "money", 1.25),
    Column("rate_pct", ("Tỷ lệ",), "percent", 1.0, missing="-"),
    Column("rest_vnd", ("Kế hoạch phần còn lại",), "money", 1.25),
)


def _sources(facts: Facts) -> pd.DataFrame:
    return sources_of([facts.year], facts.data.catalogue)


def _table(facts: Facts) -> pd.DataFrame:
    """Return the resources of the year (statistics.mobilised); no row where nothing is typed."""
    rows = facts.data["mobilised"]
    if rows.empty:
        return pd.DataFrame(columns=["project_code", "source", *FIGURES])
    contents = contents_of([facts.year], facts.data.catalogue).drop(columns="fund_year")
    return mobilised(rows, contents, _sources(facts).drop(columns="fund_year"), above_in(facts))
