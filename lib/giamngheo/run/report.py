"""One report: executed, exported, published with its manifest."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from giamngheo.errors import GiamngheoError, reason
from giamngheo.run.execute import Kernel, executed
from giamngheo.run.exports import FILES, exported
from giamngheo.run.kernel import started_kernel
from giamngheo.run.manifest import MANIFEST, Manifest, NoManifestError, manifest_bytes, read_manifest
from giamngheo.run.normalise import normalised, notebook_bytes
from giamngheo.run.publish import publish
from giamngheo.run.recipe import Order, Recipe, recipe, sha256

if TYPE_CHECKING:
    from nbformat import NotebookNode

EXECUTED = "report.ipynb"


class InputsChangedError(GiamngheoError):
    """Somebody saved a workbook while the report was being made from it."""

    def __init__(self, order: Order) -> None:
        super().__init__(f"{order}: sổ tính được lưu lại trong khi lập báo cáo; hãy lập lại, báo cáo cũ còn nguyên.")


class MachineError(GiamngheoError):
    """The machine does not let a report be made: the disk or the folder of temporary files, mostly."""

    def __init__(self, error: OSError) -> None:
        where = f" ({error.filename})" if error.filename else ""
        super().__init__(
            f"Máy không cho lập báo cáo: {reason(error)}{where}. Kiểm tra dung lượng đĩa và quyền ghi vào thư mục tạm"
            " (biến môi trường TMPDIR hoặc TEMP) rồi chạy lại; báo cáo cũ còn nguyên."
        )


def make_report(order: Order, *, kernel: Kernel = started_kernel, progress: bool = False) -> tuple[Path, ...]:
    """Paths of the files of a report, which it writes to the folder of the order, the manifest among them.

    kernel: how the kernel is started. Raises GiamngheoError when the report cannot be made; the earlier one then
    stays as it was.
    """
    needed = recipe(order)
    how = {"kernel": kernel, "timeout": order.timeout, "progress": progress}
    files = made_files(needed, order.notebook, order.data.resolve().parent, **how)
    if recipe(order) != needed:
        raise InputsChangedError(order)
    publish(order.folder, files)
    return report_paths(order)


def report_paths(order: Order) -> tuple[Path, ...]:
    """Paths of the files of a report, whether or not they are there."""
    return tuple(order.folder / name for name in (*(FILES[form] for form in order.formats), EXECUTED, MANIFEST))


def is_unchanged(order: Order) -> bool:
    """Whether the report that is there is the one that would be made, all of its files in place and none torn.

    Raises what `recipe` raises.
    """
    needed = recipe(order)
    try:
        kept = read_manifest(order.folder)
    except NoManifestError:
        return False
    return kept.recipe == needed and all(map(_is_written, report_paths(order)))


def _is_written(path: Path) -> bool:
    """Whether a file is there with its content: a power cut leaves files that are empty or begin with zeros."""
    try:
        with path.open("rb") as file:
            return file.read(1) not in (b"", b"\0")
    except OSError:
        return False


def made_files(needed: Recipe, notebook: Path, cwd: Path, **how: Any) -> dict[str, bytes]:
    """Content of the files of a report by name, made by a notebook that runs in `cwd`, which holds the data folder.

    how: kernel, timeout, progress of `executed`. Raises GiamngheoError when the report cannot be made.
    """
    try:
        run = normalised(executed(notebook, needed.parameters, cwd=cwd, **how))
        files = exported(run, needed.formats) | {EXECUTED: notebook_bytes(run)}
    except OSError as error:
        raise MachineError(error) from error
    outputs = {name: sha256(content) for name, content in files.items()}
    record = _record(run)
    manifest = Manifest(needed, record["figures"], record["findings"], outputs)
    return files | {MANIFEST: manifest_bytes(manifest)}


def _record(notebook: "NotebookNode") -> Mapping[str, Any]:
    """What the last cell of the notebook keeps for the manifest; nothing where someone took the cell out."""
    for cell in reversed(notebook.cells):
        for output in cell.get("outputs", ()):
            about = output.get("metadata", {}).get("giamngheo", {})
            if "record" in about:
                return dict(about["record"])
    return {"figures": {}, "findings": []}
