"""Images that would take hours to draw are refused, also those that bear our mark."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from giamngheo.export.document import document
from giamngheo.export.foreign import images
from giamngheo.export.foreign.images import SVG, image_svg, require_drawable, require_drawn_soon
from giamngheo.export.refusals import BadImageError
from giamngheo.report.elements import Figure

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">%s</svg>'

_NOISE = '<filter id="f"><feTurbulence baseFrequency="0.05" numOctaves="2000000000"/></filter>'

_MASKS = "".join(
    f'<mask id="m{n}"><path class="c{n + 1}" d="M0 0h9v9z"/><path class="c{n + 1}" d="M0 0h5v9z"/></mask>'
    for n in range(30)
)

_SHEET = "".join(f".c{n}{{mask:url(#m{n})}}" for n in range(30))

_LINE = '<path d="M0 0L9 9"/>'

_CORNERS = " ".join(f"{n % 97} {n % 89}" for n in range(20_000))

ENDLESS = {
    "filter": f'{_NOISE}<rect filter="url(#f)" width="100" height="100"/>',
    "filter in a style": f'{_NOISE}<rect style="filter: url(#f)" width="100" height="100"/>',
    "masks of a style sheet": f'<style>{_SHEET}</style>{_MASKS}<rect class="c0" width="9" height="9"/>',
    "marker": f'<marker id="k">{_LINE * 1000}</marker><path marker-mid="url(#k)" d="M{_CORNERS}"/>',
    "layers": '<g opacity=".5"><path d="M0 0h99v99z"/></g>' * 60_000,
    "letters": f'<text y="50" font-size="1">{"ế" * 190_000}</text>',
}


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_PATIENCE", 1)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("kind", ENDLESS)
def test_an_image_that_takes_forever_is_refused(kind: str) -> None:
    with pytest.raises(BadImageError, match="quá lâu"):
        image_svg(SVG, _SVG % ENDLESS[kind])


@pytest.mark.usefixtures("_impatient")
def test_an_image_that_bears_our_mark_is_drawn_soon_as_well() -> None:
    figure = Figure(_SVG % ENDLESS["filter"], "mô tả", "")
    data, metadata = figure._repr_mimebundle_()
    cell = new_code_cell("x", execution_count=1, outputs=[new_output("display_data", data, metadata=metadata)])
    made = document(nbformat.v4.new_notebook(cells=[cell]))
    assert not any(isinstance(part, Figure) for part in made.parts)


@pytest.mark.parametrize(
    "elaborate",
    [
        '<filter id="f"><feGaussianBlur stdDeviation="1"/></filter><rect filter="url(#f)" width="9" height="9"/>',
        '<marker id="k"><path d="M0 0L9 9"/></marker><path marker-end="url(#k)" d="M0 0L50 50"/>',
    ],
)
def test_shadows_and_arrows_are_drawn(elaborate: str) -> None:
    assert image_svg(SVG, _SVG % elaborate) == _SVG % elaborate


def test_a_broken_image_is_told_from_an_endless_one() -> None:
    for required in (require_drawable, require_drawn_soon):
        with pytest.raises(BadImageError, match="hỏng"):
            required(_SVG % '<image href="#x" width="9" height="9"/>')
