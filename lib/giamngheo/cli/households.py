"""giamngheo households: household files checked, put into the workbook, compared with it, reported on."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import pandas as pd

from giamngheo.cli.report import chosen, made
from giamngheo.cli.terminal import explained, owner_told
from giamngheo.core.foreign import content
from giamngheo.core.paths import output_folder
from giamngheo.export.letters import ON_PAPER, unshown_letters
from giamngheo.households.classification import By
from giamngheo.households.places import FROM_COMMUNE
from giamngheo.households.problems import HouseholdProblem, InvalidHouseholdFileError
from giamngheo.households.reconciliation import reconciliation
from giamngheo.households.review import Method, Review, file_problems, flows, review, summaries
from giamngheo.regulation.own import own_standard
from giamngheo.run.kinds import kind_named
from giamngheo.run.provenance.recipe import order_of_files
from giamngheo.run.publishing.exports import FORMATS
from giamngheo.run.publishing.publish import with_those_there
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.read.package import LARGEST_FILE
from giamngheo.workbook.read.workbook import read_workbook
from giamngheo.workbook.schema import Table, tables
from giamngheo.workbook.write.fill import fill_workbook, remarks
from giamngheo.workbook.write.placing import Filled

FILE = click.Path(path_type=Path, exists=True)
"""A household file, or a folder of Parquet files."""

STANDARD_HELP = "Tệp TOML chuẩn nghèo riêng của tỉnh.  [mặc định: regulation/poverty.toml của thư mục số liệu, nếu có]"
SINGLE = click.Path(path_type=Path, exists=True, dir_okay=False)

Option = Callable[[Callable[..., Any]], Callable[..., Any]]


def _method_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say how households are classified."""
    options: Sequence[Option] = (
        click.option("--by", type=click.Choice(["score", "income"]), default="score", show_default=True,
                     help="Phân loại theo điểm B1/B2 (score) hay thu nhập (income)."),
        click.option("--standard", type=SINGLE, help=STANDARD_HELP),
        click.option("--before", type=FILE, help="Tệp hộ của kỳ rà soát trước, để lập diễn biến."),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


@click.group("households", short_help="Kiểm tra, tổng hợp, đối chiếu tệp hộ.")
def command() -> None:
    """Tệp hộ (CSV, Parquet, XLSX; cột theo docs/households.md): kiểm tra, tổng hợp, đối chiếu."""


@command.command("check")
@click.argument("file", type=FILE)
@click.argument("workbook", type=SINGLE)
@_method_options
def check(*, file: Path, workbook: Path, standard: Path | None, before: Path | None, by: By) -> None:
    """Kiểm tra tệp hộ FILE theo danh mục đơn vị của sổ tính WORKBOOK; nêu từng loại lỗi, số dòng, dòng đầu.

    Có --before thì kiểm tra cả tệp ấy và việc lập diễn biến từ hai tệp.
    """
    with explained():
        data = _data(workbook)
        method = Method(data["units"], by=by, own=standard or _own(workbook), unit=data.form["unit_code"])
        files, unshown = [path for path in (before, file) if path], unshown_letters(data, ON_PAPER)
        problems: list[tuple[str, HouseholdProblem]] = []
        try:
            notes = review(file, method, before=before).notes
        except InvalidHouseholdFileError:  # of one of the files: each is looked at by itself
            found = {path.name: file_problems(path, method) for path in files}
            problems = [(name, problem) for name, each in found.items() for problem in each.problems]
            notes = tuple((name, note) for name, each in found.items() for note in each.notes)
    click.echo("".join(f"{name}: {problem}\n" for name, problem in problems), nl=False)
    click.echo("".join(f"{finding}\n" for finding in unshown), nl=False)
    _tell([f"{name}: {note}" for name, note in notes])
    errors = sum(problem.severity == "error" for _, problem in problems) + bool(unshown)
    click.echo(f"{', '.join(path.name for path in files)}: {errors} loại lỗi.")
    sys.exit(1 if errors else 0)


@command.command("summarise")
@click.argument("file", type=FILE)
@click.option("--into", "workbook", type=SINGLE, required=True, help="Sổ tính nhận kết quả.")
@_method_options
def summarise(file: Path, workbook: Path, **options: Any) -> None:
    """Tổng hợp tệp hộ FILE vào trang Rà soát (và hai trang biến động) của sổ tính.

    Ghi xã, huyện, tỉnh có trong sổ; dòng đã có được ghi đè, sổ cũ giữ ở tệp .xlsx.bak bên cạnh.
    """
    with explained():
        seen = content(workbook, LARGEST_FILE)
        frames = _counted(file, workbook, options)
        with owner_told(workbook):
            done = fill_workbook(workbook, frames, seen=seen)
    for filled in done:
        if filled.table in frames:
            click.echo(_filled(filled))
    for remark in remarks(done):
        click.echo(remark)


@command.command("reconcile")
@click.argument("file", type=FILE)
@click.argument("workbook", type=SINGLE)
@_method_options
def reconcile(file: Path, workbook: Path, **options: Any) -> None:
    """So số đã ghi trong sổ tính WORKBOOK với tệp hộ FILE; mã thoát 1 nếu có chỗ khác."""
    with explained():
        data = _data(workbook)
        frames = _counted(file, workbook, options)
        units = data["units"]
        kept = units.loc[units["level"].isin(FROM_COMMUNE), "code"]
        typed = {name: data[name][data[name]["unit_code"].isin(kept)] for name in frames}
        differences = {name: reconciliation(typed[name], frame) for name, frame in frames.items()}
    for name, found in differences.items():
        for line in found.to_dict("records"):
            click.echo(_difference(_table(name), line))
    count = sum(len(found) for found in differences.values())
    click.echo(f"{workbook.name}: {count} chỗ khác với tệp hộ {file.name}.")
    sys.exit(1 if count else 0)


@command.command("report")
@click.argument("file", type=FILE)
@click.argument("workbook", type=SINGLE)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Thư mục ghi báo cáo.")
@click.option(
    "--audience",
    type=click.Choice(["internal", "public"]),
    default="internal",
    show_default=True,
    help="public: bản công khai, để trống các ô quá nhỏ.",
)
@click.option("--formats", default=",".join(FORMATS), show_default=True, help="Các định dạng, cách nhau bằng dấu phẩy.")
@_method_options
def report(*, file: Path, workbook: Path, out: Path, audience: str, formats: str, **options: Any) -> None:
    """Lập báo cáo rà soát từ tệp hộ FILE cho đơn vị của sổ tính WORKBOOK, dù các tệp nằm ở đâu.

    Tệp hộ đặt trong thư mục của đơn vị với tên households-NĂM thì lập bằng giamngheo report UNIT NĂM --kind
    household_review: báo cáo ấy vào được danh mục và lập được hàng loạt.
    """
    with explained():
        parameters = [("by", options.pop("by")), ("audience", audience)]
        options["standard"] = options["standard"] or _own(workbook)
        files = {name: path for name, path in {"file": file, "workbook": workbook, **options}.items() if path}
        wanted = with_those_there(chosen(formats), output_folder(out))
        kind = kind_named("household_review")
        made(order_of_files(files, kind, out=out, formats=wanted, parameters=parameters), force=True)


def _counted(file: Path, workbook: Path, options: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """Return the workbook's tables as the forms have them, of the units that the workbook has."""
    data, own = _data(workbook), options["standard"] or _own(workbook)
    method = Method(data["units"], by=options["by"], own=own, unit=data.form["unit_code"])
    result = review(file, method, before=options["before"])
    _tell([f"{name}: {note}" for name, note in result.notes])
    return {"reviews": summaries(result)} | {
        f"{name}_flows": table for name in ("poor", "near_poor") if (table := _all_flows(result, name)) is not None
    }


def _own(workbook: Path) -> Path | None:
    """Return the poverty standard of the data folder that a workbook lies in; None where it has none."""
    return own_standard(workbook.absolute().parent.parent)


def _all_flows(result: Review, name: str) -> pd.DataFrame | None:
    levels = [flows(result, name, level) for level in FROM_COMMUNE]
    given = [table for table in levels if table is not None]
    return pd.concat(given, ignore_index=True) if given else None


def _tell(notes: Sequence[str]) -> None:
    """Tell what of the files was not read as it stands."""
    for note in notes:
        click.echo(f"Lưu ý: {note}", err=True)


def _data(workbook: Path) -> Dataset:
    year = int(workbook.stem) if workbook.stem.isdecimal() else 0
    return read_workbook(workbook, workbook.parent.name, year)


def _table(name: str) -> Table:
    return next(table for table in tables() if table.name == name)


def _filled(filled: Filled) -> str:
    sheet = _table(filled.table).sheet
    return f"trang {sheet!r}: ghi đè {filled.replaced} dòng, thêm {filled.added} dòng"


def _difference(table: Table, line: dict[str, Any]) -> str:
    place = "chưa có dòng" if pd.isna(line["row"]) else f"dòng {line['row']}"
    typed = "trống" if pd.isna(line["typed"]) else line["typed"]
    header = table.column(line["column"]).header
    where = f"trang {table.sheet!r}, {place}, đơn vị {line['unit_code']}, ngày {line['date']:%d/%m/%Y}"
    return f"{where}: {header!r} ghi {typed}, tệp hộ có {line['counted']}"
