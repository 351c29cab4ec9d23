"""giamngheo demo: a made-up province to try everything with."""

from pathlib import Path

import click

from giamngheo.cli.explain import explained
from giamngheo.demo.make import make_province


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--seed", default=1, show_default=True, help="Cùng số này thì cùng số liệu.")
@click.option("--districts", default=4, show_default=True, help="Số huyện.")
@click.option("--defects", default=0, show_default=True, help="Số lỗi cài vào; mã lỗi và ô ghi ở tệp defects.json.")
def command(folder: Path, seed: int, districts: int, defects: int) -> None:
    """Làm số liệu giả lập của một tỉnh trong thư mục FOLDER: mỗi huyện một thư mục, mỗi năm một sổ tính.

    Số liệu nhất quán từ xã đến huyện, từ năm trước sang năm sau; tên và mã không trùng đơn vị nào có thật, mọi trang
    báo cáo in dòng SỐ LIỆU GIẢ LẬP. Lập báo cáo: giamngheo report ngan-ha 2024-08 --data FOLDER.
    """
    with explained():
        for path in make_province(folder, seed=seed, count=districts, defects=defects):
            click.echo(path)
