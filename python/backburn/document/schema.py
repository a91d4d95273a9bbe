"""The JSON Schema of documents, for editors and other tools."""

from __future__ import annotations

from typing import Any, Literal

__all__ = ["Kind", "schema"]


Kind = Literal["ServiceLevelObjectives", "AlertPolicy", "AlertPolicyGrid"]


def schema(kind: Kind = "ServiceLevelObjectives") -> dict[str, Any]:
    """The JSON Schema (2020-12) of a document of a kind.

    It says what can be said about single fields; `backburn validate` knows more.

    >>> schema()["required"]
    ['apiVersion', 'kind', 'metadata', 'objectives']
    """
    from backburn.document.generate import generate

    return generate(kind)
