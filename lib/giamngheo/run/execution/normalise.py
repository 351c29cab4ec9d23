"""Notebooks without what differs from run to run and from one who saves them to another."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from giamngheo.core.errors import WrongUseError, shown
from giamngheo.core.foreign import content, few_parts, without_format_checkers

if TYPE_CHECKING:
    from nbformat import NotebookNode

_FORMAT = 4

_KEPT = ("giamngheo", "tags", "raw_mimetype", "format")
"""Metadata that says what a notebook or cell is; the rest says how somebody looked at it."""

_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class NoNotebookError(WrongUseError):
    """The file is no notebook that can be run."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{shown(path)} không phải sổ tay Jupyter (.ipynb, định dạng {_FORMAT}) còn nguyên vẹn; mở bằng JupyterLab,"
            " lưu lại, hoặc lấy lại bản gốc."
        )


def notebook_source(path: Path) -> bytes:
    """Return the notebook as it is run: its cells as they were typed, the same whoever ran and saved it meanwhile.

    Raises UnreadableError, NoNotebookError.
    """
    try:
        return _source(content(path))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NoNotebookError(path) from error


@lru_cache(maxsize=8)
def _source(saved: bytes) -> bytes:
    """Return the source of a notebook as it was saved: a batch asks for that of the same one again and again."""
    told = json.loads(few_parts(saved))
    if told["nbformat"] != _FORMAT:
        raise ValueError
    cells = [_typed(number, cell) for number, cell in enumerate(told["cells"])]
    about = _kept(told.get("metadata", {})) | _METADATA
    notebook = {"cells": cells, "metadata": about, "nbformat": _FORMAT, "nbformat_minor": 5}
    return f"{json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()


def _typed(number: int, cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return a cell with nothing but what was typed into it."""
    typed = {"cell_type": cell["cell_type"], "id": f"cell-{number}", "source": "".join(cell["source"])}
    typed["metadata"] = _kept(cell.get("metadata", {}))
    if cell["cell_type"] == "code":
        return typed | {"outputs": [], "execution_count": None}
    return typed | {"attachments": cell["attachments"]} if cell.get("attachments") else typed


def _kept(metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {name: metadata[name] for name in _KEPT if metadata.get(name)}


def normalised(notebook: "NotebookNode") -> "NotebookNode":
    """Return a copy of an executed notebook that is the same for the same inputs: no times, paths or random ids."""
    from nbformat import NotebookNode

    given = notebook.metadata.get("papermill", {}).get("parameters", {})
    about = NotebookNode(notebook.metadata, papermill=NotebookNode(parameters=given))
    cells = [_stable(number, cell) for number, cell in enumerate(notebook.cells)]
    return NotebookNode(notebook, metadata=about, cells=cells)


def _stable(number: int, cell: "NotebookNode") -> "NotebookNode":
    kept = {name: value for name, value in cell.metadata.items() if name not in {"papermill", "execution"}}
    outputs = {"outputs": list(_joined(cell["outputs"]))} if "outputs" in cell else {}
    return type(cell)(cell, id=f"cell-{number}", metadata=type(cell)(kept), **outputs)


def _joined(outputs: "Sequence[NotebookNode]") -> "Iterator[NotebookNode]":
    """Yield outputs in which neighbouring streams of a name are one: where a kernel cuts them depends on its clock."""
    for is_stream, group in groupby(outputs, key=lambda output: output["output_type"] == "stream"):
        if not is_stream:
            yield from group
            continue
        texts: dict[str, list[NotebookNode]] = {}
        for output in group:
            texts.setdefault(output["name"], []).append(output)
        for name in sorted(texts, reverse=True):
            first = texts[name][0]
            yield type(first)(first, text="".join(output["text"] for output in texts[name]))


def notebook_bytes(notebook: "NotebookNode") -> bytes:
    """Return a notebook, valid as `executed` returns it, as the bytes of its file."""
    with without_format_checkers():
        from nbformat import v4
    text: str = v4.writes_json(notebook)
    return f"{text}\n".encode()
