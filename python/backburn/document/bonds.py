"""What a promise is bound to: the agreement that it protects, and the services that it depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field  # noqa: TID253 - only `read` imports this module, inside its functions.

from backburn.document.fields import ProseField, ShareField, TextField, word_of
from backburn.document.shape import Shape
from backburn.document.window import WindowField  # noqa: TC001 - pydantic reads the annotation when it builds the class.

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["AgreementShape", "DependencyEntry"]


class AgreementShape(Shape):
    """What customers were told in writing; the objective ought to be stricter."""

    called: ClassVar[str] = "sla"
    needed: ClassVar[Mapping[str, str]] = {"target": "write target: 99.9%"}

    target: ShareField = Field(default=None, description="The share that was agreed on.")
    window: WindowField = Field(default=None, description="Over which time; default: the objective's window.")


class DependencyEntry(Shape):
    """Another service without which this one fails (hard), or only does less (soft)."""

    called: ClassVar[str] = "dependency"
    needed: ClassVar[Mapping[str, str]] = {
        "service": "write service: auth-service",
        "target": "write target: 99.99%",
        "kind": "write kind: hard, or soft",
    }

    service: TextField = Field(default=None, description="The service that is depended on.")
    target: ShareField = Field(default=None, description="What it promises.")
    kind: Annotated[Literal["hard", "soft"] | None, word_of("hard", "soft")] = Field(
        default=None, description="hard: without it this service fails; soft: it does less."
    )
    impact: ProseField = Field(default=None, description="What happens without it.")
