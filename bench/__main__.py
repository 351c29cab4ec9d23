"""Every benchmark, one after the other; `python -m bench report` runs one."""

import importlib
import sys

NAMES = ("report", "validate", "batch", "site", "households")

for name in sys.argv[1:] or NAMES:
    importlib.import_module(f"bench.{name}").main()
