"""A publisher on loopback, whose pages sources are fetched from."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

STORY = (
    "The council met on Tuesday in the old town hall to hear what the engineers had found. The bridge over the river "
    "carries 12,400 vehicles a day, and there is no evidence that it will fail this winter, said Ada Marsh, who led "
    "the survey. Two of its nine piers have moved by less than three millimetres since 1987. The repairs would cost "
    "4.5 million and last until spring."
)


def make_page(text: str = STORY, *, title: str = "What the engineers found", head: str = "") -> str:
    """Return a plain page with a title and one paragraph for each of the text's."""
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body><nav>Home News</nav>"
        f"<article><h1>{title}</h1>{paragraphs}</article><footer>About us</footer></body></html>"
    )


@dataclass
class Answer:
    """What the publisher sends for a path."""

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Publisher:
    """Answers with `pages` by path, 404 for any other; writes down who asked for what."""

    address: str = ""
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    posted: list[tuple[str, str]] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [path for path, _headers in self.asked]

    def url(self, path: str) -> str:
        return f"http://{self.address}{path}"

    def show(self, path: str, text: str = STORY, **more: str) -> str:
        """Publish a page and return its address."""
        self.pages[path] = Answer(make_page(text, **more))
        return self.url(path)


@contextmanager
def publishing() -> Iterator[Publisher]:
    """Let a publisher answer while the block runs."""
    publisher = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            publisher.asked.append((self.path, dict(self.headers.items())))
            answer = publisher.pages.get(self.path, Answer("nothing here", 404))
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response(answer.status)
            headers = {"Content-Type": "text/html; charset=utf-8", **answer.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            publisher.posted.append((self.path, self.rfile.read(length).decode()))
            self.send_response(publisher.pages.get(self.path, Answer(status=404)).status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    publisher.address = f"127.0.0.1:{server.server_port}"
    try:
        yield publisher
    finally:  # A test that fails must not leave a thread that keeps the run from ending.
        server.shutdown()
        thread.join()
        server.server_close()
