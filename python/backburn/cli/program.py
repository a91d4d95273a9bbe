"""The program: a group of verbs that are imported when they are used."""

from __future__ import annotations

import difflib
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from backburn.cli.helps import rich_help
from backburn.cli.shield import guarded
from backburn.cli.verbs import NOT_YET, VERBS
from backburn.errors import NotYetError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Program", "program"]

NAME = "backburn"


class Program(click.Group):
    """A group that knows its verbs by name alone, and turns every end into an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click hands over its context.
        """Name the verbs, in the order in which a newcomer needs them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above.
        """Import a verb."""
        if cmd_name not in VERBS:
            return None
        verb: click.Command = getattr(import_module(f"backburn.cli.{cmd_name}"), cmd_name)
        return verb

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or say which one may be meant."""
        name = args[0]
        if name in NOT_YET:
            raise NotYetError(f"'{name}' does not exist yet", f"there are {', '.join(VERBS)}", value=name)
        if name not in VERBS and not name.startswith("-"):
            near = difflib.get_close_matches(name, VERBS, n=1)
            remedy = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(VERBS)}"
            raise UsageError(f"there is no verb '{name}'", remedy, value=name)
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        """Give the help, in colour on a terminal."""
        return rich_help(self, ctx) or super().get_help(ctx)

    def main(  # type: ignore[override]  # It always leaves; nothing is returned.
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002, FBT001, FBT002 - click's own signature.
        **extra: Any,  # noqa: ANN401 - as above.
    ) -> None:
        """Run a verb and leave with its exit code, whatever happens."""
        words = list(sys.argv[1:] if args is None else args)
        name = prog_name or NAME
        if args is None:
            self._main_shell_completion(extra, NAME, complete_var)

        def run() -> object:
            with self.make_context(name, words, **extra) as context:
                return self.invoke(context)

        sys.exit(guarded(run))


def _print_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click calls it so.
    if not asked or ctx.resilient_parsing:
        return
    from backburn import _rust
    from backburn.output.deliver import send

    send(f"{NAME} {_rust.__version__}\n")
    ctx.exit()


program = Program(
    name=NAME,
    help="Error budgets and burn rates, counted exactly from the logs you already have.\n\n"
    "Begin with `backburn init access.log -o slo.yaml` and `backburn evaluate slo.yaml`.",
    epilog="Exit codes: 0 all met, or the work is done; 1 something is breached; 2 a wrong call or spec; "
    "3 data that cannot be used; 4 something cannot be judged.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_print_version,
            help="Show the version and leave.",
        )
    ],
)
