"""What anybody may have written into a notebook file reaches no document but as text, and reaches no file."""

import io
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import nbformat
import pypdf
import pytest
import typst
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from giamngheo.export.document import BROKEN, document
from giamngheo.export.html import html
from giamngheo.export.page import content_security_policy
from giamngheo.export.pdf import pdf
from giamngheo.export.typesetting import compiled
from giamngheo.export.word.exporter import docx
from giamngheo.report.elements import Closing, Column, DataTable, Figure, Letterhead, Prose
from giamngheo.report.elements.table import RESOURCE

Notebooks = Callable[..., NotebookNode]
ATTACK = {
    "text/html": '<script>alert(1)</script><b onclick="x()">chữ</b><iframe src="http://x.vn"></iframe>',
    "text/typst": '#raw(read("secret.csv"))\n#import "@preview/cetz:0.3.4"',
    "text/plain": "x",
}


def marked(data: dict[str, object], about: object) -> NotebookNode:
    output = new_output("display_data", data, metadata={"giamngheo": about})
    return nbformat.v4.new_notebook(
        cells=[new_markdown_cell("# Tên"), new_code_cell("x", execution_count=1, outputs=[output])]
    )


def read(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


FORGED = [
    {},
    [],
    "x",
    {"alt": "", "caption": ""},
    {"element": "prose"},
    {"element": "prose", "markdown": 1},
    {"element": "prose", "markdown": "a", "extra": "b"},
    {"element": "table"},
    {"element": "figure", "alt": "a", "caption": "b"},
    {"element": "letterhead", "year": 10**400},
    {"element": ["prose"]},
    {"title": "T", "date": "hôm qua", "lang": '"; #read("x")'},
]


@pytest.mark.parametrize("about", FORGED, ids=str)
def test_what_bears_our_mark_but_is_not_ours_is_told_and_runs_nothing(about: object, tmp_path: Path) -> None:
    made = document(marked(ATTACK, about))
    page = html(made)
    assert page.count("<script") == 1, "our own"
    assert not re.search(r"<iframe|onclick", page)
    shown = read(pdf(made))
    assert "chữ" in shown
    assert "".join(BROKEN.split())[:40] in "".join(shown.split())
    assert docx(made)


@pytest.mark.parametrize("element", ["prose", "closing", "letterhead"])
def test_code_in_an_element_of_ours_is_text(notebook: Notebooks, executed: Notebooks, element: str) -> None:
    hostile = '<script>alert(1)</script> #read("secret.csv") #import "@preview/cetz:0.3.4"'
    made = {
        "prose": Prose(hostile),
        "closing": Closing((hostile,), hostile, hostile),
        "letterhead": Letterhead(
            parent_body=hostile,
            issuing_body=hostile,
            symbol=hostile,
            place=hostile,
            year=2023,
            month=8,
            subject=hostile,
            addressee=hostile,
            bases=(hostile,),
        ),
    }[element]
    written = document(executed(made))
    assert html(written).count("<script") == 1, "our own"
    assert 'read("secret.csv")' in read(pdf(written)).replace("\n", " ")


def test_html_and_typst_beside_an_element_are_not_used(executed: Notebooks) -> None:
    changed = executed(Prose("chữ thật"))
    changed.cells[0].outputs[0].data |= ATTACK
    page = html(document(changed))
    assert "chữ thật" in page
    assert "alert" not in page


def table(**changes: object) -> NotebookNode:
    import pandas as pd

    shown = DataTable(pd.DataFrame({"a": [1]}), (Column("a", ("A",), "count"),), "Bảng")
    data, metadata = shown._repr_mimebundle_()
    resource = json.loads(json.dumps(data[RESOURCE]))
    for path, value in changes.items():
        *way, last = path.split("__")
        place = resource
        for step in way:
            place = place[int(step) if step.isdigit() else step]
        place[last] = value
    return marked({**data, RESOURCE: resource}, metadata["giamngheo"])


@pytest.mark.parametrize(
    "changes",
    [
        {"title": None},
        {"data__0__a": float("nan")},
        {"data__0__a": float("inf")},
        {"data__0__a": 10**400},
        {"data__0__a": "<b>"},
        {"data__0__a": [1]},
        {"schema__fields__0__width": float("nan")},
        {"schema__fields__0__width": -1},
        {"schema__fields__0__header": []},
        {"schema__fields__0__kind": "html"},
        {"schema__fields__0__name": "b"},
        {"schema": {}},
    ],
    ids=str,
)
def test_a_forged_table_is_told(changes: dict[str, object]) -> None:
    assert BROKEN[:30] in html(document(table(**changes)))


def test_typst_reads_no_file_and_loads_no_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.csv").write_text("bí mật")
    for code in ('#read("secret.csv")', f'#read("{tmp_path}/secret.csv")', '#import "@preview/cetz:0.3.4"'):
        with pytest.raises(typst.TypstError):
            compiled(code, form="pdf")


def test_pandoc_runs_nothing_of_the_user(executed: Notebooks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = docx(document(executed(Prose("chữ $x^2$"))))
    for place in (".local/share/pandoc", ".pandoc", "xdg/pandoc"):
        folder = tmp_path / place
        folder.mkdir(parents=True)
        (folder / "init.lua").write_text(f'io.open("{tmp_path}/ran", "w"):write("x")')
        (folder / "reference.docx").write_bytes(b"x")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("GHCRTS", "--info")
    assert docx(document(executed(Prose("chữ $x^2$")))) == clean
    assert not (tmp_path / "ran").exists()


def test_configuration_of_jupyter_changes_nothing(
    executed: Notebooks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from giamngheo.run.publishing.exports import exported

    clean = exported(executed(Prose("chữ")), ["html"])
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    (tmp_path / "jupyter_nbconvert_config.py").write_text("c.Exporter.preprocessors = ['nowhere.Nothing']\n")
    (tmp_path / "jupyter_nbconvert_config.json").write_text('{"TagRemovePreprocessor": {"enabled": true}}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert exported(executed(Prose("chữ")), ["html"]) == clean


def test_a_page_may_show_itself_only(executed: Notebooks) -> None:
    page = html(document(executed(Figure("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "a", "b"))))
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)
    assert style
    assert script
    policy = content_security_policy(styles=[style[1]], scripts=[script[1]]).replace("'", "&#39;")
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in page
    assert "default-src &#39;none&#39;" in policy
    assert "http" not in policy


def test_refusals_of_nbconvert_are_one_sentence(tmp_path: Path) -> None:
    import sys

    waiting = tmp_path / "a.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[new_code_cell("x")]), waiting)
    command = [Path(sys.executable).parent / "jupyter", "nbconvert", "--to", "giamngheo-html", waiting]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].endswith("lưu lại rồi xuất.")
    assert not (tmp_path / "a.html").exists()
