"""docs/api.md is what the docstrings say, and docs/measures.md tells of each statistic that is offered."""

from pathlib import Path

import pytest

import giamngheo

pytest.importorskip("griffe2md", reason="griffe2md is not installed: make lint installs what the lock has")
from tools.api_guide import api_guide

DOCS = Path(__file__).parents[2] / "docs"
NO_MEASURES = {"open", "household_review", "table", "figure", "percentage"}


def test_the_page_is_what_the_docstrings_say() -> None:
    assert (DOCS / "api.md").read_text("utf-8") == api_guide(), "run: make guides"


@pytest.mark.parametrize("name", sorted(set(giamngheo.__all__) - NO_MEASURES))
def test_every_measure_that_is_offered_is_told(name: str) -> None:
    assert f"`giamngheo.{name}`" in (DOCS / "measures.md").read_text("utf-8")


@pytest.mark.parametrize("name", giamngheo.__all__)
def test_every_name_that_is_offered_is_on_the_page(name: str) -> None:
    assert f"\n## `giamngheo.{name}`\n" in (DOCS / "api.md").read_text("utf-8")
