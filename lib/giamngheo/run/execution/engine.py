"""A papermill engine that runs a notebook in the process it is called in, by IPython's shell and without a kernel."""

import base64
import platform
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from io import StringIO, TextIOBase
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode, from_dict
from papermill.engines import Engine
from traitlets import List, Type
from traitlets.config import Config

Tell = Callable[[float | None, int, int], None]
"""Is told of each cell before it runs: the seconds it may take, its number, how many there are."""

_SHELL = Config(HistoryManager={"enabled": False}, InteractiveShell={"colors": "nocolor"})
"""No copy of what a notebook says in the user's history."""

_LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": sys.version_info.major},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": platform.python_version(),
}
"""What an IPython kernel says of its language."""


class _Hook(DisplayHook):
    """Keeps the value of a cell's last expression as an output of the cell."""

    shell: Any

    def start_displayhook(self) -> None:
        """Print nothing."""

    def write_output_prompt(self) -> None:
        """Print nothing."""

    def finish_displayhook(self) -> None:
        """Print nothing."""

    def write_format_data(self, format_dict: Mapping[str, Any], md_dict: Mapping[str, Any] | None = None) -> None:
        """Keep the value in all of its formats."""
        about = {"metadata": md_dict or {}, "execution_count": self.prompt_count}
        self.shell.outputs.append(_output("execute_result", data=_written(format_dict), **about))


class _Publisher(DisplayPublisher):
    """Keeps what a cell displays as outputs of the cell."""

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **about: Any) -> None:
        """Keep a display, in the place of the one of this cell that it updates."""
        name = (about.get("transient") or {}).get("display_id")
        shown = _output("display_data", data=_written(data), metadata=metadata or {})
        if about.get("update"):
            if name in self.shell.displays:
                self.shell.displays[name].update(shown)
            return
        self.shell.outputs.append(shown)
        if name:
            self.shell.displays[name] = shown

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell has shown so far."""
        self.shell.outputs.clear()


class _Shell(InteractiveShell):
    """A shell that keeps what the cells of a notebook show, and prints nothing."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    outputs: Any = List()
    error: BaseException | None = None
    """What a value raised while it was shown: IPython would print its words in Python instead."""

    def __init__(self, **options: Any) -> None:
        self.displays: dict[str, Any] = {}
        super().__init__(**options)  # type: ignore[no-untyped-call]

    def init_virtualenv(self) -> None:
        """Take no libraries from another environment that is active in the terminal: ours are those of this Python."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: figures are shown below their cell, in no window."""

    def showtraceback(self, exc_tuple: Any = None, *arguments: Any, **options: Any) -> None:
        """Print nothing, and keep the error: it may be of what the cell shows."""
        self.error = (exc_tuple or sys.exc_info())[1]

    def showsyntaxerror(self, *arguments: Any, **options: Any) -> None:
        """Print nothing: the engine keeps the error."""


class _Printed(TextIOBase):
    """Standard output of a cell, one output for what is printed in a row."""

    def __init__(self, outputs: list[Any]) -> None:
        self._outputs = outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        last = self._outputs[-1] if self._outputs else None
        if last and last.output_type == "stream":
            last.text += text
        elif text:
            self._outputs.append(_output("stream", name="stdout", text=text))
        return len(text)


class InProcessEngine(Engine):  # type: ignore[misc]
    """The engine `giamngheo` of papermill. What a cell writes to standard error is not kept.

    Warnings and messages of libraries name paths of the machine, and sometimes what they stumble over.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        timeout: float | None = None,
        tell: Tell | None = None,
        plots: bool = False,
        **options: Any,
    ) -> None:
        """Run the cells until one fails. `timeout`, the seconds of a cell, is for `tell` to see to.

        plots: show the figures of pyplot below their cell, as a kernel does, in matplotlib's own style.
        """
        InteractiveShell.clear_instance()
        _Shell.clear_instance()
        shell = _Shell.instance(config=_SHELL)
        if plots:
            import_module("matplotlib").rcdefaults()
            shell.enable_matplotlib("inline")  # type: ignore[no-untyped-call]
        cells = nb_man.nb.cells
        nb_man.nb.metadata["language_info"] = _LANGUAGE
        for number, cell in enumerate(cells):
            if tell:
                tell(timeout, number, len(cells))
            nb_man.cell_start(cell, number)
            failed = cell.cell_type == "code" and _run(shell, cell)
            if failed:
                nb_man.cell_exception(cell, number)
            nb_man.cell_complete(cell, number)
            if failed:
                break


def _run(shell: Any, cell: Any) -> bool:
    """Run a cell, keep its outputs; whether it failed though nothing in its tags allows it."""
    tags = cell.metadata.get("tags", [])
    if not cell.source.strip() or "skip-execution" in tags:
        return False
    shell.outputs = cell.outputs = []
    shell.error = None
    with redirect_stdout(_Printed(cell.outputs)), redirect_stderr(StringIO()):
        done = shell.run_cell(cell.source, store_history=True)
    cell.execution_count = done.execution_count
    error = done.error_before_exec or done.error_in_exec or shell.error
    if error is None:
        return False
    told = {"ename": type(error).__name__, "evalue": str(error)}
    cell.outputs.append(_output("error", **told, traceback=[f"{told['ename']}: {told['evalue']}"]))
    return "raises-exception" not in tags


def _output(kind: str, **fields: Any) -> NotebookNode:
    """Return an output as a notebook has them; nbformat's new_output would validate each by itself, which is slow."""
    node: NotebookNode = from_dict({"output_type": kind, **fields})
    return node


def _written(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return formats of an output as a notebook has them: bytes in base64."""
    return {
        mime: base64.b64encode(value).decode() if isinstance(value, bytes) else value for mime, value in data.items()
    }
