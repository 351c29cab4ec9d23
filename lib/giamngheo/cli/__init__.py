"""The command line: one module a command, imported only when it is called."""

import gettext
import importlib
import os
from contextlib import suppress
from importlib.resources import files
from typing import Any

import click

from giamngheo.cli.terminal import stopped_by_user, write_readably
from giamngheo.core.scratch import sweep_scratch
from giamngheo.core.text import is_steering

# What click itself says is Vietnamese on every machine: its words stand in locale/vi/LC_MESSAGES/messages.po.
gettext.bindtextdomain("messages", str(files("giamngheo") / "locale"))
os.environ["LANGUAGE"] = "vi"

METAVARS = {"text": "CHỮ", "integer": "SỐ", "integer range": "SỐ"}
"""What help pages write for a value of click's types, whose names click does not translate."""

OPTIONS, SUBCOMMAND = "[TÙY CHỌN]", "LỆNH ..."

COMMANDS = {
    "report": "giamngheo.cli.report.command",
    "batch": "giamngheo.cli.batch.command",
    "status": "giamngheo.cli.status.command",
    "verify": "giamngheo.cli.verify.command",
    "publish": "giamngheo.cli.publish.command",
    "changed": "giamngheo.cli.publish.changed",
    "site": "giamngheo.cli.site.command",
    "validate": "giamngheo.cli.validate.command",
    "new": "giamngheo.cli.new.command",
    "collect": "giamngheo.cli.collect.command",
    "import": "giamngheo.cli.import_.command",
    "households": "giamngheo.cli.households.command",
    "lab": "giamngheo.cli.lab.command",
    "new-notebook": "giamngheo.cli.lab.new_notebook",
    "demo": "giamngheo.cli.demo.command",
}
"""Name of each command and the function that it is."""


FREE = "lab"
"""The command whose options are another program's."""


class EmptyValueError(click.ClickException):
    """A value on the command line is empty, as an unset variable of a script leaves it."""

    exit_code = 2

    def __init__(self, before: str) -> None:
        super().__init__(f"Giá trị sau {before} để trống; ghi giá trị ấy, hoặc bỏ hẳn nếu không cần.")


class UnprintableWordError(click.ClickException):
    """A word of the command line would, where it is printed, begin lines of its own or steer the terminal."""

    exit_code = 2

    def __init__(self, word: str) -> None:
        super().__init__(
            f"{word!r} có ký tự không in được (xuống dòng, ký tự điều khiển, bảng mã khác UTF-8); đổi tên tệp hoặc thư"
            " mục rồi chạy lại."
        )


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for: a report does not wait for the others."""

    def make_context(self, *arguments: Any, **extra: Any) -> click.Context:
        """Return the context of a command line, whose words any output can hold."""
        write_readably()
        return super().make_context(*arguments, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return the words of a command line that follow the group's own.

        An empty word would be taken for the working folder, or for what stands where none is given. Files may have
        the names that others gave them. Raises EmptyValueError, UnprintableWordError.
        """
        checked = [] if args[:1] == [FREE] else args
        for word in checked:
            if is_steering(word):
                raise UnprintableWordError(word)
        for before, word in zip([ctx.info_name or "", *checked], checked, strict=False):
            name, sign, value = word.partition("=") if word.startswith("--") else (before, "=", word)
            if sign and not value.strip():
                raise EmptyValueError(name)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is asked for. Raises StoppedError."""
        with stopped_by_user():
            return super().invoke(ctx)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Name of the command that the first word asks for, the command, the other words. Raises NoSuchCommand."""
        if args[0] not in COMMANDS:
            raise click.exceptions.NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command of a name."""
        if name not in COMMANDS:
            return None
        module, _, function = COMMANDS[name].rpartition(".")
        command: click.Command = getattr(importlib.import_module(module), function)
        _name_values(command)
        return command


def _name_values(command: click.Command) -> None:
    """Name in Vietnamese what a command line is made of, as its help page shows it."""
    command.options_metavar = OPTIONS
    for option in command.params:
        if isinstance(option, click.Option) and not option.is_flag:
            option.metavar = option.metavar or METAVARS.get(option.type.name)
    if isinstance(command, click.Group):
        command.subcommand_metavar = SUBCOMMAND
        for each in command.commands.values():
            _name_values(each)


@click.group(
    cls=LazyGroup,
    options_metavar=OPTIONS,
    subcommand_metavar=SUBCOMMAND,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="giamngheo")
def main() -> None:
    """Báo cáo Chương trình mục tiêu quốc gia giảm nghèo bền vững, lập từ sổ tính Excel.

    Mã thoát của mọi lệnh: 0 xong, 1 số liệu có lỗi, 2 dùng lệnh sai.
    """
    with suppress(OSError):  # a command that needs temporary files says that there is no place for them
        sweep_scratch()
