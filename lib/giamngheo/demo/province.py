"""The workbooks of a whole made-up province: rows of every district and commune, and their sums."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from giamngheo.demo.content import content
from giamngheo.demo.places import District, units
from giamngheo.demo.workbook import YEARS, dataset, datasets
from giamngheo.intake.dataset import Dataset

_COUNTED = ("reviews", "poor_flows", "near_poor_flows", "plans")
_OF_MONEY = {
    "capital": ["date", "decision", "project_code", "source", "budget_level", "fund_year"],
    "disbursements": ["date", "project_code", "source", "fund_year"],
}
"""What tells amounts of the districts apart that are one amount of the province."""


def province_datasets(districts: Sequence[District], years: int = YEARS) -> Iterator[Dataset]:
    """The workbooks of the province of these districts, year by year; its figures are the sums of theirs."""
    whole = replace(districts[0], code=content()["province"]["code"], name=content()["province"]["name"], communes=())
    for parts in zip(*(datasets(district, years) for district in districts), strict=True):
        year = parts[0].year
        frames = {name: _with_sum([part[name] for part in parts], districts, whole) for name in _COUNTED}
        frames |= {name: _summed([part[name] for part in parts], keys) for name, keys in _OF_MONEY.items()}
        frames |= {"units": _units(whole, districts)} | _texts(parts[0], districts[0], whole)
        yield replace(dataset(whole, year, frames), form=parts[0].form | content()["province_form"] | _code(whole))


def _code(whole: District) -> dict[str, str]:
    return {"unit_code": whole.code}


def _units(whole: District, districts: Sequence[District]) -> pd.DataFrame:
    own = pd.DataFrame([(whole.code, whole.name, "province", "")], columns=["code", "name", "level", "parent_code"])
    return pd.concat([own, *(units(district) for district in districts)], ignore_index=True)


def _with_sum(frames: Sequence[pd.DataFrame], districts: Sequence[District], whole: District) -> pd.DataFrame:
    """Rows of all districts and communes, and for each day those of the province."""
    rows = pd.concat(frames, ignore_index=True)
    of_districts = rows[rows["unit_code"].isin([district.code for district in districts])]
    figures = [name for name in rows.columns[rows.dtypes == "Int64"] if name != "year"]
    kept = [name for name in ("year", "decision") if name in rows]
    sums = of_districts.groupby(["date", *kept])[figures].sum(min_count=len(districts)).reset_index()
    return pd.concat([rows, sums.assign(unit_code=whole.code)], ignore_index=True).drop(columns="row")


def _summed(frames: Sequence[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    rows = pd.concat(frames, ignore_index=True)
    (amount,) = (name for name in rows if name.endswith("_vnd"))
    sums = rows.groupby(keys, sort=False)[amount].sum().reset_index()
    return sums.assign(status=sums[amount].map(lambda vnd: "" if vnd else content()["texts"]["waiting"]))


def _texts(part: Dataset, district: District, whole: District) -> dict[str, pd.DataFrame]:
    """The texts of one district, said of the province."""
    names = ("recipients", "documents", "activities", "tasks", "solutions", "next_steps")
    return {name: part[name].replace(f"huyện {district.name}", f"tỉnh {whole.name}", regex=True) for name in names}
