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
from tempfile import TemporaryDirectory

import nbformat
import pytest

BIN = Path(sys.executable).parent
TOKEN = "test"


@pytest.fixture(scope="module")
def temporary() -> Iterator[Path]:
    """Where the files of the running JupyterLab are; nothing of it is left at the end."""
    with TemporaryDirectory() as name:
        yield Path(name)
        assert [path.name for path in Path(name).glob("giamngheo-*")] == []


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, report_folder: Path, temporary: Path) -> Iterator[str]:
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
    home = tmp_path / ("a home with a long name " * 8)
    home.mkdir()
    environment = os.environ | {"HOME": str(home), "TMPDIR": str(temporary)}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=120)


def fetched(address: str, seconds: float = 120) -> bytes:
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


@pytest.mark.skipif(os.name == "nt", reason="Windows has no sockets in folders")
def test_no_other_user_can_listen_to_a_kernel(lab: str, temporary: Path) -> None:
    (runtime,) = temporary.glob("giamngheo-lab-*")
    fetched(f"{lab}/api/kernels")
    from jupyter_client.blocking import BlockingKernelClient  # a second of every process that runs tests

    start = urllib.request.Request(f"{lab}/api/kernels?token={TOKEN}", b"{}", {"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(start, timeout=120) as answer:
        number = json.loads(answer.read())["id"]
    client = BlockingKernelClient(connection_file=str(runtime / f"kernel-{number}.json"))
    client.load_connection_file()
    client.hb_channel.time_to_dead = 120  # seconds: on a busy machine a kernel that is silent for one is not dead
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        shown: list[str] = []
        client.execute_interactive("40 + 2", timeout=120, output_hook=lambda message: shown.append(str(message)))
    finally:
        client.stop_channels()
    assert "'text/plain': '42'" in "".join(shown)
    about = json.loads((runtime / f"kernel-{number}.json").read_text("utf-8"))
    assert about["transport"] == "ipc"
    sockets = [path for path in runtime.iterdir() if path.is_socket()]
    assert len(sockets) >= 4
    assert runtime.stat().st_mode & 0o077 == 0


def test_a_refusal_is_one_sentence_in_the_menu_too(lab: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetched(f"{lab}/nbconvert/giamngheo-html/waiting.ipynb")
    assert refused.value.code == 422
    assert refused.value.read().decode().startswith("Sổ tay còn 1 ô mã chưa chạy (ô số 1)")
