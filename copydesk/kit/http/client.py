"""Visiting, fetching and sending."""

from __future__ import annotations

import contextlib
import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import httpx

from copydesk.kit.http.addresses import Address, is_any, is_public, is_well_formed, literal
from copydesk.kit.http.decoding import CODINGS
from copydesk.kit.http.errors import FetchError, FetchFailed, FetchRefused, Reason
from copydesk.kit.http.exchange import REDIRECTS, Keep, Request, exchange
from copydesk.kit.http.guard import Guard, check_address
from copydesk.kit.http.hops import Headers, Hop, Truncation, Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

AGENT = "Copydesk/0.1 (+https://copydesk.example/bot)"
# Where captures go; an editor may name any address.
_WEB_PORTS = frozenset({80, 443})
# Where files are fetched from and services told.
_SERVICE_PORTS = frozenset({80, 443, 8000, 8080, 8443})
_MAX_REDIRECTS = 5
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What can hold text: pages, papers, data, feeds.
SOURCE_TYPES = (
    "text/", "application/xhtml+xml", "application/pdf", "application/json", "application/ld+json", "application/xml",
    "application/rss+xml", "application/atom+xml", "application/feed+json",
)  # fmt: skip
_PAGES = "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.5"
# What a visit may say of itself: nothing that opens doors, nothing that tells where the reader came from.
_VISIT_HEADERS = {"accept", "accept-language", "if-modified-since", "if-none-match", "user-agent"}


@dataclass(frozen=True)
class Fetched:
    """What a host sent: the last address, its Content-Type without parameters, and the body."""

    url: str
    content_type: str
    body: bytes


def visit(
    url: str,
    *,
    max_bytes: int = 10_000_000,
    max_seconds: float = 30.0,
    max_redirects: int = _MAX_REDIRECTS,
    content_types: Collection[str] = SOURCE_TYPES,
    headers: Mapping[str, str] | None = None,
    may_connect: Callable[[Address], bool] = is_public,
    method: str = "GET",
) -> Visit:
    """Return what happens when `url` is opened: each redirect, and the answer, whatever its status.

    `max_bytes` bounds a body after decompression; `max_seconds` is the time on the wall clock for all hops, with
    looking names up, TLS and slow hosts; `content_types` lists the prefixes of types that are kept ("" keeps all; what
    has no type counts as text/html). Of a larger body, and of another type, the head alone is kept, and the hop's
    `truncation` says so. `headers` may set Accept, Accept-Language, If-Modified-Since, If-None-Match and User-Agent
    (which should give an address to complain to); any other raises ValueError. Public addresses are asked on ports
    80 and 443; what only `may_connect` admits, on any port.

    Raises FetchRefused for an address that may not be asked, at the start or by a redirect, FetchFailed for a host
    that does not answer in HTTP and in time, or redirects without end. Both carry a `reason` and the `hops` so far.
    """
    if strange := {name.lower() for name in headers or ()} - _VISIT_HEADERS:
        raise ValueError(f"a visit has no {', '.join(sorted(strange))}")
    guard = Guard(may_connect, _WEB_PORTS, time.monotonic() + max_seconds, max_seconds)
    keep = Keep(max_bytes, tuple(content_types))
    asked = _headers({"Accept": _PAGES, "Accept-Encoding": CODINGS, **(headers or {})})
    return _walk(method, url, asked, guard, keep, max_redirects)


def fetch(
    url: str,
    *,
    max_bytes: int,
    content_types: Collection[str],
    timeout_s: float = 20.0,
    may_connect: Callable[[Address], bool] = is_public,
) -> Fetched:
    """Return what `url` holds, following up to five redirects.

    `max_bytes` bounds the body after decompression; `content_types` lists prefixes such as "image/".

    Raises FetchRefused for an address, size or type that is not allowed, FetchFailed for a host that does not
    answer with 200 in time (`timeout_s` for each step, three times that for the whole).
    """
    guard = Guard(may_connect, _SERVICE_PORTS, time.monotonic() + 3 * timeout_s, timeout_s)
    keep = Keep(max_bytes, tuple(content_types))
    asked = _headers({"Accept-Encoding": CODINGS})
    found = _walk("GET", url, asked, guard, keep, _MAX_REDIRECTS)
    last = found.last
    if last.status != httpx.codes.OK:
        message = f"{last.url}: answered {last.status}"
        raise FetchFailed(message, reason=Reason.BAD_STATUS, hops=found.hops)
    if last.truncation is Truncation.TYPE or not last.content_type.startswith(keep.types):
        message = f"{last.url}: is {last.content_type or 'of no stated type'}, not {' or '.join(keep.types)}"
        raise FetchRefused(message, reason=Reason.WRONG_TYPE, hops=found.hops)
    if last.truncation is Truncation.LENGTH:
        message = f"{last.url}: is larger than {max_bytes:,} bytes"
        raise FetchRefused(message, reason=Reason.TOO_LARGE, hops=found.hops)
    return Fetched(last.url, last.content_type, last.body)


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    content: bytes = b"",
    timeout_s: float = 10.0,
    may_connect: Callable[[Address], bool] = is_public,
) -> None:
    """Tell another host something; what it answers, but for the status, is of no interest.

    No redirect is followed: what is sent, and the keys among `headers`, are for `url` alone.

    Raises FetchRefused for an address that is not allowed, FetchFailed for a host that does not answer with a status
    of success in time (`timeout_s` for each step, three times that for the whole).
    """
    guard = Guard(may_connect, _SERVICE_PORTS, time.monotonic() + 3 * timeout_s, timeout_s)
    target = _checked(url, guard)
    length = content if content or method in {"POST", "PUT", "PATCH"} else None
    hop = exchange(Request(method, target, _headers(headers), length), guard, Keep(0, ()))
    if not 200 <= hop.status < 300:
        raise FetchFailed(f"{target}: answered {hop.status}", reason=Reason.BAD_STATUS, hops=(hop,))


def _walk(
    method: str, url: str, headers: Headers, guard: Guard, keep: Keep, max_redirects: int
) -> Visit:
    """Ask `url`, then what it redirects to; every address is checked anew."""
    started = time.monotonic()
    hops: list[Hop] = []
    target = _checked(url, guard)
    while True:
        offset = time.monotonic() - started
        try:
            hop = exchange(Request(method, target, headers), guard, keep)
            hop = replace(hop, started_s=offset)
            hops.append(hop)
            if hop.status not in REDIRECTS:
                return Visit(tuple(hops))
            if len(hops) > max_redirects:
                raise FetchFailed(
                    f"{url}: more than {max_redirects} redirects", reason=Reason.TOO_MANY_REDIRECTS
                )
            target = _redirected(hop, guard)
            if str(target) in {past.url for past in hops}:
                raise FetchFailed(f"{target}: redirects in a circle", reason=Reason.REDIRECT_LOOP)
        except FetchError as error:
            error.hops = (*hops, *(replace(late, started_s=offset) for late in error.hops))
            raise


def _redirected(hop: Hop, guard: Guard) -> httpx.URL:
    places = {v.strip() for n, v in hop.response_headers if n.lower() == "location"}
    if len(places) != 1 or not (place := places.pop()):
        raise FetchFailed(f"{hop.url}: redirects without saying where", reason=Reason.BAD_REDIRECT)
    with contextlib.suppress(UnicodeDecodeError):
        place = place.encode("latin-1").decode("utf-8")
    try:
        return _checked(httpx.URL(hop.url).join(place), guard)
    except (httpx.InvalidURL, ValueError) as error:
        message = f"{hop.url}: redirects to what is no address"
        raise FetchRefused(message, reason=Reason.BAD_REDIRECT) from error
    except FetchRefused as error:
        if error.reason is Reason.BAD_ADDRESS:
            error.reason = Reason.BAD_REDIRECT
        raise


def _checked(url: str | httpx.URL, guard: Guard) -> httpx.URL:
    """Return an address in the form it is asked in, if its form allows that."""
    try:
        target = httpx.URL(url).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError) as error:
        written = str(url)[:200].encode("ascii", "backslashreplace").decode("ascii")
        raise _bad_address(re.sub(r"//[^/?#]*@", "//", written), "not an address") from error
    host = target.raw_host.decode("ascii")
    # The host alone is named in what people read: the rest may hold a password.
    if target.scheme not in _DEFAULT_PORTS or not host:
        raise _bad_address(f"{target.scheme}:{host}", "only http and https addresses are fetched")
    if target.userinfo:
        raise _bad_address(host, "an address with a user name is not fetched")
    if guard.may_connect is not is_any and not is_well_formed(host):
        raise _bad_address(host, "not the usual form of a host")
    if (address := literal(host)) is not None:
        check_address(host, address, guard.may_connect)
    if target.port == _DEFAULT_PORTS[target.scheme]:
        target = target.copy_with(port=None)
    port = _DEFAULT_PORTS[target.scheme] if target.port is None else target.port
    is_known = guard.may_connect is not is_public or port in guard.ports
    if not is_known or not 0 < port < 65_536:
        message = f"{host}: port {port} is not one web servers use"
        raise FetchRefused(message, reason=Reason.BAD_PORT)
    return target


def _bad_address(address: str, problem: str) -> FetchRefused:
    return FetchRefused(f"{address}: {problem}", reason=Reason.BAD_ADDRESS)


def _headers(given: Mapping[str, str]) -> Headers:
    """Return the headers of a request: those given, and those every request has."""
    common = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    named = {name.lower() for name in given}
    headers = [*given.items(), *((n, v) for n, v in common.items() if n.lower() not in named)]
    try:
        for name, value in headers:
            (name + value).encode("latin-1")
    except UnicodeEncodeError as error:
        message = "a header has letters that cannot be sent"
        raise FetchRefused(message, reason=Reason.BAD_HEADER) from error
    return tuple(headers)
