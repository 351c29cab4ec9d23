"""JupyterLab as `giamngheo lab` starts it: our exporters are in its menu and answer."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

BIN = Path(sys.executable).parent
TOKEN = "test"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, report_folder: Path) -> Iterator[str]:
    """Address of a running JupyterLab whose folder holds the executed report and a notebook that waits to be run."""
    tmp_path = tmp_path_factory.mktemp("lab")
    shutil.copy(report_folder / "report.ipynb", tmp_path)
    waiting = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x")])
    nbformat.write(waiting, tmp_path / "waiting.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [BIN / "giamngheo", "lab", "--no-browser", "--allow-root", f"--port={port}"]
    command += [f"--IdentityProvider.token={TOKEN}", f"--folder={tmp_path}"]
    environment = os.environ | {"JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def fetched(address: str, seconds: float = 30) -> bytes:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"{address}?token={TOKEN}", timeout=seconds) as answer:
                return answer.read()
        except urllib.error.HTTPError:
            raise
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_the_menu_lists_our_exporters_and_the_server_answers_for_them(lab: str, report_folder: Path) -> None:
    listed = json.loads(fetched(f"{lab}/api/nbconvert"))
    assert {f"giamngheo-{form}" for form in ("html", "pdf", "docx", "xlsx")} <= set(listed)
    pdf = fetched(f"{lab}/nbconvert/giamngheo-pdf/report.ipynb")
    assert pdf == (report_folder / "report.pdf").read_bytes()


def test_a_refusal_is_one_sentence_in_the_menu_too(lab: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetched(f"{lab}/nbconvert/giamngheo-html/waiting.ipynb")
    assert refused.value.code == 422
    assert refused.value.read().decode().startswith("Sổ tay còn 1 ô mã chưa chạy (ô số 1)")
