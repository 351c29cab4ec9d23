"""giamngheo verify: whether reports are what their inputs give."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from giamngheo.cli.terminal import explained, progress, scheduler_options
from giamngheo.core.errors import GiamngheoError, shown
from giamngheo.core.paths import EXECUTED, MANIFEST, PUBLISHED
from giamngheo.core.scratch import ended_in_order, temporary_files
from giamngheo.core.shared import foreign_link
from giamngheo.run.execution.cluster import Scheduler
from giamngheo.run.provenance.verify import Verdict, verdicts
from giamngheo.run.publishing.publication import record_verified
from giamngheo.run.publishing.publish import is_set_aside


@click.command("verify", short_help="Lập lại các báo cáo, so với bản đã có.")
@click.argument("outputs", nargs=-1, required=True, metavar="OUTPUT...", type=click.Path(path_type=Path))
@click.option(
    "--data",
    help=f"Thư mục chứa sổ tính của các đơn vị; mặc định là thư mục ghi trong {MANIFEST}, tìm từ thư mục hiện tại.",
)
@click.option(
    "--notebook",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Sổ tay riêng đã lập báo cáo (báo cáo do sổ tay của dự án lập thì không cần).",
)
@click.option(
    "--record",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="NGÀY",
    help="Ngày so, ví dụ 2023-09-05: ghi vào verified.json cạnh báo cáo giống hệt, để giamngheo site nêu.",
)
@scheduler_options
def command(
    *, outputs: Sequence[Path], data: str | None, notebook: Path | None, record: Any, scheduler: Scheduler | None
) -> None:
    """Lập lại báo cáo của thư mục OUTPUT (ví dụ outputs/tu-mo-rong/2023-08) và so từng byte; không sửa báo cáo.

    Thư mục chứa nhiều báo cáo (outputs/tu-mo-rong, outputs) thì so từng báo cáo một. Số liệu không lấy từ thư mục
    data của thư mục hiện tại, cũng không từ --data, thì lệnh nói lấy từ đâu. Mã thoát 0 khi giống hệt, 1 khi
    có báo cáo khác hoặc sổ tính đã sửa.
    """
    with explained():
        folders = list(dict.fromkeys(folder for output in outputs for folder in report_folders(output)))
    same: list[bool] = []
    unwritten: list[Path] = []
    expected = (Path.cwd() / (data or "data")).absolute()
    with explained(), ended_in_order(), temporary_files(), progress("Đang so báo cáo", len(folders)) as bar:
        for folder, verdict in verdicts(folders, data, notebook=notebook, scheduler=scheduler):
            if isinstance(verdict, Verdict):
                elsewhere = [f"{shown(folder)}: lập lại từ số liệu của {shown(verdict.data)}."]
                bar.write("\n".join(elsewhere * (verdict.data != expected) + told(folder, verdict)))
                same.append(verdict.same)
            else:
                bar.write(f"{shown(folder)}: {verdict}", file=sys.stderr)
                same.append(False)
            if record and isinstance(verdict, Verdict) and verdict.same:
                try:
                    record_verified(folder, record.date(), verdict.manifest_sha256)
                except GiamngheoError as error:  # the others are recorded
                    bar.write(str(error), file=sys.stderr)
                    unwritten.append(folder)
            bar.update()
    if len(folders) > 1:
        click.echo(f"{len(folders)} báo cáo: {sum(same)} giống hệt, {len(same) - sum(same)} khác hoặc không so được.")
    sys.exit(0 if all(same) and not unwritten else 1)


def report_folders(output: Path) -> list[Path]:
    """Return folders of the reports in a folder, or the folder itself where it is one or holds none.

    One is of a report, too, whose manifest is gone, or that a killed run left with its files moved aside. What cannot
    be read, or is a link of another user, counts, so that it is told and not passed over.

    Raises OSError where no file can have this name.
    """
    with suppress(FileNotFoundError, NotADirectoryError):
        output.lstat()
    if os.path.exists(output / MANIFEST):  # noqa: PTH110 - of Path's own, a folder that is shut is an error
        return [output]
    found: set[Path] = set()
    seen: set[str] = set()
    unread: list[OSError] = []
    for name, folders, files in os.walk(output, onerror=unread.append, followlinks=True):
        place = Path(name)
        seen.add(os.path.realpath(place))
        if any(map(is_set_aside, folders)) or {MANIFEST, EXECUTED} & set(files):
            found.add(place)
        links = {below for below in folders if (place / below).is_symlink()}
        found |= {place / link for link in links if foreign_link(place / link)}
        passed = {link for link in links if place / link in found or os.path.realpath(place / link) in seen}
        folders[:] = [below for below in folders if not (below.startswith(".") or below in {PUBLISHED, *passed})]
    return sorted({*found, *(Path(error.filename) for error in unread)}) or [output]


def told(output: Path, verdict: Verdict) -> list[str]:
    """Return what the command says of a report, a line a thing."""
    lines = [f"{shown(output / name)}: không còn." for name in verdict.missing]
    lines += [f"{shown(output / name)}: đã bị sửa sau khi lập." for name in verdict.touched]
    lines += [f"{shown(output / name)}: lập lại thì khác." for name in verdict.different]
    lines += [f"Phần mềm đã khác: {shown(change)}." for change in verdict.changes]
    if verdict.same:
        lines.append(f"{shown(output)}: giống hệt từng byte.")
    return lines
