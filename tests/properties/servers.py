"""Requests, and the lines in which servers write them: each as its own documentation has it, escapes and all."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SERVERS", "Request", "Server", "apache", "nginx", "requests"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND, MILLISECOND, MICROSECOND = 1_000_000, 1_000, 1

# What clients should have encoded in a path; of a backslash only a server that escapes can tell what it was.
UNESCAPED = '"é中'
ODD = UNESCAPED + "\\"
LETTERS = st.characters(categories=("L", "N", "P", "S"))
AWKWARD = st.one_of(
    st.sampled_from(
        ['a "b" c', "\\", "\\x41", "tab\there", "line\nbreak", " ", "- -", "%20", "[x] {y}", "Zürich 中 🦀"]
    ),
    st.text(st.one_of(LETTERS, st.just(" ")), max_size=12),
).filter(lambda text: text != "-")  # Which is how a server says that there is nothing.
# What a server may write as it is: nothing that looks like an escape, or like the end of quotes.
RAW = AWKWARD.filter(lambda text: not set(text) & {"\\", "\n", "\t"} and f'{text}" "'.index('" "') == len(text))
TIDY = st.from_regex(r"[A-Za-z0-9/.();:+]([A-Za-z0-9/.();:+ ]{0,14}[a-z])?", fullmatch=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request that was answered; the time is in microseconds, how long it took in milliseconds."""

    client: str
    time: int
    east: int
    method: str
    path: str
    query: str | None
    protocol: str
    status: int
    bytes: int
    took: int
    referrer: str | None
    agent: str | None
    user: str | None
    host: str
    trace: str

    @property
    def target(self) -> str:
        return self.path if self.query is None else f"{self.path}?{self.query}"

    @property
    def line(self) -> str:
        return f"{self.method} {self.target} {self.protocol}"

    def at(self, form: str, *, utc: bool = True) -> str:
        zone = UTC if utc else timezone(timedelta(minutes=self.east))
        return (EPOCH + timedelta(microseconds=self.time)).astimezone(zone).strftime(form)


def requests(
    *, text: st.SearchStrategy[str] = AWKWARD, odd: str = ODD, tick: int = SECOND
) -> st.SearchStrategy[Request]:
    """Requests at whole ticks, whose headers are such texts; their paths also have the odd characters."""
    words = st.text(st.sampled_from("abcz09/._~%&=|-" + odd), max_size=12)
    return st.builds(
        Request,
        client=st.ip_addresses().map(str),
        time=st.integers(0, 4_000_000_000_000_000 // tick).map(lambda ticks: ticks * tick),
        east=st.integers(-1439, 1439),
        method=st.sampled_from(("GET", "POST", "HEAD", "PROPFIND")),
        path=words.map(lambda path: f"/{path}"),
        query=st.none() | words.filter(lambda query: query != "-"),
        protocol=st.sampled_from(("HTTP/1.0", "HTTP/1.1", "HTTP/2.0")),
        status=st.integers(100, 599),
        bytes=st.integers(0, 2**40),
        took=st.integers(0, 10_000_000),
        referrer=st.none() | text,
        agent=st.none() | text,
        user=st.none() | st.from_regex(r"[a-z][a-z0-9@.']{0,8}", fullmatch=True),
        host=st.sampled_from(("shop.example", "a.b.example")),
        trace=st.from_regex(r"[0-9a-f]{8}", fullmatch=True),
    )


def apache(text: str | None) -> str:
    """A header as Apache escapes it; Python's names of the escapes are C's."""
    if text is None:
        return "-"
    named = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\t": r"\t"}
    return "".join(named.get(c) or (c if " " <= c <= "~" else _bytes(c, "x")) for c in text)


def nginx(text: str | None) -> str:
    """A variable as nginx escapes it."""
    if text is None:
        return "-"
    return "".join(c if " " <= c <= "~" and c not in '"\\' else _bytes(c, "X") for c in text)


def _bytes(character: str, case: str) -> str:
    return "".join(rf"\x{byte:02{case}}" for byte in character.encode())


def go(text: str | None) -> str:
    """A header as Go quotes it, which leaves letters of every alphabet as they are."""
    return "-" if text is None else re.sub(r'["\\]', r"\\\g<0>", text).replace("\n", r"\n").replace("\t", r"\t")


def _common(one: Request, escape: Callable[[str | None], str], size: object) -> str:
    clock = one.at("%d/%b/%Y:%H:%M:%S %z", utc=False)
    return f'{one.client} - {one.user or "-"} [{clock}] "{escape(one.line)}" {one.status} {size}'


def _combined(one: Request, escape: Callable[[str | None], str], size: object) -> str:
    return f'{_common(one, escape, size)} "{escape(one.referrer)}" "{escape(one.agent)}"'


def _seconds(one: Request) -> str:
    return f"{one.took // 1000}.{one.took % 1000:03}"


def _iso(one: Request) -> str:
    return one.at("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _alb(one: Request) -> str:
    clock = one.at("%Y-%m-%dT%H:%M:%S.%fZ")
    url = f"{one.method} https://{one.host}:443{one.target} {one.protocol}"
    times = f"0.001 {_seconds(one)} -1"
    return (
        f'https {clock} app/x/1 {one.client}:4000 10.0.0.1:80 {times} {one.status} 200 9 {one.bytes} "{nginx(url)}" '
        f'"{nginx(one.agent)}" - - arn:x "{one.trace}" "-" "-" 0 {clock} "forward" "-" "-" "-" "-" "-" "-" TID_1'
    )


def _cloudfront(one: Request) -> str:
    agent = "-" if one.agent is None else quote(one.agent)
    asked = f"{one.client}\t{one.method}\td.example\t{one.path}\t{one.status}\t-\t{agent}\t{one.query or '-'}"
    rest = f"Hit\t{one.trace}\t{one.host}\thttps\t9\t{_seconds(one)}\t-\t-\t-\tHit\t{one.protocol}"
    clock = one.at("%Y-%m-%d\t%H:%M:%S")
    return f"{clock}\tX1\t{one.bytes}\t{asked}\t-\t{rest}" + 9 * "\t-"


def _haproxy(one: Request) -> str:
    clock = one.at("%d/%b/%Y:%H:%M:%S.%f")[:-3]
    sizes = f"{one.status} {one.bytes} - - ---- 1/1/0/0/0 0/0"
    return f'{one.client}:4000 [{clock}] f~ b/s 0/0/-1/7/{one.took} {sizes} {{{one.agent or ""}|x}} "{one.line}"'


def _uwsgi(one: Request) -> str:
    clock = one.at("%a %b %e %H:%M:%S %Y")
    answer = f"generated {one.bytes} bytes in {one.took} msecs ({one.protocol} {one.status})"
    return (
        f"[pid: 1|app: 0|req: 1/2] {one.client} ({one.user or ''}) {{3 vars in 9 bytes}} [{clock}] {one.method} "
        f"{one.target} => {answer} 2 headers in 9 bytes (1 switches on core 0)"
    )


def _envoy(one: Request) -> str:
    agent = "-" if one.agent is None else one.agent
    sizes = f"{one.status} - 0 {one.bytes} {one.took} 7"
    return f'[{_iso(one)}] "{one.line}" {sizes} "{one.client}" "{agent}" "{one.trace}" "{one.host}" "10.0.0.1:80"'


def _json(**leaves: Any) -> str:
    return json.dumps(leaves, ensure_ascii=len(str(leaves)) % 2 == 0)


def _envoy_json(one: Request) -> str:
    peer = f"[{one.client}]:80" if ":" in one.client else f"{one.client}:80"
    return _json(
        start_time=_iso(one), method=one.method, path=one.target, protocol=one.protocol, response_code=one.status,
        response_flags="-", bytes_sent=one.bytes, duration=one.took, downstream_remote_address=peer,
        user_agent=one.agent, authority=one.host, request_id=one.trace,
    )  # fmt: skip


def _traefik_json(one: Request) -> str:
    headers = {"request_Referer": one.referrer, "request_User-Agent": one.agent}
    return _json(
        StartUTC=one.at("%Y-%m-%dT%H:%M:%S.%f") + "789Z", RequestMethod=one.method, RequestPath=one.target,
        RequestProtocol=one.protocol, DownstreamStatus=one.status, DownstreamContentSize=one.bytes,
        Duration=one.took * 1_000_000, ClientHost=one.client, ClientUsername=one.user or "-", RequestHost=one.host,
        **{name: text for name, text in headers.items() if text is not None},
    )  # fmt: skip


def _caddy(one: Request) -> str:
    headers = {"Referer": one.referrer, "User-Agent": one.agent}
    request = {
        "client_ip": one.client, "proto": one.protocol, "method": one.method, "host": one.host, "uri": one.target,
        "headers": {name: [text] for name, text in headers.items() if text is not None},
    }  # fmt: skip
    clock = one.time // MILLISECOND / 1000
    return _json(
        ts=clock, request=request, user_id=one.user or "", duration=one.took / 1000, size=one.bytes, status=one.status
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """How a server writes a request, what it knows of it, and the unit in which it says how long it took."""

    write: Callable[[Request], str]
    knows: str
    unit: int = 0
    duration: str = "duration"
    tick: int = SECOND
    text: st.SearchStrategy[str] = AWKWARD
    odd: str = ODD


SERVERS = {
    "common": Server(write=lambda one: _common(one, apache, one.bytes or "-"), knows="client user"),
    "combined": Server(
        write=lambda one: _combined(one, apache, one.bytes or "-"), knows="client user referrer user_agent"
    ),
    "nginx-combined-time": Server(
        write=lambda one: f"{_combined(one, nginx, one.bytes)} {_seconds(one)}",
        knows="client user referrer user_agent",
        unit=SECOND,
    ),
    "traefik": Server(
        write=lambda one: f'{_combined(one, go, one.bytes)} 7 "a@file -> b@file" "http://b" {one.took}ms',
        knows="client user referrer user_agent",
        unit=MILLISECOND,
    ),
    "alb": Server(
        write=_alb, knows="client user_agent host trace_id", unit=SECOND, duration="upstream_duration", tick=MICROSECOND
    ),
    "cloudfront": Server(write=_cloudfront, knows="client host trace_id", unit=SECOND, odd=""),
    "haproxy": Server(write=_haproxy, knows="client", unit=MILLISECOND, tick=MILLISECOND, text=TIDY, odd=""),
    "uwsgi": Server(write=_uwsgi, knows="client user", unit=MICROSECOND, odd=UNESCAPED),
    "envoy": Server(
        write=_envoy, knows="user_agent trace_id host", unit=MILLISECOND, tick=MILLISECOND, text=RAW, odd=""
    ),
    "envoy-json": Server(
        write=_envoy_json, knows="client user_agent host trace_id", unit=MILLISECOND, tick=MILLISECOND
    ),
    "traefik-json": Server(write=_traefik_json, knows="client user referrer user_agent host", unit=-1000, tick=1),
    "caddy": Server(write=_caddy, knows="client user referrer user_agent host", unit=SECOND, tick=MILLISECOND),
}
