"""giamngheo publish, giamngheo changed: versions of a report that were sent out, and what differs since."""

import sys
from pathlib import Path
from typing import Any

import click

from giamngheo.cli.terminal import explained
from giamngheo.core.errors import WrongUseError, shown
from giamngheo.core.paths import output_folder
from giamngheo.core.period import Period
from giamngheo.core.scratch import ended_in_order
from giamngheo.core.text import text
from giamngheo.run.kinds import DEFAULT, kind_named
from giamngheo.run.provenance.inputs import input_digest
from giamngheo.run.provenance.manifest import check_place, read_manifest
from giamngheo.run.publishing.publication import publications, publish_version, version_folder, workbook_of
from giamngheo.run.publishing.publish import repair


class NotPublishedError(WrongUseError):
    """There is no published version to compare a report with."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{shown(folder)} chưa có bản phát hành nào; phát hành bằng giamngheo publish, hoặc ghi hai thư mục."
        )


@click.command("publish", short_help="Giữ lại bản báo cáo đã phát hành.")
@click.argument("unit")
@click.argument("period")
@click.option("--kind", "kind_name", default=DEFAULT, show_default=True, metavar="LOẠI", help="Loại báo cáo.")
@click.option("--number", default="", metavar="SỐ", help="Số, ký hiệu của văn bản, ví dụ 12/BC-UBND.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Ngày ban hành, ví dụ 2023-09-05.")
@click.option("--scan", type=click.Path(path_type=Path, dir_okay=False), help="Bản ký, đóng dấu đã quét, giữ kèm.")
@click.option("--data", default="data", show_default=True, help="Thư mục chứa sổ tính của các đơn vị.")
@click.option("--out", default="outputs", show_default=True, help="Thư mục chứa báo cáo.")
def command(*, unit: str, period: str, kind_name: str, number: str, day: Any, scan: Path | None, **places: str) -> None:
    """Giữ bản hiện có của báo cáo đơn vị UNIT, kỳ PERIOD làm một bản phát hành, trong thư mục published cạnh báo cáo.

    Sổ tính của báo cáo được giữ kèm. Lập lại báo cáo không đổi các bản này; trang báo cáo lập từ số liệu khác bản mới
    nhất thì nói rõ ở đầu trang.
    """
    with explained(), ended_in_order():
        asked = Period.parse(period)
        folder = output_folder(Path(places["out"])) / unit / kind_named(kind_name).folder_of(asked)
        date = day.date().isoformat() if day else ""
        made = publish_version(folder, number=number, date=date, scan=scan, data=Path(places["data"]))
        click.echo(f"{version_folder(folder, made.version)}: {made.words}")


@click.command("changed", short_help="Số liệu nào của báo cáo đã khác, từ ô nào.")
@click.argument("before", type=click.Path(path_type=Path, file_okay=False))
@click.argument("after", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--data", default="data", show_default=True, help="Thư mục chứa sổ tính của các đơn vị.")
def changed(*, before: Path, after: Path | None, data: str) -> None:
    """So báo cáo ở thư mục BEFORE với báo cáo ở thư mục AFTER.

    Chỉ ghi một thư mục, ví dụ outputs/tu-mo-rong/2023-08: so bản phát hành mới nhất với báo cáo hiện có ở đó. Mã thoát
    0 khi giống nhau, 1 khi khác.
    """
    from giamngheo.run.publishing.difference import differences

    with explained():
        for folder in filter(None, (before, after)):
            repair(folder)
        if after is None:
            versions = publications(before)
            if not versions:
                raise NotPublishedError(before)
            before, after = version_folder(before, versions[-1].version), before
            for folder in (before, after):  # two folders that are named may be of two reports
                check_place(folder, read_manifest(folder).recipe)
        books = [_as_read(folder, workbook_of(folder, Path(data))) for folder in (before, after)]
        found = list(differences(before, after, (books[0], books[1]) if books[0] and books[1] else None))
        click.echo("\n".join(map(text, found)) or "Không có gì khác.")  # sentences may be of anybody
    sys.exit(1 if found else 0)


def _as_read(folder: Path, workbook: Path | None) -> Path | None:
    """Return a workbook where it is the one that the report in a folder was made from, whoever put it there."""
    is_of_report = workbook and input_digest(workbook) in read_manifest(folder).recipe.inputs.values()
    return workbook if is_of_report else None
