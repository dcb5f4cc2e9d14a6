"""The one way out: fetching from other hosts, and telling them something, guarded.

Every connection, those after a redirect too, is checked at the socket: the name is looked up once, each address
must be public, and the connection goes to the address that was checked, so a name that changes its mind between
check and use (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpcore
import httpx

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address

AGENT = "Copydesk/0.1 (+https://copydesk.example/bot)"
PORTS = {80, 443, 8000, 8080, 8443}
MAX_REDIRECTS = 5


class FetchRefused(Exception):
    """The address may not be asked, or what it sent may not be kept; the message says why."""


class FetchFailed(Exception):
    """The other host did not answer as it should; trying again later may help."""


@dataclass(frozen=True)
class Fetched:
    """What a host sent: the last address, its Content-Type without parameters, and the body."""

    url: str
    content_type: str
    body: bytes


def is_public(address: Address) -> bool:
    """Whether an address is one of the public Internet's, by the IANA registries `ipaddress` carries."""
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if mapped is not None and not is_public(mapped):
        return False
    return address.is_global and not address.is_multicast


def is_any(_address: Address) -> bool:
    """Whether an address may be asked: always. Only for a host the operator named, and with `send`.

    A service of the site's own often has a private address. `send` follows no redirect, so nothing but that host is
    reached by it.
    """
    return True


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
        network_backend=_GuardedBackend(may_connect),
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


class _GuardedBackend(httpcore.SyncBackend):
    """Connects only to addresses that pass the check, and to the very address that passed."""

    def __init__(self, may_connect: Callable[[Address], bool]) -> None:
        self.may_connect = may_connect

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = _resolve(host, port)
        refused = [address for address in addresses if not self.may_connect(address)]
        if refused:
            raise FetchRefused(f"{host}: {refused[0]} is not an address of the public Internet")
        if self.may_connect is is_public and port not in PORTS:
            raise FetchRefused(f"{host}: port {port} is not one web servers use")
        return super().connect_tcp(str(addresses[0]), port, timeout, local_address, socket_options)


def _resolve(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore.ConnectError(f"{host}: no such host") from error
    return [ipaddress.ip_address(entry[4][0]) for entry in found]
