"""Looking at a page as an archive does: every answer on the way is kept as it came."""

from __future__ import annotations

import ssl
import time
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

import httpcore
import idna

from copydesk.kit.http.addresses import is_public
from copydesk.kit.http.answers import Hop
from copydesk.kit.http.guard import Deadline, GuardedBackend
from copydesk.kit.http.refusals import FetchFailed, FetchRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from copydesk.kit.http.addresses import Address
    from copydesk.kit.http.answers import Headers

PORTS = {80, 443}
REDIRECTS = {301, 302, 303, 307, 308}
# What can hold text. What is of another type, its headers alone are kept.
TEXT_TYPES = (
    "text/", "application/xhtml+xml", "application/pdf", "application/json", "application/ld+json", "application/xml",
    "application/rss+xml", "application/atom+xml", "application/feed+json",
)  # fmt: skip
STEP_SECONDS = 10.0
ONE_LAYER = {"gzip": 31, "x-gzip": 31, "deflate": 47}
LONGEST_ADDRESS = 4_000


@dataclass(frozen=True)
class Visit:
    """All answers of a visit: redirects first, what they led to last."""

    hops: tuple[Hop, ...]


def visit(
    url: str,
    *,
    max_bytes: int = 10_000_000,
    max_seconds: float = 30.0,
    max_redirects: int = 5,
    content_types: Collection[str] = TEXT_TYPES,
    headers: Mapping[str, str] | None = None,
    may_connect: Callable[[Address], bool] = is_public,
) -> Visit:
    """Ask for `url` and follow its redirects, each over a fresh connection and checked like the first.

    No status is an error. `max_bytes` bounds each body after decompression, `max_seconds` the whole visit, looking up
    names and slow servers included. Nothing of ours is sent along: no cookies, no referrer, no credentials.

    Raises FetchRefused for an address or an encoding that is not allowed, FetchFailed for a host that does not answer
    as it should; both carry the hops so far.
    """
    deadline = Deadline(max_seconds)
    asking = _Asking(deadline, max_bytes, tuple(content_types), dict(headers or {}), may_connect)
    hops: list[Hop] = []
    for _ in range(max_redirects + 1):
        with _naming(url, hops):
            hops.append(asking.ask(url))
            led_to = _redirect(hops[-1])
        if led_to is None:
            return Visit(tuple(hops))
        url = led_to
    raise FetchFailed(f"{url}: too many redirects", reason="too_many_redirects", hops=hops)


FAILURES: dict[type[Exception], str] = {
    httpcore.TimeoutException: "timeout",
    httpcore.ConnectError: "no_connection",
    httpcore.ProtocolError: "protocol",
    httpcore.NetworkError: "network",
}


@contextmanager
def _naming(url: str, hops: list[Hop]) -> Iterator[None]:
    """Say of a library's errors what they mean, and what came before."""
    try:
        yield
    except (FetchRefused, FetchFailed) as error:
        error.hops = tuple(hops)
        raise
    except tuple(FAILURES) as error:
        reason = next(code for kind, code in FAILURES.items() if isinstance(error, kind))
        if "no such host" in str(error):
            reason = "no_such_host"
        elif "SSL" in str(error) or "certificate" in str(error):
            reason = "tls"
        message = f"{url[:200]}: {str(error) or type(error).__name__}"
        raise FetchFailed(message, reason=reason, hops=hops) from error


@dataclass(frozen=True)
class _Asking:
    """What is the same for every hop."""

    deadline: Deadline
    max_bytes: int
    content_types: tuple[str, ...]
    headers: Mapping[str, str]
    may_connect: Callable[[Address], bool]

    def ask(self, url: str) -> Hop:
        parts, host = _checked(url)
        began = time.monotonic()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {
            "Host": host if parts.port is None else f"{host}:{parts.port}",
            "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip",
            **self.headers,
            "Connection": "close",
        }
        response, body, is_truncated, address = self._exchange(parts, host, target, sent)
        return Hop(
            url=url,
            status=response.status,
            reason=response.extensions.get("reason_phrase", b"").decode("latin-1"),
            http_version=response.extensions.get("http_version", b"HTTP/1.1").decode("latin-1"),
            request_line=f"GET {target} HTTP/1.1",
            request_headers=tuple(sent.items()),
            response_headers=_texts(response.headers),
            body=body,
            address=address,
            is_truncated=is_truncated,
            started_after=max(0.0, began - (self.deadline.ends_at - self.deadline.seconds)),
        )

    def _exchange(
        self, parts: SplitResult, host: str, target: str, sent: Mapping[str, str]
    ) -> tuple[httpcore.Response, bytes, bool, str]:
        wait = {"connect": STEP_SECONDS, "read": STEP_SECONDS, "write": STEP_SECONDS}
        where = httpcore.URL(
            scheme=parts.scheme.encode(),
            host=host.strip("[]").encode(),
            port=parts.port,
            target=target.encode(),
        )
        request = httpcore.Request(
            "GET",
            where,
            headers=[(name.encode(), value.encode("latin-1")) for name, value in sent.items()],
            extensions={"timeout": wait},
        )
        backend = GuardedBackend(self.may_connect, PORTS, self.deadline)
        with httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), network_backend=backend, max_connections=1
        ) as pool:
            response = pool.handle_request(request)
            address = response.extensions["network_stream"].get_extra_info("server_addr")[0]
            body, is_truncated = self._body(response)
            response.close()
        return response, body, is_truncated, address

    def _body(self, response: httpcore.Response) -> tuple[bytes, bool]:
        headers = {name.lower(): value for name, value in _texts(response.headers)}
        content_type = headers.get("content-type", "text/html").partition(";")[0].strip().lower()
        if not content_type.startswith(self.content_types):
            return b"", True
        decode = _decoder(headers.get("content-encoding", ""))
        body = bytearray()
        for chunk in response.iter_stream():
            body += decode(chunk, self.max_bytes + 1 - len(body))
            if len(body) > self.max_bytes:
                return b"", True
        return bytes(body), False


def _checked(url: str) -> tuple[SplitResult, str]:
    """Return an address in its parts, and its host as it goes over the wire."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise FetchRefused(f"{url[:200]}: is no address", reason="bad_address") from error
    if parts.scheme not in {"http", "https"}:
        message = f"{url[:200]}: only http and https addresses are fetched"
        raise FetchRefused(message, reason="bad_address")
    if "@" in parts.netloc:
        message = f"{host}: an address with a user name is not fetched"
        raise FetchRefused(message, reason="bad_address")
    if not host or host.endswith(".") or len(url) > LONGEST_ADDRESS or not url.isprintable():
        raise FetchRefused(f"{url[:200]}: is no address of a page", reason="bad_address")
    return _quoted(parts), _on_the_wire(host)


def _on_the_wire(host: str) -> str:
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise FetchRefused(f"{host}: is no name of a host", reason="bad_address") from error


def _quoted(parts: SplitResult) -> SplitResult:
    # Addresses in pages hold blanks and letters that do not travel as they are.
    def safe(text: str) -> str:
        return "".join(
            character
            if "!" <= character <= "~"
            else "".join(f"%{byte:02X}" for byte in character.encode(errors="replace"))
            for character in text
        )

    return parts._replace(path=safe(parts.path), query=safe(parts.query))


def _redirect(hop: Hop) -> str | None:
    location = hop.header("location").strip()
    if hop.status not in REDIRECTS or not location:
        return None
    try:
        return urljoin(hop.url, location).partition("#")[0]
    except ValueError as error:
        raise FetchRefused(f"{hop.url}: redirects to no address", reason="bad_redirect") from error


def _texts(headers: list[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def _decoder(encoding: str) -> Callable[[bytes, int], bytes]:
    """Return what undoes one layer of compression, giving at most so many bytes of each chunk."""
    layers = [
        name
        for part in encoding.split(",")
        if (name := part.strip().lower()) not in {"", "identity"}
    ]
    if not layers:
        return lambda chunk, most: chunk[: max(most, 0)]
    if len(layers) > 1 or layers[0] not in ONE_LAYER:
        raise FetchRefused(f"sent in an encoding not asked for: {encoding[:40]}", reason="encoding")
    unpack = zlib.decompressobj(ONE_LAYER[layers[0]])

    def decode(chunk: bytes, most: int) -> bytes:
        try:
            return unpack.decompress(chunk, max(most, 1))
        except zlib.error as error:
            raise FetchFailed(f"sent broken {layers[0]}", reason="encoding") from error

    return decode
