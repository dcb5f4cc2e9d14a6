"""Connections that go where they may, and end when they must."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpcore

from copydesk.kit.http.addresses import Address, admits_port, literal
from copydesk.kit.http.errors import FetchFailed, FetchRefused, Reason

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable

# How many of a host's addresses are tried.
_ADDRESSES = 4
# The head of an answer, in bytes as sent, with all that comes before it (100 Continue).
_HEAD_BYTES = 256 * 1024


@dataclass(frozen=True)
class Guard:
    """What holds for every connection of a visit.

    `deadline` is the time of `time.monotonic()` at which all ends, `step_s` the seconds a host may be silent.
    """

    may_connect: Callable[[Address], bool]
    ports: frozenset[int]
    deadline: float
    step_s: float

    def left(self) -> float:
        """Return the seconds that the next step may take.

        Raises httpcore.ReadTimeout when none are left.
        """
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("too slow")
        return min(left, self.step_s)


class GuardedBackend(httpcore.SyncBackend):
    """Connects only to addresses that pass the check, and to the very address that passed.

    `peer` is the address it is connected to, `stream` the connection, once there is one.
    """

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self.peer: Address | None = None
        self.stream: GuardedStream | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the guard says
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = _resolve(host, port, self.guard.left())
        for address in addresses:
            check_address(host, address, self.guard.may_connect)
        if not admits_port(port, addresses, self.guard.may_connect, self.guard.ports):
            raise FetchRefused(
                f"{host}: port {port} is not one web servers use", reason=Reason.BAD_PORT
            )
        tried = addresses[:_ADDRESSES]
        for number, address in enumerate(tried):
            share = self.guard.left() / (len(tried) - number)
            try:
                stream = super().connect_tcp(
                    str(address), port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(tried) - 1:
                    raise
                continue
            self._check_peer(host, stream, address)
            self.stream = GuardedStream(stream, self.guard)
            return self.stream
        raise httpcore.ConnectError(f"{host}: has no address")

    def _check_peer(self, host: str, stream: httpcore.NetworkStream, address: Address) -> None:
        """Believe the socket, not the plan: a router or a library in between may have turned the connection."""
        self.peer = ipaddress.ip_address(stream.get_extra_info("server_addr")[0])
        if self.peer != address:
            stream.close()
            message = f"{host}: {self.peer} answers for {address}"
            raise FetchRefused(message, reason=Reason.PRIVATE_ADDRESS)


def check_address(host: str, address: Address, may_connect: Callable[[Address], bool]) -> None:
    """Raise FetchRefused for an address of `host` that may not be asked."""
    if not may_connect(address):
        message = f"{host}: {address} is not an address of the public Internet"
        raise FetchRefused(message, reason=Reason.PRIVATE_ADDRESS)


class GuardedStream(httpcore.NetworkStream):
    """A connection whose every step ends with the visit, however little at a time the other host sends."""

    def __init__(self, inner: httpcore.NetworkStream, guard: Guard) -> None:
        self.inner = inner
        self.guard = guard
        self.read_count = 0
        self.is_head_read = False
        self.is_ended = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the guard says
        data = self.inner.read(max_bytes, self.guard.left())
        self.read_count += len(data)
        self.is_ended = not data
        if not self.is_head_read and self.read_count > _HEAD_BYTES:
            raise httpcore.RemoteProtocolError("the head of the answer is too long")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the guard says
        for start in range(0, len(buffer), 16_384):
            self.inner.write(buffer[start : start + 16_384], self.guard.left())

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the guard says
    ) -> httpcore.NetworkStream:
        # In place, so that the backend keeps hold of it.
        self.inner = self.inner.start_tls(ssl_context, server_hostname, self.guard.left())
        return self

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


def _resolve(host: str, port: int, timeout_s: float) -> list[Address]:
    """Look a name up, once. The system's look-up knows no time limit, so it is waited for from beside it."""
    written = literal(host)
    if written is not None:
        return [written]
    answers: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            answers.put(error)
        else:
            answers.put([str(entry[4][0]) for entry in found])

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=timeout_s)
    except queue.Empty:
        raise httpcore.ConnectTimeout(f"{host}: the look-up of its name is too slow") from None
    if isinstance(answer, Exception):
        raise FetchFailed(f"{host}: no such host", reason=Reason.NO_SUCH_HOST) from answer
    return list(dict.fromkeys(ipaddress.ip_address(address) for address in answer))
