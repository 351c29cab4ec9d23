import json
from collections.abc import Callable
from pathlib import Path

import pytest

from giamngheo.core.errors import UnreadableError
from giamngheo.core.paths import BOUNDARIES
from giamngheo.workbook.boundaries import BoundaryFileError, boundaries
from tests.hindered import HINDRANCES

SQUARE = [[107.8, 15.0], [107.9, 15.0], [107.9, 15.1], [107.8, 15.0]]


def feature(kind: str = "Polygon", coordinates: object = None, **properties: object) -> dict[str, object]:
    given = [SQUARE] if coordinates is None else coordinates
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": given}}


def written(folder: Path, *features: object) -> Path:
    (folder / BOUNDARIES).write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return folder


def test_areas_are_those_of_their_codes(tmp_path: Path) -> None:
    assert boundaries(tmp_path) == {}
    islands = feature("MultiPolygon", [[SQUARE], [SQUARE, SQUARE]], ma_xa=23407)
    found = boundaries(written(tmp_path, feature(code="23404"), islands, feature(code="23404")))
    assert {code: len(rings) for code, rings in found.items()} == {"23404": 2, "23407": 2}
    assert found["23404"][0][0] == (107.8, 15.0)


@pytest.mark.parametrize(
    ("features", "words"),
    [
        ([], "không có vùng nào"),
        ([feature(name="A")], "vùng thứ 1 không có mã đơn vị"),
        (["x"], "vùng thứ 1 không có mã đơn vị"),
        ([feature(code="1"), feature("Point", [1, 2], code="2")], "vùng thứ 2 có hình 'Point' không đọc được"),
        ([feature("Polygon", [["x"]], code="1")], "vùng thứ 1 có hình 'Polygon' không đọc được"),
        ([feature("Polygon", [[[1691000, 560000]] * 4], code="1")], "không có tọa độ kinh độ, vĩ độ đúng"),
        ([{"properties": {"code": 1}}], "có hình 'None' không đọc được"),
        ([feature(code=["1"])], "vùng thứ 1 không có mã đơn vị"),
        ([feature("Polygon", [[[10**400, 15]] * 4], code="1")], "vùng thứ 1 có hình 'Polygon' không đọc được"),
        ([feature("MultiPolygon", [[SQUARE]] * 50_001, code="1")], "hơn 50000 mảnh"),
    ],
)
def test_what_is_no_area_of_a_unit_is_said(tmp_path: Path, features: list[object], words: str) -> None:
    with pytest.raises(BoundaryFileError, match=words):
        boundaries(written(tmp_path, *features))


def test_a_file_that_is_no_geojson_is_said(tmp_path: Path) -> None:
    (tmp_path / BOUNDARIES).write_bytes(b"\xff")
    with pytest.raises(BoundaryFileError, match="không phải JSON viết bằng UTF-8"):
        boundaries(tmp_path)


@pytest.mark.parametrize("hinder", HINDRANCES)
def test_a_file_that_cannot_be_read_is_not_taken_for_none(hinder: Callable[[Path], None], tmp_path: Path) -> None:
    hinder(tmp_path / BOUNDARIES)
    with pytest.raises(UnreadableError, match=BOUNDARIES):
        boundaries(tmp_path)
