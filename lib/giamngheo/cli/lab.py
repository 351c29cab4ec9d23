"""giamngheo lab: JupyterLab on the notebooks, with our exporters in its menu."""

import click

from giamngheo.cli.explain import explained
from giamngheo.intake.locate import located

EXTENSION = "--ServerApp.jpserver_extensions={'giamngheo.export.jupyter': True}"


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--folder", default="notebooks", show_default=True, help="Thư mục mở trong JupyterLab.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def command(folder: str, options: tuple[str, ...]) -> None:
    """Mở JupyterLab trên các sổ tay. OPTIONS là tùy chọn của JupyterLab."""
    with explained():
        root = located(folder)
    from jupyterlab.labapp import LabApp  # takes seconds, which the help of all commands does not have

    LabApp.launch_instance([f"--ServerApp.root_dir={root}", EXTENSION, *options])
