"""Captions number themselves: "Bảng 1. …", "Bảng 2. …", "Hình 1. …", in the order in which a document shows them.

Only a whole document knows the numbers. A cell that is run by itself shows the caption without one, so that no number
in a notebook is ever an old one.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Protocol, TypeVar


class Captioned(Protocol):
    """A table or figure."""

    @property
    def caption(self) -> str:
        """Its words, without a number; "" without a caption, and then without a number."""

    @property
    def series(self) -> str:
        """What stands before its number: "Bảng", "Hình"; "" where it is not numbered."""

    @property
    def name(self) -> str:
        """What a text that refers to it calls it: "[bảng vốn](#funding_table)"."""

    @property
    def number(self) -> int:
        """Its place in its series; 0 until it stands in a document."""


Element = TypeVar("Element", bound=Captioned)


def numbered(element: Element, counted: Counter[str]) -> Element:
    """Return a table or figure with the next number of its series; `counted`, the last ones, is counted on."""
    if not element.series or not element.caption:
        return element
    counted[element.series] += 1
    changed: Any = element
    return replace(changed, number=counted[element.series])


def full_caption(element: Captioned) -> str:
    """Return the caption, after the number where there is one."""
    return f"{_label(element)}. {element.caption}" if element.number else element.caption


def references(elements: Iterable[Captioned]) -> dict[str, str]:
    """Return what the text calls each named table and figure of a document, "Bảng 2"; the first of those of a name."""
    return {element.name: _label(element) for element in reversed([*elements]) if element.name and element.number}


def _label(element: Captioned) -> str:
    return f"{element.series} {element.number}"
