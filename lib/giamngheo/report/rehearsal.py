"""What the first report of a process does and no other has to: done ahead, every kernel forked later has it."""

from giamngheo.report import narrative
from giamngheo.report.drawing import fonts
from giamngheo.report.elements import bundle


def rehearse() -> None:
    """Compiles the templates and reads the fonts. Drawing starts threads of Typst's, which no fork survives."""
    bundle.compile_templates()
    narrative.compile_templates()
    fonts()
