"""Make the pictures of README.md, docs/pictures/*.png, from the made-up province: python -m tools.pictures.

It needs Chromium, as the benchmark does; which one it is decides the bytes, so no test compares them.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"

COMMAND = str(Path(sys.executable).parent / "giamngheo")
CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]

WIDTH, HEIGHT = 900, 1340
COLOURS = 96


def main() -> None:
    """Make reports of a year's first eight months, and take pictures of one of them and of the site."""
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as name:
        data, out = Path(name) / "data", Path(name) / "outputs"
        run(COMMAND, "demo", data)
        run(COMMAND, "batch", "--all", "2024-01..2024-08", "--data", data, "--out", out, "--formats", "html")
        run(COMMAND, "site", "--out", out)
        report = taken(out / "ngan-ha" / "2024-08" / "report.html", 2 * HEIGHT)
        save(in_two_columns(report), "report")
        save(taken(out / "index.html", HEIGHT), "site")


def run(*command: str | Path) -> None:
    """Run a command of ours."""
    subprocess.run([*map(str, command)], check=True, capture_output=True)


def taken(page: Path, height: int) -> Image.Image:
    """Return the top of a page as Chromium shows it."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("the pictures need Chromium")
    target = page.with_suffix(".png")
    profile = f"--user-data-dir={page.parent / 'profile'}"
    size = f"--window-size={WIDTH},{height}"
    run(chromium, *CHROMIUM, profile, size, f"--screenshot={target}", page.as_uri())
    with Image.open(target) as picture:
        return picture.convert("RGB")


def in_two_columns(picture: Image.Image) -> Image.Image:
    """Return the lower half of a picture beside the upper."""
    both = Image.new("RGB", (2 * WIDTH, HEIGHT), "white")
    both.paste(picture.crop((0, 0, WIDTH, HEIGHT)), (0, 0))
    both.paste(picture.crop((0, HEIGHT, WIDTH, 2 * HEIGHT)), (WIDTH, 0))
    return both.resize((WIDTH * 5 // 4, HEIGHT * 5 // 8), Image.Resampling.LANCZOS)


def save(picture: Image.Image, name: str) -> None:
    """Save a picture in few colours."""
    picture.quantize(COLOURS, kmeans=1).save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
