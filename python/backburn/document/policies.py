"""Documents of kind AlertPolicy."""

from __future__ import annotations

from backburn.document.beside import Kind
from backburn.document.check_policy import check_policy
from backburn.document.convert_policy import policy_of
from backburn.document.policy import PolicyDocument, PolicyShape

__all__ = ["POLICIES"]

POLICIES = Kind(
    name="AlertPolicy",
    noun="policy",
    document=PolicyDocument,
    shape=PolicyShape,
    check=check_policy,
    make=policy_of,
)
"""How alert policies are read."""
