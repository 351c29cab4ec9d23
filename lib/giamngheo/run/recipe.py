"""All that a report is made from: the same recipe gives the same bytes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from giamngheo.intake.locate import digest, located, workbook_path
from giamngheo.intake.period import Period
from giamngheo.run.software import Software, software

NOTEBOOK = "notebooks/monthly_report.ipynb"


@dataclass(frozen=True)
class Recipe:
    """What one report is made from.

    parameters: those of the notebook. inputs: SHA-256 of each file by its path below the project or the folder that
    holds the data folder.
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

    timeout: seconds a cell may take. notebook: where it lies, found from here: who makes the report may work elsewhere.
    """

    unit: str
    period: Period
    data: Path
    out: Path
    parameters: tuple[tuple[str, str], ...]
    formats: tuple[str, ...]
    timeout: int | None = None
    notebook: Path = field(default_factory=lambda: located(NOTEBOOK))

    @property
    def folder(self) -> Path:
        """Where the report belongs."""
        return self.out / self.unit / str(self.period)

    def __str__(self) -> str:
        return f"{self.unit} {self.period}"


def recipe(order: Order) -> Recipe:
    """Recipe of a report.

    Raises UnknownUnitError, NoWorkbookError where its workbook is missing, UnreadableError.
    """
    data = order.data.resolve()
    parameters = {"unit": order.unit, "period": str(order.period), "data": data.name} | dict(order.parameters)
    inputs = {NOTEBOOK: order.notebook}
    inputs |= {path.relative_to(data.parent).as_posix(): path for path in workbooks(order)}
    return Recipe(
        unit=order.unit,
        period=str(order.period),
        parameters=dict(sorted(parameters.items())),
        formats=order.formats,
        inputs={name: digest(path) for name, path in inputs.items()},
        software=software(),
    )


def workbooks(order: Order) -> Sequence[Path]:
    """Where the workbook of the year lies and, if there is one, that of the year before.

    Raises UnknownUnitError, NoWorkbookError, UnreadableError.
    """
    path = workbook_path(order.data.resolve(), order.unit, order.period)
    earlier = path.with_name(f"{order.period.year - 1}.xlsx")
    return [path, earlier] if earlier.is_file() else [path]


def sha256(content: bytes) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
