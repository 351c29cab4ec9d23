"""giamngheo import: official review forms, as offices publish them, put into a workbook."""

import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from giamngheo.cli.collect import NoYearError
from giamngheo.cli.terminal import explained, tell_beside
from giamngheo.core.errors import GiamngheoError, WrongUseError
from giamngheo.core.finding import InvalidWorkbookError
from giamngheo.core.paths import opened
from giamngheo.workbook.forms.figures import Answers, Part
from giamngheo.workbook.forms.plan import Plan, plan
from giamngheo.workbook.forms.tables import FormTable, tables_of
from giamngheo.workbook.read.typed import CellError, typed_date
from giamngheo.workbook.read.workbook import reading
from giamngheo.workbook.schema import choices, table
from giamngheo.workbook.write.fill import fill_workbook, remarks


class MalformedAnswerError(WrongUseError):
    """An answer on the command line cannot be read."""

    def __init__(self, option: str, typed: str, needed: str) -> None:
        super().__init__(f"{option} {typed!r} không đúng; {needed}.")


class NothingImportedError(GiamngheoError):
    """Errors in the forms keep all of them out of the workbook."""

    def __init__(self, count: int) -> None:
        super().__init__(f"Chưa ghi gì vào sổ: {count} chỗ phải sửa hoặc trả lời trước.")


@click.command("import", short_help="Đưa biểu rà soát đã ban hành vào sổ.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--into", required=True, type=click.Path(path_type=Path), help="Sổ nhận số, ví dụ data/x/2023.xlsx.")
@click.option(
    "--unit", "units", multiple=True, metavar="TÊN=MÃ", help="Mã của tên chưa rõ trong biểu; TÊN=- để bỏ qua."
)
@click.option("--date", "day", metavar="NGÀY", help="Ngày chốt của mọi biểu, ví dụ 31/12/2023, khi tiêu đề không nêu.")
@click.option(
    "--fund-year", type=int, metavar="NĂM", help="Năm của nguồn vốn trong bảng giải ngân, khi là vốn chuyển sang."
)
@click.option("--replace", is_flag=True, help="Ghi đè số đã có trong sổ mà biểu ghi khác.")
@click.option("--yes", is_flag=True, help="Ghi ngay, không hỏi lại.")
def command(
    *, files: Sequence[Path], into: Path, units: Sequence[str], day: str | None, fund_year: int | None, **how: bool
) -> None:
    """Đưa các biểu FILES (.xlsx, .xls, .xlsb, .ods, .docx, .csv) vào sổ.

    Biểu được nhận ra theo chữ ở tiêu đề cột. In ra cột nào ghi vào đâu, điều gì chưa rõ, rồi mới ghi; còn chỗ sai
    thì không ghi gì. Sổ cũ được giữ bên cạnh (.bak).
    """
    with explained():
        if not (into.stem.isdigit() and len(into.stem) == 4):
            raise NoYearError(into)
        tell_beside([into] if into.is_file() else [])
        workbook = reading(into, into.parent.name, int(into.stem)).dataset
        answers = Answers(dict(map(_answer, units)), _day(day), fund_year)
        read, unread = _read(files)
        for words in (words for path in files for words in opened(path)):
            click.echo(f"Lưu ý: {words}", err=True)
        found = plan(read, workbook, answers, replace=how["replace"])
        click.echo("\n".join(line for part in found.parts for line in _told(part)))
        _tell("CẢNH BÁO", found.doubts)
        _tell("LỖI", [*unread, *found.errors])
        if problems := len(unread) + len(found.errors):
            raise NothingImportedError(problems)
        if not found.figures:
            click.echo("Không có số nào mới để ghi.")
        elif how["yes"] or (sys.stdin.isatty() and click.confirm(f"Ghi {len(found.figures)} số vào {into}?")):
            _write(into, found)
        else:
            click.echo(f"Chưa ghi gì: thêm --yes để ghi {len(found.figures)} số vào {into}.")
    sys.exit(int(bool(found.kept)))


def _answer(typed: str) -> tuple[str, str]:
    name, sign, code = typed.rpartition("=")
    if not sign or not name.strip() or not code.strip():
        raise MalformedAnswerError("--unit", typed, 'ghi ví dụ "Xã Khe Vàng=23404"')
    return name.strip(), code.strip()


def _day(typed: str | None) -> dt.date | None:
    try:
        return typed_date(typed).date() if typed else None
    except CellError as error:
        raise MalformedAnswerError("--date", str(typed), f"cần {error.needed}") from error


def _read(files: Sequence[Path]) -> tuple[list[list[FormTable]], list[str]]:
    """Return the tables of each file, and what to say of those that cannot be read."""
    read: list[list[FormTable]] = []
    unread: list[str] = []
    for path in files:
        try:
            read.append(tables_of(path))
        except InvalidWorkbookError as error:
            unread += map(str, error.findings)
        except GiamngheoError as error:
            unread.append(str(error))
    return read, unread


def _told(part: Part) -> Iterator[str]:
    """Yield what goes where of a form."""
    form = part.form
    place = f"{form.table.file}, trang {form.table.sheet!r}" if form.table.sheet else form.table.file
    day = f"ngày chốt {form.day:%d/%m/%Y}" if form.day else "chưa rõ ngày chốt"
    count = len(set(part.places.codes.values()))
    rows = "dự án" if form.kind == "disbursements" else "đơn vị"
    yield f"{place}: {form.name}, {day}, {count} {rows}, {len(part.figures)} số → trang {table(form.kind).sheet!r}"
    for heading in form.headings:
        words = f"  {heading.said}"
        if "/" in heading.name or "=" in heading.name:
            names = " / ".join(_header(form.kind, name) for name in heading.name.removeprefix("=").split("/"))
            yield f"{words}: so với {names}, không ghi"
        elif "@" in heading.name:
            column, _, source = heading.name.partition("@")
            yield f"{words} → {table(form.kind).column(column).header!r}, {choices('paid_source')[source]}"
        elif heading.name:
            yield f"{words} → {table(form.kind).column(heading.name).header!r}"
        else:
            yield f"{words}: không có trong sổ, không ghi"
    yield f"  {rows}: {', '.join(f'{name} = {code}' for name, code in part.places.codes.items())}"
    if part.places.left_out:
        yield f"  dòng bỏ qua: {', '.join(part.places.left_out)}"
    if part.blanks:
        yield f"  {part.blanks} ô ghi dấu gạch đọc là chưa có số liệu; nếu là 0 thì ghi 0"


def _header(kind: str, name: str) -> str:
    other, _, column = name.rpartition(".")
    return table(other or kind).column(column).header


def _tell(severity: str, lines: Sequence[str]) -> None:
    for line in lines:
        click.echo(f"{severity} {line}{'' if line.endswith('.') else '.'}")


def _write(into: Path, found: Plan) -> None:
    frames = found.frames()
    done = fill_workbook(into, frames)
    for filled in done:
        if filled.table in frames:
            click.echo(f"{table(filled.table).sheet}: thêm {filled.added} dòng, cập nhật {filled.replaced} dòng.")
    for remark in remarks(done):
        click.echo(remark)
