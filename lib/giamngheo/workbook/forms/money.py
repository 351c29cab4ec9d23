"""What tables of capital and disbursement by project bring into a workbook."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from giamngheo.core.message import shortened
from giamngheo.core.text import number_text
from giamngheo.regulation.programme import Content, Programme
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.forms.allocated import PREFIX, Amounts, allocations
from giamngheo.workbook.forms.figures import NOTHING, Answers, Figure, Part, Said, named_place
from giamngheo.workbook.forms.layout import Form, Line, declared, seen, simple, unit_note
from giamngheo.workbook.forms.places import LEFT_OUT, Places, option
from giamngheo.workbook.read.cells import as_shown, cell_value
from giamngheo.workbook.read.typed import CellError
from giamngheo.workbook.schema import table

_WORTH = {
    "dong": (1, ""),
    "nghin": (10**3, "nghìn"),
    "ngan": (10**3, "nghìn"),
    "trieu": (10**6, "triệu"),
    "ty": (10**9, "tỷ"),
}
"""What one of the unit of a form is worth in đồng, and its word, by the first word of what it says it counts in."""

_PART = re.compile(
    r"(?P<kind>tieu du an|du an thanh phan|du an|tda|da|noi dung thanh phan) ?(?P<number>[0-9]+( [0-9]+)*)? ?"
)
_SUB = ("tieu du an", "tda")
_CARRIED = ("chuyen nguon", "keo dai", "chuyen sang", "nam truoc")


def money_part(form: Form, workbook: Dataset, answers: Answers, said: Said) -> Part:
    """Return what a table of capital or disbursement says of the contents of the programme that its funds belong to.

    A content of which parts have figures is their sum: it is compared with them, not read.
    """
    errors, doubts = said
    worth = _WORTH.get(unit_note(form.title).partition(" ")[0])
    year = _fund_year(form, answers)
    programme = workbook.catalogue.programme(year) if year else None
    errors += _unclear(form, workbook.year, worth=worth, programme=programme)
    if (_is_of_paid(form) and form.day is None) or worth is None or programme is None or year is None:
        return Part(form, Places({}))
    codes, found = _contents(form.lines, programme, answers.units)
    errors += [f"{named_place(form.table)}, {words}" for words in found.unknown.values()]
    errors += _unknown_sources(form, programme)
    amounts = dict(_amounts(form, codes, worth, errors))
    doubts += _unequal(form, amounts, programme)
    doubts += _unequal_totals(form, amounts, programme, worth)
    lines = {
        (code, heading): amount
        for (code, heading), amount in amounts.items()
        if not _parts(code, heading, amounts, programme) and not _is_sum(heading, code, amounts)
    }
    paid = [
        Figure(form.kind, "disbursed_vnd", _row(code, heading, year), form.day, value, form.table.place(*cell))
        for (code, heading), (value, cell) in lines.items()
        if not heading.startswith(PREFIX)
    ]
    planned = {line: amount for line, amount in lines.items() if line[1].startswith(PREFIX)}
    allocated = allocations(form, planned, (workbook, programme, year), answers, said=said)
    return Part(form, found, (*paid, *allocated))


def _is_of_paid(form: Form) -> bool:
    return any(heading.name.startswith("disbursed") for heading in form.headings)


def _unclear(form: Form, year: int, *, worth: tuple[int, str] | None, programme: Programme | None) -> Iterator[str]:
    """Yield what to ask where a table does not say its day, its unit or the year of its funds."""
    where = named_place(form.table)
    if _is_of_paid(form) and form.day is None:
        yield f"{where}: tiêu đề không nêu ngày chốt của Kho bạc; ghi --date, ví dụ --date 31/08/{year}"
    elif _is_of_paid(form) and form.day and form.day.year not in {year, year + 1}:
        yield f"{where}: số liệu ngày {form.day:%d/%m/%Y} không thuộc sổ năm {year}"
    if worth is None:
        yield f"{where}: không nêu đơn vị tính; ghi 'Đơn vị tính: triệu đồng' (hoặc đồng) ở dòng trên bảng"
    if (form.day or not _is_of_paid(form)) and programme is None:
        yield f"{where}: chưa rõ vốn của năm nào; ghi --fund-year, ví dụ --fund-year {year}"


def _fund_year(form: Form, answers: Answers) -> int | None:
    """Return the year of the funds of a table: as it is answered, or as its title says; None where it does not."""
    if answers.fund_year or _is_carried(form.title):
        return answers.fund_year
    if form.day:
        return form.day.year
    years = {int(found) for found in re.findall(r"nam (20[0-9]{2})", simple(form.title))}
    return years.pop() if len(years) == 1 else None


def _unknown_sources(form: Form, programme: Programme) -> Iterator[str]:
    """Yield what to say of columns of sources that the programme of the year does not have by that name."""
    known = {source.code for source in programme.sources} | {"unsplit"}
    for heading in form.headings:
        if "@" in heading.name and heading.name.partition("@")[2] not in known:
            yield (
                f"{named_place(form.table)}, {heading.said}: chương trình của nguồn vốn này có các nguồn khác "
                f"({', '.join(source.name for source in programme.sources)}); nhập tay ở sổ"
            )


def _is_carried(title: str) -> bool:
    return any(words in simple(title) for words in _CARRIED)


def _row(code: str, heading: str, year: int) -> tuple[tuple[str, Any], ...]:
    """Return the row of a content and source; the form is that of the unit that reports, whose code stays blank."""
    source = heading.partition("@")[2]
    return ("project_code", code), ("source", source), ("fund_year", year), ("unit_code", "")


def _contents(lines: Sequence[Line], programme: Programme, answers: Mapping[str, str]) -> tuple[dict[int, str], Places]:
    """Return the codes of the contents that rows name, by row, and by their words for the plan.

    A name says it and, where that says nothing, a number; a project and its part may bear one name.
    """
    given = {simple(name): code for name, code in answers.items()}
    known = {content.code for content in programme.contents}
    codes: dict[int, str] = {}
    shown: dict[str, str] = {}
    unknown: dict[str, str] = {}
    left_out: list[str] = []
    for line in lines:
        name = simple(line.name)
        if given.get(name) == LEFT_OUT or re.fullmatch(declared()["totals"], name):
            left_out.append(line.name)
            continue
        code = given.get(name) or _code(line, programme, next(reversed(codes.values()), ""))
        if code in known:
            codes[line.row] = shown[f"{line.number} {shortened(line.name)}".strip()] = code
        else:
            unknown[f"{line.row}"] = (
                f"dòng {line.row}: chưa rõ {line.name!r} là dự án nào; ghi --unit {option(line.name)} "
                f"với mã ở trang 'Danh mục', hoặc --unit {option(line.name, LEFT_OUT)} để bỏ qua"
            )
    return codes, Places(shown, unknown, tuple(left_out))


def _code(line: Line, programme: Programme, last: str) -> str:
    """Return the code of the content that a row names; "" where its name and its numbers do not say just one."""
    name = simple(line.name)
    prefix = _PART.match(name)
    rest = name[prefix.end() :] if prefix else name
    by_name = {one.code for one in programme.contents if rest and _words(one) == rest}
    if len(by_name) > 1:  # a project and its first part may bear one name
        is_sub = (prefix and prefix["kind"] in _SUB) or "." in line.number
        by_name = {one.code for one in programme.contents if one.code in by_name and bool(one.parent) == bool(is_sub)}
    by_number = _numbered(prefix, last, programme) if prefix and prefix["number"] else ""
    if not by_name:
        return by_number
    return by_name.pop() if len(by_name) == 1 and (not by_number or by_number in by_name) else ""


def _words(content: Content) -> str:
    return simple(content.name)


def _numbered(prefix: re.Match[str], last: str, programme: Programme) -> str:
    """Return the code that "Dự án 3", "Tiểu dự án 3.1" or, below Dự án 3, "Tiểu dự án 1" says.

    What is below what, the contents say; a number that is whole is the code, as forms write it with its dot. Of a part
    that the content above does not have it is a code that none has, "3/9": the name beside it is then in doubt.
    """
    said = prefix["number"].replace(" ", ".")
    if prefix["kind"] not in _SUB or "." in said:
        return said
    top = _top(last, programme)
    parts = {one.label.rpartition(" ")[2]: one.code for one in programme.contents if one.parent == top}
    return parts.get(said, f"{top}/{said}") if top else ""


def _top(code: str, programme: Programme) -> str:
    """Return the content just below the programme of which a content is a part; "" of none."""
    content = programme.content(code)
    while content is not None and content.parent:
        content = programme.content(content.parent)
    return content.code if content is not None else ""


def _amounts(
    form: Form, codes: Mapping[int, str], worth: tuple[int, str], errors: list[str]
) -> Iterator[tuple[tuple[str, str], tuple[int, tuple[int, int]]]]:
    """Yield the amounts of the rows that are known; what cannot be read, or stands twice, is an error."""
    told: set[tuple[str, str]] = set()
    for line in (line for line in form.lines if line.row in codes):
        for heading in (one for one in form.headings if one.name):
            value = form.table.value(line.row, heading.column)
            if not seen(value) or seen(value) in NOTHING:
                continue
            place = form.table.place(line.row, heading.column)
            try:
                amount = _dong(value, worth)
            except CellError as error:
                errors.append(f"{place}: có {seen(number_text(value))!r}; cần {error.needed}")
                continue
            key = (codes[line.row], heading.name)
            if key in told:
                errors.append(f"{place}: {codes[line.row]} đã có ở dòng trên; cần mỗi dự án một dòng")
            told.add(key)
            yield key, (amount, (line.row, heading.column))


def _dong(value: Any, worth: tuple[int, str]) -> int:
    """Return an amount in đồng; a number has at most the digits that Excel keeps. Raises CellError."""
    column = table("disbursements").column("disbursed_vnd")
    times, word = worth
    if isinstance(as_shown(value), int | float) and not isinstance(value, bool):
        exact = Decimal(str(value)) * times
        whole = exact.to_integral_value()
        return int(cell_value(int(whole) if exact == whole else float(exact), column).value)
    return int(cell_value(f"{number_text(value)} {word}".strip(), column).value)


def _parts(code: str, heading: str, amounts: Amounts, programme: Programme) -> list[str]:
    """Return the contents below another that have amounts under a heading."""
    return [one.code for one in programme.contents if one.parent == code and (one.code, heading) in amounts]


def _is_sum(heading: str, code: str, amounts: Amounts) -> bool:
    """Return whether a heading is the total of sources that have columns of their own."""
    return heading.endswith("@unsplit") and bool(_sources(heading, code, amounts))


def _sources(heading: str, code: str, amounts: Amounts) -> list[int]:
    """Return the amounts of the sources of which a heading is the total."""
    column = heading.partition("@")[0]
    return [
        amount
        for (own, other), (amount, _) in amounts.items()
        if own == code and other != heading and other.partition("@")[0] == column
    ]


def _unequal_totals(form: Form, amounts: Amounts, programme: Programme, worth: tuple[int, str]) -> Iterator[str]:
    """Yield what to say of rows of totals that are not the sum of the contents: one of these may not have been read."""
    for line in (line for line in form.lines if re.fullmatch(declared()["totals"], simple(line.name))):
        for heading in (one for one in form.headings if one.name):
            value = form.table.value(line.row, heading.column)
            try:
                total = _dong(value, worth) if seen(value) and seen(value) not in NOTHING else None
            except CellError:
                continue  # it is not written anywhere
            summed = sum(
                amount
                for (code, name), (amount, _) in amounts.items()
                if name == heading.name and not _parts(code, name, amounts, programme)
            )
            if total is not None and total != summed:
                place = form.table.place(line.row, heading.column)
                yield f"{place}: dòng cộng ghi {total} đồng, các dự án cộng lại là {summed} đồng; không ghi dòng cộng"


def _unequal(form: Form, amounts: Amounts, programme: Programme) -> Iterator[str]:
    """Yield what to say of sums that are not those of their parts."""
    for (code, heading), (value, cell) in amounts.items():
        parts = _parts(code, heading, amounts, programme)
        sums = [sum(amounts[part, heading][0] for part in parts)] if parts else []
        if _is_sum(heading, code, amounts):
            sums.append(sum(_sources(heading, code, amounts)))
        for total in (total for total in sums if total != value):
            yield f"{form.table.place(*cell)}: ghi {value} đồng, các phần cộng lại là {total} đồng; tổng không được ghi"
