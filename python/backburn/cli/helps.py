"""Help: plain and fast in a pipe, laid out by rich-click on a terminal."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
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

    twin = _twin(command, ctx)
    parent = ctx.parent and rich_click.RichContext(ctx.parent.command, info_name=ctx.parent.info_name)
    context = rich_click.RichContext(twin, info_name=ctx.info_name, parent=parent, help_option_names=["-h", "--help"])
    with context:
        return twin.get_help(context)


def _twin(command: click.Command, ctx: click.Context) -> rich_click.RichCommand:
    """The same command in rich-click's class: verbs are declared with click's, which imports in no time."""
    import rich_click

    parts: dict[str, Any] = {
        "params": command.params,
        "help": command.help,
        "epilog": command.epilog,
        "short_help": command.short_help,
        "add_help_option": command.add_help_option,
    }
    if not isinstance(command, click.Group):
        return rich_click.RichCommand(name=command.name, **parts)
    names = command.list_commands(ctx)
    verbs = {name: command.get_command(ctx, name) for name in names}
    twins: dict[str, click.Command] = {name: _twin(verb, ctx) for name, verb in verbs.items() if verb}
    return _in_order(rich_click.RichGroup)(name=command.name, commands=twins, **parts)


def _in_order(group: type[rich_click.RichGroup]) -> type[rich_click.RichGroup]:
    """rich-click would sort the verbs by name; the table of verbs has them in the order of their use."""

    class InOrder(group):  # type: ignore[misc, valid-type]  # The class is known only once rich-click is imported.
        def list_commands(self, _: click.Context) -> list[str]:
            return list(self.commands)

    return InOrder
