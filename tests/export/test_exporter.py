import hashlib
import os
import subprocess
import sys

import nbformat
import pytest
from nbconvert.exporters import get_export_names, get_exporter

from giamngheo.export.refusals import UnexecutedNotebookError

FORMATS = {
    "giamngheo-html": (".html", "text/html", "Báo cáo HTML"),
    "giamngheo-pdf": (".pdf", "application/pdf", "Báo cáo PDF"),
    "giamngheo-docx": (
        ".docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Báo cáo Word",
    ),
    "giamngheo-xlsx": (
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Bảng biểu Excel",
    ),
}

HASHES = """
import hashlib, sys
from giamngheo.core.foreign import without_format_checkers
with without_format_checkers():
    import nbformat
    from nbconvert.exporters import get_exporter
notebook = nbformat.read(sys.argv[1], as_version=4)
for name in sys.argv[2:]:
    content = get_exporter(name)().from_notebook_node(notebook)[0]
    print(hashlib.sha256(content if isinstance(content, bytes) else content.encode()).hexdigest())
"""


@pytest.mark.parametrize("name", FORMATS)
def test_exporter_is_found_by_name_and_stands_in_the_menu(name, report):
    assert name in get_export_names()
    exporter = get_exporter(name)()
    assert (exporter.file_extension, exporter.output_mimetype, exporter.export_from_notebook) == FORMATS[name]
    content, resources = exporter.from_notebook_node(report)
    assert content
    assert resources["output_extension"] == FORMATS[name][0]


def test_exporter_refuses_a_notebook_that_did_not_run(notebook):
    unexecuted = notebook(nbformat.v4.new_code_cell("a"))
    with pytest.raises(UnexecutedNotebookError, match="chưa chạy"):
        get_exporter("giamngheo-pdf")().from_notebook_node(unexecuted)


def test_exporter_leaves_the_notebook_as_it_was(report):
    before = nbformat.writes(report)
    for name in FORMATS:
        get_exporter(name)().from_notebook_node(report)
    assert nbformat.writes(report) == before


def test_same_notebook_gives_the_same_bytes_everywhere(report, tmp_path):
    nbformat.write(report, tmp_path / "report.ipynb")
    here, there = tmp_path / "here", tmp_path / "nơi khác"
    places = [(here, "UTC", "C.UTF-8", "1"), (there, "Asia/Ho_Chi_Minh", "vi_VN.UTF-8", "2")]
    made = [_hashes(tmp_path / "report.ipynb", *place) for place in places]
    assert made[0] == made[1]
    assert len(set(made[0])) == len(FORMATS)


def _hashes(notebook, folder, zone, locale, seed):
    folder.mkdir()
    environment = os.environ | {"TZ": zone, "LC_ALL": locale, "LANG": locale, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", HASHES, str(notebook), *FORMATS]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    hashes = done.stdout.split()
    assert all(len(found) == hashlib.sha256().digest_size * 2 for found in hashes)
    return hashes
