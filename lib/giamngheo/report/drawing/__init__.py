"""Figures, drawn with matplotlib in one style: `with sheet() as axes: return figure(stacked_bars(axes, ...), ...)`.

Each function draws on the axes it is given and returns them; on axes of one's own it draws in one's own sheet.
"""

from giamngheo.report.drawing import machine as machine
from giamngheo.report.drawing.bars import MOST_BARS, Mark, Series, grouped_bars, rate_bars, stacked_bars
from giamngheo.report.drawing.geography import Place, Ring, area_map, circle_map
from giamngheo.report.drawing.letters import UnknownLetterError
from giamngheo.report.drawing.lines import Line, curves, day_lines, month_fan, month_lines, month_name, year_lines
from giamngheo.report.drawing.looks import BLACK, CLASS_LOOKS, DARK, GREY, LIGHT, LOOKS, PALE, WHITE, Look, Stroke
from giamngheo.report.drawing.maps import Band, alluvial, heat_map, small_bars
from giamngheo.report.drawing.sheet import figure, sheet

__all__ = [
    "BLACK",
    "CLASS_LOOKS",
    "DARK",
    "GREY",
    "LIGHT",
    "LOOKS",
    "MOST_BARS",
    "PALE",
    "WHITE",
    "Band",
    "Line",
    "Look",
    "Mark",
    "Place",
    "Ring",
    "Series",
    "Stroke",
    "UnknownLetterError",
    "alluvial",
    "area_map",
    "circle_map",
    "curves",
    "day_lines",
    "figure",
    "grouped_bars",
    "heat_map",
    "month_fan",
    "month_lines",
    "month_name",
    "rate_bars",
    "sheet",
    "small_bars",
    "stacked_bars",
    "year_lines",
]
