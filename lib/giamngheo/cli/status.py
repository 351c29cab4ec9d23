"""giamngheo status: what the reports of a period still lack."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from giamngheo.cli.terminal import explained, progress, tell_beside
from giamngheo.core.errors import WrongUseError, shown
from giamngheo.core.paths import located, output_folder, units
from giamngheo.core.period import Period
from giamngheo.run.kinds import kind_named
from giamngheo.run.latest import LATEST
from giamngheo.run.status import Made, Status, newest_month, status

REPORT: Mapping[Made, str] = {
    "none": "chưa lập",
    "current": "mới",
    "outdated": "cũ: sổ tính đã sửa",
    "older-program": "cũ: chương trình đã khác",
    "damaged": "hỏng",
    "interrupted": "bị ngắt khi thay tệp: giamngheo report hoặc site đặt lại",
    "other": "của báo cáo khác",
}
"""What the state of a report is called."""


class SeveralPeriodsError(WrongUseError):
    """More than one period is named."""

    def __init__(self, periods: Sequence[str]) -> None:
        super().__init__(f"Chỉ ghi một kỳ (đang ghi {', '.join(periods)}), ví dụ: giamngheo status 2023-08.")


@click.command("status", short_help="Kỳ này còn thiếu gì, ở đơn vị nào.")
@click.argument("words", nargs=-1, metavar="[UNITS...] [PERIOD]")
@click.option("--data", default="data", show_default=True, help="Thư mục chứa sổ tính của các đơn vị.")
@click.option("--out", default="outputs", show_default=True, help="Thư mục chứa báo cáo.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Cách in."
)
def command(*, words: tuple[str, ...], data: str, out: str, form: str) -> None:
    """Cho biết báo cáo tháng của từng đơn vị UNITS, kỳ PERIOD còn thiếu gì; không ghi gì.

    Riêng tệp mà một lần chạy bị ngắt để dở lúc thay báo cáo thì được đặt lại cho trọn.

    Không ghi UNITS: mọi đơn vị có sổ tính. Không ghi PERIOD (hoặc latest): tháng mới nhất mà một trong các đơn vị có
    số liệu. Mã thoát 0 khi đơn vị nào cũng đủ số liệu, không có lỗi và báo cáo đã lập từ chính số liệu ấy; nếu không
    thì 1. Cảnh báo không đổi mã thoát.
    """
    with explained():
        folder, outputs, kind = located(data), output_folder(Path(out)), kind_named()
        asked, period, unread = _asked(words, folder)
        workbooks = (folder / unit / f"{period.year}.xlsx" for unit in asked)
        tell_beside(path for path in workbooks if os.path.isfile(path))  # noqa: PTH113 - as in recipe.placed
        found = []
        with progress("Đang xem", len(asked)) as bar:
            for unit in asked:
                found.append(status(unit, period, kind, data=folder, out=outputs))
                bar.update()
        for unit in (entry.unit for entry in found if entry.unit in unread and not entry.reason):
            click.echo(f"Lưu ý: {shown(unit)} có thể có số liệu mới hơn. {unread[unit]}", err=True)
        click.echo(_json(found) if form == "json" else "\n".join(_lines(found, period)))
    sys.exit(0 if all(entry.is_ready for entry in found) else 1)


def _asked(words: Sequence[str], data: Path) -> tuple[list[str], Period, Mapping[str, str]]:
    """Return the units and the period that are asked for, and why some units may have a newer one.

    Raises SeveralPeriodsError and what newest_month raises.
    """
    times = [word for word in words if word == LATEST or word[:1].isdigit()]
    named = list(dict.fromkeys(word for word in words if word not in times)) or units(data)
    if len(times) > 1:
        raise SeveralPeriodsError(times)
    if times in ([], [LATEST]):
        return named, *newest_month(data, named)
    return named, Period.parse(times[0]), {}


def _lines(found: Sequence[Status], period: Period) -> Iterator[str]:
    """Yield a line a unit in columns, what it lacks below it, and a line that counts."""
    rows: list[tuple[str, ...]] = [("Đơn vị", "Còn thiếu", "Lỗi", "Cảnh báo", "Báo cáo")]
    rows += [tuple(_row(entry)) for entry in found]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    yield f"Kỳ {period}"
    for number, (unit, *counts, report) in enumerate(rows):
        numbers = (text.rjust(width) for text, width in zip(counts, widths[1:-1], strict=True))
        yield "  ".join([unit.ljust(widths[0]), *numbers, report])
        if number and (entry := found[number - 1]):
            yield from (f"    {'thiếu' if lack.is_needed else 'chưa có'} {lack.words}" for lack in entry.lacks)
            yield from [f"    {entry.reason}"] * bool(entry.reason)
    yield _summary(found)


def _row(entry: Status) -> Iterator[str]:
    yield shown(entry.unit)
    yield str(sum(lack.is_needed for lack in entry.lacks))
    yield from ("–" if count is None else str(count) for count in (entry.errors, entry.warnings))
    yield REPORT[entry.report]


def _summary(found: Sequence[Status]) -> str:
    ready, made = sum(entry.is_ready for entry in found), Counter(entry.report for entry in found)
    lacking = sum(any(lack.is_needed for lack in entry.lacks) for entry in found)
    wrong = sum(bool(entry.errors) for entry in found)
    again = len(found) - made["current"] - made["none"]
    return (
        f"{len(found)} đơn vị: {ready} xong, {lacking} thiếu số liệu, {wrong} có lỗi;"
        f" báo cáo: {made['current']} mới, {made['none']} chưa lập, {again} cần lập lại."
    )


def _json(found: Sequence[Status]) -> str:
    entries = [
        {
            "unit": entry.unit,
            "period": str(entry.period),
            "lacks": {lack.code: lack.words for lack in entry.lacks},
            "errors": entry.errors,
            "warnings": entry.warnings,
            "report": entry.report,
            "reason": entry.reason,
            "ready": entry.is_ready,
        }
        for entry in found
    ]
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(entries, ensure_ascii=not is_unicode, indent=1)
