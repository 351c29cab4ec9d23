"""Made-up households: as many as wanted, the same for the same seed, year after year consistent.

A household keeps its welfare, its members and most of its deprivations from one year to the next;
incomes grow, deprivations recede, one household in fifty is replaced by another each year, one in
a hundred moves. Made by the engine row by row, so that memory does not grow with their number.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from giamngheo.households.engine import Workspace, written
from giamngheo.households.file.schema import (
    cause_columns,
    deprivation_columns,
)
from giamngheo.regulation.poverty import Standard, indicators, next_standard

FIRST_YEAR = 2020
"""Year in which every household of the demo is its first; incomes and deprivations start there."""

PEOPLES = ("Xơ Đăng", "Gia Rai", "Ba Na", "Gié Triêng", "Brâu", "Rơ Măm", "Mường", "Thái", "Tày")

_SHARES = (0.16, 0.10, 0.08, 0.11, 0.12, 0.05, 0.15, 0.10, 0.11, 0.18, 0.08, 0.04)
"""Share of middling households deprived of each indicator in the first year."""


@dataclass(frozen=True)
class Demo:
    """What to make: how many households, at the review of which day, from which seed."""

    households: int
    review: dt.date
    seed: int


def demo_units(households: int) -> pd.DataFrame:
    """Return made-up provinces, districts, communes and villages for a number of households.

    Columns of the workbook's table `units`; a commune has about 630 households in a small demo and
    2,500 in a large one, a village about 125.
    """
    communes = max(1, round(households / (630 if households < 20_000 else 2_500)))
    villages = max(1, round(households / communes / 125))
    lines = []
    for c in range(communes):
        province, district = f"9{c // 150:02}", f"9{c // 12:04}"
        if c % 150 == 0:
            lines.append((province, f"Giả lập {c // 150 + 1}", "province", ""))
        if c % 12 == 0:
            lines.append((district, f"Giả lập {c // 12 + 1}", "district", province))
        commune = f"9{c:06}"
        lines.append((commune, f"Giả lập {c + 1}", "commune", district))
        lines += [(f"{commune}-{v:02}", f"Thôn {v}", "village", commune) for v in range(1, villages + 1)]
    units = pd.DataFrame(lines, columns=["code", "name", "level", "parent_code"])
    return units.assign(valid_from=pd.NaT, valid_to=pd.NaT, note="Số liệu giả lập")


def make_households(work: Workspace, path: Path, demo: Demo, units: pd.DataFrame, *, standard: Standard) -> None:
    """Write the households of one review to a Parquet or (by its name) CSV file.

    They live in the villages of `units`, in its communes where it has no village.
    """
    lowest = "village" if (units["level"] == "village").any() else "commune"
    places = units.loc[units["level"] == lowest, ["code", "parent_code"]].reset_index(drop=True)
    places = places.assign(place=range(len(places)))
    written(work, _households(demo, len(places), standard), path, places=places)


@dataclass(frozen=True)
class _Draw:
    """Uniform draws in SQL, from 0 to 1: the same for the same seed, key and purpose."""

    seed: int

    def __call__(self, key: str, purpose: int) -> str:
        return f"((hash({key} * 128 + {purpose}, {self.seed}) >> 11) / {1 << 53}.0)"


def _households(demo: Demo, places: int, standard: Standard) -> str:
    """Return the query of the demo's rows: slots, the households that fill them, and what these are in two years."""
    draw, year = _Draw(demo.seed), demo.review.year
    causes = ", ".join(
        f"(income_vnd <= line and {draw('person', 60 + i)} < 0.3)::tinyint as {name}"
        for i, name in enumerate(cause_columns())
    )
    return f"""
with slots as (select range as slot from range({demo.households})),
filled as (select slot, {_person(draw, year)} as person, {_person(draw, year - 1)} as ancestor,
  {_place(draw, demo, places)} as place from slots),
people as (select *, {_traits(draw, standard)} from filled),
before as (select *, {_of_year(draw, standard, year - 1)} from people),
past as (select person, ancestor, place, area, line, minority, welfare,
  {_class(standard)} as class_before from before),
now as (select *, {_of_year(draw, standard, year)} from past)
select 'GL-' || person as household_id, code as unit_code, area, members,
  minority as ethnic_minority,
  {_people(draw)} as ethnic_group, date '{demo.review}' as date, income_vnd,
  {_score(draw, standard)} as b1_score, {", ".join(deprivation_columns())},
  case when {draw("person", 50)} < 0.05 then 'no_labour_capacity'
    when {draw("person", 51)} < 0.03 then 'merit' else 'other' end as household_group,
  {causes}{_flags_to_come(draw, demo.review)}, case when person = ancestor then class_before end as previous_class
from now join places using (place)"""


def _person(draw: _Draw, year: int) -> str:
    """Return the SQL of the household that fills a slot in a year; one in fifty is replaced each year."""
    taken = [f"({draw('slot', at - FIRST_YEAR)} < 0.02)::int" for at in range(FIRST_YEAR + 1, year + 1)]
    return f"slot * 64 + {' + '.join(taken) or '0'}"


def _place(draw: _Draw, demo: Demo, places: int) -> str:
    """Return the SQL of where the household of a slot lives: in its first village, or in another since it moved."""
    years = demo.review.year - FIRST_YEAR
    elsewhere = f"floor({draw('slot', 101)} * {places})"
    home = f"slot * {places} // {demo.households}"
    return f"(case when {draw('slot', 100)} < 0.01 * {years} then {elsewhere} else {home} end)::bigint"


def _traits(draw: _Draw, standard: Standard) -> str:
    """Return the SQL of what a household keeps: area, line, minority, welfare (about 0; more is better off)."""
    urban = f"{draw('place', 1)} < 0.15"
    line = standard.income_line_vnd
    minority = f"({draw('person', 2)} < sqrt({draw('place', 3)}))"
    normal = f"sqrt(-2 * ln(1 - {draw('person', 4)})) * cos(2 * pi() * {draw('person', 5)})"
    return f"""case when {urban} then 'urban' else 'rural' end as area,
  case when {urban} then {line["urban"]} else {line["rural"]} end as line,
  {minority}::tinyint as minority,
  0.7 * {normal} + 1.6 * ({draw("place", 6)} - 0.5) - 0.4 * {minority}::int as welfare"""


def _of_year(draw: _Draw, standard: Standard, year: int) -> str:
    """Return the SQL of what a household is in a year: income, members, deprivations."""
    since = year - FIRST_YEAR
    luck = draw("person", 20 + since)
    income = f"line * exp(0.6 + 0.6 * welfare + 0.3 * ({luck} - 0.5) + 0.05 * {since})"
    flags = ", ".join(
        f"({draw('person', 30 + i)} < {share * 0.95**since} * exp(-0.7 * welfare))::tinyint as {name}"
        for i, (name, share) in enumerate(zip(deprivation_columns(), _SHARES, strict=True))
    )
    members = f"(1 + floor(6 * {draw('person', 7)}) + ({luck} < 0.04)::int)::int"
    return f"(round({income} / 1000) * 1000)::bigint as income_vnd, {members} as members, {flags}"


def _flags_to_come(draw: _Draw, review: dt.date) -> str:
    """Return the SQL of the indicators that only the standard of the next day has; "" where the standard goes on."""
    following = next_standard(after=review)
    if following is None or following[0] != review + dt.timedelta(days=1):
        return ""
    columns = [indicator.column for indicator in indicators(on=following[0]) if indicator.column]
    flags = (
        f", ({draw('person', 70 + i)} < 0.15 * exp(-0.7 * welfare))::tinyint as {n}" for i, n in enumerate(columns)
    )
    return "".join(flags)


def _class(standard: Standard) -> str:
    poor = f"{' + '.join(deprivation_columns())} >= {standard.deprivation_cutoff}"
    low = f"case when {poor} then 'poor' else 'near_poor' end"
    return f"case when income_vnd <= line then {low} else 'not_poor' end"


def _people(draw: _Draw) -> str:
    names = ", ".join(f"'{name}'" for name in PEOPLES)
    which = f"1 + floor({draw('place', 8)} * {len(PEOPLES)})::int"
    return f"case when minority = 1 then [{names}][{which}] else 'Kinh' end"


def _score(draw: _Draw, standard: Standard) -> str:
    """Return the SQL of the score B1, which follows the income with noise; none where no scorecard is in force."""
    if standard.score_line is None:
        return "null::int"
    cases = " ".join(f"when '{area}' then {score}" for area, score in standard.score_line.items())
    noise = f"10 * ({draw('person', 9)} - 0.5)"
    return f"round((case area {cases} end) * (1 + 0.5 * ln(income_vnd / line)) + {noise})::int"
