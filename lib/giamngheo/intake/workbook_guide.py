"""The data dictionary of the workbook, docs/workbook.md, written from its schema and from what the reader reads."""

from giamngheo.intake.cells import cell_value
from giamngheo.intake.markup_scan import MOST_ROWS
from giamngheo.intake.schema import Column, Table, choices, guide, tables
from giamngheo.intake.template import CODES_SHEET
from giamngheo.intake.typed_number import CellError

_KINDS = {
    "text": "chữ",
    "code": "mã",
    "choice": "danh mục",
    "date": "ngày",
    "year": "năm",
    "period": "kỳ báo cáo",
    "count": "số nguyên",
    "money": "số nguyên",
}
_LISTS = {"units": "trang Đơn vị", "projects": f"trang {CODES_SHEET}"}

_COUNT = Column("count", "số hộ", "count", "", unit="hộ")
_MONEY = Column("money", "số tiền", "money", "", unit="đồng")
_DATE = Column("date", "ngày", "date", "")
_EXAMPLES = (
    (_COUNT, ("2.859", "2,859", "2 859", "2859 hộ", "12,5", "khoảng 2859", "1e3", "-5")),
    (_MONEY, ("4.569.482.000", "4.569,482 triệu", "4,5 tỷ đồng", "4.569,482", "71.972")),
    (_DATE, ("31/12/2022", "31-12-2022", "2022-12-31", "ngày 31 tháng 12 năm 2022", "12/31/2022", "31/12/22")),
)
"""What people type into cells formatted as text; what is said of it is what the reader does with it."""

_INTRODUCTION = """# Sổ tính

Tệp này do `giamngheo.intake.workbook_guide` viết từ `workbook.toml`, nơi sổ trắng, trình đọc và các thông báo cũng
lấy; đừng sửa ở đây. Mỗi đơn vị mỗi năm một sổ, `data/<đơn vị>/<năm>.xlsx`; làm sổ mới bằng `giamngheo new`, kiểm tra
bằng `giamngheo validate`.

## Cách ghi chung

"""
_TYPING = f"""
## Để trống khác ghi 0

Ô để trống là *chưa biết*; ô ghi 0 là *biết chắc bằng không*. Tổng có ô trống thì cũng chưa biết: báo cáo bỏ câu,
bảng cần số ấy chứ không tính như 0. Dòng để trống mọi ô được bỏ qua. Ô bắt buộc để trống là lỗi.

## Ghi số và ngày

Ghi số, ngày như mọi ô Excel; mỗi trang nhiều nhất {MOST_ROWS // 1000}.000 dòng. Số, ngày gõ thành chữ (thường do sao
chép từ Word, tin nhắn) vẫn được nhận khi chỉ có một cách hiểu; không thì báo lỗi và nêu cần gì:

| Cột | Gõ | Đọc là |
|---|---|---|
"""
_AFTER_TYPING = """
Công thức được, miễn đã tính: mở bằng Excel hoặc LibreOffice rồi lưu. Ô gộp, ô có `#REF!`, `#N/A` là lỗi. Dòng bắt đầu
bằng *Cộng*, *Tổng*, *Ghi chú*, *Nguồn*, *Người lập* không được đọc. Cột lạ bên phải bảng được bỏ qua.

## Các trang
"""
_HEAD = """| Tiêu đề | Kiểu | Đơn vị tính | Cần | Ý nghĩa | Căn cứ riêng | Tên trong chương trình |
|---|---|---|---|---|---|---|
"""


def workbook_guide() -> str:
    """The text of docs/workbook.md."""
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(guide("unit").steps, start=1))
    return "".join(
        (_INTRODUCTION, steps, "\n", _TYPING, _examples(), _AFTER_TYPING, *(_sheet(table) for table in tables()))
    )


def _examples() -> str:
    rows = ((column, typed) for column, entries in _EXAMPLES for typed in entries)
    return "".join(f"| {column.header} | `{typed}` | {_read(typed, column)} |\n" for column, typed in rows)


def _read(typed: str, column: Column) -> str:
    try:
        value = cell_value(typed, column).value
    except CellError as error:
        return f"*lỗi*: cần {error}"
    return f"{value:%d/%m/%Y}" if column.kind == "date" else f"{value}"


def _sheet(table: Table) -> str:
    rows = "".join(_line(column) for column in table.columns)
    return f"\n### {table.sheet}\n\n{table.title}. {table.hint}{_law(table)}{_layout(table)}\n\n{_HEAD}{rows}"


def _law(table: Table) -> str:
    return f" Căn cứ: {table.law}." if table.law else ""


def _layout(table: Table) -> str:
    if table.layout == "record":
        return "\n\nMỗi mục một dòng: tên mục ở cột A, nội dung ghi ở cột B."
    headers = ", ".join(f"*{table.column(name).header}*" for name in table.key)
    return f"\n\nKhông có hai dòng trùng nhau về {headers}." if headers else ""


def _line(column: Column) -> str:
    need = "bắt buộc" if column.required else ""
    cells = (column.header, _kind(column), column.unit, need, column.meaning, column.law, f"`{column.name}`")
    return f"| {' | '.join(cells)} |\n"


def _kind(column: Column) -> str:
    if column.kind == "choice":
        return f"{_KINDS[column.kind]}: {'; '.join(choices(column.choices).values())}"
    return f"{_KINDS[column.kind]}, chọn ở {_LISTS[column.choices]}" if column.choices else _KINDS[column.kind]
