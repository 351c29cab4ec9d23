"""What is done before a kernel is forked is done whole: the first report after it compiles nothing more."""

from importlib.resources import files

from giamngheo.report import narrative
from giamngheo.report.elements import bundle
from giamngheo.report.rehearsal import rehearse


def names(folder: str, ending: str) -> set[str]:
    return {path.name for path in (files("giamngheo.report") / folder).iterdir() if path.name.endswith(ending)}


def test_every_template_is_compiled() -> None:
    rehearse()
    compiled = {
        language: {name for _, name in environment.cache}
        for language, environment in (bundle._environments() | {"md": narrative._environment()}).items()
    }
    assert compiled["html"] == names("templates", ".html.jinja") != set()
    assert compiled["typ"] == names("templates", ".typ.jinja") != set()
    assert compiled["md"] == names("text", ".md.j2") != set()
