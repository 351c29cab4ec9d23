"""What is done before a kernel is forked is done whole: the first report after it compiles nothing more."""

from pathlib import Path

import giamngheo
from giamngheo.report.elements import bundle
from giamngheo.report.language import narrative
from giamngheo.report.rehearsal import rehearse

REPORT = Path(giamngheo.__file__).parent / "report"


def names(folder: str, ending: str) -> set[str]:
    return {path.relative_to(REPORT / folder).as_posix() for path in (REPORT / folder).rglob("*" + ending)}


def test_every_template_is_compiled() -> None:
    rehearse()
    compiled = {
        language: {name for _, name in environment.cache}
        for language, environment in (bundle._environments() | {"md": narrative._environment()}).items()
    }
    assert compiled["html"] == names("elements/templates", ".html.jinja") != set()
    assert compiled["typ"] == names("elements/templates", ".typ.jinja") != set()
    assert compiled["md"] == names(".", ".md.j2") != set()
