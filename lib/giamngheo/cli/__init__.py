"""The command line: one module a command, imported only when it is called."""

import importlib
from typing import Any

import click

from giamngheo.cli.vietnamese import Context, said_in_vietnamese

COMMANDS = {
    "report": "giamngheo.cli.report",
    "batch": "giamngheo.cli.batch",
    "verify": "giamngheo.cli.verify",
    "site": "giamngheo.cli.site",
    "validate": "giamngheo.cli.validate",
    "new": "giamngheo.cli.new",
    "collect": "giamngheo.cli.collect",
    "households": "giamngheo.cli.households",
    "lab": "giamngheo.cli.lab",
    "demo": "giamngheo.cli.demo",
}
"""Name of each command and the module that holds it as `command`."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for: a report does not wait for the others."""

    context_class = Context

    def make_context(self, *arguments: Any, **extra: Any) -> click.Context:
        """The context of a command line. Raises WrongCallError."""
        with said_in_vietnamese():
            return super().make_context(*arguments, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command that is asked for. Raises WrongCallError."""
        with said_in_vietnamese():
            return super().invoke(ctx)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Name of the command that the first word asks for, the command, the other words. Raises NoSuchCommand."""
        if args[0] not in COMMANDS:
            raise click.exceptions.NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of a name."""
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[name]).command
        for each in (command, *getattr(command, "commands", {}).values()):
            each.context_class = Context
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="giamngheo")
def main() -> None:
    """Báo cáo Chương trình mục tiêu quốc gia giảm nghèo bền vững, lập từ sổ tính Excel.

    Mã thoát của mọi lệnh: 0 xong, 1 số liệu có lỗi, 2 dùng lệnh sai.
    """
