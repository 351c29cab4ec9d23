"""Elements as a notebook keeps them, read again: data that is checked, for anybody may have written the file."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import pandas as pd

from giamngheo.core.foreign import is_valid
from giamngheo.report.elements.bundle import METADATA_KEY
from giamngheo.report.elements.closing import Closing
from giamngheo.report.elements.figure import Figure, svg_of
from giamngheo.report.elements.letterhead import Letterhead, Marking
from giamngheo.report.elements.prose import Prose
from giamngheo.report.elements.table import RESOURCE, Column, DataTable

Element = Closing | DataTable | Figure | Letterhead | Marking | Prose

_TEXT_KINDS = ("text", "code")

_LARGEST = 10**18
"""No number of a table is as large: more than all the money there is, in đồng, and what int64 holds."""


class BrokenElementError(ValueError):
    """An output bears our mark, but what the element is made of is incomplete or is not what we write."""


def element_of(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> Element | None:
    """Return the element that an output of ours keeps; None for one that shows nothing. Raises BrokenElementError."""
    payload = metadata[METADATA_KEY]
    _require("element", payload)
    kind = payload["element"]
    values = {name: value for name, value in payload.items() if name != "element"}
    if kind == "record":
        return None
    if kind == "table":
        return _table(data.get(RESOURCE))
    _require(kind, values)
    if kind == "prose":
        return Prose(**values)
    if kind == "marking":
        return Marking(**values)
    if kind == "closing":
        return Closing(**values | {"recipients": tuple(values["recipients"])})
    if kind == "letterhead":
        return Letterhead(**values | {"bases": tuple(values["bases"])})
    return _figure(data, values)


def _figure(data: Mapping[str, Any], values: Mapping[str, str]) -> Figure:
    shown = data.get("text/html")
    if not isinstance(shown, str) or not (svg := svg_of(shown)):
        raise BrokenElementError
    return Figure(svg, values["alt"], values["caption"], values["series"], values["name"])


def _table(resource: Any) -> DataTable:
    _require("table", resource)
    fields, rows = resource["schema"]["fields"], resource["data"]
    if len(resource["row_codes"]) not in (0, len(rows)):
        raise BrokenElementError
    for field in fields:
        _require_value(field["width"], is_text=False)
        for row in rows:
            _require_value(row.get(field["name"], ...), is_text=field["kind"] in _TEXT_KINDS)
    keys = [name for name in resource["keys"] if name not in {field["name"] for field in fields}]
    for key, row in product(keys, rows):
        _require_value(row.get(key, ...), is_text=True)
    names = [*(field["name"] for field in fields), *keys]
    return DataTable(
        pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=object) for name in names}),
        tuple(
            Column(field["name"], tuple(field["header"]), field["kind"], field["width"], field["missing"])
            for field in fields
        ),
        resource["title"],
        tuple(resource["strong_rows"]),
        tuple(resource["indented_rows"]),
        resource["note"],
        resource["series"],
        resource["name"],
        origins=_origins(resource["origins"], names, len(rows)),
        is_landscape=resource["is_landscape"],
        row_codes=tuple(resource["row_codes"]),
    )


def _origins(kept: Mapping[str, list[str]], names: list[str], rows: int) -> Mapping[str, list[str]]:
    if not set(kept) <= set(names) or any(len(texts) != rows for texts in kept.values()):
        raise BrokenElementError
    return kept


def _require_value(value: Any, *, is_text: bool) -> None:
    """Require what a cell of its kind may hold: a number that can be printed, or a text."""
    if value is None or (is_text and isinstance(value, str)):
        return
    if not isinstance(value, int | float) or not abs(value) < _LARGEST:  # nor is NaN
        raise BrokenElementError


def _require(kind: str, payload: Any) -> None:
    if not is_valid(payload, __package__, "stored.schema.json", kind):
        raise BrokenElementError
