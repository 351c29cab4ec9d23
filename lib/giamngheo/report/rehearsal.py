"""What the first reports of a process do and later ones need not: done ahead, every kernel forked later has it."""

from pathlib import Path

from giamngheo.report import monthly, narrative
from giamngheo.report.elements import bundle
from giamngheo.report.figures import Mark, Series, rate_bars


def rehearse() -> None:
    """Compiles the templates, reads the fonts, draws a figure that nobody sees."""
    bundle.compile_templates()
    narrative.compile_templates()
    series = Series("Hộ nghèo", [50.0], ["50%"], "#ffffff", "///")
    rate_bars(["Xã"], series, [Mark("Kế hoạch", 100.0, "--")], "Tỷ lệ (%)", alt="", caption="")


def rehearse_report(workbook: Path, unit: str, year: int) -> None:
    """Makes the last report of a workbook's year, which nobody reads: Python then knows how all of its code runs.

    Raises what `facts` raises.
    """
    report = monthly.facts(unit, f"{year}-12", str(workbook.parents[1]))
    for name in monthly.__all__:
        if name != monthly.facts.__name__:
            getattr(monthly, name)(report)._repr_mimebundle_()
