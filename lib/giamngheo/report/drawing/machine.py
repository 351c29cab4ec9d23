"""Matplotlib imported in silence.

While it is imported it tells of this machine's matplotlibrc, folders and fonts, none of which a figure uses; a notebook
would keep what it says.
"""

import importlib
import logging


def _import_in_silence() -> None:
    log = logging.getLogger("matplotlib")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        importlib.import_module("matplotlib.font_manager")
    finally:
        log.setLevel(level)


_import_in_silence()
