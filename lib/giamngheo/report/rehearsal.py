"""What the first report of a process does and no other has to: done ahead, every kernel forked later has it."""

import importlib

from giamngheo.report.drawing import DARK, Look, Series, figure, sheet, stacked_bars
from giamngheo.report.elements import bundle
from giamngheo.report.language import narrative


def rehearse() -> None:
    """Import what most reports need, compile the templates, read font and style of the figures by drawing one."""
    for name in ("monthly", "forms"):
        importlib.import_module(f"giamngheo.report.{name}")
    bundle.compile_templates()
    narrative.compile_templates()
    with sheet() as axes:
        figure(stacked_bars(axes, ["Xã"], [Series("Hộ", [1.0], ["1"], Look(DARK, "lines"))], "%"), alt="", caption="")
