"""giamngheo lab: JupyterLab on the notebooks, with our exporters in its menu."""

import os
from pathlib import Path

import click

from giamngheo.core.scratch import scratch_folder
from giamngheo.run.kinds import PROJECT

_IPC = () if os.name == "nt" else ("--KernelManager.transport=ipc",)
"""Kernels talk over sockets in a folder of the user's own: every user of the machine could listen to a TCP port."""

_RUNTIME = "JUPYTER_RUNTIME_DIR"
"""Where the sockets are, unless the user says: in a long home their names are longer than the system takes."""

EXTENSION = "--ServerApp.jpserver_extensions={'giamngheo.export.jupyter': True}"


@click.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Thư mục mở trong JupyterLab; mặc định là các sổ tay của chương trình.",
)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def command(folder: Path | None, options: tuple[str, ...]) -> None:
    """Mở JupyterLab trên các sổ tay. OPTIONS là tùy chọn của JupyterLab."""
    root = (folder or PROJECT / "notebooks").absolute()
    from jupyterlab.labapp import LabApp  # takes seconds, which the help of all commands does not have

    with scratch_folder("lab") as runtime:
        chosen = os.environ.setdefault(_RUNTIME, str(runtime))
        try:
            LabApp.launch_instance([f"--ServerApp.root_dir={root}", EXTENSION, *_IPC, *options])
        finally:
            if chosen == str(runtime):
                del os.environ[_RUNTIME]
