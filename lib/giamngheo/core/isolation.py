"""Processes in which only this package and its libraries run: nothing of the caller's folder, environment or home.

And what ends one that is still getting ready to do its work.
"""

import os
import signal
import sys
from pathlib import Path

import giamngheo

if sys.platform != "win32":
    import resource

_PATH = str(Path(giamngheo.__file__).parents[1])

_OURS = "import sys; path = sys.argv.pop(1); path in sys.path or sys.path.insert(0, path)"


INTERRUPTED = 130
"""Exit status of a command that the user stopped, as shells have it."""

_ERRORS = 2


def isolated(code: str, *arguments: str) -> list[str]:
    """Return the command that runs `code` with this very Python and this very package, in isolated mode.

    In that mode Python takes no code from the working folder, the user's site-packages or PYTHON... variables.
    """
    options = ["-I", "-X", "utf8", *["-B"] * sys.dont_write_bytecode]
    return [sys.executable, *options, "-c", f"{_OURS}; {code}", _PATH, *arguments]


def end_when_interrupted() -> None:
    """Let Ctrl-C end this process without a word, in place of a traceback of whatever is being imported.

    One that was started to ignore it, as by nohup or a shell in the background, still does; Windows has its own ways.
    """
    if sys.platform != "win32" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # which `hold_interrupts` held


def hold_interrupts() -> None:
    """Let Ctrl-C wait until the Python that this process is about to become can end on it."""
    if sys.platform != "win32" and signal.getsignal(signal.SIGINT) is _end:  # or it would be held for ever
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def raise_when_interrupted() -> None:
    """Let Ctrl-C raise KeyboardInterrupt again, where it would end this process without a word."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _end(*_: object) -> None:
    os._exit(INTERRUPTED)


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
