"""What one monthly report knows: the data as of its cut-off and the statistics computed from it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from giamngheo.checks.check import Sums
from giamngheo.core.finding import Finding
from giamngheo.core.period import Period
from giamngheo.report.book import Book, curve_of, dated_units, in_units_of_day, of_programme, programme_trees
from giamngheo.report.change_facts import Change, all_reviews, change_facts
from giamngheo.report.elements import Letterhead
from giamngheo.report.language import words
from giamngheo.report.origins import Origins
from giamngheo.statistics import forecast, funding, poverty
from giamngheo.statistics.disclosure.stocks import smallest_shown
from giamngheo.statistics.disclosure.workbook import HiddenByDay, fullest, public_reviews, public_tables
from giamngheo.statistics.unit_money import by_unit, counted, over_units, units_above
from giamngheo.statistics.units import (
    in_units_of,
    joined_lists,
    listed_in_part,
    made_from,
    made_of_parts,
    units_on,
)
from giamngheo.workbook.boundaries import Areas
from giamngheo.workbook.dataset import Dataset, as_of
from giamngheo.workbook.history import COLUMNS, joined


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything a monthly report is written from. Frames have the columns of the functions named.

    units: those that stand on the last day of the period, in which all frames are (in_units_of_day); predecessors:
    what the reporting unit was made from (units.made_from); divided: the codes of units that one which was divided went
    into. review_now, review_base, review_before: one row each or
    none (poverty.rates): the latest review, the one the year starts from, the one a year earlier. targets:
    poverty.plan_targets. contents, sources: the trees of the years of funds (statistics.programme).
    lines: funding.execution. unit_money: unit_money.by_unit of the year's funds.
    funds: funding.programme_table by_source, of each year of the funds, the newest first.
    change: what moved since the month and the year before. findings: what is wrong or unexplained in what was typed.
    hidden: the stocks that a public reader is not shown, by day: in all frames they are blank. books: the tables of
    the year, and of the year before where there is one, as typed and added up. curves: of disbursement in earlier
    years of the same programme (statistics.forecast), of the unit and its peers. areas: of units by their code
    (workbook.boundaries), for maps; none without the office's own file.
    """

    data: Dataset
    period: Period
    audience: str
    units: pd.DataFrame
    predecessors: pd.DataFrame
    divided: frozenset[str]
    contents: pd.DataFrame
    sources: pd.DataFrame
    review_now: pd.DataFrame
    review_base: pd.DataFrame
    review_before: pd.DataFrame
    targets: pd.DataFrame
    lines: pd.DataFrame
    unit_money: pd.DataFrame
    funds: dict[int, pd.DataFrame]
    change: Change
    hidden: HiddenByDay
    books: tuple[Dataset, ...]
    findings: tuple[Finding, ...] = ()
    curves: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COLUMNS)))
    areas: Areas = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<giamngheo facts of {self.unit}, {self.period}, {self.audience}: {len(self.findings)} findings>"

    @property
    def hidden_note(self) -> str:
        """What stands under a table of stocks of which a public reader misses a cell; "" where none is missed."""
        day = self.period.cutoff
        return words.hidden_or_unknown_note(smallest_shown(day)) if any(self.hidden.values()) else ""

    def blank_note(self, is_blank: bool) -> str:
        """Return what stands under a table: what is hidden from the reader and, where a cell is blank, what that is."""
        return self.hidden_note or (words.UNKNOWN_NOTE if is_blank else "")

    @property
    def year(self) -> int:
        """Year of the period."""
        return self.period.year

    @cached_property
    def own_unit(self) -> pd.Series:
        """The row of the reporting unit."""
        return self.units[self.units["code"] == self.data.form["unit_code"]].iloc[0]

    @property
    def lists_some(self) -> bool:
        """Whether the workbook lists some of the units below only."""
        return self.own_unit["code"] in listed_in_part(self.units)

    @property
    def some_note(self) -> str:
        """What stands under a table of units of which the workbook lists some only; "" where it has all."""
        return f"Bảng nêu các {self.part_word} có số liệu, không đủ {self.whole_unit}." if self.lists_some else ""

    @property
    def whole_unit(self) -> str:
        """What the whole of the reporting unit is called: "toàn huyện"."""
        return words.whole_words(self.own_unit)

    @property
    def unit(self) -> str:
        """Name of the unit with its level, "huyện Tu Mơ Rông"."""
        return words.unit_words(self.own_unit)

    @cached_property
    def origins(self) -> Origins | None:
        """Where the figures stand in the workbooks; None for a public reader, who has none of them."""
        if self.audience == "public":
            return None
        return self._origins(self.books, self.data, (self.contents, self.sources), self.period)

    @cached_property
    def origins_before(self) -> Origins | None:
        """Where the money of the year before stood at the same time, in its own workbook."""
        if self.origins is None or len(self.books) == 1:
            return None
        book, period = self.books[1], self.period.year_before
        return self._origins((book,), as_of(book, period), programme_trees(book), period)

    def _origins(
        self,
        books: tuple[Dataset, ...],
        known: Dataset,
        trees: tuple[pd.DataFrame, pd.DataFrame],
        period: Period,
    ) -> Origins:
        return Origins(books, known, *trees, period.cutoff, period.eve, home=self.books[0].file)

    @cached_property
    def progress(self) -> pd.DataFrame:
        """The result against the plan (poverty.plan_progress)."""
        return poverty.plan_progress(self.targets, poverty.plan_base(self.review_base, self.year), self.review_now)

    @cached_property
    def reviews_shown(self) -> pd.DataFrame:
        """The reviews that are compared, oldest first, each once."""
        return _compared(self.review_before, self.review_base, self.review_now)

    @cached_property
    def part_word(self) -> str:
        """What the units below are: "xã, phường"; "" where there are none."""
        below = self.units[self.units["parent_code"] == self.data.form["unit_code"]]
        return words.kind_words(below.to_dict("records"))

    @cached_property
    def part_reviews(self) -> pd.DataFrame:
        """The unit's own reviews of the days on which the units below are compared, one or two rows, oldest first."""
        days = self.change.parts[["date_before", "date"]].max()
        return self.reviews_shown[self.reviews_shown["date"].isin(days.dropna())]

    def sources_of(self, fund_year: int) -> pd.DataFrame:
        """Return the sources of funds of a year: code, above, name, short."""
        return self._sources_by_year.get(fund_year, self.sources[:0])

    @cached_property
    def _sources_by_year(self) -> dict[int, pd.DataFrame]:
        return {int(year): rows for year, rows in self.sources.groupby("fund_year")}

    @cached_property
    def outlook(self) -> forecast.Outlook | None:
        """What the year's end may bring (forecast.outlook)."""
        return forecast.outlook(self.curves, self.change.months, self.period.month)

    @cached_property
    def below(self) -> Mapping[int, funding.Below]:
        """The rows of each table of `funds` by the content one step above (funding.by_content_above)."""
        return {year: funding.by_content_above(table, self.contents) for year, table in self.funds.items()}

    @cached_property
    def labels(self) -> Mapping[tuple[int, str], pd.Series]:
        """What texts call each content (statistics.programme.contents_of), by year of the funds and code."""
        return {(int(row["fund_year"]), row["code"]): row for _, row in self.contents.iterrows()}

    def documents(self, role: str) -> list[pd.Series]:
        """Return documents of a role ("basis", "directive", "issued") by date; of a quarter only what it issued."""
        documents = self.data["documents"]
        documents = documents[documents["role"] == role].sort_values(["date", "row"])
        if role == "issued" and self.period.kind == "quarter":
            documents = documents[documents["date"] >= pd.Timestamp(self.period.begin)]
        return [row for _, row in documents.iterrows()]


def letterhead_of(facts: Facts, subject: str, bases: tuple[str, ...] = ()) -> Letterhead:
    """Return the head of a document (Decree 30/2020, annex I), from the form of the workbook."""
    form = facts.data.form
    return Letterhead(
        parent_body=form["parent_body"],
        issuing_body=form["issuing_body"],
        symbol=form["number_symbol"],
        place=form["place"],
        year=facts.period.year,
        month=facts.period.month,
        subject=subject,
        addressee=form["addressee"],
        bases=bases,
        marking=form.get("marking", ""),
    )


def book_of(dataset: Dataset, sums: Sums | None = None) -> Book:
    """Return the book of a sound dataset."""
    return Book(added_up(dataset, sums))


def added_up(dataset: Dataset, sums: Sums | None = None) -> Dataset:
    """Return the dataset in which units are the sums of their parts, of a day where all are given (summed_units)."""
    return replace(dataset, tables={**dataset.tables, **(sums or Sums(dataset)).tables})


def facts_of(
    book: Book, period: Period, audience: str, earlier: Book | None = None, *, older: Book | None = None
) -> Facts:
    """Return the facts of a period from its year's book and that of the year before, where there is one.

    older: that of the year before the one before, by which a public edition hides the same as editions of then. Sums
    are of one day, so those of a later day do not change what was known before.
    """
    code = book.data.form["unit_code"]
    typed = as_of(book.data, period)
    known, every_review, hidden = _as_read(typed, earlier, older, on=period.cutoff, audience=audience)
    now, base, before = _own_reviews(known, period, typed["units"])
    known, money = _money(known, period)
    return Facts(
        data=known,
        period=period,
        audience=audience,
        units=units_on(known["units"], period.cutoff),
        predecessors=made_from(typed["units"], code, period.cutoff),
        divided=made_of_parts(typed["units"], period.cutoff),
        review_now=now,
        review_base=base,
        review_before=before,
        targets=_targets(known["plans"], code, base, period.year),
        **money,
        change=change_facts(
            known,
            period,
            lines=book.lines_on(period.cutoff),
            months_before=earlier and earlier.months,
            compared=_compared(before, base, now),
            reviews=every_review,
        ),
        hidden=hidden,
        books=(book.data,) if earlier is None else (book.data, earlier.data),
    )


def with_curves(facts: Facts, curves: pd.DataFrame, earlier: Book | None) -> Facts:
    """Return facts with those of the curves that are of earlier years, and that of the book of the year before."""
    given = [curve_of(earlier)] if earlier else []
    earlier_years = joined(*given, curves[curves["fund_year"] < facts.year])
    return replace(facts, curves=of_programme(earlier_years, facts.data.catalogue, facts.year))


def _own_reviews(
    known: Dataset, period: Period, units: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the unit's latest review, the one the year starts from and the one a year earlier.

    A unit that began within the year without a sum of those it was made from starts from the review of its first day.
    """
    reviews, code = poverty.rates(known["reviews"]), known.form["unit_code"]
    now, base, before = (
        poverty.stock(reviews, code, day)
        for day in (period.cutoff, dt.date(period.year - 1, 12, 31), dt.date(period.year - 2, 12, 31))
    )
    if base.empty:
        begun = units.loc[(units["code"] == code), "valid_from"].max()
        own = reviews[(reviews["unit_code"] == code) & (reviews["date"] == begun)]
        base = own[own["date"].dt.year == period.year].reset_index(drop=True)
    return now, base, before


def _as_read(
    typed: Dataset, earlier: Book | None, older: Book | None, *, on: dt.date, audience: str
) -> tuple[Dataset, pd.DataFrame, HiddenByDay]:
    """Return the dataset and the reviews of both years as the reader may see them, and the stocks that are hidden.

    All are in the units of a day; those of the year before by both lists of units.
    """
    known, before, units = in_units_of_day(typed, on), None, typed["units"]
    if earlier or older:
        units = dated_units(typed, on)
    if earlier:
        units = joined_lists(units, earlier.data["units"])
        before = in_units_of(earlier.data["reviews"], units, on)
    every_review = all_reviews(known["reviews"], before)
    if audience != "public":
        return known, every_review, {}
    if older:
        units = joined_lists(units, older.data["units"])
    books = [typed, *(book.data for book in (earlier, older) if book)]
    of_days = fullest([book["reviews"] for book in books])
    shown, hidden = public_tables(known.tables, every_review, of_days, units, whole=known.form["unit_code"], on=on)
    return replace(known, tables={**known.tables, **shown}), public_reviews(every_review, hidden), hidden


def _money(known: Dataset, period: Period) -> tuple[Dataset, dict[str, Any]]:
    """Return the dataset with the rows of money that count, and what Facts tell of it."""
    contents, sources = programme_trees(known)
    standing = units_on(known["units"], period.cutoff)
    above = units_above(standing, known.form["unit_code"])
    of_units = funding.unit_lines(known["capital"], known["disbursements"], sources)
    lines = over_units(of_units, above)
    return _with_counted_money(known, above), {
        "contents": contents,
        "sources": sources,
        "lines": lines,
        "unit_money": by_unit(of_units, standing, above, period.year),
        "funds": _funds(lines, contents, sources),
    }


def _with_counted_money(known: Dataset, above: Mapping[str, str]) -> Dataset:
    """Return the dataset with the rows of money that its sums are made of: none of units below one with its own."""
    capital, paid = known["capital"], known["disbursements"]
    rows = pd.concat([capital[_UNIT_LINE], paid[_UNIT_LINE]], ignore_index=True)
    counts = counted(rows, above, line=_UNIT_LINE[:2]).to_numpy()
    of_unit = {"capital": capital[counts[: len(capital)]], "disbursements": paid[counts[len(capital) :]]}
    return replace(known, tables={**known.tables, **of_unit})


_UNIT_LINE = ["project_code", "fund_year", "unit_code"]


def _targets(plans: pd.DataFrame, code: str, base: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return what the unit's newest plan of a year means (poverty.plan_targets), or no row."""
    own = plans[(plans["unit_code"] == code) & (plans["year"] == year)]
    newest = own.sort_values("date", na_position="first").tail(1)
    return poverty.plan_targets(newest, poverty.plan_base(base, year))


def _funds(lines: pd.DataFrame, contents: pd.DataFrame, sources: pd.DataFrame) -> dict[int, pd.DataFrame]:
    """Return the programme table of each year of the funds, the newest first."""
    table = funding.by_source(funding.programme_table(lines, contents, sources))
    return {int(year): rows.reset_index(drop=True) for year, rows in sorted(table.groupby("fund_year"), reverse=True)}


def _compared(*reviews: pd.DataFrame) -> pd.DataFrame:
    """Return reviews of the unit, one row or none each, oldest first, without repetitions."""
    return pd.concat(reviews).drop_duplicates("date", ignore_index=True)


def first_row(frame: pd.DataFrame) -> pd.Series | None:
    """Return the first row of a frame, None of an empty one."""
    return None if frame.empty else frame.iloc[0]
