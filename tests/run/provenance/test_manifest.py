"""What the manifest keeps, and what counts as unchanged."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from giamngheo.core.paths import MANIFEST
from giamngheo.core.period import Period
from giamngheo.run.kinds import kind_named
from giamngheo.run.provenance.manifest import (
    MalformedRecordError,
    Manifest,
    NoManifestError,
    manifest_bytes,
    read_manifest,
)
from giamngheo.run.provenance.recipe import Order, Recipe, order, recipe, sha256
from giamngheo.run.provenance.software import Software, software
from giamngheo.run.report import _record, is_unchanged, report_paths

ROOT = Path(__file__).parents[3]

SOFTWARE = Software("1.0", sha256(b"code"), "", "3.11.2", {"pandas": "3.1.0"})
PARAMETERS = {"unit": "xa a", "period": "2023-08", "data": "data", "audience": "public"}
NOTEBOOK = "notebooks/monthly_report.ipynb"
INPUTS = {NOTEBOOK: sha256(b"0e"), "data/xa a/2023.xlsx": sha256(b"1f")}
RECIPE = Recipe(
    "xa a", "2023-08", "data", NOTEBOOK, "Báo cáo tháng", "2023-08", PARAMETERS, ("html", "pdf"), INPUTS, SOFTWARE
)
FIGURES = {"poor_rate_pct": 41.5, "planned_vnd": 71_972_000_000}
FINDINGS = tuple({"code": f"x{number}", "text": "ô J5: còn 55 hộ"} for number in range(12))
KEPT = Manifest(RECIPE, FIGURES, FINDINGS, {"report.pdf": sha256(b"3d"), "report.html": sha256(b"2e")})


@pytest.fixture
def asked(tmp_path: Path) -> Order:
    (tmp_path / "data" / "a").mkdir(parents=True)
    for year in (2022, 2023):
        (tmp_path / "data" / "a" / f"{year}.xlsx").write_bytes(f"workbook of {year}".encode())
    how = {"data": tmp_path / "data", "out": tmp_path / "out", "formats": ("html",)}
    return order("a", Period(2023, 8), kind_named(), parameters=[("audience", "public")], **how)


def published(asked: Order) -> None:
    """The files of an asked, as if its report had been made."""
    asked.folder.mkdir(parents=True)
    kept = Manifest(recipe(asked), {}, (), {name: sha256(name.encode()) for name in ("report.html", "report.ipynb")})
    write_all(asked.folder, kept)


def write_all(folder: Path, kept: Manifest) -> None:
    """The files of a manifest, and itself."""
    (folder / MANIFEST).write_bytes(manifest_bytes(kept))
    for path in report_paths(folder):
        if path.name != MANIFEST:
            path.write_text(path.name)


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes(manifest_bytes(KEPT))
    read = read_manifest(tmp_path)
    assert (read.recipe, read.figures, read.outputs) == (KEPT.recipe, KEPT.figures, KEPT.outputs)
    assert list(read.findings) == list(KEPT.findings)


def test_what_is_not_known_is_left_out_since_nothing_in_prov_is_null(tmp_path: Path) -> None:
    unknown = replace(KEPT, figures=FIGURES | {"reviewed": None})
    assert manifest_bytes(unknown) == manifest_bytes(KEPT)


def test_the_same_manifest_has_the_same_bytes_in_whatever_order_it_is_told() -> None:
    recipe = replace(RECIPE, inputs=dict(reversed(INPUTS.items())), parameters=dict(reversed(PARAMETERS.items())))
    turned = replace(KEPT, recipe=recipe, outputs=dict(reversed(KEPT.outputs.items())))
    assert manifest_bytes(turned) == manifest_bytes(KEPT)


RELATIONS = {
    "used": ("prov:activity", "prov:entity"),
    "wasGeneratedBy": ("prov:entity", "prov:activity"),
    "wasAssociatedWith": ("prov:activity", "prov:agent", "prov:plan"),
}


def is_value(value: object) -> bool:
    """Whether PROV-JSON has such a value: a text, a number, a truth value, a typed one, or a list of those."""
    if isinstance(value, list):
        return all(is_value(one) and not isinstance(one, list) for one in value)
    if isinstance(value, dict):
        return set(value) == {"$", "type"} and all(isinstance(part, str) for part in value.values())
    return isinstance(value, str | int | float)


def test_a_manifest_is_provenance_as_the_w3c_has_it() -> None:
    told = json.loads(manifest_bytes(KEPT))
    prefixes = {*told["prefix"], "prov"}
    records = told["entity"] | told["activity"] | told["agent"]
    for name, attributes in records.items():
        assert re.fullmatch(r"\w+:[^\s:]+", name)
        assert {text.split(":")[0] for text in (name, *attributes)} <= prefixes
        assert all(map(is_value, attributes.values()))
    assert set(told) == {"prefix", "entity", "activity", "agent", *RELATIONS}
    for kind, ends in RELATIONS.items():
        assert all(set(relation) == set(ends) for relation in told[kind].values())
        assert {end for relation in told[kind].values() for end in relation.values()} <= set(records)
    assert "Time" not in json.dumps(told)


def test_each_input_is_used_and_each_output_and_finding_made_by_the_run() -> None:
    told = json.loads(manifest_bytes(KEPT))
    used, made = ({end["prov:entity"] for end in told[kind].values()} for kind in ("used", "wasGeneratedBy"))
    assert used == {"input:notebooks/monthly_report.ipynb", "input:data/xa%20a/2023.xlsx"}
    assert made == {"output:report.html", "output:report.pdf", *(f"finding:{n}" for n in range(1, 13))}
    assert used | made == set(told["entity"])
    assert told["entity"]["input:notebooks/monthly_report.ipynb"]["prov:type"]["$"] == "prov:Plan"


def test_what_two_reports_have_made_has_two_names_and_what_they_use_one() -> None:
    first, second = (
        json.loads(manifest_bytes(replace(KEPT, recipe=replace(RECIPE, folder=period))))["prefix"]
        for period in ("2023-08", "2023-09")
    )
    assert first["run"] == "urn:giamngheo:run:xa%20a/2023-08/"
    assert {name for name in first if first[name] != second[name]} == {"run", "output", "finding"}


FILES = dict.fromkeys((NOTEBOOK, "2024.xlsx", "input-file.csv", "input-before/000001.parquet"), INPUTS[NOTEBOOK])
OF_FILES = {"unit": "", "data": "", "parameters": {}, "inputs": FILES}


def test_a_report_on_files_that_lie_anywhere_has_their_copies_among_its_inputs(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes(manifest_bytes(replace(KEPT, recipe=replace(RECIPE, **OF_FILES))))
    assert read_manifest(tmp_path).recipe.inputs == FILES


@pytest.mark.parametrize(
    "changed",
    [
        {"inputs": INPUTS | {"../2023.xlsx": sha256(b"1f")}},
        {"inputs": INPUTS | {"/etc/2023.xlsx": sha256(b"1f")}},
        {"inputs": INPUTS | {"data/other/households-2023.csv": sha256(b"1f")}},
        {"inputs": INPUTS | {"C:\\x\\2023.xlsx": sha256(b"1f")}},
        {"inputs": INPUTS | {"data/xa a//households-2023.csv": sha256(b"1f")}},
        {"unit": "", "parameters": {}},
        {"data": "", "parameters": {}},
        OF_FILES | {"inputs": FILES | {"numexpr/__init__.py": sha256(b"1f")}},
        OF_FILES | {"inputs": FILES | {"input-x/../numexpr/__init__.py": sha256(b"1f")}},
        {"formats": ("html", "exe")},
        {"parameters": {"unit": "xa b"}},
    ],
)
def test_a_manifest_that_no_run_of_ours_wrote_is_none(tmp_path: Path, changed: dict[str, object]) -> None:
    (tmp_path / MANIFEST).write_bytes(manifest_bytes(replace(KEPT, recipe=replace(RECIPE, **changed))))
    with pytest.raises(NoManifestError):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", "[" * 9999, '{"activity": {"run:report": {}}}', '{"activity": {"run:report": []}}']
)
def test_a_broken_manifest_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / MANIFEST).write_text(content, "utf-8")
    with pytest.raises(NoManifestError, match="lập lại báo cáo"):
        read_manifest(tmp_path)


def test_the_recipe_names_its_inputs_below_the_data_folder(asked: Order) -> None:
    inputs = recipe(asked).inputs
    assert list(inputs) == ["notebooks/monthly_report.ipynb", "data/a/2023.xlsx", "data/a/2022.xlsx"]
    assert inputs["data/a/2022.xlsx"] == sha256(b"workbook of 2022")
    assert recipe(asked).parameters == {"unit": "a", "period": "2023-08", "data": "data", "audience": "public"}


def test_a_report_is_unchanged_until_something_it_is_made_from_changes(asked: Order) -> None:
    assert not is_unchanged(asked)
    published(asked)
    assert is_unchanged(asked)
    assert not is_unchanged(replace(asked, parameters={}))
    assert not is_unchanged(replace(asked, formats=("html", "pdf")))
    (asked.folder.parents[2] / "data" / "a" / "2022.xlsx").write_bytes(b"corrected")
    assert not is_unchanged(asked)


def test_a_report_that_lost_a_file_is_made_again(asked: Order) -> None:
    published(asked)
    (asked.folder / "report.html").unlink()
    assert not is_unchanged(asked)


@pytest.mark.parametrize("content", [b"", bytes(5000)])
@pytest.mark.parametrize("name", ["report.html", "report.ipynb", "manifest.json"])
def test_a_file_that_a_power_cut_tore_is_made_again(asked: Order, name: str, content: bytes) -> None:
    published(asked)
    (asked.folder / name).write_bytes(content)
    assert not is_unchanged(asked)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_a_pipe_in_the_place_of_a_file_of_a_report_is_not_waited_for(asked: Order) -> None:
    published(asked)
    (asked.folder / "report.html").unlink()
    os.mkfifo(asked.folder / "report.html")
    assert not is_unchanged(asked)


def test_other_code_or_libraries_make_the_report_again(asked: Order) -> None:
    now = recipe(asked)
    for other in (
        replace(software(), code_sha256="0"),
        replace(software(), lock_sha256="0"),
        replace(software(), python="3.0"),
        replace(software(), libraries={}),
    ):
        assert replace(now, software=other) != now


def changed(change: Callable[[dict], object]) -> str:
    told = json.loads(manifest_bytes(KEPT))
    change(told)
    return json.dumps(told)


RUN, AGENT = "run:report", "software:giamngheo"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told["activity"][RUN].update({"figure:households": 1e300}), "figure:households là 1e+300, "),
        (lambda told: told["activity"][RUN].update({"figure:households": 10**400}), "figure:households là 1000"),
        (lambda told: told["activity"][RUN].update({"figure:households": float("nan")}), "không phải JSON"),
        (lambda told: told["activity"][RUN].update({"figure:households": [9]}), "figure:households là [9], "),
        (lambda told: told["activity"][RUN].update({"giamngheo:formats": "html"}), "cần kiểu array"),
        (lambda told: told["activity"][RUN].update({"parameter:unit": 5}), "parameter:unit là 5, cần kiểu string"),
        (lambda told: told["activity"][RUN].update({"parameter:period": "2023-07"}), "là của báo cáo khác"),
        (
            lambda told: told["activity"][RUN].update({"giamngheo:data": "../evil"}),
            "'../evil' không phải tên",
        ),
        (lambda told: told["activity"][RUN].update({"giamngheo:note": "Đã duyệt."}), 'note là "Đã duyệt.", cần dạng'),
        (lambda told: told["activity"][RUN].pop("giamngheo:data"), "thiếu giamngheo:data"),
        (lambda told: told["activity"].pop(RUN), "thiếu run:report"),
        (lambda told: told.pop("entity"), "thiếu entity"),
        (lambda told: told["entity"].pop("finding:3"), "thiếu finding:3"),
        (lambda told: told["entity"].update({"finding:1": "x"}), 'finding:1 là "x", cần kiểu object'),
        (lambda told: told["entity"].pop("input:notebooks/monthly_report.ipynb"), "thiếu sổ tay"),
        (lambda told: told["entity"]["output:report.pdf"].clear(), "thiếu giamngheo:sha256"),
        (lambda told: told["entity"]["output:report.pdf"].update({"giamngheo:sha256": "x"}), "cần dạng ^[0-9a-f]"),
        (lambda told: told["entity"].update({"output:..%2Fx": told["entity"]["output:report.pdf"]}), "'../x'"),
        (lambda told: told["agent"][AGENT].update({"library:pandas": 3}), "library:pandas là 3"),
        (lambda told: told["agent"][AGENT].update({"giamngheo:revision": "v1"}), "giamngheo:revision"),
        (lambda told: told["activity"][RUN].update({"giamngheo:formats": ["html\x1b[2J\n"]}), "'html\\x1b[2J\\n'"),
        (lambda told: told["agent"].update({"software:giamngheo": "\x9b2J"}), "\\x9b2J"),
        (lambda told: told["activity"][RUN].update({"parameter:a\nx: giống hệt": "x"}), '"parameter:a\\nx: '),
        (lambda told: told["activity"][RUN].update({"parameter:a\n": "x"}), '"parameter:a\\n", '),
        (lambda told: told["activity"][RUN].update({"giamngheo:title": "\ud800"}), "không phải JSON còn nguyên vẹn"),
        (lambda told: told["activity"][RUN].update({"giamngheo:title": "x" * 9999}), "cần số chữ nhiều nhất 300"),
    ],
)
def test_a_forged_manifest_is_none_and_what_was_read_is_named(
    tmp_path: Path, change: Callable[[dict], object], said: str
) -> None:
    (tmp_path / MANIFEST).write_text(changed(change), "utf-8")
    with pytest.raises(NoManifestError, match=re.escape(said)):
        read_manifest(tmp_path)


def test_a_manifest_that_says_a_thing_twice_is_none(tmp_path: Path) -> None:
    twice = manifest_bytes(KEPT).decode().replace('"giamngheo:unit":', '"giamngheo:unit": "xa b",\n"giamngheo:unit":')
    (tmp_path / MANIFEST).write_text(twice, "utf-8")
    with pytest.raises(NoManifestError, match="không phải JSON còn nguyên vẹn"):
        read_manifest(tmp_path)


def test_a_manifest_as_large_as_a_disk_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / MANIFEST).open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(NoManifestError, match="lớn hơn"):
        read_manifest(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_a_pipe_in_the_place_of_a_manifest_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / MANIFEST)
    with pytest.raises(NoManifestError, match="không phải là tệp thường"):
        read_manifest(tmp_path)


RECORDS = {
    "5": "cần figures",
    "{'figures': 5}": "cần figures",
    "{'findings': 7}": "cần figures",
    "{'findings': [1]}": "cần figures",
    "{'figures': {'warnings': 'x'}}": "số liệu chính 'warnings' không đúng kiểu",
    "{'findings': [{'a': 1}]}": "giamngheo:a là 1, cần kiểu string",
    "{'figures': {'x': float('nan')}}": "JSON",
    "{'figures': {'x': 10**400}}": "cần số không lớn hơn",
}


@pytest.mark.parametrize(("record", "told"), RECORDS.items())
def test_what_no_manifest_can_keep_of_a_notebook_is_told(record: str, told: str) -> None:
    cell = nbformat.v4.new_code_cell("")
    about = {"giamngheo": {"record": eval(record)}}
    cell.outputs = [nbformat.from_dict({"output_type": "display_data", "data": {}, "metadata": about})]

    def keep() -> None:
        kept = _record(nbformat.v4.new_notebook(cells=[cell]))
        manifest_bytes(replace(KEPT, figures=kept["figures"], findings=kept["findings"]))

    with pytest.raises(MalformedRecordError, match=told):
        keep()
