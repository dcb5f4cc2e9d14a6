"""Getting a file from another host, and telling one something."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpcore
import httpx

from copydesk.kit.http.addresses import is_public
from copydesk.kit.http.guard import GuardedBackend
from copydesk.kit.http.refusals import FetchFailed, FetchRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from copydesk.kit.http.addresses import Address

AGENT = "Copydesk/0.1 (+https://copydesk.example/bot)"
PORTS = {80, 443, 8000, 8080, 8443}
MAX_REDIRECTS = 5


@dataclass(frozen=True)
class Fetched:
    """What a host sent: the last address, its Content-Type without parameters, and the body."""

    url: str
    content_type: str
    body: bytes


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
    with (
        _asking(url),
        _client(timeout_s, may_connect, follow_redirects=True) as client,
        client.stream("GET", url) as response,
    ):
        return _received(response, max_bytes, content_types, time.monotonic() + 3 * timeout_s)


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
    of success in time (`timeout_s` for each step).
    """
    with (
        _asking(url),
        _client(timeout_s, may_connect, follow_redirects=False) as client,
        client.stream(method, url, headers=headers, content=content) as response,
    ):
        if not response.is_success:
            raise FetchFailed(f"{url}: answered {response.status_code}")


@contextmanager
def _asking(url: str) -> Iterator[None]:
    """Say of the library's errors what they mean to callers."""
    try:
        yield
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise FetchRefused(f"{url}: not an address that can be asked") from error
    except httpx.HTTPError as error:
        raise FetchFailed(f"{url}: {str(error) or type(error).__name__}") from error


def _client(
    timeout_s: float, may_connect: Callable[[Address], bool], *, follow_redirects: bool
) -> httpx.Client:
    transport = httpx.HTTPTransport(trust_env=False)
    transport._pool = httpcore.ConnectionPool(  # noqa: SLF001 - httpx has no public way to give a backend
        ssl_context=httpx.create_ssl_context(),
        network_backend=GuardedBackend(may_connect, PORTS),
        max_connections=1,
    )
    return httpx.Client(
        transport=transport,
        timeout=timeout_s,
        follow_redirects=follow_redirects,
        max_redirects=MAX_REDIRECTS,
        headers={"User-Agent": AGENT},
        event_hooks={"request": [_check_request]},
        trust_env=False,
    )


def _check_request(request: httpx.Request) -> None:
    url = request.url
    if url.scheme not in {"http", "https"}:
        raise FetchRefused(f"{url}: only http and https addresses are fetched")
    if url.userinfo:
        raise FetchRefused(f"{url.host}: an address with a user name is not fetched")


def _received(
    response: httpx.Response, max_bytes: int, content_types: Collection[str], deadline: float
) -> Fetched:
    if response.status_code != httpx.codes.OK:
        raise FetchFailed(f"{response.url}: answered {response.status_code}")
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not content_type.startswith(tuple(content_types)):
        raise FetchRefused(
            f"{response.url}: is {content_type or 'of no stated type'}, not {' or '.join(content_types)}"
        )
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > max_bytes:
            raise FetchRefused(f"{response.url}: is larger than {max_bytes:,} bytes")
        if time.monotonic() > deadline:
            raise FetchFailed(f"{response.url}: too slow")
    return Fetched(str(response.url), content_type, bytes(body))
