"""giamngheo report: one report of one unit."""

import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial, wraps
from pathlib import Path
from typing import Any

import click

from giamngheo.cli.terminal import explained, tell_beside
from giamngheo.core.errors import WrongUseError
from giamngheo.core.message import quoted
from giamngheo.core.paths import MANIFEST, located, output_folder
from giamngheo.core.period import Period
from giamngheo.core.scratch import ended_in_order, temporary_files
from giamngheo.run.execution.execute import executed_apart
from giamngheo.run.kinds import DEFAULT, NOTEBOOKS, ReportKind, kind_named, kind_of
from giamngheo.run.latest import LATEST, latest_period
from giamngheo.run.provenance.manifest import warnings_of
from giamngheo.run.provenance.recipe import Order, order, recipe
from giamngheo.run.publishing.exports import FORMATS, load_exporters
from giamngheo.run.publishing.mail import archive_name, hand_over
from giamngheo.run.publishing.publish import with_those_there
from giamngheo.run.report import is_unchanged, make_report, report_paths


class MalformedParameterError(WrongUseError):
    """A parameter of the notebook is not written as name=value."""

    def __init__(self, text: str) -> None:
        super().__init__(f"Tham số {quoted(text)} không đúng; ghi tên=giá_trị, ví dụ audience=public.")


class UnknownFormatError(WrongUseError):
    """A format that no exporter makes."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"Không có định dạng {quoted(name)}; các định dạng có: {', '.join(known)}.")


class KindTwiceError(WrongUseError):
    """Both a kind and a notebook are named."""

    def __init__(self) -> None:
        super().__init__("Chỉ ghi một trong hai: --kind (loại báo cáo của dự án) hoặc --notebook (sổ tay riêng).")


DATA = "data"
"""The folder of workbooks where none is named."""

_OPTIONS = (
    click.option(
        "--kind", "kind_name", metavar="LOẠI", help=f"Loại báo cáo, ví dụ household_review.  [mặc định: {DEFAULT}]"
    ),
    click.option(
        "--notebook",
        type=click.Path(path_type=Path),
        metavar="TỆP",
        help="Sổ tay riêng, báo cáo ghi vào thư mục mang tên nó. Sổ tay là mã chạy được: chỉ dùng sổ tay tin được.",
    ),
    click.option("--data", default=DATA, show_default=True, help="Thư mục chứa sổ tính của các đơn vị."),
    click.option("--out", default="outputs", show_default=True, help="Thư mục ghi báo cáo."),
    click.option(
        "--formats",
        default=",".join(FORMATS),
        show_default=True,
        help="Các định dạng, cách nhau bằng dấu phẩy; tệp của định dạng khác đã có ở đó cũng được lập lại.",
    ),
    click.option(
        "--parameter",
        "parameters",
        multiple=True,
        metavar="TÊN=GIÁ_TRỊ",
        help="Tham số của sổ tay, ví dụ audience=public; ghi được nhiều lần.",
    ),
    click.option(
        "--timeout", type=click.IntRange(1, 1_000_000), help="Số giây một ô của sổ tay được chạy; quá thì dừng."
    ),
    click.option("--force", is_flag=True, help="Lập lại cả khi sổ tính, tham số và chương trình không đổi."),
)


def report_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say how a report is made, and which kind of it: `kind`."""

    @wraps(command)
    def chosen(*, kind_name: str | None, notebook: Path | None, **options: Any) -> None:
        with explained():
            if kind_name and notebook:
                raise KindTwiceError
            kind = kind_of(notebook) if notebook else kind_named(kind_name or DEFAULT)
        command(kind=kind, **options)

    for option in reversed(_OPTIONS):
        chosen = option(chosen)
    return chosen


@click.command("report", short_help="Lập báo cáo của một đơn vị, một kỳ.")
@click.argument("unit")
@click.argument("period")
@report_options
@click.option(
    "--zip",
    "archive",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="TỆP",
    help="Ghi thêm tệp .zip để gửi: bản PDF, Word, thư gửi kèm và trang mục lục; không có phụ lục của bản nội bộ.",
)
def command(*, unit: str, period: str, kind: ReportKind, force: bool, archive: Path | None, **options: Any) -> None:
    """Lập báo cáo của đơn vị UNIT (tên thư mục, ví dụ tu-mo-rong), kỳ PERIOD (ví dụ 2023-08).

    PERIOD là latest thì lấy tháng mới nhất có số liệu. Báo cáo được ghi vào thư mục OUT/UNIT/PERIOD (loại khác báo cáo
    tháng thì vào thư mục mang tên loại); báo cáo cũ chỉ được thay khi báo cáo mới đã xong, và không lập lại khi số
    liệu, tham số và chương trình không đổi.
    """
    with explained():
        target = archive_name(archive) if archive else None
        order = ordered(unit, period, kind, **options)
        workbook = located(options["data"]) / unit / f"{Period.parse(order.period).year}.xlsx"
        tell_beside([workbook] if workbook.is_file() else [])
        made(order, force=force, data=options["data"])
        if target:
            click.echo(f"{target}: {', '.join(hand_over(order.folder, target, recipe(order)))}")


def made(order: Order, *, force: bool, data: str = DATA) -> None:
    """Make a report where anything changed since, and say where it is and how many warnings there are."""
    kept = not force and is_unchanged(order)
    files = report_paths(order.folder) if kept else _made(order)
    said = " (không có gì thay đổi nên giữ nguyên; lập lại bằng --force)" if kept else ""
    click.echo(f"{order.folder}: {', '.join(path.name for path in files)}{said}")
    click.echo(warned(warnings_of(order.folder), order.kind, f"{order.unit} {order.period}", data))


def warned(count: int, kind: ReportKind, words: str, data: str) -> str:
    """Return how many warnings there are, and where they are read; `words` are what validate is asked for."""
    if not count:
        return "0 cảnh báo."
    if kind.name != f"{NOTEBOOKS}/{DEFAULT}.ipynb":
        return f"{count} cảnh báo: đọc ở {MANIFEST} của bản nội bộ."
    where = "" if data == DATA else f" --data {shlex.quote(data)}"
    return f"{count} cảnh báo: đọc bằng giamngheo validate {words}{where}; bản nội bộ in ở phụ lục."


def _made(order: Order) -> Sequence[Path]:
    loading = partial(load_exporters, order.formats)
    with ended_in_order(), temporary_files():
        execute = partial(executed_apart, progress=sys.stderr.isatty(), meanwhile=loading)
        return make_report(order, execute=execute)


def ordered(
    unit: str,
    period: str,
    kind: ReportKind,
    *,
    data: str,
    out: str,
    formats: str,
    parameters: tuple[str, ...],
    timeout: int | None,
) -> Order:
    """Return the report that the words of a command line ask for. Raises GiamngheoError where they are wrong."""
    folder = located(data)
    found = order(
        unit,
        latest_period(folder, unit, kind) if period == LATEST else Period.parse(period),
        kind,
        data=folder,
        out=output_folder(Path(out)),
        formats=chosen(formats),
        parameters=tuple(_assignment(text) for text in parameters),
        timeout=timeout,
    )
    return replace(found, formats=with_those_there(found.formats, found.folder))


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.isidentifier():
        raise MalformedParameterError(text)
    return name, value


def chosen(text: str) -> tuple[str, ...]:
    """Return the formats that a text names, parted by commas. Raises UnknownFormatError."""
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name not in FORMATS:
            raise UnknownFormatError(name, FORMATS)
    return names
