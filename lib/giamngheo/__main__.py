"""The command `giamngheo`, in isolated mode however it was called."""

import os
import signal
import sys
from pathlib import Path

from giamngheo.core.isolation import (
    end_when_interrupted,
    forbid_core_files,
    hold_interrupts,
    isolated,
    opened_streams,
)


def main() -> None:
    """Run the command; start Python again where it could take code from the caller's folder or environment."""
    end_when_interrupted()
    closed = opened_streams()
    try:
        Path.cwd()
    except OSError:  # somebody removed it, as another terminal may
        sys.stderr.write("Thư mục hiện tại không còn; cd sang thư mục khác rồi chạy lại.\n")
        sys.exit(2)
    if other := _copied_from():
        copied = f"{sys.argv[0]!r} thuộc một bản chép, sẽ chạy mã của {other!r}"
        sys.stderr.write(f"{copied}; chạy make trong thư mục chép để lập .venv của nó.\n")
        sys.exit(2)
    if closed or not sys.flags.isolated:
        _start_again()
    forbid_core_files()
    for name in [name for name in os.environ if name.upper().startswith("TQDM_")]:
        del os.environ[name]  # the looks of bars of other programs; tqdm ends in a traceback where it cannot read one
    sys.unraisablehook = lambda _: None  # what libraries still fail at on a full disk, after our sentence on it
    from giamngheo.cli import main as command
    from giamngheo.cli.terminal import ended_in_words

    with ended_in_words():
        command(prog_name="giamngheo")


def _copied_from() -> str:
    """Return whose code would run by the command or Python of a copied project, as after `cp -r`; "" of none."""
    called = Path(sys.argv[0]).absolute()
    environment = called.parent.parent
    if called.is_file() and (environment / "pyvenv.cfg").is_file() and not environment.samefile(sys.prefix):
        return sys.prefix
    own, package = Path(sys.prefix).parent / "lib" / "giamngheo", Path(__file__).parent
    return str(package) if own.is_dir() and not own.samefile(package) else ""


def _start_again() -> None:
    command = isolated("from giamngheo.__main__ import main; main()", *sys.argv[1:])
    if os.name == "nt":  # where a process cannot become another
        import subprocess

        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.exit(subprocess.call(command))
    hold_interrupts()
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
