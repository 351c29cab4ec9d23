"""Processes in which only this package and its libraries run: nothing of the caller's folder, environment or home."""

import sys
from pathlib import Path

import giamngheo

if sys.platform != "win32":
    import resource

_PATH = str(Path(giamngheo.__file__).parents[1])

_OURS = "import sys; path = sys.argv.pop(1); path in sys.path or sys.path.insert(0, path)"


def isolated(code: str, *arguments: str) -> list[str]:
    """Return the command that runs `code` with this very Python and this very package, in isolated mode.

    In that mode Python takes no code from the working folder, the user's site-packages or PYTHON... variables.
    """
    options = ["-I", "-X", "utf8", *["-B"] * sys.dont_write_bytecode]
    return [sys.executable, *options, "-c", f"{_OURS}; {code}", _PATH, *arguments]


def forbid_core_files() -> None:
    """Let no crash of this process or its children leave its memory, which holds names of people, in a file."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
