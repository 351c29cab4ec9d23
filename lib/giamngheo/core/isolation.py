"""Processes in which only this package and its libraries run: nothing of the caller's folder, environment or home."""

import os
import sys
from pathlib import Path

import giamngheo

if sys.platform != "win32":
    import resource

_PATH = str(Path(giamngheo.__file__).parents[1])

_OURS = "import sys; path = sys.argv.pop(1); path in sys.path or sys.path.insert(0, path)"


_ERRORS = 2


def isolated(code: str, *arguments: str) -> list[str]:
    """Return the command that runs `code` with this very Python and this very package, in isolated mode.

    In that mode Python takes no code from the working folder, the user's site-packages or PYTHON... variables.
    """
    options = ["-I", "-X", "utf8", *["-B"] * sys.dont_write_bytecode]
    return [sys.executable, *options, "-c", f"{_OURS}; {code}", _PATH, *arguments]


def forbid_core_files() -> None:
    """Let no crash of this process or its children leave its memory, which holds names of people, in a file.

    Linux gives it to a program that collects crashes whatever the limit is, unless it is one byte.
    """
    if sys.platform != "win32":
        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (hard if hard == 0 else 1, hard))


def opened_streams() -> bool:
    """Open those of standard input, output and errors that the caller closed; whether there were any.

    Files of ours would get their numbers, and what a library prints. Who writes to such an output is told so.
    """
    closed = [number for number in range(3) if not _is_open(number)]
    for number in closed:  # the system gives the lowest number that is free
        os.set_inheritable(os.open(os.devnull, os.O_WRONLY if number == _ERRORS else os.O_RDONLY), True)
    return bool(closed)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
