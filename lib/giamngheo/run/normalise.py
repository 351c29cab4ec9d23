"""An executed notebook without what differs from run to run."""

import copy
from typing import TYPE_CHECKING

from giamngheo.run.imports import without_iri_grammar

if TYPE_CHECKING:
    from nbformat import NotebookNode


def normalised(notebook: "NotebookNode") -> "NotebookNode":
    """Copy of an executed notebook that is the same for the same inputs: no times, paths or random ids."""
    stable = copy.deepcopy(notebook)
    run = stable.metadata.pop("papermill", {})
    stable.metadata["papermill"] = {"parameters": run.get("parameters", {})}
    for number, cell in enumerate(stable.cells):
        cell["id"] = f"cell-{number}"
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
    return stable


def notebook_bytes(notebook: "NotebookNode") -> bytes:
    """The notebook as the bytes of its file."""
    with without_iri_grammar():
        import nbformat
    text: str = nbformat.writes(notebook)
    return f"{text}\n".encode()
