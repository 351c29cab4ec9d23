"""The font of figures within them: a browser that shows a drawing as a picture gives it no font but the machine's."""

import base64
from functools import cache
from importlib.resources import files

_FONT = files("giamngheo.report") / "drawing" / "fonts" / "figures.woff"
"""The Latin and Vietnamese letters of Liberation Serif, nameless as the licence asks. Made from it by

pyftsubset LiberationSerif-Regular.ttf --flavor=woff --no-hinting --layout-features='' --name-IDs=0,13,14
--unicodes=20-7E,A0-17F,192,1A0,1A1,1AF,1B0,300,301,303,309,323,1EA0-1EF9,2010-2015,2018-201E,2020-2022,2026,2030,20AB,
2190-2193,2212,2248,2260,2264,2265 --output-file=figures.woff
"""

_FAMILY = "Liberation Serif"


def with_font(svg: str) -> str:
    """Return a drawing with the font of its text; as it is where it has no text in the font of our figures."""
    begin = svg.find("<svg")
    if begin < 0 or "<text" not in svg or _FAMILY not in svg:
        return svg
    inside = svg.index(">", begin) + 1
    return f"{svg[:inside]}{_style()}{svg[inside:]}"


@cache
def _style() -> str:
    font = base64.b64encode(_FONT.read_bytes()).decode()
    return f"<style>@font-face{{font-family:'{_FAMILY}';src:url(data:font/woff;base64,{font})}}</style>"
