"""A content delivery network on loopback that writes down what it is told."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass
class Told:
    """A request the network got."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def tags(self) -> list[str]:
        """What a Varnish is told to drop."""
        return self.headers.get("xkey-purge", "").split()


@dataclass
class Network:
    """Answers with `status`, after `before_answer` was called."""

    address: str = ""
    status: int = 200
    told: list[Told] = field(default_factory=list)
    before_answer: Callable[[], object] = lambda: None

    @property
    def tags(self) -> list[list[str]]:
        """What it was told to drop as a Varnish, request by request."""
        return [told.tags for told in self.told]


@contextmanager
def listening() -> Iterator[Network]:
    """Let a network listen while the block runs."""
    network = Network()

    class Handler(BaseHTTPRequestHandler):
        def do_PURGE(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            network.told.append(Told(self.command, self.path, headers, body))
            network.before_answer()
            self.send_response(network.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_POST(self) -> None:
            self.do_PURGE()

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    network.address = f"127.0.0.1:{server.server_port}"
    yield network
    server.shutdown()
    thread.join()
    server.server_close()
