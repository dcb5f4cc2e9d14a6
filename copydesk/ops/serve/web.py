"""The web workers: granian's master with its workers, all forked from a process that has loaded the application."""

from __future__ import annotations

import os
import sys
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from copydesk.ops.serve.supervisor import GRACE_SECONDS, die_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable

# How long a thread that makes a page may keep the interpreter from those that only send a stored one. Python's own five
# milliseconds are ten times what such an answer takes.
SWITCH_SECONDS = 0.0005
ACCESS_LINE = '%(addr)s "%(method)s %(path)s" %(status)d %(dt_ms).1f ms'


@dataclass(frozen=True)
class Web:
    """Where to listen, and with how many workers."""

    host: str
    port: int
    workers: int
    threads: int
    access_log: bool = False

    @property
    def address(self) -> str:
        """The address as a browser takes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def load_application() -> Callable[..., Any]:
    """Load the WSGI application with all that its first request would load."""
    application: Callable[..., Any] = import_string(settings.WSGI_APPLICATION)
    import_string(f"{settings.ROOT_URLCONF}.urlpatterns")
    return application


def run_web(web: Web) -> None:
    """Answer requests until SIGTERM, then finish those that run."""
    server = Granian(
        settings.WSGI_APPLICATION,
        address=web.host,
        port=web.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=web.workers,
        blocking_threads=web.threads,
        respawn_failed_workers=True,
        # Sooner than the supervisor loses patience with all.
        workers_kill_timeout=int(GRACE_SECONDS - 5),
        # It tells of each start and stop at `info`; the supervisor does so in its own words.
        log_level=LogLevels.warning,
        log_dictconfig=_logging(),
        log_access=web.access_log,
        log_access_format=ACCESS_LINE,
    )
    master = os.getpid()

    def load_in_worker() -> Callable[..., Any]:
        die_with_parent(master)
        connections.close_all()
        sys.setswitchinterval(SWITCH_SECONDS)
        return load_application()

    server.serve(target_loader=load_in_worker, wrap_loader=False)


def _logging() -> dict[str, Any]:
    """Return the site's own logging; granian's loggers then write in the same format."""
    return deepcopy(settings.LOGGING)
