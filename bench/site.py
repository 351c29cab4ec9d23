"""`giamngheo site` over many reports: copies of one real report, under the names of many units and months."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPORTS, MONTHS = 504, 12
UNIT, PERIOD = "tu-mo-rong", "2023-08"
COMMAND = str(Path(sys.executable).parent / "giamngheo")
CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--dump-dom"]


def main() -> None:
    """Print the seconds that the list takes to make and to open, and its size."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "outputs"
        public = ["--parameter", "audience=public"]
        subprocess.run([COMMAND, "report", UNIT, PERIOD, "--out", out, *public], check=True, capture_output=True)
        _copy(out)
        page = out / "index.html"
        print(f"{f'giamngheo site, {REPORTS} reports':44}{_seconds([COMMAND, 'site', '--out', str(out)]):7.2f} s")
        print(f"{'giamngheo site --public':44}{_seconds([COMMAND, 'site', '--public', '--out', str(out)]):7.2f} s")
        print(f"{'size of the page':44}{page.stat().st_size / 1e6:7.2f} MB")
        if chromium := shutil.which("chromium"):
            opened = _seconds([chromium, *CHROMIUM, f"--user-data-dir={name}/profile", page.as_uri()])
            empty = _seconds([chromium, *CHROMIUM, f"--user-data-dir={name}/profile", "about:blank"])
            print(f"{'opened in Chromium, beyond an empty page':44}{opened - empty:7.2f} s")


def _copy(out: Path) -> None:
    """As many reports as are wanted, each with the manifest of its own unit and period; the first one goes."""
    first = out / UNIT / PERIOD
    for number in range(REPORTS):
        unit, period = f"unit-{number // MONTHS}", f"2023-{number % MONTHS + 1:02}"
        folder = shutil.copytree(first, out / unit / period)
        told = json.loads((folder / "manifest.json").read_text("utf-8").replace(f"/{UNIT}/", f"/{unit}/"))
        for kind in ("giamngheo", "parameter"):
            told["activity"]["run:report"] |= {f"{kind}:unit": unit, f"{kind}:period": period}
        (folder / "manifest.json").write_text(json.dumps(told), "utf-8")
    shutil.rmtree(out / UNIT)


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
