"""giamngheo verify: whether reports are what their inputs give."""

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from giamngheo.cli.terminal import explained, progress, scheduler_options
from giamngheo.core.errors import GiamngheoError, shown
from giamngheo.core.paths import MANIFEST
from giamngheo.core.scratch import ended_in_order, temporary_files
from giamngheo.run.execution.cluster import Scheduler
from giamngheo.run.provenance.folders import places
from giamngheo.run.provenance.verify import Verdict, verdicts
from giamngheo.run.publishing.publication import check_record, record_verified, unlike_published


@click.command("verify", short_help="Lập lại các báo cáo, so với bản đã có.")
@click.argument("outputs", nargs=-1, required=True, metavar="OUTPUT...", type=click.Path(path_type=Path))
@click.option(
    "--data",
    help=f"Thư mục chứa sổ tính của các đơn vị; mặc định là thư mục ghi trong {MANIFEST}, tìm từ thư mục hiện tại.",
)
@click.option(
    "--notebook",
    "notebooks",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Sổ tay riêng đã lập báo cáo, lấy theo tên, ghi được nhiều lần (loại báo cáo của dự án thì không cần).",
)
@click.option(
    "--record",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="NGÀY",
    help="Ngày so, ví dụ 2023-09-05: ghi vào verified.json cạnh báo cáo giống hệt, để giamngheo site nêu.",
)
@scheduler_options
def command(
    *,
    outputs: Sequence[Path],
    data: str | None,
    notebooks: Sequence[Path],
    record: Any,
    scheduler: Scheduler | None,
) -> None:
    """Lập lại báo cáo của thư mục OUTPUT (ví dụ outputs/tu-mo-rong/2023-08) và so từng byte; không sửa báo cáo.

    Tệp mà một lần chạy bị ngắt để dở lúc thay báo cáo thì được đặt lại cho trọn trước khi so.

    Thư mục chứa nhiều báo cáo (outputs/tu-mo-rong, outputs) thì so từng báo cáo một; bản đã phát hành trong đó thì so
    với manifest.json của bản ấy. Số liệu không lấy từ thư mục data của thư mục hiện tại, cũng không từ --data, thì lệnh
    nói lấy từ đâu. Mã thoát 0 khi giống hệt, 1 khi có báo cáo khác, có tệp không phải của báo cáo hoặc sổ tính đã sửa.
    """
    with explained():
        found = places(outputs)
        intact = [_is_as_published(version) for version in found.versions]
        reports = [folder for folder in found.reports if not record or _is_recordable(folder)]
    same: list[bool] = []
    unwritten = [folder for folder in found.reports if folder not in reports]
    expected = (Path.cwd() / (data or "data")).absolute()
    with explained(), ended_in_order(), temporary_files(), progress("Đang so báo cáo", len(reports)) as bar:
        for folder, verdict in verdicts(reports, data, notebooks=notebooks, scheduler=scheduler):
            if isinstance(verdict, Verdict):
                elsewhere = [f"{shown(folder)}: lập lại từ số liệu của {shown(verdict.data)}."]
                bar.write("\n".join(elsewhere * (verdict.data != expected) + told(folder, verdict)))
                same.append(verdict.same)
            else:
                bar.write(f"{shown(folder)}: {verdict}", file=sys.stderr)
                same.append(False)
            if record and isinstance(verdict, Verdict) and (why := _unrecorded(folder, verdict, record)):
                bar.write(why, file=sys.stderr)
                unwritten.append(folder)
            bar.update()
    if len(same) > 1:
        click.echo(f"{len(same)} báo cáo: {sum(same)} giống hệt, {len(same) - sum(same)} khác hoặc không so được.")
    sys.exit(0 if all(same) and all(intact) and not unwritten else 1)


def _is_recordable(folder: Path) -> bool:
    """Return whether the day can be recorded beside a report, looked at before it is made again; tell why not."""
    try:
        check_record(folder)
    except GiamngheoError as error:
        click.echo(str(error), err=True)
        return False
    return True


def _unrecorded(folder: Path, verdict: Verdict, day: dt.datetime) -> str:
    """Record the day beside a report that is the same; return why that cannot be, as the others are recorded still."""
    try:
        if verdict.same:
            record_verified(folder, day.date(), verdict.manifest_sha256)
    except GiamngheoError as error:
        return str(error)
    return ""


def _is_as_published(version: Path) -> bool:
    """Return whether a published version has the files that were published; tell of those that it has otherwise."""
    try:
        unlike = unlike_published(version)
    except GiamngheoError as error:
        click.echo(f"{shown(version)}: {error}", err=True)
        return False
    for name in unlike:
        click.echo(f"{shown(version / name)}: không phải như khi phát hành.")
    return not unlike


def told(output: Path, verdict: Verdict) -> list[str]:
    """Return what the command says of a report, a line a thing."""
    lines = [f"{shown(output / name)}: không còn." for name in verdict.missing]
    lines += [f"{shown(output / name)}: đã bị sửa sau khi lập." for name in verdict.touched]
    lines += [f"{shown(output / name)}: không phải của báo cáo này." for name in verdict.foreign]
    lines += [f"{shown(output / name)}: lập lại thì khác." for name in verdict.different]
    lines += [f"Phần mềm đã khác: {shown(change)}." for change in verdict.changes]
    if verdict.same:
        lines.append(f"{shown(output)}: giống hệt từng byte.")
    return lines
