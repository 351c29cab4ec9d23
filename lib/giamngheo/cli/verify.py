"""giamngheo verify: whether a report is, byte for byte, what its workbooks give."""

import sys
from pathlib import Path

import click

from giamngheo.cli.explain import explained
from giamngheo.intake.locate import located
from giamngheo.run.manifest import read_manifest
from giamngheo.run.verify import Verdict, verified


@click.command("verify", short_help="Lập lại một báo cáo, so với bản đã có.")
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--data", help="Thư mục chứa sổ tính của các đơn vị; mặc định là thư mục ghi trong manifest.json.")
def command(output: Path, data: str | None) -> None:
    """Lập lại báo cáo của thư mục OUTPUT (ví dụ outputs/tu-mo-rong/2023-08) và so từng byte; không ghi gì.

    Mã thoát 0 khi giống hệt, 1 khi khác hoặc sổ tính đã sửa.
    """
    with explained():
        verdict = verified(output, located(data or read_manifest(output).recipe.parameters["data"]))
        click.echo("\n".join(told(output, verdict)))
        sys.exit(0 if verdict.same else 1)


def told(output: Path, verdict: Verdict) -> list[str]:
    """What the command says of a report, a line a thing."""
    lines = [f"{output / name}: không còn." for name in verdict.missing]
    lines += [f"{output / name}: đã bị sửa sau khi lập." for name in verdict.touched]
    lines += [f"{output / name}: lập lại thì khác." for name in verdict.different]
    lines += [f"Phần mềm đã khác: {change}." for change in verdict.changes]
    if verdict.same:
        lines.append(f"{output}: giống hệt từng byte.")
    return lines
