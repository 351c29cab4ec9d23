"""What the commands that make many reports share: the cluster they are made on, the progress bar."""

import sys

import click
from tqdm import tqdm

scheduler_option = click.option(
    "--scheduler", default="", metavar="ĐỊA_CHỈ", help="Cụm dask đang chạy, ví dụ tcp://10.0.0.5:8786."
)


def progress(doing: str, total: int) -> "tqdm[None]":
    """A progress bar that says what is being done to how many reports; none where nobody looks at a terminal."""
    bar = f"{doing}: {{n_fmt}}/{{total_fmt}} |{{bar}}| {{elapsed}}, còn {{remaining}}"
    return tqdm(total=total, bar_format=bar, disable=not sys.stderr.isatty())
