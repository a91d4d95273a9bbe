"""`backburn schema`: the JSON Schema of the documents, for editors, and the grammar of the predicates in them."""

from __future__ import annotations

import json
from typing import Any

import click

from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS
from backburn.errors import NotYetError, UsageError

__all__ = ["schema"]

_KINDS = ("ServiceLevelObjectives", "AlertPolicy", "AlertPolicyGrid")
_LATER = ("ErrorBudgetPolicy",)


@click.command(cls=Verb, short_help=VERBS["schema"])
@click.argument("kind", default=_KINDS[0])
@click.option("--predicates", is_flag=True, help="Print the grammar of predicates instead.")
@click.option("-o", "--output", "file", metavar="FILE", help="Write there, whole or not at all.")
def schema(**given: Any) -> None:  # noqa: ANN401 - the options above, handed on by name.
    """Print the JSON Schema (2020-12) of KIND, which is ServiceLevelObjectives unless another one is named.

    It is the schema itself, in no envelope: name the file in an editor, and the editor knows the words. Within a
    predicate it knows only text; --predicates says what that may be.
    """
    from backburn import _rust
    from backburn import schema as published
    from backburn.output import save, send

    kind = given["kind"]
    there = f"there are {', '.join(_KINDS[:-1])} and {_KINDS[-1]}"
    if kind in _LATER:
        raise NotYetError(f"the kind '{kind}' does not exist yet", there, value=kind)
    if kind not in _KINDS:
        raise UsageError(f"there is no kind '{kind}'", there, value=kind)
    grammar = given["predicates"]
    text = _rust.predicate_grammar() if grammar else json.dumps(published(kind), indent=2, ensure_ascii=False) + "\n"
    if given["file"] in {None, "-"}:
        send(text)
    else:
        save(text, given["file"])
