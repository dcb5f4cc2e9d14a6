"""Making pages before a reader asks for them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# What browsers send; it only decides in which coding the page is looked at here, all are stored.
ACCEPTED = "gzip, br"


@dataclass(frozen=True)
class Refiller:
    """Asks `application`, the one that answers readers, for pages as a reader at the site's own address does."""

    application: Callable[..., Iterable[bytes]]

    def refill(self, paths: Iterable[str]) -> int:
        """Have those pages made that are not in the store or no longer hold; return how many were answered with 200."""
        return sum(self._ask(path) == "200 OK" for path in paths)

    def _ask(self, path: str) -> str:
        said: list[str] = []
        result = self.application(_environ(path), lambda status, *_more: said.append(status))
        try:
            for _part in result:
                pass
        finally:
            if hasattr(result, "close"):
                result.close()
        return said[-1]


def _environ(path: str) -> dict[str, Any]:
    site = urlsplit(settings.COPYDESK_BASE_URL)
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        # WSGI has bytes in the clothes of Latin-1.
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": site.hostname or "localhost",
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": site.netloc,
        "HTTP_ACCEPT_ENCODING": ACCEPTED,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    header: tuple[str, str] | None = settings.SECURE_PROXY_SSL_HEADER
    if header is not None and site.scheme == "https":
        environ[header[0]] = header[1]
    return environ
