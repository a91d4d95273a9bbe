"""`backburn tune`: which alert policy to run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from backburn.cli import options
from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS

if TYPE_CHECKING:
    from collections.abc import Callable

    from backburn.cli.tell import Progress

__all__ = ["tune"]

_ASKED = ("labels", "max_pages_per_week", "min_recall", "min_precision", "detect_within", "cost", "every", "force")


@click.command(cls=Verb, short_help=VERBS["tune"])
@options.spec
@click.option("--grid", default="default", metavar="FILE", help="What is tried: a document of kind AlertPolicyGrid.")
@click.option("--labels", metavar="FILE", help="Incidents that pages are scored by (.csv, .json or .ndjson).")
@click.option("--train", default="70%", metavar="SHARE", help="Choose on so much of the time, hold out the rest (70%).")
@click.option("--max-pages-per-week", metavar="N", help="Choose among policies that send at most so many pages.")
@click.option("--min-recall", metavar="SHARE", help="... that detect so many of the events (90%).")
@click.option("--min-precision", metavar="SHARE", help="... of whose pages so many belong to an event.")
@click.option("--detect-within", metavar="D", help="... that detect nine of ten events within so long (15m).")
@click.option(
    "--cost",
    metavar="PRICES",
    help="Choose the cheapest, where mistakes cost this: false_page=1,missed=20,budget=10,hour=2 (the delay of pages).",
)
@click.option("--every", metavar="D", help="The time between two ticks (5m); else a step.")
@click.option("--force", is_flag=True, help="Try a grid that takes long.")
@click.option("--save-policy", metavar="FILE", help="Write the choice there, as a document of kind AlertPolicy.")
@click.option("--plot", metavar="FILE", help="Draw recall against pages a week (.html, .svg or .png).")
@options.reading
@options.output
def tune(**given: Any) -> None:  # noqa: ANN401 - the options above, handed on by name.
    """Try every alert policy of a grid on recorded traffic, choose one, and hold it against traffic it has not seen.

    The choice is made on the earlier part of the data and looked at once on the later one, beside the policies of the
    catalogue. The page says what to run, how it did there, and whether it may be called better than google-30d.
    Events are those of `--labels`, else they are computed from what failed. csv, ndjson and parquet have a row for each
    policy of the front and of the catalogue.
    """
    from backburn import tune as choose
    from backburn.cli.present import present
    from backburn.cli.tell import progress
    from backburn.output import save
    from backburn.output.formats import choose_format
    from backburn.output.tune import answer

    form = choose_format(given["format"], given["file"], more=("parquet",))
    if given["plot"] is not None:
        from backburn.plot.files import check

        check(given["plot"])
    specs, data = options.rows_from(given["spec"], given["data"], given["named"])
    with progress(quiet=given["quiet"]) as teller:
        found = choose(
            specs,
            data,
            grid=given["grid"],
            train=given["train"],
            progress=_told(teller),
            **{name: given[name] for name in _ASKED},
            **options.reading_of(given).arguments(),
        )
    if given["plot"] is not None:
        from backburn.plot import draw

        draw(found, given["plot"])
    if given["save_policy"] is not None and found.chosen is not None:
        save(found.policy_text(), given["save_policy"])
    present(answer(found), form, file=given["file"], quiet=given["quiet"])
    if given["save_policy"] is not None:
        # Where nothing was chosen the page has said what was seen; this says why there is no file.
        found.policy_text()


def _told(teller: Progress | None) -> Callable[[int, int, int], None] | None:
    """Tell reading, which comes first, from what is tried on its counts."""
    if teller is None:
        return None
    read = False

    def tell(done: int, total: int, rows: int) -> None:
        nonlocal read
        read = read or rows > 0
        if rows or not read:
            teller(done, total, rows)
        else:
            teller.works(done, total)

    return tell
