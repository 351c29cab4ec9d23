"""The sheet a figure is drawn on: our style and fonts whatever the machine has, a fixed layout in points."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, ScaledTranslation, Transform, blended_transform_factory

from giamngheo.report.drawing.letters import FONT, required
from giamngheo.report.elements.figure import Figure

WIDTH = 468.0
"""Of a figure in points: that of the text on an A4 page."""

MARGIN = 4.0
"""Around a figure, in points."""

_INCH = 72

_FAMILY = "Liberation Serif"


@contextmanager
def sheet() -> Iterator[Axes]:
    """Give axes to draw on in the style of the report, whatever this machine's or the notebook's settings are."""
    with _our_style():
        yield Canvas(figsize=(WIDTH / _INCH, WIDTH / _INCH)).add_axes((0, 0, 1, 1))


def figure(axes: Axes, *, alt: str, caption: str, name: str = "") -> Figure:
    """Return the element that shows what is drawn on `axes`. Raises UnknownLetterError."""
    return Figure(svg(axes), alt=alt, caption=caption, name=name)


def own_figure(drawn: Axes | Canvas, *, caption: str, alt: str, name: str = "") -> Figure:
    """Return what you drew with matplotlib or pandas as a figure of a report, in its own style and our font.

    alt: what the figure shows, for those who do not see it. name: "[hình](#name)" in a text becomes its number. The
    notebook does not show it a second time. Raises UnknownLetterError.
    """
    canvas = drawn if isinstance(drawn, Canvas) else _canvas(drawn)
    written = io.StringIO()
    with _our_style():
        _set_font(canvas)
        FigureCanvasSVG(canvas).print_figure(written, format="svg", metadata=_NO_METADATA, bbox_inches="tight")
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close(canvas)
    return Figure(written.getvalue(), alt=alt, caption=caption, name=name)


def svg(axes: Axes) -> str:
    """Return the figure of `axes` as SVG, the same bytes everywhere. Raises UnknownLetterError."""
    canvas = _canvas(axes)
    _set_font(canvas)
    written = io.StringIO()
    FigureCanvasSVG(canvas).print_svg(written, metadata=_NO_METADATA)  # type: ignore[no-untyped-call]
    return written.getvalue()


_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def _set_font(canvas: Canvas) -> None:
    for text in canvas.findobj(Text):
        required(text.get_text())
        text.set_fontfamily(_FAMILY)
        text.get_fontproperties().set_file(FONT)


def lay_out(axes: Axes, *, left: float, top: float, height: float, bottom: float, right: float = 0.0) -> float:
    """Place axes of a height in points on their sheet, with room beside them for what is written; return their width.

    Axes that share their sheet with others stay where they are.
    """
    canvas = _canvas(axes)
    if len(canvas.axes) == 1:
        left, right, top, bottom = (room + MARGIN for room in (left, right, top, bottom))
        whole = top + height + bottom
        canvas.set_size_inches(WIDTH / _INCH, whole / _INCH)
        axes.set_position((left / WIDTH, bottom / whole, 1 - (left + right) / WIDTH, height / whole))
    axes.set_axis_off()
    axes.set_xticks([])
    axes.set_yticks([])
    return axes.bbox.width / canvas.dpi * _INCH


def at_foot(axes: Axes) -> Transform:
    """Return the transform of places along the foot of axes: x as the data has it, y in points above the foot."""
    return blended_transform_factory(axes.transData, from_corner(axes, 0, 0))


def at_side(axes: Axes) -> Transform:
    """Return the transform of places along the left side of axes: x in points from it, y as the data has it."""
    return blended_transform_factory(from_corner(axes, 0, 0), axes.transData)


def beside(axes: Axes, across: float, up: float = 0.0) -> Transform:
    """Return the transform of places as the data has them, moved by so many points."""
    return axes.transData + ScaledTranslation(across / _INCH, up / _INCH, _canvas(axes).dpi_scale_trans)


def from_corner(axes: Axes, across: float, up: float) -> Transform:
    """Return the transform of lengths in points from a place within the axes, (0, 0) to (1, 1)."""
    canvas = _canvas(axes)
    points = Affine2D().scale(1 / _INCH) + canvas.dpi_scale_trans
    return points + ScaledTranslation(across, up, axes.transAxes)  # type: ignore[arg-type]


def _canvas(axes: Axes) -> Canvas:
    canvas = axes.get_figure(root=True)
    assert canvas is not None, "axes that were taken off their figure"
    return canvas


@contextmanager
def _our_style() -> Iterator[None]:
    """Set our style for a while; of settings that were checked once none is checked again, as matplotlib does."""
    with mpl.rc_context():
        dict.update(mpl.rcParams, _style())
        yield


@cache
def _style() -> Any:
    """Return every setting there is but for the backend: matplotlib's own, and over it ours."""
    ours = mpl.rc_params_from_file(Path(__file__).with_name("figures.mplstyle"), use_default_template=False)
    return {name: value for name, value in (mpl.rcParamsDefault | ours).items() if name != "backend"}
