"""giamngheo validate: what is wrong in the workbooks of a unit."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import click

from giamngheo.checks.consistency import findings
from giamngheo.cli.explain import explained
from giamngheo.errors import WrongUseError
from giamngheo.intake.annotate import annotate
from giamngheo.intake.finding import SEVERITIES, Finding, InvalidWorkbookError, of_severity
from giamngheo.intake.locate import located, workbook_path, workbook_paths
from giamngheo.intake.message import Lang, Message, message
from giamngheo.intake.period import Period
from giamngheo.intake.reader import reading
from giamngheo.intake.schema import tables


class SeveralWorkbooksError(WrongUseError):
    """One copy cannot show the findings of several workbooks."""

    def __init__(self, paths: Sequence[Path]) -> None:
        names = ", ".join(path.name for path in paths)
        super().__init__(f"--annotate chỉ dùng cho một sổ, đơn vị có {names}; ghi thêm kỳ, ví dụ 2023-08.")


@click.command("validate", short_help="Kiểm tra sổ tính của một đơn vị.")
@click.argument("unit")
@click.argument("period", required=False)
@click.option("--data", default="data", show_default=True, help="Thư mục chứa sổ tính của các đơn vị.")
@click.option("--annotate", "copy", type=click.Path(path_type=Path), help="Ghi bản sao có tô màu, chú thích từng ô.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Cách in."
)
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Ngôn ngữ.")
def command(unit: str, period: str | None, data: str, copy: Path | None, form: str, lang: str) -> None:
    """Kiểm tra sổ tính của đơn vị UNIT, mọi chỗ sai cùng một lúc.

    Có PERIOD (ví dụ 2023-08): xét số liệu đến kỳ đó như khi lập báo cáo; không có: xét mọi sổ của đơn vị.
    Mã thoát 1 khi có lỗi; cảnh báo và lưu ý không ngăn lập báo cáo.
    """
    with explained():
        asked = None if period is None else Period.parse(period)
        folder = located(data)
        paths = workbook_paths(folder, unit) if asked is None else [workbook_path(folder, unit, asked)]
        if copy is not None and len(paths) > 1:
            raise SeveralWorkbooksError(paths)
        judged = {path: _judged(path, unit, asked) for path in paths}
        found = {path: entries for path, (entries, _) in judged.items()}
        spoken = cast("Lang", lang)
        click.echo(_json(found, spoken) if form == "json" else "\n".join(_lines(judged, spoken)))
        if copy is not None:
            click.echo(_copied(paths[0], found[paths[0]], copy, spoken).said(spoken), err=True)
    sys.exit(int(any(of_severity(entries, "error") for entries in found.values())))


def _copied(path: Path, found: Sequence[Finding], copy: Path, lang: Lang) -> Message:
    """Writes the annotated copy where the workbook can be read, and says so."""
    if any(finding.code == "unreadable-file" for finding in found):
        return message("No annotated copy: the workbook cannot be read.")
    annotate(path, found, copy, lang)
    return message("Annotated copy: {file}", file=str(copy))


Judged = tuple[Sequence[Finding], Sequence[str]]
"""The findings of a workbook, and its sheets that could not be judged by the rules, as they could not be read whole."""


def _judged(path: Path, unit: str, period: Period | None) -> Judged:
    try:
        found = reading(path, unit, int(path.stem))
    except InvalidWorkbookError as error:
        return error.findings, ()
    broken = [entry.sheet for entry in tables() if entry.name in found.broken]
    return findings(found.dataset, period, broken=found.broken), broken


def _json(found: Mapping[Path, Sequence[Finding]], lang: Lang) -> str:
    entries = [_entry(path, finding, lang) for path, entries in found.items() for finding in entries]
    return json.dumps(entries, ensure_ascii=False, indent=1)


def _entry(path: Path, finding: Finding, lang: Lang) -> dict[str, str]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": str(path),
        "sheet": finding.sheet,
        "cell": finding.cell,
        "found": finding.found.said(lang),
        "expected": finding.expected.said(lang),
        "ground": "" if finding.ground is None else finding.ground.said(lang),
    }


def _lines(judged: Mapping[Path, Judged], lang: Lang) -> Iterator[str]:
    for path, (entries, broken) in judged.items():
        counts = {name: len(of_severity(entries, name)) for name in SEVERITIES}
        yield message("{file}: errors {error}, warnings {warning}, notices {info}", file=str(path), **counts).said(lang)
        for finding in entries:
            yield ""
            yield from _told(finding, lang)
        if counts["error"]:
            yield ""
            yield message("No report can be made until the errors are put right.").said(lang)
        if broken:
            sheets = ", ".join(broken)
            yield message(
                "Sheets with unreadable cells are not judged yet: {sheets}. Mend and run again.", sheets=sheets
            ).said(lang)


def _told(finding: Finding, lang: Lang) -> Iterator[str]:
    severity = SEVERITIES[finding.severity].said(lang).upper()
    yield f"{severity} [{finding.code}] {finding.place.said(lang)}"
    parts = {message("Found"): finding.found, message("Expected"): finding.expected, message("Ground"): finding.ground}
    for label, words in parts.items():
        if words is not None:
            yield f"  {label.said(lang)}: {words.said(lang)}"
