"""The facts of a month read from the workbooks of its unit, each read once a process as long as nobody saves it."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

from giamngheo.checks.check import Sums
from giamngheo.checks.consistency import findings
from giamngheo.core.finding import InvalidWorkbookError, of_severity
from giamngheo.core.foreign import digest
from giamngheo.core.paths import is_there, located, units, workbook_path, workbook_paths
from giamngheo.core.period import Period
from giamngheo.regulation.own import own_files
from giamngheo.report.book import Book
from giamngheo.report.facts import Facts, book_of, facts_of, with_curves
from giamngheo.report.parameters import as_audience, as_code, as_written
from giamngheo.workbook.boundaries import boundaries
from giamngheo.workbook.history import history
from giamngheo.workbook.read.workbook import Reading, reading


@dataclass(frozen=True)
class _Saved:
    """A workbook as it was saved, with the law of its office; the same content by another path is the same.

    sha256: of each of these files, by its name.
    """

    path: Path = field(compare=False)
    unit: str
    year: int
    sha256: tuple[tuple[str, str], ...]

    @cached_property
    def reading(self) -> Reading:
        """What can be read of it."""
        return reading(self.path, self.unit, self.year)

    @cached_property
    def sums(self) -> Sums:
        """Its tables that add up, for its checks and its reports."""
        return Sums(self.reading.dataset)

    @cached_property
    def book(self) -> Book:
        """What reports use of it. Raises InvalidWorkbookError."""
        if errors := of_severity(self.reading.findings, "error"):
            raise InvalidWorkbookError(errors)
        return book_of(self.reading.dataset, self.sums)


def facts(unit: str, period: str, data: str = "data", audience: str = "internal") -> Facts:
    """Return the facts of a unit's month, read from its workbook in the folder `data`.

    Raises GiamngheoError: a malformed period, an unknown unit or audience, no workbook, an invalid workbook or file of
    earlier curves.
    """
    period, data = as_written(period, data)
    audience = as_audience(audience)
    month, folder = Period.parse(period), located(data)
    unit = as_code(unit, units(folder))
    path = workbook_path(folder, unit, month)
    saved = _saved(path, unit, month.year)
    told = findings(saved.reading.dataset, month, broken=saved.reading.broken, sums=saved.sums)
    if errors := of_severity(told, "error"):
        raise InvalidWorkbookError(errors)
    earlier = _book_of(path, unit, month.year - 1)
    older = _book_of(path, unit, month.year - 2) if audience == "public" else None
    found = facts_of(saved.book, month, audience, earlier, older=older)
    return replace(with_curves(found, history(folder), earlier), areas=boundaries(folder), findings=tuple(told))


def _book_of(path: Path, unit: str, year: int) -> Book | None:
    """Return the book of a year beside another workbook; None where there is none. Raises InvalidWorkbookError."""
    beside = path.with_name(f"{year}.xlsx")
    return _saved(beside, unit, year).book if is_there(beside) else None


def every_book(data: str, wanted: Collection[str] = ()) -> list[Book]:
    """Return the books of every year of the units that are wanted, of all where none is named.

    Raises UnknownUnitError, InvalidWorkbookError, GiamngheoError.
    """
    folder = located(data)
    named = [as_code(unit, units(folder)) for unit in wanted] or units(folder)
    paths = [(path, unit) for unit in named for path in workbook_paths(folder, unit)]
    return [_saved(path, unit, int(path.stem)).book for path, unit in paths]


def _saved(path: Path, unit: str, year: int) -> _Saved:
    files = [path, *own_files(path.parent.parent)]
    return _kept(_Saved(path, unit, year, tuple((file.name, digest(file)) for file in files)))


@lru_cache(maxsize=4)  # a month takes 0.21 s then, and 0.56 s where it reads its workbook and that of the year before
def _kept(saved: _Saved) -> _Saved:
    """Return the workbook of the same content that was read before, or this one, read: its path may be gone later.

    Raises what reading it raises, as often as it is asked for.
    """
    _ = saved.reading
    return saved
