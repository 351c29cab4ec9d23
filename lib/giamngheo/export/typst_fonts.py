"""The fonts that Typst sets documents and drawings with."""

from functools import cache
from importlib.resources import as_file, files

import typst


@cache
def fonts() -> typst.Fonts:
    """Return Liberation Serif and, for signs it lacks, the fonts within Typst; none of the machine's."""
    with as_file(files("giamngheo.report") / "drawing" / "fonts") as folder:
        return typst.Fonts(include_system_fonts=False, font_paths=[folder])
