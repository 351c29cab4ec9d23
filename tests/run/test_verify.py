"""What giamngheo verify says of each way in which a report can differ from what its inputs give."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from giamngheo.cli import main
from giamngheo.cli.verify import told
from giamngheo.intake.period import Period
from giamngheo.run import verify as room
from giamngheo.run.manifest import MANIFEST, Manifest, manifest_bytes, read_manifest
from giamngheo.run.recipe import Order, Recipe, recipe, sha256
from giamngheo.run.report import MachineError
from giamngheo.run.software import Software, software
from giamngheo.run.verify import InputsMissingError, verified


def made(kept: Recipe, notebook: Path, cwd: Path, **how: object) -> dict[str, bytes]:
    """Files of a report whose text is that of its workbooks, as quick as none of ours is."""
    books = sorted(name for name in kept.inputs if name.endswith(".xlsx"))
    text = b"; ".join((cwd / name).read_bytes() for name in books)
    files = {"report.html": text, "report.ipynb": text}
    outputs = {name: sha256(content) for name, content in files.items()}
    return files | {MANIFEST: manifest_bytes(Manifest(kept, {"poor_households": 9}, (), outputs))}


@pytest.fixture
def order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Order:
    """A report that is there, of a unit with two years' workbooks."""
    order = Order("a", Period(2023, 8), tmp_path / "data", tmp_path / "out", (), ("html",))
    (order.data / "a").mkdir(parents=True)
    for year in (2022, 2023):
        (order.data / "a" / f"{year}.xlsx").write_bytes(f"workbook of {year}".encode())
    order.folder.mkdir(parents=True)
    for name, content in made(recipe(order), order.notebook, tmp_path).items():
        (order.folder / name).write_bytes(content)
    monkeypatch.setattr(room, "made_files", made)
    monkeypatch.setattr(room, "results", lambda task, jobs, scheduler: ((job, task(job)) for job in jobs))
    return order


def said(order: Order) -> list[str]:
    """What the command says, without the folder's path."""
    lines = told(Path("x"), verified(order.folder, order.data, order.notebook))
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


def test_a_file_that_no_run_makes_is_not_ours(order: Order) -> None:
    (order.folder / "more.html").write_bytes(b"more")
    rewrite(order, lambda kept: replace(kept, outputs=kept.outputs | {"more.html": sha256(b"more")}))
    assert said(order) == ["more.html: lập lại thì khác."]


@pytest.mark.parametrize("year", [2022, 2023])
def test_a_workbook_that_was_corrected_since_is_named(order: Order, year: int) -> None:
    (order.data / "a" / f"{year}.xlsx").write_bytes(b"corrected")
    with pytest.raises(InputsMissingError, match=rf"data/a/{year}\.xlsx: đã sửa đổi\."):
        verified(order.folder, order.data, order.notebook)


def test_a_workbook_that_is_gone_is_named(order: Order) -> None:
    (order.data / "a" / "2022.xlsx").unlink()
    with pytest.raises(InputsMissingError, match=r"data/a/2022\.xlsx: không có "):
        verified(order.folder, order.data, order.notebook)


@pytest.mark.parametrize(
    ("then", "line"),
    [
        ({"python": "3.0"}, "Python 3.0 → "),
        ({"libraries": software().libraries | {"pandas": "2.0"}}, "pandas 2.0 → "),
        ({"code_sha256": "c0de0123456789", "revision": "v1", "changed": False}, "giamngheo v1 → "),
        ({"code_sha256": "c0de0123456789", "revision": "v1", "changed": True}, "giamngheo v1, đã sửa (c0de0123) → "),
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


def test_every_report_below_a_folder_is_told_and_one_that_differs_fails_them_all(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    for period in ("2023-05", "2023-06", ".2023-07.old"):
        shutil.copytree(order.folder, order.folder.with_name(period))
    (order.folder.with_name("2023-05") / MANIFEST).write_text("{", "utf-8")
    (order.folder.with_name("2023-06") / "report.html").unlink()
    monkeypatch.chdir(order.out.parent)
    done = CliRunner().invoke(main, ["verify", "out", "out/a/2023-08", "--data", "data"], catch_exceptions=False)
    assert done.exit_code == 1
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [
        "out/a/2023-06/report.html",
        "out/a/2023-08",
        "3 báo cáo",
    ]
    assert done.stderr.startswith("out/a/2023-05: Không có out/a/2023-05/manifest.json đọc được; lập lại")


def test_a_full_disk_is_the_machines_fault(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*places: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(room.shutil, "copyfile", full)
    with pytest.raises(MachineError, match="dung lượng đĩa"):
        verified(order.folder, order.data, order.notebook)
