"""The errors of this package: what is wrong, for a person, never a traceback."""

import errno
from pathlib import Path
from typing import Any

_REASONS = {
    errno.ENOSPC: "đĩa đầy",
    errno.EDQUOT: "hết dung lượng được cấp",
    errno.EFBIG: "tệp lớn quá mức cho phép",
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.EIO: "ổ đĩa đọc, ghi lỗi",
    errno.ENOENT: "không còn ở đó",
    errno.ENOTDIR: "có tệp trùng tên thư mục",
    errno.EEXIST: "có tệp trùng tên thư mục",
    errno.ENOTEMPTY: "thư mục không rỗng",
    errno.EISDIR: "là thư mục, không phải tệp",
    errno.EBADF: "đã đóng",
    errno.EMFILE: "mở quá nhiều tệp cùng lúc (giới hạn ulimit -n của máy)",
    errno.ENFILE: "mở quá nhiều tệp cùng lúc",
    errno.EBUSY: "đang mở ở chương trình khác",
    errno.ELOOP: "liên kết dẫn vòng về chính nó",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ENOMEM: "thiếu bộ nhớ",
}
"""What officers meet; the rest is said as the system says it."""

_SHARING_VIOLATION = 32
"""What Windows says of a file that is open elsewhere, beside EACCES."""


class GiamngheoError(Exception):
    """The work cannot go on; the message says what is wrong and what to do."""

    exit_status = 1

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how the error goes from process to process: with the words that it was raised with."""
        return _restored, (type(self), self.args, self.__dict__)

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows below a cell: the sentence, which a traceback of forty lines would hide."""
        return [str(self)]


class WrongUseError(GiamngheoError):
    """The command or the parameters are wrong, whatever the data says."""

    exit_status = 2


def _restored(cls: type[GiamngheoError], words: tuple[Any, ...], state: dict[str, Any]) -> GiamngheoError:
    error = cls.__new__(cls, *words)
    error.__dict__.update(state)
    return error


class MachineError(GiamngheoError):
    """The machine does not let a report be made: the disk or the folder of temporary files, mostly."""

    def __init__(self, error: OSError) -> None:
        where = f" ({error.filename})" if error.filename else ""
        super().__init__(
            f"Máy không cho lập báo cáo: {reason(error)}{where}. Kiểm tra dung lượng đĩa và quyền ghi vào thư mục tạm"
            " (biến môi trường TMPDIR hoặc TEMP) rồi chạy lại; báo cáo cũ còn nguyên."
        )


def shown(name: object) -> str:
    """Return a name or path as a message has it: what a terminal would obey, or could not show, is spelt out."""
    text = str(name)
    return text if text.isprintable() else repr(text)


def reason(error: OSError) -> str:
    """Return why the system refused something, in Vietnamese where officers meet it."""
    if getattr(error, "winerror", None) == _SHARING_VIOLATION:
        return _REASONS[errno.EBUSY]
    return _REASONS.get(error.errno or 0, error.strerror or str(error))


class UnreadableError(GiamngheoError):
    """A folder or file of the data is there, but not for this user or not now."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.why = reason(error)
        super().__init__(
            f"Không đọc được {shown(path)}: {self.why}. Kiểm tra quyền đọc, ổ đĩa hoặc thư mục mạng rồi chạy lại."
        )


class TooLargeError(UnreadableError):
    """A file has more bytes than one of its kind: it would fill the memory or the disk, or be read for hours."""

    def __init__(self, path: Path, most: int) -> None:
        self.why = f"tệp lớn hơn {most // 1_000_000} MB"
        GiamngheoError.__init__(self, f"Không đọc {shown(path)}: {self.why}.")
