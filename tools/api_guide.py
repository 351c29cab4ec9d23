"""The page of all names that analysts import, docs/api.md, from their docstrings: python -m tools.api_guide."""

import inspect
from pathlib import Path
from typing import Any

import griffe
from griffe2md import default_config, render_object_docs

import giamngheo
from giamngheo.analysis import Data, HouseholdReview

DOCUMENT = Path(__file__).parents[1] / "docs" / "api.md"

_INTRODUCTION = """# What `import giamngheo` offers

Written by `make guides` from the docstrings, by griffe2md; do not edit it here. [analysts.md](analysts.md) shows how
the names are used, [measures.md](measures.md) says what each measure means. Tables are pandas'; money is whole đồng,
rates are unrounded percentages, a blank is not zero.
"""

_CONFIG: Any = {
    **default_config,
    "heading_level": 2,
    "filters": ["!^_"],
    "line_length": 120,
    "members_order": "source",
    "show_bases": False,
    "show_object_full_path": False,
    "show_root_full_path": False,
    "show_root_members_full_path": False,
    "summary": False,
}


def api_guide() -> str:
    """Return the page: each name that is offered, and the two classes whose values they return."""
    offered = [(name, getattr(giamngheo, name)) for name in giamngheo.__all__]
    returned = [(offering.__name__, offering) for offering in (Data, HouseholdReview)]
    parts = [_part(f"giamngheo.{name}", thing) for name, thing in offered] + [_part(*entry) for entry in returned]
    return "\n".join([_INTRODUCTION, *parts])


def _part(name: str, thing: Any) -> str:
    """Return the part of a function or class, under the name by which it is offered."""
    path = Path(inspect.getfile(thing))
    module = griffe.visit(thing.__module__, filepath=path, code=path.read_text("utf-8"), docstring_parser="google")
    rendered = render_object_docs(module[thing.__name__], _CONFIG)
    return rendered.replace(f"## `{thing.__name__}`", f"## `{name}`", 1).strip() + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(api_guide(), "utf-8", newline="\n")
