"""giamngheo lab: JupyterLab on the notebooks, with our exporters in its menu; new-notebook: one of your own."""

import json
import os
from importlib.resources import files
from pathlib import Path

import click

from giamngheo.cli.terminal import explained
from giamngheo.core.errors import WrongUseError, shown
from giamngheo.core.scratch import scratch_folder
from giamngheo.run.kinds import PROJECT, NameOfNotebookError
from giamngheo.run.publishing.publish import publish_file

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


class NotebookThereError(WrongUseError):
    """A file of that name is there."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{shown(path)} đã có; đặt tên khác, hoặc chuyển tệp đó đi.")


@click.command("new-notebook", short_help="Tạo sổ tay riêng để bắt đầu phân tích.")
@click.argument("name")
@click.option("--unit", default="tu-mo-rong", show_default=True, help="Đơn vị, tên thư mục.")
@click.option("--period", default="2023-08", show_default=True, help="Kỳ báo cáo.")
@click.option("--data", default="data", show_default=True, help="Thư mục chứa sổ tính của các đơn vị.")
def new_notebook(name: str, **parameters: str) -> None:
    """Tạo sổ tay NAME.ipynb: ô tham số, bảng và hình đánh số như báo cáo, công thức, chú thích (docs/analysts.md).

    Mở bằng giamngheo lab --folder .; lập báo cáo bằng giamngheo report UNIT PERIOD --notebook NAME.ipynb.
    """
    with explained():
        named = os.path.basename(name)  # noqa: PTH119  (Path would drop a slash at the end)
        if named in {"", ".", ".."} or not named.isprintable() or set(named) & set("\\:"):
            raise NameOfNotebookError(named or name)
        path = Path(name).with_suffix(".ipynb")
        if os.path.lexists(path):
            raise NotebookThereError(path)
        notebook = json.loads(files(__package__).joinpath("own_notebook.ipynb").read_text("utf-8"))
        notebook["cells"][0]["source"] = [f"# {path.stem}"]
        given = next(cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", ()))
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in parameters.items()]
        given["source"] = "\n".join(lines)
        publish_file(path, f"{json.dumps(notebook, ensure_ascii=False, indent=1)}\n".encode())
        click.echo(path)
