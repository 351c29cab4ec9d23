"""The errors of this package: what is wrong, for a person, never a traceback."""

import errno

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
    errno.EISDIR: "là thư mục, không phải tệp",
    errno.EBUSY: "đang mở ở chương trình khác",
}
"""What officers meet; the rest is said as the system says it."""

_SHARING_VIOLATION = 32
"""What Windows says of a file that is open elsewhere, beside EACCES."""


class GiamngheoError(Exception):
    """The work cannot go on; the message says what is wrong and what to do."""

    exit_status = 1


class WrongUseError(GiamngheoError):
    """The command or the parameters are wrong, whatever the data says."""

    exit_status = 2


def reason(error: OSError) -> str:
    """Why the system refused something, in Vietnamese where it is among what officers meet."""
    if getattr(error, "winerror", None) == _SHARING_VIOLATION:
        return _REASONS[errno.EBUSY]
    return _REASONS.get(error.errno or 0, error.strerror or str(error))
