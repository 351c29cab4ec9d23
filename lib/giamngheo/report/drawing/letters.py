"""Text in figures: the font by file, how wide its letters are, many words drawn at once."""

import cmath
import io
import math
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.transforms import Transform

from giamngheo.core.errors import GiamngheoError
from giamngheo.report.markup import printable

FONT = str(Path(__file__).parent / "fonts" / "LiberationSerif-Regular.ttf")

SIZE = 11.0
"""Of type, in points."""

LINE, CAPITAL = 1.2, 0.66
"""From one line to the next, and the height of a capital, in ems."""


class UnknownLetterError(GiamngheoError):
    """The font of the figures lacks a letter: a box would stand in its place."""

    def __init__(self, letter: str, text: str) -> None:
        super().__init__(
            f"Phông chữ của hình vẽ không có ký tự {letter!r} (U+{ord(letter):04X}) trong “{text}”;"
            " hãy gõ lại chữ ấy trong sổ tính hoặc tệp hộ."
        )


def text_width(text: str, size: float = SIZE) -> float:
    """Return the width of the longest line of `text` in points. Raises UnknownLetterError."""
    return size * _ems(text)


def unknown_letter(text: str) -> str | None:
    """Return the first letter of `text` that the font lacks, or None."""
    return next((letter for letter in printable(text) if letter != "\n" and ord(letter) not in _letters()), None)


def required(text: str) -> None:
    """Require that the font has every letter of `text`. Raises UnknownLetterError."""
    text_width(text)


def wrapped(text: str, width: float, size: float = SIZE) -> str:
    """Return `text` in lines not wider than `width` points, where its words allow it."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if text_width(longer, size) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


class Texts(Artist):
    """Texts drawn in one go: matplotlib's own Text lays each out anew, 0.3 ms each, which is most of a figure's time.

    places: one a text, in the units of `transform`. align: which point of a text stands at its place, from (0, 0), its
    lower left corner, to (1, 1). angle: in degrees.
    """

    def __init__(self, texts: Sequence[str], places: Any, transform: Transform, **look: Any) -> None:
        super().__init__()
        self.set_transform(transform)
        self._texts = [printable(text) for text in texts]
        self._places = np.asarray(places, dtype=float).reshape(-1, 2)
        self._align: tuple[float, float] = look.get("align", (0.0, 0.0))
        self._size: float = look.get("size", SIZE)
        self._angle: float = look.get("angle", 0.0)
        self._colours: Sequence[str] = look.get("colours") or ["black"] * len(texts)
        self.set_zorder(look.get("zorder", 5))

    def draw(self, renderer: RendererBase) -> None:
        """Draw the texts."""
        scale = float(renderer.points_to_pixels(1.0))  # type: ignore[arg-type]
        turn = cmath.rect(1.0, math.radians(self._angle))
        height = renderer.get_canvas_width_height()[1]
        font = FontProperties(family="Liberation Serif", fname=FONT, size=self._size)
        context = renderer.new_gc()
        for text, (x, y), colour in zip(
            self._texts, self.get_transform().transform(self._places), self._colours, strict=True
        ):
            context.set_foreground(colour)
            for line, shift in self._lines(text) if text else ():
                at = complex(x, y) + scale * shift * turn
                place = at.real, height - at.imag if renderer.flipy() else at.imag
                renderer.draw_text(context, *place, line, font, self._angle)
        context.restore()

    def _lines(self, text: str) -> list[tuple[str, complex]]:
        """Return the lines of a text, and where each begins from its place, in points: along and above the text."""
        lines = text.split("\n")
        whole = (CAPITAL + (len(lines) - 1) * LINE) * self._size
        across, up = self._align
        first = whole - CAPITAL * self._size - up * whole
        return [
            (line, complex(-across * text_width(line, self._size), first - number * LINE * self._size))
            for number, line in enumerate(lines)
        ]


def write(axes: Axes, texts: Sequence[str], places: Any, transform: Transform, **look: Any) -> None:
    """Write texts at their places on the axes. look: align, size, angle, colours, zorder, as of Texts."""
    axes.add_artist(Texts(texts, places, transform, **look))


@lru_cache(1024)  # a legend or a label is measured several times: a tenth of a figure's time
def _ems(text: str) -> float:
    try:
        return max(sum(map(_advance, line)) for line in printable(text).split("\n"))
    except KeyError as error:
        raise UnknownLetterError(error.args[0], text) from None


@cache
def _font() -> FT2Font:
    return FT2Font(io.BytesIO(Path(FONT).read_bytes()))  # forked processes would share the place in an open file


@cache
def _letters() -> dict[int, Any]:
    return dict(_font().get_charmap())


@cache
def _advance(letter: str) -> float:
    """Return the width of a letter in ems. Raises KeyError."""
    if ord(letter) not in _letters():
        raise KeyError(letter)
    glyph = _font().load_char(ord(letter), flags=LoadFlags.NO_SCALE)
    return float(glyph.horiAdvance) / _font().units_per_EM
