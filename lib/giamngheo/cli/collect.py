"""giamngheo collect: what communes send back, put into the workbook of their district; curves of all, into a file."""

import re
import sys
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

import click
import pandas as pd

from giamngheo.checks.consistency import still_explained
from giamngheo.cli.terminal import explained, owner_told, tell_beside, tell_opened
from giamngheo.core.errors import GiamngheoError, WrongUseError
from giamngheo.core.finding import SEVERITIES, Finding, InvalidWorkbookError, of_severity, without_floods
from giamngheo.core.foreign import content
from giamngheo.core.message import first_of
from giamngheo.core.paths import HISTORY
from giamngheo.report.book import curve_of
from giamngheo.report.facts import book_of
from giamngheo.workbook.collect import collected, explanations, is_of_untouched_row, is_untouched
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.history import FORMULA, LARGEST, history, joined, replaced
from giamngheo.workbook.read.package import LARGEST_FILE
from giamngheo.workbook.read.workbook import read_workbook, reading
from giamngheo.workbook.schema import commune_tables, table
from giamngheo.workbook.write.fill import fill_workbook, remarks
from giamngheo.workbook.write.placing import Filled
from giamngheo.workbook.write.save import free_backup, put

_TABLES = [
    *(replace(entry, optional=entry.optional or entry.is_of_money) for entry in commune_tables()),
    table("explanations"),
]
"""What is read of a commune's file; one made before money was sent this way has no sheets for it."""


class NoYearError(WrongUseError):
    """The name of the workbook does not say its year."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"Tên sổ {path} không phải một năm; ghi ví dụ data/tu-mo-rong/2023.xlsx.")


class NothingCollectedError(GiamngheoError):
    """Errors in what came keep all of it out of the workbook."""

    def __init__(self, count: int) -> None:
        super().__init__(f"Chưa ghi gì vào sổ: {count} lỗi phải sửa trước.")


class TwiceGivenError(WrongUseError):
    """Two workbooks are of one unit and year."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"Nhiều tệp của cùng đơn vị, cùng năm: {', '.join(names)}; chỉ đưa một tệp cho mỗi năm.")


class FormulaNameError(WrongUseError):
    """Folders of units have names that are formulas in a CSV file."""

    def __init__(self, names: Sequence[str]) -> None:
        words = f"thư mục đơn vị {', '.join(map(repr, names))} có tên mà Excel hiểu là công thức"
        super().__init__(f"{words}; đổi tên, không bắt đầu bằng {' '.join(FORMULA)}.")


class OtherCurvesError(GiamngheoError):
    """The file of earlier curves has others of the units and years that are to be put into it."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        super().__init__(
            f"{path} đã có số khác của: {', '.join(names)}. Chưa ghi gì; thêm --replace để lấy số của sổ tính."
        )


@click.command("collect", short_help="Ghép số liệu xã gửi về vào sổ của cấp trên.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--into", required=True, type=click.Path(path_type=Path), help="Sổ của cấp trên, ví dụ data/x/2023.xlsx.")
@click.option("--replace", is_flag=True, help="Ghi đè số liệu của xã đã có trong sổ.")
def command(files: Sequence[Path], into: Path, replace: bool) -> None:
    """Ghép các tệp FILES của xã vào sổ của cấp trên.

    In ra xã nào thiếu, xã nào gửi hai lần, số liệu nào mâu thuẫn. Còn lỗi thì không ghi gì; số đã có trong sổ chỉ bị
    ghi đè khi có --replace; sổ cũ được giữ bên cạnh.

    Ghép vào data/disbursement_history.csv thì FILES là sổ tính của các đơn vị, các năm (data/*/2023.xlsx): lũy kế giải
    ngân theo tháng của từng đơn vị, để báo cáo tháng của mọi đơn vị dự báo đến cuối năm.
    """
    with explained():
        tell_opened(files)
        if into.name == HISTORY:
            _put_curves(files, into, again=replace)
            return
        year = year_of(into)
        tell_beside([into] if into.is_file() else [])
        seen = content_of(into)
        workbook = read_workbook(into, into.parent.name, year)
        submissions, problems = _submissions(files, workbook)
        found = collected(workbook, submissions, is_replaced=replace)
        _report([*problems, *found.findings])
        click.echo(f"Chưa có số liệu của: {', '.join(found.missing)}." if found.missing else "Đã đủ các xã.")
        if errors := of_severity([*problems, *found.findings], "error"):
            raise NothingCollectedError(len(errors))
        with owner_told(into):
            done = fill_workbook(into, found.frames, seen=seen)
            done += _explained(into, year, explanations(workbook, submissions))
        for filled in done:
            if filled.added or filled.replaced or filled.table in found.frames:
                click.echo(f"{table(filled.table).sheet}: thêm {filled.added} dòng, cập nhật {filled.replaced} dòng.")
        for remark in remarks(done):
            click.echo(remark)
    sys.exit(int(any(of_severity(found.findings, "warning"))))


def _put_curves(files: Sequence[Path], into: Path, *, again: bool) -> None:
    """Write the curves of workbooks into the file of earlier curves; those of other units and years stay.

    again: write over those that differ.
    """
    given = Counter((path.absolute().parent.name, year_of(path)) for path in files)
    if twice := [f"{unit} {year}" for (unit, year), times in given.items() if times > 1]:
        raise TwiceGivenError(twice)
    if odd := sorted({unit for unit, _ in given if unit.startswith(FORMULA)}):
        raise FormulaNameError(odd)
    found: list[pd.DataFrame] = []
    problems: list[Finding] = []
    for path, (unit, year) in zip(files, given, strict=True):
        try:
            found.append(curve_of(book_of(read_workbook(path, unit, year))).dropna())
        except InvalidWorkbookError as error:
            problems += error.findings
    if problems:
        _report(problems)
        raise NothingCollectedError(len(problems))
    saved = content(into, LARGEST) if into.is_file() else None
    kept = history(into.parent)
    table, different = replaced(kept, joined(*found))
    if different and not again:
        raise OtherCurvesError(into, different)
    if not table.equals(kept):
        written = table.to_csv(index=False, lineterminator="\n").encode()
        before = {} if saved is None else {free_backup(into): partial(_write, saved)}
        with owner_told(into):
            put(before | {into: partial(_write, written)}, like=into, was={into: saved} | dict.fromkeys(before))
    curves = table.drop_duplicates(["unit", "fund_year"])
    click.echo(f"{into}: {len(curves)} đường giải ngân của {curves['unit'].nunique()} đơn vị.")


def _write(written: bytes, file: IO[bytes]) -> None:
    file.write(written)


def content_of(workbook: Path) -> bytes:
    """Return what a workbook holds before it is read; nothing where there is none, of which its reader says more."""
    return content(workbook, LARGEST_FILE) if workbook.is_file() else b""


def year_of(path: Path) -> int:
    """Return the year of a workbook by its name. Raises NoYearError."""
    if not re.fullmatch("[1-9][0-9]{3}", path.stem):
        raise NoYearError(path)
    return int(path.stem)


def _submissions(files: Sequence[Path], workbook: Dataset) -> tuple[list[Dataset], list[Finding]]:
    """Return what could be read of the files, and what is wrong in them; a file left blank is as good as none."""
    datasets: list[Dataset] = []
    problems: list[Finding] = []
    alike = Counter(path.name for path in files)
    for path in files:
        name = path.name if alike[path.name] == 1 else f"{path.absolute().parent.name}/{path.name}"
        try:
            found = reading(path, path.stem, workbook.year, _TABLES, law=workbook.catalogue)
        except InvalidWorkbookError as error:
            problems += (replace(finding, file=name) for finding in error.findings)
            continue
        told = [finding for finding in found.findings if not is_of_untouched_row(found.dataset, finding)]
        if told or not is_untouched(found.dataset):
            datasets.append(replace(found.dataset, file=name))
            problems += (replace(finding, file=name) for finding in told)
    return datasets, problems


def _explained(into: Path, year: int, sent: pd.DataFrame) -> tuple[Filled, ...]:
    """Write what communes explained of contradictions that came with their figures; say how much did not."""
    rows = still_explained(reading(into, into.parent.name, year).dataset, sent)
    if left := len(sent) - len(rows):
        click.echo(f"{left} giải trình của xã không ghi vào sổ: sổ không có mâu thuẫn ấy, hoặc đã có giải trình.")
    return fill_workbook(into, {"explanations": rows}) if len(rows) else ()


def _report(findings: Sequence[Finding]) -> None:
    """Say what there is to say, once of all files of which the same is to be said."""
    for severity, name in SEVERITIES.items():
        alike: dict[Hashable, list[Finding]] = {}
        for finding in of_severity(findings, severity):
            alike.setdefault((finding.code, finding.sheet, finding.found, finding.expected), []).append(finding)
        files = {key: list(dict.fromkeys(one.file for one in group)) for key, group in alike.items()}
        for finding in without_floods(one for key, group in alike.items() if not files[key][1:] for one in group):
            click.echo(f"{str(name).upper()} [{finding.code}] {finding}")
        for first, others in ((alike[key][0], others) for key, (_, *others) in files.items() if others):
            told = f"Cũng vậy ở {len(others)} tệp khác: {first_of(others)}."
            click.echo(f"{str(name).upper()} [{first.code}] {first} {told}")
