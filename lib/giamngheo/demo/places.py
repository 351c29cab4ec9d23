"""The words and the units of the made-up province."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd
from numpy.random import PCG64, Generator

from giamngheo.core.errors import WrongUseError

FIRST_YEAR = 2022
"""Year of a district's first workbook; its stocks start on the last day of the year before."""


@cache
def content() -> dict[str, Any]:
    """Return the content of content.toml."""
    return tomllib.loads(files(__package__).joinpath("content.toml").read_text("utf-8"))


def filled(text: str, *, unit: str, year: int) -> str:
    """Return a text with the district and the year in it."""
    return text.format(unit=unit, UNIT=unit.upper(), year=year, before=year - 1)


def folder_name(name: str) -> str:
    """Return a name as that of a folder: "Ngân Hà" is "ngan-ha"."""
    plain = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return "-".join("".join(sign for sign in plain if not unicodedata.combining(sign)).lower().split())


FEWEST_COMMUNES, MOST_COMMUNES = 8, 15


class TooManyDistrictsError(WrongUseError):
    """There are no names for so many districts."""

    def __init__(self, count: int, most: int) -> None:
        super().__init__(f"Chỉ làm được từ 1 đến {most} huyện giả lập, không phải {count}.")


@dataclass(frozen=True)
class District:
    """A district and its communes, codes and names. number: its place in the province, from 0; seed: its own."""

    number: int
    seed: int
    code: str
    name: str
    communes: tuple[tuple[str, str], ...]

    def chance(self, purpose: int) -> Generator:
        """Return a generator of random numbers for one purpose, the same each time."""
        return Generator(PCG64([self.seed, self.number, purpose]))

    @property
    def codes(self) -> list[str]:
        """Codes of the communes."""
        return [code for code, _ in self.communes]


def districts(seed: int, count: int) -> list[District]:
    """Return the first districts of the province of a seed. Raises TooManyDistrictsError."""
    names = content()["districts"]
    if not 1 <= count <= len(names):
        raise TooManyDistrictsError(count, len(names))
    chance = Generator(PCG64([seed]))
    sizes = chance.integers(FEWEST_COMMUNES, MOST_COMMUNES + 1, len(names))
    endings = content()["commune_endings"]
    pool = [f"{name}{ending}" for ending in endings for name in chance.permutation(content()["communes"])]
    starts = [0, *sizes.cumsum()]
    return [
        _district(seed, number, pool[starts[number] : starts[number + 1]], starts[number]) for number in range(count)
    ]


def _district(seed: int, number: int, communes: list[str], first: int) -> District:
    codes = [str(content()["first_commune_code"] + first + place) for place in range(len(communes))]
    name = content()["districts"][number]
    code = str(content()["first_district_code"] + number)
    return District(number, seed, code, name, tuple(zip(codes, communes, strict=True)))


def units(district: District) -> pd.DataFrame:
    """Return the district and its communes, in the columns of the workbook's units."""
    rows = [(district.code, district.name, "district", content()["province"]["code"])]
    rows += [(code, name, "commune", district.code) for code, name in district.communes]
    return pd.DataFrame(rows, columns=["code", "name", "level", "parent_code"])
