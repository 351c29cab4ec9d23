"""All that a report is made from: the same recipe gives the same bytes."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from giamngheo.core.errors import GiamngheoError, WrongUseError, shown
from giamngheo.core.paths import inside, shared_files, unit_folder, units, workbook_path, workbook_paths
from giamngheo.core.period import Period
from giamngheo.regulation.own import own_files
from giamngheo.run.kinds import BOOKS, BOOKS_OF_ALL, Input, ReportKind
from giamngheo.run.provenance.inputs import input_digest
from giamngheo.run.provenance.software import Software, software

OF_THE_ORDER = {"unit": "UNIT", "period": "PERIOD", "data": "--data"}
"""Parameters of a notebook that say which report it is, and how the command line has them."""

_WORKBOOK = "{year}.xlsx"
_TABLE_FILES = (".csv", ".parquet", ".tsv", ".txt", ".xlsm", ".xlsx")
MODULE = ".py"

GIVEN = "input-"
"""What copies of files are called that may lie anywhere: their own names may name persons."""


class ParameterOfOrderError(WrongUseError):
    """A parameter says which report it is or what it is made from, which the command says already."""

    def __init__(self, name: str) -> None:
        place = f"ghi ở {OF_THE_ORDER[name]} của lệnh" if name in OF_THE_ORDER else "lệnh tự tìm tệp của đơn vị"
        super().__init__(f"Tham số {name} là của lệnh, không đặt bằng --parameter; {place}.")


class ParameterTwiceError(WrongUseError):
    """A parameter is given more than once."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Tham số {name} ghi nhiều lần; chỉ ghi một --parameter {name}=…")


class NoInputError(GiamngheoError):
    """A file that the kind of report needs is not in the folder of the unit."""

    def __init__(self, folder: Path, kind: ReportKind, stem: str) -> None:
        alike = sorted(path.name for path in inside(folder) if path.name.startswith(stem.partition("-")[0]))
        there = f"; trong thư mục có: {', '.join(map(shown, alike))}" if alike else ""
        endings = ", ".join(_TABLE_FILES)
        super().__init__(f"{kind.title} cần tệp {stem} ({endings}) trong {shown(folder)}{there}.")


class TwoInputsError(GiamngheoError):
    """Two files of a name with different endings: which of them is meant, nobody can know."""

    def __init__(self, folder: Path, found: Sequence[Path]) -> None:
        names = ", ".join(shown(path.name) for path in found)
        super().__init__(f"{shown(folder)} có {names}; chỉ để lại một tệp, chuyển các tệp kia sang thư mục khác.")


@dataclass(frozen=True)
class Recipe:
    """What one report is made from.

    unit, period, data: the folder of the unit, the period, the name of the data folder; "" of a report on files that
    lie anywhere. notebook: its name among the inputs. title: of the kind. folder: of the report in that of its unit.
    parameters: those of the notebook. inputs: SHA-256 of each file by its path below the project or the folder that
    holds the data folder; of the notebook, that of its cells as they were typed (inputs.input_digest).
    note: what the page says above the report: that it is of other data than the one published.
    """

    unit: str
    period: str
    data: str
    notebook: str
    title: str
    folder: str
    parameters: Mapping[str, str]
    formats: tuple[str, ...]
    inputs: Mapping[str, str]
    software: Software
    note: str = ""

    @property
    def modules(self) -> tuple[str, ...]:
        """Names of the modules that stand beside a notebook of one's own."""
        return tuple(name for name in self.inputs if name.endswith(MODULE) and "/" not in name)


@dataclass(frozen=True)
class Order:
    """A report that is asked for, its files found: what it is made from, how, and into which folder it goes.

    unit, period, data: as in Recipe. parameters: those of the notebook. sources: where each input lies, by its name in
    the recipe. folders: own names of the folders among the inputs, by those of their copies. timeout: seconds a cell
    may take.
    """

    kind: ReportKind
    folder: Path
    parameters: Mapping[str, str]
    sources: Mapping[str, Path]
    formats: tuple[str, ...]
    unit: str = ""
    period: str = ""
    data: str = ""
    folders: Mapping[str, str] = field(default_factory=dict)
    timeout: int | None = None

    def __str__(self) -> str:
        own = shown(self.folder.name)
        return f"{shown(self.unit)} {own}" if self.unit else own

    @property
    def year(self) -> str:
        """The year of the period."""
        return self.period[:4]


def order(
    unit: str,
    period: Period,
    kind: ReportKind,
    *,
    data: Path,
    out: Path,
    formats: tuple[str, ...],
    parameters: Sequence[tuple[str, str]] = (),
    timeout: int | None = None,
    called: str = "",
) -> Order:
    """Return the order of a report of a unit, from the folder `data` into the folder `out`.

    called: what the recipe calls the folder `data`, by default its own name. Raises ParameterOfOrderError,
    ParameterTwiceError, PeriodOfKindError, UnknownUnitError, NoWorkbookError, NoInputError, TwoInputsError,
    UnreadableError.
    """
    _check_parameters(parameters, kind)
    folder, place = kind.folder_of(period), Path(os.path.realpath(data))
    called = called or place.name
    sources = {kind.name: kind.notebook} | {path.name: path for path in kind.modules}
    given = {entry.parameter: "" for entry in kind.inputs if entry.parameter}
    for entry, path in _found(place, unit, period, kind, audience=dict(parameters).get("audience", "internal")):
        name = f"{called}/{path.relative_to(place).as_posix()}"
        sources |= dict(_parts(name, path))
        given |= {entry.parameter: name} if entry.parameter else {}
    sources |= {f"{called}/{path.relative_to(place).as_posix()}": path for path in _shared(place, kind)}
    return Order(
        kind=kind,
        folder=out / unit / folder,
        parameters=_sorted({"unit": unit, "period": str(period), "data": called}, given, parameters, kind),
        sources=sources,
        formats=formats,
        unit=unit,
        period=str(period),
        data=called,
        timeout=timeout,
    )


def order_of_files(
    files: Mapping[str, Path],
    kind: ReportKind,
    *,
    out: Path,
    formats: tuple[str, ...],
    parameters: Sequence[tuple[str, str]] = (),
) -> Order:
    """Return the order of a report on files that lie anywhere, by the parameters of the notebook that name them."""
    books = {entry.parameter for entry in kind.inputs if _WORKBOOK in entry.files}
    files = {name: path.absolute() for name, path in files.items()}
    copies = {name: _copy_name(name, path, is_book=name in books) for name, path in files.items()}
    sources: dict[str, Path] = {kind.name: kind.notebook}
    for name, path in files.items():
        sources |= dict(_parts(copies[name], path))
    given = {entry.parameter: "" for entry in kind.inputs if entry.parameter} | copies
    about = dict.fromkeys(OF_THE_ORDER, "")
    folders = {copies[name]: path.name for name, path in files.items() if path.is_dir()}
    asked = _sorted(about, given, parameters, kind)
    return Order(kind, out, asked, sources, formats, folders=folders)


def order_again(kept: Recipe, period: Period, kind: ReportKind, *, data: Path, out: Path, called: str = "") -> Order:
    """Return the order that gives the report of a recipe again from files as they are now, with its own parameters.

    called: as in `order`. Raises what `order` raises.
    """
    files = {entry.parameter for entry in kind.inputs}
    given = kept.parameters.items()
    own = tuple((name, value) for name, value in given if name not in OF_THE_ORDER and name not in files)
    return order(kept.unit, period, kind, data=data, out=out, formats=kept.formats, parameters=own, called=called)


def has_inputs(data: Path, unit: str, period: Period, kind: ReportKind) -> bool:
    """Tell whether all files are there that a kind needs. Raises UnknownUnitError, TwoInputsError, UnreadableError."""
    return all(_files(data, unit, entry, period) for entry in kind.inputs if entry.is_needed)


def recipe(order: Order) -> Recipe:
    """Return the recipe of a report from its inputs as they are now. Raises UnreadableError, NoNotebookError."""
    return recipe_of(order, {name: input_digest(path) for name, path in order.sources.items()})


def recipe_of(order: Order, inputs: Mapping[str, str]) -> Recipe:
    """Return the recipe of a report from the SHA-256 of its inputs."""
    return Recipe(
        unit=order.unit,
        period=order.period,
        data=order.data,
        notebook=order.kind.name,
        title=order.kind.title,
        folder=order.folder.name if order.unit else "",
        parameters=order.parameters,
        formats=order.formats,
        inputs=inputs,
        software=software(),
    )


def sha256(content: bytes) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _check_parameters(parameters: Sequence[tuple[str, str]], kind: ReportKind) -> None:
    """Raise ParameterOfOrderError, ParameterTwiceError."""
    files = {entry.parameter for entry in kind.inputs} - {""}
    for name, times in Counter(name for name, _ in parameters).items():
        if name in {*OF_THE_ORDER, *files}:
            raise ParameterOfOrderError(name)
        if times > 1:
            raise ParameterTwiceError(name)


def _sorted(
    about: Mapping[str, str], given: Mapping[str, str], parameters: Sequence[tuple[str, str]], kind: ReportKind
) -> dict[str, str]:
    """Return the parameters of a notebook in order: those that name the report, its files, the others."""
    own = {name: value for name, value in about.items() if name in kind.parameters}
    return dict(sorted((own | dict(given) | dict(parameters)).items()))


def _found(data: Path, unit: str, period: Period, kind: ReportKind, *, audience: str) -> Iterator[tuple[Input, Path]]:
    """Yield the inputs of an edition of a kind that are there, each with its path. Raises as `order` does."""
    for entry in (entry for entry in kind.inputs if entry.audience in ("", audience)):
        if paths := _files(data, unit, entry, period):
            yield from ((entry, path) for path in paths)
        elif entry.is_needed and _WORKBOOK in entry.files:
            yield entry, workbook_path(data, unit, period)
        elif entry.is_needed:
            raise NoInputError(unit_folder(data, unit), kind, _name(entry.files[0], period))


def _files(data: Path, unit: str, entry: Input, period: Period) -> list[Path]:
    """Return the files of an input that are there. Raises UnknownUnitError, TwoInputsError, UnreadableError."""
    folder = unit_folder(data, unit)
    if BOOKS_OF_ALL in entry.files or BOOKS in entry.files:
        named = units(data) if BOOKS_OF_ALL in entry.files else [unit]
        paths = (path for each in named for path in workbook_paths(data, each))
        return [path for path in paths if int(path.stem) <= period.year]
    return [found] if (found := _first(folder, entry, period)) else []


def _shared(data: Path, kind: ReportKind) -> list[Path]:
    """Return the files of a data folder that all its units share, as far as a kind looks into the folder itself."""
    if all(entry.parameter for entry in kind.inputs):
        return own_files(data)
    return [*own_files(data), *shared_files(data)]


def _first(folder: Path, entry: Input, period: Period) -> Path | None:
    """Return the first of the names of an input that is in a folder. Raises TwoInputsError, UnreadableError."""
    there = {path.name: path for path in inside(folder)}
    for pattern in entry.files:
        name = _name(pattern, period)
        names = [name] if Path(name).suffix else [name, *(f"{name}{ending}" for ending in _TABLE_FILES)]
        if len(found := [there[name] for name in names if name in there]) > 1:
            raise TwoInputsError(folder, found)
        if found:
            return found[0]
    return None


def _name(pattern: str, period: Period) -> str:
    years = {"year": 0, "last_year": -1, "year_before_last": -2, "next_year": 1}
    return pattern.format(**{name: period.year + more for name, more in years.items()})


def _copy_name(parameter: str, path: Path, *, is_book: bool) -> str:
    """Name of the copy of a file, or of the folder of copies; a workbook keeps its own where that is a year."""
    if is_book and path.stem.isdecimal():
        return path.name
    ending = path.suffix.lower() if path.suffix.lower() in {*_TABLE_FILES, ".toml"} else ""
    return f"{GIVEN}{parameter}{ending}"


def _parts(name: str, path: Path) -> Iterator[tuple[str, Path]]:
    """Yield the names of the copies of a file or of the Parquet files of a folder, in their order."""
    if not path.is_dir() or path.suffix == ".xlsx":  # a folder in the place of a workbook cannot be read
        yield name, path
        return
    for copy, part in _parquet_files(path).items():
        yield f"{name}/{copy}", part


def placed(path: Path) -> Path:
    """Return where an input lies that a recipe has at a path: of a folder of Parquet files, it has their numbers."""
    if not path.stem.isdecimal() or path.suffix != ".parquet":
        return path
    is_there = os.path.isdir(path.parent)  # noqa: PTH112 - of Path's own, a name too long is an error
    return _parquet_files(path.parent).get(path.name, path) if is_there else path


def _parquet_files(folder: Path) -> dict[str, Path]:
    """Return the Parquet files of a folder by the names of their copies."""
    from giamngheo.households.engine import parquet_parts  # the engine takes its time to load

    return {f"{number:06}.parquet": part for number, part in enumerate(parquet_parts(folder)[0], 1)}
