"""What the compiled core offers. Times are microseconds since the epoch (UTC); spans are half-open."""

from collections.abc import Callable, Sequence
from typing import Literal, Self, TypeAlias, final

__all__ = [
    "Collected",
    "Confidence",
    "Ground",
    "Judgement",
    "OpenMetrics",
    "Outlook",
    "Rejects",
    "Rollup",
    "Search",
    "Slices",
    "Tally",
    "Task",
    "Timeline",
    "TimelineText",
    "__build__",
    "__version__",
    "backtest",
    "check_format",
    "check_predicate",
    "check_routes",
    "check_zone",
    "clopper_pearson",
    "collect",
    "collect_stream",
    "computed",
    "convert",
    "difference_interval",
    "events_needed",
    "grounds",
    "inspect",
    "is_rollup",
    "merge",
    "peaks",
    "plan",
    "predicate_grammar",
    "ratio_interval",
    "scan",
    "scan_stream",
    "shifted",
    "stream_columns",
    "sweep",
    "timeline",
]

__version__: str
__build__: Literal["release", "debug"]

_Key: TypeAlias = tuple[str | None, ...]
_Pieces: TypeAlias = Sequence[tuple[int, int]]
_At: TypeAlias = tuple[int, float]

_Rule: TypeAlias = tuple[str | None, str]
_Ahead: TypeAlias = tuple[int, int, Sequence[tuple[int, int] | None]]
_Question: TypeAlias = tuple[tuple[int, int, int | None], Sequence[_Ahead], _Pieces, _Pieces]
_When: TypeAlias = tuple[Literal["already", "exhausts", "not within the window"], int | None]
_Objective: TypeAlias = tuple[
    Rollup,
    str,
    tuple[str | None, Sequence[str]],
    str,
    tuple[tuple[int, int, int], tuple[int, int]],
    tuple[tuple[int | None, Sequence[tuple[int, int, int]], int | None], tuple[int, int, _Pieces] | None],
    Sequence[tuple[_Key, str, str, _Pieces, str | None, _Pieces | None]],
]
_Alert: TypeAlias = tuple[
    Sequence[tuple[str, tuple[int, int | None, int], tuple[int, int], tuple[int, int]]],
    str,
    str,
    tuple[int, int],
    Sequence[int],
]
_Scene: TypeAlias = tuple[
    _Objective,
    int,
    Sequence[int],
    Sequence[tuple[Sequence[int], Sequence[tuple[int, int, Sequence[int]]], _Pieces, _Pieces]],
    tuple[int, int],
    tuple[int, int],
    _Pieces,
]
_Grid: TypeAlias = tuple[
    Sequence[tuple[int, int | None]],
    Sequence[tuple[int, int]],
    Sequence[int],
    int,
    Sequence[tuple[int, int, tuple[int, int]]],
    Sequence[str | None],
    str,
    str,
]
_PageSeen: TypeAlias = tuple[int, int | None, Literal["false", "true", "unsure"], bool]
_EventSeen: TypeAlias = tuple[
    Literal["detected", "already firing", "missed"],
    int | None,
    tuple[int, float] | None,
    float,
    tuple[Literal["ended early", "after", "censored"], int] | None,
]
_Usual: TypeAlias = tuple[Sequence[tuple[int, Sequence[int]]], Sequence[_Pieces], Sequence[tuple[int, int]]]
_State: TypeAlias = Literal["inactive", "pending", "firing", "keeping"]
_Fired: TypeAlias = tuple[
    tuple[int, int, int | None, int | None], list[float | None], tuple[int, int], list[float | None]
]
_Ends: TypeAlias = tuple[float, float]

@final
class Confidence:
    @property
    def events(self) -> float: ...
    @property
    def wilson(self) -> _Ends: ...
    @property
    def clopper_pearson(self) -> _Ends: ...
    @property
    def jeffreys(self) -> _Ends: ...
    @property
    def verdict(self) -> Literal["met", "breached", "too few to tell"]: ...
    @property
    def needed(self) -> int | None: ...

@final
class Judgement:
    @property
    def good(self) -> int: ...
    @property
    def bad(self) -> int: ...
    @property
    def excluded(self) -> int: ...
    @property
    def excluded_by(self) -> dict[str, int]: ...
    @property
    def valid(self) -> int: ...
    @property
    def rejected(self) -> int: ...
    @property
    def sli(self) -> float | None: ...
    @property
    def met(self) -> bool | None: ...
    @property
    def allowed(self) -> float | None: ...
    @property
    def spent(self) -> int: ...
    @property
    def consumed(self) -> float | None: ...
    @property
    def remaining(self) -> float | None: ...
    @property
    def burn(self) -> float | None: ...

@final
class Slices:
    @property
    def counted(self) -> int: ...
    @property
    def undefined(self) -> int: ...
    @property
    def good(self) -> float: ...
    @property
    def bad(self) -> float: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def judge(self, tally: Tally, target: str, unparsable: str) -> Judgement: ...
    def confidence(self, target: str) -> Confidence | None: ...

@final
class Tally:
    @property
    def good(self) -> int: ...
    @property
    def bad(self) -> int: ...
    @property
    def unknown(self) -> int: ...
    @property
    def excluded(self) -> dict[str, int]: ...
    @property
    def rows(self) -> int: ...
    @property
    def bad_rows(self) -> int: ...
    @property
    def squares(self) -> int: ...
    def __add__(self, value: Tally, /) -> Tally: ...
    def __radd__(self, value: Tally, /) -> Tally: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def judge(self, target: str, unparsable: str, no_data: str = "undefined") -> Judgement: ...
    def confidence(self, target: str, unparsable: str, sampled: bool) -> Confidence | None: ...

@final
class Outlook:
    @property
    def valid(self) -> float: ...
    @property
    def range(self) -> _Ends | None: ...
    @property
    def weeks(self) -> int: ...
    @property
    def allowed(self) -> float | None: ...
    @property
    def consumed(self) -> float | None: ...
    @property
    def remaining(self) -> float | None: ...
    @property
    def gone(self) -> list[tuple[float, _When] | None]: ...
    @property
    def recovers(self) -> int | None: ...

@final
class Task:
    def __new__(cls, request: str, task: str) -> Task: ...
    @property
    def file(self) -> str: ...
    @property
    def format(self) -> str: ...
    @property
    def bytes(self) -> int: ...
    @property
    def rows(self) -> int | None: ...
    @property
    def row_groups_skipped(self) -> int: ...
    def run(self) -> Rollup: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@final
class Rollup:
    def __new__(cls, saved: bytes) -> Rollup: ...
    @staticmethod
    def load(path: str) -> Rollup: ...
    def save(self, path: str) -> None: ...
    def merge(self, other: Rollup) -> Rollup: ...
    def facts(self) -> str: ...
    def series(self, indicator: str, by: Sequence[str]) -> list[_Key]: ...
    def tallies(
        self, indicator: str, by: Sequence[str], spans: Sequence[tuple[int, int]]
    ) -> list[tuple[_Key, list[Tally]]]: ...
    def tallies_of(
        self, indicator: str, by: Sequence[str], asked: Sequence[tuple[_Key, Sequence[_Pieces]]]
    ) -> list[list[Tally]]: ...
    def quantiles(
        self,
        indicator: str,
        by: Sequence[str],
        asked: Sequence[tuple[_Key, Sequence[_Pieces]]],
        quantiles: Sequence[str],
        definition: int,
    ) -> list[list[tuple[int, list[float | None]]]] | None: ...
    def last_events(
        self,
        indicator: str,
        by: Sequence[str],
        asked: Sequence[tuple[_Key, _Pieces]],
        last: tuple[int, int],
        unparsable: str,
    ) -> list[int | None]: ...
    def slices_of(
        self,
        indicator: str,
        by: Sequence[str],
        asked: Sequence[tuple[_Key, _Rule, _Pieces, _Pieces]],
        how: tuple[int, int, _Pieces],
        unparsable: str,
    ) -> list[list[Slices]]: ...
    def outlook(
        self,
        indicator: str,
        by: Sequence[str],
        asked: Sequence[tuple[_Key, str, _Pieces, _Rule | None]],
        window: _Question,
        how: tuple[str, tuple[int, int, _Pieces] | None],
    ) -> list[Outlook | None]: ...
    def spread(
        self, indicator: str, by: Sequence[str], every: int | None, quantiles: Sequence[str], definition: int
    ) -> list[tuple[_Key, bytes, bytes, list[bytes]]] | None: ...
    def resampled(
        self,
        indicator: str,
        by: Sequence[str],
        asked: Sequence[tuple[Sequence[_Key], Sequence[_Pieces]]],
        unparsable: str,
    ) -> list[list[tuple[int, _Ends | None]]]: ...
    def covered(self, indicator: str, gap: int | None, unknown: Sequence[tuple[int, int]]) -> list[tuple[int, int]]: ...
    def covered_of(
        self,
        indicator: str,
        by: Sequence[str],
        asked: Sequence[tuple[str | None, ...]],
        unknown: Sequence[tuple[int, int]],
    ) -> list[list[tuple[int, int]]]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@final
class OpenMetrics:
    def __new__(cls, rollup: Rollup, labels: Sequence[tuple[str, str]]) -> Self: ...
    @staticmethod
    def save(rollup: Rollup, labels: Sequence[tuple[str, str]], path: str) -> None: ...
    def __iter__(self) -> Self: ...
    def __next__(self) -> bytes: ...

@final
class Rejects:
    def __new__(cls, path: str, objectives: Sequence[str]) -> Self: ...
    def end(self) -> int: ...
    def give_up(self) -> None: ...

@final
class Search:
    @staticmethod
    def begin(
        rollup: Rollup,
        indicators: Sequence[tuple[str, Sequence[str]]],
        every: int | None,
        quantiles: Sequence[str],
        definition: int,
    ) -> Search: ...
    @property
    def done(self) -> bool: ...
    @property
    def passes(self) -> int: ...
    def refine(self, found: Sequence[Collected]) -> Search: ...
    def answers(self) -> list[tuple[str, _Key, list[tuple[int, int, int, list[float | None]]]]]: ...

@final
class Collected: ...

@final
class Timeline:
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def save(self, path: str) -> None: ...
    def text(self, services: Sequence[str | None] | None = None) -> TimelineText: ...
    def save_text(self, path: str, services: Sequence[str | None] | None = None) -> None: ...
    def outline(
        self, objective: int, series: tuple[int, int], stretches: int
    ) -> list[list[list[tuple[_At, _At, _At, tuple[int, int]] | None]]]: ...

@final
class TimelineText:
    def __iter__(self) -> TimelineText: ...
    def __next__(self) -> bytes: ...

def plan(request: str, paths: Sequence[str], threads: int) -> tuple[list[Task], int, int]: ...
def merge(rollups: Sequence[Rollup]) -> Rollup: ...
def scan(
    request: str,
    paths: Sequence[str],
    threads: int,
    progress: Callable[[int, int, int], None] | None = None,
    rejects: Rejects | None = None,
) -> Rollup: ...
def scan_stream(
    request: str,
    data: object,
    name: str,
    once: bool,
    threads: int,
    progress: Callable[[int, int, int], None] | None = None,
    rejects: Rejects | None = None,
) -> Rollup: ...
def collect(
    request: str,
    paths: Sequence[str],
    search: Search,
    threads: int,
    progress: Callable[[int, int, int], None] | None = None,
) -> Collected: ...
def collect_stream(
    request: str,
    data: object,
    name: str,
    once: bool,
    search: Search,
    threads: int,
    progress: Callable[[int, int, int], None] | None = None,
) -> Collected: ...
def stream_columns(request: str, data: object, name: str) -> list[str]: ...
def timeline(
    objectives: Sequence[_Objective],
    windows: Sequence[tuple[str, int]],
    columns: Sequence[str],
    threads: int,
) -> Timeline: ...
def backtest(
    items: Sequence[tuple[_Objective, Sequence[_Alert], int, Sequence[int], _Usual]], threads: int
) -> list[list[list[tuple[list[tuple[int, _State]], list[_Fired]]]]]: ...

@final
class Ground:
    def __new__(
        cls,
        ticks: tuple[int, int, int],
        scored: tuple[int, int],
        times: tuple[int, int],
        events: _Pieces,
        marks: tuple[_Pieces, _Pieces, _Pieces],
    ) -> Self: ...
    def score(
        self, alerts: Sequence[tuple[int, int | None]]
    ) -> tuple[list[_PageSeen], list[_EventSeen], tuple[int, int]]: ...

def grounds(scenes: Sequence[_Scene], threads: int) -> list[list[Ground]]: ...
def computed(
    scene: _Scene, times: tuple[int, int], share: tuple[int, int], quiet: int, threads: int
) -> list[list[tuple[int, int]]]: ...
def shifted(groups: Sequence[tuple[Ground, Sequence[int]]], times: int) -> list[tuple[int, int, int]]: ...
def sweep(
    scenes: Sequence[_Scene],
    grid: _Grid,
    quantiles: bool,
    threads: int,
    progress: Callable[[int, int, int], None] | None = None,
) -> dict[str, bytes]: ...
def peaks(scenes: Sequence[_Scene], grid: _Grid, threads: int) -> list[tuple[int, int]]: ...
def ratio_interval(ratio: tuple[Sequence[int], Sequence[int]]) -> _Ends | None: ...
def difference_interval(
    one: tuple[Sequence[int], Sequence[int]], other: tuple[Sequence[int], Sequence[int]]
) -> _Ends | None: ...
def clopper_pearson(count: int, all: int) -> _Ends | None: ...
def inspect(paths: Sequence[str], format: str | None = None, rows: int = 5) -> str: ...
def convert(
    paths: Sequence[str],
    output: str,
    threads: int,
    format: str | None = None,
    progress: Callable[[int, int, int], None] | None = None,
    rejects: Rejects | None = None,
) -> str: ...
def check_format(text: str) -> None: ...
def check_predicate(text: str) -> list[str]: ...
def check_routes(templates: Sequence[str]) -> None: ...
def check_zone(name: str) -> None: ...
def predicate_grammar() -> str: ...
def is_rollup(path: str) -> bool: ...
def events_needed(target: str) -> int | None: ...
