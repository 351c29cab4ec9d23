"""What click itself says, in Vietnamese: the frame of help pages, what is wrong with a call, that it was stopped."""

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

_HEADINGS = {"Options": "Tùy chọn", "Commands": "Các lệnh"}
_WORDS = {
    "[OPTIONS]": "[TÙY CHỌN]",
    "COMMAND [ARGS]...": "LỆNH ...",
    "INTEGER RANGE": "SỐ",
    "INTEGER": "SỐ",
    "PATH": "TỆP",
    "TEXT": "CHỮ",
    "[default: ": "[mặc định: ",
    "[required]": "[bắt buộc]",
    "Show this message and exit.": "In phần giải thích này.",
    "Show the version and exit.": "In số phiên bản.",
}
_ANY_WORD = re.compile("|".join(map(re.escape, _WORDS)))

INTERRUPTED = 130
"""Exit status of a command that the user stopped, as shells have it."""

STOPPED = "Đã dừng theo yêu cầu; báo cáo đã xong còn nguyên, chạy lại để làm tiếp."


class Formatter(click.HelpFormatter):
    """Help pages with Vietnamese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Writes the line that shows how a command is called."""
        super().write_usage(prog, _said(args), prefix or "Cách dùng: ")

    def write_heading(self, heading: str) -> None:
        """Writes the heading of the options or commands."""
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Writes options or commands with what they do."""
        super().write_dl([(_said(name), _said(words)) for name, words in rows], col_max, col_spacing)


class Context(click.Context):
    """A context whose help pages are Vietnamese."""

    formatter_class = Formatter


def _said(text: str) -> str:
    return _ANY_WORD.sub(lambda found: _WORDS[found[0]], text)


class WrongCallError(click.ClickException):
    """The command line cannot be understood."""

    exit_code = 2

    def __init__(self, error: click.UsageError) -> None:
        path = error.ctx.command_path if error.ctx else "giamngheo"
        super().__init__(f"{_wrong(error)}. Xem cách dùng: {path} --help")

    def show(self, file: IO[Any] | None = None) -> None:
        """Writes the one line on the error stream."""
        click.echo(self.message, file=file, err=True)


class StoppedError(click.ClickException):
    """Someone pressed Ctrl-C."""

    exit_code = INTERRUPTED

    def __init__(self) -> None:
        super().__init__(STOPPED)

    def show(self, file: IO[Any] | None = None) -> None:
        """Writes the line, below what a progress bar may have left."""
        click.echo("\n" * sys.stderr.isatty() + self.message, file=file, err=True)


@contextmanager
def said_in_vietnamese() -> Iterator[None]:
    """Turns what click says of a wrong call into a WrongCallError, Ctrl-C into a StoppedError; help stays help."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        raise WrongCallError(error) from None
    except KeyboardInterrupt:
        raise StoppedError from None


def _wrong(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption(option_name=name, possibilities=near):
            return f"Không có tùy chọn {name}{_offered(near)}"
        case click.exceptions.NoSuchCommand(command_name=name, possibilities=near):
            return f"Không có lệnh {name}{_offered(near)}"
        case click.MissingParameter():
            return f"Thiếu {_name(error)}"
        case click.BadParameter():
            return f"{_name(error)}: giá trị {_typed(error)} không đúng{_choices(error)}"
        case click.BadOptionUsage(option_name=name):
            return f"Tùy chọn {name} thiếu giá trị hoặc thừa giá trị"
    return f"Thừa {_typed(error)}"


def _offered(names: Iterable[str] | None) -> str:
    return f"; có phải {' hoặc '.join(names)}" if names else ""


def _name(error: click.BadParameter) -> str:
    if isinstance(error.param, click.Option):
        return error.param.opts[0]
    return error.param.human_readable_name if error.param else "tham số"


def _typed(error: click.UsageError) -> str:
    """What was typed, which click repeats in quotes, in brackets or as the first word."""
    ways = (r"'(.*?)'", r"\((.*?)\)", r"(\S+)")
    found = next(filter(None, (re.search(way, error.message) for way in ways)))
    return f"'{found[1]}'"


def _choices(error: click.BadParameter) -> str:
    match error.param and error.param.type:
        case click.Choice(choices=choices):
            return f"; ghi một trong: {', '.join(map(str, choices))}"
        case click.IntRange(min=least) if least is not None:
            return f"; ghi một số từ {least} trở lên"
        case click.Path(exists=True):
            return "; cần một tệp đã có và đọc được"
        case click.types.IntParamType():
            return "; ghi một số"
    return ""
