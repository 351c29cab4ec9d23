"""Widths and type size of a table, so that no word of it is wider than its column on an A4 page; its height."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise


@dataclass(frozen=True)
class Paper:
    """A page in points: width of its text, its height less the space around a caption, what a cell has at its sides."""

    width_pt: float
    height_pt: float
    padding_pt: float


PORTRAIT = Paper(467.0, 700.0, 7.0)
"""A4 with margins of 30 and 15 mm at the sides, 20 mm above and below."""

LANDSCAPE = Paper(742.0, 460.0, 4.5)
"""A4 on its side with margins of 20 and 15 mm, for forms of many columns."""

_LONGEST_WORD_PT = 90.0

_NAME_PT = 96.0
"""Room that the texts of a form on its side have at least, so that a name does not stand a word a line."""

_LINE_EM, _GAP_EM, _PADDING_ABOVE_AND_BELOW_PT, _SPACE_EM = 1.2, 0.4, 8.5, 0.25
"""Lines of capitals and the gaps between them, rather too much than too little; what a cell has beside; a space."""

_TALL = 0.8
"""Share of a page from which on rows may break over two."""

_BREAKABLE = 30
"""Letters from which on a word that no line can hold breaks, as the Typst template says; a shorter one juts out."""

_AROUND_SIZE = 13
"""Type size in points of captions; notes are a little smaller."""

Placed = tuple[str, float]
"""Text of a cell, and how much of the table's width it has, in percent."""


def type_size(columns: int) -> int:
    """Return the type size in points of a table with so many columns."""
    return next((size for most, size in ((6, 12), (8, 10), (10, 9)) if columns <= most), 8)


def landscape_size(texts: Sequence[Sequence[str]]) -> int:
    """Return the type size in points, 6 to 12, at which a page on its side is wide enough for words and one name."""
    for size in (12, 10, 9, 8, 7):
        if sum(_needed(column, size, LANDSCAPE) for column in texts) + _NAME_PT <= LANDSCAPE.width_pt:
            return size
    return 6


def shares(
    preferred: Sequence[float], texts: Sequence[Iterable[str]], size: int, paper: Paper = PORTRAIT
) -> list[float]:
    """Return widths of columns in percent of the table's.

    They are as `preferred`, except that a column is never narrower than the longest word of its `texts`: what it
    then lacks comes from the columns that have room.
    """
    least = [100 * _needed(column, size, paper) / paper.width_pt for column in texts]
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


def page_columns(texts: Sequence[Iterable[str]], keys: int) -> list[list[int]]:
    """Return the columns of each part of a table, the first `keys` in every one: as few parts as are wide enough.

    texts: those of each column. One part holds all columns of a table that is no wider than the page.
    """
    others = range(keys, len(texts))
    for count in range(1, len(others) + 1):
        ends = [keys + round(part * len(others) / count) for part in range(count + 1)]
        found = [[*range(keys), *range(begin, end)] for begin, end in pairwise(ends)]
        if all(_is_wide_enough([texts[column] for column in part]) for part in found):
            return found
    return [[*range(keys), column] for column in others] or [[*range(keys)]]


def _is_wide_enough(texts: Sequence[Iterable[str]]) -> bool:
    """Return whether no word of the columns is wider than its column may be."""
    return sum(_needed(column, type_size(len(texts)), PORTRAIT) for column in texts) <= PORTRAIT.width_pt


def fits_page(rows: Iterable[Iterable[Placed]], size: int, *around: str) -> bool:
    """Return whether a table certainly fits on a page with the texts around it, its caption and note.

    It is a guess that makes words too wide and lines too high. Typst knows better, but lays a table out to know it.
    """
    beside = _height([[(text, 100.0)] for text in around], _AROUND_SIZE, PORTRAIT)
    return _height(rows, size, PORTRAIT) + beside <= PORTRAIT.height_pt


def is_tall(rows: Iterable[Iterable[Placed]], size: int, paper: Paper = PORTRAIT) -> bool:
    """Return whether rows may be too high to be kept on one page together."""
    return _height(rows, size, paper) > paper.height_pt * _TALL


def _height(rows: Iterable[Iterable[Placed]], size: int, paper: Paper) -> float:
    """Return the height in points that rows take at most."""
    width, padding = paper.width_pt / 100, paper.padding_pt
    lines = (max(_lines(text, share * width - padding, size) for text, share in row) for row in rows)
    return sum(size * (count * _LINE_EM - _GAP_EM) + _PADDING_ABOVE_AND_BELOW_PT for count in lines)


def _lines(text: str, width: float, size: int) -> int:
    """Return lines that a text takes at most in a column of a width, less what indented text stands in."""
    room = max(width / size - 1, 1)
    lines = 0
    for paragraph in text.splitlines() or [""]:
        used = math.inf
        for word in paragraph.split():
            needed = _width(word)
            if used + needed > room:
                lines, used = lines + (math.ceil(needed / room) if len(word) >= _BREAKABLE else 1), 0.0
            used += needed + _SPACE_EM
        lines += used == math.inf
    return lines


def _needed(texts: Iterable[str], size: int, paper: Paper) -> float:
    """Return the width in points of the longest word, within reason, and the space beside it."""
    longest = max((_width(word) for text in texts for word in text.split()), default=0.0)
    return min(size * longest, _LONGEST_WORD_PT) + paper.padding_pt


@lru_cache(maxsize=4096)
def _width(word: str) -> float:
    """Return the width of a bold word in ems, rather too much than too little."""
    return sum(_WIDTHS.get(sign, 0.8 if sign.isupper() else 0.56) for sign in word)


_WIDTHS = (
    dict.fromkeys("0123456789", 0.5)
    | dict.fromkeys(".,;:()-/'", 0.34)
    | dict.fromkeys("ơư", 0.68)
    | {"%": 1.0, "…": 1.0}
)


def _percentages(widths: Sequence[float]) -> list[float]:
    total = sum(widths)
    return [round(100 * width / total, 2) for width in widths]
