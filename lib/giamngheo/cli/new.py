"""giamngheo new: a workbook to fill in, empty or with what last year hands over, or one for each commune."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, Any

import click
import pandas as pd

from giamngheo.checks.consistency import still_explained
from giamngheo.cli.terminal import explained, tell_beside
from giamngheo.core.errors import GiamngheoError, WrongUseError
from giamngheo.core.finding import of_severity
from giamngheo.core.foreign import content
from giamngheo.core.message import quoted
from giamngheo.core.paths import NoFolderError, located
from giamngheo.regulation.own import own_catalogue
from giamngheo.regulation.units import MERGER, Unit, find, predecessors, successors, why_not
from giamngheo.report.book import in_units_of_day, money_of_day, programme_trees
from giamngheo.report.facts import added_up
from giamngheo.statistics.carry_over import carried_capital, merged_capital, opening_stocks
from giamngheo.statistics.units import in_units_of, summed_units, unit_tree
from giamngheo.workbook.dataset import Dataset, last_day
from giamngheo.workbook.new_year import (
    Records,
    commune_records,
    communes,
    described,
    drawn_from,
    fits,
    folder_name,
    fresh,
    handed_over,
    plain,
    table_of,
    units_of_code,
    with_openings,
    without_review,
)
from giamngheo.workbook.read.workbook import read_workbook
from giamngheo.workbook.schema import commune_tables, tables
from giamngheo.workbook.write.save import put
from giamngheo.workbook.write.template import workbook

_FLOWS = {"poor_flows": "poor", "near_poor_flows": "near_poor"}


class MalformedUnitError(WrongUseError):
    """The name of the unit cannot be that of a folder."""

    def __init__(self, unit: str) -> None:
        super().__init__(
            f"Tên đơn vị {quoted(unit)} không đúng; ghi chữ thường không dấu, nối bằng -, ví dụ tu-mo-rong."
        )


class SeveralUnitsError(WrongUseError):
    """Several units of the register have the name."""

    def __init__(self, typed: str, year: int, units: Sequence[Unit]) -> None:
        named = {unit: folder_name(unit.name) in folder_name(typed) for unit in units}
        also = {unit: "" if named[unit] else f", tên khác: {', '.join(unit.also)}" for unit in units}
        lines = [f"  {unit.code}  {described(unit)}{also[unit]}" for unit in units]
        again = f"giamngheo new {folder_name(typed)} {year} --code {units[0].code}"
        heading = f"Năm {year} có {len(units)} đơn vị tên {typed!r}:"
        super().__init__("\n".join([heading, *lines, f"Chạy lại với mã của đơn vị cần lập sổ, ví dụ {again}"]))


class NoSuchUnitError(WrongUseError):
    """No unit of the register has the code in the year."""

    def __init__(self, code: str, year: int) -> None:
        why = why_not(code, on=dt.date(year, 1, 1))
        because = f" ({why})" if why else ""
        super().__init__(
            f"Danh mục không có đơn vị mã {code!r} trong năm {year}{because}; kiểm tra mã, hoặc bỏ --code."
        )


class CodeNotUsedError(WrongUseError):
    """The code says which unit a workbook begins with; here another workbook says it."""

    def __init__(self) -> None:
        super().__init__("--code không dùng cùng --for-communes: đơn vị đã có trong sổ YEAR.")


class UnitIsNoMoreError(WrongUseError):
    """The unit of the workbook of the year before is no more, and no unit has the name that was typed."""

    def __init__(self, unit: Unit, year: int) -> None:
        day = unit.ends or dt.date(year, 1, 1)
        into = ", ".join(part.code for part in successors(unit.code, on=day))
        super().__init__(
            f"{unit.full_name} (mã {unit.code}) chỉ có đến hết ngày {day:%d/%m/%Y}, sau đó nhập vào {into}; "
            f"ghi tên đơn vị mới, hoặc thêm --code MÃ."
        )


class MalformedYearError(WrongUseError):
    """The year is not one that a workbook can be of."""

    def __init__(self, year: int) -> None:
        super().__init__(f"Năm {year} không đúng; ghi năm có bốn chữ số, ví dụ 2024.")


class WrongYearBeforeError(WrongUseError):
    """The workbook to go on from is not named after the year before."""

    def __init__(self, path: Path, year: int) -> None:
        super().__init__(f"Sổ năm {year} lấy số của sổ năm {year - 1}, tên tệp {year - 1}.xlsx, không phải {path}.")


class WorkbookExistsError(GiamngheoError):
    """Nothing that somebody may have filled in is written over."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"Đã có {path}; không ghi đè. Đổi tên hoặc chuyển tệp ấy đi rồi chạy lại.")


class NoCommunesError(GiamngheoError):
    """The workbook lists no units below the one that reports."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: trang 'Đơn vị' chưa có đơn vị nào trực thuộc; ghi các xã rồi chạy lại.")


@click.command("new", short_help="Làm sổ tính mới.")
@click.argument("unit")
@click.argument("year", type=int)
@click.option("--data", default="data", show_default=True, help="Thư mục chứa sổ tính của các đơn vị.")
@click.option(
    "--from",
    "before",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Sổ năm trước: số cuối kỳ, vốn còn lại chuyển sang; ghi nhiều lần khi đơn vị nhập từ nhiều đơn vị cũ.",
)
@click.option("--code", metavar="MÃ", help="Mã của đơn vị, khi nhiều đơn vị cùng tên.")
@click.option("--for-communes", is_flag=True, help="Làm cho mỗi xã một tệp nhỏ, theo trang Đơn vị của sổ YEAR.")
def command(*, unit: str, year: int, data: str, before: tuple[Path, ...], code: str | None, for_communes: bool) -> None:
    """Làm sổ tính mới của đơn vị UNIT (tên đơn vị hay tên thư mục, ví dụ tu-mo-rong), năm YEAR.

    Đơn vị có trong danh mục cả nước được ghi sẵn mã và các đơn vị trực thuộc. Không ghi đè tệp nào đã có.
    """
    with explained():
        if re.fullmatch(r"[^\W_]+([ .'’-]+[^\W_]+)*", unit) is None:
            raise MalformedUnitError(unit)
        if code is not None and for_communes:
            raise CodeNotUsedError
        if not 2000 <= year <= 2100:
            raise MalformedYearError(year)
        for wrong in (one for one in before if one.stem != str(year - 1)):
            raise WrongYearBeforeError(wrong, year)
        folder, told = folder_name(unit), ""
        path = _folder(data) / folder / f"{year}.xlsx"
        if for_communes:
            made = _for_communes(path, folder, year)
        elif before:
            tell_beside(one for one in before if one.is_file())
            given = [read_workbook(one, folder, year - 1) for one in before]
            _tell_warnings(given)
            meant = _another(unit, year, code, given)
            records, told = (_after(given[0]), "") if meant is None else _drawn(meant, given)
            records["explanations"] = _explanations(records, given)
            law = given[0].catalogue
            made = {path: workbook(records, tables(), year=year, kind="unit", catalogue=law)}
        else:
            meant = _meant(unit, year, code)
            records = {} if meant is None else fresh(meant, year)
            law = own_catalogue(_folder(data))
            made = {path: workbook(records, tables(), year=year, kind="unit", catalogue=law)}
            told = _begun(folder, meant, records)
        missing = {name: written for name, written in made.items() if not name.exists()}
        for existing in (name for name, written in made.items() if _is_in_the_way(name, written, rest=bool(missing))):
            raise WorkbookExistsError(existing)
        put({name: partial(_write, written) for name, written in missing.items()}, was=dict.fromkeys(missing))
        click.echo("\n".join(map(str, missing)))
        if told:
            click.echo(told)


def _tell_warnings(given: Sequence[Dataset]) -> None:
    """Say what the reader warns of in the workbooks of the year before: what it did not read is not carried over."""
    for finding in (finding for data in given for finding in of_severity(data.findings, "warning")):
        click.echo(f"CẢNH BÁO [{finding.code}] {finding}", err=True)


def _is_in_the_way(path: Path, written: bytes, *, rest: bool) -> bool:
    """Return whether a file is there that no killed run of this command left, which had the rest still to do."""
    return path.exists() and not (rest and path.is_file() and content(path) == written)


def _write(written: bytes, file: IO[bytes]) -> None:
    file.write(written)


def _folder(data: str) -> Path:
    try:
        return located(data)
    except NoFolderError:
        return Path(data)


def _meant(typed: str, year: int, code: str | None) -> Unit | None:
    """Return the unit that a new workbook is of; None where the register has none of that name."""
    if code is None:
        found = fits(typed, year)
        if len(found) > 1:
            raise SeveralUnitsError(typed, year, found)
        if not found and year > MERGER.year and (ended := find(typed, on=MERGER - dt.timedelta(days=1))):
            raise UnitIsNoMoreError(ended[0], year)
        return found[0] if found else None
    units = units_of_code(code, year)
    if not units:
        raise NoSuchUnitError(code, year)
    return next((unit for unit in units[::-1] if folder_name(unit.name) == folder_name(typed)), units[-1])


def _begun(folder: str, unit: Unit | None, records: Records) -> str:
    """Return which unit a new workbook is of, and what to do where it is another that is meant."""
    if unit is None:
        return f"Danh mục không có đơn vị {folder!r}: ghi mã, tên của đơn vị và các xã ở trang Thể thức, Đơn vị."
    codes = [entry["code"] for entry in records["units"] if entry["parent_code"] == unit.code]
    ended = [entry for entry in records["units"] if entry.get("merged_into") and unit.ends is None]
    below = f" và {len(set(codes))} đơn vị trực thuộc" if codes else ""
    before = f", {len(ended)} đơn vị cũ cho các ngày trước khi sáp nhập" if ended else ""
    return (
        f"Đã ghi sẵn {unit.full_name} (mã {unit.code}){below}{before}; cơ quan và nơi nhận ghi theo cấp của đơn vị. "
        f"Chỗ nào không đúng với đơn vị mình thì sửa ở trang Thể thức, Nơi nhận, Đơn vị."
    )


def _another(typed: str, year: int, code: str | None, given: Sequence[Dataset]) -> Unit | None:
    """Return the unit of a new workbook where it is not that of the one workbook of the year before; None where it is.

    It is another where several are given, where that unit is no more at the end of the year, or where a code says so.
    """
    found = [_meant(typed, year, code)] if code else fits(typed, year)
    own = _registered(given[0])
    if len(given) == 1 and (own is None or own in found or (not found and own.ends is None)):
        return None
    if found:
        return _meant(typed, year, code)
    if own is None:
        raise NoSuchUnitError(given[0].form["unit_code"], year)
    raise UnitIsNoMoreError(own, year)


def _registered(dataset: Dataset) -> Unit | None:
    """Return the unit that a workbook reports for, as it is at the end of its year or at its last day."""
    if dataset.is_made_up:
        return None
    return next(iter(units_of_code(dataset.form["unit_code"], dataset.year)[::-1]), None)


def _drawn(unit: Unit, given: Sequence[Dataset]) -> tuple[Records, str]:
    """Return the records of a unit made from those of the year before, and what is to be said of them."""
    year = given[0].year + 1
    units = {data.form["unit_code"] for data in given}
    parts = {part.code for part in predecessors(unit.code, on=dt.date(year, 12, 31)) or () if part.whole}
    carries = units == parts
    carried = pd.concat([_carried(data) for data in given], ignore_index=True)
    records = drawn_from(unit, [added_up(data) for data in given], merged_capital(carried) if carries else carried[:0])
    records = with_openings(records, _openings(records, year), year)
    told = [_begun(folder_name(unit.name), unit, records)]
    if lacking := without_review(records, year):
        told.append(f"Chưa có kết quả rà soát ngày 31/12/{year - 1} của: {', '.join(lacking)}.")
    if len(carried) and not carries:
        told.append("Vốn còn lại của đơn vị cũ không chia được cho đơn vị mới: ghi theo quyết định chuyển nguồn.")
    return records, "\n".join(told)


def _openings(records: Records, year: int) -> dict[str, pd.DataFrame]:
    """Return the stocks that the flows of a year start from, by flow table, in the units of its end."""
    listed = table_of("units", records["units"])
    reviews = table_of("reviews", records["reviews"])
    tree = unit_tree(listed, records["form"][0]["unit_code"], reviews["date"])
    now = in_units_of(summed_units(reviews, tree), listed, dt.date(year, 12, 31))
    own = listed.loc[listed["valid_to"].isna(), "code"]
    return {
        name: opening_stocks(now[now["unit_code"].isin(own)], group, dt.date(year - 1, 12, 31))
        for name, group in _FLOWS.items()
    }


def _carried(before: Dataset) -> pd.DataFrame:
    _, sources = programme_trees(before)
    money = money_of_day(before, last_day(before))
    return carried_capital(money["capital"], money["disbursements"], sources)


def _after(before: Dataset) -> Records:
    carried = _carried(before)
    reviews = added_up(before)["reviews"]
    last_day = dt.date(before.year, 12, 31)
    openings = {name: opening_stocks(reviews, group, last_day) for name, group in _FLOWS.items()}
    return handed_over(before, carried, openings)


def _explanations(records: Records, given: Sequence[Dataset]) -> list[dict[str, Any]]:
    """Return the explanations in the workbooks of the year before of what still contradicts itself in these records."""
    entries = [entry for entry in tables() if entry.layout == "rows"]
    rows = {entry.name: table_of(entry.name, records.get(entry.name, [])) for entry in entries}
    begun = replace(given[0], year=given[0].year + 1, tables=rows, form=records["form"][0])
    return plain(still_explained(begun, pd.concat([data["explanations"] for data in given], ignore_index=True)))


def _for_communes(path: Path, unit: str, year: int) -> dict[Path, bytes]:
    """Return files for the communes of the unit's workbook, in a folder beside it."""
    dataset = read_workbook(path, unit, year)
    found = communes(dataset, dataset.form["unit_code"])
    if not found:
        raise NoCommunesError(path)
    start = dt.date(year - 1, 12, 31)
    reviews = in_units_of_day(added_up(dataset), dt.date(year, 12, 31))["reviews"]
    openings = {name: opening_stocks(reviews, group, start) for name, group in _FLOWS.items()}
    return {
        path.parent / f"{year}-xa" / f"{folder_name(f'{code} {name}')}.xlsx": workbook(
            commune_records(dataset, code, openings),
            commune_tables(),
            year=year,
            kind="commune",
            catalogue=dataset.catalogue,
        )
        for code, name in found
    }
