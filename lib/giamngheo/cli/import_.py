"""giamngheo import: official review forms, as offices publish them, put into a workbook."""

import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from giamngheo.cli.collect import content_of, year_of
from giamngheo.cli.terminal import explained, owner_told, tell_beside, tell_opened
from giamngheo.core.errors import GiamngheoError, WrongUseError
from giamngheo.core.finding import InvalidWorkbookError
from giamngheo.workbook.forms.figures import Answers, Part
from giamngheo.workbook.forms.places import LEFT_OUT
from giamngheo.workbook.forms.plan import PUBLISHED, Plan, plan
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
@click.option(
    "--decision", metavar="SỐ", help='Quyết định giao vốn trong bảng, ví dụ "25/QĐ-UBND ngày 10/01/2023".', default=""
)
@click.option(
    "--budget-level", metavar="CẤP", default="", help="Ngân sách cấp vốn trong bảng, ví dụ Trung ương; - để không ghi."
)
@click.option("--replace", is_flag=True, help="Ghi đè số đã có trong sổ mà biểu ghi khác.")
@click.option("--yes", is_flag=True, help="Ghi ngay, không hỏi lại.")
def command(
    *,
    files: Sequence[Path],
    into: Path,
    units: Sequence[str],
    day: str | None,
    fund_year: int | None,
    decision: str,
    budget_level: str,
    **how: bool,
) -> None:
    """Đưa các biểu FILES (.xlsx, .xls, .xlsb, .ods, .docx, .csv) vào sổ.

    Biểu được nhận ra theo chữ ở tiêu đề cột. In ra cột nào ghi vào đâu, điều gì chưa rõ, rồi mới ghi; còn chỗ sai
    thì không ghi gì. Sổ cũ được giữ bên cạnh (.bak).
    """
    with explained():
        year = year_of(into)
        tell_beside([into] if into.is_file() else [])
        seen = content_of(into)
        workbook = reading(into, into.parent.name, year).dataset
        answers = Answers(
            dict(map(_answer, units)), _day("--date", day), fund_year, _decision(decision), _budget_level(budget_level)
        )
        read, unread = _read(files)
        tell_opened(files)
        found = plan(read, workbook, answers, replace=how["replace"])
        click.echo("\n".join(line for part in found.parts for line in _told(part)))
        _tell("CẢNH BÁO", found.doubts)
        _tell("LỖI", [*unread, *found.errors])
        if problems := len(unread) + len(found.errors):
            raise NothingImportedError(problems)
        if not found.figures:
            click.echo("Không có số nào mới để ghi.")
        elif how["yes"] or (sys.stdin.isatty() and click.confirm(f"Ghi {len(found.figures)} số vào {into}?")):
            _write(into, found, seen)
        else:
            click.echo(f"Chưa ghi gì: thêm --yes để ghi {len(found.figures)} số vào {into}.")
    sys.exit(int(bool(found.kept)))


def _answer(typed: str) -> tuple[str, str]:
    name, sign, code = typed.rpartition("=")
    if not sign or not name.strip() or not code.strip():
        raise MalformedAnswerError("--unit", typed, 'ghi ví dụ "Xã Khe Vàng=23404"')
    return name.strip(), code.strip()


def _day(option: str, typed: str | None) -> dt.date | None:
    try:
        return typed_date(typed).date() if typed else None
    except CellError as error:
        raise MalformedAnswerError(option, str(typed), f"cần {error.needed}") from error


def _decision(typed: str) -> tuple[str, dt.date | None]:
    number, _, day = typed.partition(" ngày ")
    return number.strip().rstrip(","), _day("--decision", day.strip())


def _budget_level(typed: str) -> str:
    known = choices("budget_level")
    found = {LEFT_OUT: LEFT_OUT, "": "", **{label.casefold(): code for code, label in known.items()}}
    if typed.casefold() not in found:
        raise MalformedAnswerError("--budget-level", typed, f"cần một trong: {', '.join(known.values())}")
    return found[typed.casefold()]


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
    sheets = " và ".join(sorted({repr(table(one.table).sheet) for one in part.figures})) or repr(table(form.kind).sheet)
    yield f"{place}: {form.name}, {day}, {count} {rows}, {len(part.figures)} số → trang {sheets}"
    for heading in form.headings:
        words = f"  {heading.said}"
        if "/" in heading.name or "=" in heading.name:
            names = " / ".join(_header(form.kind, name) for name in heading.name.removeprefix("=").split("/"))
            kept = PUBLISHED.get(heading.name)
            done = f"ghi vào {table(form.kind).column(kept).header!r}" if kept else "không ghi"
            yield f"{words}: so với {names}, {done}"
        elif "@" in heading.name:
            name, _, source = heading.name.partition("@")
            others = (one for one in form.headings if one != heading and one.name.startswith(f"{name}@"))
            if source == "unsplit" and any(others):
                yield f"{words}: so với tổng các nguồn, không ghi"
                continue
            yield f"{words} → {_header(form.kind, name)!r}, {choices('paid_source').get(source, source)}"
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


def _write(into: Path, found: Plan, seen: bytes) -> None:
    frames = found.frames()
    with owner_told(into):
        done = fill_workbook(into, frames, seen=seen)
    for filled in done:
        if filled.table in frames:
            click.echo(f"{table(filled.table).sheet}: thêm {filled.added} dòng, cập nhật {filled.replaced} dòng.")
    for remark in remarks(done):
        click.echo(remark)
