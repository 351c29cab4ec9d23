"""The words of the made-up province, as content.toml has them."""

import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

FIRST_YEAR = 2022
"""Year of a district's first workbook; its stocks start on the last day of the year before."""


@cache
def content() -> dict[str, Any]:
    """Content of content.toml."""
    return tomllib.loads(files(__package__).joinpath("content.toml").read_text("utf-8"))


def filled(text: str, *, unit: str, year: int) -> str:
    """A text with the district and the year in it."""
    return text.format(unit=unit, UNIT=unit.upper(), year=year, before=year - 1)


def folder_name(name: str) -> str:
    """A name as that of a folder: "Ngân Hà" is "ngan-ha"."""
    plain = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return "-".join("".join(sign for sign in plain if not unicodedata.combining(sign)).lower().split())
