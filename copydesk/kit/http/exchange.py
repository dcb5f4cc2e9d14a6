"""One request and its answer, over a connection of its own."""

from __future__ import annotations

import ssl
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import httpcore
import httpx

from copydesk.kit.http.decoding import BadEncoding, decoder_for
from copydesk.kit.http.errors import FetchFailed, FetchRefused, Reason
from copydesk.kit.http.guard import Guard, GuardedBackend
from copydesk.kit.http.hops import Headers, Hop, Truncation

if TYPE_CHECKING:
    from collections.abc import Iterator

REDIRECTS = {301, 302, 303, 307, 308}
_WITHOUT_BODY = {204, 304}
# The page of a redirect says "moved here"; of more than this nothing is kept.
_REDIRECT_BYTES = 65_536


@dataclass(frozen=True)
class Request:
    """What is asked: `url` has been checked."""

    method: str
    url: httpx.URL
    headers: Headers
    content: bytes | None = None


@dataclass(frozen=True)
class Keep:
    """Which bodies are kept: up to `max_bytes` after decompression, of types that begin with one of `types`."""

    max_bytes: int
    types: tuple[str, ...]


def exchange(request: Request, guard: Guard, keep: Keep) -> Hop:
    """Return the answer to a request, whatever its status.

    Raises FetchRefused for an address that is not allowed or a header that cannot be sent, FetchFailed for a host
    that does not answer, or not in HTTP, or not in time. Its `hops` then hold the head of the answer, if that came.
    """
    backend = GuardedBackend(guard)
    received: list[Hop] = []
    started = time.monotonic()
    url = request.url
    headers = (("Host", url.netloc.decode("ascii")), *request.headers, ("Connection", "close"))
    with (
        _translated(str(url), backend, received),
        httpcore.HTTPConnection(
            httpcore.Origin(url.raw_scheme, url.raw_host, _port(url)),
            ssl_context=_tls() if url.scheme == "https" else None,
            network_backend=backend,
        ) as connection,
        connection.stream(
            request.method,
            httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=_port(url), target=url.raw_path
            ),
            headers=list(headers),
            content=request.content,
        ) as response,
    ):
        if backend.stream is not None:
            backend.stream.is_head_read = True
        hop = _head(request, headers, response, str(backend.peer))
        received.append(hop)
        has_body = request.method != "HEAD" and hop.status not in _WITHOUT_BODY
        body, truncation = _body(hop, response, keep) if has_body else (b"", None)
        return replace(hop, body=body, truncation=truncation, duration_s=time.monotonic() - started)


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _head(request: Request, headers: Headers, response: httpcore.Response, address: str) -> Hop:
    if response.status < 200:
        raise httpcore.RemoteProtocolError(f"answered {response.status}")
    target = request.url.raw_path.decode("ascii")
    return Hop(
        url=str(request.url),
        status=response.status,
        reason=response.extensions["reason_phrase"].decode("latin-1"),
        http_version=response.extensions["http_version"].decode("ascii"),
        request_line=f"{request.method} {target} HTTP/1.1",
        request_headers=headers,
        response_headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers
        ),
        address=address,
    )


def _body(hop: Hop, response: httpcore.Response, keep: Keep) -> tuple[bytes, Truncation | None]:
    if _stated_length(hop) == 0:
        return b"", None
    if not (hop.content_type or "text/html").startswith(keep.types):
        return b"", Truncation.TYPE
    if hop.status not in REDIRECTS:
        return _decoded(hop, response, keep.max_bytes)
    try:
        return _decoded(hop, response, min(keep.max_bytes, _REDIRECT_BYTES))
    except (BadEncoding, httpcore.NetworkError, httpcore.ProtocolError):
        return b"", Truncation.DISCONNECT  # Where it leads to is known; that is what it was for.


def _decoded(
    hop: Hop, response: httpcore.Response, max_bytes: int
) -> tuple[bytes, Truncation | None]:
    decoder = decoder_for(
        ",".join(v for n, v in hop.response_headers if n.lower() == "content-encoding")
    )
    # What is compressed is no longer than what it holds, but for data that was made to keep us busy.
    most_raw = max_bytes + 65_536
    if (_stated_length(hop) or 0) > most_raw:
        return b"", Truncation.LENGTH
    body = bytearray()
    raw_count = 0
    for chunk in response.iter_stream():
        raw_count += len(chunk)
        body += decoder.feed(chunk, max_bytes - len(body))
        if len(body) > max_bytes or raw_count > most_raw:
            return b"", Truncation.LENGTH
    decoder.finish()
    return bytes(body), None


def _stated_length(hop: Hop) -> int | None:
    """Return the length of the body on its way, if it is known; h11 has seen to it that it is a number."""
    stated = hop.header("Content-Length")
    return int(stated) if stated and not hop.header("Transfer-Encoding") else None


@contextmanager
def _translated(url: str, backend: GuardedBackend, received: list[Hop]) -> Iterator[None]:
    """Say of the library's errors what they mean to callers."""
    try:
        yield
    except httpcore.LocalProtocolError as error:
        raise FetchRefused(f"{url}: {error}", reason=Reason.BAD_HEADER) from error
    except BadEncoding as error:
        raise _failure(url, str(error), Reason.BAD_ENCODING, received) from error
    except httpcore.TimeoutException as error:
        raise _failure(url, "too slow", Reason.TIMEOUT, received) from error
    except httpcore.ConnectError as error:
        is_tls = isinstance(error.__cause__, ssl.SSLError)
        reason = Reason.TLS if is_tls else Reason.REFUSED_CONNECTION
        raise _failure(url, str(error), reason, received) from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        is_ended = backend.stream is None or backend.stream.is_ended
        is_cut = is_ended or isinstance(error, httpcore.NetworkError)
        reason = Reason.DISCONNECTED if is_cut else Reason.PROTOCOL
        raise _failure(url, str(error), reason, received) from error


def _failure(url: str, message: str, reason: Reason, received: list[Hop]) -> FetchFailed:
    truncation = Truncation.TIME if reason is Reason.TIMEOUT else Truncation.DISCONNECT
    hops = tuple(replace(hop, truncation=truncation) for hop in received)
    return FetchFailed(f"{url}: {message or reason}", reason=reason, hops=hops)
