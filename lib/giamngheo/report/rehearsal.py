"""What the first report of a process does and no other has to: done ahead, every kernel forked later has it."""

from giamngheo.report import narrative
from giamngheo.report.elements import bundle
from giamngheo.report.figures import Mark, Series, rate_bars


def rehearse() -> None:
    """Compiles the templates, reads the fonts, draws a figure that nobody sees."""
    bundle.compile_templates()
    narrative.compile_templates()
    series = Series("Hộ nghèo", [50.0], ["50%"], "#ffffff", "///")
    rate_bars(["Xã"], series, [Mark("Kế hoạch", 100.0, "--")], "Tỷ lệ (%)", alt="", caption="")
