"""giamngheo batch: many reports at once."""

import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from giamngheo.cli.report import ordered, report_options, warned
from giamngheo.cli.terminal import STOPPED, explained, progress, scheduler_options, tell_beside
from giamngheo.core.errors import GiamngheoError, WrongUseError, shown
from giamngheo.core.isolation import INTERRUPTED
from giamngheo.core.paths import UnitNameError, UnknownUnitError, located, units
from giamngheo.core.scratch import temporary_files
from giamngheo.run.batch import Outcome, failed, outcomes
from giamngheo.run.execution.cluster import Scheduler
from giamngheo.run.kinds import ReportKind
from giamngheo.run.latest import LATEST
from giamngheo.run.periods import periods
from giamngheo.run.provenance.manifest import NoManifestError, warnings_of
from giamngheo.run.provenance.recipe import Order


class IncompleteBatchError(WrongUseError):
    """No unit or no period is named."""

    def __init__(self) -> None:
        super().__init__("Cần tên đơn vị (hoặc --all) và kỳ, ví dụ: giamngheo batch --all 2023-01..2023-12.")


@click.command("batch", short_help="Lập nhiều báo cáo cùng lúc.")
@click.argument("words", nargs=-1, metavar="[UNITS...] PERIODS...")
@click.option("--all", "every", is_flag=True, help="Mọi đơn vị có sổ tính.")
@scheduler_options
@report_options
def command(
    *,
    words: tuple[str, ...],
    every: bool,
    scheduler: Scheduler | None,
    kind: ReportKind,
    force: bool,
    **options: Any,
) -> None:
    """Lập nhiều báo cáo cùng lúc: mọi đơn vị UNITS, mọi kỳ PERIODS (2023-08, 2023-01..2023-12, latest).

    Báo cáo không có gì thay đổi thì giữ nguyên. Đơn vị hỏng không ngăn đơn vị khác; mã thoát 1 khi có báo cáo hỏng.
    """
    start = time.perf_counter()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service or a machine that is shut down stops as well
    asked: list[Order | Outcome] = []
    seen: list[Outcome] = []
    with explained(), temporary_files():
        status = INTERRUPTED
        try:
            asked += _asked(words, every, kind, options)
            tell_beside(sorted(_workbooks(asked)))
            for outcome in _with_progress(asked, force, scheduler):
                seen.append(outcome)
            status = int(any(outcome.state == "failed" for outcome in seen))
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            click.echo(STOPPED, err=True)
        warnings = _warnings(asked, seen)
        click.echo(warned(warnings, kind, "--all KỲ" if every else "ĐƠN-VỊ KỲ", options["data"]))
        click.echo(_summary(seen, len(asked), warnings, time.perf_counter() - start))
    sys.exit(status)


def _asked(words: Sequence[str], every: bool, kind: ReportKind, options: dict[str, Any]) -> Iterator[Order | Outcome]:
    """Yield the orders, unit by unit; an outcome instead where a unit's newest period cannot be known."""
    names = [word for word in words if not _is_period(word)]
    times = [word for word in words if _is_period(word)]
    names += units(located(options["data"])) if every else []
    if not names or not times:
        raise IncompleteBatchError
    wanted = [str(period) for word in times if word != LATEST for period in periods(word)]
    wanted += [LATEST] if LATEST in times else []
    for unit in dict.fromkeys(names):
        for period in dict.fromkeys(wanted):
            try:
                yield ordered(unit, period, kind, **options)
            except GiamngheoError as error:
                if isinstance(error, WrongUseError) and not isinstance(error, UnknownUnitError | UnitNameError):
                    raise
                yield failed(f"{shown(unit)} {period}", error)


def _workbooks(asked: Sequence[Order | Outcome]) -> set[Path]:
    """Return the workbooks that reports are made from."""
    sources = (path for order in asked if isinstance(order, Order) for path in order.sources.values())
    return {path for path in sources if path.suffix == ".xlsx" and path.is_file()}


def _is_period(word: str) -> bool:
    return word == LATEST or word[:1].isdigit()


def _with_progress(asked: Sequence[Order | Outcome], force: bool, scheduler: Scheduler | None) -> Iterator[Outcome]:
    """Yield outcomes as they come, under one progress bar; those that failed are told above it."""
    known = [entry for entry in asked if isinstance(entry, Outcome)]
    orders = [entry for entry in asked if isinstance(entry, Order)]
    with progress("Đang lập báo cáo", len(asked)) as bar:
        for source in (known, outcomes(orders, force=force, scheduler=scheduler)):
            for outcome in source:
                if outcome.state == "failed":
                    bar.write(f"{outcome.name}: {outcome.reason}", file=sys.stderr)
                yield outcome
                bar.update()


def _warnings(asked: Sequence[Order | Outcome], seen: Sequence[Outcome]) -> int:
    """Return how many warnings the reports have that are there now."""
    made = {outcome.name for outcome in seen if outcome.state != "failed"}
    total = 0
    for order in asked:
        if isinstance(order, Order) and str(order) in made:
            with suppress(NoManifestError):  # somebody took it away meanwhile
                total += warnings_of(order.folder)
    return total


def _summary(seen: Sequence[Outcome], total: int, warnings: int, seconds: float) -> str:
    counts = Counter(outcome.state for outcome in seen)
    cells = {
        "Đã lập": str(counts["made"]),
        "Không đổi": str(counts["unchanged"]),
        "Hỏng": str(counts["failed"]),
        "Chưa làm": str(total - len(seen)),
        "Cảnh báo": str(warnings),
        "Giây": f"{seconds:.1f}",
    }
    widths = [max(len(name), len(value)) for name, value in cells.items()]
    lines = (
        "  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True))
        for row in zip(*cells.items(), strict=True)
    )
    return "\n".join(lines)
