"""Choices above a result, for work in JupyterLab; on paper they leave nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ipywidgets import Dropdown, HBox, Layout, Output, VBox

Choices = Mapping[str, tuple[str, Mapping[str, Any]]]
"""For each argument: what stands before its list, and the values by the words of the list."""


def controls(show: Callable[..., Sequence[Any]], choices: Choices, **chosen: Any) -> VBox:
    """Return lists to choose from, and below them the elements that `show` makes of what is chosen at the time.

    chosen: values that lists begin with; a list without one begins with its first.
    """
    lists = {
        name: Dropdown(options=list(values.items()), description=label, layout=Layout(width="auto"))
        for name, (label, values) in choices.items()
    }
    for name, value in chosen.items():
        lists[name].value = value
    shown = Output()

    def changed(_: object = None) -> None:
        elements = show(**{name: entry.value for name, entry in lists.items()})
        shown.outputs = tuple(_output(element) for element in elements)

    for entry in lists.values():
        entry.observe(changed, "value")
    changed()
    return VBox([HBox(list(lists.values()), layout=Layout(flex_flow="row wrap")), shown])


def _output(element: Any) -> dict[str, Any]:
    """Return an element as the output of a cell; nbclient sometimes waits for ever for an output that is captured."""
    data, metadata = element._repr_mimebundle_()
    return {"output_type": "display_data", "data": data, "metadata": metadata}
