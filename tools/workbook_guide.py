"""The data dictionary of the workbook, docs/workbook.md, written from its schema, the reader and the checks."""

from collections.abc import Iterator, Sequence

from giamngheo.checks.check import Check
from giamngheo.checks.consistency import CHECKS
from giamngheo.core.finding import SEVERITIES, Severity
from giamngheo.regulation.programme import NATIONAL
from giamngheo.workbook.read.cells import cell_value
from giamngheo.workbook.read.typed import CellError
from giamngheo.workbook.schema import SOURCES, Column, ColumnKind, Table, choices, guide, tables
from tools.reader_codes import COLLECTOR_CODES, READER_CODES, Code

_KINDS: dict[ColumnKind, str] = {
    "text": "chữ",
    "code": "mã",
    "choice": "danh mục",
    "date": "ngày",
    "year": "năm",
    "period": "kỳ",
    "count": "số nguyên",
    "money": "đồng, số nguyên",
    "percent": "phần trăm",
}
_LISTS = {"units": "một mã của trang *Đơn vị*", "projects": "một mã của trang *Danh mục*"}
_EXAMPLES: dict[tuple[ColumnKind, str], tuple[str, ...]] = {
    ("count", "hộ"): ("71972", "71.972", "71,972", "12 hộ", "１２", "12,000", "12,5", "-5", "1e3", "khoảng 12"),
    ("money", "đồng"): (
        "4569482000",
        "4.569.482.000",
        "4.569,482 triệu đồng",
        "1,5 tỷ",
        "4 tỷ 569 triệu đồng",
        "4.569,482",
        "42.218",
    ),
    ("percent", "%"): ("41,06", "41.06%", "100", "412", "khoảng 5"),
    ("date", ""): (
        *("31/12/2022", "31-12-2022", "31.12.2022", "2022-12-31", "ngày 31 tháng 12 năm 2022"),
        *("12/31/2022", "31/12/22", "tháng 12"),
    ),
    ("year", ""): ("2023", "23"),
    ("period", ""): ("2023-08", "2023-Q3", "2023-H1", "2023-9M", "2023", "8/2023"),
}
"""Texts as people type them, by kind and unit; what is said of each is what the reader makes of it."""

_INTRODUCTION = """# Sổ số liệu

Tệp này do `tools/workbook_guide.py` viết từ `workbook/workbook.toml`, bộ đọc và các quy tắc kiểm tra; đừng sửa
ở đây. Sổ trống của một đơn vị: `giamngheo new ĐƠN-VỊ NĂM`; kiểm tra sổ: `giamngheo validate ĐƠN-VỊ KỲ`.

## Cách ghi
"""
_TYPING = """
## Gõ số, ngày, kỳ

Ô định dạng số hoặc ngày được đọc đúng như đã ghi. Chữ được đọc thành số hoặc ngày khi chỉ có một cách hiểu, kèm một
lưu ý `typed-as-text`; còn lại là lỗi. Dưới đây là kết quả đọc thật của từng cách gõ vào ô dạng chữ.

| Kiểu | Gõ | Đọc là |
|---|---|---|
"""
_BLANK = """
## Ô trống không phải là 0

Ô trống là *chưa có số liệu*, 0 là *biết chắc bằng không*. Tổng có một ô trống thì cũng để trống; quy tắc nào cần số ở
một ô trống thì không xét dòng đó. Cột *bắt buộc* mà trống là lỗi `blank-cell`. Dòng trống hoàn toàn được bỏ qua; ô chỉ
có dấu cách là ô trống. Thiếu cả một cột không bắt buộc chỉ là lưu ý.
"""
_SHEETS = """
## Các trang

Tiêu đề cột viết hoa hay thường, thừa dấu cách vẫn nhận; thứ tự cột tùy ý. Tên trong chương trình là tên
cột khi dùng sổ bằng Python.
"""
_COLUMNS = """
| Tiêu đề | Kiểu | Đơn vị tính | Cần | Ý nghĩa | Căn cứ | Tên trong chương trình |
|---|---|---|---|---|---|---|
"""
_FINDINGS = """
## Kết quả kiểm tra

Mỗi kết quả có một mã không đổi, một mức độ, tệp, trang, ô, điều đang ghi, điều cần ghi và căn cứ.

| Mức độ | Nghĩa là |
|---|---|
"""
_MEANINGS: dict[Severity, str] = {
    "error": "Không lập báo cáo cho đến khi sửa",
    "warning": "Vẫn lập báo cáo, kèm ghi chú; nên sửa hoặc giải thích",
    "explained": "Mâu thuẫn đã giải trình ở trang Giải trình: không ngăn báo cáo, in ở phụ lục cùng giải trình",
    "info": "Nên biết; không cần sửa",
}
_CODES_HEAD = "\n| Mã | Mức độ | {subject} | Căn cứ |\n|---|---|---|---|\n"


def workbook_guide() -> str:
    """Markdown of docs/workbook.md: how to type, every sheet and column, every code of a finding."""
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(guide("unit").steps, start=1))
    sheets = "\n".join(_sheet(entry) for entry in tables())
    return (
        f"{_INTRODUCTION}\n{steps}\n{_TYPING}{_lines(_typed())}{_BLANK}{_SHEETS}\n{sheets}{_FINDINGS}"
        f"{_lines((_severity(name), _MEANINGS[name]) for name in SEVERITIES)}{_codes()}"
    )


def _lines(rows: Iterator[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _typed() -> Iterator[Sequence[str]]:
    for (kind, unit), examples in _EXAMPLES.items():
        column = Column("example", "", kind, "", unit=unit)
        yield from ((_KINDS[kind], f"`{example}`", _read(example, column)) for example in examples)


def _read(example: str, column: Column) -> str:
    """Return what the reader makes of a text in a cell of the column."""
    try:
        value = cell_value(example, column).value
    except CellError as error:
        return f"không nhận; cần {error.needed.said()}"
    return f"{value:%d/%m/%Y}" if column.kind == "date" else str(value)


def _sheet(entry: Table) -> str:
    facts = {
        "Căn cứ": entry.law,
        "Không có hai dòng cùng": ", ".join(entry.column(name).header for name in entry.key),
        "Cách bày": "mỗi mục một dòng, ghi ở cột B" if entry.layout == "record" else "",
    }
    told = "".join(f"\n{label}: {words}.\n" for label, words in facts.items() if words)
    columns = _lines(_column(column) for column in entry.columns)
    return f"### {entry.sheet}\n\n{entry.title}. {entry.hint}\n{told}{_COLUMNS}{columns}"


def _column(column: Column) -> Sequence[str]:
    need = "bắt buộc" if column.required else ""
    return column.header, _kind(column), column.unit, need, column.meaning, column.law, f"`{column.name}`"


def _kind(column: Column) -> str:
    return _KINDS[column.kind] + (f": {_listed(column)}" if column.choices else "")


def _listed(column: Column) -> str:
    """Return what a column may hold: of sources of funds, those of the budget of each programme."""
    if column.choices not in SOURCES:
        return _LISTS.get(column.choices) or ", ".join(choices(column.choices).values())
    is_beyond = column.choices == "mobilised_source"
    of_programmes = [
        f"{', '.join(names)} (vốn từ năm {one.begins.year})"
        for one in NATIONAL.programmes()
        if (names := [source.name for source in one.sources if source.mobilised == is_beyond])
    ]
    rest = choices(column.choices).keys() - NATIONAL.source_words().values()
    return "; ".join([*of_programmes, *(choices(column.choices)[code] for code in sorted(rest))])


def _severity(name: Severity) -> str:
    return SEVERITIES[name].said()


def _of(check: Check) -> str:
    """Return the severity of a check, and whether what it finds can be explained."""
    return _severity(check.severity) + ("; giải trình được" if check.explainable else "")


def _codes() -> str:
    """Every code: those of the reader and the collector say what was found, those of checks what must hold."""
    checks = ((f"`{check.code}`", _of(check), check.title.said(), check.ground.said()) for check in CHECKS)
    return (
        f"\n### Khi đọc sổ\n{_CODES_HEAD.format(subject='Khi')}{_lines(map(_code, READER_CODES))}"
        f"\n### Khi gộp sổ của các xã (`giamngheo collect`)\n{_CODES_HEAD.format(subject='Khi')}"
        f"{_lines(map(_code, COLLECTOR_CODES))}"
        f"\n### Khi xét số liệu\n{_CODES_HEAD.format(subject='Điều phải đúng')}{_lines(checks)}"
    )


def _code(entry: Code) -> Sequence[str]:
    severities = " hoặc ".join(_severity(name) for name in entry.severities)
    return f"`{entry.code}`", severities, entry.when, entry.ground
