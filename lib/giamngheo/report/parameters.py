"""Parameters of a notebook as papermill gives them: a text that looks like a number or None is no text any more."""

from collections.abc import Collection

from giamngheo.core.errors import WrongUseError

AUDIENCES = ("internal", "public")


class UnknownAudienceError(WrongUseError):
    """The audience is neither internal nor public."""

    def __init__(self, audience: str) -> None:
        super().__init__(f"Đối tượng {audience!r} không có; ghi 'internal' (nội bộ) hoặc 'public' (công khai).")


class UnknownChoiceError(WrongUseError):
    """A parameter names a year, a project or an indicator that there is not."""

    def __init__(self, what: str, found: object, known: Collection[object]) -> None:
        super().__init__(f"{what} {found!r} không có; các giá trị có: {', '.join(map(str, known))}.")


def as_written(*values: object) -> list[str]:
    """Return the texts of parameters: `-p period 2023` gives a number, `-p period None` gives None."""
    return [str(value) for value in values]


def as_audience(value: object) -> str:
    """Return the audience that a parameter names. Raises UnknownAudienceError."""
    if value not in AUDIENCES:
        raise UnknownAudienceError(str(value))
    return str(value)


def as_code(value: object, known: Collection[str]) -> str:
    """Return the code that a parameter names; a number is the one known code that it writes without leading zeros."""
    same = [code for code in known if code.isdecimal() and isinstance(value, int) and int(code) == value]
    return same[0] if len(same) == 1 else str(value)


def chosen_code(what: str, value: object, known: Collection[str]) -> str:
    """Return the known code that a parameter names. Raises UnknownChoiceError."""
    code = as_code(value, known)
    if code not in known:
        raise UnknownChoiceError(what, value, known)
    return code
