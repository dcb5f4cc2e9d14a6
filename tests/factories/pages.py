"""Nodes: web processes with a page store of their own, asked as a web server asks them."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from copydesk.pagestore.backends.store import Store
from copydesk.pagestore.middleware import Front

if TYPE_CHECKING:
    from pathlib import Path

    from copydesk.members.models import Member

SIZE = 16 * 2**20


@dataclass
class Answer:
    """What a node answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def environ(path: str, method: str = "GET", **given: Any) -> dict[str, Any]:
    """Return a request as a web server hands it on; `given` are keys of WSGI's environment."""
    place, _mark, query = path.partition("?")
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": place,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost:8000",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(given.pop("body", b"")),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    } | given


@dataclass
class Node:
    """A web process. What Django makes is counted, so that a test can tell who answered."""

    folder: Path
    store: Store | None = None
    made: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = self.store or Store(self.folder, size=SIZE)
        self.django = WSGIHandler()
        self.front = Front(self._make, store=self.store)

    def _make(self, request: dict[str, Any], start_response: Any) -> Any:
        self.made.append(request["PATH_INFO"])
        return self.django(request, start_response)

    def get(self, path: str, **given: Any) -> Answer:
        """Ask the node for a path."""
        return self.ask("GET", path, **given)

    def ask(self, method: str, path: str, **given: Any) -> Answer:
        """Ask the node with any method; the body is read as a server would."""
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _info: Any = None) -> None:
            started.append((status, headers))

        result = self.front(environ(path, method, **given), start_response)
        try:
            body = b"".join(result)
        finally:
            if hasattr(result, "close"):
                result.close()
        status, headers = started[-1]
        return Answer(int(status[:3]), {name.title(): value for name, value in headers}, body)

    def is_stored(self, path: str, **given: Any) -> bool:
        """Whether the next reader of a path is answered from the store."""
        before = len(self.made)
        self.get(path, **given)
        return len(self.made) == before


def session_cookie(member: Member) -> str:
    """Return the Cookie header of a browser in which `member` is signed in."""
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return f"sessionid={client.cookies['sessionid'].value}; member=1"
