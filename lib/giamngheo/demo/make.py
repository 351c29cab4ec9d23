"""A made-up province written as workbooks, clean or with known defects."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from giamngheo.demo.defect_kinds import KINDS
from giamngheo.demo.defects import Kind, planted
from giamngheo.demo.places import districts
from giamngheo.demo.workbook import YEARS, datasets, write
from giamngheo.errors import WrongUseError

EXPECTED = "defects.json"
"""File beside the workbooks that says which defects are in them."""


class TooManyDefectsError(WrongUseError):
    """There are not so many different defects for so many workbooks."""

    def __init__(self, count: int, most: int) -> None:
        super().__init__(f"Chỉ cài được từ 0 đến {most} lỗi vào chừng ấy sổ tính, không phải {count}.")


def make_province(folder: Path, *, seed: int, count: int, defects: int = 0) -> Iterator[Path]:
    """Writes the workbooks of `count` districts to `folder`/<district>/<year>.xlsx; the path of each as it is done.

    With `defects`, so many are planted, and the file EXPECTED, written last, has a record for each: file (below
    `folder`), code, sheet, cell. Raises TooManyDistrictsError, TooManyDefectsError.
    """
    made, shares = districts(seed, count), _shares(count * YEARS, defects)
    expected = []
    for number, data in enumerate(data for district in made for data in datasets(district)):
        bad, places = planted(data, shares[number])
        path = write(bad, folder / data.unit)
        expected += [{"file": path.relative_to(folder).as_posix()} | asdict(place) for place in places]
        yield path
    if defects:
        yield _written(folder / EXPECTED, expected)


def _shares(workbooks: int, defects: int) -> list[list[Kind]]:
    """The kinds of defects for each workbook, none twice in one."""
    most = workbooks * len(KINDS)
    if not 0 <= defects <= most:
        raise TooManyDefectsError(defects, most)
    rounds = [range(len(range(at, defects, workbooks))) for at in range(workbooks)]
    return [[KINDS[(turn + at) % len(KINDS)] for turn in turns] for at, turns in enumerate(rounds)]


def _written(path: Path, expected: Sequence[dict[str, str]]) -> Path:
    path.write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path
