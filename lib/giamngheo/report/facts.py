"""What one monthly report knows: the data as of its cut-off and the statistics computed from it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd

from giamngheo.checks.consistency import findings
from giamngheo.checks.rule import sums_of
from giamngheo.core.finding import Finding, InvalidWorkbookError, of_severity
from giamngheo.core.paths import digest, located, units, workbook_path
from giamngheo.core.period import Period
from giamngheo.report.change_facts import Change, all_reviews, change_facts, fund_years, lines_of_year
from giamngheo.report.language import words
from giamngheo.report.parameters import as_audience, as_code, as_written
from giamngheo.statistics import funding, poverty
from giamngheo.statistics.disclosure.stocks import smallest_shown
from giamngheo.statistics.disclosure.workbook import (
    HiddenByDay,
    hidden_by_day,
    public_flows,
    public_plans,
    public_reviews,
)
from giamngheo.statistics.programme import contents_of, sources_of
from giamngheo.statistics.units import summed_units, unit_tree, units_on
from giamngheo.workbook.dataset import Dataset, as_of
from giamngheo.workbook.read.workbook import Reading, reading
from giamngheo.workbook.schema import choices, tables_that_add_up


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything a monthly report is written from. Frames have the columns of the functions named.

    units: those that stand on the last day of the period. review_now, review_base, review_before: one row each or none
    (poverty.rates): the latest review, the one the year starts from, the one a year earlier. targets, progress:
    poverty.plan_targets, plan_progress. contents, sources: the trees of the years of funds (statistics.programme).
    lines: funding.execution. funds: funding.programme_table by_source, of each year of the funds, the newest first.
    change: what moved since the month and the year before. findings: what is wrong or unexplained in what was typed.
    hidden: the stocks that a public reader is not shown, by day: in all frames they are blank.
    """

    data: Dataset
    period: Period
    audience: str
    unit_name: str
    unit_level: str
    units: pd.DataFrame
    contents: pd.DataFrame
    sources: pd.DataFrame
    review_now: pd.DataFrame
    review_base: pd.DataFrame
    review_before: pd.DataFrame
    targets: pd.DataFrame
    progress: pd.DataFrame
    lines: pd.DataFrame
    funds: dict[int, pd.DataFrame]
    change: Change
    findings: tuple[Finding, ...]
    hidden: HiddenByDay

    @property
    def hidden_note(self) -> str:
        """What stands under a table of stocks of which a public reader misses a cell; "" where none is missed."""
        day = self.period.cutoff
        return words.hidden_note(smallest_shown(day)) if any(self.hidden.values()) else ""

    @property
    def year(self) -> int:
        """Year of the period."""
        return self.period.year

    @property
    def unit(self) -> str:
        """Name of the unit with its level, "huyện Tu Mơ Rông"."""
        return f"{self.unit_level} {self.unit_name}"

    @cached_property
    def reviews_shown(self) -> pd.DataFrame:
        """The reviews that are compared, oldest first, each once."""
        return compared_reviews(self.review_before, self.review_base, self.review_now)

    @property
    def part_reviews(self) -> pd.DataFrame:
        """The unit's own reviews of the days on which the units below are compared, one or two rows, oldest first."""
        days = self.change.parts[["date_before", "date"]].max()
        return self.reviews_shown[self.reviews_shown["date"].isin(days.dropna())]

    def sources_of(self, fund_year: int) -> pd.DataFrame:
        """Return the sources of funds of a year: code, above, name, short."""
        return self.sources[self.sources["fund_year"] == fund_year]

    @cached_property
    def labels(self) -> Mapping[tuple[int, str], pd.Series]:
        """What texts call each content (statistics.programme.contents_of), by year of the funds and code."""
        return {(int(row["fund_year"]), row["code"]): row for _, row in self.contents.iterrows()}

    def documents(self, role: str) -> list[pd.Series]:
        """Documents of a role ("basis", "directive", "issued") by date; of a quarter only what it issued."""
        documents = self.data["documents"]
        documents = documents[documents["role"] == role].sort_values(["date", "row"])
        if role == "issued" and self.period.kind == "quarter":
            documents = documents[documents["date"] >= pd.Timestamp(self.period.begin)]
        return [row for _, row in documents.iterrows()]


def facts(unit: str, period: str, data: str = "data", audience: str = "internal") -> Facts:
    """Facts of a unit's month, read from its workbook in the folder `data`.

    Raises GiamngheoError: a malformed period, an unknown unit or audience, no workbook, an invalid workbook.
    """
    period, data = as_written(period, data)
    audience = as_audience(audience)
    month, folder = Period.parse(period), located(data)
    unit = as_code(unit, units(folder))
    path = workbook_path(folder, unit, month)
    found = known_workbook(path, unit, month.year)
    told = findings(found.dataset, month, broken=found.broken)
    if errors := of_severity(told, "error"):
        raise InvalidWorkbookError(errors)
    earlier = path.with_name(f"{month.year - 1}.xlsx")
    before = _sound(earlier, unit, month.year - 1) if earlier.is_file() else None
    return facts_of(known_sums(path, unit, month.year), month, audience, before, told)


def known_workbook(path: Path, unit: str, year: int) -> Reading:
    """What can be read of a workbook (reader.reading), read once a process as long as nobody saves it."""
    return _reading(_saved(path, unit, year))


def known_sums(path: Path, unit: str, year: int) -> Dataset:
    """The dataset of a workbook, known to be sound, added_up once a process as long as nobody saves it."""
    return _sums(_saved(path, unit, year))


def prepare(path: Path, unit: str, year: int) -> None:
    """Makes what the reports of all months of a workbook, and of the year after it, share."""
    sums_of(known_workbook(path, unit, year).dataset)
    lines_of_year(known_sums(path, unit, year))


@dataclass(frozen=True)
class _Saved:
    """A workbook as it was saved; the same content by another path is the same."""

    path: Path = field(compare=False)
    unit: str
    year: int
    sha256: str


def _saved(path: Path, unit: str, year: int) -> _Saved:
    return _Saved(path, unit, year, digest(path))


@lru_cache(maxsize=4)  # by the hash of a file: its months, and the year after it, read it once
def _reading(book: _Saved) -> Reading:
    return reading(book.path, book.unit, book.year)


@lru_cache(maxsize=4)  # by the hash of a file: its months, and the year after it, read it once
def _sums(book: _Saved) -> Dataset:
    return added_up(_reading(book).dataset)


def _sound(path: Path, unit: str, year: int) -> Dataset:
    """The dataset of a workbook without errors, added_up. Raises InvalidWorkbookError."""
    if errors := of_severity(known_workbook(path, unit, year).findings, "error"):
        raise InvalidWorkbookError(errors)
    return known_sums(path, unit, year)


def added_up(dataset: Dataset) -> Dataset:
    """Return the dataset in which units are the sums of their parts, of a day where all are given (summed_units)."""
    units, code = dataset["units"], dataset.form["unit_code"]
    sums = {}
    for name in tables_that_add_up():
        dated = dataset[name].dropna(subset="date")
        sums[name] = summed_units(dated, unit_tree(units, code, dated["date"]))
    return replace(dataset, tables={**dataset.tables, **sums})


def facts_of(
    dataset: Dataset,
    period: Period,
    audience: str,
    earlier: Dataset | None = None,
    told: Iterable[Finding] = (),
) -> Facts:
    """Facts of a period from a dataset, that of the year before where there is one, and what the checks told.

    Both are added_up: sums are of one day, so those of a later day do not change what was known before.
    """
    known = as_of(dataset, period)
    code = known.form["unit_code"]
    units = units_on(known["units"], period.cutoff)
    unit = units[units["code"] == code].iloc[0]
    every_review = all_reviews(known, earlier)
    hidden = hidden_by_day(every_review, known["units"], code) if audience == "public" else {}
    if audience == "public":
        known = _public(known, every_review, hidden)
        every_review = public_reviews(every_review, hidden)
    reviews = poverty.rates(known["reviews"])
    now, base, before = (
        poverty.stock(reviews, code, day)
        for day in (period.cutoff, dt.date(period.year - 1, 12, 31), dt.date(period.year - 2, 12, 31))
    )
    targets = poverty.plan_targets(_newest_plan(known["plans"], code, period.year), base)
    contents, sources = programme_trees(known)
    lines = funding.execution(known["capital"], known["disbursements"], sources)
    return Facts(
        data=known,
        period=period,
        audience=audience,
        unit_name=unit["name"],
        unit_level=choices("level")[unit["level"]].lower(),
        units=units,
        contents=contents,
        sources=sources,
        review_now=now,
        review_base=base,
        review_before=before,
        targets=targets,
        progress=poverty.plan_progress(targets, base, now),
        lines=lines,
        funds=_funds(lines, contents, sources),
        change=change_facts(
            known,
            period,
            earlier,
            lines=lines_of_year(dataset),
            compared=compared_reviews(before, base, now),
            reviews=every_review,
        ),
        findings=tuple(told),
        hidden=hidden,
    )


def _public(known: Dataset, every_review: pd.DataFrame, hidden: HiddenByDay) -> Dataset:
    """The dataset without the small counts of households, and those that would tell them, of every day."""
    code = known.form["unit_code"]
    flows = {name: known[f"{name}_flows"] for name in ("poor", "near_poor")}
    shown = public_flows(flows, every_review, hidden, code)
    tables = {
        "reviews": public_reviews(known["reviews"], hidden),
        "plans": public_plans(known["plans"], hidden, code),
        **{f"{name}_flows": table for name, table in shown.items()},
    }
    return replace(known, tables={**known.tables, **tables})


def _newest_plan(plans: pd.DataFrame, code: str, year: int) -> pd.DataFrame:
    """The row of the unit's newest plan of a year, or none."""
    own = plans[(plans["unit_code"] == code) & (plans["year"] == year)]
    return own.sort_values("date", na_position="first").tail(1)


def programme_trees(dataset: Dataset) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the trees of contents and of sources of the years of funds of a dataset (statistics.programme)."""
    years = fund_years(dataset)
    return contents_of(years, dataset.catalogue), sources_of(years, dataset.catalogue)


def _funds(lines: pd.DataFrame, contents: pd.DataFrame, sources: pd.DataFrame) -> dict[int, pd.DataFrame]:
    """Return the programme table of each year of the funds, the newest first."""
    table = funding.by_source(funding.programme_table(lines, contents, sources))
    return {int(year): rows.reset_index(drop=True) for year, rows in sorted(table.groupby("fund_year"), reverse=True)}


def compared_reviews(*reviews: pd.DataFrame) -> pd.DataFrame:
    """Reviews of the unit, one row or none each, oldest first, without repetitions."""
    return pd.concat(reviews).drop_duplicates("date", ignore_index=True)


def first_row(frame: pd.DataFrame) -> pd.Series | None:
    """First row of a frame, None of an empty one."""
    return None if frame.empty else frame.iloc[0]
