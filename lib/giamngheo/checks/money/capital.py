"""Checks of the capital allocated: projects of the programme, each amount once, in đồng."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from giamngheo.checks import grounds
from giamngheo.checks.check import Case, Problem, check, where
from giamngheo.checks.entries import is_fund_year
from giamngheo.checks.money.amounts import is_small
from giamngheo.core.message import Message, message, quoted
from giamngheo.regulation.lookup import provision
from giamngheo.regulation.programme import extended_to
from giamngheo.regulation.units import destinations
from giamngheo.statistics.funding import UNSPLIT
from giamngheo.statistics.unit_money import counted, units_above
from giamngheo.statistics.units import in_codes_of, listed_in_part, units_on
from giamngheo.workbook.dataset import last_day
from giamngheo.workbook.own_contents import unplaced
from giamngheo.workbook.schema import choices, money_tables_by_unit

MONEY = ("capital", "disbursements")
"""Tables with a row a content, source and year of the funds."""


_CONTENT = "nội dung"
"""What a content is called of a year of which no programme is known."""


@check("own-content", "error", "contents", ground=grounds.PROGRAMME)
def own_content(case: Case) -> Iterator[Problem]:
    """What the list of contents adds has a name and stands below a content of a programme."""
    for problem in unplaced(case.data.catalogue, case["contents"]):
        yield Problem("contents", problem.column, problem.row, problem.found, problem.expected)


@check("own-names", "info", ground=grounds.PROGRAMME)
def own_names(case: Case) -> Iterator[Problem]:
    """The names of contents are those of the law."""
    typed = case["contents"].drop_duplicates("code").set_index("code")["row"]
    entries = {entry.code: entry for one in case.data.catalogue.programmes() for entry in one.contents if entry.own}
    for code in typed.index.intersection(list(entries)):
        found = message("the name and place of {code} are those of the office", code=code)
        yield Problem("contents", "name", int(typed[code]), found, message("nothing, if they are meant"))


@check("unknown-project", "error", ground=grounds.PROGRAMME, lasting=True)
def unknown_project(case: Case) -> Iterator[Problem]:
    """Money belongs to a content of the programme that its year of the funds is of."""
    for name in MONEY:
        for year, rows in _of_its_years(case, name).groupby("fund_year"):
            known = case.contents(year)
            for _, row in where(rows, ~rows["project_code"].isin(list(known))):
                if not known:
                    found = message("the projects of the programme of {year} are not known", year=str(year))
                    yield Problem(name, "project_code", row["row"], found, message("no money of that year"))
                    continue
                found = message(
                    "the programme of {year} has no {noun} {code}",
                    year=str(year),
                    code=quoted(row["project_code"]),
                    noun=case.noun(year) or _CONTENT,
                )
                yield Problem(name, "project_code", row["row"], found, _one_of(known))


@check("unknown-source", "error", ground=grounds.PROGRAMME, lasting=True)
def unknown_source(case: Case) -> Iterator[Problem]:
    """Money comes from a source of the programme that its year of the funds is of, and of the budget."""
    for name in MONEY:
        for year, rows in _of_its_years(case, name).groupby("fund_year"):
            programme = case.programme(int(year))
            known = {entry.code: entry.name for entry in programme.sources if not entry.mobilised} if programme else {}
            for _, row in where(rows, ~rows["source"].isin([*known, UNSPLIT]) & bool(known)):
                found = message(
                    "the budget of the programme of {year} has no source {source}",
                    year=str(year),
                    source=quoted(case.data.catalogue.source_name(row["source"])),
                )
                yield Problem(name, "source", row["row"], found, _one_of(known.values()))


def _of_its_years(case: Case, name: str) -> pd.DataFrame:
    """Return the money of the years that a workbook may have money of; of another year fund-year says so."""
    return case[name][is_fund_year(case[name]["fund_year"], case.year).fillna(False)]


def _one_of(labels: Iterable[str]) -> Message:
    return message("one of: {labels}", labels=", ".join(labels) or "-")


@check("source-and-parts", "error", "capital", "disbursements", ground=grounds.SUM)
def source_and_parts(case: Case) -> Iterator[Problem]:
    """A content has money of a source or of its parts, not of both."""
    capital, paid = case.money["capital"], case.money["disbursements"]
    line = ["fund_year", "project_code", "unit_code"]
    yield from _sources_at_both_levels(case, "capital", capital.dropna(subset=line), line)
    line = ["date", *line]
    yield from _sources_at_both_levels(case, "disbursements", paid.dropna(subset=line), line)


def _sources_at_both_levels(case: Case, name: str, rows: pd.DataFrame, line: list[str]) -> Iterator[Problem]:
    """Yield the rows of sources of which a part, however deep, has a row of the same line too."""
    keys = list(rows[line].itertuples(index=False, name=None))
    programmes = {year: case.programme(year) for year in rows["fund_year"].unique()}
    parents = {
        year: {entry.code: entry.parent for entry in one.sources} if one else {} for year, one in programmes.items()
    }
    places = zip(keys, rows["fund_year"], rows["source"], strict=True)
    wholes = {(key, above) for key, year, source in places for above in _above(source, parents[year])}
    hits = [place in wholes for place in zip(keys, rows["source"], strict=True)]
    for _, row in rows[pd.Series(hits, rows.index, dtype=bool)].sort_values(line, kind="stable").iterrows():
        words = quoted(case.data.catalogue.source_name(row["source"]))
        fields = {"code": row["project_code"], "source": words, "noun": case.noun(row["fund_year"])}
        found = message("{noun} {code} has {source} and parts of it as well", **fields)
        yield Problem(name, "source", row["row"], found, message("the money of the parts only, or of the whole only"))


@check("capital-unlike-project", "warning", ground=grounds.PROGRAMME)
def capital_unlike_project(case: Case) -> Iterator[Problem]:
    """A project is paid from the sources that the programme gives it."""
    capital, name_of = case["capital"], case.data.catalogue.source_name
    for _, row in where(capital, capital["planned_vnd"] > 0):
        programme = case.programme(row["fund_year"])
        project = programme.content(row["project_code"]) if programme else None
        if programme is None or project is None or programme.source(row["source"]) is None:
            continue
        if project.capital and row["source"] not in project.capital:
            words = {"code": project.code, "source": quoted(name_of(row["source"])), "noun": programme.noun}
            found = message("{noun} {code} has {source}", **words)
            expected = message("{sources}", sources=", ".join(map(name_of, project.capital)))
            yield Problem("capital", "source", row["row"], found, expected)


@check("budget-level", "error", ground=grounds.PROGRAMME, lasting=True)
def budget_level(case: Case) -> Iterator[Problem]:
    """The budget that pays an amount is said, by its source or beside it, and once only."""
    capital, words = case["capital"], choices("budget_level")
    for year, rows in capital.groupby("fund_year"):
        programme = case.programme(int(year))
        levels = {entry.code: entry.level for entry in programme.sources} if programme else {}
        are_told = any(levels.values())
        for _, row in rows.iterrows():
            level, told = row["budget_level"], levels.get(row["source"], "")
            if not level and not are_told:
                yield Problem(
                    "capital", "budget_level", row["row"], message("nothing stands here"), _one_of(words.values())
                )
            elif level and told and level != told:
                found = message("{value} stands here", value=quoted(words[level]))
                expected = message("{level}, as the source says, or nothing", level=words[told])
                yield Problem("capital", "budget_level", row["row"], found, expected)


@check("project-and-parts", "error", "capital", "disbursements", ground=grounds.SUM)
def project_and_parts(case: Case) -> Iterator[Problem]:
    """A project has money at its own level or at its sub-projects', not at both."""
    capital, paid = case["capital"], case["disbursements"]
    allocated = capital[(capital["planned_vnd"] > 0) & capital["fund_year"].notna()]
    yield from _at_both_levels(case, "capital", allocated.assign(date=pd.NaT, vnd=allocated["planned_vnd"]))
    snapshots = paid[(paid["disbursed_vnd"] > 0) & paid["fund_year"].notna() & paid["date"].notna()]
    yield from _at_both_levels(case, "disbursements", snapshots.assign(vnd=snapshots["disbursed_vnd"]))


def _at_both_levels(case: Case, name: str, amounts: pd.DataFrame) -> Iterator[Problem]:
    """Yield the rows of contents of which a part, however deep, has an amount of the same day and year too."""
    years = amounts["fund_year"].unique()
    parents = {year: {code: entry.parent for code, entry in case.contents(year).items()} for year in years}
    places = list(amounts[["date", "fund_year", "project_code"]].itertuples(index=False, name=None))
    parts: Counter[tuple[Any, ...]] = Counter()
    for (day, year, code), vnd in zip(places, amounts["vnd"], strict=True):
        parts.update({(day, year, above): int(vnd) for above in _above(code, parents[year])})
    hits = pd.Series([place in parts for place in places], amounts.index, dtype=bool)
    for _, row in amounts[hits].sort_values(["date", "fund_year"], kind="stable").iterrows():
        found = message(
            "{noun} {code} has {own} đồng and its sub-projects {parts} đồng: the money counts twice",
            code=row["project_code"],
            noun=case.noun(row["fund_year"]),
            own=int(row["vnd"]),
            parts=parts[row["date"], row["fund_year"], row["project_code"]],
        )
        expected = message("the money at the sub-projects only, or at the project only")
        yield Problem(name, "project_code", row["row"], found, expected)


def _above(code: str, parents: Mapping[str, str]) -> Iterator[str]:
    """Yield the codes of the nodes of a tree that a node is part of."""
    while code := parents.get(code, ""):
        yield code


@check("money-unit", "error", "units", ground=grounds.UNITS)
def money_unit(case: Case) -> Iterator[Problem]:
    """Money of a unit is of one that stands below the unit that reports; the money of that one names none."""
    for name in money_tables_by_unit() if case.lists_unit else ():
        frame = case.money.get(name, case[name])
        for _, row in where(frame, frame["unit_code"].ne("") & ~frame["unit_code"].isin(case.parts)):
            unit = quoted(row["unit_code"])
            if row["unit_code"] == case.unit:
                found = message("{code} is the unit that reports", code=quoted(case.unit))
                yield Problem(name, "unit_code", row["row"], found, message("nothing here: it is its own money"))
            else:
                found = message("unit {unit} does not stand below {root}", unit=unit, root=quoted(case.unit))
                expected = message("a unit below, as the sheet of units has it, or nothing")
                yield Problem(name, "unit_code", row["row"], found, expected)


@check("money-of-some-units", "error", "units", "capital", "disbursements", ground=grounds.SUM)
def money_of_some_units(case: Case) -> Iterator[Problem]:
    """Where the list has some of the units below only, their money is beside that of the unit itself."""
    if case.unit not in listed_in_part(case["units"]):
        return
    for name in MONEY:
        rows = case[name]
        own = pd.MultiIndex.from_frame(rows.loc[rows["unit_code"] == "", ["project_code", "fund_year"]])
        alone = ~pd.MultiIndex.from_frame(rows[["project_code", "fund_year"]]).isin(own)
        for _, row in where(rows, (rows["unit_code"] != "") & alone):
            fields = {"code": row["project_code"], "noun": case.noun(row["fund_year"])}
            found = message("{noun} {code} has money of units below only", **fields)
            expected = message("a row of the unit that reports too: the list has some of its units only")
            yield Problem(name, "unit_code", row["row"], found, expected)


@check("money-of-days", "error", "units", ground=grounds.UNITS)
def money_of_days(case: Case) -> Iterator[Problem]:
    """Money of a unit is of one that stands from the day of the row on, or went whole into another.

    Of a unit that was divided nobody knows which part the money is of: it would be nobody's, or another's.
    """
    units, last = case["units"], last_day(case.data)
    standing = units_on(units, last).fillna({"valid_from": pd.Timestamp(1900, 1, 1)})
    begins = standing.groupby("code")["valid_from"].max()
    for name in (name for name in money_tables_by_unit() if len(case[name])):
        frame = in_codes_of(case[name], units, case.unit, last)
        kept = frame["before"].ne("") & (name != "works")  # kinds of work are not added up across a merger
        code = frame["before"].where(kept, frame["unit_code"])
        day = frame["date"].fillna(pd.Timestamp(case.year, 1, 1))
        since = pd.Series(begins.reindex(code).to_numpy(), frame.index, dtype="datetime64[us]")
        for at, row in where(frame, code.isin(units["code"]) & ~kept & ~(since <= day)):
            yield Problem(name, "unit_code", row["row"], _not_there(units, code[at], begins), _across())
        for at, row in where(frame, kept & frame["date"].isna() & code.isin(begins.index) & code.ne(case.unit)):
            found = message("the code {code} names two units this year", code=quoted(code[at]))
            yield Problem(
                name, "date", row["row"], found, message("the day of the decision, which says of which it is")
            )


def _not_there(units: pd.DataFrame, code: str, begins: pd.Series) -> Message:
    if code in begins.index:
        return message("unit {unit} begins on {day}", unit=quoted(code), day=begins[code].date())
    ended = units[units["code"] == code].sort_values("valid_to").iloc[-1]
    fields = {"unit": quoted(code), "day": ended["valid_to"].date()}
    codes, whole = destinations(ended.get("merged_into", ""))
    if whole:
        return message("unit {unit} ended on {day} and went into {codes}", codes=", ".join(codes), **fields)
    if codes:
        return message("unit {unit} ended on {day} and was divided among {codes}", codes=", ".join(codes), **fields)
    return message("unit {unit} ends on {day}", **fields)


def _across() -> Message:
    return message("money of a unit that stands since, by its borders, or of the one that reports, the cell blank")


@check("units-above-whole", "error", "capital", "disbursements", ground=grounds.SUM, explainable=True)
def units_above_whole(case: Case) -> Iterator[Problem]:
    """The units below have no more money of a content than the unit above them says it has."""
    above = units_above(units_on(case["units"], case.day), case.unit)
    for name, amount, keys in (("capital", "planned_vnd", _MONEY_LINE), ("disbursements", "disbursed_vnd", _SNAPSHOT)):
        for row, whole, parts in _exceeded(case.money[name], above, amount, keys):
            found = message("the units below have {parts} đồng together", parts=parts)
            expected = message("at most the {whole} đồng of the unit above them", whole=whole)
            yield Problem(name, amount, row, found, expected)


_MONEY_LINE = ["project_code", "source", "fund_year"]
_SNAPSHOT = ["date", *_MONEY_LINE]


def _exceeded(
    rows: pd.DataFrame, above: Mapping[str, str], amount: str, keys: list[str]
) -> Iterator[tuple[int, int, int]]:
    """Yield the row of a unit's own amount, the amount, and the larger sum of the units below it."""
    below = rows[rows["unit_code"] != ""]
    if below.empty:
        return
    sums = below[counted(below, above, line=keys)].groupby(keys)[amount].sum()
    own = rows[rows["unit_code"] == ""].groupby(keys).agg(**{amount: (amount, "sum"), "row": ("row", "first")})
    both = own.join(sums.rename("parts"), how="inner")
    for _, line in both[both["parts"] > both[amount]].iterrows():
        yield int(line["row"]), int(line[amount]), int(line["parts"])


@check("past-extension", "warning", ground=grounds.INVESTMENT_LAW, lasting=True)
def past_extension(case: Case) -> Iterator[Problem]:
    """Money is carried over no longer than the law extends it, or the note beside it says by which act it is."""
    for name in MONEY:
        frame = case[name]
        told = frame["note"].ne("") | frame["fund_year"].isna()
        day = frame["date"].fillna(pd.Timestamp(case.year, 1, 1))
        for year, rows in frame[~told & day.ge(pd.Timestamp(case.year, 1, 1))].groupby("fund_year"):
            if case.programme(year) is None:
                continue  # which is told of its rows
            last = extended_to(int(year))
            for _, row in where(rows, day[rows.index] > pd.Timestamp(last)):
                found = message("money of {year} is paid until {day}", year=str(year), day=last)
                expected = message("the act that extends it, in the note of the row")
                yield Problem(name, "fund_year", row["row"], found, expected)
                break


@check("mobilised-place", "error", ground=grounds.PROGRAMME)
def mobilised_place(case: Case) -> Iterator[Problem]:
    """Resources beyond the budget are of a content and of a source beyond the budget of the year's programme."""
    rows, programme = case["mobilised"], case.data.catalogue.programme(case.year)
    contents = [entry.code for entry in programme.contents] if programme else []
    sources = {entry.code: entry.name for entry in programme.sources if entry.mobilised} if programme else {}
    fields = {"year": str(case.year), "noun": programme.noun if programme else _CONTENT}
    for _, row in where(rows, ~rows["project_code"].isin(["", *contents])):
        found = message("the programme of {year} has no {noun} {code}", code=quoted(row["project_code"]), **fields)
        yield Problem("mobilised", "project_code", row["row"], found, _one_of(contents))
    for _, row in where(rows, ~rows["source"].isin(list(sources))):
        name = quoted(case.data.catalogue.source_name(row["source"]))
        found = message("{source} is no source beyond the budget in {year}", source=name, year=str(case.year))
        yield Problem("mobilised", "source", row["row"], found, _one_of(sources.values()))


@check("mobilised-twice", "error", "mobilised", ground=grounds.SUM)
def mobilised_twice(case: Case) -> Iterator[Problem]:
    """Resources are told of a source and a content or of their parts, not of both."""
    programme = case.data.catalogue.programme(case.year)
    sources = {entry.code: entry.parent for entry in programme.sources} if programme else {}
    contents = {entry.code: entry.parent for entry in programme.contents} if programme else {}
    rows = case["mobilised"]
    yield from _wholes(rows, "source", {above for code in rows["source"].unique() for above in _above(code, sources)})
    for _, line in rows.groupby("source"):
        above = {whole for code in line["project_code"].unique() for whole in _above(code, contents)}
        yield from _wholes(line, "project_code", above)
    for _, line in rows.groupby(["source", "unit_code"]):
        yield from _wholes(line, "project_code", {""} if line["project_code"].ne("").any() else set())


def _wholes(rows: pd.DataFrame, name: str, wholes: set[str]) -> Iterator[Problem]:
    for _, row in where(rows, rows[name].isin(list(wholes))):
        found = message("{code} stands here and a part of it in another row", code=quoted(row[name]))
        yield Problem(
            "mobilised", name, row["row"], found, message("the money of the parts only, or of the whole only")
        )


@check("mobilised-falls", "warning", "mobilised", ground=grounds.SNAPSHOTS, explainable=True)
def mobilised_falls(case: Case) -> Iterator[Problem]:
    """What is mobilised does not fall from one snapshot to the next."""
    rows = case["mobilised"].sort_values("date")
    before = rows.groupby(["project_code", "source", "unit_code"])["mobilised_vnd"].shift()
    falls = (rows["mobilised_vnd"] < before) & ~is_small(case, "mobilised", "mobilised_vnd")
    for position, row in where(rows, falls[rows.index]):
        found = message("{amount} đồng are mobilised", amount=int(row["mobilised_vnd"]))
        expected = message("at least {amount} đồng, as in the snapshot before", amount=int(before[position]))
        yield Problem("mobilised", "mobilised_vnd", row["row"], found, expected)


@check("maintenance-share", "warning", "capital", ground=grounds.PROGRAMME, explainable=True)
def maintenance_share(case: Case) -> Iterator[Problem]:
    """Recurrent budget for maintenance is about a tenth of the investment it maintains."""
    usual = provision("plausibility/maintenance_pct", on=dt.date(max(case.year, 2022), 12, 31)).value
    capital = case["capital"][case["capital"]["fund_year"] == case.year]  # what is left of earlier years tells nothing
    for _, rows in capital[capital["project_code"] == usual["project"]].groupby("fund_year"):
        investment, recurrent = (rows.loc[rows["source"] == usual[name]] for name in ("built_from", "kept_from"))
        built, kept = int(investment["planned_vnd"].sum()), int(recurrent["planned_vnd"].sum())
        if kept and built and not usual["from"] * built <= kept * 100 <= usual["to"] * built:
            found = message("maintenance has {kept} đồng beside {built} đồng of investment", kept=kept, built=built)
            expected = message("about {share} % of the investment", share=usual["usual"])
            yield Problem("capital", "planned_vnd", recurrent["row"].iloc[0], found, expected)


@check("undated-capital", "warning", "capital", ground=message("a report knows what was known at its cut-off"))
def undated_capital(case: Case) -> Iterator[Problem]:
    """Capital has the number and date of its decision; without a date it counts from the start of the year."""
    capital = case["capital"]
    missing = capital[capital["date"].isna() | (capital["decision"] == "")]
    if len(missing):
        found = message(
            "{count} allocations have no decision or date and count from the start of the year", count=len(missing)
        )
        expected = message("the number and date of the decision that allocates the money")
        yield Problem("capital", "decision", missing["row"].iloc[0], found, expected)
