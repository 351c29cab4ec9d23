"""All that a report is made from: the same recipe gives the same bytes."""

import hashlib
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import giamngheo
from giamngheo.core.errors import WrongUseError, shown
from giamngheo.core.paths import workbook_path
from giamngheo.core.period import Period
from giamngheo.run.inputs import input_digest
from giamngheo.run.software import Software, software

NOTEBOOK = "notebooks/monthly_report.ipynb"

PROJECT = Path(giamngheo.__file__).parents[2]
"""The folder of this very package, whose notebooks are run; never those of a folder that somebody works in."""

_OF_THE_ORDER = {"unit": "UNIT", "period": "PERIOD", "data": "--data"}
"""Parameters of the notebook that say which report it is, and how the command line has them."""


class ParameterOfOrderError(WrongUseError):
    """A parameter says which report it is, which the command says already."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Tham số {name} là của lệnh, không đặt bằng --parameter; ghi ở {_OF_THE_ORDER[name]} của lệnh."
        )


class ParameterTwiceError(WrongUseError):
    """A parameter is given more than once."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Tham số {name} ghi nhiều lần; chỉ ghi một --parameter {name}=…")


@dataclass(frozen=True)
class Recipe:
    """What one report is made from.

    parameters: those of the notebook. inputs: SHA-256 of each file by its path below the project or the folder that
    holds the data folder; of the notebook, that of its cells as they were typed (inputs.input_digest).
    """

    unit: str
    period: str
    parameters: Mapping[str, str]
    formats: tuple[str, ...]
    inputs: Mapping[str, str]
    software: Software


@dataclass(frozen=True)
class Order:
    """A report that is asked for: of whom, when, how, from which folder `data` and into which folder `out`.

    timeout: seconds a cell may take. notebook: where it lies.
    Raises ParameterOfOrderError, ParameterTwiceError.
    """

    unit: str
    period: Period
    data: Path
    out: Path
    parameters: tuple[tuple[str, str], ...]
    formats: tuple[str, ...]
    timeout: int | None = None
    notebook: Path = field(default_factory=lambda: PROJECT / NOTEBOOK)

    def __post_init__(self) -> None:
        for name, times in Counter(name for name, _ in self.parameters).items():
            if name in _OF_THE_ORDER:
                raise ParameterOfOrderError(name)
            if times > 1:
                raise ParameterTwiceError(name)

    @property
    def folder(self) -> Path:
        """Where the report belongs."""
        return self.out / self.unit / str(self.period)

    def __str__(self) -> str:
        return f"{shown(self.unit)} {self.period}"


def recipe(order: Order) -> Recipe:
    """Return the recipe of a report from its inputs as they are now.

    Raises UnknownUnitError, NoWorkbookError where its workbook is missing, UnreadableError, NoNotebookError.
    """
    return recipe_of(order, {name: input_digest(path) for name, path in input_paths(order).items()})


def recipe_of(order: Order, inputs: Mapping[str, str]) -> Recipe:
    """Return the recipe of a report from the SHA-256 of its inputs."""
    parameters = {"unit": order.unit, "period": str(order.period), "data": Path(os.path.realpath(order.data)).name}
    return Recipe(
        unit=order.unit,
        period=str(order.period),
        parameters=dict(sorted((parameters | dict(order.parameters)).items())),
        formats=order.formats,
        inputs=inputs,
        software=software(),
    )


def input_paths(order: Order) -> dict[str, Path]:
    """Return where each input of a report lies, by its name in the recipe.

    Raises UnknownUnitError, NoWorkbookError, UnreadableError.
    """
    return {NOTEBOOK: order.notebook} | workbooks(order)


def workbooks(order: Order) -> dict[str, Path]:
    """Return where the workbook of the year lies and, if there is one, that of the year before, by their names.

    Raises UnknownUnitError, NoWorkbookError, UnreadableError.
    """
    data = Path(os.path.realpath(order.data))
    path = workbook_path(data, order.unit, order.period)
    earlier = path.with_name(f"{order.period.year - 1}.xlsx")
    found = [path, earlier] if earlier.is_file() else [path]
    return {book.relative_to(data.parent).as_posix(): book for book in found}


def sha256(content: bytes) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
