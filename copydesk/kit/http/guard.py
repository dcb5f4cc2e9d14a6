"""Connections that are checked at the socket, and that end in time."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import httpcore

from copydesk.kit.http.addresses import is_public
from copydesk.kit.http.refusals import FetchRefused

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Collection, Iterable

    from copydesk.kit.http.addresses import Address


class Deadline:
    """A moment by which all has to be done, whatever the other host does meanwhile."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.ends_at = time.monotonic() + seconds

    def left(self, timeout: float | None = None) -> float:
        """Return the seconds that are left, at most `timeout`. Raises httpcore.ReadTimeout when none is."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("took too long")
        return left if timeout is None else min(left, timeout)


class GuardedBackend(httpcore.SyncBackend):
    """Connects only to addresses that pass the check, and to the very address that passed."""

    def __init__(
        self,
        may_connect: Callable[[Address], bool],
        ports: Collection[int],
        deadline: Deadline | None = None,
    ) -> None:
        self.may_connect = may_connect
        self.ports = ports
        self.deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._resolve(host, port)
        refused = [address for address in addresses if not self.may_connect(address)]
        if refused:
            message = f"{host}: {refused[0]} is not an address of the public Internet"
            raise FetchRefused(message, reason="private_address")
        # Whoever allows a network of their own knows what listens there.
        if port not in self.ports and any(is_public(address) for address in addresses):
            message = f"{host}: port {port} is not one web servers use"
            raise FetchRefused(message, reason="bad_port")
        wanted = str(addresses[0])
        if self.deadline is not None:
            timeout = self.deadline.left(timeout)
        stream = super().connect_tcp(wanted, port, timeout, local_address, socket_options)
        self._check_peer(stream, host)
        return stream if self.deadline is None else _TimedStream(stream, self.deadline)

    def _check_peer(self, stream: httpcore.NetworkStream, host: str) -> None:
        """See that we talk to what we meant to, whatever stands between."""
        peer = ipaddress.ip_address(stream.get_extra_info("server_addr")[0].partition("%")[0])
        if not self.may_connect(peer):
            stream.close()
            message = f"{host}: leads to {peer}, not an address of the public Internet"
            raise FetchRefused(message, reason="private_address")

    def _resolve(self, host: str, port: int) -> list[Address]:
        found: list[Any] = []
        looking = threading.Thread(target=_look_up, args=(host, port, found), daemon=True)
        looking.start()
        looking.join(self.deadline.left() if self.deadline else None)
        if not found or isinstance(found[0], OSError):
            raise httpcore.ConnectError(f"{host}: no such host") from (found[0] if found else None)
        return [ipaddress.ip_address(entry[4][0].partition("%")[0]) for entry in found]


def _look_up(host: str, port: int, found: list[Any]) -> None:
    # In a thread, since asking for a name cannot be given a time limit.
    try:
        found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError) as error:
        found.append(error if isinstance(error, OSError) else OSError(str(error)))


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends by the deadline: a server that sends a byte a second gains nothing."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self.stream = stream
        self.deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.deadline.left(timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self.deadline.left(timeout)
        return _TimedStream(
            self.stream.start_tls(ssl_context, server_hostname, left), self.deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)
