"""Parameters of a notebook as papermill gives them: a text that looks like a number or None is no text any more."""

from collections.abc import Collection


def as_written(*values: object) -> list[str]:
    """Return the texts of parameters: `-p period 2023` gives a number, `-p period None` gives None."""
    return [str(value) for value in values]


def as_code(value: object, known: Collection[str]) -> str:
    """Return the code that a parameter names; a number is the one known code that it writes without leading zeros."""
    same = [code for code in known if code.isdecimal() and isinstance(value, int) and int(code) == value]
    return same[0] if len(same) == 1 else str(value)
