"""The fonts of a PDF: those of the figures, so that text and figures look alike, and none of the machine's."""

from functools import cache
from importlib.resources import as_file, files

import typst


@cache
def fonts() -> typst.Fonts:
    """Liberation Serif, and behind it, for signs it lacks, the fonts within Typst."""
    with as_file(files("giamngheo.report") / "fonts") as folder:
        return typst.Fonts(include_system_fonts=False, font_paths=[folder])
