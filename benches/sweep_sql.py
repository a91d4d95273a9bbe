"""The sweep as DuckDB does it: alerts and pages of every pair and factor, without waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sweeping import GRACE, NIGHT, REGROUP, levels, pairs, stage
from work import MINUTE_US

if TYPE_CHECKING:
    from work import Setup

_PAIRS = pairs()
_WINDOWS = sorted({window for pair in _PAIRS for window in pair if window is not None})
_DURING = "PARTITION BY service ORDER BY minute"


def _share(minutes: int) -> str:
    """The share of bad events of a window; −1 without events."""
    bad, valid = (f"({name} - lag({name}, {minutes}, 0) OVER series)" for name in ("bad_so_far", "so_far"))
    return f"coalesce({bad} / nullif({valid}, 0), -1) AS share_{minutes}"


def _lesser(long: int, short: int | None) -> str:
    return f"share_{long}" if short is None else f"least(share_{long}, share_{short})"


QUERY = f"""
    WITH counts AS (SELECT * FROM rows),
    dense AS (
        SELECT service, minute, coalesce(total, 0) AS total, coalesce(bad, 0) AS bad
        FROM (SELECT service, unnest(range((SELECT min(minute) FROM counts), (SELECT max(minute) + 1 FROM counts)))
                  AS minute FROM (SELECT DISTINCT service FROM counts))
        LEFT JOIN counts USING (service, minute)
    ),
    sums AS (
        SELECT service, minute, (sum(total) OVER ({_DURING}))::BIGINT AS so_far,
               (sum(bad) OVER ({_DURING}))::BIGINT AS bad_so_far FROM dense
    ),
    shares AS (
        SELECT service, minute + 1 AS tick, {", ".join(map(_share, _WINDOWS))} FROM sums WINDOW series AS ({_DURING})
    ),
    lesser AS (
        SELECT service, tick, unnest(range({len(_PAIRS)})) AS pair,
               unnest([{", ".join(_lesser(*pair) for pair in _PAIRS)}]) AS share FROM shares
    ),
    moved AS (
        SELECT *, lag(share, 1, -1) OVER (PARTITION BY service, pair ORDER BY tick) AS before FROM lesser
        QUALIFY share <> before
    ),
    edges AS (
        SELECT service, pair, factor, tick, share > before AS rises
        FROM moved JOIN levels ON level >= least(share, before) AND level < greatest(share, before)
        WHERE greatest(share, before) > (SELECT min(level) FROM levels)
    ),
    alerts AS (
        SELECT *, lead(tick) OVER (PARTITION BY service, pair, factor ORDER BY tick) AS ended FROM edges QUALIFY rises
    ),
    pages AS (
        SELECT *, coalesce(tick - lag(ended) OVER (PARTITION BY service, pair, factor ORDER BY tick) > {REGROUP}, true)
                   AS begins,
               hour(make_timestamp(tick * {MINUTE_US})) AS clock,
               EXISTS (SELECT 1 FROM events WHERE counted AND events.service = told.service
                       AND tick >= first AND tick < after + {GRACE}) AS matched,
               EXISTS (SELECT 1 FROM events WHERE events.service = told.service
                       AND tick >= first AND tick < after + {GRACE}) AS known
        FROM (SELECT * FROM alerts WHERE tick >= (SELECT min(start) FROM part)) AS told
    )
    SELECT pair, 0 AS wait, factor, count(tick) AS alerts, count(*) FILTER (begins AND matched) AS true,
           count(*) FILTER (begins AND NOT known) AS false,
           count(*) FILTER (begins AND (clock >= {NIGHT[0]} OR clock < {NIGHT[1]})) AS nights
    FROM (SELECT unnest(range({len(_PAIRS)})) AS pair) CROSS JOIN levels LEFT JOIN pages USING (pair, factor)
    GROUP BY ALL"""


def tables(setup: Setup, spec: dict[str, Any]) -> dict[str, pa.Table]:
    """The levels of the factors, the events in minutes, and where the part begins that is scored."""
    seen = stage(setup, spec)
    (staged,) = seen.staged
    spans = [(one.name, True, event.span) for one in staged.services for event in one.events]
    spans += [(one.name, False, span) for one in staged.services for span in one.left_out]
    return {
        "levels": pa.table({"factor": range(len(levels())), "level": levels()}),
        "events": pa.table(
            {
                "service": [service for service, _, _ in spans],
                "counted": [counted for _, counted, _ in spans],
                "first": [span[0] // MINUTE_US for *_, span in spans],
                "after": [span[1] // MINUTE_US for *_, span in spans],
            }
        ),
        "part": pa.table({"start": [seen.part[0] // MINUTE_US]}),
    }
