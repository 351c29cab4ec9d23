"""giamngheo validate: what is wrong in the workbooks of a unit."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import click

from giamngheo.cli.terminal import explained, owner_told, tell_beside
from giamngheo.core.errors import GiamngheoError, WrongUseError
from giamngheo.core.finding import SEVERITIES, Finding, of_severity
from giamngheo.core.message import Lang, Message, message
from giamngheo.core.paths import located, units
from giamngheo.core.period import Period
from giamngheo.run.judgement import Judgement, judgements, judgements_of
from giamngheo.run.latest import LATEST, latest_month
from giamngheo.workbook.schema import table
from giamngheo.workbook.write.annotate import annotate
from giamngheo.workbook.write.explain import write_contradictions
from giamngheo.workbook.write.fill import remarks


class SeveralWorkbooksError(WrongUseError):
    """One copy cannot show the findings of several workbooks."""

    def __init__(self, paths: Sequence[Path]) -> None:
        names = ", ".join(path.name for path in paths)
        super().__init__(f"--annotate chỉ dùng cho một sổ, đơn vị có {names}; ghi thêm kỳ, ví dụ 2023-08.")


class UnnamedUnitError(WrongUseError):
    """Neither a unit nor all of them are asked for, or more than a unit and a period."""

    def __init__(self) -> None:
        super().__init__("Cần tên đơn vị và, nếu muốn, kỳ: giamngheo validate tu-mo-rong 2023-08; hoặc --all và kỳ.")


@click.command("validate", short_help="Kiểm tra sổ tính của một đơn vị.")
@click.argument("words", nargs=-1, metavar="[UNIT] [PERIOD]")
@click.option("--all", "every", is_flag=True, help="Mọi đơn vị có sổ tính.")
@click.option("--data", default="data", show_default=True, help="Thư mục chứa sổ tính của các đơn vị.")
@click.option("--annotate", "copy", type=click.Path(path_type=Path), help="Ghi bản sao có tô màu, chú thích từng ô.")
@click.option("--explain", is_flag=True, help="Ghi vào trang Giải trình dòng của từng mâu thuẫn chưa giải trình.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Cách in."
)
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Ngôn ngữ.")
def command(*, words: tuple[str, ...], data: str, copy: Path | None, form: str, lang: str, **how: bool) -> None:
    """Kiểm tra sổ tính của đơn vị UNIT, mọi chỗ sai cùng một lúc.

    Có PERIOD (2023-08, latest): xét như khi lập báo cáo kỳ đó; không có: xét mọi sổ của đơn vị.
    Mã thoát 1 khi có lỗi; cảnh báo, lưu ý và mâu thuẫn đã giải trình ở trang Giải trình thì không ngăn báo cáo.
    """
    with explained():
        folder, spoken = located(data), cast("Lang", lang)
        judged: dict[Path, Judgement] = {}
        stopped: dict[str, int] = {}
        for unit, period in _asked(words, how["every"], folder):
            try:
                judged |= _judged(folder, unit, period)
            except GiamngheoError as error:
                stopped[str(error)] = error.exit_status
        if copy is not None and len(judged) > 1:
            raise SeveralWorkbooksError(list(judged))
        found = {path: entry.findings for path, entry in judged.items()}
        if found or form == "json":
            click.echo(_json(found, spoken) if form == "json" else "\n".join(_lines(judged, spoken)))
        tell_beside(found)
        for path, entries in found.items():
            if copy is not None:
                click.echo(_copied(path, entries, copy, spoken).said(spoken), err=True)
        for path, entries in found.items() if how["explain"] else ():
            for said in _to_explain(path, entries):
                click.echo(said, err=True)
    for said in stopped:
        click.echo(said, err=True)
    wrong = any(of_severity(entries, "error") for entries in found.values())
    sys.exit(max(int(wrong), *stopped.values(), 0))


def _asked(words: Sequence[str], every: bool, data: Path) -> Iterator[tuple[str, str | None]]:
    """Yield units with the period that is asked for, None for all that they have. Raises UnnamedUnitError."""
    if every and len(words) <= 1:
        yield from ((unit, next(iter(words), None)) for unit in units(data))
    elif not every and 1 <= len(words) <= 2:
        yield words[0], words[1] if words[1:] else None
    else:
        raise UnnamedUnitError


def _copied(path: Path, found: Sequence[Finding], copy: Path, lang: Lang) -> Message:
    """Write the annotated copy where the workbook can be read; return what is said of it."""
    if any(finding.code == "unreadable-file" for finding in found):
        return message("No annotated copy: the workbook cannot be read.")
    annotate(path, found, copy, lang)
    return message("Annotated copy: {file}", file=str(copy))


def _to_explain(path: Path, found: Sequence[Finding]) -> Iterator[str]:
    """Write the contradictions that nobody explained into the workbook; yield what is said of it."""
    with owner_told(path):
        done = write_contradictions(path, found)
    if not done:
        yield f"{path}: không có mâu thuẫn nào chờ giải trình."
    for filled in done:
        yield (
            f"{path}, trang {table(filled.table).sheet!r}: ghi {filled.added} dòng chờ giải trình; ghi tiếp lý do, "
            "người quyết định, ngày quyết định rồi lưu sổ. Sổ cũ được giữ bên cạnh (.bak)."
            if filled.added
            else f"{path}, trang {table(filled.table).sheet!r}: các dòng chờ giải trình đã có sẵn."
        )
    yield from remarks(done)


def _judged(data: Path, unit: str, asked: str | None) -> Mapping[Path, Judgement]:
    """Return the judgements of the workbooks of a unit, or of those of a period. Raises GiamngheoError."""
    if asked is None:
        return judgements(data, unit)
    return judgements_of(data, unit, latest_month(data, unit) if asked == LATEST else Period.parse(asked))


def _json(found: Mapping[Path, Sequence[Finding]], lang: Lang) -> str:
    entries = [_entry(path, finding, lang) for path, entries in found.items() for finding in entries]
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(entries, ensure_ascii=not is_unicode, indent=1)


def _entry(path: Path, finding: Finding, lang: Lang) -> dict[str, str]:
    why = finding.explanation
    explained = {} if why is None else {"explanation": why.text, "by": why.decided_by, "on": why.decided_on.isoformat()}
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": str(path),
        "sheet": finding.sheet,
        "cell": finding.cell,
        "found": finding.found.said(lang),
        "expected": finding.expected.said(lang),
        "ground": "" if finding.ground is None else finding.ground.said(lang),
        **explained,
    }


def _lines(judged: Mapping[Path, Judgement], lang: Lang) -> Iterator[str]:
    for path, judgement in judged.items():
        counts = {name: len(of_severity(judgement.findings, name)) for name in SEVERITIES}
        words = message("{file}: errors {error}, warnings {warning}, notices {info}", file=str(path), **counts)
        if counts["explained"]:
            words = message("{counts}; explained contradictions {explained}", counts=words, **counts)
        yield words.said(lang)
        for finding in judgement.findings:
            yield ""
            yield from _told(finding, lang)
        if counts["error"]:
            yield ""
            yield message("No report can be made until the errors are put right.").said(lang)
        if judgement.broken:
            sheets = ", ".join(judgement.broken)
            yield message(
                "Sheets with unreadable cells are not judged yet: {sheets}. Mend and run again.", sheets=sheets
            ).said(lang)


def _told(finding: Finding, lang: Lang) -> Iterator[str]:
    severity = SEVERITIES[finding.severity].said(lang).upper()
    yield f"{severity} [{finding.code}] {finding.place.said(lang)}"
    parts = {message("Found"): finding.found, message("Expected"): finding.expected, message("Ground"): finding.ground}
    if finding.explanation:
        parts[message("Explanation")] = finding.explanation.said
    for label, words in parts.items():
        if words is not None:
            yield f"  {label.said(lang)}: {words.said(lang)}"
