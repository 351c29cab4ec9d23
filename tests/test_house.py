"""The rules of the house that a machine can keep: who imports whom, what a notebook may hold."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "lib" / "giamngheo"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

PACKAGES = [
    "core",
    "regulation",
    "workbook",
    "statistics",
    "households",
    "checks",
    "report",
    "export",
    "run",
    "site",
    "demo",
    "cli",
]
"""As in docs/design.md: imports point to what stands above."""

HOMES = {
    "openpyxl": "workbook",
    "matplotlib": "report/drawing/",
    "papermill": "run",
    "jsonschema": ("run", "report/elements"),
    "PIL": "export",
    "nh3": "export",
    "bs4": "export",
    "defusedxml": "export",
    "nbconvert": "export",
    "click": "cli",
    "duckdb": "households",
    "scipy": ("statistics", "households"),
    "typst": "export",
    "pypandoc": "export",
}
"""The one place that knows a library."""

EXCEPTIONS = {("run/exports.py", "nbconvert"), ("households/file/sheet.py", "openpyxl")}
"""run asks nbconvert for the exporters by their entry points, as every other program does; openpyxl names columns."""


MODULES = [path.relative_to(PACKAGE).as_posix() for path in sorted(PACKAGE.rglob("*.py"))]


def parsed(name: str) -> ast.Module:
    return ast.parse((PACKAGE / name).read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down_the_list_of_packages(name: str) -> None:
    package = name.split("/")[0]
    if package not in PACKAGES:
        return
    others = {module.split(".")[1] for module in imported(parsed(name)) if module.startswith("giamngheo.")}
    allowed = set(PACKAGES[: PACKAGES.index(package) + 1])
    if package == "statistics":
        allowed -= {"workbook"}
    assert others <= allowed


@pytest.mark.parametrize("name", MODULES)
def test_a_library_is_imported_in_its_home_only(name: str) -> None:
    for library in {module.split(".")[0] for module in imported(parsed(name))} & set(HOMES):
        assert name.startswith(HOMES[library]) or (name, library) in EXCEPTIONS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_committed_without_outputs_and_imports_nothing_but_ours(path: Path) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell in cells:
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
        assert not {"execution", "papermill"} & set(cell["metadata"])
        modules_used = set(imported(ast.parse("".join(cell["source"]))))
        assert all(module.split(".")[0] == "giamngheo" for module in modules_used)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_code_cell_is_one_call_but_for_parameters_and_set_up(path: Path) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert cells[0]["metadata"]["tags"] == ["parameters"]
    for cell in cells[2:]:
        (statement,) = ast.parse("".join(cell["source"])).body
        assert isinstance(statement, ast.Expr | ast.Assign)
        assert isinstance(statement.value, ast.Call)


def test_git_keeps_the_package() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert not {"lib", "lib/", "/lib/", "/lib"} & set(ignored)
