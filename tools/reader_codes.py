"""The findings of no check: what the reader says of a file and its cells, and what collecting says."""

from dataclasses import dataclass

from giamngheo.core.finding import Severity


@dataclass(frozen=True)
class Code:
    """A stable code with its severities, when it is said and why that matters (Vietnamese, for officers)."""

    code: str
    severities: tuple[Severity, ...]
    when: str
    ground: str


_SURE = "số không rõ thì không đoán"
_FORM = "sổ theo mẫu của `giamngheo new`"
_SEEN = "người đọc sổ phải thấy mọi số được tính"

READER_CODES = (
    Code("unreadable-file", ("error",), "tệp không phải sổ .xlsx, có mật khẩu, bị hỏng, bị cắt hoặc quá lớn", _FORM),
    Code("macros", ("info",), "sổ có macro; macro không bao giờ được chạy", "sổ chỉ chứa số liệu"),
    Code("missing-sheet", ("error",), "thiếu một trang bắt buộc, hoặc trang đã bị đổi tên", _FORM),
    Code("copied-sheet", ("warning",), "bản sao của một trang, ví dụ 'Giải ngân (2)', có số mà không được đọc", _SEEN),
    Code("missing-header", ("error",), "mười dòng đầu của trang không có dòng tiêu đề", _FORM),
    Code("missing-column", ("error", "info"), "thiếu một cột: lỗi khi cột bắt buộc hoặc đã bị đổi tên", _FORM),
    Code("repeated-column", ("error",), "một tiêu đề đứng ở hai cột", "mỗi số liệu ghi một lần"),
    Code("hidden-sheet", ("warning",), "trang bị ẩn mà số liệu vẫn được tính", _SEEN),
    Code("hidden-column", ("warning",), "cột bị ẩn mà số liệu vẫn được tính", _SEEN),
    Code("hidden-row", ("warning",), "dòng bị ẩn mà số liệu vẫn được tính", _SEEN),
    Code("filtered-rows", ("info",), "bộ lọc đang giấu các dòng mà số liệu vẫn được tính", _SEEN),
    Code("skipped-row", ("info",), "dòng cộng hoặc ghi chú trong bảng, không được đọc", "tổng do chương trình tính"),
    Code(
        "units-without-top", ("error",), "các đơn vị xếp vòng, hoặc hơn 20 cấp", "đơn vị thuộc một đơn vị cấp cao hơn"
    ),
    Code("rows-too-far", ("error",), "có số liệu dưới dòng 20.000", "sổ của một tỉnh 200 xã, ba năm không dài đến thế"),
    Code("merged-cells", ("error",), "ô gộp trong bảng", "mỗi ô một giá trị"),
    Code("uncalculated-formula", ("error",), "công thức chưa được tính", _SURE),
    Code(
        "legacy-text",
        ("error", "warning"),
        "chữ gõ bằng phông cũ TCVN3 hoặc VNI: lỗi ở tiêu đề, còn lại được đọc ra",
        "báo cáo in chữ Unicode TCVN 6909:2001",
    ),
    Code("blank-cell", ("error",), "ô của cột bắt buộc để trống", "ô trống không phải là 0"),
    Code("bad-cell", ("error",), "ô không đọc được theo kiểu của cột", _SURE),
    Code("amounts-in-millions", ("error",), "cột tiền có số lẻ và phần lớn dưới một triệu: ghi bằng triệu đồng", _SURE),
    Code("unknown-letter", ("error",), "chữ mà phông chữ của báo cáo không có", "báo cáo không in ô vuông thay chữ"),
    Code("typed-as-text", ("info",), "số hoặc ngày gõ dạng chữ, đọc được một cách duy nhất", _SURE),
)

COLLECTOR_CODES = (
    Code("unknown-unit", ("error",), "tệp gửi đến có đơn vị mà sổ không liệt kê", "danh mục đơn vị của trang Đơn vị"),
    Code("contradiction", ("error",), "hai tệp ghi khác nhau cho cùng một ô; không lấy số nào", _SURE),
    Code(
        "another-unit",
        ("error",),
        "dòng mang mã của đơn vị khác, hoặc của huyện, so với trang Đơn vị của tệp gửi đến",
        "mỗi đơn vị gửi một tệp",
    ),
    Code(
        "another-year",
        ("warning", "error"),
        "dòng có ngày của năm khác, ghi khác sổ; là lỗi khi dùng `--replace`",
        "không xóa số đã có khi chưa được yêu cầu",
    ),
    Code(
        "own-content",
        ("error",),
        "nội dung xã ghi thêm ở trang Danh mục của tệp không có tên hoặc không thuộc nội dung nào",
        "Chương trình mà năm của nguồn vốn thuộc về",
    ),
    Code(
        "content-of-commune",
        ("info",),
        "vốn của nội dung chỉ có trong tệp của xã được cộng vào nội dung cấp trên mà danh mục của sổ có",
        "tổng bằng các phần cộng lại",
    ),
    Code(
        "sent-in-parts",
        ("info",),
        "một dòng có trong hai tệp, mỗi tệp ghi một phần số liệu: số của cả hai được ghi",
        "ô trống không phải là 0",
    ),
    Code("sent-twice", ("info",), "một dòng có trong hai tệp, ghi giống nhau", "mỗi đơn vị gửi một tệp"),
    Code(
        "differs-from-workbook",
        ("warning", "info"),
        "số gửi đến khác số đang có trong sổ; chỉ ghi đè (lưu ý) khi dùng `--replace`",
        "không xóa số đã có khi chưa được yêu cầu",
    ),
    Code(
        "not-sent-again",
        ("warning",),
        "dòng đã có trong sổ của một đơn vị mà tệp đơn vị gửi không có: dòng vốn giao, dòng của cùng lần chốt hoặc của"
        " lần chốt sau; dòng ấy ở lại và được tính cùng các dòng gửi đến",
        "tổng bằng các phần cộng lại",
    ),
)
