"""What the manifest keeps, and what counts as unchanged."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from giamngheo.intake.period import Period
from giamngheo.run.manifest import MANIFEST, Manifest, NoManifestError, manifest_bytes, read_manifest
from giamngheo.run.recipe import Order, Recipe, recipe, sha256
from giamngheo.run.report import is_unchanged, report_paths
from giamngheo.run.software import Software, software

ROOT = Path(__file__).parents[2]

SOFTWARE = Software("c0de", "3.11.2", {"pandas": "3.1.0"}, "v1-2-gabc", changed=True)
RECIPE = Recipe("a", "2023-08", {"audience": "public"}, ("html",), {"data/a/2023.xlsx": "1f"}, SOFTWARE)
KEPT = Manifest(RECIPE, {"poor_rate_pct": 41.5, "reviewed": None}, ({"code": "x"},), {"report.html": "2e"})


@pytest.fixture
def order(tmp_path: Path) -> Order:
    (tmp_path / "data" / "a").mkdir(parents=True)
    for year in (2022, 2023):
        (tmp_path / "data" / "a" / f"{year}.xlsx").write_bytes(f"workbook of {year}".encode())
    return Order("a", Period(2023, 8), tmp_path / "data", tmp_path / "out", (("audience", "public"),), ("html",))


def published(order: Order) -> None:
    """The files of an order, as if its report had been made."""
    order.folder.mkdir(parents=True)
    for path in report_paths(order):
        path.write_bytes(manifest_bytes(Manifest(recipe(order), {}, (), {})))


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes(manifest_bytes(KEPT))
    read = read_manifest(tmp_path)
    assert (read.recipe, read.figures, read.outputs) == (KEPT.recipe, KEPT.figures, KEPT.outputs)
    assert list(read.findings) == list(KEPT.findings)
    assert (read.recipe.software.revision, read.recipe.software.changed) == ("v1-2-gabc", True)


def test_a_manifest_is_provenance_of_the_w3c() -> None:
    told = json.loads(manifest_bytes(KEPT))
    assert told["used"]["_:used0"] == {"prov:activity": "run:report", "prov:entity": "input:data/a/2023.xlsx"}
    assert told["wasGeneratedBy"]["_:made0"] == {"prov:activity": "run:report", "prov:entity": "output:report.html"}
    assert told["wasAssociatedWith"]["_:by"]["prov:agent"] in told["agent"]
    named = [name for kind in ("entity", "activity", "agent") for name in told[kind]]
    assert {name.split(":")[0] for name in named} <= set(told["prefix"])
    assert "Time" not in json.dumps(told)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"activity": {"run:report": {}}}'])
def test_a_broken_manifest_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / MANIFEST).write_text(content, "utf-8")
    with pytest.raises(NoManifestError, match="lập lại báo cáo"):
        read_manifest(tmp_path)


def test_the_recipe_names_its_inputs_below_the_data_folder(order: Order) -> None:
    inputs = recipe(order).inputs
    assert list(inputs) == ["notebooks/monthly_report.ipynb", "data/a/2023.xlsx", "data/a/2022.xlsx"]
    assert inputs["data/a/2022.xlsx"] == sha256(b"workbook of 2022")
    assert recipe(order).parameters == {"unit": "a", "period": "2023-08", "data": "data", "audience": "public"}


def test_a_report_is_unchanged_until_something_it_is_made_from_changes(order: Order) -> None:
    assert not is_unchanged(order)
    published(order)
    assert is_unchanged(order)
    assert not is_unchanged(replace(order, parameters=()))
    assert not is_unchanged(replace(order, formats=("html", "pdf")))
    (order.data / "a" / "2022.xlsx").write_bytes(b"corrected")
    assert not is_unchanged(order)


def test_a_report_that_lost_a_file_is_made_again(order: Order) -> None:
    published(order)
    (order.folder / "report.html").unlink()
    assert not is_unchanged(order)


def test_other_code_or_libraries_make_the_report_again(order: Order) -> None:
    now = recipe(order)
    for other in (
        replace(software(), code_sha256="0"),
        replace(software(), python="3.0"),
        replace(software(), libraries={}),
    ):
        assert replace(now, software=other) != now
    assert replace(now, software=replace(software(), revision="elsewhere", changed=True)) == now
