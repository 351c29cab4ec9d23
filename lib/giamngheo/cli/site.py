"""giamngheo site: the list of all reports."""

from pathlib import Path

import click

from giamngheo.cli.terminal import explained
from giamngheo.core.errors import WrongUseError
from giamngheo.core.paths import located, output_folder
from giamngheo.core.scratch import ended_in_order
from giamngheo.site.index import make_public_site, make_site


class IntoWithoutPublicError(WrongUseError):
    """Only the public site has a folder of its own."""

    def __init__(self) -> None:
        super().__init__("--into chỉ dùng cùng --public.")


@click.command("site", short_help="Lập trang danh mục các báo cáo.")
@click.option("--out", default="outputs", show_default=True, help="Thư mục chứa báo cáo.")
@click.option("--data", help="Thư mục chứa sổ tính: có thì danh mục nêu báo cáo nào cũ vì sổ tính đã sửa sau khi lập.")
@click.option("--public", is_flag=True, help="Chỉ các báo cáo công khai, chép vào thư mục riêng để đưa lên mạng.")
@click.option("--into", help="Thư mục của trang công khai.  [mặc định: OUT/public]")
def command(*, out: str, data: str | None, public: bool, into: str | None) -> None:
    """Lập trang danh mục các báo cáo: OUT/index.html, mở bằng trình duyệt, không cần mạng.

    Với --public, thư mục OUT/public được lập lại từ đầu, chỉ gồm báo cáo lập với --parameter audience=public và danh
    mục của chúng; có thể đưa nguyên thư mục đó lên trang thông tin điện tử.
    """
    with explained(), ended_in_order():
        if into and not public:
            raise IntoWithoutPublicError
        folder = output_folder(Path(out))
        if public:
            site = make_public_site(folder, output_folder(Path(into or folder / "public")))
        else:
            site = make_site(folder, located(data) if data else None)
        for line in site.left_out:
            click.echo(line, err=True)
        units = len({report.unit for report in site.reports})
        click.echo(f"{site.page}: {len(site.reports)} báo cáo của {units} đơn vị")
