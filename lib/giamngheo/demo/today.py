"""Made-up communes of today and their province, 2025 to 2027.

Each commune was made of two of a district's on 1 July 2025. Until then its figures are those of the two; money of 2025
is of the former programme, what is left of it is carried over beside that of the integrated one, with all groups of
sources and resources beyond the budget.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import PCG64, Generator

from giamngheo.core.errors import WrongUseError
from giamngheo.demo.flows import year_flows
from giamngheo.demo.merged import Group, settled
from giamngheo.demo.money import MILLION, Allocation, Money, capital_table, carried, disbursement_table, paid
from giamngheo.demo.places import FIRST_YEAR, District, content, districts
from giamngheo.demo.stocks import COUNTED_YEARLY, FLOW_TABLES, People, figures, month_end, people, wanted_households
from giamngheo.demo.workbook import dataset, in_workbook, texts, write
from giamngheo.regulation.units import MERGER
from giamngheo.workbook.dataset import Dataset

YEARS = (2025, 2026, 2027)
_EVE = pd.Timestamp(MERGER) - pd.Timedelta(days=1)
_MONTHS = range(12 * (YEARS[0] - FIRST_YEAR - 1), 12 * (YEARS[-1] - FIRST_YEAR + 1) + 1)
_QUARTERS = (3, 6, 9, 12)
_INVESTMENT = "central_investment"
"""The source of the official table of kinds of work."""

Frames = Mapping[str, pd.DataFrame]


class TooManyCommunesError(WrongUseError):
    """The province of a seed has not so many communes."""

    def __init__(self, count: int, most: int) -> None:
        super().__init__(f"Tỉnh giả lập này chỉ có {most} xã, không phải {count}; ghi --seed khác.")


@dataclass(frozen=True)
class Commune:
    """A commune of today and the two, or the one, that it was made from: their codes and names."""

    number: int
    code: str
    name: str
    district: District
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Province:
    """The communes of today, with their people of all months as those of the communes before."""

    seed: int
    communes: tuple[Commune, ...]

    @cached_property
    def before(self) -> District:
        """The communes before, as if they were one district's."""
        parts = tuple(part for commune in self.communes for part in commune.parts)
        return District(1000, self.seed, content()["province"]["code"], content()["province"]["name"], parts)

    @cached_property
    def people(self) -> People:
        """The people of the communes before."""
        return people(self.before, YEARS[-1] - FIRST_YEAR + 1)

    @cached_property
    def now(self) -> dict[str, str]:
        """The code of today of each commune before."""
        return {code: commune.code for commune in self.communes for code, _ in commune.parts}

    @cached_property
    def group(self) -> Group:
        """The communes before in those of today, these in the districts, and all of them."""
        places = {code: place for place, code in enumerate(self.before.codes)}
        of_districts = [list(some) for _, some in itertools.groupby(self.communes, lambda one: one.district.code)]
        return Group.of(
            Group.of(Group.of(Group((places[code],)) for code, _ in commune.parts) for commune in some)
            for some in of_districts
        )


def make_communes(folder: Path, *, seed: int, count: int, replace: bool = False) -> Iterator[Path]:
    """Write the workbooks of communes, and of their province, to `folder`/<unit>/<year>.xlsx; yield each path.

    replace: as for `write`.
    """
    for data in today(seed, count):
        yield write(data, folder / data.unit, replace=replace)


def today(seed: int, count: int) -> Iterator[Dataset]:
    """Yield the workbooks of the first communes of the province of a seed, year by year, and then of the province.

    Raises TooManyCommunesError.
    """
    every = (commune for district in districts(seed, len(content()["districts"])) for commune in _of(district))
    communes = [Commune(number, *fields) for number, fields in enumerate(itertools.islice(every, count))]
    if len(communes) < count:
        raise TooManyCommunesError(count, len(communes))
    province = Province(seed, tuple(communes))
    stocks, money = _stocks(province), {commune.code: dict(_money(seed, commune)) for commune in communes}
    for commune in communes:
        codes = {commune.code, *(code for code, _ in commune.parts)}
        for year in YEARS:
            of_year = {name: frame[frame["unit_code"].isin(codes)] for name, frame in stocks[year].items()}
            yield _workbook(commune, year, of_year | _own(money[commune.code][year], commune.code))
    for year in YEARS:
        together = [money[commune.code][year] for commune in communes]
        of_all = {name: pd.concat([of[name] for of in together], ignore_index=True) for name in together[0]}
        yield _of_province(province, year, stocks[year] | of_all)


def _of(district: District) -> Iterator[tuple[str, str, District, tuple[tuple[str, str], ...]]]:
    """Yield code, name, district and parts of the communes that those of a district became."""
    for first in range(0, len(district.communes), 2):
        parts = district.communes[first : first + 2]
        yield parts[-1][0], parts[0][1], district, parts


def _workbook(commune: Commune, year: int, frames: Frames) -> Dataset:
    unit = District(commune.number, commune.district.seed, commune.code, commune.name, ())
    units = [_row(commune.code, commune.name, "commune", content()["province"]["code"], begins=True)]
    if year - 2 < MERGER.year:
        units += [*_former(commune), _district(commune.district)]
    words = content()["today"]
    return dataset(unit, year, {**texts(unit, year, words), **frames, "units": _units(units)}, words)


def _of_province(province: Province, year: int, frames: Frames) -> Dataset:
    unit, code = province.before, province.before.code
    units = [_row(code, unit.name, "province", "")]
    units += [_row(commune.code, commune.name, "commune", code, begins=True) for commune in province.communes]
    if year - 2 < MERGER.year:
        units += [
            _district(district) for district in {one.district.code: one.district for one in province.communes}.values()
        ]
        units += [row for commune in province.communes for row in _former(commune)]
    words = content()["today"]["province"]
    return dataset(unit, year, {**texts(unit, year, words), **frames, "units": _units(units)}, words)


def _row(code: str, name: str, level: str, parent: str, *, begins: bool = False) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "level": level,
        "parent_code": parent,
        "valid_from": pd.Timestamp(MERGER) if begins else pd.NaT,
        "valid_to": pd.NaT,
        "merged_into": "",
    }


def _former(commune: Commune) -> Iterator[dict[str, Any]]:
    for code, name in commune.parts:
        row = _row(code, name, "commune", commune.district.code)
        yield row | {"valid_to": _EVE, "merged_into": commune.code}


def _district(district: District) -> dict[str, Any]:
    return _row(district.code, district.name, "district", content()["province"]["code"]) | {"valid_to": _EVE}


def _units(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows).astype({"valid_from": "datetime64[us]", "valid_to": "datetime64[us]"})


def _stocks(province: Province) -> dict[int, dict[str, pd.DataFrame]]:
    """Return reviews, flows and plans of each workbook, in the units of their days."""
    who, codes = province.people, province.before.codes
    reviews = _reviews(province)
    ends = [number for number in _MONTHS if number % 12 == 0]
    flows = {
        name: pd.concat([_frame(year_flows(who.run, end, group), end, codes) for end in ends], ignore_index=True)
        for name, group in FLOW_TABLES.items()
    }
    of_days = {name: _in_units_of_days(frame, province) for name, frame in {"reviews": reviews, **flows}.items()}
    return {
        year: {name: in_workbook(frame, year) for name, frame in of_days.items()}
        | {"plans": _plans(province, reviews, year)}
        for year in YEARS
    }


def _frame(columns: Mapping[str, Any], number: int, codes: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype="Int64").assign(date=pd.Timestamp(month_end(number)), unit_code=codes)


def _reviews(province: Province) -> pd.DataFrame:
    """Return the review table of the communes before, for all months, of which every sum has rates that agree."""
    who, parts = province.people, []
    before = None
    for number in _MONTHS:
        counts = [who.run[number].stocks[name].households for name in FLOW_TABLES.values()]
        households = settled(wanted_households(who, number), counts, province.group, before)
        before = (households, counts) if number % 12 == 0 else before
        parts.append(_frame(figures(who, number, households), number, province.before.codes))
    table = pd.concat(parts, ignore_index=True)
    counted = table["date"].dt.month == 12
    return table.assign(**{name: table[name].where(counted) for name in COUNTED_YEARLY})


def _in_units_of_days(frame: pd.DataFrame, province: Province) -> pd.DataFrame:
    """Return figures of the communes before with those since the merger as sums, of the communes of today."""
    later = frame["date"] > _EVE
    of_today = frame[later].assign(unit_code=frame.loc[later, "unit_code"].map(province.now))
    sums = of_today.groupby(["date", "unit_code"], as_index=False, sort=False).sum(skipna=False)
    return pd.concat([frame[~later], sums], ignore_index=True)


_ISSUED = (1, 12)


def _plans(province: Province, reviews: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the plan of a year of each commune and of the province."""
    chance = province.before.chance(1000 + year)
    start = reviews[reviews["date"] == pd.Timestamp(year - 1, 12, 31)]
    whole, *counts = (start[f"{name}households"].to_numpy(np.int64) for name in ("", "poor_", "near_poor_"))
    rates = ((0.1, 0.16), (0.0, 0.08))
    less = [
        np.rint(count * chance.uniform(*rate, len(start))).astype(np.int64)
        for count, rate in zip(counts, rates, strict=True)
    ]
    left = [count - fewer for count, fewer in zip(counts, less, strict=True)]
    columns = {
        "expected_households": settled(np.rint(whole * 1.012).astype(np.int64), left, province.group),
        "poor_reduction_households": less[0],
        "near_poor_reduction_households": less[1],
    }
    day = pd.Timestamp(year, *_ISSUED)
    by_part = pd.DataFrame(columns, dtype="Int64").assign(date=day, unit_code=province.before.codes)
    communes = _in_units_of_days(by_part, province)
    total = by_part[list(columns)].sum().to_frame().T.assign(date=day, unit_code=province.before.code)
    return pd.concat([communes, total], ignore_index=True).assign(year=year, decision="08/QĐ-UBND")


def _money(seed: int, commune: Commune) -> Iterator[tuple[int, dict[str, pd.DataFrame]]]:
    """Yield the tables of money of each year, each row with the code of the commune of its day."""
    chance = Generator(PCG64([seed, commune.number, 2]))
    first, envelope = YEARS[0], chance.uniform(6_000, 15_000)
    words = content()["today"]
    former = [_allocated(chance, first, words["former"], envelope / len(commune.parts)) for _ in commune.parts]
    parts = [Money(first, capital, paid(chance, first, capital)) for capital in former]
    whole = _together(parts)
    yield first, _of_merger(commune, parts, whole)
    for year in YEARS[1:]:
        capital = (*_allocated(chance, year, words["capital"], envelope), *carried(whole, year))
        whole = Money(year, capital, paid(chance, year, capital))
        tables = {"capital": capital_table(whole), "disbursements": disbursement_table(whole)}
        tables |= {"mobilised": _mobilised(chance, year), "works": _works(whole)}
        yield year, {name: frame.assign(unit_code=commune.code) for name, frame in tables.items()}


def _allocated(
    chance: Generator, year: int, entries: Iterable[Mapping[str, Any]], envelope: float
) -> tuple[Allocation, ...]:
    """Return the allocations of a year, of the shares of an envelope in million đồng."""
    lines = []
    for entry in entries:
        million = max(round(envelope * entry["share"] * chance.uniform(0.8, 1.2)), 20)
        fields: dict[str, Any] = {"budget_level": "", **entry, "fund_year": year, "planned_vnd": million * MILLION}
        del fields["share"]
        lines.append(Allocation(**fields, month=2, day=10, decision="36/QĐ-UBND"))
    return tuple(lines)


def _together(parts: Sequence[Money]) -> Money:
    """Return the money of several units as that of one."""
    capital = tuple(entry for part in parts for entry in part.capital)
    lines = dict.fromkeys(line for part in parts for line in part.paid)
    return Money(parts[0].year, capital, {line: np.sum([part.paid[line] for part in parts], axis=0) for line in lines})


def _of_merger(commune: Commune, parts: Sequence[Money], whole: Money) -> dict[str, pd.DataFrame]:
    """Return the tables of money of the year of the merger: of each part until then, of all of it since."""
    codes = [code for code, _ in commune.parts]
    capital = [capital_table(part).assign(unit_code=code) for part, code in zip(parts, codes, strict=True)]
    until = [disbursement_table(part).assign(unit_code=code) for part, code in zip(parts, codes, strict=True)]
    since = disbursement_table(whole).assign(unit_code=commune.code)
    snapshots = [*(rows[rows["date"] <= _EVE] for rows in until), since[since["date"] > _EVE]]
    return {
        name: pd.concat(rows, ignore_index=True) for name, rows in (("capital", capital), ("disbursements", snapshots))
    }


def _own(tables: Frames, code: str) -> dict[str, pd.DataFrame]:
    """Return tables of money as the commune itself writes them, without its code from the merger on."""
    return {
        name: frame.assign(unit_code=frame["unit_code"].mask((frame["unit_code"] == code) & (frame["date"] > _EVE), ""))
        for name, frame in tables.items()
    }


def _mobilised(chance: Generator, year: int) -> pd.DataFrame:
    """Return what was mobilised to the end of each quarter."""
    rows = []
    for entry in content()["today"]["mobilised"]:
        planned = int(chance.integers(2, 60)) * 10 * MILLION
        shares = np.minimum(np.cumsum(chance.uniform(0.05, 0.3, len(_QUARTERS))), 1)
        for month, share in zip(_QUARTERS, shares, strict=True):
            vnd = int(planned * share) // MILLION * MILLION
            day = pd.Timestamp(year, month, 1) + pd.offsets.MonthEnd()
            rows.append({**entry, "date": day, "planned_vnd": planned, "mobilised_vnd": vnd, "rest_vnd": planned - vnd})
    return pd.DataFrame(rows).astype({"date": "datetime64[us]"})


def _works(funds: Money) -> pd.DataFrame:
    """Return what is done of each kind of work to the end of each quarter: the money of its content, shared out."""
    rows = []
    shares = pd.DataFrame(content()["today"]["works"])
    for (code, source, year), paid_vnd in funds.paid.items():
        kinds = shares[shares["project_code"] == code]
        if source != _INVESTMENT or kinds.empty or year != funds.year:
            continue
        planned = sum(entry.planned_vnd for entry in funds.capital if entry.line == (code, source, year))
        for month in _QUARTERS:
            day = pd.Timestamp(funds.year, month, 1) + pd.offsets.MonthEnd()
            parts = zip(_split(planned, kinds["share"]), _split(int(paid_vnd[month - 1]), kinds["share"]), strict=True)
            rows += [
                {"date": day, "work": work, "planned_vnd": plan, "done_vnd": done}
                for work, (plan, done) in zip(kinds["work"], parts, strict=True)
            ]
    return pd.DataFrame(rows).astype({"date": "datetime64[us]"})


def _split(vnd: int, shares: pd.Series) -> list[int]:
    """Return an amount in parts of whole đồng, of which the last has what is left."""
    parts = [int(vnd * share) for share in shares[:-1]]
    return [*parts, vnd - sum(parts)]
