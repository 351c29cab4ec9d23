"""Widths and type size of a table, so that no word of it is wider than its column on an A4 page."""

from collections.abc import Iterable, Sequence

TEXT_WIDTH_PT = 467.0
"""Width of the text on an A4 page with margins of 30 and 15 mm."""

_PADDING_PT = 7.0

_LONGEST_WORD_PT = 90.0


def type_size(columns: int) -> int:
    """Type size in points of a table with so many columns."""
    return next((size for most, size in ((6, 12), (8, 10), (10, 9)) if columns <= most), 8)


def shares(preferred: Sequence[float], texts: Sequence[Iterable[str]]) -> list[float]:
    """Widths of columns in percent of the table's.

    They are as `preferred`, except that a column is never narrower than the longest word of its `texts`: what it
    then lacks comes from the columns that have room.
    """
    size = type_size(len(preferred))
    least = [100 * _needed(column, size) / TEXT_WIDTH_PT for column in texts]
    if sum(least) >= 100:
        return _percentages(least)
    tight: set[int] = set()
    while True:
        wide = [column for column in range(len(preferred)) if column not in tight]
        room = 100 - sum(least[column] for column in tight)
        scale = room / sum(preferred[column] for column in wide)
        short = {column for column in wide if preferred[column] * scale < least[column]}
        if not short:
            return _percentages([least[c] if c in tight else preferred[c] * scale for c in range(len(preferred))])
        tight |= short


def _needed(texts: Iterable[str], size: int) -> float:
    """Width in points of the longest word, within reason, and the space beside it."""
    longest = max((_width(word) for text in texts for word in text.split()), default=0.0)
    return min(size * longest, _LONGEST_WORD_PT) + _PADDING_PT


def _width(word: str) -> float:
    """Width of a bold word in ems, rather too much than too little."""
    return sum(_WIDTHS.get(sign, 0.8 if sign.isupper() else 0.56) for sign in word)


_WIDTHS = dict.fromkeys("0123456789", 0.5) | dict.fromkeys(".,;:()-/'", 0.34) | {"%": 1.0, "…": 1.0}


def _percentages(widths: Sequence[float]) -> list[float]:
    total = sum(widths)
    return [round(100 * width / total, 2) for width in widths]
