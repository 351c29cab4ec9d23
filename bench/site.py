"""`giamngheo site` over the reports of a year of all communes: the manifest of one real report under many names."""

import datetime as dt
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from giamngheo.regulation.units import standing

COMMUNES = [unit for unit in standing(on=dt.date(2026, 1, 1)) if unit.level == "commune"]
MONTHS = 12
UNIT, PERIOD = "tu-mo-rong", "2023-08"
COMMAND = str(Path(sys.executable).parent / "giamngheo")
CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--dump-dom"]

TYPING = """
const words = ["x", "mang ri", "12", "a", ""], told = words.map(() => []);
document.body.offsetHeight;  // a reader types in a page that is laid out
for (let round = 0; round < 9; round += 1)
  words.forEach((each, number) => {
    const start = performance.now();
    input.value = each; find(); document.body.offsetHeight;
    told[number].push(performance.now() - start);
  });
const middle = (times) => times.sort((a, b) => a - b)[4];
document.title = `${Math.max(...told.flat())} ${Math.max(...told.map(middle))}`;
"""


def main() -> None:
    """Print the seconds that the list takes to make, its size, and the milliseconds of a search in it."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "outputs"
        subprocess.run([COMMAND, "report", UNIT, PERIOD, "--out", out], check=True, capture_output=True)
        _copy(out)
        page = out / "index.html"
        reports = len(COMMUNES) * MONTHS
        print(f"{f'giamngheo site, {reports} reports':44}{_seconds([COMMAND, 'site', '--out', str(out)]):7.2f} s")
        print(f"{'size of the page':44}{page.stat().st_size / 1e6:7.2f} MB")
        if chromium := shutil.which("chromium"):
            worst, middle = _search(chromium, page)
            print(f"{'slowest of some searches, median of nine':44}{middle:7.1f} ms, at worst {worst:.1f} ms")


def _copy(out: Path) -> None:
    """Put a manifest of each unit and period beside files of a few letters, which the list does not read."""
    told = json.loads((out / UNIT / PERIOD / "manifest.json").read_text("utf-8"))
    names = [name.removeprefix("output:") for name in told["entity"] if name.startswith("output:")]
    text = json.dumps(told).replace(f"/{UNIT}/", "/UNIT/")
    for number in range(len(COMMUNES) * MONTHS):
        commune, period = COMMUNES[number // MONTHS], f"2026-{number % MONTHS + 1:02}"
        unit = f"xa-{commune.code}"
        about = json.loads(text.replace("/UNIT/", f"/{unit}/"))
        run = about["activity"]["run:report"]
        for kind in ("giamngheo", "parameter"):
            run |= {f"{kind}:unit": unit, f"{kind}:period": period}
        run |= {"giamngheo:folder": period, "figure:unit": commune.full_name, "figure:level": "commune"}
        run |= {"figure:code": commune.code, "figure:poor_rate_pct": number * 7919 % 6000 / 100}
        folder = out / unit / period
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).write_text("x", "utf-8")
        (folder / "manifest.json").write_text(json.dumps(about), "utf-8")
    shutil.rmtree(out / UNIT)


def _search(chromium: str, page: Path) -> tuple[float, float]:
    """Return the milliseconds of the slowest search, at worst and in the middle, in the page without its policy."""
    freed = re.sub("<meta http-equiv[^>]*>", "", page.read_text("utf-8"))
    page.write_text(freed.replace("</body>", f"<script>{TYPING}</script></body>"), "utf-8")
    command = [chromium, *CHROMIUM, f"--user-data-dir={page.parent}/profile", page.as_uri()]
    shown = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    worst, middle = map(float, re.findall("<title>(.*?)</title>", shown)[0].split())
    return worst, middle


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
