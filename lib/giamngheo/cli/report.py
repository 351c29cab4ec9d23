"""giamngheo report: one report of one unit."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from giamngheo.cli.explain import explained
from giamngheo.errors import WrongUseError
from giamngheo.intake.locate import located
from giamngheo.intake.period import Period
from giamngheo.run.exports import FORMATS
from giamngheo.run.report import make_report


class MalformedParameterError(WrongUseError):
    """A parameter of the notebook is not written as name=value."""

    def __init__(self, text: str) -> None:
        super().__init__(f"Tham số {text!r} không đúng; ghi tên=giá_trị, ví dụ audience=public.")


class UnknownFormatError(WrongUseError):
    """A format that no exporter makes."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"Không có định dạng {name!r}; các định dạng có: {', '.join(known)}.")


@click.command("report")
@click.argument("unit")
@click.argument("period")
@click.option("--data", default="data", show_default=True, help="Thư mục chứa sổ tính của các đơn vị.")
@click.option("--out", default="outputs", show_default=True, help="Thư mục ghi báo cáo.")
@click.option("--formats", default=",".join(FORMATS), show_default=True, help="Các định dạng, cách nhau bằng dấu phẩy.")
@click.option(
    "--parameter",
    "parameters",
    multiple=True,
    metavar="TÊN=GIÁ_TRỊ",
    help="Tham số của sổ tay, ví dụ audience=public; ghi được nhiều lần.",
)
def command(unit: str, period: str, data: str, out: str, formats: str, parameters: tuple[str, ...]) -> None:
    """Lập báo cáo của đơn vị UNIT (tên thư mục, ví dụ tu-mo-rong), kỳ PERIOD.

    Kỳ ghi năm và tháng (2023-08), quý (2023-Q3), 6 tháng (2023-H1), 9 tháng (2023-9M) hoặc cả năm (2023).

    Báo cáo được ghi vào thư mục OUT/UNIT/PERIOD; báo cáo cũ chỉ được thay khi báo cáo mới đã xong.
    """
    with explained():
        files = make_report(
            unit,
            Period.parse(period),
            dict(_assignment(text) for text in parameters),
            data=located(data),
            out=Path(out),
            formats=_formats(formats),
            progress=sys.stderr.isatty(),
        )
        click.echo(f"{files[0].parent}: {', '.join(path.name for path in files)}")


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.isidentifier():
        raise MalformedParameterError(text)
    return name, value


def _formats(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in FORMATS:
            raise UnknownFormatError(name, FORMATS)
    return names
