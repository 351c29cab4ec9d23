"""What the exporters cannot write, and why."""

from nbconvert.utils.exceptions import ConversionException

from giamngheo.core.errors import GiamngheoError


class RefusedExportError(GiamngheoError, ConversionException):
    """A notebook cannot be written as a document; nbconvert knows this kind of error and ends with exit status 1."""


class UnexecutedNotebookError(RefusedExportError):
    """Some cells of the notebook did not run, so that its document would lack what they say."""

    def __init__(self, cells: list[int]) -> None:
        super().__init__(
            f"Sổ tay còn {len(cells)} ô mã chưa chạy (ô số {', '.join(map(str, cells))});"
            " hãy chạy tất cả các ô (Run All), lưu lại rồi xuất."
        )


class FailedNotebookError(RefusedExportError):
    """A cell of the notebook failed."""

    def __init__(self, cell: int, reason: str) -> None:
        super().__init__(
            f"Ô số {cell} của sổ tay bị lỗi: {reason.rstrip('.')}. Hãy sửa, chạy lại tất cả các ô rồi xuất."
        )


class UnwritableDocumentError(RefusedExportError):
    """The program that writes a format failed on the document."""

    def __init__(self, form: str, reason: str) -> None:
        super().__init__(
            f"Không ghi được tệp {form} từ sổ tay này ({reason}). Hãy xuất định dạng khác, hoặc bớt nội dung của ô"
            " lớn nhất rồi xuất lại."
        )


class EndlessFormulaError(RefusedExportError):
    """Formulas of the notebook are not read in bounded time."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"Công thức trong sổ tay lồng quá nhiều lớp, đọc {seconds} giây chưa xong. Hãy viết gọn lại công thức rồi"
            " xuất."
        )


class NoGlyphError(RefusedExportError):
    """No font of a report has a letter: a box would stand in its place."""

    def __init__(self, letters: str) -> None:
        super().__init__(
            f"Không phông chữ nào của báo cáo có ký tự “{letters}”: trong PDF sẽ là ô trống; giamngheo validate nêu"
            " ô của sổ tính có ký tự ấy, hãy gõ lại ở đó."
        )


class BadImageError(Exception):
    """An image cannot be shown; the message says why, for the place where it would stand."""
