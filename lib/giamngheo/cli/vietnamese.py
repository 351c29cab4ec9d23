"""What click itself says, in Vietnamese: the frame of the help pages, and what is wrong with a command line."""

import re
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


@contextmanager
def said_in_vietnamese() -> Iterator[None]:
    """Turns what click says of a wrong command line into a WrongCallError; a page of help stays one."""
    try:
        yield
    except click.UsageError as error:
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            raise
        raise WrongCallError(error) from None


def _wrong(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        like = f"; có phải {', '.join(error.possibilities)}" if error.possibilities else ""
        return f"Không có tùy chọn {error.option_name}{like}"
    if isinstance(error, click.MissingParameter):
        return f"Thiếu {_name(error)}"
    if isinstance(error, click.BadParameter):
        return f"{_name(error)}: giá trị {_typed(error)} không đúng{_choices(error)}"
    if isinstance(error, click.BadOptionUsage):
        return f"Tùy chọn {error.option_name} thiếu giá trị hoặc thừa giá trị"
    return f"Không hiểu {_typed(error)}"


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
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return f"; ghi một trong: {', '.join(kind.choices)}"
    return "; ghi một số" if isinstance(kind, click.types.IntParamType) else ""
