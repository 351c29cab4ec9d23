"""The process that warm kernels are forked from: `python -m giamngheo.run.zygote FD`, FD a socket to its owner.

It has imported what every report needs and then only forks, so that a kernel is ready at once. It runs no thread and
no report of its own: a fork of it is clean. It ends when its owner does, and its kernels with it.
Each line it reads is a request in JSON, each line it writes the answer.
"""

import gc
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

_OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""With Python's own number, 700, a kernel spends 3 % of its time looking for garbage that a report hardly makes."""

PRELOADED = ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "giamngheo.report.monthly")


def main() -> None:
    """Serves the owner until it hangs up."""
    sys.path.pop(0)  # the working directory, which -m put there
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    owner = socket.socket(fileno=int(sys.argv[1]))
    for name in PRELOADED:
        importlib.import_module(name)
    from giamngheo.report.rehearsal import rehearse

    rehearse()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    gc.freeze()  # or every collection of a kernel walks through all the libraries and copies their pages
    with owner, owner.makefile("r", encoding="utf-8") as requests:
        for line in requests:
            answer = _answer(json.loads(line), owner)
            with suppress(BrokenPipeError):  # the owner was killed: it hangs up
                owner.sendall(f"{json.dumps(answer)}\n".encode())


def _answer(request: Mapping[str, Any], owner: socket.socket) -> Mapping[str, Any]:
    """start: arguments, environment and folder of a kernel; answered with its pid.

    poll: a pid; answered with its status, which is waited for where the request says so.

    books: workbooks that the kernel will need, read and added up before it is forked, since those after it need them
    too.
    """
    if "start" in request:
        from giamngheo.report.facts import prepare

        for path, unit, year in request.get("books", ()):
            with suppress(Exception):  # the kernel meets it again, and says so
                prepare(Path(path), unit, year)
        return {"pid": _forked(owner, **request["start"])}
    pid, status = os.waitpid(request["poll"], 0 if request["wait"] else os.WNOHANG)
    return {"status": os.waitstatus_to_exitcode(status) if pid else None}


def _forked(owner: socket.socket, arguments: Sequence[str], environment: Mapping[str, str], cwd: str) -> int:
    zygote = os.getpid()
    if pid := os.fork():
        return pid
    try:
        owner.close()
        _become_kernel(zygote, arguments, environment, cwd)
    finally:
        os._exit(1)


def _become_kernel(zygote: int, arguments: Sequence[str], environment: Mapping[str, str], cwd: str) -> NoReturn:
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    from ipykernel import kernelapp
    from ipykernel.iostream import IOPubThread

    # ipykernel's pipe for what processes of the notebook print is a TCP port; ours start none.
    vars(kernelapp)["IOPubThread"] = lambda socket, pipe, session: IOPubThread(socket, session=session)  # type: ignore[no-untyped-call]
    if os.getppid() == zygote:  # or else it died meanwhile, and ipykernel would wait for the end of another
        kernelapp.IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={zygote}"])
    os._exit(0)


if __name__ == "__main__":
    main()
