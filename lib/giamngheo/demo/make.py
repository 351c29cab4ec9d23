"""A made-up province written as workbooks."""

from collections.abc import Iterator
from pathlib import Path

from giamngheo.demo.places import districts
from giamngheo.demo.workbook import datasets, write


def make_province(folder: Path, *, seed: int, count: int) -> Iterator[Path]:
    """Write the workbooks of `count` districts to `folder`/<district>/<year>.xlsx; the path of each as it is done.

    Raises TooManyDistrictsError.
    """
    for district in districts(seed, count):
        for data in datasets(district):
            yield write(data, folder / data.unit)
