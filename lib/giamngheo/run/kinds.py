"""Kinds of report: notebooks that say themselves what they are called, what they need and where their reports go.

A notebook of the project that is a kind has a table `report` in its metadata (`giamngheo`), by kinds.schema.json. Any
other notebook can be run as well: it is given the workbooks of its unit up to the year of the period, or the `inputs`
that its metadata say, and its reports have folders of their own.
"""

import ast
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import giamngheo
from giamngheo.core.errors import WrongUseError, shown
from giamngheo.core.foreign import content, fault, without_format_checkers
from giamngheo.core.message import quoted
from giamngheo.core.period import MONTHS, MalformedPeriodError, Period, Span
from giamngheo.run.execution.normalise import NoNotebookError, notebook_source

PROJECT = Path(giamngheo.__file__).parents[2]
"""The folder of this very package, whose notebooks are run; never those of a folder that somebody works in."""

NOTEBOOKS = "notebooks"
"""The folder of the project's notebooks; its name stands before theirs in recipes."""

DEFAULT = "monthly_report"
"""The kind that is made where none is named."""

_SUFFIX = ".ipynb"
_SCHEMA = "kinds.schema.json"


class UnknownKindError(WrongUseError):
    """No notebook of the project is called so, or it makes no report."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"Không có loại báo cáo {quoted(name)}; các loại có: {', '.join(known)}.")


class PeriodOfKindError(WrongUseError):
    """The report is not made for periods of that kind."""

    def __init__(self, period: Period, kind: "ReportKind") -> None:
        words = ", ".join(_PERIOD_WORDS[name] for name in kind.periods)
        super().__init__(f"{kind.title} không lập cho kỳ {period}; chỉ lập cho: {words}.")


class SameFolderError(WrongUseError):
    """Two kinds would write their reports over each other's."""

    def __init__(self, kind: "ReportKind", other: "ReportKind") -> None:
        super().__init__(
            f"{shown(kind.name)} và {shown(other.name)} cùng ghi báo cáo vào thư mục {shown(kind.folder)}; đổi tên sổ"
            " tay riêng, hoặc đổi folder trong metadata giamngheo / report."
        )


class FolderOfPeriodError(WrongUseError):
    """The reports of a kind would lie in folders of other periods: those of 2023 in 2023-08."""

    def __init__(self, name: str, folder: str) -> None:
        super().__init__(
            f"{shown(name)} sẽ ghi báo cáo năm 2023 vào thư mục {shown(folder.format(period=2023))}, của kỳ khác; đổi"
            " tên sổ tay riêng, không bắt đầu bằng 08, Q3, H1, 9M, hoặc đổi folder trong metadata giamngheo / report."
        )


class NameOfNotebookError(WrongUseError):
    """The name of a notebook could be no name of a folder of reports, or of an input in their manifests."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Tên sổ tay {name!r} không dùng được: cần đuôi {_SUFFIX}, không có dấu \\ hoặc : và ký tự không in được;"
            " đổi tên tệp rồi chạy lại."
        )


class MalformedKindError(WrongUseError):
    """The metadata of a notebook do not describe a kind of report."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{shown(path)}: metadata giamngheo / report của sổ tay sai: {why}.")


class ParameterCellError(WrongUseError):
    """A notebook sets what is a parameter where no command can give it another value."""

    def __init__(self, path: Path, name: str = "") -> None:
        where = f"đặt {name} ở chỗ lệnh không thay được" if name else "có ô parameters không đọc được"
        super().__init__(
            f'{shown(path)} {where}; ở ô gắn thẻ parameters ghi mỗi tham số một dòng, ví dụ unit = "tu-mo-rong".'
        )


_OF_REPORT = frozenset({"unit", "period"})
"""Parameters that say which report it is."""

_PERIOD_WORDS: Mapping[Span, str] = {
    "month": "tháng (2023-08)",
    "quarter": "quý (2023-Q3)",
    "half": "6 tháng (2023-H1)",
    "nine_months": "9 tháng (2023-9M)",
    "year": "năm (2023)",
}


@dataclass(frozen=True)
class Input:
    """A file of the unit's folder that a notebook is given, or all its workbooks.

    files: what it may be called, the first that is there is taken; {year}, {last_year}, {year_before_last} and
    {next_year} are those of the period; a name without an ending stands for any table file or folder of Parquet files
    of that name; BOOKS for all workbooks of the unit up to the year of the period, BOOKS_OF_ALL for those of all units.
    parameter: of the notebook, gets the path of the file; "" where the notebook looks into the data folder itself.
    audience: the readers of the editions that need it; "" where all do.
    """

    files: tuple[str, ...]
    parameter: str = ""
    is_needed: bool = True
    audience: str = ""


@dataclass(frozen=True)
class ReportKind:
    """A notebook as a kind of report.

    notebook: where it lies. name: what recipes call it, "notebooks/monthly_report.ipynb", or "mine.ipynb" where it is
    not of the project. folder: that of a report within its unit's, with {period}. parameters: names of the notebook's.
    sha256: of its source (normalise.notebook_source) as all this was read in it.
    modules: files beside a notebook of one's own that it imports, one of them by another too.
    """

    notebook: Path
    name: str
    title: str
    folder: str
    periods: tuple[Span, ...]
    inputs: tuple[Input, ...]
    parameters: frozenset[str]
    sha256: str
    modules: tuple[Path, ...] = ()

    def folder_of(self, period: Period) -> str:
        """Return the name of the folder of a report. Raises PeriodOfKindError."""
        if period.kind not in self.periods:
            raise PeriodOfKindError(period, self)
        return self.folder.format(period=period)


BOOKS, BOOKS_OF_ALL = "*.xlsx", "*/*.xlsx"

_WORKBOOKS = [{"files": ["{year}.xlsx"], "needed": True}, {"files": [BOOKS], "needed": False}]
"""What a notebook of one's own is given that says nothing else."""


def kind_named(name: str = DEFAULT) -> ReportKind:
    """Return the kind that a notebook of the project is.

    Raises UnknownKindError, SameFolderError, FolderOfPeriodError, MalformedKindError, NoNotebookError.
    """
    known = _kinds()
    if name not in known:
        raise UnknownKindError(name, list(known))
    return _alone(known[name], known)


def notebook_of(name: str, own: Iterable[Path]) -> Path | None:
    """Return where a notebook lies that recipes call so; the one of `own` with the name where it is no kind of ours."""
    if name.startswith(f"{NOTEBOOKS}/"):
        return PROJECT / name
    return next((path for path in own if _composed(path.name) == _composed(name)), None)


def _composed(name: str) -> str:
    """Return a name of a file as all systems but a Mac have it."""
    return unicodedata.normalize("NFC", name)


def kind_of(path: Path) -> ReportKind:
    """Return the kind that any notebook is. The reports of one's own notebook never take another kind's place.

    Where the path is a link, the modules are those beside the file that it leads to: who may put a file beside a link
    need not be one who may change the notebook.

    Raises SameFolderError, FolderOfPeriodError, MalformedKindError, NameOfNotebookError, NoNotebookError,
    UnreadableError.
    """
    if not path.is_file():
        raise NoNotebookError(path)
    if path.resolve().parent == (PROJECT / NOTEBOOKS).resolve() and (kind := _kind(path)):
        return kind
    if path.suffix != _SUFFIX or not path.name.isprintable() or set(path.name) & set("\\:"):
        raise NameOfNotebookError(path.name)
    saved, place = notebook_source(path), path.resolve()
    source = json.loads(saved)
    _check_notebook(path, source)
    told = _told(path, source) or {}
    about = {"title": path.stem, "periods": list(MONTHS), "inputs": _WORKBOOKS} | told
    _check(path, {"folder": "{period}"} | about)
    folder = "{period}-" + path.stem.replace("{", "{{").replace("}", "}}")
    own = _described((place, path.name), saved, source, {"folder": folder} | about)
    return _alone(replace(own, modules=_modules(place.parent, source)), _kinds())


def kind_in(folder: Path, name: str, place: Path) -> ReportKind:
    """Return the kind that a notebook is of which a folder has a copy, by the name that recipes call it.

    place: where the notebook lies itself; its modules are those beside it. Raises what `kind_of` raises.
    """
    if name.startswith(f"{NOTEBOOKS}/") and (of_project := _kind(folder / name)):
        return of_project
    modules = _modules(place.resolve().parent, json.loads(notebook_source(folder / name)))
    return replace(kind_of(folder / name), modules=modules)


def _kinds() -> dict[str, ReportKind]:
    """Return the kinds of the project, by the names of their notebooks."""
    paths = sorted((PROJECT / NOTEBOOKS).glob(f"*{_SUFFIX}"))
    return {path.stem: kind for path in paths if (kind := _kind(path)) is not None}


def _alone(kind: ReportKind, known: Mapping[str, ReportKind]) -> ReportKind:
    """Return the kind, once it is sure that no other one writes into its folders. Raises SameFolderError."""
    for other in known.values():
        if other.name != kind.name and other.folder.casefold() == kind.folder.casefold():
            raise SameFolderError(kind, other)
    return kind


def _kind(path: Path) -> ReportKind | None:
    """Return the kind that a notebook of the project says it is, None where it says nothing."""
    saved = notebook_source(path)
    source = json.loads(saved)
    if (told := _told(path, source)) is None:
        return None
    _check(path, told)
    return _described((path, f"{NOTEBOOKS}/{path.name}"), saved, source, told)


def _told(path: Path, notebook: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what a notebook says of its reports; None where it says nothing. Raises MalformedKindError."""
    about = notebook["metadata"].get("giamngheo", {})
    told = about.get("report") if isinstance(about, dict) else None
    if not isinstance(told, dict | None):
        raise MalformedKindError(path, "report không phải là một bảng")
    return told


def _described(place: tuple[Path, str], saved: bytes, source: Mapping[str, Any], told: Mapping[str, Any]) -> ReportKind:
    """Return the kind that a notebook is. place: where it lies, and its name in recipes; source: what `saved` holds.

    Raises FolderOfPeriodError, ParameterCellError.
    """
    notebook, name = place
    if _begins_as_period(told["folder"].removeprefix("{period}-")):
        raise FolderOfPeriodError(name, told["folder"])
    return ReportKind(
        notebook=notebook,
        name=name,
        title=told["title"],
        folder=told["folder"],
        periods=tuple(told["periods"]),
        inputs=tuple(
            Input(tuple(entry["files"]), entry.get("parameter", ""), entry["needed"], entry.get("audience", ""))
            for entry in told["inputs"]
        ),
        parameters=_parameters(notebook, source),
        sha256=hashlib.sha256(saved).hexdigest(),
    )


def _begins_as_period(suffix: str) -> bool:
    """Return whether what stands behind a year in the name of a folder makes it one of a period within the year.

    Windows and macOS take 2023-q3 for 2023-Q3; Windows "2023-08." for 2023-08.
    """
    try:
        period = Period.parse(f"2023-{suffix.partition('-')[0].rstrip(' .').upper()}")
    except MalformedPeriodError:
        return False
    return period.kind != "year"


def _check(path: Path, told: Any) -> None:
    if error := fault(told, __package__, _SCHEMA):
        raise MalformedKindError(path, f"{' / '.join(map(str, error.absolute_path))} {shown(error.message)}".strip())


def _check_notebook(path: Path, notebook: Mapping[str, Any]) -> None:
    """Raise NoNotebookError for cells and metadata that no notebook has; those of the project are held by a test."""
    with without_format_checkers():
        import nbformat
    try:
        nbformat.validate(nbformat.from_dict(notebook))
    except nbformat.ValidationError as error:
        raise NoNotebookError(path) from error


def _modules(folder: Path, notebook: Mapping[str, Any]) -> tuple[Path, ...]:
    """Return the modules in a folder that a notebook imports, and those that these import. Raises UnreadableError."""
    found: dict[Path, None] = {}
    code = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    while code:
        paths = [folder / f"{name}.py" for name in sorted(_imported(code.pop()))]
        fresh = [path for path in paths if path not in found and path.is_file()]
        found |= dict.fromkeys(fresh)
        code += [content(path).decode("utf-8", errors="replace") for path in fresh]
    return tuple(found)


def _imported(source: str) -> Iterator[str]:
    """Yield the first name of each module that code imports, from wherever in it."""
    for node in ast.walk(_parsed(source) or ast.Module([], [])):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _parsed(source: str) -> ast.Module | None:
    """Return the code of a cell, without its magic where it is no Python with it; None where it has faults."""
    plain = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))
    for text in (source, plain):
        with suppress(SyntaxError, ValueError, RecursionError, MemoryError):  # the last of signs without end
            return ast.parse(text)
    return None


def _parameters(path: Path, notebook: Mapping[str, Any]) -> frozenset[str]:
    """Return names that the cell with the tag `parameters` gives values to.

    Raises ParameterCellError where another unit or period would stay what the notebook says.
    """
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    tagged = next((cell["source"] for cell in cells if _is_of_parameters(cell)), "")
    if (code := _parsed(tagged)) is None:
        raise ParameterCellError(path)
    known = frozenset(_assigned(code))
    stored = {node.id for node in ast.walk(code) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for cell in cells:
        stored |= {*_assigned(_parsed(cell["source"]) or ast.Module([], []), ast.Constant)}
    if left := sorted(stored & _OF_REPORT - known):
        raise ParameterCellError(path, left[0])
    return known


def _is_of_parameters(cell: Mapping[str, Any]) -> bool:
    tags = cell["metadata"].get("tags")
    return isinstance(tags, list) and "parameters" in tags


def _assigned(code: ast.Module, kind: type[ast.expr] = ast.expr) -> Iterator[str]:
    """Yield names that get values of a kind, not below an `if` or the like."""
    for statement in code.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else ()
        targets = [statement.target] if isinstance(statement, ast.AnnAssign) else targets
        if isinstance(getattr(statement, "value", None), kind):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
