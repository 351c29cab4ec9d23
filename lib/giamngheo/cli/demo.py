"""giamngheo demo: a made-up province, or made-up household files, to try everything with."""

from pathlib import Path

import click

from giamngheo.cli.terminal import explained
from giamngheo.core.errors import WrongUseError, shown
from giamngheo.core.paths import inside
from giamngheo.demo.households import make_household_demo
from giamngheo.demo.today import make_communes
from giamngheo.demo.workbook import make_province

_MOST_TOLD = 3


class FolderInUseError(WrongUseError):
    """The folder holds tables already, in which somebody may have typed."""

    def __init__(self, folder: Path, found: list[Path]) -> None:
        told = ", ".join(shown(path.relative_to(folder)) for path in found[:_MOST_TOLD]) + ", …" * bool(
            found[_MOST_TOLD:]
        )
        super().__init__(
            f"{shown(folder)} đã có số liệu ({told}); ghi một thư mục mới, hoặc thêm --replace để ghi đè tệp trùng tên."
        )


@click.command("demo", short_help="Làm số liệu giả lập của một tỉnh.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--seed", type=click.IntRange(0, 10**9), default=1, show_default=True, help="Cùng số này thì cùng số liệu."
)
@click.option("--districts", default=4, show_default=True, help="Số huyện.")
@click.option(
    "--communes",
    type=click.IntRange(1, 96),
    help="Thay vào đó, làm sổ các năm 2025-2027 của chừng này xã và của tỉnh, hai chương trình.",
)
@click.option(
    "--households",
    type=click.IntRange(1, 100_000_000),
    help="Thay vào đó, làm tệp hộ của hai năm, mỗi năm chừng này hộ.",
)
@click.option(
    "--year",
    type=click.IntRange(2000, 2100),
    default=2023,
    show_default=True,
    help="Với --households: năm của kỳ rà soát sau.",
)
@click.option("--replace", is_flag=True, help="Ghi đè tệp trùng tên đã có trong FOLDER.")
def command(
    *, folder: Path, seed: int, districts: int, communes: int | None, households: int | None, year: int, replace: bool
) -> None:
    """Làm số liệu giả lập của một tỉnh trong thư mục FOLDER: mỗi huyện một thư mục, mỗi năm một sổ tính.

    Số liệu nhất quán từ xã đến huyện, từ năm trước sang năm sau; tên và mã không trùng đơn vị nào có thật, mọi trang
    báo cáo in dòng SỐ LIỆU GIẢ LẬP. Lập báo cáo: giamngheo report ngan-ha 2024-08 --data FOLDER.

    Với --communes N: sổ của N xã thành lập ngày 01/7/2025 và của tỉnh Thiên Hà, các năm 2025, 2026, 2027: số liệu trước
    ngày đó theo xã cũ, hai chương trình song song, mọi nguồn vốn, nguồn lực huy động. Ví dụ: giamngheo report thien-ha
    2026-10 --data FOLDER.

    Với --households N: hai tệp hộ households-<năm>.parquet, danh mục units.csv và, khi không quá 1.000.000 hộ, sổ
    tính của năm sau để nhận kết quả rà soát (docs/households.md).
    """
    with explained():
        if not replace and (found := _tables(folder)):
            raise FolderInUseError(folder, found)
        if communes:
            paths = make_communes(folder, seed=seed, count=communes, replace=replace)
        elif households is None:
            paths = make_province(folder, seed=seed, count=districts, replace=replace)
        else:
            paths = iter(make_household_demo(folder, households, year=year, seed=seed, replace=replace))
        for path in paths:
            click.echo(path)


def _tables(folder: Path) -> list[Path]:
    """Return the files of the kinds that a demo writes, in a folder or in those in it. Raises UnreadableError."""
    there = inside(folder) if folder.is_dir() else []
    files = [*there, *(path for part in there if part.is_dir() for path in inside(part))]
    return [path for path in files if path.suffix in (".xlsx", ".parquet", ".csv")]
