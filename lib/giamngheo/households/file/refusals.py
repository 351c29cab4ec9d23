"""Why a household file cannot be used.

No message holds a value of the file: it could name a household.
"""

from collections.abc import Sequence
from pathlib import Path

from giamngheo.core.errors import GiamngheoError

GUIDE = "docs/households.md"


class HouseholdFileError(GiamngheoError):
    """The household file cannot be used."""


class UnreadableHouseholdFileError(HouseholdFileError):
    """The file is no CSV, Parquet or XLSX file that can be read."""

    def __init__(self, path: Path, found: str) -> None:
        super().__init__(f"{path.name}: {found}; cần tệp CSV (UTF-8), Parquet hoặc XLSX với các cột như {GUIDE}.")


class LegacyEncodingError(HouseholdFileError):
    """The file is written in an encoding from before Unicode."""

    def __init__(self, path: Path, encoding: str, line: int) -> None:
        super().__init__(
            f"{path.name}, dòng {line}: chữ Việt viết bằng bảng mã {encoding}; "
            "cần Unicode (UTF-8). Hãy chuyển mã (ví dụ UniKey: Ctrl+Shift+F6) hoặc lưu lại "
            "từ Excel dạng 'CSV UTF-8', rồi chạy lại."
        )


class HouseholdColumnsError(HouseholdFileError):
    """The header lacks columns or has one twice."""

    def __init__(self, path: Path, missing: Sequence[str], repeated: Sequence[str]) -> None:
        lacks = [f"thiếu cột {header}" for header in missing]
        twice = [f"cột {header!r} có hai lần" for header in repeated]
        super().__init__(f"{path.name}: {'; '.join([*lacks, *twice])}; cần các cột như {GUIDE}.")


class SeveralTablesError(HouseholdFileError):
    """Sheets of one workbook hold households, and do not belong together for certain."""

    def __init__(self, path: Path, sheets: Sequence[str], hidden: Sequence[str]) -> None:
        named = ", ".join(f"{sheet!r}" for sheet in sheets)
        why = f"trong đó {', '.join(f'{sheet!r}' for sheet in hidden)} bị ẩn" if hidden else "với các cột khác nhau"
        super().__init__(
            f"{path.name}: các trang {named} đều có bảng hộ, {why}; không rõ cần đọc trang nào. Hãy lưu một bản sao "
            "chỉ gồm những trang cần đọc, không ẩn, cùng các cột, rồi chạy lại với bản sao đó."
        )
