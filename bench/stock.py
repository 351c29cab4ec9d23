"""The stock way to a report: papermill, nbconvert to HTML, nbconvert to PDF, a process each."""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent

_CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-pdf-header-footer"]
_NO_BROWSER = re.compile(r"Executable doesn't exist at (\S+)")


def stock_steps(folder: Path, **parameters: str) -> dict[str, Sequence[str | Path]]:
    """Return the commands, by name, that make the monthly report with `parameters` in a folder.

    The PDF is nbconvert's webpdf where playwright is installed (`pip install playwright`; it is no dependency of ours),
    with the system's Chromium. Without it Chromium prints the page, which leaves out half of webpdf's work and flatters
    the stock way; without Chromium it is LaTeX.
    """
    run, page = folder / "run.ipynb", folder / "run.html"
    chosen = [word for name, value in parameters.items() for word in ("-p", name, value)]
    papermill = [BIN / "papermill", "notebooks/monthly_report.ipynb", run, *chosen]
    convert = [BIN / "jupyter", "nbconvert", "--log-level=ERROR", "--no-input", "--to"]
    steps = {"stock: papermill": papermill, "stock: nbconvert --to html": [*convert, "html", run]}
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium and _webpdf_works(chromium):
        return steps | {"stock: nbconvert --to webpdf": [*convert, "webpdf", "--disable-chromium-sandbox", run]}
    if chromium:
        printed = [chromium, *_CHROMIUM, f"--print-to-pdf={folder / 'run.pdf'}", page.as_uri()]
        return steps | {"stock: HTML printed by Chromium": printed}
    if shutil.which("xelatex"):
        return steps | {"stock: nbconvert --to pdf (LaTeX)": [*convert, "pdf", run]}
    return steps


@cache
def _webpdf_works(chromium: str) -> bool:
    """Give playwright the system's Chromium in the place of its own, which nbconvert lets nobody choose."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        return False
    os.environ["PLAYWRIGHT_BROWSERS_PATH"] = tempfile.mkdtemp(prefix="giamngheo-bench-")
    with sync_playwright() as playwright:
        try:
            playwright.chromium.launch().close()
        except Error as error:
            if found := _NO_BROWSER.search(str(error)):
                place = Path(found[1])
                place.parent.mkdir(parents=True)
                place.symlink_to(chromium)
    return True
