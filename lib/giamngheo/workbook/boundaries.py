"""The areas of units: a GeoJSON file of the office's own beside the folders of its units, for maps."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from giamngheo.core.errors import GiamngheoError
from giamngheo.core.foreign import content, told_in_json
from giamngheo.core.message import quoted
from giamngheo.core.paths import BOUNDARIES, is_there
from giamngheo.core.text import text

CODES = ("code", "unit_code", "ma_xa", "ma_dvhc")
"""Properties of a feature in which the code of its unit is looked for, in their order."""

_LARGEST = 50_000_000
"""Bytes of a file that is read; the communes of a province take a few million."""

_MOST_RINGS = 50_000
"""Parts of all units: each is drawn, and the islands of the whole country are fewer."""

Areas = Mapping[str, list[list[tuple[float, float]]]]
"""By the code of a unit the outer rings of its parts, degrees east and north."""


class BoundaryFileError(GiamngheoError):
    """The file of boundaries cannot be used."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path}: {why}; cần GeoJSON (FeatureCollection) hệ WGS 84, mỗi đơn vị một vùng Polygon hoặc MultiPolygon"
            f" có thuộc tính {CODES[0]} là mã đơn vị."
        )


def boundaries(data: Path) -> Areas:
    """Return the areas of units of a data folder; none without the file. Raises UnreadableError, BoundaryFileError."""
    path = data / BOUNDARIES
    if not is_there(path):
        return {}
    found: dict[str, list[list[tuple[float, float]]]] = {}
    for number, feature in enumerate(_features(path), 1):
        found.setdefault(_code(path, number, feature), []).extend(_rings(path, number, feature))
    if sum(map(len, found.values())) > _MOST_RINGS:
        raise BoundaryFileError(path, f"hơn {_MOST_RINGS} mảnh")
    return found


def _features(path: Path) -> list[Any]:
    try:
        told = told_in_json(content(path, _LARGEST))
    except ValueError:
        raise BoundaryFileError(path, "không phải JSON viết bằng UTF-8, hoặc có quá nhiều phần tử") from None
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list) or not features:
        raise BoundaryFileError(path, "không có vùng nào")
    return features


def _code(path: Path, number: int, feature: Any) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    given = [properties[name] for name in CODES if name in properties] if isinstance(properties, dict) else []
    code = text(given[0]) if given and isinstance(given[0], str | int) else ""
    if not code:
        raise BoundaryFileError(path, f"vùng thứ {number} không có mã đơn vị")
    return code


def _rings(path: Path, number: int, feature: Mapping[str, Any]) -> Iterator[list[tuple[float, float]]]:
    """Yield the outer ring of each part of a feature; holes, which other units fill, are drawn by these."""
    geometry = feature.get("geometry")
    told: Mapping[str, Any] = geometry if isinstance(geometry, dict) else {}
    kind, parts = str(told.get("type")), told.get("coordinates")
    try:
        polygons: Any = {"Polygon": [parts], "MultiPolygon": parts}[kind]
        for polygon in polygons:
            ring = [(float(corner[0]), float(corner[1])) for corner in polygon[0]]
            if len(ring) < 3 or not all(abs(east) <= 180 and abs(north) <= 90 for east, north in ring):
                raise BoundaryFileError(path, f"vùng thứ {number} không có tọa độ kinh độ, vĩ độ đúng")
            yield ring
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        raise BoundaryFileError(path, f"vùng thứ {number} có hình {quoted(kind)} không đọc được") from None
