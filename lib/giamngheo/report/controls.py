"""Choices above a result, for work in JupyterLab; on paper they leave nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from IPython.display import display
from ipywidgets import Dropdown, HBox, Layout, Output, VBox

Choices = Mapping[str, tuple[str, Mapping[str, Any]]]
"""For each argument: what stands before its list, and the values by the words of the list; the first is chosen."""


def controls(show: Callable[..., Sequence[Any]], choices: Choices) -> VBox:
    """Lists to choose from, and below them the elements that `show` makes of what is chosen, at once and ever after."""
    lists = {
        name: Dropdown(options=list(values.items()), description=label, layout=Layout(width="auto"))
        for name, (label, values) in choices.items()
    }
    shown = Output()

    def changed(_: object = None) -> None:
        shown.clear_output(wait=True)
        with shown:
            display(*show(**{name: entry.value for name, entry in lists.items()}))  # type: ignore[no-untyped-call]

    for entry in lists.values():
        entry.observe(changed, "value")
    changed()
    return VBox([HBox(list(lists.values())), shown])
