"""Batches: what fails stops nothing else, what is killed leaves whole reports, the next run repairs."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from pathlib import Path

import psutil
import pytest
from distributed import Client, KilledWorker, LocalCluster, Security

from giamngheo.cli.terminal import STOPPED
from giamngheo.core.period import Period
from giamngheo.run.batch import outcomes
from giamngheo.run.execution.cluster import NoSchedulerError, Scheduler, _done, _groups
from giamngheo.run.execution.process import Processes
from giamngheo.run.kinds import kind_named
from giamngheo.run.provenance.manifest import read_manifest
from giamngheo.run.provenance.recipe import Order, order, sha256

Command = Callable[..., subprocess.CompletedProcess[str]]

HTML = ("--formats", "html")
NINE_MONTHS = "2023-01..2023-09"


def write_unit(project: Path, unit: str, task: str) -> None:
    (project / "data" / unit / "2023.xlsx").write_text(task, "utf-8")


def orders(project: Path, *units: str, months: int = 4) -> list[Order]:
    asked = [(unit, Period(2023, month)) for unit in units for month in range(1, months + 1)]
    how = {"data": project / "data", "out": project / "outputs", "formats": ("html",)}
    return [order(unit, period, kind_named(), **how) for unit, period in asked]


def whole(folder: Path) -> bool:
    """Whether a report is there and its files are those of its manifest."""
    kept = read_manifest(folder).outputs
    return set(kept) == {"report.html", "report.ipynb"} and all(
        sha256((folder / name).read_bytes()) == digest for name, digest in kept.items()
    )


def reports(project: Path) -> list[Path]:
    return sorted(path for path in (project / "outputs").glob("*/*") if not path.name.startswith("."))


def table(output: str) -> dict[str, str]:
    heads, values = (line.split("  ") for line in output.splitlines()[-2:])
    names = [head.strip() for head in heads if head.strip()]
    return dict(zip(names, [value.strip() for value in values if value.strip()], strict=True))


def test_a_failing_unit_stops_no_other_and_a_second_run_does_only_what_is_left(
    called: Command, batch: Command, project: Path
) -> None:
    write_unit(project, "tay", "error")
    (project / "data" / "x\ny").mkdir()
    write_unit(project, "x\ny", "none")
    done = called("batch", "--all", "2023-01", *HTML, cwd=project)
    shutil.rmtree(project / "data" / "x\ny")
    assert done.returncode == 1
    unnamed, failed = done.stderr.splitlines()
    assert unnamed.startswith(r"'x\ny' 2023-01: Tên thư mục 'x\ny' có ký tự không in được")
    assert failed == "tay 2023-01: Ô số 3 của sổ tay hỏng: ValueError: a bad workbook"
    told = table(done.stdout)
    assert {name: told[name] for name in ("Đã lập", "Không đổi", "Hỏng", "Chưa làm")} == {
        "Đã lập": "2",
        "Không đổi": "0",
        "Hỏng": "2",
        "Chưa làm": "0",
    }
    assert (told["Cảnh báo"], done.stdout.splitlines()[0]) == ("0", "0 cảnh báo.")
    made = [path.relative_to(project / "outputs").as_posix() for path in reports(project)]
    assert made == ["dong/2023-01", "nam/2023-01"]
    write_unit(project, "tay", "put right")
    write_unit(project, "nam", "corrected")
    done = batch("--all", "2023-01", *HTML)
    assert (done.returncode, done.stderr) == (0, "")
    assert (table(done.stdout)["Đã lập"], table(done.stdout)["Không đổi"]) == ("2", "1")
    assert all(map(whole, reports(project)))


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["2023-08"], 2, "Cần tên đơn vị"),
        (["dong"], 2, "Cần tên đơn vị"),
        (["dong", "2023-13"], 2, "2023-13"),
        (["dong", "2023-05..2023-02"], 2, "Khoảng kỳ"),
        (["dong", "2024-01"], 1, "Kỳ 2024-01 không có số liệu"),
        (["bac", "2023-01"], 1, "bac 2023-01: Không có đơn vị 'bac'"),
        (["bac", "latest"], 1, "bac latest: Không có đơn vị 'bac'"),
        (["dong", "2023-01", "--scheduler", "nowhere"], 1, "Không kết nối được với dask scheduler ở nowhere"),
    ],
)
def test_wrong_words_are_said(called: Command, project: Path, words: list[str], status: int, told: str) -> None:
    done = called("batch", *words, cwd=project)
    assert done.returncode == status
    assert told in done.stderr


def test_a_dying_kernel_and_a_cell_that_never_ends_fail_alone(batch: Command, project: Path) -> None:
    write_unit(project, "nam", "hang")
    write_unit(project, "tay", "die")
    done = batch("--all", "2023-01", *HTML, "--timeout", "2")
    assert done.returncode == 1
    first, second = sorted(done.stderr.splitlines())
    assert first.startswith("nam 2023-01: Một ô của sổ tay chạy quá 2 giây")
    assert second.startswith("tay 2023-01: Tiến trình lập báo cáo dừng giữa chừng")
    assert [path.parent.name for path in reports(project)] == ["dong"]


def started(project: Path) -> subprocess.Popen[str]:
    """A batch of nine months of every unit, running, with some of its reports made."""
    before = len(reports(project))
    command = [sys.executable, "-I", project / "giamngheo", "batch", "--all", NINE_MONTHS, *HTML]
    batch = subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    wait_for(lambda: len(reports(project)) > before + 1)
    return batch


def wait_for(condition: Callable[[], bool], seconds: float = 600) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def family(command: subprocess.Popen[str]) -> list[psutil.Process]:
    """A command's process and all that it started."""
    return [psutil.Process(command.pid), *psutil.Process(command.pid).children(recursive=True)]


def open_ports(process: psutil.Process) -> list[object]:
    try:
        return process.net_connections("inet")
    except (psutil.NoSuchProcess, FileNotFoundError):
        return []


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_batch_that_is_stopped_or_killed_leaves_whole_reports_and_no_process(project: Path, batch: Command) -> None:
    stopped = started(project)
    processes = family(stopped)
    assert not any(map(open_ports, processes)), "nobody can join in"
    stopped.terminate()
    time.sleep(0.1)
    os.killpg(stopped.pid, signal.SIGINT)  # Ctrl-C of somebody impatient, which all processes hear
    output, errors = stopped.communicate(timeout=120)
    assert psutil.wait_procs(processes, timeout=120)[1] == []
    assert (stopped.returncode, errors) == (130, f"{STOPPED}\n")
    assert int(table(output)["Chưa làm"]) > 0
    first = reports(project)
    assert all(map(whole, first))

    killed = started(project)
    processes = family(killed)
    killed.kill()
    killed.communicate(timeout=120)
    assert psutil.wait_procs(processes, timeout=120)[1] == []
    left = reports(project)
    assert 1 < len(first) < len(left) < 27
    assert all(map(whole, left))

    done = batch("--all", NINE_MONTHS, *HTML)
    assert (done.returncode, int(table(done.stdout)["Không đổi"]) >= len(left)) == (0, True)
    assert len(reports(project)) == 27
    assert all(map(whole, reports(project)))
    assert [path.name for path in (project / "outputs").glob("*/.*")] == []


def test_a_worker_that_is_killed_costs_no_report(
    project: Path, cluster: LocalCluster, on_cluster: tuple[str, str]
) -> None:
    asked = orders(project, "dong", "nam", "tay", months=2)
    with Client(cluster) as client:
        pids = list(client.run(os.getpid).values())
        seen = []
        for outcome in outcomes(asked, scheduler=Scheduler(cluster.scheduler_address)):
            if not seen:
                os.kill(pids[0], signal.SIGKILL)
            seen.append(outcome)
    assert sorted(outcome.name for outcome in seen) == sorted(map(str, asked))
    assert {outcome.state for outcome in seen} <= {"made", "unchanged"}
    assert all(whole(order.folder) for order in asked)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KilledWorker("made_or_kept-1", None, 3), "Tiến trình lập báo cáo dừng giữa chừng nhiều lần"),
        (CancelledError(), "Cụm dask không trả lời nữa"),
        (ZeroDivisionError("an error of ours"), "ZeroDivisionError: an error of ours"),
    ],
)
def test_work_that_came_to_nothing_is_told(error: BaseException, told: str) -> None:
    future: Future[object] = Future()
    future.set_exception(error)
    ((first, one), (second, other)) = _done(future, ["a", "b"])
    assert (first, second, str(one)) == ("a", "b", str(other))
    assert str(one).startswith(told)


@pytest.mark.parametrize(
    ("sizes", "cores", "parts"),
    [
        ([10, 10, 10, 10, 10], 2, [10, 10, 10, 10, 5, 5]),
        ([12], 4, [3, 3, 3, 3]),
        ([12], 2, [6, 3, 3]),
        ([1, 3], 8, [1, 3]),
        ([3, 3], 1, [3, 3]),
    ],
)
def test_months_of_a_workbook_stay_together_and_the_last_groups_are_small_but_not_too_small(
    sizes: list[int], cores: int, parts: list[int]
) -> None:
    jobs = [(unit, month) for unit, size in enumerate(sizes) for month in range(size)]
    groups = list(_groups(jobs, lambda job: job[0], cores))
    assert [len(group) for group in groups] == parts
    assert [job for group in groups for job in group] == jobs
    assert all(len({unit for unit, _ in group}) == 1 for group in groups)


def test_two_batches_at_once_leave_each_report_whole(project: Path, on_cluster: tuple[str, str]) -> None:
    asked = orders(project, "dong", "nam", months=2)
    first, second = (outcomes(asked, force=True, scheduler=Scheduler(on_cluster[1])) for _ in range(2))
    seen = [next(first), next(second), *first, *second]
    assert {outcome.state for outcome in seen} == {"made"}
    assert all(whole(order.folder) for order in asked)


def test_a_cluster_that_works_elsewhere_verifies_many_reports(
    batch: Command, called: Command, on_cluster: tuple[str, str], project: Path
) -> None:
    batch("dong", "nam", "2023-01..2023-02", *HTML)
    write_unit(project, "nam", "corrected")
    done = called("verify", "outputs", *on_cluster, cwd=project)
    assert done.returncode == 1
    assert sorted(done.stdout.splitlines()[:2]) == [
        f"outputs/dong/2023-0{month}: giống hệt từng byte." for month in (1, 2)
    ]
    assert done.stdout.splitlines()[2:] == ["4 báo cáo: 2 giống hệt, 2 khác hoặc không so được."]
    assert sorted(line for line in done.stderr.splitlines() if line.startswith("outputs")) == [
        f"outputs/nam/2023-0{month}: Không lập lại được từ đúng số liệu cũ:" for month in (1, 2)
    ]


def test_an_output_folder_that_cannot_be_written_is_said_for_each_report(batch: Command, project: Path) -> None:
    (project / "outputs").mkdir()
    (project / "outputs" / "dong").write_text("in the way", "utf-8")
    done = batch("dong", "2023-01..2023-02", *HTML)
    assert done.returncode == 1
    assert [line[:14] for line in sorted(done.stderr.splitlines())] == ["dong 2023-01: ", "dong 2023-02: "]
    assert "Không ghi được vào" in done.stderr


def test_no_cluster_at_the_address_is_said(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("giamngheo.run.execution.cluster.PATIENCE", 1)
    with pytest.raises(NoSchedulerError, match="kiểm tra địa chỉ"):
        list(outcomes(orders(project, "dong"), scheduler=Scheduler("tcp://127.0.0.1:1")))


@pytest.fixture
def tls(tmp_path: Path) -> tuple[str, str, str]:
    """Files of a certificate that is its own authority and of its key, for everybody in a cluster."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not here")
    cert, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    made = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=t"]
    subprocess.run([*made, "-keyout", key, "-out", cert], check=True, capture_output=True)
    return cert, cert, key


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "127.0.0.1:1"])
def test_tls_with_an_address_that_does_not_speak_it_is_said(
    called: Command, project: Path, tls: tuple[str, str, str], address: str
) -> None:
    ca, cert, key = tls
    files = ("--tls-ca-file", ca, "--tls-cert", cert, "--tls-key", key)
    done = called("batch", "dong", "2023-01", *HTML, "--scheduler", address, *files, cwd=project)
    assert (done.returncode, reports(project)) == (2, [])
    assert done.stderr.startswith("Cần đủ --scheduler tls://")


@pytest.mark.parametrize(
    ("settings", "where"),
    [(b"a: [", "None"), (b"\xff\xfe\x00", "None"), (b"- a list", "None"), (b"a: [", "Scheduler('tcp://127.0.0.1:1')")],
)
def test_broken_settings_of_dask_are_named(project: Path, tmp_path: Path, settings: bytes, where: str) -> None:
    folder = tmp_path / "dask"
    folder.mkdir()
    (folder / "x.yaml").write_bytes(settings)
    code = f"from giamngheo.run.execution.cluster import Scheduler, results\nlist(results(print, [1], {where}, id))"
    environment = os.environ | {"DASK_CONFIG": str(folder)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    (told,) = done.stderr.splitlines()[-1:]
    assert told.startswith("giamngheo.run.execution.cluster.DaskSettingsError: Không đọc được cấu hình dask")
    assert str(folder / "x.yaml") in told


def test_an_address_without_the_tls_that_settings_of_dask_demand_is_said(giamngheo: Command, project: Path) -> None:
    words = ("batch", "tu-mo-rong", "2023-08", "--out", project / "outputs", "--scheduler", "tcp://127.0.0.1:1")
    done = giamngheo(*words, DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION="true")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Không kết nối được với dask scheduler ở tcp://127.0.0.1:1")


def test_a_cluster_with_tls_is_reached_with_its_key_and_not_without(
    giamngheo: Command,
    called: Command,
    processes: Processes,
    project: Path,
    tls: tuple[str, str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ca, cert, key = tls
    monkeypatch.setattr("giamngheo.run.execution.cluster._processes_of_worker", lambda: processes)
    roles = {
        f"tls_{role}_{kind}": path
        for role in ("client", "scheduler", "worker")
        for kind, path in [("cert", cert), ("key", key)]
    }
    security = Security(require_encryption=True, tls_ca_file=ca, **roles)
    options = {"processes": False, "dashboard_address": "127.0.0.1:0", "silence_logs": 50, "security": security}
    words = ("batch", "dong", "2023-01", *HTML, "--scheduler")
    with LocalCluster(n_workers=1, threads_per_worker=1, host="127.0.0.1", **options) as cluster:
        address = cluster.scheduler_address
        assert address.startswith("tls://")
        refused = giamngheo(*words, address, cwd=project)  # a client that fails leaves its loop in the process
        assert (refused.returncode, reports(project)) == (1, [])
        assert f"Không kết nối được với dask scheduler ở {address}" in refused.stderr
        some = called(*words, address, "--tls-key", key, cwd=project)
        assert (some.returncode, some.stderr.startswith("Cần đủ --scheduler")) == (2, True)
        files = ("--tls-ca-file", ca, "--tls-cert", cert, "--tls-key", key)
        done = called(*words, address, *files, cwd=project)
        assert (done.returncode, done.stderr) == (0, "")
    assert len(reports(project)) == 1
