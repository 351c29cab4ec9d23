"""What giamngheo verify says of each way in which a report can differ from what its inputs give."""

import datetime as dt
import json
import os
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from giamngheo.cli import main
from giamngheo.cli.verify import told
from giamngheo.core.errors import GiamngheoError, MachineError
from giamngheo.core.paths import MANIFEST, NoFolderError
from giamngheo.core.period import Period
from giamngheo.run.kinds import kind_named, kind_of
from giamngheo.run.provenance import verify as room
from giamngheo.run.provenance.inputs import Inputs
from giamngheo.run.provenance.manifest import Manifest, NoManifestError, manifest_bytes, read_manifest
from giamngheo.run.provenance.recipe import Order, Recipe, recipe, sha256
from giamngheo.run.provenance.recipe import order as ordered
from giamngheo.run.provenance.software import Software, software
from giamngheo.run.provenance.verify import InputsMissingError, MadeAnewError, verified
from giamngheo.run.publishing.publication import OtherNoteError, publish_version, verified_on
from giamngheo.run.publishing.publish import UnwritableOutputError, with_those_there
from giamngheo.run.report import make_report


def made(kept: Recipe, inputs: Inputs, **how: object) -> dict[str, bytes]:
    """Files of a report whose text is that of its workbooks, as quick as none of ours is."""
    books = sorted(name for name in kept.inputs if name.endswith(".xlsx"))
    text = b"; ".join((inputs.folder / name).read_bytes() for name in books)
    files = {"report.html": text, "report.ipynb": text}
    outputs = {name: sha256(content) for name, content in files.items()}
    return files | {MANIFEST: manifest_bytes(Manifest(kept, {"poor_households": 9}, (), outputs))}


@pytest.fixture
def order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Order:
    """A report that is there, of a unit with two years' workbooks."""
    (tmp_path / "data" / "a").mkdir(parents=True)
    for year in (2022, 2023):
        (tmp_path / "data" / "a" / f"{year}.xlsx").write_bytes(f"workbook of {year}".encode())
    how = {"data": tmp_path / "data", "out": tmp_path / "out", "formats": ("html",)}
    order = ordered("a", Period(2023, 8), kind_named(), **how)
    order.folder.mkdir(parents=True)
    for name, content in made(recipe(order), Inputs(tmp_path, {}, {})).items():
        (order.folder / name).write_bytes(content)
    monkeypatch.setattr(room, "made_files", made)
    monkeypatch.setattr(room, "results", results)
    return order


def results(task: Callable[[object], object], jobs: list[object], *_: object) -> Iterator[tuple[object, object]]:
    """What becomes of jobs, without processes."""
    for job in jobs:
        try:
            yield job, task(job)
        except GiamngheoError as error:
            yield job, error


def data_of(order: Order) -> Path:
    return order.folder.parents[2] / "data"


def said(order: Order) -> list[str]:
    """What the command says, without the folder's path."""
    lines = told(Path("x"), verified(order.folder, data_of(order), order.kind.notebook))
    return [line.removeprefix("x/") for line in lines]


def rewrite(order: Order, change: Callable[[Manifest], Manifest]) -> None:
    (order.folder / MANIFEST).write_bytes(manifest_bytes(change(read_manifest(order.folder))))


def test_a_report_that_nobody_touched_is_the_same(order: Order) -> None:
    assert said(order) == ["x: giống hệt từng byte."]


def test_a_file_that_was_touched_and_one_that_is_gone_are_named(order: Order) -> None:
    (order.folder / "report.html").write_bytes(b"touched")
    (order.folder / "report.ipynb").unlink()
    assert said(order) == ["report.ipynb: không còn.", "report.html: đã bị sửa sau khi lập."]


def test_a_file_whose_digest_was_changed_with_it_comes_out_otherwise(order: Order) -> None:
    (order.folder / "report.html").write_bytes(b"forged")
    rewrite(order, lambda kept: replace(kept, outputs=kept.outputs | {"report.html": sha256(b"forged")}))
    assert said(order) == ["report.html: lập lại thì khác."]


def test_figures_changed_in_the_manifest_come_out_otherwise(order: Order) -> None:
    rewrite(order, lambda kept: replace(kept, figures={"poor_households": 8}))
    assert said(order) == [f"{MANIFEST}: lập lại thì khác."]


@pytest.mark.parametrize(
    "forged",
    [
        {"title": "Báo cáo kiểm toán"},
        {"folder": "2023-09"},
        {"parameters": {}},  # the report would be that of the unit and period that the notebook itself says
    ],
)
def test_what_the_notebook_and_the_order_say_is_not_taken_from_the_manifest(
    order: Order, forged: dict[str, object]
) -> None:
    rewrite(order, lambda kept: replace(kept, recipe=replace(kept.recipe, **forged)))
    assert said(order) == [f"{MANIFEST}: lập lại thì khác."]


def test_a_file_that_no_run_makes_is_not_ours(order: Order) -> None:
    (order.folder / "more.html").write_bytes(b"more")
    rewrite(order, lambda kept: replace(kept, outputs=kept.outputs | {"more.html": sha256(b"more")}))
    assert said(order) == ["more.html: lập lại thì khác."]


@pytest.mark.parametrize("year", [2022, 2023])
def test_a_workbook_that_was_corrected_since_is_named(order: Order, year: int) -> None:
    (data_of(order) / "a" / f"{year}.xlsx").write_bytes(b"corrected")
    with pytest.raises(InputsMissingError, match=rf"data/a/{year}\.xlsx: đã sửa đổi\."):
        verified(order.folder, data_of(order), order.kind.notebook)


def test_what_all_units_share_is_an_input_as_well(order: Order) -> None:
    shared = dict.fromkeys(
        ("regulation/programme.toml", "disbursement_history.csv", "boundaries.geojson"), b"[contents]"
    )
    (data_of(order) / "regulation").mkdir()
    for name, content in shared.items():
        (data_of(order) / name).write_bytes(content)
    kept = recipe(ordered("a", Period(2023, 8), kind_named(), data=data_of(order), out=order.folder, formats=("html",)))
    assert {f"data/{name}" for name in shared} <= set(kept.inputs)
    rewrite(order, lambda manifest: replace(manifest, recipe=kept))
    assert said(order) == ["x: giống hệt từng byte."]
    (data_of(order) / "disbursement_history.csv").write_bytes(b"other")
    with pytest.raises(InputsMissingError, match=r"data/disbursement_history\.csv: đã sửa đổi\."):
        verified(order.folder, data_of(order), order.kind.notebook)


def test_a_workbook_that_is_gone_is_named(order: Order) -> None:
    (data_of(order) / "a" / "2022.xlsx").unlink()
    with pytest.raises(InputsMissingError, match=r"data/a/2022\.xlsx: không có "):
        verified(order.folder, data_of(order), order.kind.notebook)


@pytest.mark.parametrize(
    ("then", "line"),
    [
        ({"python": "3.0"}, "Python 3.0 → "),
        ({"libraries": software().libraries | {"pandas": "2.0"}}, "pandas 2.0 → "),
        ({"code_sha256": "c0de" * 16, "version": "0.0"}, "giamngheo 0.0 (c0dec0de) → "),
        ({"lock_sha256": "10c4" * 16}, "requirements.lock"),
    ],
)
def test_other_software_is_named_where_the_bytes_are_the_same_too(
    order: Order, then: dict[str, object], line: str
) -> None:
    older: Software = replace(software(), **then)
    rewrite(order, lambda kept: replace(kept, recipe=replace(kept.recipe, software=older)))
    (change, same) = said(order)
    assert change.startswith(f"Phần mềm đã khác: {line}")
    assert same == "x: giống hệt từng byte."


def test_no_name_of_a_folder_or_version_says_a_line_of_its_own(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    older = replace(software(), python="3.0\nx: giống hệt từng byte.\x1b[2J")
    rewrite(order, lambda kept: replace(kept, recipe=replace(kept.recipe, software=older)))
    above = order.folder.parents[1] / "9\nx: giống hệt từng byte.\n"
    above.mkdir()
    order.folder.parent.rename(above / "a")
    done = verify(order, monkeypatch, "--data", "data")
    lines = done.output.splitlines()
    assert [line for line in lines if line.startswith("x: ")] == []
    assert len(lines) == 2
    assert "\x1b" not in done.output


def test_no_name_of_an_input_says_a_line_of_its_own(order: Order) -> None:
    inputs = read_manifest(order.folder).recipe.inputs
    more = inputs | {"data/a/2021\nx: giống hệt từng byte.": sha256(b"")}
    rewrite(order, lambda kept: replace(kept, recipe=replace(kept.recipe, inputs=more)))
    with pytest.raises(InputsMissingError) as raised:
        verified(order.folder, data_of(order), order.kind.notebook)
    assert [line for line in str(raised.value).splitlines() if line.startswith("x: ")] == []


@pytest.mark.parametrize("name", ["x" * 400, "1" * 5000 + ".parquet"])
def test_an_input_whose_name_no_file_can_have_is_missing(order: Order, name: str) -> None:
    (data_of(order) / "a" / "hộ.parquet").touch()
    inputs = read_manifest(order.folder).recipe.inputs | {f"data/a/{name}": sha256(b"")}
    outputs = read_manifest(order.folder).outputs | {name: sha256(b"")}
    rewrite(order, lambda kept: replace(kept, recipe=replace(kept.recipe, inputs=inputs), outputs=outputs))
    with pytest.raises(InputsMissingError, match=f"data/a/{name}: không có "):
        verified(order.folder, data_of(order), order.kind.notebook)
    rewrite(order, lambda kept: replace(kept, recipe=recipe(order)))
    assert f"{name}: không còn." in said(order)


def test_every_report_below_a_folder_is_told_and_one_that_differs_fails_them_all(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched = order.folder.parents[1] / "archive" / "a" / "2023-08"
    for copy in (order.folder.with_name("2023-05"), order.folder.with_name(".2023-07.old"), touched):
        shutil.copytree(order.folder, copy)
    (order.folder.with_name("2023-05") / MANIFEST).write_text("{", "utf-8")
    (touched / "report.html").unlink()
    monkeypatch.chdir(order.folder.parents[1].parent)
    done = CliRunner().invoke(main, ["verify", "out", "out/a/2023-08", "--data", "data"], catch_exceptions=False)
    assert done.exit_code == 1
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [
        "out/a/2023-08",
        "out/archive/a/2023-08/report.html",
        "3 báo cáo",
    ]
    assert done.stderr.startswith("out/a/2023-05: Không có out/a/2023-05/manifest.json đọc được; lập lại")


@pytest.mark.parametrize("place", ["a/2023-07", "b/2023-08"])
@pytest.mark.parametrize("asked", ["out", "out/{place}"])
def test_a_report_copied_into_the_place_of_another_is_not_taken_for_it(
    order: Order, monkeypatch: pytest.MonkeyPatch, place: str, asked: str
) -> None:
    copy = order.folder.parents[1] / place
    copy.parent.mkdir(exist_ok=True)
    shutil.copytree(order.folder, copy)
    monkeypatch.chdir(order.folder.parents[2])
    words = ["verify", asked.format(place=place), "--record", "2023-09-05"]
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 1
    told = f"out/{place}/{MANIFEST} là của báo cáo khác (a/2023-08); để báo cáo ấy trong thư mục a/2023-08"
    assert told in done.stderr
    assert f"out/{place}: giống hệt" not in done.stdout
    assert verified_on(copy) is None


def test_a_published_version_and_the_folder_one_works_in_are_verified(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_version(order.folder)
    monkeypatch.chdir(order.folder)
    for place in (".", "published/1"):
        done = CliRunner().invoke(main, ["verify", place], catch_exceptions=False)
        assert done.exit_code == 0
        assert f"{place}: giống hệt từng byte." in done.stdout


def test_no_report_is_passed_over(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    for period in ("2023-05", "2023-06", "2023-07"):
        shutil.copytree(order.folder, order.folder.with_name(period))
    without, killed, new = (order.folder.with_name(f"2023-0{month}") for month in (5, 6, 7))
    (without / MANIFEST).unlink()
    for hidden, folder in ((".giamngheo-old-1", killed), (".giamngheo-new-1/fresh", new)):
        (folder / hidden).mkdir(parents=True)
        for path in [path for path in folder.iterdir() if path.is_file()]:
            path.rename(folder / hidden / path.name)
    linked = order.folder.parent
    linked.symlink_to(order.folder.parent.rename(order.folder.parents[2] / "elsewhere"))
    (linked / "loop").symlink_to(order.folder.parents[1])
    done = verify(order, monkeypatch, "--data", "data")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == "3 báo cáo: 1 giống hệt, 2 khác hoặc không so được."
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["out/a/2023-05", "out/a/2023-06"]


def test_folders_that_cannot_be_entered_are_told(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    def shut(path: Path) -> bool:
        raise PermissionError(13, "shut", str(path))

    monkeypatch.chdir(order.folder.parents[2])
    monkeypatch.setattr(Path, "exists", shut)
    with pytest.raises(NoManifestError, match="không có quyền"):
        read_manifest(order.folder)
    with pytest.raises(UnwritableOutputError, match="không có quyền"):
        with_those_there(["html"], order.folder)
    with pytest.raises(UnwritableOutputError, match="không có quyền"):
        make_report(order)


def test_a_report_that_is_made_anew_meanwhile_is_not_called_edited(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(kept: Recipe, inputs: Inputs, **how: object) -> dict[str, bytes]:
        for name, content in made(
            replace(kept, note="Báo cáo này lập từ số liệu khác bản đã phát hành (bản 1)."), inputs
        ).items():
            (order.folder / name).write_bytes(content)
        return made(kept, inputs)

    monkeypatch.setattr(room, "made_files", busy)
    with pytest.raises(MadeAnewError, match="vừa được lập lại trong lúc so"):
        verified(order.folder, data_of(order), order.kind.notebook)


def test_a_full_disk_is_the_machines_fault(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*places: object, **how: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", full)
    with pytest.raises(MachineError, match="dung lượng đĩa"):
        verified(order.folder, data_of(order), order.kind.notebook)


def verify(order: Order, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """What the command says of the report, called where the project lies."""
    monkeypatch.chdir(order.folder.parents[1].parent)
    return CliRunner().invoke(main, ["verify", "out", *words], catch_exceptions=False)


def test_the_data_folder_of_the_working_folder_needs_no_word(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    assert verify(order, monkeypatch, "--record", "2023-09-05").stdout == "out/a/2023-08: giống hệt từng byte.\n"
    assert verified_on(order.folder) == dt.date(2023, 9, 5)


def test_a_data_folder_above_the_working_folder_is_told(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(order.folder.parents[1])
    done = CliRunner().invoke(main, ["verify", "a"], catch_exceptions=False)
    assert done.stdout.splitlines() == [
        f"a/2023-08: lập lại từ số liệu của {data_of(order)}.",
        "a/2023-08: giống hệt từng byte.",
    ]


@pytest.mark.parametrize("exists", [True, False])
def test_a_manifest_leads_to_no_other_data_folder_without_a_word(
    order: Order, monkeypatch: pytest.MonkeyPatch, exists: bool
) -> None:
    if exists:
        data_of(order).rename(data_of(order).with_name("demo"))

    def forged(kept: Manifest) -> Manifest:
        inputs = {name.replace("data/", "demo/", 1): digest for name, digest in kept.recipe.inputs.items()}
        parameters = {**kept.recipe.parameters, "data": "demo"}
        return replace(kept, recipe=replace(kept.recipe, data="demo", parameters=parameters, inputs=inputs))

    rewrite(order, forged)
    done = verify(order, monkeypatch)
    if exists:
        told = f"out/a/2023-08: lập lại từ số liệu của {data_of(order).with_name('demo')}."
        assert done.stdout.splitlines()[0] == told
        assert told not in verify(order, monkeypatch, "--data", "demo").stdout
    else:
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith("out/a/2023-08: thiếu thư mục số liệu 'demo' (tên ghi trong manifest.json)")
        assert "--data đường/dẫn/demo" in done.stderr


def test_a_data_folder_that_is_missing_is_named(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "located", lambda name: (_ for _ in ()).throw(NoFolderError(name)))
    done = verify(order, monkeypatch)
    assert "thiếu thư mục số liệu 'data'" in done.stderr


def test_a_manifest_names_no_other_household_file_than_the_order(order: Order) -> None:
    place = data_of(order) / "a"
    for name in ("households-2023.parquet", "draft.parquet"):
        (place / name).write_bytes(name.encode())
    how = {"data": data_of(order), "out": order.folder.parents[1], "formats": ("html",)}
    review = ordered("a", Period(2023, 12, "year"), kind_named("household_review"), **how)
    review.folder.mkdir()
    honest = recipe(review)
    for name, content in made(honest, Inputs(data_of(order).parent, {}, {})).items():
        (review.folder / name).write_bytes(content)
    assert said(review) == ["x: giống hệt từng byte."]
    file, draft = honest.parameters["file"], "data/a/draft.parquet"
    inputs = {draft if name == file else name: digest for name, digest in honest.inputs.items()}
    inputs[draft] = sha256(b"draft.parquet")
    forged = replace(honest, parameters={**honest.parameters, "file": draft}, inputs=inputs)
    rewrite(review, lambda kept: replace(kept, recipe=forged))
    with pytest.raises(InputsMissingError) as raised:
        said(review)
    assert str(raised.value).splitlines()[1:] == [
        f"{draft}: lệnh lập báo cáo này không lấy tệp ấy.",
        f"{file}: nay có tệp này, báo cáo lập khi chưa lấy tệp này.",
    ]


@pytest.mark.parametrize("name", ["regulation/poverty.toml", "disbursement_history.csv"])
def test_a_file_that_was_away_while_the_report_was_made_is_named(order: Order, name: str) -> None:
    (data_of(order) / "regulation").mkdir()
    (data_of(order) / name).write_bytes(b"")
    with pytest.raises(InputsMissingError, match=rf"data/{name}: nay có tệp này, báo cáo lập khi chưa lấy"):
        said(order)


def written(order: Order, notebook: Path) -> Order:
    """A report of a notebook of one's own, which lies beside the other."""
    source = json.loads(order.kind.notebook.read_text("utf-8"))
    del source["metadata"]["giamngheo"]
    source["cells"][0]["source"] = [f"# {notebook.stem}"]
    notebook.write_text(json.dumps(source), "utf-8")
    how = {"data": data_of(order), "out": order.folder.parents[1], "formats": ("html",)}
    own = ordered("a", Period(2023, 8), kind_of(notebook), **how)
    own.folder.mkdir()
    for name, content in made(recipe(own), Inputs(data_of(order).parent, {}, {})).items():
        (own.folder / name).write_bytes(content)
    return own


@pytest.fixture
def own(order: Order, tmp_path: Path) -> list[Path]:
    """Notebooks of one's own that made a report each, of which one is called as one of the project's."""
    paths = [tmp_path / name for name in ("mine.ipynb", "phần.ipynb", "explore_funding.ipynb")]
    for path in paths:
        written(order, path)
    return paths


def test_each_report_is_made_again_by_the_notebook_of_its_name(
    order: Order, own: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    own[1] = own[1].rename(own[1].with_name(unicodedata.normalize("NFD", own[1].name)))  # as a Mac has it
    done = verify(order, monkeypatch, *(word for path in own for word in ("--notebook", str(path))))
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "4 báo cáo: 4 giống hệt, 0 khác hoặc không so được."


def test_a_report_whose_notebook_is_not_named_is_not_called_changed(
    order: Order, own: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = verify(order, monkeypatch, "--notebook", str(own[0]))
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        f"out/a/2023-08-{path.stem}: báo cáo do sổ tay {path.name} lập, không phải loại báo cáo nào của dự án; chỉ tệp"
        " đó bằng --notebook, ghi được nhiều lần."
        for path in sorted(own[1:])
    ]
    assert done.stdout.splitlines()[-1] == "4 báo cáo: 2 giống hệt, 2 khác hoặc không so được."


def test_no_notebook_of_the_output_folder_runs(order: Order, own: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    for path in own:
        shutil.copy(path, order.folder.parents[1])
        shutil.copy(path, order.folder.with_name(f"2023-08-{path.stem}"))
    done = verify(order, monkeypatch)
    assert done.stderr.count("chỉ tệp đó bằng --notebook") == 3


def test_two_notebooks_of_one_name_are_wrong_use(
    order: Order, own: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other" / "mine.ipynb"
    other.parent.mkdir()
    shutil.copy(own[1], other)
    done = verify(order, monkeypatch, "--notebook", str(own[0]), "--notebook", str(other))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "Nhiều sổ tay cùng tên mine.ipynb; chỉ một tệp cho mỗi tên, so riêng báo cáo của tệp kia.\n"


@pytest.mark.parametrize("unit", ["a", ""])
def test_no_module_runs_that_the_notebook_does_not_import(order: Order, tmp_path: Path, unit: str) -> None:
    shutil.copy(order.kind.notebook, tmp_path / "mine.ipynb")
    notebook = json.loads((tmp_path / "mine.ipynb").read_text("utf-8"))
    del notebook["metadata"]["giamngheo"]
    (tmp_path / "mine.ipynb").write_text(json.dumps(notebook), "utf-8")
    (tmp_path / "bottleneck.py").write_bytes(b"raise SystemExit")
    how = {"data": data_of(order), "out": order.folder.parents[1], "formats": ("html",)}
    mine = ordered("a", Period(2023, 8), kind_of(tmp_path / "mine.ipynb"), **how)
    mine.folder.mkdir()
    kept = recipe(mine)
    if not unit:
        own = {"mine.ipynb": kept.inputs["mine.ipynb"]}
        about = dict.fromkeys(("unit", "period", "data"), "")
        kept = replace(kept, **about, folder="", inputs=own, parameters={**kept.parameters, **about})
    for name, content in made(kept, Inputs(data_of(order).parent, {}, {})).items():
        (mine.folder / name).write_bytes(content)
    assert said(mine) == ["x: giống hệt từng byte."]
    more = kept.inputs | {"bottleneck.py": sha256(b"raise SystemExit")}
    rewrite(mine, lambda manifest: replace(manifest, recipe=replace(kept, inputs=more)))
    with pytest.raises(InputsMissingError, match=r"bottleneck\.py: lệnh lập báo cáo này không lấy tệp ấy"):
        said(mine)


def test_files_called_as_those_of_a_report_that_are_none_of_it_are_named(order: Order) -> None:
    for name in ("report.pdf", "annex.pdf", "mail.txt", "mine.txt"):
        (order.folder / name).write_bytes(b"%PDF-1.4")
    assert said(order) == [f"{name}: không phải của báo cáo này." for name in ("annex.pdf", "mail.txt", "report.pdf")]


@pytest.mark.parametrize("gone", [(MANIFEST, "report.ipynb"), (MANIFEST, "report.ipynb", "report.html")])
def test_a_folder_with_any_file_of_a_report_is_looked_at(
    order: Order, monkeypatch: pytest.MonkeyPatch, gone: tuple[str, ...]
) -> None:
    other = Path(shutil.copytree(order.folder, order.folder.with_name("2023-07")))
    (other / "report.pdf").write_bytes(b"%PDF-1.4")
    for name in gone:
        (other / name).unlink()
    done = verify(order, monkeypatch)
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == "2 báo cáo: 1 giống hệt, 1 khác hoặc không so được."
    assert done.stderr.startswith("out/a/2023-07: Không có out/a/2023-07/manifest.json đọc được")


def test_a_report_in_the_folder_of_all_hides_none_below_it(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (MANIFEST, "report.html"):
        shutil.copy(order.folder / name, order.folder.parents[1])
    (order.folder / "report.html").write_bytes(b"touched")
    done = verify(order, monkeypatch)
    assert done.exit_code == 1
    assert "out/a/2023-08/report.html: đã bị sửa sau khi lập." in done.stdout.splitlines()


def test_copies_of_a_public_site_are_held_against_the_reports(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = order.folder.parents[1] / "public" / "a" / "2023-08" / "report.html"
    copy.parent.mkdir(parents=True)
    shutil.copy(order.folder / "report.html", copy)
    assert verify(order, monkeypatch).stdout == "out/a/2023-08: giống hệt từng byte.\n"
    copy.write_bytes(b"forged")
    done = verify(order, monkeypatch)
    assert (done.exit_code, done.stderr.split(": ")[0]) == (1, "out/public/a/2023-08")


@pytest.mark.parametrize(
    ("name", "changed", "told"),
    [
        ("2023.xlsx", b"another", "2023.xlsx"),
        ("2023.xlsx", None, "2023.xlsx"),
        ("2022.xlsx", b"added", "2022.xlsx"),
        ("scan.pdf", b"%PDF-1.7 another", "scan.pdf"),
        ("scan.pdf", None, "scan.pdf"),
        ("scan.png", b"added", "scan.png"),
        ("report.html", b"forged", "report.html"),
        ("report.pdf", b"%PDF-1.4", "report.pdf"),
        ("report.ipynb", None, "report.ipynb"),
        (MANIFEST, b" ", MANIFEST),
        ("publication.json", None, "publication.json"),
    ],
)
def test_a_published_version_is_as_it_was_published(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, changed: bytes | None, told: str
) -> None:
    (tmp_path / "signed.pdf").write_bytes(b"%PDF-1.7")
    publish_version(order.folder, scan=tmp_path / "signed.pdf", data=data_of(order))
    assert verify(order, monkeypatch).stdout == "out/a/2023-08: giống hệt từng byte.\n"
    path = order.folder / "published" / "1" / name
    if changed is None:
        path.unlink()
    else:
        path.write_bytes((path.read_bytes() if name == MANIFEST else b"") + changed)
    done = verify(order, monkeypatch)
    assert (done.exit_code, done.stdout.splitlines()) == (
        1,
        [f"out/a/2023-08/published/1/{told}: không phải như khi phát hành.", "out/a/2023-08: giống hệt từng byte."],
    )


def test_a_workbook_replaced_together_with_its_record_is_none_of_the_report(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_version(order.folder, data=data_of(order))
    version = order.folder / "published" / "1"
    (version / "2023.xlsx").write_bytes(b"another")
    record = json.loads((version / "publication.json").read_text("utf-8"))
    (version / "publication.json").write_text(json.dumps(record | {"workbook_sha256": sha256(b"another")}), "utf-8")
    done = verify(order, monkeypatch)
    assert done.exit_code == 1
    assert done.stdout.startswith("out/a/2023-08/published/1/publication.json: không phải như khi phát hành.")


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, Path.touch])
def test_where_the_day_cannot_be_recorded_is_told_before_the_report_is_made_again(
    order: Order, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None]
) -> None:
    make(order.folder / "verified.json")
    monkeypatch.setattr(room, "made_files", None)
    done = verify(order, monkeypatch, "--record", "2023-09-05")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "out/a/2023-08/verified.json không phải do giamngheo verify ghi, không ghi đè; chuyển sang thư mục khác.\n"
    )


def test_a_version_without_manifest_or_of_another_report_is_told(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_version(order.folder)
    other = order.folder.with_name("2023-07") / "published"
    shutil.copytree(order.folder / "published", other)
    (order.folder / "published" / "1" / MANIFEST).unlink()
    done = verify(order, monkeypatch)
    assert (done.exit_code, done.stdout) == (1, "out/a/2023-08: giống hệt từng byte.\n")
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == [
        "out/a/2023-07/published/1",
        "out/a/2023-08/published/1",
    ]


@pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
@pytest.mark.parametrize(
    ("lost", "put"),
    [
        ("published", lambda path: path.symlink_to("nowhere")),
        ("published/1", lambda path: path.symlink_to("nowhere")),
        ("published/1", lambda path: os.mkfifo(path)),
        ("published/1", lambda path: path.mkdir()),
    ],
)
def test_a_version_that_is_gone_from_its_place_is_told(
    order: Order, monkeypatch: pytest.MonkeyPatch, lost: str, put: Callable[[Path], None]
) -> None:
    publish_version(order.folder)
    shutil.rmtree(order.folder / lost)
    put(order.folder / lost)
    done = verify(order, monkeypatch)
    assert (done.exit_code, done.stdout.splitlines()[0]) == (1, "out/a/2023-08: giống hệt từng byte.")
    assert done.stderr.startswith(f"out/a/2023-08/{lost}: ")


def test_the_note_on_a_published_version_is_held_against_it(order: Order) -> None:
    note = "Báo cáo này lập từ số liệu khác bản đã phát hành (bản 1, số 1/BC)."
    publish_version(order.folder, number="1/BC")
    (data_of(order) / "a" / "2023.xlsx").write_bytes(b"corrected")
    for said_of, is_so in (("", False), (note, True), (note.replace("1/BC", "2/BC"), False)):
        for name, content in made(replace(recipe(order), note=said_of), Inputs(data_of(order).parent, {}, {})).items():
            (order.folder / name).write_bytes(content)
        if is_so:
            assert said(order) == ["x: giống hệt từng byte."]
        else:
            with pytest.raises(OtherNoteError, match=r"ghi chú ở đầu báo cáo không khớp các bản trong published"):
                said(order)


def test_a_note_stays_when_the_report_that_has_it_is_published(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    note = "Báo cáo này lập từ số liệu khác bản đã phát hành (bản 1)."
    publish_version(order.folder)
    (data_of(order) / "a" / "2023.xlsx").write_bytes(b"corrected")
    for name, content in made(replace(recipe(order), note=note), Inputs(data_of(order).parent, {}, {})).items():
        (order.folder / name).write_bytes(content)
    publish_version(order.folder)
    for place in ("a", "a/2023-08/published/2"):
        monkeypatch.chdir(order.folder.parents[1])
        done = CliRunner().invoke(main, ["verify", place], catch_exceptions=False)
        assert (done.exit_code, "giống hệt từng byte." in done.stdout) == (0, True)
