"""The rules of the house that a machine can keep: who imports whom, what a notebook may hold."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from functools import cache
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
    "python_calamine": "workbook/forms/",
    "matplotlib": "report/drawing/",
    "papermill": "run",
    "jsonschema": "core",
    "fastjsonschema": "core",
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

EXCEPTIONS = {("run/publishing/exports.py", "nbconvert"), ("households/file/sheet.py", "openpyxl")}
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


TESTED_IN = {
    "__init__.py": "test_analysis.py",
    "__main__.py": "cli/test_report.py",
    "checks/*": "checks/test_checks.py",
    "cli/__init__.py": "cli/test_vietnamese.py",
    "cli/publish.py": "run/publishing/test_publication.py",
    "run/publishing/difference.py": "run/publishing/test_publication.py",
    "cli/verify.py": "run/provenance/test_verify.py",
    "run/provenance/folders.py": "run/provenance/test_verify.py",
    "cli/collect.py": "cli/test_workbooks.py",
    "cli/new.py": "cli/test_workbooks.py",
    "cli/validate.py": "cli/test_workbooks.py",
    "cli/demo.py": "test_households_end_to_end.py",
    "core/errors.py": "run/test_faults.py",
    "core/finding.py": "checks/test_checks.py",
    "core/lock.py": "run/publishing/test_publish.py",
    "core/pandoc.py": "export/word/test_exporter.py",
    "demo/*": "demo/test_demo.py",
    "export/foreign/*": "export/test_any_notebook.py",
    "export/jupyter.py": "cli/test_lab.py",
    "export/page.py": "export/test_untrusted.py",
    "export/refusals.py": "export/test_document.py",
    "export/word/*": "export/word/test_exporter.py",
    "households/counts.py": "households/test_tables.py",
    "households/disclosure/tables.py": "households/disclosure/test_edition.py",
    "households/file/schema.py": "households/file/test_text.py",
    "households/measures/samples.py": "report/explore/test_explore.py",
    "households/places.py": "households/test_tables.py",
    "regulation/__init__.py": "regulation/test_lookup.py",
    "regulation/file.py": "regulation/test_own.py",
    "regulation/register.py": "regulation/test_units.py",
    "report/book.py": "report/monthly/test_merged_units.py",
    "report/drawing/*": "report/drawing/test_drawing.py",
    "report/elements/*": "report/elements/test_elements.py",
    "report/explore/*": "report/explore/test_explore.py",
    "report/forms/*": "report/forms/test_forms.py",
    "report/language/*": "report/language/test_words.py",
    "report/monthly/*": "report/monthly/test_monthly.py",
    "report/programme/*": "report/programme/test_programme.py",
    "report/review/*": "report/review/test_review.py",
    "report/*": "report/monthly/test_monthly.py",
    "run/publishing/exports.py": "export/test_exporter.py",
    "run/*": "run/execution/test_process.py",
    "site/charts.py": "site/test_page.py",
    "site/map.py": "site/test_page.py",
    "statistics/disclosure/workbook.py": "report/monthly/test_public_monthly.py",
    "statistics/programme.py": "report/monthly/test_monthly.py",
    "statistics/ratio.py": "statistics/test_poverty.py",
    "workbook/change/*": "workbook/write/test_fill.py",
    "workbook/collect.py": "cli/test_workbooks.py",
    "workbook/dataset.py": "statistics/test_change.py",
    "workbook/explanations.py": "checks/test_explanations.py",
    "workbook/forms/allocated.py": "workbook/forms/test_money.py",
    "workbook/forms/figures.py": "workbook/forms/test_plan.py",
    "workbook/forms/other_workbook.py": "workbook/forms/test_tables.py",
    "workbook/grid.py": "workbook/read/test_workbook.py",
    "workbook/read/*": "workbook/read/test_workbook.py",
    "workbook/schema.py": "tools/test_workbook_guide.py",
    "workbook/write/placing.py": "workbook/write/test_fill.py",
    "workbook/own_contents.py": "checks/money/test_capital.py",
    "workbook/write/*": "workbook/read/test_workbook.py",
}
"""Where modules are tested that have no test file of their own at the same place; the first line that fits counts."""


def own_test(name: str) -> str:
    """Return where the test file of a module stands when it has one of its own."""
    folder, _, file = name.rpartition("/")
    if file == "__init__.py":
        return f"{folder}/test_{folder.rpartition('/')[2]}.py"
    return f"{folder}/test_{file}".lstrip("/")


def line_for(name: str) -> str | None:
    """Return the line of the table that a module without a test file of its own needs."""
    return next((line for line in TESTED_IN if fnmatch(name, line)), None)


TESTS = ROOT / "tests"
UNTESTED = [
    name
    for name in MODULES
    if not (TESTS / own_test(name)).is_file() and any(not isinstance(node, ast.Expr) for node in parsed(name).body)
]


@pytest.mark.parametrize("name", UNTESTED)
def test_each_module_has_a_test_file_or_a_line_that_says_which_file_tests_it(name: str) -> None:
    line = line_for(name)
    assert line is not None
    assert (TESTS / TESTED_IN[line]).is_file()


def test_no_line_is_left_over() -> None:
    assert {line_for(name) for name in UNTESTED} >= set(TESTED_IN)


MOST_LINES, LONGEST_FUNCTION, MOST_POSITIONAL, MOST_MODULES = 400, 40, 4, 14
LONGEST_CHAIN = 12


@pytest.mark.parametrize("name", MODULES)
def test_modules_and_functions_are_short(name: str) -> None:
    text = (PACKAGE / name).read_text("utf-8")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    long = [each.name for each in functions if (each.end_lineno or 0) - each.lineno >= LONGEST_FUNCTION]
    many = [each.name for each in functions if len(positional(each)) > MOST_POSITIONAL]
    assert len(text.splitlines()) <= MOST_LINES
    assert (long, many) == ([], [])


def positional(function: ast.FunctionDef) -> list[str]:
    """Return the names of the arguments that can be given by their place, an object's own left out."""
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def test_no_folder_is_full() -> None:
    modules = Counter(name.rpartition("/")[0] for name in MODULES if not name.endswith("__init__.py"))
    assert {folder: count for folder, count in modules.items() if count > MOST_MODULES} == {}


def dotted(name: str) -> str:
    """Return the name by which a module is imported."""
    return "giamngheo." + name.removesuffix(".py").removesuffix("__init__").rstrip("/").replace("/", ".")


def ours_imported(name: str, known: Mapping[str, str]) -> set[str]:
    """Return the modules of ours that a module imports, wherever in it."""
    found = set[str]()
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {part if part in known else str(node.module) for part in parts}
    return {known[module] for module in found & set(known)} - {name}


def test_the_longest_chain_of_imports_is_short() -> None:
    known = {dotted(name).rstrip("."): name for name in MODULES}
    graph = {name: ours_imported(name, known) - {"__init__.py"} for name in MODULES}

    @cache
    def chain(name: str) -> tuple[str, ...]:
        return (name, *max(map(chain, sorted(graph[name])), key=len, default=()))

    assert max(map(len, map(chain, MODULES))) <= LONGEST_CHAIN, max(map(chain, MODULES), key=len)


PROTOCOLS = {"_repr_mimebundle_", "_exit"}
"""Names with a bar before them that IPython and Python document."""


@pytest.mark.parametrize("name", MODULES)
def test_no_private_attribute_of_a_library_is_used(name: str) -> None:
    used = {
        ast.unparse(node)
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
        and ast.unparse(node.value) not in {"self", "cls"}
        and node.attr not in PROTOCOLS
    }
    private = {module for module in imported(parsed(name)) if re.search(r"\._[a-z]", module)}
    assert used | private == set()


@pytest.mark.parametrize("name", MODULES)
def test_no_group_of_a_pattern_is_possessive(name: str) -> None:
    """Before Python 3.11.5, Debian's 3.11.2 among them, it may match more than it says (CPython's issue 106052)."""
    texts = [node.value for node in ast.walk(parsed(name)) if isinstance(node, ast.Constant)]
    written = [text.decode("latin-1") if isinstance(text, bytes) else text for text in texts]
    assert not [text for text in written if isinstance(text, str) and re.search(r"\)[*+?]\+|\(\?>", text)]


OWN_FILES = (
    "core/message.py",
    "demo/households.py",
    "export/html.py",
    "regulation/register.py",
    "report/drawing/letters.py",
    "run/provenance/software.py",
    "workbook/write/save.py",
)
"""Modules that read files of ours; those of others are read within the bounds of core/foreign.py."""

FIRST_TO_LOOK = ("core/foreign.py", "households/engine.py", "households/file/text.py", "workbook/read/package.py")
"""Modules that ask first what a file is: of what size, and no pipe."""


@pytest.mark.parametrize("name", MODULES)
def test_what_others_wrote_is_read_within_bounds(name: str) -> None:
    calls = [node for node in ast.walk(parsed(name)) if isinstance(node, ast.Call)]
    read = {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)} & {"read_bytes"}
    read |= {ast.unparse(call) for call in calls if ast.unparse(call).endswith(".open('rb')")}
    assert not read or name in (*OWN_FILES, *FIRST_TO_LOOK)
