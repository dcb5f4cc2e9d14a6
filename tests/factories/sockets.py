"""Servers on loopback that send any bytes, well formed or not."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable, Iterator

    # Gets the path that is asked for, and the connection to answer on.
    Answer = Callable[[str, "socket.socket"], None]

# The first byte of a TLS handshake.
_TLS = b"\x16"


@dataclass
class Peer:
    """A server, and the requests it got: their heads as they came."""

    port: int
    heads: list[bytes] = field(default_factory=list)
    host: str = "127.0.0.1"
    scheme: str = "http"

    def url(self, path: str = "/") -> str:
        return f"{self.scheme}://{self.host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [head.split(b" ")[1].decode() for head in self.heads]


@contextmanager
def answering(answer: Answer, *, tls: ssl.SSLContext | None = None) -> Iterator[Peer]:
    """Let a server listen while the block runs; each connection serves one request."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            connection = self.request
            connection.settimeout(20)
            # The other side may hang up whenever it likes: that is what is tested.
            with contextlib.suppress(OSError):
                if tls is not None:
                    connection = tls.wrap_socket(connection, server_side=True)
                head = _head_of(connection)
                if head.startswith(_TLS):
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                elif head:
                    peer.heads.append(head)
                    answer(head.split(b" ")[1].decode(), connection)
            connection.close()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 20

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    peer = Peer(server.server_address[1], scheme="https" if tls else "http")
    yield peer
    server.shutdown()
    thread.join()
    server.server_close()


def page(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    """Return a whole answer with the right length."""
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        *headers,
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def moved(location: str, status: str = "302 Found") -> bytes:
    """Return a redirect."""
    return f"HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


def _head_of(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and not head.startswith(_TLS):
        piece = connection.recv(65_536)
        if not piece:
            break
        head += piece
    return head
