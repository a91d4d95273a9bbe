"""A file that takes every record which cannot be used, whole or not at all."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from backburn.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backburn._rust import Rejects
    from backburn.model.spec import Spec

__all__ = ["check_one", "taking"]


@contextlib.contextmanager
def taking(file: str | os.PathLike[str] | None, spec: Spec | None) -> Iterator[Rejects | None]:
    """Give what takes the rejects, for a scan; the file stands in its place when the scan has not failed.

    For those objectives of `spec` that reject rows which do not tell, these are taken too.
    """
    from backburn import _rust

    if file is None:
        yield None
        return
    objectives = () if spec is None else spec.objectives
    rejects = _rust.Rejects(os.fspath(file), [one.name for one in objectives if one.sli.unparsable == "reject"])
    try:
        yield rejects
    except BaseException:
        rejects.give_up()
        raise
    rejects.end()


def check_one(specs: Sequence[Spec], rejects: object) -> None:
    """Refuse to write the rejects of several documents, which see different columns, to one file."""
    if rejects is not None and len(specs) > 1:
        names = ", ".join(spec.name for spec in specs)
        raise UsageError(
            f"the rejects of {len(specs)} documents do not go into one file: {names}", "give them one by one"
        )
