"""Help: plain and fast in a pipe, laid out by rich-click on a terminal."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    import rich_click

__all__ = ["Verb", "rich_help"]


class Verb(click.Command):
    """A command whose help is in colour on a terminal."""

    def get_help(self, ctx: click.Context) -> str:
        """Give the help, in colour on a terminal."""
        return rich_help(self, ctx) or super().get_help(ctx)


def rich_help(command: click.Command, ctx: click.Context) -> str | None:
    """Lay the help out with rich-click; None where no terminal shows it, for rich takes longer than all the rest."""
    if not (sys.stdout and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
        return None
    import rich_click

    twin = _twin(command, ctx, rich_click.RichGroup if isinstance(command, click.Group) else rich_click.RichCommand)
    parent = ctx.parent and rich_click.RichContext(ctx.parent.command, info_name=ctx.parent.info_name)
    context = rich_click.RichContext(twin, info_name=ctx.info_name, parent=parent, help_option_names=["-h", "--help"])
    with context:
        return twin.get_help(context)


def _twin(
    command: click.Command, ctx: click.Context, make: Callable[..., rich_click.RichCommand]
) -> rich_click.RichCommand:
    """The same command in rich-click's class: verbs are declared with click's, which imports in no time."""
    parts: dict[str, Any] = {
        "params": command.params,
        "help": command.help,
        "epilog": command.epilog,
        "short_help": command.short_help,
        "add_help_option": command.add_help_option,
    }
    if isinstance(command, click.Group):
        names = command.list_commands(ctx)
        verbs = {name: command.get_command(ctx, name) for name in names}
        parts["commands"] = {name: _twin(verb, ctx, _command_class()) for name, verb in verbs.items() if verb}
    return make(command.name, **parts)


def _command_class() -> Callable[..., rich_click.RichCommand]:
    import rich_click

    return rich_click.RichCommand
