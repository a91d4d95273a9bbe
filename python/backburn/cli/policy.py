"""`backburn policy`: which alert policies there are, and what each does about errors under a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from backburn.cli import options
from backburn.cli.helps import Verb, rich_help
from backburn.cli.verbs import VERBS
from backburn.errors import UsageError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["policy"]


class _Actions(click.Group):
    """The actions of the verb, in the order of their use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click hands over its context.
        """Name the actions."""
        return list(self.commands)

    def get_help(self, ctx: click.Context) -> str:
        """Give the help, in colour on a terminal."""
        return rich_help(self, ctx) or super().get_help(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the action, or say which one may be meant."""
        from backburn.document.words import suggestion

        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            raise UsageError(f"policy: there is no action '{name}'", suggestion(name, self.commands), value=name)
        return super().resolve_command(ctx, args)


def _names(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Complete the name of a policy of the catalogue, or that of a file."""
    from click.shell_completion import CompletionItem

    from backburn.document import catalogue

    found = [CompletionItem(name) for name in catalogue.names() if name.startswith(begun)]
    return found or [CompletionItem(begun, type="file")]


@click.group(cls=_Actions, short_help=VERBS["policy"], no_args_is_help=True)
def policy() -> None:
    """List the alert policies of books and tools, show one, or explain what it does about errors under a target.

    A policy is named as in the catalogue, or by the path of its document. No data is read.
    """


@policy.command(name="list", cls=Verb, short_help="List policies, alert by alert.")
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=_names)
@options.output
def list_policies(**given: Any) -> None:  # noqa: ANN401 - the options above, handed on by name.
    """List the policies of the catalogue, or the NAMEs: alerts, burn rates and windows, and where they are from."""
    from backburn.alerts.listing import policies
    from backburn.cli.present import present
    from backburn.output.formats import choose_format
    from backburn.output.policy import listed

    form = choose_format(given["format"], given["file"])
    present(listed(policies(given["names"])), form, file=given["file"], quiet=given["quiet"])


@policy.command(cls=Verb, short_help="Print the document of a policy as it stands.")
@click.argument("name", shell_complete=_names)
@click.option("-o", "--output", "file", metavar="FILE", help="Write there, whole or not at all.")
def show(**given: Any) -> None:  # noqa: ANN401 - as above.
    """Print the document of the policy NAME as it stands, in no envelope: a start for one of your own."""
    from backburn.alerts.policies import text_of
    from backburn.output import save, send

    text = text_of(given["name"])
    if given["file"] in {None, "-"}:
        send(text)
    else:
        save(text, given["file"])


@policy.command(cls=Verb, short_help="Say when a policy fires, and what it cannot see.")
@click.argument("name", shell_complete=_names)
@click.option("--target", required=True, metavar="T", help="What is promised, such as 99.9%.")
@click.option("--window", metavar="W", help="The objective's window (28d), in place of the policy's own period.")
@click.option(
    "--error-ratios", "error_ratios", metavar="E,E", help="Error ratios to look at (1%,5%), in place of common ones."
)
@click.option("--baseline", default="0", metavar="E", help="The error ratio before (0.05%); none unless given.")
@click.option(
    "--traffic-change", "traffic_change", default="1", metavar="R", help="How much more traffic comes with it (2x)."
)
@options.output
def explain(**given: Any) -> None:  # noqa: ANN401 - as above.
    """Say what the policy NAME does under a target, without any data.

    For each condition: the error ratio that it fires above, the share of the budget that is spent by then, and how long
    the budget lasts at that rate. For each error ratio: when each alert fires after errors begin, the budget spent by
    then, and when it resets after they end. Then what the policy cannot see.
    """
    from backburn import explain as explained
    from backburn.cli.present import present
    from backburn.output import policy as output
    from backburn.output.formats import choose_format

    form = choose_format(given["format"], given["file"])
    found = explained(
        given["name"],
        target=given["target"],
        window=given["window"],
        error_ratios=given["error_ratios"],
        baseline=given["baseline"],
        traffic_change=given["traffic_change"],
    )
    present(output.explained(found), form, file=given["file"], quiet=given["quiet"])
