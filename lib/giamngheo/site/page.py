"""The list of reports: HTML that opens without network, finds units and links every report.

It is one page; where it would be too large for a browser each unit has a page of its own.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from giamngheo.core.paths import ANNEX, EXECUTED, FILES, MANIFEST
from giamngheo.core.period import MONTHS, Period
from giamngheo.core.text import bare
from giamngheo.export.page import content_security_policy, page_template, shared_script
from giamngheo.report.key_figures import KeyFigures
from giamngheo.report.language import numbers, words
from giamngheo.run.publishing.exports import LABELS as FORMAT_LABELS
from giamngheo.site.charts import disbursement_chart, poverty_chart
from giamngheo.site.map import WIDTH as MAP_WIDTH
from giamngheo.site.map import Located, map_of
from giamngheo.site.sparkline import HEIGHT, WIDTH, Sparkline
from giamngheo.workbook.schema import choices as level_names

LABELS: Mapping[str, str] = {
    **{FILES[form]: label for form, label in FORMAT_LABELS.items()},
    ANNEX: "Phụ lục",
    EXECUTED: "Sổ tay",
    MANIFEST: "Nguồn gốc",
}
"""What a link to each file of a report is called, in the order of the links."""

SITE_MARK = '<meta name="generator" content="giamngheo site">'
PUBLIC_MARK = '<meta name="generator" content="giamngheo site --public">'
"""Stand in the pages of a site and of a public one, so that nothing else is taken for one."""

INDEX = "index.html"

UNITS = "danh-muc"
"""Folder of the pages of units, where the list has any; it stands among the folders of the units themselves."""

MOST_IN_ONE_PAGE = 1500
"""Reports of which one page shows everything; it has 1.5 MB then."""

MOST_COLUMNS = 12
"""Periods of which the list shows who has a report: the newest."""

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class SiteReport:
    """A report that is listed.

    unit: the folder of its unit; folder: its own in that, "" where it is called as the period; title: of its kind;
    files: names of its files that are linked. is_outdated: whether it is of other workbooks than those of today.
    versions: what its published versions are called, by the paths of a file of each below its folder. verified: the
    day on which it was last found to be what its inputs give, None where none is recorded.
    """

    unit: str
    period: Period
    figures: KeyFigures
    files: tuple[str, ...]
    folder: str = ""
    title: str = ""
    is_public: bool = False
    is_outdated: bool = False
    versions: Mapping[str, str] = field(default_factory=dict)
    verified: dt.date | None = None

    @property
    def is_main(self) -> bool:
        """Whether it is the report of its period, not one of another kind beside it."""
        return self.folder in ("", str(self.period))


@dataclass(frozen=True)
class _Link:
    label: str
    href: str


@dataclass(frozen=True)
class _Row:
    """A report as its row shows it; each figure is a rate or an amount and, beside it, what it is of."""

    period: str
    short: str
    links: tuple[_Link, ...]
    poor: tuple[str, str]
    near_poor: tuple[str, str]
    planned: str
    disbursed: tuple[str, str]
    warnings: str
    is_outdated: bool
    verified: str


@dataclass(frozen=True)
class _Cell:
    """Whether a unit has the report of a period, "✓", and where it is; "" where it has none."""

    sign: str
    href: str


@dataclass(frozen=True)
class _Unit:
    """A unit as the list shows it: the row of its newest report, and of each period whether it has a report.

    anchor: of its section; href: of that or of its page. level, kinds, states: codes that the list is filtered by.
    """

    anchor: str
    href: str
    name: str
    within: str
    marking: str
    search: str
    level: str
    kinds: str
    states: str
    latest: _Row
    cells: tuple[_Cell, ...]


@dataclass(frozen=True)
class _Section:
    """All that is shown of a unit: its charts, and the rows of its reports by year, the newest first."""

    unit: _Unit
    reviewed: str
    year: int
    charts: tuple[Sparkline, ...]
    years: tuple[tuple[int, tuple[_Row, ...]], ...]


@dataclass(frozen=True)
class _Choices:
    """What the list can be filtered by: each choice by its code, none where there is only one.

    periods: the columns of the table of who has reported, by their years.
    """

    levels: Mapping[str, str]
    kinds: Mapping[str, str]
    states: Mapping[str, str]
    periods: tuple[tuple[int, tuple[tuple[str, str], ...]], ...]


STATES: Mapping[str, str] = {
    "public": "có báo cáo công khai",
    "warned": "báo cáo mới nhất có cảnh báo",
    "outdated": "có báo cáo cũ: sổ tính đã sửa",
    "verified": "báo cáo mới nhất đã kiểm lại",
    "unverified": "báo cáo mới nhất chưa kiểm lại",
    "published": "có bản đã phát hành",
}
"""States of the reports of a unit, and what they are called."""


def site_pages(reports: Iterable[SiteReport], *, public: bool = False) -> dict[str, str]:
    """Return the pages that list at least one report, by their paths below the folder that holds the units' folders."""
    listed = sorted(reports, key=lambda report: (report.unit, *_newest_first(report.period), report.folder))
    groups = [list(group) for _, group in groupby(listed, key=lambda report: report.unit)]
    by_unit = sorted(groups, key=_place)
    is_one, columns = len(listed) <= MOST_IN_ONE_PAGE, _columns(listed)
    kinds = {report.title: str(number) for number, report in enumerate(_kinds(listed))}
    units = [_unit(group, columns, kinds, is_one=is_one) for group in by_unit]
    units = [replace(unit, states="") for unit in units] if public else units
    sections = [_section(unit, group, "") for unit, group in zip(units, by_unit, strict=True)] if is_one else ()
    drawn = map_of([_located(unit, group) for unit, group in zip(units, by_unit, strict=True)])
    choices = _choices(units, listed, kinds, columns)
    pages = {INDEX: _index(units, listed, choices, sections=sections, map=drawn, map_width=MAP_WIDTH, is_public=public)}
    if not is_one:
        for unit, group in zip(units, by_unit, strict=True):
            section = _section(unit, group, "../")
            pages[f"{UNITS}/{group[0].unit}.html"] = _written("unit", section=section, is_public=public)
    return pages


def _index(
    units: Sequence[_Unit],
    listed: Sequence[SiteReport],
    choices: _Choices,
    **shown: Any,
) -> str:
    periods = sorted((report.period for report in listed), key=_newest_first)
    return _written(
        "site",
        units=units,
        counts=[
            sum(bool(cell.sign) for cell in column) for column in zip(*(unit.cells for unit in units), strict=True)
        ],
        choices=choices,
        count=len(listed),
        first=words.name(periods[-1]),
        last=words.name(periods[0]),
        markings=sorted({unit.marking for unit in units} - {""}),
        is_wholly_marked=all(unit.marking for unit in units),
        **shown,
    )


def _written(template: str, *, is_public: bool, **values: object) -> str:
    style, script, mark = _style(), _script(template), PUBLIC_MARK if is_public else SITE_MARK
    policy = content_security_policy(styles=[style], scripts=[script])
    head = {"style": style, "policy": policy, "mark": mark}
    return page_template(__package__, template).render(
        values, head=head, script=script, is_public=is_public, width=WIDTH, height=HEIGHT
    )


def _columns(listed: Iterable[SiteReport]) -> list[Period]:
    """Return the newest periods that any unit has the main report of, the oldest first."""
    newest = sorted({report.period for report in listed if report.is_main}, key=_newest_first)
    return newest[:MOST_COLUMNS][::-1]


def _choices(
    units: Sequence[_Unit], listed: Sequence[SiteReport], kinds: Mapping[str, str], columns: Sequence[Period]
) -> _Choices:
    there, states = {unit.level for unit in units}, {state for unit in units for state in unit.states.split()}
    levels = {code: name for code, name in level_names("level").items() if code in there}
    named = [(period, str(number)) for number, period in enumerate(columns)]
    by_year = groupby(named, key=lambda entry: entry[0].year)
    return _Choices(
        levels=levels if len(levels) > 1 else {},
        kinds={code: title for title, code in kinds.items()} if len(kinds) > 1 else {},
        states={code: name for code, name in STATES.items() if code in states},
        periods=tuple((year, tuple((_short(period), code) for period, code in group)) for year, group in by_year),
    )


def _kinds(listed: Iterable[SiteReport]) -> list[SiteReport]:
    """Return one report of each kind, in the order of their titles."""
    by_title = {report.title: report for report in listed}
    return [by_title[title] for title in sorted(by_title, key=bare)]


def _newest_first(period: Period) -> tuple[int, int, int]:
    return -period.year, -period.month, MONTHS[period.kind]


def _place(reports: Sequence[SiteReport]) -> tuple[int, str, str, str]:
    """Return where a unit stands among the others: from the province down, then by name."""
    figures, levels = reports[0].figures, list(level_names("level"))
    rank = levels.index(figures.level) if figures.level in levels else len(levels)
    return rank, bare(figures.within), bare(figures.unit), reports[0].unit


def _newest(reports: Sequence[SiteReport]) -> SiteReport:
    """Return the report of a unit whose figures stand for it: the newest, not one of another kind beside it."""
    return next((report for report in reports if report.is_main), reports[0])


def _located(unit: _Unit, reports: Sequence[SiteReport]) -> Located:
    newest = _newest(reports)
    figures = newest.figures
    return Located(figures.code, newest.period.cutoff, unit.name, figures.poor_rate_pct, unit.href)


def _unit(reports: Sequence[SiteReport], columns: Sequence[Period], kinds: Mapping[str, str], *, is_one: bool) -> _Unit:
    newest = _newest(reports)
    figures, name = newest.figures, newest.figures.unit or newest.unit
    anchor = f"unit-{_quoted(newest.unit)}"
    states = {"public": any(report.is_public for report in reports), "warned": bool(figures.warnings)}
    states |= {"outdated": any(report.is_outdated for report in reports)}
    states |= {"verified": bool(newest.verified), "unverified": not newest.verified}
    states |= {"published": any(report.versions for report in reports)}
    return _Unit(
        anchor=anchor,
        href=f"#{anchor}" if is_one else f"{UNITS}/{_quoted(newest.unit)}.html",
        name=name[:1].upper() + name[1:],
        within=figures.within,
        marking=" · ".join(sorted({report.figures.marking for report in reports} - {""})),
        search=bare(f"{name} {figures.within} {newest.unit}"),
        level=figures.level,
        kinds=" ".join(sorted({kinds[report.title] for report in reports})),
        states=" ".join(state for state, holds in states.items() if holds),
        latest=_row(newest, ""),
        cells=tuple(_cells(reports, columns, is_one=is_one)),
    )


def _cells(reports: Sequence[SiteReport], columns: Sequence[Period], *, is_one: bool) -> Iterator[_Cell]:
    """Yield of each period whether a unit has the main report, with its link where the page has room for that."""
    main = {report.period: report for report in reports if report.is_main}
    for period in columns:
        report = main.get(period)
        sign = "" if report is None else "cũ" if report.is_outdated else "✓"
        linked = next((file for file in LABELS if report and file in report.files), "")
        yield _Cell(sign, _href(report, linked) if report and linked and is_one else "")


def _section(unit: _Unit, reports: Sequence[SiteReport], up: str) -> _Section:
    """Return all that is shown of a unit. up: leads from its page to the folder of the units' folders."""
    newest = _newest(reports)
    rows = [(report.period.year, _row(report, up)) for report in reports]
    return _Section(
        unit=unit,
        reviewed=numbers.day(newest.figures.reviewed, missing=""),
        year=newest.period.year,
        charts=_charts(newest.figures.unit or newest.unit, reports),
        years=tuple((year, tuple(row for _, row in group)) for year, group in groupby(rows, key=lambda row: row[0])),
    )


def _charts(name: str, reports: Sequence[SiteReport]) -> tuple[Sparkline, ...]:
    """Return the drawings that have a line to show."""
    known = [(report.period, report.figures) for report in reversed(reports)]
    funded = [(report.period, report.figures) for report in reversed(reports) if report.is_main]
    drawn = [poverty_chart(name, known), *([disbursement_chart(name, funded)] if funded else [])]
    return tuple(chart for chart in drawn if len(chart.dots) > 1)


def _row(report: SiteReport, up: str) -> _Row:
    figures, name = report.figures, words.name(report.period)
    other, missing = ("", numbers.UNKNOWN) if report.is_main else (f": {report.title}", "")
    return _Row(
        period=f"{name[:1].upper()}{name[1:]}{other}",
        short=f"{_short(report.period)}{other}",
        links=tuple(_links(report, up)),
        poor=(numbers.percent(figures.poor_rate_pct), _households(figures.poor_households)),
        near_poor=(numbers.percent(figures.near_poor_rate_pct), _households(figures.near_poor_households)),
        planned=numbers.money(figures.planned_vnd, missing=missing),
        disbursed=(
            numbers.percent(figures.rate_pct, missing=missing),
            numbers.money(figures.disbursed_vnd, missing=missing),
        ),
        warnings="" if figures.warnings is None else str(figures.warnings),
        is_outdated=report.is_outdated,
        verified=numbers.day(report.verified, missing=""),
    )


def _links(report: SiteReport, up: str) -> Iterator[_Link]:
    """Yield the files of a report and of its published versions."""
    for file in LABELS:
        if file in report.files:
            yield _Link(LABELS[file], f"{up}{_href(report, file)}")
    for path, called in report.versions.items():
        yield _Link(f"{called[:1].upper()}{called[1:]}", f"{up}{_href(report, path)}")


def _short(period: Period) -> str:
    """Return the period without its year, "Tháng 8", "9 tháng đầu năm", "Cả năm": the year stands above."""
    if period.kind == "year":
        return "Cả năm"
    year = f" năm {period.year}" if period.kind in {"month", "quarter"} else f" {period.year}"
    name = words.name(period).removesuffix(year)
    return name[:1].upper() + name[1:]


def _households(number: int | None) -> str:
    return "" if number is None else f"{numbers.count(number)} hộ"


def _href(report: SiteReport, file: str) -> str:
    return "/".join(map(_quoted, (report.unit, report.folder or str(report.period), *file.split("/"))))


def _quoted(name: str) -> str:
    """Return the name of a file as a part of an address, whatever bytes it is made of."""
    return quote(name, safe="", errors="surrogateescape")


@cache
def _style() -> str:
    return (_TEMPLATES / "site.css").read_text("utf-8")


@cache
def _script(template: str) -> str:
    names = ["unit.js", "site.js"] if template == "site" else ["unit.js"]
    return shared_script() + "".join((_TEMPLATES / name).read_text("utf-8") for name in names)
