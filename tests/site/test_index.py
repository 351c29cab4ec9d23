"""The list of the reports below a folder, and the folder of the public ones."""

import datetime as dt
import errno
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from urllib.parse import unquote

import pytest

from giamngheo.core.paths import FILES, MANIFEST
from giamngheo.run.provenance.manifest import Manifest, manifest_bytes, read_manifest
from giamngheo.run.provenance.recipe import Recipe, sha256
from giamngheo.run.provenance.software import Software
from giamngheo.run.publishing.publication import publish_version, record_verified
from giamngheo.run.publishing.publish import UnwritableOutputError, publish, write_new
from giamngheo.site.index import (
    ForeignFolderError,
    ForeignPageError,
    NoPublicReportsError,
    NoReportsError,
    make_public_site,
    make_site,
)
from giamngheo.site.page import SiteReport, site_pages
from tests.conftest import marked

SOFTWARE = Software("1.0", sha256(b"code"), "", "3.11.2", {"pandas": "3.1.0"})
SECRET = "BÍ MẬT NỘI BỘ"
EVERY = (*FILES.values(), "report.ipynb")


def put(
    out: Path, unit: str, period: str, *, audience: str = "public", names: Sequence[str] = EVERY, **figures: object
) -> Path:
    """A report as `giamngheo report` leaves it; what is not for the public says so in every file of it."""
    said = SECRET if audience == "internal" else "công khai"
    files = {name: f"{unit} {period} {name} {SECRET if name == 'report.ipynb' else said}".encode() for name in names}
    parameters = {"unit": unit, "period": period, "data": SECRET, "audience": audience}
    notebook = "notebooks/monthly_report.ipynb"
    inputs = {notebook: sha256(b"0e"), f"{SECRET}/{unit}/2023.xlsx": sha256(b"1f")}
    recipe = Recipe(unit, period, SECRET, notebook, "Báo cáo", period, parameters, ("html",), inputs, SOFTWARE)
    kept = {"unit": f"huyện {unit}", "level": "district", "poor_rate_pct": 41.06, **figures}
    made = Manifest(recipe, kept, ({"text": SECRET},), {name: sha256(content) for name, content in files.items()})
    folder = out / unit / period
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / MANIFEST).write_bytes(manifest_bytes(made))
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Two units with a public report each and one with a report for those inside."""
    out = tmp_path / "outputs"
    put(out, "a", "2023-08")
    put(out, "b", "2023-08", names=("report.html", "report.ipynb"))
    put(out, "noi-bo", "2023-08", audience="internal")
    return out


def links(page: Path) -> list[str]:
    found = re.findall(r'href="([^"#]+)"', page.read_text("utf-8"))
    return list(dict.fromkeys(map(unquote, found)))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_report_is_listed_with_the_files_it_has(out: Path) -> None:
    site = make_site(out)
    assert site.left_out == ()
    assert [(report.unit, str(report.period)) for report in site.reports] == [
        ("a", "2023-08"),
        ("b", "2023-08"),
        ("noi-bo", "2023-08"),
    ]
    found = links(site.page)
    assert all((out / link).is_file() for link in found)
    assert [link for link in found if link.startswith("b/")] == [
        "b/2023-08/report.html",
        "b/2023-08/report.ipynb",
        "b/2023-08/manifest.json",
    ]
    assert len(found) == 6 + 3 + 6


def test_the_same_outputs_give_the_same_bytes(out: Path) -> None:
    first = make_site(out).page.read_bytes()
    (out / "a" / "2023-08" / "report.html").touch()
    (out / "index.html").unlink()
    assert make_site(out).page.read_bytes() == first
    make_public_site(out, out / "public")
    assert make_site(out).page.read_bytes() == first


def test_the_figures_of_a_real_report_are_those_it_prints(report_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tu-mo-rong" / "2023-08"
    folder.parent.mkdir()
    folder.symlink_to(report_folder, target_is_directory=True)
    site = make_site(tmp_path)
    assert site.left_out == ()
    page = site.page.read_text("utf-8")
    printed = (report_folder / "report.html").read_text("utf-8")
    for figure in ("41,06%", "6,20%", "2.859", "71.972", "4.569,482", "6,35%"):
        assert figure in page
        assert figure in printed
    assert "Huyện Tu Mơ Rông <small>tỉnh Kon Tum</small>" in page
    assert "tu-mo-rong/2023-08/annex.pdf" in links(site.page)
    assert len(links(site.page)) == 7


def broken(folder: Path, how: str) -> None:
    """Breaks a report in one way."""
    manifest = folder / MANIFEST
    told = json.loads(manifest.read_text("utf-8"))
    run = told["activity"]["run:report"]
    if how == "no manifest":
        manifest.unlink()
        return
    if how == "copied from another place":
        shutil.rmtree(folder)
        shutil.copytree(folder.parents[1] / "b" / "2023-08", folder)
        return
    if how == "half a manifest":
        manifest.write_text(manifest.read_text("utf-8")[:100], "utf-8")
        return
    if how == "no report":
        for name in FILES.values():
            (folder / name).unlink()
        return
    if how == "of another unit":
        run["giamngheo:unit"] = "b"
    if how == "a figure of another kind":
        run["figure:poor_rate_pct"] = "<script>"
    if how == "the run is no table":
        told["activity"]["run:report"] = [1]
    manifest.write_text(json.dumps(told), "utf-8")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("no manifest", "không có manifest.json đọc được"),
        ("half a manifest", "không có manifest.json đọc được"),
        ("no report", "không còn tệp báo cáo nào như khi lập"),
        ("of another unit", "manifest.json là của báo cáo khác"),
        ("copied from another place", "manifest.json là của báo cáo khác (b/2023-08)"),
        ("a figure of another kind", "'poor_rate_pct' không đúng kiểu"),
        ("the run is no table", "không có manifest.json đọc được"),
    ],
)
def test_a_broken_report_is_left_out_and_said_and_the_others_stand(out: Path, how: str, said: str) -> None:
    broken(out / "a" / "2023-08", how)
    site = make_site(out)
    assert [report.unit for report in site.reports] == ["b", "noi-bo"]
    assert said in site.left_out[-1]
    assert str(out / "a" / "2023-08") in site.left_out[-1]
    assert "huyện a" not in site.page.read_text("utf-8").lower()


def test_a_period_that_is_none_is_left_out(out: Path) -> None:
    put(out, "a", "2023-13")
    site = make_site(out)
    assert len(site.reports) == 3
    assert "Kỳ báo cáo '2023-13' không đúng" in site.left_out[0]


def test_what_someone_is_still_writing_is_not_seen(out: Path) -> None:
    (out / "a" / ".2023-09.new-x").mkdir()
    (out / "a" / ".2023-09.new-x" / "report.html").write_bytes(b"half")
    assert make_site(out).left_out == ()


def test_a_file_changed_since_is_not_linked_and_said(out: Path) -> None:
    changed, gone = out / "a" / "2023-08" / "report.docx", out / "a" / "2023-08" / "report.pdf"
    changed.write_bytes(b"typed over")
    gone.unlink()
    site = make_site(out)
    assert len(site.reports) == 3
    assert sorted(site.left_out) == [
        f"{changed}: đã thay đổi sau khi lập báo cáo; không đưa vào danh mục.",
        f"{gone}: không còn; không đưa vào danh mục.",
    ]
    assert not {"a/2023-08/report.docx", "a/2023-08/report.pdf"} & set(links(site.page))


@pytest.mark.parametrize("seconds", [-9, 9])
def test_a_file_changed_at_another_time_than_its_manifest_is_said(out: Path, seconds: int) -> None:
    changed = out / "a" / "2023-08" / "report.docx"
    changed.write_bytes(b"typed over")
    when = (out / "a" / "2023-08" / MANIFEST).stat().st_mtime + seconds
    os.utime(changed, (when, when))
    site = make_site(out)
    assert site.left_out == (f"{changed}: đã thay đổi sau khi lập báo cáo; không đưa vào danh mục.",)


def test_reports_of_other_workbooks_than_those_of_the_data_folder_are_outdated(out: Path, tmp_path: Path) -> None:
    for unit, content in (("a", b"1f"), ("b", b"typed since")):
        book = tmp_path / "data" / unit / "2023.xlsx"
        book.parent.mkdir(parents=True)
        book.write_bytes(content)
    outdated = [report.unit for report in make_site(out, tmp_path / "data").reports if report.is_outdated]
    assert outdated == ["b", "noi-bo"], "the workbook of the one was saved since, that of the other is gone"
    assert not any(report.is_outdated for report in make_site(out).reports)


@pytest.mark.parametrize("name", ["x" * 400, "1" * 5000 + ".parquet", "2023.parquet"])
def test_an_input_that_no_run_has_read_keeps_no_report_out_of_the_list(out: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "data" / "a").mkdir(parents=True)
    kept = read_manifest(out / "a" / "2023-08")
    inputs = kept.recipe.inputs | {f"{SECRET}/a/{name}": sha256(b"")}
    told = manifest_bytes(replace(kept, recipe=replace(kept.recipe, inputs=inputs)))
    (out / "a" / "2023-08" / MANIFEST).write_bytes(told)
    assert [report.unit for report in make_site(out, tmp_path / "data").reports] == ["a", "b", "noi-bo"]


def test_a_file_changed_and_then_copied_together_with_its_manifest_is_said(out: Path, tmp_path: Path) -> None:
    (out / "a" / "2023-08" / "report.docx").write_bytes(b"typed over")
    shutil.copytree(out, tmp_path / "copy", copy_function=shutil.copy)
    assert [line.split(":")[0] for line in make_site(tmp_path / "copy").left_out] == [
        str(tmp_path / "copy" / "a" / "2023-08" / "report.docx")
    ]


def test_files_put_there_by_a_run_are_read_for_the_public_only(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in out.glob("*/*"):
        publish(folder, {path.name: path.read_bytes() for path in folder.iterdir()})
    seen: list[str] = []
    monkeypatch.setattr("giamngheo.site.index.content", lambda path: (seen.append(path.name), path.read_bytes())[1])
    make_site(out)
    assert "report.pdf" not in seen
    make_public_site(out, out / "public")
    assert "report.pdf" in seen


def test_the_pages_of_units_come_and_go(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("giamngheo.site.page.MOST_IN_ONE_PAGE", 1)
        make_site(out)
        make_public_site(out, out / "public")
        make_public_site(out, out / "public")
    units = out / "danh-muc"
    assert sorted(path.name for path in units.iterdir() if path.suffix) == ["a.html", "b.html", "noi-bo.html"]
    assert all((units / link).resolve().is_file() for link in links(units / "a.html"))
    assert sorted(path.name for path in (out / "public" / "danh-muc").iterdir()) == ["a.html", "b.html"]
    (units / "của tôi.html").write_text("x", "utf-8")
    make_site(out)
    assert [path.name for path in units.iterdir() if path.suffix] == ["của tôi.html"]


def test_a_folder_that_cannot_be_read_is_said(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    iterdir, opened = Path.iterdir, Path.open

    def closed(path: Path) -> None:
        if path in (out / "a", out / "b" / "2023-08" / MANIFEST):
            raise PermissionError(errno.EACCES, "closed")

    monkeypatch.setattr(Path, "iterdir", lambda path: (closed(path), iterdir(path))[1])
    monkeypatch.setattr(Path, "open", lambda path, *how, **more: (closed(path), opened(path, *how, **more))[1])
    site = make_site(out)
    assert [report.unit for report in site.reports] == ["noi-bo"]
    assert site.left_out[0] == f"{out / 'a'}: không đọc được (không có quyền); không đưa vào danh mục."
    assert "không có manifest.json đọc được" in site.left_out[1]


def test_a_report_that_cannot_be_entered_stops_no_other(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    iterdir, shut = Path.iterdir, out / "a" / "2023-08"

    def listed(path: Path) -> Iterator[Path]:
        if path == shut:
            raise PermissionError(errno.EACCES, "closed")
        return iterdir(path)

    monkeypatch.setattr(Path, "iterdir", listed)
    site = make_site(out)
    assert [report.unit for report in site.reports] == ["b", "noi-bo"]
    assert site.left_out == (f"{shut}: không đọc được (không có quyền); không đưa vào danh mục.",)


def test_a_report_moved_aside_by_a_killed_run_is_listed(out: Path) -> None:
    folder = out / "a" / "2023-08"
    files = sorted(folder.iterdir())
    (folder / ".giamngheo-old-1").mkdir()
    marked(folder / ".giamngheo-old-1")
    for path in files:
        path.rename(folder / ".giamngheo-old-1" / path.name)
    assert [report.unit for report in make_site(out).reports] == ["a", "b", "noi-bo"]
    assert sorted(folder.iterdir()) == files


def test_nothing_to_list_is_said_and_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(NoReportsError, match="giamngheo report"):
        make_site(tmp_path / "outputs")
    assert list(tmp_path.iterdir()) == []


def test_no_list_leads_to_a_page_that_is_gone(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("giamngheo.site.page.MOST_IN_ONE_PAGE", 1)
        make_site(out)
        shutil.rmtree(out / "b")
        _fails_to_write_the_list(patch)
        with pytest.raises(UnwritableOutputError):
            make_site(out)
    assert {"danh-muc/a.html", "danh-muc/b.html"} <= set(links(out / "index.html"))
    with monkeypatch.context() as patch:
        _fails_to_write_the_list(patch)
        with pytest.raises(UnwritableOutputError):
            make_site(out)
    assert (out / "danh-muc" / "b.html").is_file()
    make_site(out)
    assert not (out / "danh-muc").exists()


def _fails_to_write_the_list(patch: pytest.MonkeyPatch) -> None:
    def fails(path: Path, content: bytes, **how: object) -> None:
        raise UnwritableOutputError(path, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))

    patch.setattr("giamngheo.site.index.publish_file", fails)


@pytest.mark.parametrize("name", ["index.html", "danh-muc/b.html"])
def test_a_page_of_ones_own_is_no_page_of_the_list(out: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("giamngheo.site.page.MOST_IN_ONE_PAGE", 1)
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text("my own page", "utf-8")
    before = contents(out)
    with pytest.raises(ForeignPageError, match="không phải danh mục báo cáo"):
        make_site(out)
    assert contents(out) == before


def test_what_is_put_into_the_public_site_while_it_is_made_stays(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_public_site(out, out / "public")
    before = contents(out / "public")

    def meanwhile(reports: Sequence[SiteReport], *, public: bool = False) -> dict[str, str]:
        (out / "public" / "a" / "của tôi.docx").write_bytes(b"mine")
        return site_pages(reports, public=public)

    monkeypatch.setattr("giamngheo.site.index.site_pages", meanwhile)
    with pytest.raises(ForeignFolderError, match="của tôi"):
        make_public_site(out, out / "public")
    assert contents(out / "public") == before | {"a/của tôi.docx": b"mine"}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can make a link of another user")
@pytest.mark.parametrize("place", ["a", "a/2023-08", "a/2023-08/manifest.json", "danh-muc"])
def test_what_another_user_linked_is_neither_listed_nor_emptied(out: Path, tmp_path: Path, place: str) -> None:
    (out / "danh-muc").mkdir()
    make_site(out)
    (out / "danh-muc").mkdir(exist_ok=True)
    shutil.copy(out / "index.html", out / "danh-muc" / "x.html")
    (out / place).rename(tmp_path / "private")
    (out / place).symlink_to(tmp_path / "private")
    os.lchown(out / place, 65534, -1)
    site = make_site(out)
    listed = [report.unit for report in site.reports]
    if place == "danh-muc":
        assert (tmp_path / "private" / "x.html").is_file()
    else:
        assert listed == ["b", "noi-bo"]
        assert "là liên kết do người dùng khác đặt" in "".join(site.left_out)
        assert [report.unit for report in make_public_site(out, out / "public").reports] == ["b"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can make a link of another user")
@pytest.mark.parametrize("place", ["published", "published/1", "published/1/publication.json", "verified.json"])
def test_no_version_or_day_is_told_that_another_user_linked(out: Path, tmp_path: Path, place: str) -> None:
    folder = out / "a" / "2023-08"
    publish_version(folder, number="12/KÍN")
    record_verified(folder, dt.date(2023, 9, 5), sha256((folder / MANIFEST).read_bytes()))
    seen = "12/KÍN" if place != "verified.json" else "5/9/2023"
    assert seen in make_site(out).page.read_text("utf-8")
    (folder / place).rename(tmp_path / "private")
    (folder / place).symlink_to(tmp_path / "private")
    os.lchown(folder / place, 65534, -1)
    site = make_site(out)
    assert seen not in site.page.read_text("utf-8")
    assert [f"{folder / place}: là liên kết do người dùng khác đặt; không đưa vào danh mục."] == list(site.left_out)
    assert [report.unit for report in site.reports] == ["a", "b", "noi-bo"]


@pytest.mark.parametrize(
    ("hand", "why"),
    [(Path.unlink, "không còn"), (lambda scan: scan.write_bytes(b"%PDF-other"), "đã thay đổi sau khi phát hành")],
)
def test_a_scan_that_is_not_what_was_kept_is_told_and_the_report_is_linked(
    out: Path, tmp_path: Path, hand: Callable[[Path], object], why: str
) -> None:
    folder = out / "a" / "2023-08"
    (tmp_path / "signed.pdf").write_bytes(b"%PDF-1.7")
    publish_version(folder, number="12/BC", scan=tmp_path / "signed.pdf")
    site = make_site(out)
    assert (site.left_out, 'published/1/scan.pdf">' in site.page.read_text("utf-8")) == ((), True)
    version = folder / "published" / "1"
    hand(version / "scan.pdf")
    site = make_site(out)
    told = f"{version / 'scan.pdf'}: {why}; không đưa vào danh mục."
    assert site.left_out == (told,)
    page = site.page.read_text("utf-8")
    assert ("scan.pdf" in page, 'published/1/report.html">Bản 1, số 12/BC<' in page) == (False, True)
    (version / "report.html").write_text("other")
    site = make_site(out)
    altered = f"{version / 'report.html'}: đã thay đổi sau khi phát hành; không đưa vào danh mục."
    assert site.left_out == (told, altered)
    assert "published/1/report.html" not in site.page.read_text("utf-8")


def test_a_version_without_manifest_is_told_where_no_scan_stands_for_it(out: Path) -> None:
    folder = out / "a" / "2023-08"
    publish_version(folder, number="12/BC")
    version = folder / "published" / "1"
    (version / MANIFEST).unlink()
    site = make_site(out)
    assert site.left_out == (f"{version}: không có {MANIFEST} đọc được; không đưa vào danh mục.",)
    assert "published/1" not in site.page.read_text("utf-8")


def test_a_page_put_there_while_the_list_is_written_stays(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(path: Path, content: bytes) -> None:
        write_new(path, content)
        if path.name == "index.html":
            (out / "index.html").write_text("my own page", "utf-8")

    monkeypatch.setattr("giamngheo.run.publishing.publish.write_new", meanwhile)
    with pytest.raises(ForeignPageError, match="không phải danh mục báo cáo"):
        make_site(out)
    assert (out / "index.html").read_text("utf-8") == "my own page"


def test_a_full_disk_leaves_the_earlier_list(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = make_site(out).page.read_bytes()
    put(out, "c", "2023-08")

    opened = Path.open

    def fails(path: Path, mode: str = "r", **how: Any) -> IO[Any]:
        if mode != "xb":
            return opened(path, mode, **how)
        with opened(path, mode) as file:
            file.write(b"torn")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "open", fails)
    with pytest.raises(UnwritableOutputError, match="đĩa đầy"):
        make_site(out)
    assert (out / "index.html").read_bytes() == first
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []


def test_the_public_site_holds_public_reports_and_nothing_else(out: Path) -> None:
    site = make_public_site(out, out / "public")
    files = contents(out / "public")
    assert sorted(files) == sorted(
        ["index.html", "b/2023-08/report.html", *(f"a/2023-08/{name}" for name in FILES.values())]
    )
    assert sorted(links(site.page)) == sorted(set(files) - {"index.html"})
    whole = b"".join([*files.values(), *map(str.encode, files)]).decode()
    for hidden in (SECRET, "noi-bo", "manifest", "report.ipynb", "c0de", "2023.xlsx"):
        assert hidden not in whole
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []


def test_a_report_without_audience_is_for_those_inside(tmp_path: Path) -> None:
    folder = put(tmp_path, "a", "2023-08")
    told = (
        (folder / MANIFEST).read_text("utf-8").replace('"parameter:audience": "public"', '"parameter:other": "public"')
    )
    (folder / MANIFEST).write_text(told, "utf-8")
    with pytest.raises(NoPublicReportsError, match="audience=public"):
        make_public_site(tmp_path, tmp_path / "public")
    assert not (tmp_path / "public").exists()


def test_an_officers_file_in_a_public_report_is_not_published(out: Path) -> None:
    for name in ("report.html", "report.docx", "notes.docx"):
        (out / "a" / "2023-08" / name).write_text(SECRET, "utf-8")
    site = make_public_site(out, out / "public")
    files = contents(out / "public")
    assert not {"a/2023-08/report.html", "a/2023-08/report.docx", "a/2023-08/notes.docx"} & set(files)
    assert SECRET not in b"".join(files.values()).decode()
    assert len(site.left_out) == 2


def test_a_report_that_is_public_no_more_goes(out: Path) -> None:
    make_public_site(out, out / "public")
    for path in (out / "a" / "2023-08").iterdir():
        path.unlink()
    (out / "a" / "2023-08").rmdir()
    put(out, "a", "2023-08", audience="internal")
    make_public_site(out, out / "public")
    assert sorted(contents(out / "public")) == ["b/2023-08/report.html", "index.html"]


def test_a_failure_leaves_the_earlier_public_site(out: Path) -> None:
    make_public_site(out, out / "public")
    first = contents(out / "public")
    for unit in ("a", "b"):
        broken(out / unit / "2023-08", "no manifest")
    with pytest.raises(NoPublicReportsError):
        make_public_site(out, out / "public")
    assert contents(out / "public") == first


@pytest.mark.parametrize("left", ["public/.giamngheo-new-1", ".giamngheo-new-1"])
def test_what_a_killed_run_left_is_cleared_away_and_published_by_nobody(out: Path, tmp_path: Path, left: str) -> None:
    make_public_site(out, tmp_path / "first")
    put(out / left, "noi-bo", "2023-08")
    marked(out / left)
    make_public_site(out, out / "public")
    assert contents(out / "public") == contents(tmp_path / "first")
    assert not (out / left).exists()


def test_an_earlier_public_site_set_aside_by_a_killed_run_comes_back(out: Path) -> None:
    make_public_site(out, out / "public")
    first = contents(out / "public")
    (out / "public" / ".giamngheo-old-1").mkdir()
    marked(out / "public" / ".giamngheo-old-1")
    for path in [path for path in (out / "public").iterdir() if path.name != ".giamngheo-old-1"]:
        path.rename(out / "public" / ".giamngheo-old-1" / path.name)
    for unit in ("a", "b"):
        broken(out / unit / "2023-08", "no manifest")
    with pytest.raises(NoPublicReportsError):
        make_public_site(out, out / "public")
    assert contents(out / "public") == first


@pytest.mark.parametrize("name", ["noi-bo/2023-08/manifest.json", "notes.docx", "a/2023-08/signed.pdf", "index.html"])
def test_a_folder_with_something_else_is_not_touched(out: Path, tmp_path: Path, name: str) -> None:
    into = tmp_path / "www"
    if name != "index.html":
        make_public_site(out, into)
    path = into / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("someone's own", "utf-8")
    before = contents(into)
    with pytest.raises(ForeignFolderError, match=r"--into"):
        make_public_site(out, into)
    assert contents(into) == before


def test_the_outputs_themselves_never_become_the_public_site(out: Path) -> None:
    before = contents(out)
    with pytest.raises(ForeignFolderError):
        make_public_site(out, out)
    assert contents(out) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be another user")
def test_outputs_that_may_only_be_read_are_listed_elsewhere() -> None:
    with TemporaryDirectory() as name:
        Path(name).chmod(0o777)  # those of pytest are root's alone
        out = Path(name) / "outputs"
        put(out, "a", "2023-08")
        os.seteuid(65534)
        try:
            site = make_public_site(out, Path(name) / "public")
            with pytest.raises(UnwritableOutputError, match="không có quyền"):
                make_site(out)
        finally:
            os.seteuid(0)
    assert ([report.unit for report in site.reports], site.left_out) == (["a"], ())


def test_where_no_report_can_be_used_it_is_said_why(tmp_path: Path) -> None:
    broken(put(tmp_path, "a", "2023-08"), "half a manifest")
    with pytest.raises(NoReportsError) as raised:
        make_site(tmp_path)
    first, second = str(raised.value).splitlines()
    assert first.startswith(f"{tmp_path / 'a' / '2023-08'}: không có manifest.json đọc được (nội dung")
    assert second.startswith(f"Trong {tmp_path} không có báo cáo nào đưa được vào danh mục")


@pytest.mark.parametrize("figure", [1e300, 10**400, [], {}, True])
def test_a_figure_beyond_any_sense_leaves_out_its_report_alone(out: Path, figure: object) -> None:
    manifest = out / "a" / "2023-08" / MANIFEST
    told = json.loads(manifest.read_text("utf-8"))
    told["activity"]["run:report"]["figure:poor_households"] = figure
    manifest.write_text(json.dumps(told), "utf-8")
    site = make_site(out)
    assert [report.unit for report in site.reports] == ["b", "noi-bo"]
    assert "poor_households" in site.left_out[0]
