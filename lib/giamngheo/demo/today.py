"""Made-up communes of 2026: both programmes side by side, all sources of funds, resources beyond the budget."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import Generator

from giamngheo.core.rounding import shown_difference, shown_rate
from giamngheo.demo.money import MILLION, Allocation, Money, capital_table, disbursement_table, paid
from giamngheo.demo.places import FIRST_YEAR, District, content, districts
from giamngheo.demo.stocks import FLOW_TABLES, flow_table, people, plans, reviews
from giamngheo.demo.workbook import dataset, in_workbook, texts, write
from giamngheo.statistics import poverty
from giamngheo.workbook.dataset import Dataset

YEAR = 2026
_YEARS = YEAR - FIRST_YEAR + 1
_QUARTERS = (3, 6, 9, 12)
_INVESTMENT = "central_investment"


def make_communes(folder: Path, *, seed: int, count: int) -> Iterator[Path]:
    """Write the workbook of 2026 of `count` communes to `folder`/<commune>/2026.xlsx; yield the path of each.

    Raises TooManyDistrictsError.
    """
    for data in communes(seed, count):
        yield write(data, folder / data.unit)


def communes(seed: int, count: int) -> Iterator[Dataset]:
    """Yield the workbook of 2026 of the first communes of the province of a seed."""
    every = (data for number in itertools.count(1) for data in _of_district(districts(seed, number)[-1]))
    yield from itertools.islice(every, count)


def _of_district(district: District) -> Iterator[Dataset]:
    """Yield the workbooks of the communes that a district had."""
    who = people(district, _YEARS)
    stocks, flows = reviews(who), {name: flow_table(who, name, _YEARS) for name in FLOW_TABLES}
    planned = plans(district, stocks, YEAR)
    for place, (code, name) in enumerate(district.communes):
        commune = replace(district, number=1000 * (district.number + 1) + place, code=code, name=name, communes=())
        own = {"reviews": stocks, "plans": planned, **flows}
        frames = {table: frame[frame["unit_code"] == code] for table, frame in own.items()}
        if not _differ_as_shown(frames["reviews"]):
            continue
        yield dataset(
            commune,
            YEAR,
            {
                **texts(commune, YEAR, content()["today"]),
                **{table: in_workbook(frames[table], YEAR) for table in FLOW_TABLES},
                "reviews": in_workbook(frames["reviews"], YEAR),
                "plans": frames["plans"],
                "units": pd.DataFrame([{"code": code, "name": name, "level": "commune", "parent_code": "99"}]),
                **_money(commune),
            },
            content()["today"],
        )


def _differ_as_shown(stocks: pd.DataFrame) -> bool:
    """Return whether the rates of the last two year ends, as they are shown, differ as they do before rounding."""
    rates = poverty.rates(stocks).set_index("date")
    before, now = (rates.loc[pd.Timestamp(year, 12, 31)] for year in (YEAR - 2, YEAR - 1))
    pairs = [(before[f"{name}_rate_pct"], now[f"{name}_rate_pct"]) for name in FLOW_TABLES.values()]
    return all(shown_difference(old, new) == shown_rate(old - new) for old, new in pairs)


def _money(commune: District) -> dict[str, pd.DataFrame]:
    chance = commune.chance(2)
    funds = Money(YEAR, capital := _capital(chance), paid(chance, YEAR, capital))
    return {
        "capital": capital_table(funds),
        "disbursements": disbursement_table(funds),
        "mobilised": _mobilised(chance),
        "works": _works(funds),
    }


def _capital(chance: Generator) -> tuple[Allocation, ...]:
    """Return the money of the year, of the integrated programme, and what is carried over of the former one."""
    envelope = chance.uniform(6_000, 15_000)
    lines = []
    for entry in content()["today"]["capital"]:
        million = max(round(envelope * entry["share"] * chance.uniform(0.8, 1.2)), 20)
        fields = {key: value for key, value in entry.items() if key != "share"}
        day = (3, 10) if entry["fund_year"] < YEAR else (2, 10)
        lines.append(
            Allocation(**fields, month=day[0], day=day[1], decision="36/QĐ-UBND", planned_vnd=million * MILLION)
        )
    return tuple(lines)


def _mobilised(chance: Generator) -> pd.DataFrame:
    """Return what was mobilised to the end of each quarter."""
    rows = []
    for entry in content()["today"]["mobilised"]:
        planned = int(chance.integers(2, 60)) * 10 * MILLION
        shares = np.minimum(np.cumsum(chance.uniform(0.05, 0.3, len(_QUARTERS))), 1)
        for month, share in zip(_QUARTERS, shares, strict=True):
            vnd = int(planned * share) // MILLION * MILLION
            day = pd.Timestamp(YEAR, month, 1) + pd.offsets.MonthEnd()
            rows.append({**entry, "date": day, "planned_vnd": planned, "mobilised_vnd": vnd, "rest_vnd": planned - vnd})
    return pd.DataFrame(rows).astype({"date": "datetime64[us]"})


def _works(funds: Money) -> pd.DataFrame:
    """Return what is done of each kind of work to the end of each quarter: the money of its content, shared out."""
    rows = []
    shares = pd.DataFrame(content()["today"]["works"])
    for (code, source, year), paid_vnd in funds.paid.items():
        kinds = shares[shares["project_code"] == code]
        if source != _INVESTMENT or kinds.empty:
            continue
        planned = sum(entry.planned_vnd for entry in funds.capital if entry.line == (code, source, year))
        for month in _QUARTERS:
            day = pd.Timestamp(YEAR, month, 1) + pd.offsets.MonthEnd()
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
