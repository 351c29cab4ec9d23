"""The list of reports: one HTML page that opens without network, finds a unit by its name and links every report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from giamngheo.core.period import MONTHS, Period
from giamngheo.core.text import bare
from giamngheo.export.policy import content_security_policy
from giamngheo.report.elements.markup import printable
from giamngheo.report.key_figures import KeyFigures
from giamngheo.report.language import numbers, words
from giamngheo.site.charts import disbursement_chart, poverty_chart
from giamngheo.site.sparkline import HEIGHT, WIDTH, Sparkline
from giamngheo.workbook.schema import choices

LABELS: Mapping[str, str] = {
    "report.html": "HTML",
    "report.pdf": "PDF",
    "report.docx": "Word",
    "tables.xlsx": "Excel",
    "report.ipynb": "Sổ tay",
    "manifest.json": "Nguồn gốc",
}
"""What a link to each file of a report is called, in the order of the links."""

PUBLIC_MARK = '<meta name="generator" content="giamngheo site --public">'
"""Stands in the page of a public site, so that no other folder is taken for one."""

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class SiteReport:
    """A report that is listed.

    unit: the folder of its unit; folder: its own in that, "" where it is called as the period; title: of its kind;
    files: names of its files that are linked.
    """

    unit: str
    period: Period
    figures: KeyFigures
    files: tuple[str, ...]
    folder: str = ""
    title: str = ""

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


@dataclass(frozen=True)
class _Unit:
    """A unit as its section shows it: the row of its newest report, and all rows by year, the newest first."""

    anchor: str
    name: str
    within: str
    marking: str
    search: str
    latest: _Row
    reviewed: str
    year: int
    charts: tuple[Sparkline, ...]
    years: tuple[tuple[int, tuple[_Row, ...]], ...]


def site_page(reports: Iterable[SiteReport], *, public: bool = False) -> str:
    """Return the page that lists at least one report; its links are relative to the folder of the units."""
    listed = sorted(reports, key=lambda report: (report.unit, *_newest_first(report.period), report.folder))
    by_unit = [list(group) for _, group in groupby(listed, key=lambda report: report.unit)]
    units = [_unit(group) for group in sorted(by_unit, key=_place)]
    periods = sorted((report.period for report in listed), key=_newest_first)
    style, script = ((_TEMPLATES / name).read_text("utf-8") for name in ("site.css", "site.js"))
    return _template().render(
        units=units,
        count=len(listed),
        first=words.name(periods[-1]),
        last=words.name(periods[0]),
        markings=sorted({unit.marking for unit in units} - {""}),
        is_wholly_marked=all(unit.marking for unit in units),
        public_mark=PUBLIC_MARK if public else "",
        width=WIDTH,
        height=HEIGHT,
        style=style,
        script=script,
        policy=content_security_policy(styles=[style], scripts=[script]),
    )


def _newest_first(period: Period) -> tuple[int, int, int]:
    return -period.year, -period.month, MONTHS[period.kind]


def _place(reports: Sequence[SiteReport]) -> tuple[int, str, str, str]:
    """Return where a unit stands among the others: from the province down, then by name."""
    figures, levels = reports[0].figures, list(choices("level"))
    rank = levels.index(figures.level) if figures.level in levels else len(levels)
    return rank, bare(figures.within), bare(figures.unit), reports[0].unit


def _unit(reports: Sequence[SiteReport]) -> _Unit:
    newest = next((report for report in reports if report.is_main), reports[0])
    figures = newest.figures
    rows = [(report.period.year, _row(report)) for report in reports]
    name = figures.unit or newest.unit
    return _Unit(
        anchor=f"unit-{_quoted(newest.unit)}",
        name=name[:1].upper() + name[1:],
        within=figures.within,
        marking=" · ".join(sorted({report.figures.marking for report in reports} - {""})),
        search=bare(f"{name} {figures.within} {newest.unit}"),
        latest=_row(newest),
        reviewed=numbers.day(figures.reviewed, missing=""),
        year=newest.period.year,
        charts=_charts(name, reports),
        years=tuple((year, tuple(row for _, row in group)) for year, group in groupby(rows, key=lambda row: row[0])),
    )


def _charts(name: str, reports: Sequence[SiteReport]) -> tuple[Sparkline, ...]:
    """Return the drawings that have a line to show."""
    known = [(report.period, report.figures) for report in reversed(reports)]
    funded = [(report.period, report.figures) for report in reversed(reports) if report.is_main]
    drawn = [poverty_chart(name, known), *([disbursement_chart(name, funded)] if funded else [])]
    return tuple(chart for chart in drawn if len(chart.dots) > 1)


def _row(report: SiteReport) -> _Row:
    figures, name = report.figures, words.name(report.period)
    other, missing = ("", numbers.UNKNOWN) if report.is_main else (f": {report.title}", "")
    return _Row(
        period=f"{name[:1].upper()}{name[1:]}{other}",
        short=f"{_short(report.period)}{other}",
        links=tuple(_Link(LABELS[file], _href(report, file)) for file in LABELS if file in report.files),
        poor=(numbers.percent(figures.poor_rate_pct), _households(figures.poor_households)),
        near_poor=(numbers.percent(figures.near_poor_rate_pct), _households(figures.near_poor_households)),
        planned=numbers.money(figures.planned_vnd, missing=missing),
        disbursed=(
            numbers.percent(figures.rate_pct, missing=missing),
            numbers.money(figures.disbursed_vnd, missing=missing),
        ),
    )


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
    return "/".join(map(_quoted, (report.unit, report.folder or str(report.period), file)))


def _quoted(name: str) -> str:
    """Return the name of a file as a part of an address, whatever bytes it is made of."""
    return quote(name, safe="", errors="surrogateescape")


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("site.html.jinja")
