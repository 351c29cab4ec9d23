"""Matplotlib imported whatever this machine has, and in silence.

While it is imported it tells of the machine's matplotlibrc, folders and fonts, none of which a figure uses; a notebook
would keep what it says.
"""

import importlib
import locale
import logging
import sys
from contextlib import chdir
from importlib.util import find_spec
from pathlib import Path


def _import_in_silence() -> None:
    log = logging.getLogger("matplotlib")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        _import()
    finally:
        log.setLevel(level)


def _import() -> None:
    """Import matplotlib; beside its own matplotlibrc, which it then reads first, where the machine's stops it."""
    try:
        importlib.import_module("matplotlib.font_manager")
    except (UnicodeDecodeError, locale.Error):
        package = find_spec("matplotlib")
        assert package is not None
        assert package.submodule_search_locations is not None
        for name in [name for name in sys.modules if name.startswith("matplotlib.")]:
            del sys.modules[name]
        with chdir(Path(package.submodule_search_locations[0]) / "mpl-data"):
            importlib.import_module("matplotlib.font_manager")


_import_in_silence()
